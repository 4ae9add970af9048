"""Check 11: whether a text is fit for a chat: messages and paragraphs of a size, no columns, code that is not cut."""

from __future__ import annotations

from collections.abc import Iterator

from services.quality.finding import Finding
from services.quality.text import Block, Text, shown, units

MESSAGE = 4096
PARAGRAPH = 600
CODE_COLUMNS = 60


def shape(text: Text, path: str) -> Iterator[Finding]:
    """What a chat cannot show well, at the first line of each. Lengths are UTF-16 code units of the text after
    parsing, which are never fewer than code points: the stricter of the two ways in which they may be counted."""
    if text.tables:
        found = "a table" if text.tables == 1 else f"{text.tables} tables"
        yield Finding(f"{path}.body", "shape", found, "no tables: a list instead")
    for block in text.blocks:
        if block.kind == "code":
            yield from _code(block, path)
        elif units(block.raw) > PARAGRAPH and (size := units(shown(block.raw))) > PARAGRAPH:
            # Parsing only takes away, so that what is short before it need not be parsed.
            found = f"a {block.kind} of {size} characters ({_words(block)})"
            yield Finding(f"{path}.body", "shape", found, f"at most {PARAGRAPH} characters in a paragraph")


def _code(block: Block, path: str) -> Iterator[Finding]:
    size = units(block.raw)
    if size > MESSAGE:
        yield Finding(f"{path}.body", "shape", f"code of {size} characters", f"at most {MESSAGE}: one message")
    widest = max((units(line.rstrip()) for line in block.raw.splitlines()), default=0)
    if widest > CODE_COLUMNS:
        found = f"code {widest} columns wide (line {block.line + 1})"
        yield Finding(f"{path}.body", "shape", found, f"at most {CODE_COLUMNS} columns", "warning")


def _words(block: Block) -> str:
    """The beginning of a block, by which it can be found."""
    return f"“{' '.join(block.raw.split())[:40].rstrip()}…”"
