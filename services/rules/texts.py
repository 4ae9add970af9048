"""Rules that texts by hand have in common: how long, how many, no markup but Markdown's. Pure; slow for long texts."""

from __future__ import annotations

from services.errors import Fault
from services.validation import character_faults

_SHOWN = 40  # characters of what was found that are said again


def length_faults(field: str, text: str, limits: tuple[int, int]) -> list[Fault]:
    """A text that is shorter or longer than its `limits` (in characters)."""
    low, high = limits
    if low <= len(text) <= high:
        return []
    return [Fault(field, "too_short" if len(text) < low else "too_long", str(len(text)), f"{low}–{high}")]


def count_faults(field: str, count: int, limits: tuple[int, int]) -> list[Fault]:
    """A list that has fewer or more than its `limits`."""
    low, high = limits
    if low <= count <= high:
        return []
    return [Fault(field, "too_few" if count < low else "too_many", str(count), f"{low}–{high}")]


def markup_faults(field: str, text: str, longest: int) -> list[Fault]:
    """Characters that are refused everywhere, and HTML where Markdown has it: in code it is no fault. What is longer
    than `longest` is refused for that, and not parsed."""
    # Tags are looked for as Markdown has them, and a tab is a character like any other in code.
    faults = [fault for fault in character_faults(field, text.replace("\t", " ")) if fault.rule != "html_tag"]
    tag = _first_markup(text) if len(text) <= longest else None
    if tag is not None:
        faults.append(Fault(field, "html_tag", tag if len(tag) <= _SHOWN else f"{tag[:_SHOWN]}…", "Markdown"))
    return faults


def _first_markup(text: str) -> str | None:
    if "<" not in text:
        return None
    from markdown_it import MarkdownIt

    for token in MarkdownIt("commonmark").parse(text):
        for one in (token, *(token.children or ())):
            if one.type in {"html_block", "html_inline"}:
                return str(one.content).strip()
    return None
