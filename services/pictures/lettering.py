"""Breaking a text into lines that fit, and setting them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from services.pictures.shaping import is_rtl

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

    from services.pictures.faces import Face
    from services.pictures.palette import Colour

_LEADING = 1.22  # lines of this many times the size of the letters: marks above and below do not touch


class Column(NamedTuple):
    """Where text stands: between `left` and `right`, in pixels, against the right edge if `at_right`."""

    left: int
    right: int
    at_right: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that fit, in reading order: their `face`, the `size` of its letters, the `step` from line to line."""

    lines: tuple[str, ...]
    face: Face
    size: int
    rtl: bool

    @property
    def step(self) -> int:
        """Pixels from one line to the next."""
        return round(self.size * _LEADING)

    @property
    def height(self) -> int:
        """Pixels from the top of the first line to the bottom of the last."""
        return self.step * len(self.lines)


def fit(text: str, face: Face, sizes: range, width: int, height: int) -> Block:
    """`text` in the largest of `sizes` (largest first) in which it fits into `width` × `height` pixels. Words are cut
    in two only if they fit in none of the sizes; if all is too long even then, it ends in an ellipsis."""
    rtl = is_rtl(text)
    for cut in (False, True):
        for size in sizes:
            block = Block(tuple(_lines(text, face, size, width, rtl=rtl, cut=cut)), face, size, rtl)
            font = face.font(size)
            if block.height <= height and all(face.width(font, line, rtl=rtl) <= width for line in block.lines):
                return block
    room = max(1, height // block.step)
    last = block.lines[room - 1]
    while last and face.width(font, last + "…", rtl=rtl) > width:
        last = last[:-1].rstrip()
    return Block((*block.lines[: room - 1], last + "…"), face, sizes[-1], rtl)


def write(draw: ImageDraw, block: Block, column: Column, top: int, colour: Colour) -> None:
    """Draw `block` into `column`, from `top` down."""
    x, anchor = (column.right, "rm") if column.at_right else (column.left, "lm")
    for number, line in enumerate(block.lines):
        y = top + number * block.step + block.step // 2
        block.face.draw(draw, (x, y), anchor, line, block.size, colour, rtl=block.rtl)


def _lines(text: str, face: Face, size: int, width: int, *, rtl: bool, cut: bool) -> list[str]:
    """Lines broken at blanks; then the same number of lines at the narrowest width, so that no word hangs alone."""
    font = face.font(size)
    words = text.split()
    if cut:
        words = [piece for word in words for piece in _cut(word, face, font, width, rtl=rtl)]
    widths = [face.width(font, word, rtl=rtl) for word in words]
    blank = font.getlength(" ")
    count = len(_greedy(widths, blank, width))
    low, high = 0, width
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if len(_greedy(widths, blank, middle)) <= count else (middle + 1, high)
    lines, start = [], 0
    for length in _greedy(widths, blank, low):
        lines.append(" ".join(words[start : start + length]))
        start += length
    return lines


def _greedy(widths: list[float], blank: float, width: float) -> list[int]:
    """How many words go into each line if every line takes as many as it can; a word too wide stands alone."""
    counts: list[int] = []
    used = 0.0
    for word in widths:
        if counts and used + blank + word <= width:
            counts[-1] += 1
            used += blank + word
        else:
            counts.append(1)
            used = word
    return counts


def _cut(word: str, face: Face, font: FreeTypeFont, width: int, *, rtl: bool) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and face.width(font, pieces[-1] + sign, rtl=rtl) > width:
            pieces.append("")
        pieces[-1] += sign
    return pieces
