"""Single-choice questions from a text's own words: what a term means, which term is meant, what is missing.

Where no good question can be made there is none: the rules on options (course-quality, 4–8) hold by construction.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.authors.offline.definitions import Definition
from services.authors.offline.function_words import ARTICLES, FUNCTION_WORDS
from services.authors.offline.lexicon import Lexicon, Term, whole
from services.authors.offline.nouns import Sentence
from services.authors.offline.options import OPTION_CHARACTERS, alike, fold, term_for, wrong_terms
from services.authors.offline.phrases import Phrases
from services.authors.offline.titles import shorten
from services.authors.protocol import Option, QuestionDraft
from services.rules.reading import count_words, is_unspaced

MOST = 3
PROMPT_CHARACTERS = 300
EXPLANATION_CHARACTERS = 200
HINT_CHARACTERS = 200
_SENTENCE_CHARACTERS = 210
_HELPERS = {"to", "not", "will", "can", "may", "must", "should", "would", "could", "you", "we", "they", "it", "and"}
# A sentence that begins so leans on the one before it; one that speaks to the reader is an exercise, not a fact.
_LEANING = re.compile(
    r"^(?:this|that|these|those|it|its|they|their|he|his|she|her|but|and|so|or|yet|then|here|there|such|both|either"
    r"|neither|also|again|another|others?|take|call|let|say|if|thus|hence|therefore|however|instead"
    r"|otherwise|now|you|your|we|our|one|some|try it"
    r"|for example|for instance|note|see|question|suppose|imagine|think|remember)\b",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"https?:|www\.|[?\[\]{}<>=|\\…@#]|\.\.\.|this (?:course|chapter|section|text|page|document|book)|\b(?:I|we) ", re.I
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A question and what it is about: no two of a section are about the same term or sentence."""

    draft: QuestionDraft
    term: str
    sentence: str


def ask(
    passages: Sequence[str],
    lesson: Sequence[str],
    lexicon: Lexicon,
    said: Phrases,
    *,
    place: str,
    used: set[str],
    rng: random.Random,
) -> tuple[QuestionDraft, ...]:
    """Up to three questions on the `passages` of a section; wrong answers come from its `lesson` first.

    `used` are the folded keys and prompts of earlier sections: a prompt never comes again, a key only if nothing
    else is left; it grows by those of this one. `place` is the section's title for hints. Keys stand first:
    `place_keys` moves them.
    """
    chosen: list[_Found] = []
    candidates = list(_candidates(passages, lesson, lexicon, said, place, rng))
    for fresh in (True, False):
        for found in candidates:
            if fold(found.draft.prompt) in used:
                continue
            numbers = found.term[0].isdigit() and any(one.term[0].isdigit() for one in chosen)
            if len(chosen) == MOST or (fresh and (numbers or fold(found.term) in used)):
                continue
            if not any(alike(found.term, one.term) or found.sentence == one.sentence for one in chosen):
                chosen.append(found)
    used.update(text for found in chosen for text in (fold(found.term), fold(found.draft.prompt)))
    return tuple(found.draft for found in chosen)


def _candidates(
    passages: Sequence[str], lesson: Sequence[str], lexicon: Lexicon, said: Phrases, place: str, rng: random.Random
) -> Iterator[_Found]:
    """Definitions first, by turns from either side, then gaps, the best sentences first."""
    makers = [_which_term, _which_meaning]
    if rng.random() < 0.5:
        makers.reverse()
    for one in lexicon.definitions_in(passages):
        for maker in makers:
            if found := maker(one, lesson, lexicon, said, place):
                makers.append(makers.pop(0))
                yield found
                break
    gaps = [
        (_worth(sentence, term, lexicon), sentence, term)
        for passage in passages
        for sentence in lexicon.by_passage.get(passage, ())
        if _quotable(sentence, lexicon)
        for term in lexicon.terms_in(sentence.text)
    ]
    gaps.sort(key=lambda gap: (-gap[0], gap[1].text, gap[2].text))
    made = 0
    for worth, sentence, term in gaps:
        if made < MOST * 4 and worth > 0 and (gap := _gap(sentence, term, lesson, lexicon, said, place)):
            made += 1
            yield gap


def _which_term(one: Definition, lesson: Sequence[str], lexicon: Lexicon, said: Phrases, place: str) -> _Found | None:
    key = term_for(one.term, lexicon)
    context = one.meaning if not _tells(one) else ""
    if not context or len(one.term) > OPTION_CHARACTERS:
        return None
    wrong = [
        term
        for term in wrong_terms(key, one.sentence, lexicon, lesson)
        if not _shares(one, key.text) or _shares(one, term.text)
    ]
    if len(wrong) < 2 or max(len(term.text) for term in wrong) < len(key.text):
        return None
    options = [Option(key.text, _explain(said.right, one.sentence))]
    options += [_wrong(term, lexicon, said) for term in wrong]
    return _Found(_draft(said.which.format(meaning=context), options, said, place), key.text, one.sentence)


def _which_meaning(
    one: Definition, lesson: Sequence[str], lexicon: Lexicon, said: Phrases, place: str
) -> _Found | None:
    if len(one.meaning) > OPTION_CHARACTERS or _tells(one) or _shares(one, one.term):
        return None
    others = [
        other
        for other in lexicon.definitions
        if other.verb == one.verb and len(other.meaning) <= OPTION_CHARACTERS and not alike(other.term, one.term)
        and other.sentence != one.sentence and not _shares(one, other.term)
        and fold(one.term) not in fold(other.meaning)
    ]  # fmt: skip
    others.sort(key=lambda other: (other.passage not in lesson, abs(len(other.meaning) - len(one.meaning)), other.term))
    longer = [other for other in others if len(other.meaning) >= len(one.meaning)]
    if len(others) < 3 or not longer:
        return None
    wrong = others[:3] if any(other in longer for other in others[:3]) else [*others[:2], longer[0]]
    options = [Option(one.meaning, _explain(said.right, one.sentence))]
    options += [Option(other.meaning, _explain(said.other, other.sentence, other.term)) for other in wrong]
    told = fold(one.meaning)[:20] in fold(place)
    hint = "" if told else shorten(said.hint_place.format(place=place), HINT_CHARACTERS)
    draft = QuestionDraft(said.meaning.format(term=one.term.strip("`")), tuple(options), 0, hint)
    return _Found(draft, one.term, one.sentence) if _lawful(draft) else None


def _gap(
    sentence: Sentence, term: Term, lesson: Sequence[str], lexicon: Lexicon, said: Phrases, place: str
) -> _Found | None:
    text = sentence.text
    at = text.find(term.text) if term.kind == "code" or is_unspaced(term.text) else _start(term.text, text)
    before = text[:at].split()[-1] if text[:at].split() else ""
    if _acts(term, before, text[at + len(term.text) :]):
        return None
    wrong = wrong_terms(term, text, lexicon, lesson, before)
    if not wrong:
        return None
    prompt = said.missing.format(sentence=text[:at] + said.gap + text[at + len(term.text) :])
    options = [Option(term.text, _explain(said.right, text))]
    options += [_wrong(other, lexicon, said) for other in wrong]
    draft = _draft(prompt, options, said, place)
    return _Found(draft, term.text, text) if _lawful(draft) else None


def _acts(term: Term, before: str, after: str) -> bool:
    """Whether the term is a verb here: after “to” or a helper, or before an article."""
    if term.kind not in {"word", "plural"} or " " in term.text:
        return False
    following = (after.split() or [""])[0].lower()
    return before.lower() in _HELPERS or (after.startswith(" ") and following in ARTICLES)


def _wrong(term: Term, lexicon: Lexicon, said: Phrases) -> Option:
    """A wrong answer, explained by what the text says of it, or by where else it stands."""
    own = next((one for one in lexicon.definitions if fold(one.term) == fold(term.text)), None)
    if own:
        return Option(term.text, _explain(said.other, own.sentence, term.text))
    return Option(term.text, _explain(said.elsewhere, term.sentences[0].text, term.text))


def _start(term: str, text: str) -> int:
    match = whole(term).search(text)
    return match.start() if match else 0


def _draft(prompt: str, options: list[Option], said: Phrases, place: str) -> QuestionDraft:
    """With the key first, and a hint: the fewest letters that tell it from the others, else where to look again."""
    key, *wrong = (fold(option.text) for option in options)
    beginning = next((key[:size] for size in range(1, 4) if not any(one.startswith(key[:size]) for one in wrong)), "")
    if beginning and len(beginning) < len(key) and not key[0].isdigit():
        shown = options[0].text.strip("`")[: len(beginning)]
        return QuestionDraft(prompt, tuple(options), 0, said.hint_letter.format(letter=shown))
    hint = "" if key in fold(place) else shorten(said.hint_place.format(place=place), HINT_CHARACTERS)
    return QuestionDraft(prompt, tuple(options), 0, hint)


def _lawful(draft: QuestionDraft) -> bool:
    texts = [fold(option.text) for option in draft.options]
    return (
        len(draft.prompt) <= PROMPT_CHARACTERS
        and len(set(texts)) == len(texts)
        and all(len(option.text) <= OPTION_CHARACTERS and option.explanation for option in draft.options)
    )


def _tells(one: Definition) -> bool:
    """Whether the meaning has the term itself in it."""
    return fold(one.term) in fold(one.meaning)


def _shares(one: Definition, term: str) -> bool:
    """Whether a word of `term` stands in the meaning, so that it points to the key unless the others share it too."""
    meaning = {word for word in re.findall(r"[\w'’-]+", fold(one.meaning)) if word not in FUNCTION_WORDS}
    return any(word in meaning or word.rstrip("s") in meaning for word in fold(term).split())


def _explain(template: str, sentence: str, term: str = "") -> str:
    """The sentence that an option rests on, in at most 200 characters."""
    frame = len(template.format(sentence="", term=term.strip("`")))
    quote = shorten(sentence, EXPLANATION_CHARACTERS - frame)
    return template.format(sentence=quote, term=term.strip("`"))


def _quotable(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether a sentence stands by itself as a fact: whole, not too long, once in the text, no link, no question."""
    text = sentence.text
    if len(text) > _SENTENCE_CHARACTERS or lexicon.times(text) > 1 or text[-1] not in ".!。！।" or text[0].islower():
        return False
    enough = len(text) >= 12 if is_unspaced(text) else count_words(text) >= 8
    paired = text.count("(") == text.count(")") and text.count('"') % 2 == 0 and text.count("“") == text.count("”")
    figures = len(re.findall(r"\d+", text)) <= 4
    return (
        enough and figures and paired and not _LEANING.match(text) and not _REFUSED.search(re.sub(r"`[^`]*`", "", text))
    )


def _worth(sentence: Sentence, term: Term, lexicon: Lexicon) -> float:
    """How good a gap: a weighty term, pinned down by other terms around it; not one that the text is full of."""
    others = len(lexicon.terms_in(sentence.text)) - 1
    spread = len(term.passages) / (len(lexicon.by_passage) or 1)
    score = min(term.weight, 30.0) / 10 + min(others, 4) * 0.7 - (3.0 if spread > 0.25 else 0.0)
    leading = term.kind != "code" and _start(term.text, sentence.text) < 5
    return score + (0.4 if " " in term.text else 0.0) - (0.5 if leading else 0.0) + 0.2 - len(sentence.text) / 400


def place_keys(drafts: Sequence[QuestionDraft], first: int, seed: int) -> tuple[QuestionDraft, ...]:
    """Move each key to a slot and shuffle the rest. Slots come in blocks of all four, each block in an order of its
    own, by `seed` and the question's number (`first` for the first), so that over a course no slot is favoured."""
    placed = []
    for number, draft in enumerate(drafts, first):
        size = len(draft.options)
        order = list(range(size))
        random.Random(f"{seed}/{size}/{number // size}").shuffle(order)
        slot = order[number % size]
        wrong = [option for index, option in enumerate(draft.options) if index != draft.key]
        random.Random(f"{seed}/{number}").shuffle(wrong)
        options = (*wrong[:slot], draft.options[draft.key], *wrong[slot:])
        placed.append(QuestionDraft(draft.prompt, options, slot, draft.hint, draft.objective))
    return tuple(placed)
