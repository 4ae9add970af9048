"""A section's Markdown as the checks read it: parsed once, block by block, as a chat shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_CODE_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ADDRESS = re.compile(r"<?https?://\S+")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SIGNS = re.compile(r"(?<![\w*_~\\])[*_~]{1,3}(?=\S)|(?<=[^\s\\])[*_~]{1,3}(?![\w*_~])")


@dataclass(frozen=True, slots=True)
class Block:
    """A leaf of a text. `kind`: paragraph, item, heading, quote, cell; code has `info` (its language) instead of marks.
    `raw` is its source; `line` (from 0) where it begins."""

    kind: str
    raw: str
    line: int
    info: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A parsed body: its blocks, how many `tables` are in it, and in `plain`
    its prose alone: no code, no addresses, no marks, a line break for each block."""

    body: str
    blocks: tuple[Block, ...]
    plain: str
    tables: int

    @property
    def code(self) -> tuple[Block, ...]:
        """Its blocks of code."""
        return tuple(block for block in self.blocks if block.kind == "code")

    @property
    def prose(self) -> tuple[Block, ...]:
        """Its blocks that are not code."""
        return tuple(block for block in self.blocks if block.kind != "code")


@lru_cache(maxsize=128)
def read(body: str) -> Text:
    """`body` parsed. The last ones are remembered, because a course's texts are read again for its report."""
    found: list[Block] = []
    tables = 0
    inside: list[str] = []
    for token in _parser().parse(body):
        if token.nesting == 1:
            inside.append(token.tag if token.type != "list_item_open" else "item")
            tables += token.type == "table_open"
        elif token.nesting == -1:
            inside.pop()
        elif block := _block(token, inside):
            found.append(block)
    text = "\n".join(plain(block.raw) for block in found if block.kind != "code")
    return Text(body, tuple(found), text, tables)


def _block(token: Token, inside: Sequence[str]) -> Block | None:
    line = token.map[0] if token.map else 0
    if token.type in {"fence", "code_block"}:
        return Block("code", token.content, line, token.info.strip())
    if token.type != "inline":
        return None
    kinds = {"h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading"}
    kinds |= {"td": "cell", "th": "cell", "item": "item", "blockquote": "quote"}
    kind = next((kinds[tag] for tag in reversed(inside) if tag in kinds), "paragraph")
    return Block(kind, token.content, line)


def plain(raw: str) -> str:
    """The words of one block's Markdown: no code spans, addresses and marks; the words of links stay."""
    text = _CODE_SPAN.sub(" ", raw) if "`" in raw else raw
    if "](" in text:
        text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _ADDRESS.sub(" ", text) if "://" in text else text
    return _ESCAPE.sub(r"\1", _SIGNS.sub("", text))


def shown(raw: str) -> str:
    """One block's text exactly as it is shown: marks interpreted by the parser, code spans kept."""
    tokens = _inline().parseInline(raw)
    return "".join(
        child.content or ("\n" if child.type in {"softbreak", "hardbreak"} else "")
        for token in tokens
        for child in token.children or ()
    )


def units(text: str) -> int:
    """Length in UTF-16 code units, never less than in code points: the stricter of the two ways a chat may count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def images(body: str) -> tuple[str, ...]:
    """The alternative texts of the pictures in `body`."""
    return tuple(match[1].strip() for match in _IMAGE.finditer(_CODE_SPAN.sub(" ", body))) if "![" in body else ()


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """Blocks only: what is inside them is parsed where it matters, because that is most of the work."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


@lru_cache(maxsize=1)
def _inline() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
