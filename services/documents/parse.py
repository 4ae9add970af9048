"""Bytes of a file → `Source`, in this process and thread. Only the parsing process (and tests) should call it on files
of strangers: `services.documents.reader` fences it off."""

from __future__ import annotations

import re

from services.authors.protocol import Source
from services.documents.blocks import to_source
from services.documents.cleaning import clean_lines
from services.documents.kinds import decode, sniff, text_kind
from services.documents.limits import CHARACTERS, FILE_BYTES
from services.errors import DocumentRefused


def parse(name: str, data: bytes, language_hint: str | None = None) -> Source:
    """Read the file called `name`.

    Raises `DocumentRefused`: ``empty``, ``too_large``, ``wrong_kind``, ``encrypted``, ``broken``, ``no_text``,
    ``too_long``, ``swells``.
    """
    check_size(data)
    stem = _stem(name)
    kind = sniff(name, data)
    if kind == "pdf":
        from services.documents.pdf import pdf_blocks

        title, blocks = pdf_blocks(data)
        return to_source(blocks, title=title, stem=stem, hint=language_hint)
    if kind == "docx":
        from services.documents.docx import docx_blocks

        return to_source(docx_blocks(data), title="", stem=stem, hint=language_hint)
    return _parse_text(name, data, stem, language_hint)


def check_size(data: bytes) -> None:
    """Raises `DocumentRefused` ``empty`` or ``too_large`` by the number of bytes."""
    if not data.strip(b" \t\r\n\x00"):
        raise DocumentRefused("empty")
    if len(data) > FILE_BYTES:
        raise DocumentRefused("too_large", str(FILE_BYTES))


def _parse_text(name: str, data: bytes, stem: str, hint: str | None) -> Source:
    text = clean_lines(decode(name, data))
    if len(text) > CHARACTERS:
        raise DocumentRefused("too_long", str(CHARACTERS))
    if text_kind(name, text) == "markdown":
        from services.documents.markdown import front_matter, markdown_blocks

        title, text = front_matter(text)
        return to_source(markdown_blocks(text), title=title, stem=stem, hint=hint)
    from services.documents.plain import plain_blocks

    return to_source(plain_blocks(text), title="", stem=stem, hint=hint)


def _stem(name: str) -> str:
    """A title from a file's name: no folders, no ending, blanks for underscores and hyphens."""
    last = re.split(r"[/\\]", name)[-1]
    stem = last.rpartition(".")[0] or last
    words = re.sub(r"[_\-]+", " ", stem).strip()
    return (words[:1].upper() + words[1:])[:100]
