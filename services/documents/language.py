"""The language of a text as far as its script tells; a caller that knows better passes a hint."""

from __future__ import annotations

import re
from collections import Counter

_SAMPLE = 20_000
_SCRIPTS: tuple[tuple[str, str, str], ...] = (
    ("ja", "\u3041", "\u30ff"),
    ("ko", "\uac00", "\ud7a3"),
    ("zh", "\u4e00", "\u9fff"),
    ("ru", "\u0400", "\u04ff"),
    ("ar", "\u0600", "\u06ff"),
    ("he", "\u0590", "\u05ff"),
    ("el", "\u0370", "\u03ff"),
    ("hi", "\u0900", "\u097f"),
    ("bn", "\u0980", "\u09ff"),
    ("ta", "\u0b80", "\u0bff"),
    ("th", "\u0e00", "\u0e7f"),
    ("ka", "\u10a0", "\u10ff"),
    ("hy", "\u0530", "\u058f"),
    ("am", "\u1200", "\u137f"),
)
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
_PERSIAN = re.compile("[پچژگکی]")


def language_of(text: str, hint: str | None = None) -> str:
    """ISO 639-1 code: by script where the script says it; for Latin script the `hint`, else ``en``.

    A hint also decides between languages of one script (``uk`` for Cyrillic, ``fa`` for Arabic), never against it.
    """
    counts: Counter[str] = Counter()
    for character in text[:_SAMPLE]:
        if character.isalpha():
            counts[_script(character)] += 1
    if not counts:
        return hint or "en"
    if counts["ja"] * 10 > counts["zh"] and counts["ja"]:
        counts["ja"] += counts.pop("zh", 0)
    best = counts.most_common(1)[0][0]
    return _within_script(best, text[:_SAMPLE], hint)


def _within_script(script: str, text: str, hint: str | None) -> str:
    if script == "latin":
        return (
            hint
            if hint and hint not in {code for code, _, _ in _SCRIPTS} | {"uk", "bg", "sr", "be", "fa", "ur"}
            else "en"
        )
    if script == "ru":
        if hint in {"ru", "uk", "bg", "sr", "be", "mk", "kk"}:
            return hint
        return "uk" if len(_UKRAINIAN.findall(text)) * 50 > len(text) else "ru"
    if script == "ar":
        if hint in {"ar", "fa", "ur", "ps"}:
            return hint
        return "fa" if len(_PERSIAN.findall(text)) * 25 > len(text) else "ar"
    return script


def _script(character: str) -> str:
    if character < "\u0370":
        return "latin"
    for code, first, last in _SCRIPTS:
        if first <= character <= last:
            return code
    return "latin"
