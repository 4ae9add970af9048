"""A picture that came from outside, looked at before it is kept: its kind, its size, and then drawn anew and small."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

from services.pictures.card import HEIGHT, WIDTH

if TYPE_CHECKING:
    from PIL.Image import Image

LEAST_SIDE = 256  # pixels; what is smaller is no picture of a subject
MOST_PIXELS = 16_000_000  # 48 MB once unpacked
COLOURS = 256
_KINDS = ("PNG", "JPEG")


class NoPicture(ValueError):
    """What came is not a picture that can be kept; the text says why, for the log."""


def kept_picture(data: bytes) -> bytes:
    """`data` (PNG or JPEG) as a PNG of 1280 × 720 pixels in at most 256 colours, cut at its longer sides, without
    anything else that came with it. Raises `NoPicture`. Slow: call it in a thread."""
    from PIL import Image, ImageOps

    try:
        with Image.open(BytesIO(data), formats=_KINDS) as opened:
            _measure(opened)
            whole = opened.convert("RGB")
        fitted = ImageOps.fit(whole, (WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NoPicture("too many pixels") from error
    except (OSError, SyntaxError, ValueError, struct.error, zlib.error, EOFError, IndexError) as error:
        if isinstance(error, NoPicture):
            raise
        raise NoPicture(f"unreadable: {type(error).__name__}") from error
    if _is_blank(fitted):
        raise NoPicture("one colour all over")
    out = BytesIO()
    fitted.quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG).save(out, "PNG", optimize=True)
    return out.getvalue()


def _measure(image: Image) -> None:
    """Before anything is unpacked. Raises `NoPicture`."""
    width, height = image.size
    if min(width, height) < LEAST_SIDE:
        raise NoPicture(f"too small: {width} × {height}")
    if width * height > MOST_PIXELS:
        raise NoPicture(f"too many pixels: {width} × {height}")
    if max(width, height) > 3 * min(width, height):
        raise NoPicture(f"too long: {width} × {height}")


def _is_blank(image: Image) -> bool:
    extrema = image.getextrema()
    return all(isinstance(each, tuple) and each[0] == each[1] for each in extrema)
