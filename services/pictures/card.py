"""The picture of a course: its title beside a pattern of its own."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from services.pictures.faces import BOLD, REGULAR, Face, can_shape, plain, unreadable
from services.pictures.lettering import Column, fit, write
from services.pictures.motif import motif
from services.pictures.palette import Palette, palette_for
from services.pictures.shaping import is_rtl

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH, HEIGHT = 1280, 720
PATTERN = 480
MARGIN = 72
_TITLE_SIZES = range(84, 35, -4)
_LINE_SIZES = range(36, 23, -2)
_TITLE_ROOM = 420
_LINE_ROOM = 90
_GAP = 28
_RULE = (72, 8)


def course_card(title: str, line: str, seed: int, *, shaped: bool | None = None) -> bytes:
    """A PNG of 1280 × 720 pixels with `title` and, smaller, `line` (level, lessons, minutes), the same for the same
    arguments. Right-to-left text stands at the right, with the pattern at the left.

    A title in a script that the fonts cannot draw is left out altogether, as half a title would say something else:
    the pattern fills the card, with an open book on it, and the caption must carry the title. Emoji are left out.
    `shaped` says whether Pillow orders right-to-left text itself; by default, if it can."""
    shaped = can_shape() if shaped is None else shaped
    title, line = plain(title), plain(line)
    palette = palette_for(seed)
    readable = bool(title) and not unreadable(title, BOLD)
    image = _with_title(title, line, seed, palette, shaped=shaped) if readable else _without(seed, palette)
    out = BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


def alternative_text(title: str, line: str) -> str:
    """What the card says, for those who do not see it: its words, as the pattern means nothing. In no language of its
    own, so it needs no translation."""
    return ". ".join(part for part in (" ".join(title.split()).rstrip("."), " ".join(line.split())) if part)


def _with_title(title: str, line: str, seed: int, palette: Palette, *, shaped: bool) -> Image:
    from PIL import Image, ImageDraw

    rtl = is_rtl(title)
    image = Image.new("RGB", (WIDTH, HEIGHT), palette.paper)
    image.paste(motif(seed, PATTERN, HEIGHT, palette), (0 if rtl else WIDTH - PATTERN, 0))
    shift = PATTERN if rtl else 0
    column = Column(shift + MARGIN, shift + WIDTH - PATTERN - MARGIN, at_right=rtl)
    width = column.right - column.left
    draw = ImageDraw.Draw(image)
    block = fit(title, Face(BOLD, shaped), _TITLE_SIZES, width, _TITLE_ROOM)
    below = None
    if line and not unreadable(line, REGULAR):
        below = fit(line, Face(REGULAR, shaped), _LINE_SIZES, width, _LINE_ROOM)
    top = (HEIGHT - block.height - (_GAP + below.height if below else 0)) // 2
    write(draw, block, column, top, palette.ink)
    if below:
        write(draw, below, column, top + block.height + _GAP, palette.soft)
    start = column.right - _RULE[0] if rtl else column.left
    draw.rectangle((start, top - 36, start + _RULE[0] - 1, top - 37 + _RULE[1]), fill=palette.accents[2])
    return image


def _without(seed: int, palette: Palette) -> Image:
    """The pattern over the whole card, and an open book on a quiet disc."""
    from PIL import ImageDraw

    finer = 2
    image = motif(seed, WIDTH, HEIGHT, palette).resize((WIDTH * finer, HEIGHT * finer))
    draw = ImageDraw.Draw(image)
    x, y, radius = WIDTH * finer // 2, HEIGHT * finer // 2, 180 * finer
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=palette.paper)
    for side in (-1, 1):
        page = [(6, -58), (100, -78), (100, 58), (6, 78)]
        draw.polygon([(x + side * across * finer, y + down * finer) for across, down in page], fill=palette.ink)
        for row in range(3):
            height = -24 + 30 * row
            rule = [(24, height - 4), (82, height - 16), (82, height - 8), (24, height + 4)]
            draw.polygon([(x + side * across * finer, y + down * finer) for across, down in rule], fill=palette.paper)
    return image.reduce(finer)
