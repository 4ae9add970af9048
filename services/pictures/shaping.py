"""Right-to-left text for a renderer that draws glyphs one after another from the left.

Pillow joins Arabic letters and orders mixed lines by itself where the FriBiDi library is installed. Where it is not,
this does the part of that work that titles need: contextual forms, lam-alef, and the order of runs after the Unicode
bidirectional algorithm, without explicit embeddings. Vowel points are left out, since they could not be placed.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import groupby

_MIRRORED = dict(zip("()[]{}<>«»‹›", ")(][}{><»«›‹", strict=True))
_LAM = "\u0644"
_ALEFS = frozenset("\u0622\u0623\u0625\u0627")
_TATWEEL = "\u0640"
_NON_JOINER = "\u200c"
Forms = dict[str, dict[str, str]]


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in ("R", "AL"):
            return True
        if kind == "L":
            return False
    return False


def visual(line: str, *, rtl: bool) -> str:
    """`line` with its letters joined and in the order in which they stand from left to right; `rtl` is the direction
    of the paragraph that the line belongs to."""
    signs = _join([sign for sign in line if not _is_point(sign)])
    levels = _levels(signs, rtl=rtl)
    top = max(levels, default=0)
    for level in range(top, 0, -1):
        signs, levels = _reverse(signs, levels, level)
    return "".join(signs).replace(_NON_JOINER, "")


def _is_point(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn" and "\u0590" <= sign <= "\u06ff"


@lru_cache(maxsize=1)
def _forms() -> Forms:
    """Letter (or lam with alef) → kind of form → the code point of that form, read from Unicode's own tables."""
    forms: Forms = {}
    for code in (*range(0xFB50, 0xFDFC), *range(0xFE70, 0xFEFD)):
        kind, _, letters = unicodedata.decomposition(chr(code)).partition(" ")
        letter = "".join(chr(int(part, 16)) for part in letters.split())
        if kind.startswith("<") and (len(letter) == 1 or (letter[0] == _LAM and letter[1:] in _ALEFS)):
            forms.setdefault(letter, {}).setdefault(kind.strip("<>"), chr(code))
    return forms


def _joins_on(letter: str) -> bool:
    return letter == _TATWEEL or "initial" in _forms().get(letter, {})


def _joins_back(letter: str) -> bool:
    return letter == _TATWEEL or "final" in _forms().get(letter, {})


def _join(signs: list[str]) -> list[str]:
    """Every Arabic letter in the form that its neighbours ask for."""
    forms = _forms()
    units: list[str] = []
    for sign in signs:
        pair = units[-1] + sign if units else ""
        if len(pair) == 2 and pair in forms:
            units[-1] = pair
        else:
            units.append(sign)
    joined = []
    for at, unit in enumerate(units):
        before = at > 0 and len(units[at - 1]) == 1 and _joins_on(units[at - 1]) and _joins_back(unit)
        after = at + 1 < len(units) and _joins_on(unit) and _joins_back(units[at + 1][0])
        kind = ("medial" if after else "final") if before else ("initial" if after else "isolated")
        joined.append(forms.get(unit, {}).get(kind, unit))
    return joined


def _levels(signs: list[str], *, rtl: bool) -> list[int]:
    """The embedding level of every sign: even runs to the right, odd to the left."""
    base = "R" if rtl else "L"
    kinds = _tied_numbers(_numbers([_direction(sign) for sign in signs]), base)
    level = {"R": 1, "L": 2 if rtl else 0, "N": 2}
    return [level[kind] for kind in _resolve(_brackets(signs, kinds, base), base)]


def _direction(sign: str) -> str:
    """R or L, N for digits, S for what may stand inside a number, T for what may stand beside one, else ``?``."""
    kinds = {"R": "R", "AL": "R", "L": "L", "EN": "N", "AN": "N", "CS": "S", "ES": "S", "ET": "T"}
    return kinds.get(unicodedata.bidirectional(sign[0]), "?")


def _numbers(kinds: list[str]) -> list[str]:
    """Numbers made whole: 3.5 and 40 % are one run each."""
    padded = ["?", *kinds, "?"]
    for at in range(1, len(padded) - 1):
        around = (padded[at - 1], padded[at + 1])
        if (padded[at] == "S" and around == ("N", "N")) or (padded[at] == "T" and "N" in around):
            padded[at] = "N"
    return ["?" if kind in "ST" else kind for kind in padded[1:-1]]


def _tied_numbers(kinds: list[str], base: str) -> list[str]:
    """A number that follows Latin letters runs with them (rule W7)."""
    strong = base
    tied = []
    for kind in kinds:
        tied.append("L" if kind == "N" and strong == "L" else kind)
        strong = kind if kind in "LR" else strong
    return tied


def _brackets(signs: list[str], kinds: list[str], base: str) -> list[str]:
    """Both brackets of a pair get one direction: the paragraph's, unless all between them and the last letters before
    them run the other way (rule N0)."""
    kinds = list(kinds)
    for start, end in sorted(_pairs(signs)):
        inside = {"L" if kind == "L" else "R" for kind in kinds[start + 1 : end] if kind != "?"}
        before = next(("L" if kind == "L" else "R" for kind in reversed(kinds[:start]) if kind != "?"), base)
        if inside:
            kinds[start] = kinds[end] = base if base in inside else before
    return kinds


def _pairs(signs: list[str]) -> list[tuple[int, int]]:
    """Where matching brackets open and close."""
    pairs, waiting = [], []
    for at, sign in enumerate(signs):
        if sign in "([{":
            waiting.append(at)
        elif sign in ")]}" and waiting and _MIRRORED[sign] == signs[waiting[-1]]:
            pairs.append((waiting.pop(), at))
    return pairs


def _resolve(kinds: list[str], base: str) -> list[str]:
    """Directions for the signs that have none: that of both neighbours if they agree, else that of the paragraph."""
    resolved: list[str] = []
    for kind, group in groupby(kinds):
        count = len(list(group))
        end = len(resolved) + count
        before = "L" if (resolved[-1] if resolved else base) == "L" else "R"
        after = "L" if (kinds[end] if end < len(kinds) else base) == "L" else "R"
        resolved += [kind if kind != "?" else before if before == after else base] * count
    return resolved


def _reverse(signs: list[str], levels: list[int], level: int) -> tuple[list[str], list[int]]:
    """Turn round every run of signs at `level` or above."""
    turned: list[tuple[str, int]] = []
    for inside, group in groupby(zip(signs, levels, strict=True), key=lambda pair: pair[1] >= level):
        run = list(group)
        if inside:
            run = [(_MIRRORED.get(sign, sign) if at == level and at % 2 else sign, at) for sign, at in reversed(run)]
        turned += run
    return [sign for sign, _ in turned], [at for _, at in turned]
