"""The shipped fonts: loading them, measuring with them, and which signs they can draw."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING

from services.pictures.shaping import visual

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

    from services.pictures.palette import Colour

REGULAR = "DejaVuSans.ttf"
BOLD = "DejaVuSans-Bold.ttf"
_NOT_IN_ANY_FONT = "\uffff"
_NON_JOINER = "\u200c"
_SILENT = frozenset(["Cc", "Cf", "Zs", "Zl", "Zp"])
_PICTOGRAPHS = frozenset(["So", "Sk", "Cn", "Co"])


@dataclass(frozen=True, slots=True)
class Face:
    """The shipped font `name`; `shaped` lets Pillow join and order letters, else we do (see `can_shape`)."""

    name: str
    shaped: bool

    def font(self, size: int) -> FreeTypeFont:
        """The font at `size` pixels."""
        from PIL import ImageFont

        engine = ImageFont.Layout.RAQM if self.shaped else ImageFont.Layout.BASIC
        return ImageFont.truetype(BytesIO(_file(self.name)), size, layout_engine=engine)

    def width(self, font: FreeTypeFont, line: str, *, rtl: bool) -> float:
        """Pixels that `line` takes in `font`; `rtl` is the direction of its paragraph."""
        if self.shaped:
            return font.getlength(line, direction="rtl" if rtl else "ltr")
        return font.getlength(visual(line, rtl=rtl))

    def draw(
        self, draw: ImageDraw, at: tuple[int, int], anchor: str, line: str, size: int, colour: Colour, *, rtl: bool
    ) -> None:
        """Draw `line` with its `anchor` (as Pillow names them) at `at`."""
        if self.shaped:
            draw.text(at, line, colour, self.font(size), anchor=anchor, direction="rtl" if rtl else "ltr")
        else:
            draw.text(at, visual(line, rtl=rtl), colour, self.font(size), anchor=anchor)


@lru_cache(maxsize=2)
def _file(name: str) -> bytes:
    return resources.files(__package__).joinpath("fonts", name).read_bytes()


@lru_cache(maxsize=1)
def can_shape() -> bool:
    """Whether Pillow can join and order right-to-left text by itself (it needs FriBiDi on the machine)."""
    from PIL import features

    return bool(features.check("raqm"))


def plain(text: str) -> str:
    """`text` composed, on one line, without emoji (decoration, of which the fonts hold hardly any) and without
    invisible signs, save the one by which Persian keeps letters apart."""
    kept = [sign for sign in unicodedata.normalize("NFC", text) if sign.isspace() or not _is_decoration(sign)]
    return " ".join("".join(kept).split())


def _is_decoration(sign: str) -> bool:
    kind = unicodedata.category(sign)
    pictograph = kind in _PICTOGRAPHS and sign > "\u2190"
    return pictograph or "\ufe00" <= sign <= "\ufe0f" or (kind in ("Cf", "Cs", "Cc") and sign != _NON_JOINER)


def unreadable(text: str, name: str) -> frozenset[str]:
    """The signs of `text` that the font `name` cannot draw: they would come out as empty boxes."""
    font = Face(name, shaped=False).font(24)
    box = _stamp(font, _NOT_IN_ANY_FONT)
    visible = {sign for sign in text if unicodedata.category(sign) not in _SILENT}
    return frozenset(sign for sign in visible if _stamp(font, sign) == box)


def _stamp(font: FreeTypeFont, sign: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(sign, mode="L")
    return mask.size, bytes(mask)
