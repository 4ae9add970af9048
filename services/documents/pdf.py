"""PDF → blocks: lines with the size of their letters, put together to paragraphs and headings."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.documents import stalling
from services.documents.blocks import Block
from services.documents.cleaning import clean_lines, has_letters
from services.documents.limits import CHARACTERS, PAGES
from services.documents.plain import heading_depth, join_lines
from services.errors import DocumentRefused

if TYPE_CHECKING:
    from pypdf import PdfReader

_LEAST_LETTERS = 50  # in the whole document, and _LEAST_PER_PAGE on average: below, the pages are pictures
_LEAST_PER_PAGE = 15
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_ITEM = re.compile(r"(?:([•‣▪●◦–-])|(\d{1,3})[.)])\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?:…。！？؟]['\"”’»)\]]*$")
_HEADING_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text, the size of its letters in points (0 unknown), whether they are bold."""

    text: str
    size: float
    bold: bool
    page: int


def pdf_blocks(data: bytes) -> tuple[str, list[Block]]:
    """The title in the file's own record, if any, and the blocks of its pages.

    Raises `DocumentRefused`: ``encrypted``, ``broken``, ``too_long`` (pages or characters), ``no_text`` (a scan).
    """
    from pypdf.errors import DependencyError, FileNotDecryptedError, PyPdfError

    try:
        reader = _opened(data)
        pages = _pages(reader)
        title = str((reader.metadata and reader.metadata.title) or "")
        outline = _outline(reader)
    except (DependencyError, FileNotDecryptedError) as error:
        raise DocumentRefused("encrypted") from error
    except (PyPdfError, KeyError, ValueError, TypeError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise DocumentRefused("broken") from error
    letters = sum(character.isalnum() for page in pages for line in page for character in line.text)
    if letters < max(_LEAST_LETTERS, _LEAST_PER_PAGE * len(pages)):
        raise DocumentRefused("no_text")
    usual = _usual_size(pages)
    lines = [line for page in _without_running_heads(pages, usual) for line in page]
    useful = title if has_letters(title, 4) and not re.search(r"\.\w{2,4}$|^untitled|^microsoft", title, re.I) else ""
    return useful, list(_blocks(lines, outline, usual))


def _opened(data: bytes) -> PdfReader:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        raise DocumentRefused("encrypted")
    if len(reader.pages) > PAGES:
        raise DocumentRefused("too_long", str(PAGES))
    return reader


def _pages(reader: PdfReader) -> list[list[Line]]:
    pages: list[list[Line]] = []
    characters = 0
    for number, page in enumerate(reader.pages, 1):
        runs: list[tuple[str, float, bool]] = []

        def visit(
            text: str, cm: Any, tm: Any, font: Any, size: Any, held: list[tuple[str, float, bool]] = runs
        ) -> None:
            if text:
                name = str((font or {}).get("/BaseFont", "")).lower()
                scale = abs(tm[3] or tm[1]) * abs(cm[3] or cm[1] or 1)
                held.append((text, round(float(size or 0) * scale, 1), "bold" in name or "black" in name))

        page.extract_text(visitor_text=visit)
        stalling.progress()
        pages.append(_lines(runs, number))
        characters += sum(len(line.text) for line in pages[-1])
        if characters > CHARACTERS:
            raise DocumentRefused("too_long", str(CHARACTERS))
    return pages


def _lines(runs: list[tuple[str, float, bool]], page: int) -> list[Line]:
    lines: list[Line] = []
    text, sizes = "", Counter[tuple[float, bool]]()
    for run, size, bold in [*runs, ("\n", 0.0, False)]:
        for index, part in enumerate(run.split("\n")):
            if index:
                shown = clean_lines(text).translate(_LIGATURES).strip()
                (most, heavy) = sizes.most_common(1)[0][0] if sizes else (0.0, False)
                lines.append(Line(" ".join(shown.split()), most, heavy, page))
                text, sizes = "", Counter()
            text += part
            if part.strip():
                sizes[(size, bold)] += len(part.strip())
    return lines


def _usual_size(pages: list[list[Line]]) -> float:
    """The size most letters have."""
    sizes = Counter[float]()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0]


def _without_running_heads(pages: list[list[Line]], usual: float) -> list[list[Line]]:
    """Pages without page numbers and without the first and last lines that most pages share. Large letters are
    headings: “Chapter 7” may well stand on top of every page."""

    def edges(page: list[Line]) -> list[Line]:
        shown = [line for line in page if line.text and not _is_large(line, usual)]
        return [*shown[:2], *shown[-2:]]

    def shape(line: Line) -> str:
        return re.sub(r"\d+", "#", line.text)

    seen = Counter(found for page in pages for found in {shape(line) for line in edges(page)})
    running = {found for found, times in seen.items() if times >= 3 and times * 10 >= len(pages) * 4}
    kept = []
    for page in pages:
        gone = {
            id(line) for line in edges(page) if shape(line) in running or re.fullmatch(r"[-–\s]*#[-–\s]*", shape(line))
        }
        kept.append([line for line in page if id(line) not in gone])
    return kept


def _outline(reader: PdfReader) -> dict[tuple[int, str], int]:
    """(page, folded title) → depth, from the document's bookmarks."""
    found: dict[tuple[int, str], int] = {}

    def walk(entries: list[Any], depth: int) -> None:
        for entry in entries:
            if isinstance(entry, list):
                if depth < 6:
                    walk(entry, depth + 1)
            elif (page := reader.get_destination_page_number(entry)) is not None:
                found[(page + 1, _folded(str(entry.title)))] = depth

    walk(reader.outline, 1)
    return found


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _blocks(lines: list[Line], outline: dict[tuple[int, str], int], usual: float) -> Iterator[Block]:
    width = max((len(line.text) for line in lines if line.size == usual), default=80)
    larger = sorted({line.size for line in lines if _is_large(line, usual)}, reverse=True)
    held: list[Line] = []
    for index, line in enumerate(lines):
        following = next((one for one in lines[index + 1 : index + 4] if one.text), None)
        depth = _depth(line, following, usual, larger, outline, alone=not held)
        if depth or not line.text or (held and (_ITEM.match(line.text) or _ended(held[-1], width, line.page))):
            yield from _paragraph(held)
            held = []
        if depth:
            yield Block("heading", _unnumbered(line.text), depth=depth, page=line.page)
        elif line.text:
            held.append(line)
    yield from _paragraph(held)


def _is_large(line: Line, usual: float) -> bool:
    return (
        bool(usual)
        and line.size >= usual * 1.12
        and len(line.text) <= _HEADING_CHARACTERS
        and has_letters(line.text, 2)
    )


def _depth(
    line: Line,
    following: Line | None,
    usual: float,
    larger: list[float],
    outline: dict[tuple[int, str], int],
    *,
    alone: bool,
) -> int:
    if not line.text or following is None:
        return 0
    if len(outline) >= 3:
        folded = _folded(line.text)
        return outline.get((line.page, folded)) or outline.get((line.page, _folded(_unnumbered(line.text)))) or 0
    if _is_large(line, usual):
        return min(larger.index(line.size) + 1, 6)
    short = len(line.text) <= 80 and not _SENTENCE_END.search(line.text) and not _ITEM.match(line.text)
    if line.bold and not following.bold and short and has_letters(line.text, 3):
        return 7
    standing = heading_depth(line.text, following.text) if alone and not larger else 0
    return 6 + standing if standing and (standing == 1 or re.match(r"\d", line.text)) else 0


def _unnumbered(text: str) -> str:
    return re.sub(r"^\d{1,2}(?:\.\d{1,2}){0,4}[.)]?\s+(?=\S)", "", text)


def _ended(line: Line, width: int, page: int) -> bool:
    """Whether a paragraph ends with `line`: a sentence does, and the line is short or the last of its page."""
    return bool(_SENTENCE_END.search(line.text)) and (len(line.text) < width * 0.8 or line.page != page)


def _paragraph(lines: list[Line]) -> Iterator[Block]:
    if not lines:
        return
    text, page = join_lines([line.text for line in lines]), lines[0].page
    if match := _ITEM.match(text):
        yield Block("item", text[match.end() :], mark="-" if match[1] else f"{match[2]}.", page=page)
    else:
        yield Block("text", text, page=page)
