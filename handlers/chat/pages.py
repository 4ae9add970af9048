"""A section as pages that fit a phone, made once: each with its head line, none above what a message may hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from handlers.chat.markup import Mark, Marked, clean, convert, to_api, units
from handlers.chat.quoted import where_it_stands
from handlers.texts import plain
from services.views import SectionView

MESSAGE_LIMIT = 4096  # Telegram's, of a message's text
ENTITY_LIMIT = 100  # more are dropped silently
COMFORT = 1800  # three to six short paragraphs: what is read without much scrolling
ROOM = 3500  # a piece of a block that is longer than a page; leaves room for the head line
MAX_TITLE = 200

_GAP = "\n\n"
_SENTENCE = re.compile(r"[.!?…。！？؟][\"'”’)»]*\s+")
_BLANK = re.compile(r"\s+")
_JOINER = "\u200d"  # what stands before and after it is one sign
_ENDINGS = frozenset("\u200d\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")  # belong to what precedes


@dataclass(frozen=True, slots=True)
class Page:
    """One message: its text, its entities as the Bot API takes them, and which page (0-based) of how many it is."""

    text: str
    entities: tuple[dict[str, Any], ...]
    index: int
    count: int


@lru_cache(maxsize=256)
def section_pages(section: SectionView, sections: int, language: str) -> tuple[Page, ...]:
    """All pages of a written `section`, which is one of `sections` in its lesson. Parses: call it in a thread.

    Made once for each version of a section: the section with its body is the key."""
    body = convert(section.body)
    groups = _with_quotes(list(_grouped(_blocks(body))), where_it_stands(section, body, language))
    return tuple(_page(section, sections, language, group, (index, len(groups))) for index, group in enumerate(groups))


def _page(section: SectionView, of: int, language: str, body: Marked, place: tuple[int, int]) -> Page:
    title = clean(section.title).replace("\n", " ")
    title = title if len(title) <= MAX_TITLE else title[: MAX_TITLE - 1] + "…"
    index, count = place
    key = "section.head" if count == 1 else "section.head.paged"
    rest = plain(language, key, n=section.position + 1, of=of, minutes=section.minutes, page=index + 1, pages=count)
    whole = Marked(title, (Mark("bold", 0, len(title)),)) + Marked(f" · {rest}{_GAP}") + body
    whole = Marked(whole.text, whole.marks[:ENTITY_LIMIT])
    return Page(whole.text, to_api(whole), index, count)


def _with_quotes(pages: list[Marked], quotes: Marked | None) -> list[Marked]:
    """What a section rests on stands at the foot of its last page, on one of its own only where that has no room."""
    if quotes is None:
        return pages
    *before, last = pages or [Marked("")]
    whole = last + Marked(_GAP) + quotes if last.text else quotes
    fits = units(whole.text) <= ROOM and len(whole.marks) < ENTITY_LIMIT
    return [*before, whole] if fits else [*before, last, *_pieces(quotes)]


def _blocks(body: Marked) -> list[Marked]:
    """Paragraphs, lists, quotations and pieces of code, each whole unless it is longer than a message."""
    closed = [mark for mark in body.marks if mark.kind in {"pre", "blockquote", "expandable_blockquote"}]
    blocks: list[Marked] = []
    start = 0
    for gap in re.finditer(r"\n{2,}", body.text):
        if any(mark.start < gap.end() and gap.start() < mark.end for mark in closed):
            continue
        blocks.append(body.cut(start, gap.start()))
        start = gap.end()
    blocks.append(body.cut(start, len(body.text)))
    return [piece for block in _with_headings(blocks) for piece in _pieces(block) if piece.text]


def _with_headings(blocks: list[Marked]) -> list[Marked]:
    """A heading is not left alone at the foot of a page: it belongs to what follows it."""
    joined: list[Marked] = []
    heading: Marked | None = None
    for block in blocks:
        whole = block if heading is None else heading + Marked(_GAP) + block
        heading = whole if _is_heading(block) and len(whole.text) < MAX_TITLE else None
        if heading is None:
            joined.append(whole)
    return joined if heading is None else [*joined, heading]


def _is_heading(block: Marked) -> bool:
    return any(mark.kind == "bold" and mark.start == 0 and mark.end == len(block.text) for mark in block.marks)


def _pieces(block: Marked) -> Iterator[Marked]:
    """The block, or pieces of it if it is too long or too richly marked for a message."""
    start = 0
    while start < len(block.text):
        end = _end_of_piece(block, start)
        yield block.cut(start, end)
        start = end


def _end_of_piece(block: Marked, start: int) -> int:
    code = any(mark.kind == "pre" and mark.start <= start < mark.end for mark in block.marks)
    room = ROOM if code or units(block.text) <= ROOM else COMFORT
    end = _fitting(block.text, start, room)
    starts = [mark.start for mark in block.marks if start <= mark.start < end]
    if len(starts) >= ENTITY_LIMIT - 10:
        end = max(start + 1, starts[ENTITY_LIMIT - 10])
    return end if end == len(block.text) else _good_end(block.text, start, end)


def _fitting(text: str, start: int, room: int) -> int:
    """The furthest end at which text[start:end] has at most `room` UTF-16 units."""
    end = min(len(text), start + room)
    while units(text[start:end]) > room:
        end -= max(1, (units(text[start:end]) - room) // 2)
    return end


def _good_end(text: str, start: int, end: int) -> int:
    """The last end of a line, of a sentence, of a word or at least of a character in the second half of the room."""
    half = start + (end - start) // 2
    line = text.rfind("\n", half, end)
    if line != -1:
        return line + 1
    for pattern in (_SENTENCE, _BLANK):
        found = [match.end() for match in pattern.finditer(text, half, end)]
        if found:
            return found[-1]
    while end > half and _within_a_sign(text, end):
        end -= 1
    return end


def _within_a_sign(text: str, place: int) -> bool:
    """Whether a cut there would tear an accent off its letter, or joined emoji apart."""
    return bool(unicodedata.combining(text[place])) or text[place] in _ENDINGS or text[place - 1] == _JOINER


def _grouped(blocks: list[Marked]) -> Iterator[Marked]:
    """Blocks gathered into pages of about the same length, none much above what is comfortable."""
    total = sum(units(block.text) for block in blocks)
    goal = total / max(1, -(-total // COMFORT))
    page: Marked | None = None
    for block in blocks:
        if page is None:
            page = block
        elif _is_full(page, block, goal):
            yield page
            page = block
        else:
            page = page + Marked(_GAP) + block
    if page is not None:
        yield page


def _is_full(page: Marked, block: Marked, goal: float) -> bool:
    have, more = units(page.text), units(block.text)
    if len(page.marks) + len(block.marks) >= ENTITY_LIMIT - 1 or have + more > ROOM:
        return True
    return have + more > COMFORT or have + more / 2 > goal
