"""Choosing wrong answers from the text's own terms: as plausible as can be, but never as right as the key."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from services.authors.offline.lexicon import Lexicon, Term
from services.authors.offline.nouns import kind_of

OPTION_CHARACTERS = 100
_WRONG = 3
_LEAST_WRONG = 2
_VOWELS = frozenset("aeiou")


def fold(text: str) -> str:
    """What two options are compared by."""
    return unicodedata.normalize("NFKC", text).casefold().strip(" `.")


def alike(one: str, other: str) -> bool:
    """Whether two terms are too near to each other to be two options: forms of one word, or one inside the other."""
    left, right = fold(one).split(), fold(other).split()
    if [c for c in fold(one) if c.isalnum()] == [c for c in fold(other) if c.isalnum()]:
        return True
    if set(left) <= set(right) or set(right) <= set(left):
        return True
    pairs = [(a, b) for a, b in zip(left, right, strict=False) if a != b] if len(left) == len(right) else []
    return len(pairs) == 1 and _same_stem(*pairs[0])


def _same_stem(one: str, other: str) -> bool:
    """Forms of one word: the same beginning, or one begins the other (``loaf``, ``loaves``; ``tide``, ``tides``)."""
    short, long = sorted((one, other), key=len)
    if not short.isalpha() or not long.isalpha():
        return short == long
    common = next((index for index, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return common >= 3 and common >= len(short) - 2 and len(long) - common <= 3


def wrong_terms(key: Term, context: str, lexicon: Lexicon, near: Sequence[str], before: str = "") -> list[Term]:
    """Up to three other terms that could stand where `key` does: of its kind, not in `context` nor in its passage.

    `near` are the passages of the lesson, whose terms come first; `before` is the word before the gap (``a``
    and ``an`` give an answer away). Empty if there are fewer than two, or if the key would be the longest.
    """
    avoided = fold(context)
    chosen: list[Term] = []
    for term in sorted(lexicon.terms, key=lambda term: (-_nearness(term, key, near), term.text)):
        fits = term.kind == key.kind and _shaped(term.text, key.text) and _article_fits(term.text, key.text, before)
        elsewhere = not (
            fits and (fold(term.text) in avoided or any(alike(term.text, one.text) for one in [key, *chosen]))
        )
        if fits and elsewhere and not term.passages & _home(key, context):
            chosen.append(term)
            if len(chosen) >= _WRONG and _hides([one.text for one in chosen], key.text):
                return _keep(chosen, key)
            if len(chosen) > _WRONG * 4:
                break
    return chosen if _LEAST_WRONG <= len(chosen) <= _WRONG and _hides([one.text for one in chosen], key.text) else []


def _keep(chosen: list[Term], key: Term) -> list[Term]:
    """The first two, and the last one: the one that is at least as long as the key may have come late."""
    if _hides([one.text for one in chosen[:_WRONG]], key.text):
        return chosen[:_WRONG]
    return [*chosen[: _WRONG - 1], chosen[-1]]


def _home(key: Term, context: str) -> set[str]:
    return {sentence.passage for sentence in key.sentences if sentence.text == context}


def _hides(wrong: Iterable[str], key: str) -> bool:
    """Whether the key's length does not give it away."""
    return max((len(one) for one in wrong), default=0) >= len(key)


def _shaped(text: str, key: str) -> bool:
    """Numbers must be of one make and not worlds apart; every other term is shaped well enough."""
    if not (text[0].isdigit() and key[0].isdigit()):
        return True
    one, other = (float(number.replace(",", "")) for number in (text, key))
    alike_made = ("." in text) == ("." in key) and (1500 <= one <= 2100) == (1500 <= other <= 2100)
    return alike_made and 0 < one <= other * 12 and other <= one * 12


def _article_fits(text: str, key: str, before: str) -> bool:
    if before.lower() not in {"a", "an"}:
        return True
    return (fold(text)[:1] in _VOWELS) == (fold(key)[:1] in _VOWELS)


def _nearness(term: Term, key: Term, near: Sequence[str]) -> float:
    """How plausible: the same head or length or ending, from the same lesson, weighty."""
    words, key_words = term.text.split(), key.text.split()
    score = 3.0 if len(key_words) > 1 and words[-1] == key_words[-1] else 0.0
    score += 1.5 if len(words) == len(key_words) else 0.0
    score += 1.0 if term.text[-2:] == key.text[-2:] else 0.0
    score += 1.0 if term.passages & set(near) else 0.0
    score += min(1.0, term.weight / (key.weight or 1.0)) * 1.5
    return score - abs(len(term.text) - len(key.text)) / 8


def term_for(text: str, lexicon: Lexicon) -> Term:
    """The term called `text`, or a bare one of that name."""
    return next((term for term in lexicon.terms if fold(term.text) == fold(text)), Term(text, kind_of(text)))
