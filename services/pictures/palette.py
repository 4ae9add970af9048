"""Colours that go together, and how well one can be read on another."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Palette:
    """`paper` behind everything, `ink` for the title, `soft` for the line below it, `accents` for shapes only."""

    name: str
    paper: Colour
    ink: Colour
    soft: Colour
    accents: tuple[Colour, Colour, Colour, Colour]


def _colour(code: str) -> Colour:
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def _palette(name: str, paper: str, ink: str, soft: str, accents: str) -> Palette:
    first, second, third, fourth = (_colour(code) for code in accents.split())
    return Palette(name, _colour(paper), _colour(ink), _colour(soft), (first, second, third, fourth))


PALETTES: tuple[Palette, ...] = (
    _palette("harbour", "F4EFE6", "1D2B3A", "4A5A68", "2F5D7C E0A458 C8553D 8FB8C0"),
    _palette("orchard", "F6F1E4", "24301F", "55614C", "4F7A4C E0AE4A B4532A A9BF92"),
    _palette("night", "17202E", "F2EEE3", "AEB9C6", "3D5A80 E6B655 D9694F 7FA6B8"),
    _palette("plum", "F7F0EF", "33202E", "6A5263", "7A4468 DD9270 E5BE6B B8A0BC"),
    _palette("moss", "1C2823", "F1EEE0", "B4C0AF", "4E7F62 DDB65C C6714B A7C0A0"),
    _palette("clay", "FAF3EA", "3A241C", "6B5549", "B5532F E5AC72 64765A D9C7A3"),
    _palette("ice", "EEF3F5", "1C2D3A", "4B5F6D", "3C7A99 F0A868 D2604A 9CC5C6"),
    _palette("dusk", "221B2E", "F4EFEA", "BDB4CC", "6A5A9C E3A857 D2697A 9FA8D8"),
)


def palette_for(seed: int) -> Palette:
    """The palette that belongs to `seed`, always the same."""
    return Random(f"palette {seed}").choice(PALETTES)


def luminance(colour: Colour) -> float:
    """Relative luminance of an sRGB colour, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (c / 255 for c in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2); text needs 4.5 on what is behind it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
