from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from services.pictures.palette import PALETTES, Palette, contrast
from services.pictures.progress import SHAPES_CONTRAST, Standing, progress_picture, quiet, telling

STANDING = Standing(
    title="How sourdough works",
    line="5 of 12 sections done",
    counted="Sections done each day, the last 14 days",
    days=(0, 0, 1, 0, 2, 3, 0, 0, 1, 4, 0, 2, 1, 1),
    first="10 Nov",
    last="23 Nov",
    percent=42,
    percent_said="42 %",
)


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    image.load()
    return image


def count(image: Image.Image, colour: tuple[int, int, int], box: tuple[int, int, int, int]) -> int:
    return sum(number for number, found in image.crop(box).getcolors(1_000_000) or [] if found == colour)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_words_and_shapes_stand_out_in_every_palette(palette: Palette) -> None:
    assert contrast(palette.ink, palette.paper) >= 4.5
    assert contrast(palette.soft, palette.paper) >= 4.5
    assert contrast(telling(palette), palette.paper) >= SHAPES_CONTRAST
    assert contrast(telling(palette), quiet(palette)) >= SHAPES_CONTRAST


def test_the_ring_holds_the_per_cent_and_the_bars_the_days() -> None:
    seed = 1
    shares = []
    for percent in (0, 25, 50, 100):
        image = opened(progress_picture(replace(STANDING, percent=percent), seed))
        assert (image.format, image.size) == ("PNG", (1280, 720))
        colour = next(telling(one) for one in PALETTES if one.paper == image.getpixel((2, 2)))
        shares.append(count(image, colour, (72, 210, 372, 510)))
        bars = count(image, colour, (500, 300, 1208, 570))
        assert bars > 10_000
    assert shares[0] == 0
    assert shares[1] == pytest.approx(shares[3] / 4, rel=0.05)
    assert shares[2] == pytest.approx(shares[3] / 2, rel=0.05)


def test_right_to_left_is_the_other_way_round() -> None:
    arabic = replace(STANDING, title="كيف يعمل الخبز", line="٥ من ١٢ قسمًا", counted="الأقسام كل يوم")
    left, right = (72, 210, 372, 510), (1280 - 372, 210, 1280 - 72, 510)
    for standing, ring, other in ((STANDING, left, right), (arabic, right, left)):
        for shaped in (False, None):
            image = opened(progress_picture(standing, 1, shaped=shaped))
            colour = next(telling(one) for one in PALETTES if one.paper == image.getpixel((2, 2)))
            assert count(image, colour, ring) > count(image, colour, other)


@pytest.mark.parametrize(
    "standing",
    [
        replace(STANDING, title="面包的故事", line="", counted="", first="", last=""),
        replace(STANDING, title="", days=()),
        replace(STANDING, days=(0,) * 14, percent=0, percent_said="0 %"),
        replace(STANDING, days=(1_000_000,) * 14, percent=250, percent_said="100 %"),
        replace(STANDING, title="W" * 400, line="i" * 900, counted="ж" * 300, percent_said="١٠٠ ٪"),
        replace(STANDING, title="Приливы: ё й", line="Ελληνικά, עברית", percent_said="百"),
    ],
)
def test_it_is_drawn_whatever_stands_in_it(standing: Standing) -> None:
    first = progress_picture(standing, 5)
    assert opened(first).size == (1280, 720)
    assert first == progress_picture(standing, 5), "the same for the same arguments"
