"""Checks 4, 5, 6 and 8: the options of a question. Nothing here says which option is right, not even to the owner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from services.authors.protocol import QuestionDraft
from services.quality.finding import Finding
from services.rules.reading import WORD, count_words, is_unspaced
from services.rules.wording import folded

OPTIONS = (3, 5)
LONGEST_PROMPT = 300
LONGEST_OPTION = 100
LONGEST_EXPLANATION = 200
MOST_LINE_FEEDS = 2
TELLING_WORDS = 4
TELLING_RATIO = 0.75
ALIKE = 90  # of 100
LONGEST_KEY_SHARE = 0.4
ENOUGH_QUESTIONS = 10  # shares of fewer say nothing

_SUMMING = re.compile(
    r"\b(?:all|none|both|any|neither) of the (?:above|others?|options|answers)\b|\b(?:all|none) of these\b"
    r"|\b(?:alle|keine|nichts|beides)\b.{0,12}\b(?:genannten?|obigen?|davon|aussagen|antworten)\b"
    r"|\b(?:toutes|aucune) (?:ces|de ces|les|des) (?:réponses|propositions|options)\b"
    r"|\b(?:todas|ninguna|todos|ninguno) (?:de )?(?:las |los )?(?:anteriores|opciones|respuestas|mencionad[ao]s)"
    r"|\b(?:todas|nenhuma) (?:das |as )?(?:anteriores|alternativas|opções)"
    r"|\b(?:tutte|nessuna) (?:le|delle) (?:precedenti|risposte)"
    r"|все (?:вышеперечисленн|вышеуказанн|перечисленн|варианты|ответы)\w*|ничего из (?:вышеперечисленн|перечисленн)\w*"
    r"|ни один из (?:вариантов|ответов|перечисленн\w*)|усі (?:перелічен|варіанти|відповіді)\w*"
    r"|(?:جميع|كل) ما (?:سبق|ذكر)|لا شيء مما (?:سبق|ذكر)|(?:جميع|كل) (?:الإجابات|الخيارات)"
    r"|उपरोक्त (?:सभी|में से कोई)|इनमें से (?:कोई|सभी)"
    r"|以上(?:都|皆|全|均|所有)|以上.{0,2}(?:不是|不对|不正确)|以下都"
    r"|上記(?:の)?(?:すべて|全て|いずれ)|모두 정답|위의 모든",
    re.IGNORECASE,
)
_EXEMPT = re.compile(r"\d|`")


def length_tells(question: QuestionDraft, path: str) -> Iterator[Finding]:
    """4: a right option of four words or more whose longest rival is shorter than three quarters of it."""
    if not 0 <= question.key < len(question.options) or len(question.options) < 2:
        return
    key = question.options[question.key].text
    longest = max(len(option.text) for at, option in enumerate(question.options) if at != question.key)
    if count_words(key) >= TELLING_WORDS and longest < TELLING_RATIO * len(key):
        yield Finding(f"{path}.options", "length_tells", "options of very unequal length", "options of like length")


def longest_keys(questions: Sequence[QuestionDraft]) -> Iterator[Finding]:
    """4, over a course: the right option is the longest of all in more than 40 % of at least ten questions."""
    sound = [one for one in questions if 0 <= one.key < len(one.options)]
    longest = sum(
        all(len(one.options[one.key].text) > len(option.text) for at, option in enumerate(one.options) if at != one.key)
        for one in sound
    )
    if len(sound) >= ENOUGH_QUESTIONS and longest > LONGEST_KEY_SHARE * len(sound):
        share = f"the right option is the longest in {round(100 * longest / len(sound))} % of {len(sound)} questions"
        yield Finding("questions", "length_tells", share, f"at most {LONGEST_KEY_SHARE:.0%}".replace("%", " %"))


def distinct(question: QuestionDraft, path: str) -> Iterator[Finding]:
    """5: two options that read the same (error), or nearly (warning; numbers and code are told apart by a sign)."""
    texts = [folded(option.text) for option in question.options]
    for (first, one), (second, other) in combinations(enumerate(texts), 2):
        at = f"{path}.options.{second}.text"
        if one == other:
            yield Finding(at, "distinct_options", f"the same as option {first + 1}", "options that differ")
        elif not (_EXEMPT.search(one) or _EXEMPT.search(other)) and likeness(one, other) >= ALIKE:
            found = f"nearly the same words as option {first + 1}"
            yield Finding(at, "distinct_options", found, "options that differ", "warning")


def likeness(one: str, other: str) -> float:
    """How far two texts are made of the same words, 0–100, whatever their order; by pairs of characters in scripts
    without blanks between words."""
    left, right = _tokens(one), _tokens(other)
    return 200 * len(left & right) / (len(left) + len(right)) if left and right else 0.0


def _tokens(text: str) -> frozenset[str]:
    if is_unspaced(text):
        return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset(text)
    return frozenset(WORD.findall(text))


def one_key(question: QuestionDraft, path: str) -> Iterator[Finding]:
    """6: three to five options, one of which is the key; none of them speaks of the others."""
    lowest, highest = OPTIONS
    count = len(question.options)
    if not lowest <= count <= highest:
        yield Finding(f"{path}.options", "one_key", f"{count} options", f"{lowest} to {highest} options")
    if not 0 <= question.key < count:
        yield Finding(f"{path}.key", "one_key", "a key that is no option", "the index of one option")
    for at, option in enumerate(question.options):
        if speaks_of_others(option.text):
            here = f"{path}.options.{at}.text"
            yield Finding(here, "one_key", "an option that speaks of the others", "an answer that stands by itself")


def speaks_of_others(option: str) -> bool:
    """Whether an option is “all of the above” or the like, in the languages that we know it in."""
    return _SUMMING.search(option) is not None


def explanations(question: QuestionDraft, path: str) -> Iterator[Finding]:
    """8: an explanation for each option which is not the option again; and lengths that fit a quiz poll, so that a
    question can come again as a review."""
    yield from _measured(f"{path}.prompt", question.prompt, LONGEST_PROMPT)
    for at, option in enumerate(question.options):
        here = f"{path}.options.{at}"
        yield from _measured(f"{here}.text", option.text, LONGEST_OPTION)
        yield from _measured(f"{here}.explanation", option.explanation, LONGEST_EXPLANATION)
        if option.explanation.count("\n") > MOST_LINE_FEEDS:
            found = f"{option.explanation.count(chr(10))} line breaks"
            yield Finding(f"{here}.explanation", "explanations", found, f"at most {MOST_LINE_FEEDS}")
        if option.explanation.strip() and folded(option.explanation).strip(" .。") == folded(option.text).strip(" .。"):
            yield Finding(f"{here}.explanation", "explanations", "the option again", "why it is right or not")


def _measured(path: str, text: str, most: int) -> Iterator[Finding]:
    if not text.strip():
        yield Finding(path, "explanations", "nothing", f"1 to {most} characters")
    elif len(text) > most:
        yield Finding(path, "explanations", f"{len(text)} characters", f"at most {most}")
