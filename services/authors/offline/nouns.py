"""Finding what may be a term: nouns in English by what stands around them, elsewhere words by how they are spread."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from services.authors.offline.function_words import ARTICLES, DETERMINERS, FOLLOWERS, FUNCTION_WORDS
from services.rules.reading import is_unspaced

Kind = Literal["code", "number", "name", "plural", "word"]

# letters, with the vowel signs and accents that some scripts write as characters of their own
WORD = re.compile(r"[^\W\d_][\w'’\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u0670\u06d6-\u06ed\u0900-\u0dff-]*")
_RUN = re.compile(r"[\u4e00-\u9fff]{2,6}|[\u30a1-\u30fa\u30fc]{2,10}")  # used for Japanese, where runs are words


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of prose: its text and the passage it is a verbatim part of."""

    text: str
    passage: str


def kind_of(text: str) -> Kind:
    """The kind of a term by its look."""
    if text[:1].isdigit():
        return "number"
    if text.startswith("`"):
        return "code"
    if text[:1].isupper():
        return "name"
    last = text.split()[-1] if text.split() else text
    return "plural" if re.search(r"[a-z]{2}(?<!s)(?<!u)(?<!i)s$", last) else "word"


def candidates(found: Sequence[Sentence], language: str) -> Iterable[tuple[str, Kind, list[str]]]:
    """Possible terms of a text, each with the passages it stands in, once for each time."""
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
    certain: set[str] = set()
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
            if ends and before in ARTICLES:
                certain.add(low)
            if WORD.fullmatch(before) and before not in FUNCTION_WORDS and ends and len(before) > 2:
                pairs[f"{before} {low}"].append(sentence.passage)
                nounish[low] += index > 1 and tokens[index - 2].lower() in DETERMINERS
    nouns = {
        word: where
        for word, where in places.items()
        if len(where) >= 2 and nounish[word] * 3 >= len(where) and word in certain and not word.endswith("ly")
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
