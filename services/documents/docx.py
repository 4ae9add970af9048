"""DOCX → blocks, by way of mammoth's HTML: styles make headings, bold lines stand in for them, pictures go."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser

from services.documents.blocks import Block
from services.documents.limits import ARCHIVE_MEMBERS, RATIO_FREE_BYTES, UNPACK_RATIO, UNPACKED_BYTES
from services.errors import DocumentRefused

_STYLES = "\n".join(
    [
        "p[style-name='Title'] => h1.title:fresh",
        "p[style-name='Subtitle'] => p:fresh",
        *(f"p[style-name='{name}'] => pre:separator('\\n')" for name in ("Code", "Source Code", "HTML Preformatted")),
        *(f"p[style-name='{name}'] => blockquote > p:fresh" for name in ("Quote", "Intense Quote")),
    ]
)
_TEXTS = {"p", "li", "pre", "td", "th"}
_BOLD_HEADING_CHARACTERS = 80


def docx_blocks(data: bytes) -> list[Block]:
    """The blocks of a DOCX. Raises `DocumentRefused`: ``swells`` (when unpacked), ``encrypted``, ``broken``."""
    _check_archive(data)
    from xml.parsers.expat import ExpatError
    from xml.sax import SAXException

    import mammoth

    try:
        html: str = mammoth.convert_to_html(io.BytesIO(data), style_map=_STYLES, convert_image=lambda _: []).value
    except (OSError, LookupError, ValueError, AttributeError, zipfile.BadZipFile, ExpatError, SAXException) as error:
        raise DocumentRefused("broken") from error
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return list(_with_bold_headings(reader.blocks))


def _check_archive(data: bytes) -> None:
    """Refuse a bomb by what its directory declares; zipfile never unpacks more of a member than that."""
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DocumentRefused("broken") from error
    if any(member.flag_bits & 1 for member in members):
        raise DocumentRefused("encrypted")
    unpacked = sum(member.file_size for member in members)
    allowed = min(UNPACKED_BYTES, max(RATIO_FREE_BYTES, len(data) * UNPACK_RATIO))
    if unpacked > allowed or len(members) > ARCHIVE_MEMBERS:
        raise DocumentRefused("swells", str(allowed))


def _with_bold_headings(blocks: list[tuple[Block, bool]]) -> Iterator[Block]:
    """Where no style makes a heading, a short line all in bold is one."""
    styled = any(block.kind == "heading" and block.depth > 0 for block, _ in blocks)
    for block, bold in blocks:
        if not styled and bold and block.kind == "text" and len(block.text) <= _BOLD_HEADING_CHARACTERS:
            yield Block("heading", block.text, depth=2)
        else:
            yield block


class _Reader(HTMLParser):
    """Collects blocks, each with whether all of its text is bold. A title is a heading of depth 0."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[tuple[Block, bool]] = []
        self._held: list[str] = []
        self._bold = self._plain = 0
        self._depth = -1
        self._lists: list[int] = []
        self._row: list[str] | None = None
        self._mark = ""
        self._pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"ul", "ol"}:
            self._flush()
            self._lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._flush()
            self._mark = "-"
            if self._lists and self._lists[-1] >= 0:
                self._lists[-1] += 1
                self._mark = f"{self._lists[-1]}."
        elif tag == "tr":
            self._flush()
            self._row = []
        elif tag[0] == "h" and tag[1:].isdigit():
            self._flush()
            self._depth = 0 if ("class", "title") in attrs else int(tag[1:])
        elif tag == "strong":
            self._bold += 1
        elif tag == "br":
            self._held.append("\n" if self._pre else " ")
        elif tag in _TEXTS and self._row is None:
            self._flush()
            self._pre = tag == "pre"

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ul", "ol"}:
            self._flush()
            if self._lists:
                self._lists.pop()
        elif tag == "strong":
            self._bold -= 1
        elif tag in {"td", "th"} and self._row is not None:
            self._row.append(" ".join("".join(self._held).split()))
            self._held = []
        elif tag == "tr":
            cells, self._row = self._row or [], None
            self._held, self._mark = [" · ".join(cell for cell in cells if cell)], "-"
            self._flush()
        elif (tag in _TEXTS or (tag[0] == "h" and tag[1:].isdigit())) and self._row is None:
            self._flush()

    def handle_data(self, data: str) -> None:
        self._held.append(data)
        self._plain += bool(data.strip()) and not self._bold

    def _flush(self) -> None:
        text, bold = "".join(self._held), not self._plain
        if text.strip():
            if self._pre:
                block = Block("code", text)
            elif self._depth >= 0:
                block = Block("heading", text, depth=self._depth)
            elif self._mark:
                block, self._mark = Block("item", text, mark=self._mark), ""
            else:
                block = Block("text", text)
            self.blocks.append((block, bold))
        self._held, self._plain, self._depth, self._pre = [], 0, -1, False
