"""A parsed document, as authors are given it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a source document: a stable `id` (``p12``), its `text`, the `heading` it stands under, and its
    `place` for people (``page 3``, or the heading path)."""

    id: str
    text: str
    heading: str
    place: str


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
