"""A source as a row of weighed passages, as much of it as one course can hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.authors.protocol import Passage, Source
from services.rules.reading import count_words, is_unspaced, split_code

WORDS_PER_CODE_LINE = 20  # 10 lines take as long as 200 words
CHARACTERS_PER_WORD = 9.0  # longer words weigh more: a section must also fit its pages
SECTION_WORDS = 900
COURSE_WORDS = 48 * 700  # 12 lessons × 4 sections, with room for where the cuts fall

# What no section may contain outside code (course-quality, check 14): the text's own unfinished places.
_LEFTOVER = re.compile(r"\bTODO\b|\bTBD\b|\bFIXME\b|\blorem ipsum|\[insert|<your|\bas an ai\b", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:table of )?contents|toc|on this page|index|inhalt(?:sverzeichnis)?|sommaire|table des matières|índice"
    r"|contenido|оглавление|содержание|المحتويات|فهرس|目录|目次|차례|목차",
    re.IGNORECASE,
)
_LEADERS = re.compile(r"(?:\.\s?){5,}\s*\d+\s*$")


@dataclass(frozen=True, slots=True)
class Atom:
    """One passage and what cutting needs to know: its `weight` in words, the `path` of headings above it, and the
    `depth` of the highest heading that begins right before it (0 if none does)."""

    passage: Passage
    weight: float
    path: tuple[str, ...]
    depth: int

    @property
    def code(self) -> bool:
        """Whether it is a fenced block of code."""
        return self.passage.text.startswith("```")

    @property
    def item(self) -> bool:
        """Whether it is an item of a list."""
        return is_item(self.passage.text)


@dataclass(frozen=True, slots=True)
class Material:
    """What a course is made of: `atoms` in order, how much of the source's words they are (`share`, 0…1), and how many
    passages were `left_out` because they are no text to learn from (contents, unfinished places)."""

    atoms: tuple[Atom, ...]
    share: float
    left_out: int


def is_item(text: str) -> bool:
    """Whether a passage's text is a list item (``- …`` or ``3. …``)."""
    return bool(re.match(r"(?:-|\d{1,3}\.) \S", text))


def weigh(text: str) -> float:
    """How long a passage is, in words: a line of code counts for 20, long words and wide scripts for more."""
    prose, code_lines = split_code(text)
    return max(count_words(prose) + code_lines * WORDS_PER_CODE_LINE, len(text) / CHARACTERS_PER_WORD)


def rough(text: str) -> float:
    """About what `weigh` says, at once: enough for the part of a text that finds no room."""
    return len(text) / (2.5 if is_unspaced(text[:100]) else 6.0)


def material(source: Source) -> Material:
    """The passages of `source` in order, until the course is full."""
    atoms: list[Atom] = []
    path: list[str] = []
    total = used = 0.0
    left_out = 0
    full = False
    for index, node in enumerate(source.nodes):
        before_headings = index == 0 and node.title == source.title
        path = [] if before_headings else [*path[: node.depth - 1], node.title]
        pending = 0 if before_headings else node.depth
        if index and not source.nodes[index - 1].passages and (not atoms or atoms[-1].path[: len(path)] != tuple(path)):
            pending = min(pending, _highest_since(source, index))
        for passage in node.passages:
            if not _worth(passage):
                left_out += 1
                continue
            weight = rough(passage.text) if full else weigh(passage.text)
            total += weight
            full = full or total > COURSE_WORDS
            if not full:
                used = total
                atoms.append(Atom(passage, weight, tuple(path), pending if atoms else 1))
                pending = 0
    return Material(tuple(atoms), used / total if total else 1.0, left_out)


def _highest_since(source: Source, index: int) -> int:
    """The smallest depth among the headings right before node `index` that have no text of their own."""
    depth = source.nodes[index].depth
    for node in reversed(source.nodes[:index]):
        if node.passages:
            break
        depth = min(depth, node.depth)
    return depth


def _worth(passage: Passage) -> bool:
    if passage.text.startswith("```"):
        return True
    return not (
        _LEFTOVER.search(f"{passage.heading}\n{passage.text}")
        or _LEADERS.search(passage.text)
        or _CONTENTS.fullmatch(passage.heading.strip(" :."))
    )
