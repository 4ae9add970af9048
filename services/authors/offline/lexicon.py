"""The terms of a text, found in the text itself, and the sentences they stand in."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from services.authors.offline.atoms import Atom, is_item
from services.authors.offline.definitions import Definition, define
from services.authors.offline.function_words import DETERMINERS, FOLLOWERS, FUNCTION_WORDS
from services.documents.cleaning import sentences
from services.rules.reading import is_unspaced

Kind = Literal["code", "name", "plural", "word"]

# letters, with the vowel signs and accents that some scripts write as characters of their own
WORD = re.compile(r"[^\W\d_][\w'’\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u06d6-\u06ed\u0900-\u0dff-]*")
_CODE = re.compile(r"`([^`\n]{2,30})`")
_RUN = re.compile(r"[\u4e00-\u9fff]{2,6}|[\u30a1-\u30fa\u30fc]{2,10}")  # used for Japanese, where runs are words
_MOST_TERMS = 250


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of prose: its text and the passage it is a verbatim part of."""

    text: str
    passage: str


@dataclass(slots=True)
class Term:
    """A term as the text writes it (small initial unless it is a name), of one grammatical kind, with its places."""

    text: str
    kind: Kind
    weight: float = 0.0
    passages: set[str] = field(default_factory=set)
    sentences: list[Sentence] = field(default_factory=list)


class Lexicon:
    """What questions are made of: every sentence, the terms, and the definitions, of one course's text."""

    def __init__(self, atoms: Sequence[Atom], language: str) -> None:
        self.language = language
        self.by_passage = {atom.passage.id: _sentences(atom) for atom in atoms if not atom.code}
        self.sentences = [sentence for found in self.by_passage.values() for sentence in found]
        self.times = Counter(sentence.text for sentence in self.sentences)
        self.definitions = self._definitions()
        headings = {name.casefold() for atom in atoms for name in atom.path}
        self.terms = self._terms(headings)

    def definitions_in(self, passages: Iterable[str]) -> list[Definition]:
        """Those that stand in `passages`, in order."""
        wanted = set(passages)
        return [one for one in self.definitions if one.passage in wanted]

    def terms_in(self, sentence: str) -> list[Term]:
        """The terms that stand exactly once in a sentence, none of them only a part of a longer one there."""
        found = [term for term in self.terms if len(term.text) < len(sentence) and _count(term.text, sentence) == 1]
        return [
            term for term in found if not any(term is not other and _contains(other.text, term.text) for other in found)
        ]

    def _definitions(self) -> list[Definition]:
        found: dict[str, Definition] = {}
        for sentence in self.sentences:
            for one in define(sentence.text, sentence.passage, self.language):
                found.setdefault(one.term.casefold(), one)
        return list(found.values())

    def _terms(self, headings: set[str]) -> list[Term]:
        counts = self._counted()
        defined = {one.term.casefold() for one in self.definitions}
        total = len(self.by_passage) or 1
        terms: dict[str, Term] = {}
        for (text, kind), places in counts.items():
            spread = len(set(places))
            weight = len(places) * math.log(1 + total / spread)
            weight *= 3.0 if text.casefold() in defined else 1.0
            weight *= 1.5 if any(text.casefold() in heading for heading in headings) else 1.0
            terms[text.casefold()] = Term(text, kind, weight, set(places))
        chosen = sorted(terms.values(), key=lambda term: (-term.weight, term.text))[:_MOST_TERMS]
        for sentence in self.sentences:
            folded = sentence.text.casefold()
            for term in chosen:
                if term.text.casefold() in folded and _count(term.text, sentence.text):
                    term.sentences.append(sentence)
        return [term for term in chosen if term.sentences]

    def _counted(self) -> dict[tuple[str, Kind], list[str]]:
        """Each term with the passages it stands in, once for each time."""
        counts: dict[tuple[str, Kind], list[str]] = defaultdict(list)
        for sentence in self.sentences:
            for match in _CODE.finditer(sentence.text):
                counts[(f"`{match[1]}`", "code")].append(sentence.passage)
        for term, kind, places in _candidates(self.sentences, self.language):
            counts[(term, kind)].extend(places)
        for one in self.definitions:
            name: tuple[str, Kind] = (one.term, kind_of(one.term))
            if name not in counts:
                counts[name].append(one.passage)
        return counts


def kind_of(text: str) -> Kind:
    """The kind of a term by its look."""
    if text.startswith("`"):
        return "code"
    if text[:1].isupper():
        return "name"
    last = text.split()[-1] if text.split() else text
    return "plural" if re.search(r"[a-z]{2}(?<!s)(?<!u)(?<!i)s$", last) else "word"


def _sentences(atom: Atom) -> list[Sentence]:
    text = atom.passage.text
    if is_item(text):
        text = text.partition(" ")[2]
    return [Sentence(one, atom.passage.id) for one in sentences(text)]


def _count(term: str, text: str) -> int:
    """How often `term` stands in `text` as a whole word (in scripts without blanks: at all)."""
    if term.startswith("`") or is_unspaced(term):
        return text.count(term)
    return len(whole(term).findall(text))


def whole(term: str) -> re.Pattern[str]:
    """Finds `term` as whole words; its initial may be a capital, as at the start of a sentence."""
    first = f"[{re.escape(term[0])}{re.escape(term[0].upper())}]"
    return re.compile(rf"(?<![\w`-]){first}{re.escape(term[1:])}(?![\w`-])")


def _contains(longer: str, shorter: str) -> bool:
    return (
        len(longer) > len(shorter) and bool(whole(shorter).search(longer))
        if not is_unspaced(shorter)
        else (shorter in longer and longer != shorter)
    )


def _candidates(found: Sequence[Sentence], language: str) -> Iterable[tuple[str, Kind, list[str]]]:
    if language == "ja":
        return _runs(found)
    if found and is_unspaced("".join(one.text for one in found[:20])):
        return []  # Chinese, Thai: words cannot be told without a dictionary; definitions give the terms
    return _english(found) if language == "en" else _by_spread(found, language)


def _runs(found: Sequence[Sentence]) -> Iterable[tuple[str, Kind, list[str]]]:
    places: dict[str, list[str]] = defaultdict(list)
    for sentence in found:
        for run in _RUN.findall(sentence.text):
            places[run].append(sentence.passage)
    return [(run, "word", where) for run, where in places.items() if len(where) >= 2]


def _english(found: Sequence[Sentence]) -> Iterable[tuple[str, Kind, list[str]]]:
    """Nouns: words that often stand after a determiner or preposition and before what follows a noun; and pairs of
    words that keep together and end in one."""
    nounish: Counter[str] = Counter()
    names: Counter[str] = Counter()
    places: dict[str, list[str]] = defaultdict(list)
    pairs: dict[str, list[str]] = defaultdict(list)
    for sentence in found:
        tokens = re.findall(r"`[^`]+`|[\w'’-]+|[^\w\s]", sentence.text)
        for index, token in enumerate(tokens):
            if not WORD.fullmatch(token) or len(token) < 3:
                continue
            low = token.lower()
            before = tokens[index - 1].lower() if index else ""
            after = tokens[index + 1].lower() if index + 1 < len(tokens) else "."
            if low in FUNCTION_WORDS:
                continue
            places[low].append(sentence.passage)
            names[low] += token[0].isupper() and index > 0 and before not in {".", ":", "“", '"', "("}
            ends = after in FOLLOWERS or not after[:1].isalnum()
            nounish[low] += ends and before in DETERMINERS
            if WORD.fullmatch(before) and before not in FUNCTION_WORDS and ends and len(before) > 2:
                pairs[f"{before} {low}"].append(sentence.passage)
                nounish[low] += index > 1 and tokens[index - 2].lower() in DETERMINERS
    nouns = {
        word: where
        for word, where in places.items()
        if len(where) >= 2 and nounish[word] * 3 >= len(where) and not word.endswith("ly")
    }
    return [*_single(nouns, names), *_paired(pairs, places, nouns, names)]


def _single(nouns: dict[str, list[str]], names: Counter[str]) -> Iterable[tuple[str, Kind, list[str]]]:
    for word, where in nouns.items():
        name = names[word] * 2 > len(where)
        text = word[0].upper() + word[1:] if name else word
        yield text, kind_of(text), where


def _paired(
    pairs: dict[str, list[str]], places: dict[str, list[str]], nouns: dict[str, list[str]], names: Counter[str]
) -> Iterable[tuple[str, Kind, list[str]]]:
    for pair, where in pairs.items():
        first, last = pair.split()
        often = len(where) >= 4 or len(where) * 5 >= max(10, len(places[last]))
        if often and last in nouns and not names[first] and not names[last] and not first.endswith("ly"):
            yield pair, kind_of(pair), where


def _by_spread(found: Sequence[Sentence], language: str) -> Iterable[tuple[str, Kind, list[str]]]:
    """Without a word list: longer words that come again, but not everywhere; in German only nouns."""
    places: dict[str, list[str]] = defaultdict(list)
    shown: dict[str, str] = {}
    least = 4 if language in {"ar", "he", "fa", "ur", "hi", "ko"} else 6
    for sentence in found:
        for index, word in enumerate(WORD.findall(sentence.text)):
            if len(word) < least or (language == "de" and not (index and word[0].isupper())):
                continue
            low = word.lower()
            places[low].append(sentence.passage)
            shown[low] = word if index or low not in shown else shown[low]
    total = len({sentence.passage for sentence in found})
    for low, where in places.items():
        if len(where) >= 2 and len(set(where)) <= max(3, total // 6):
            yield shown[low], "word", where
