"""Progress as a picture: a ring for the per cent, and a bar for each day."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from services.pictures.card import HEIGHT, MARGIN, WIDTH
from services.pictures.faces import BOLD, REGULAR, Face, can_shape, plain, unreadable
from services.pictures.lettering import Column, fit, write
from services.pictures.palette import Colour, Palette, contrast, palette_for
from services.pictures.shaping import is_rtl

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

DAYS = 14
SHAPES_CONTRAST = 3.0  # WCAG 2.2, 1.4.11: shapes that say something, on what is behind them
_FINER = 3  # shapes are drawn larger and scaled down, since Pillow's have hard edges
_RING = (72, 210, 372, 510)  # left, top, right, bottom
_THICK = 44
_CHART = (500, 318, WIDTH - MARGIN, 560)
_GAP = 14
_TITLE_SIZES = range(56, 29, -2)
_LINE_SIZES = range(32, 21, -2)
_LABEL = 26


@dataclass(frozen=True, slots=True)
class Standing:
    """What the picture says, in the learner's language: the title, a `line` of figures, what the bars count
    (`counted`), sections done on each of the last days (`days`, oldest first) and the names of the first and the last
    of them, and the per cent in all (0–100) as a number and as it is written there."""

    title: str
    line: str
    counted: str
    days: tuple[int, ...]
    first: str
    last: str
    percent: int
    percent_said: str


def progress_picture(standing: Standing, seed: int, *, shaped: bool | None = None) -> bytes:
    """A PNG of 1280 × 720 pixels, the same for the same arguments; right-to-left where the line is. What the fonts
    cannot draw is left out: the caption of the message must carry the words. `shaped` as with `course_card`."""
    shaped = can_shape() if shaped is None else shaped
    palette = palette_for(seed)
    rtl = is_rtl(plain(standing.line))
    image = _shapes(standing, palette)
    if rtl:
        from PIL import ImageOps

        image = ImageOps.mirror(image)
    _letters(image, standing, palette, rtl=rtl, shaped=shaped)
    out = BytesIO()
    image.save(out, "PNG", compress_level=6)
    return out.getvalue()


def telling(palette: Palette) -> Colour:
    """The colour of what says something: the first accent that stands out enough from the paper and from what is still
    empty, else the ink."""
    behind = (palette.paper, quiet(palette))
    found = (one for one in palette.accents if all(contrast(one, other) >= SHAPES_CONTRAST for other in behind))
    return next(found, palette.ink)


def quiet(palette: Palette) -> Colour:
    """The colour of what is still empty: a little ink on the paper."""
    red, green, blue = (round(p + (i - p) * 0.13) for p, i in zip(palette.paper, palette.ink, strict=True))
    return red, green, blue


def _shapes(standing: Standing, palette: Palette) -> Image:
    """Ring and bars, from left to right."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), palette.paper)
    draw = ImageDraw.Draw(image)
    _ring(draw, min(100, max(0, standing.percent)), palette)
    left, top, right, bottom = (side * _FINER for side in _CHART)
    gap, count = _GAP * _FINER, max(1, len(standing.days))
    wide = (right - left - gap * (count - 1)) / count
    most = max((*standing.days, 1))
    for place, done in enumerate(standing.days):
        x = left + place * (wide + gap)
        radius = min(wide / 2, 8 * _FINER)
        draw.rounded_rectangle((x, bottom - 10 * _FINER, x + wide, bottom), radius, fill=quiet(palette))
        if done > 0:
            height = max(24 * _FINER, (bottom - top) * done / most)
            draw.rounded_rectangle((x, bottom - height, x + wide, bottom), radius, fill=telling(palette))
    return image.reduce(_FINER)


def _ring(draw: ImageDraw, percent: int, palette: Palette) -> None:
    box = tuple(side * _FINER for side in _RING)
    left, top, right, bottom = box
    thick = _THICK * _FINER
    draw.ellipse(box, fill=quiet(palette))
    if percent >= 100:
        draw.ellipse(box, fill=telling(palette))
    elif percent:
        draw.pieslice(box, -90, -90 + 3.6 * percent, fill=telling(palette))
    draw.ellipse((left + thick, top + thick, right - thick, bottom - thick), fill=palette.paper)


def _letters(image: Image, standing: Standing, palette: Palette, *, rtl: bool, shaped: bool) -> None:
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)
    left, _, right, bottom = _CHART
    if rtl:
        left, right = WIDTH - right, WIDTH - left
    column = Column(left, right, at_right=rtl)
    y = 72
    bold, regular = Face(BOLD, shaped), Face(REGULAR, shaped)
    for text, face, sizes, room, colour in (
        (standing.title, bold, _TITLE_SIZES, 136, palette.ink),
        (standing.line, regular, _LINE_SIZES, 80, palette.soft),
    ):
        if words := _readable(text, face):
            block = fit(words, face, sizes, right - left, room)
            write(draw, block, column, y, colour)
            y += block.height + 8
    if words := _readable(standing.counted, regular):
        block = fit(words, regular, range(_LABEL, 19, -2), right - left, 70)
        write(draw, block, column, bottom + 62, palette.soft)
    ends = ((standing.first, rtl), (standing.last, not rtl))
    for text, at_right in ends:
        if words := _readable(text, regular):
            x, anchor = (right, "rm") if at_right else (left, "lm")
            regular.draw(draw, (x, bottom + 30), anchor, words, _LABEL, palette.soft, rtl=rtl)
    _peak(draw, standing, palette, regular, rtl=rtl)
    centre = (_RING[0] + _RING[2]) // 2
    x = WIDTH - centre if rtl else centre
    words = _readable(standing.percent_said, bold) or str(standing.percent)
    size = next(size for size in range(76, 20, -4) if bold.width(bold.font(size), words, rtl=False) <= 172)
    bold.draw(draw, (x, (_RING[1] + _RING[3]) // 2), "mm", words, size, palette.ink, rtl=False)


def _peak(draw: ImageDraw, standing: Standing, palette: Palette, face: Face, *, rtl: bool) -> None:
    """The number over the highest bar, so that the others have a measure."""
    most = max(standing.days, default=0)
    if not most:
        return
    left, top, right, _ = _CHART
    wide = (right - left - _GAP * (len(standing.days) - 1)) / len(standing.days)
    x = round(left + standing.days.index(most) * (wide + _GAP) + wide / 2)
    face.draw(draw, (WIDTH - x if rtl else x, top - 20), "mm", str(most), _LABEL, palette.soft, rtl=False)


def _readable(text: str, face: Face) -> str:
    words = plain(text)
    return "" if unreadable(words, face.name) else words
