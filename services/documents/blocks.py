"""What every parser yields: headings and texts in order; and how they become a `Source`."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from services.authors.protocol import Passage, Source, SourceNode
from services.documents.cleaning import clean_lines, cut, has_letters, one_line
from services.documents.language import language_of
from services.documents.limits import (
    CHARACTERS,
    CODE_CHARACTERS,
    CODE_LINES,
    HEADING_CHARACTERS,
    PASSAGE_CHARACTERS,
    PASSAGES,
    PLACE_CHARACTERS,
)
from services.errors import DocumentRefused
from services.rules.reading import count_words

_LABEL = re.compile(r"[\w+#.\-]{1,20}")
_PARSED_LABELS = {"python": "python", "py": "python", "python3": "python", "json": "json"}


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (of `depth` 1–9), a paragraph (``text``), a list item (``item``, `mark` is ``-`` or ``3.``) or a
    piece of ``code`` (`mark` is its language). `page` is where it stands, 0 in a document without pages."""

    kind: Literal["heading", "text", "item", "code"]
    text: str
    depth: int = 0
    mark: str = ""
    page: int = 0


def to_source(blocks: Iterable[Block], *, title: str, stem: str, hint: str | None) -> Source:
    """Number the passages, put them under their headings and find the title.

    `title` is what the document says of itself, if anything; else its only highest heading, its first heading, or
    `stem` (of the file's name). Raises `DocumentRefused`: ``empty`` (no text), ``too_long``.
    """
    cleaned = list(islice((clean for block in blocks if (clean := _cleaned(block))), PASSAGES + 1))
    if not any(has_letters(block.text) for block in cleaned if block.kind != "heading"):
        raise DocumentRefused("empty")
    if len(cleaned) > PASSAGES or sum(len(block.text) for block in cleaned) > CHARACTERS:
        raise DocumentRefused("too_long", str(CHARACTERS))
    name, rest = _titled(cleaned, one_line(title), one_line(stem))
    nodes = _nodes(name, rest)
    passages = [passage for node in nodes for passage in node.passages]
    prose = "\n".join(passage.text for passage in passages[:400] if not passage.text.startswith("```"))
    words = sum(count_words(passage.text) for passage in passages)
    return Source(title=name, language=language_of(prose or name, hint), nodes=tuple(nodes), words=round(words))


def _cleaned(block: Block) -> Block | None:
    if block.kind == "code":
        lines = clean_lines(block.text).expandtabs(4).rstrip().splitlines()
        while lines and not lines[0].strip():
            del lines[0]
        return replace(block, text="\n".join(line.rstrip() for line in lines)) if lines else None
    text = one_line(block.text)
    if block.kind == "heading":
        text = text.strip("¶ ")
        if len(text) > HEADING_CHARACTERS:
            return replace(block, kind="text", text=text)
    return replace(block, text=text) if has_letters(text) else None


def _titled(blocks: Sequence[Block], title: str, stem: str) -> tuple[str, Sequence[Block]]:
    headings = [(index, block) for index, block in enumerate(blocks) if block.kind == "heading"]
    if headings:
        top = min(block.depth for _, block in headings)
        highest = [(index, block) for index, block in headings if block.depth == top]
        index, block = highest[0]
        if len(highest) == 1 and (index, block) == headings[0] and (len(headings) > 1 or index == 0):
            return title or block.text, [*blocks[:index], *blocks[index + 1 :]]
        if not title and headings[0][0] == 0:
            return headings[0][1].text, blocks
    return title or stem or " ".join(blocks[0].text.split()[:8])[:80], blocks


def _nodes(title: str, blocks: Sequence[Block]) -> list[SourceNode]:
    ranks = {depth: rank for rank, depth in enumerate(sorted({b.depth for b in blocks if b.kind == "heading"}), 1)}
    nodes: list[SourceNode] = []
    path: list[str] = []
    heading, depth, passages, number = title, 1, list[Passage](), 0
    for block in blocks:
        if block.kind == "heading":
            if passages or path:
                nodes.append(SourceNode(heading, depth, tuple(passages)))
            heading, depth, passages = block.text, ranks[block.depth], []
            path = [*path[: depth - 1], heading]
            continue
        place = "" if block.page else _clipped(" › ".join(path)) or title
        for text in _pieces(block):
            number += 1
            passages.append(Passage(f"p{number}", text, heading, place, block.page))
    nodes.append(SourceNode(heading, depth, tuple(passages)))
    return nodes


def _clipped(place: str) -> str:
    return place if len(place) <= PLACE_CHARACTERS else place[: PLACE_CHARACTERS - 1] + "…"


def _pieces(block: Block) -> list[str]:
    if block.kind == "code":
        return [_fenced(piece, block.mark) for piece in _cut_code(block.text)]
    texts = cut(block.text, PASSAGE_CHARACTERS)
    if block.kind == "item":
        return [f"{block.mark} {texts[0]}", *texts[1:]]
    return texts


def _cut_code(code: str) -> list[str]:
    pieces: list[list[str]] = [[]]
    for line in code.splitlines():
        for part in [line[at : at + CODE_CHARACTERS] for at in range(0, len(line), CODE_CHARACTERS)] or [""]:
            held = pieces[-1]
            full = len(held) >= CODE_LINES or sum(map(len, held)) + len(part) + len(held) >= CODE_CHARACTERS
            if full or (not part and len(held) > CODE_LINES * 3 // 4):
                pieces.append([])
            pieces[-1].append(part)
    return ["\n".join(piece).strip("\n") for piece in pieces if any(line.strip() for line in piece)]


def _fenced(code: str, label: str) -> str:
    ticks = max([2, *(len(run) for run in re.findall("`+", code))]) + 1
    match = _LABEL.search(label)
    return f"{'`' * ticks}{_true_label(match[0].lower() if match else '', code)}\n{code}\n{'`' * ticks}"


def _true_label(label: str, code: str) -> str:
    """`label` if `code` is what it says, as far as we can tell: a fragment or a console log is not called Python."""
    try:
        if _PARSED_LABELS.get(label) == "python":
            ast.parse(code)
        elif _PARSED_LABELS.get(label) == "json":
            json.loads(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    return label
