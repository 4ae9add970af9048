"""A parsed document, as authors are given it, and what is quoted from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_PAGE = re.compile(r"page (\d{1,6})")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a source document: a stable `id` (``p12``), its `text`, the `heading` it stands under, and where it is
    for people: on a `page`, or where there are no pages (0) its `place`, the headings that lead to it."""

    id: str
    text: str
    heading: str
    place: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote that a section rests on: verbatim from `passage`, with its `page` or else `place`, as `Passage` has it.
    Whoever shows it has the words for a page."""

    passage: str
    quote: str
    place: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class SourceNode:
    """One heading of a source and what stands under it, in order. `depth` 1 is the highest heading; the text before
    the first heading has depth 1 and the source's title. `passages` do not include those of nodes below it."""

    title: str
    depth: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed document: its title, its language (ISO 639-1), and its headings in order."""

    title: str
    language: str
    nodes: tuple[SourceNode, ...]
    words: int


def stands(stored: Mapping[str, Any]) -> tuple[str, int]:
    """The `place` and `page` of a stored passage or quote. Earlier versions stored a page as an English place."""
    place, page = str(stored["place"]), int(stored.get("page", 0))
    if not page and (said := _PAGE.fullmatch(place)):
        return "", int(said[1])
    return place, page
