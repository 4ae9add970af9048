"""Markdown → blocks: headings, paragraphs, list items, code. Links become their text; pictures, badges, HTML vanish."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from services.documents.blocks import Block

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_TITLE = re.compile(r"^title:[ \t]*[\"']?(.+?)[\"']?[ \t]*$", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:?")


def front_matter(text: str) -> tuple[str, str]:
    """The title in a YAML block at the start, if any, and the text without that block."""
    match = _FRONT_MATTER.match(text)
    if not match:
        return "", text
    title = _FRONT_TITLE.search(match[1])
    return (title[1] if title else ""), text[match.end() :]


def markdown_blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown `text` in order. Nested lists are flattened; a table's row becomes an item."""
    from markdown_it import MarkdownIt

    # the parser drops, without a word, what is nested deeper than this (20 by default)
    rules = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    tokens = rules.parse(text)
    marks: list[str] = []  # the mark of each open list item, emptied once used
    cells: list[str] | None = None
    for index, token in enumerate(tokens):
        match token.type:
            case "list_item_open":
                marks.append(f"{token.info}." if token.info.isdigit() else "-")
            case "list_item_close":
                marks.pop()
            case "tr_open":
                cells = []
            case "tr_close":
                yield Block("item", " · ".join(cell for cell in cells or [] if cell), mark="-")
                cells = None
            case "fence" | "code_block":
                yield Block("code", token.content, mark=token.info.strip())
            case "inline":
                if cells is not None:
                    cells.append(inline_text(token))
                else:
                    yield _inline_block(token, tokens[index - 1], marks)


def _inline_block(token: Token, opener: Token, marks: list[str]) -> Block:
    text = inline_text(token)
    if opener.type == "heading_open":
        return Block("heading", text.replace("`", ""), depth=int(opener.tag[1:]))
    if marks and marks[-1] and text:
        mark, marks[-1] = marks[-1], ""
        return Block("item", text, mark=mark)
    return Block("text", text)


def inline_text(token: Token) -> str:
    """The words of an inline token; code spans keep their backticks, a picture's alternative text is not prose."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type == "text":
            parts.append(child.content)
        elif child.type == "code_inline":
            parts.append(child.content if "`" in child.content else f"`{child.content}`")
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
    return _FOOTNOTE.sub("", "".join(parts)).strip()
