from __future__ import annotations

import pytest

from services.pictures.palette import PALETTES, Palette, contrast, luminance, palette_for


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ((0, 0, 0), (255, 255, 255), 21.0),
        ((255, 255, 255), (0, 0, 0), 21.0),
        ((119, 119, 119), (255, 255, 255), 4.48),
        ((118, 118, 118), (255, 255, 255), 4.54),
        ((10, 20, 30), (10, 20, 30), 1.0),
    ],
)
def test_contrast_is_that_of_the_guideline(
    one: tuple[int, int, int], other: tuple[int, int, int], ratio: float
) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


def test_luminance_weighs_green_most() -> None:
    red, green, blue = luminance((255, 0, 0)), luminance((0, 255, 0)), luminance((0, 0, 255))
    assert green > red > blue
    assert red + green + blue == pytest.approx(1)


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_text_can_be_read_in_every_palette(palette: Palette) -> None:
    assert contrast(palette.ink, palette.paper) >= 7
    assert contrast(palette.soft, palette.paper) >= 4.5


def test_a_seed_has_one_palette_and_all_palettes_are_used() -> None:
    assert all(palette_for(seed) is palette_for(seed) for seed in range(20))
    assert {palette_for(seed).name for seed in range(200)} == {palette.name for palette in PALETTES}
