"""The terms of a text, found in the text itself, and the sentences they stand in."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from services.authors.offline.atoms import Atom, is_item
from services.authors.offline.definitions import Definition, define
from services.authors.offline.nouns import Kind, Sentence, candidates, kind_of
from services.documents.cleaning import sentences
from services.rules.reading import is_unspaced

NUMBER = re.compile(r"(?<![\w.,:/–-])\d{1,6}(?:[.,]\d{1,6})?(?![\w:/–-]|[.,]\d)")
_CODE = re.compile(r"`([^`\n]{2,30})`")
_MOST_TERMS = 250
_MOST_NUMBERS = 100
_HEADING_WORD = 5  # a shorter word of a heading is seldom its subject
_PINNED: frozenset[Kind] = frozenset({"code", "number", "name"})


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
        self._times = Counter(_shape(sentence.text) for sentence in self.sentences)
        self.definitions = _definitions(self.sentences, language)
        self._in_sentence: dict[str, list[Term]] = {}
        self.terms = self._terms(" ".join(name.casefold() for atom in atoms for name in atom.path))

    def times(self, sentence: str) -> int:
        """How often a sentence stands in the text, its numbers apart."""
        return self._times[_shape(sentence)]

    def definitions_in(self, passages: Iterable[str]) -> list[Definition]:
        """Those that stand in `passages`, in order."""
        wanted = set(passages)
        return [one for one in self.definitions if one.passage in wanted]

    def terms_in(self, sentence: str) -> list[Term]:
        """The terms that stand exactly once in a sentence, none of them only a part of a longer one there."""
        found = [term for term in self._in_sentence.get(sentence, []) if count(term.text, sentence) == 1]
        return [term for term in found if not any(_contains(other.text, term.text) for other in found)]

    def _terms(self, headings: str) -> list[Term]:
        """The weightiest terms. A word alone must be pinned down: defined, in a heading, a name, or the subject of one
        place; and not be what many longer terms end in (“tide” among spring tide, neap tide): that could stand nearly
        anywhere."""
        counts = self._counted()
        defined = {one.term.casefold() for one in self.definitions}
        heads = Counter(text.split()[-1] for text, _ in counts if " " in text)
        total = len(self.by_passage) or 1
        terms: dict[str, Term] = {}
        for (text, kind), places in counts.items():
            low, spread = text.casefold(), len(set(places))
            in_heading = count(low, headings) > 0
            named = in_heading and len(text) >= _HEADING_WORD
            local = len(places) >= 3 and spread <= 3 and len(text) >= 4  # the subject of one place
            pinned = low in defined or named or local or kind in _PINNED or " " in text or self.language != "en"
            if not pinned or (heads[text] >= 2 and low not in defined) or spread > max(4, total // 4):
                continue
            weight = len(places) * math.log(1 + total / spread) * (3.0 if low in defined else 1.0)
            terms[low] = Term(text, kind, weight * (1.5 if in_heading else 1.0), set(places))
        ranked = sorted(terms.values(), key=lambda term: (-term.weight, term.text))
        numbers = [term for term in ranked if term.kind == "number"][:_MOST_NUMBERS]
        return self._placed([*[term for term in ranked if term.kind != "number"][:_MOST_TERMS], *numbers])

    def _placed(self, terms: list[Term]) -> list[Term]:
        """`terms` with the sentences they stand in; those that stand in none are gone."""
        folded = [(term.text.casefold(), term) for term in terms]
        for sentence in self.sentences:
            low = sentence.text.casefold()
            for text, term in folded:
                if text in low and count(term.text, sentence.text):
                    term.sentences.append(sentence)
                    self._in_sentence.setdefault(sentence.text, []).append(term)
        return [term for term in terms if term.sentences]

    def _counted(self) -> dict[tuple[str, Kind], list[str]]:
        """Each term with the passages it stands in, once for each time."""
        counts: dict[tuple[str, Kind], list[str]] = defaultdict(list)
        for sentence in self.sentences:
            for match in _CODE.finditer(sentence.text):
                counts[(f"`{match[1]}`", "code")].append(sentence.passage)
            for match in NUMBER.finditer(_CODE.sub("", sentence.text)):
                counts[(match[0], "number")].append(sentence.passage)
        for term, kind, places in candidates(self.sentences, self.language):
            counts[(term, kind)].extend(places)
        for one in self.definitions:
            name: tuple[str, Kind] = (one.term, kind_of(one.term))
            if name not in counts:
                counts[name].append(one.passage)
        return counts


def _definitions(found: Sequence[Sentence], language: str) -> list[Definition]:
    """The first definition of each term. A name keeps its capital: what is never written small is one."""
    every: dict[str, Definition] = {}
    text = " ".join(sentence.text for sentence in found)
    for sentence in found:
        for one in define(sentence.text, sentence.passage, language):
            capital = one.term[:1].upper() + one.term[1:]
            inside = re.search(rf"(?<=[\w,;] ){re.escape(capital)}\b", text)
            small = re.search(rf"\b{re.escape(one.term)}\b", text)
            named = replace(one, term=capital) if inside and not small else one
            every.setdefault(one.term.casefold(), named)
    return list(every.values())


def _shape(sentence: str) -> str:
    return re.sub(r"\d+", "0", sentence)


def _sentences(atom: Atom) -> list[Sentence]:
    text = atom.passage.text
    if is_item(text):
        text = text.partition(" ")[2]
    return [Sentence(one, atom.passage.id) for one in sentences(text)]


def count(term: str, text: str) -> int:
    """How often `term` stands in `text` as a whole word (in scripts without blanks: at all)."""
    if term.startswith("`") or is_unspaced(term):
        return text.count(term)
    return len(whole(term).findall(text))


@lru_cache(maxsize=4096)
def whole(term: str) -> re.Pattern[str]:
    """Finds `term` as whole words; its initial may be a capital where a sentence begins."""
    capital = rf"|^{re.escape(term[0].upper() + term[1:])}" if term[0].islower() else ""
    return re.compile(
        rf"(?<![\w`.,:/-])(?:{re.escape(term)}{capital})(?![\w`/-]|[.,:]\d)|(?<=[(“\"]){re.escape(term)}(?![\w`-])"
    )


def _contains(longer: str, shorter: str) -> bool:
    return (
        len(longer) > len(shorter) and bool(whole(shorter).search(longer))
        if not is_unspaced(shorter)
        else (shorter in longer and longer != shorter)
    )
