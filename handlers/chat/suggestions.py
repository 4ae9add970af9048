"""What the bot proposes when something typed does not fit a limit: built from what it knows already. Pure.

Each function gives None where it has nothing good to offer; what it gives is valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.texts import plain
from services.validation import (
    DESCRIPTION,
    MINUTES,
    OBJECTIVES,
    TITLE,
    clean_text,
    description_faults,
    objective_faults,
    title_faults,
)


def longer_title(typed: str, title: str, level: str, language: str) -> str | None:
    """A title around a typed one that is too short, after the proposed `title` or else the `level`."""
    for candidate in _titles(typed, title, level, language):
        if not title_faults(candidate):
            return candidate
    return None


def _titles(typed: str, title: str, level: str, language: str) -> Iterator[str]:
    _, colon, subtitle = title.partition(":")
    if colon:
        yield clean_text(f"{typed}: {subtitle}")
    yield plain(language, f"suggest.title.{level}", title=typed)
    yield plain(language, "suggest.title", title=typed)


def shorter(typed: str, limit: int) -> str:
    """The beginning of `typed` that fits `limit` characters: whole sentences if they are most of it, else whole
    words."""
    cut = typed[:limit]
    sentence = max(cut.rfind(mark) for mark in (". ", "? ", "! ", "。", "؟ "))
    if sentence >= limit // 2:
        return cut[: sentence + 1].strip()
    words = cut[: limit - 1].rpartition(" ")[0] or cut[: limit - 1]
    return words.rstrip(" ,;:–—-") + "…"


def fitting_title(typed: str, title: str, level: str, language: str) -> str | None:
    """A valid title near a typed one that is too short or too long."""
    if len(typed) > TITLE[1]:
        cut = shorter(typed, TITLE[1])
        return None if title_faults(cut) else cut
    return longer_title(typed, title, level, language)


def fitting_description(typed: str, description: str, objectives: Sequence[str], language: str) -> str | None:
    """A valid description near a typed one that is too short (goes on with what was proposed) or too long."""
    if len(typed) > DESCRIPTION[1]:
        candidates = [shorter(typed, DESCRIPTION[1])]
    else:
        sentence = typed if typed[-1:] in ".?!…。؟" else typed + "."
        able = [clean_text(plain(language, "suggest.description", goal=_inside(goal))) for goal in objectives[:1]]
        candidates = [f"{sentence} {more}" for more in [*able, description]]
    return next((text for text in candidates if not description_faults(text)), None)


def _inside(goal: str) -> str:
    """An objective as the end of a sentence: its first letter small, unless its first word is written in capitals."""
    return goal if goal[1:2].isupper() else goal[:1].lower() + goal[1:].rstrip(".")


def fitting_objectives(typed: Sequence[str], proposed: Sequence[str]) -> tuple[str, ...] | None:
    """Valid objectives: those typed that are fine, and of the proposed ones as many as are missing; at most ten."""
    good = [goal for goal in typed if not objective_faults(goal)]
    spare = [goal for goal in proposed if goal not in good]
    filled = (good + spare[: max(0, OBJECTIVES[0] - len(good))])[: OBJECTIVES[1]]
    return tuple(filled) if good and len(filled) >= OBJECTIVES[0] else None


def nearest_minutes(minutes: int) -> int:
    """The nearest duration that a course may have."""
    return min(max(minutes, MINUTES[0]), MINUTES[1])
