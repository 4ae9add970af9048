"""Quiet geometric patterns, one of a few kinds, all from a seed."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

    from services.pictures.palette import Colour, Palette

_FINER = 3  # drawn larger and scaled down, since Pillow's shapes have hard edges
Motif = Callable[["ImageDraw", int, int, Random, "Palette"], None]


def quarters(draw: ImageDraw, width: int, height: int, random: Random, palette: Palette) -> None:
    """Tiles that each hold a quarter, a half or a whole circle."""
    side = height // 6
    for row in range(6):
        for column in range(math.ceil(width / side)):
            left, top = column * side, row * side
            ground, figure = random.sample([palette.paper, *palette.accents], 2)
            draw.rectangle((left, top, left + side, top + side), fill=ground)
            _tile(draw, random.choice("qqqhcpb"), left, top, side, figure, random)


def _tile(draw: ImageDraw, kind: str, left: int, top: int, side: int, figure: Colour, random: Random) -> None:
    across, down = random.randrange(2), random.randrange(2)
    x, y = left + across * side, top + down * side
    angle = {(0, 0): 0, (1, 0): 90, (1, 1): 180, (0, 1): 270}[across, down]
    if kind == "q":
        draw.pieslice((x - side, y - side, x + side, y + side), angle, angle + 90, fill=figure)
    elif kind == "h":
        middle = y - side // 2, y + side // 2
        box = (left, middle[0], left + side, middle[1])
        draw.pieslice(box, 180 * down, 180 * down + 180, fill=figure)
    elif kind == "c":
        draw.ellipse((left + side // 6, top + side // 6, left + side * 5 // 6, top + side * 5 // 6), fill=figure)
    elif kind == "p":
        corner = [(left, top), (left + side, top), (left + side, top + side), (left, top + side)]
        corner.pop(random.randrange(4))
        draw.polygon(corner, fill=figure)


def waves(draw: ImageDraw, width: int, height: int, random: Random, palette: Palette) -> None:
    """A disc over layers of hills or water."""
    far, sun, near, haze = palette.accents
    draw.rectangle((0, 0, width, height), fill=haze)
    radius = int(height * random.uniform(0.11, 0.17))
    x, y = int(width * random.uniform(0.3, 0.7)), int(height * random.uniform(0.2, 0.32))
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=sun)
    layers = [palette.paper, far, near, sun, palette.ink]
    for number, colour in enumerate(layers):
        level = height * (0.42 + 0.135 * number)
        swell, turns, start = (
            height * random.uniform(0.02, 0.055),
            random.uniform(0.6, 1.5),
            random.uniform(0, math.tau),
        )
        edge = [
            (x, int(level + swell * math.sin(start + math.tau * turns * x / width))) for x in range(0, width + 8, 8)
        ]
        draw.polygon([(0, height), *edge, (width, height)], fill=colour)


def rings(draw: ImageDraw, width: int, height: int, random: Random, palette: Palette) -> None:
    """Rings around a centre near an edge, with a few small bodies on them."""
    ground, bright, warm, cool = palette.accents
    draw.rectangle((0, 0, width, height), fill=ground)
    x, y = int(width * random.choice((0.0, 0.5, 1.0))), int(height * random.choice((0.35, 0.5, 0.65, 1.0)))
    step = height // random.choice((9, 10, 11))
    count = math.ceil(math.hypot(width, height) / step) + 1
    for number in range(count, 0, -1):
        radius = number * step
        fill = (cool, ground)[number % 2] if number > 2 else (warm, bright)[number % 2]
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
    for number in random.sample(range(3, count), min(5, count - 3)):
        angle, size = random.uniform(0, math.tau), step * random.uniform(0.22, 0.42)
        at = x + (number - 0.5) * step * math.cos(angle), y + (number - 0.5) * step * math.sin(angle)
        colour = random.choice((bright, warm, palette.paper))
        draw.ellipse((at[0] - size, at[1] - size, at[0] + size, at[1] + size), fill=colour)


def moons(draw: ImageDraw, width: int, height: int, random: Random, palette: Palette) -> None:
    """Discs in rows, waxing from top to bottom."""
    first, bright, warm, cool = palette.accents
    night = palette.ink if sum(palette.ink) < sum(palette.paper) else first
    draw.rectangle((0, 0, width, height), fill=night)
    rows, side = 6, height // 6
    columns = math.ceil(width / side)
    colours = [random.choice((bright, warm, cool)) for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            part = (row * columns + column + 1) / (rows * columns)
            x, y, radius = column * side + side // 2, row * side + side // 2, int(side * 0.36)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=_between(night, colours[row], 0.16))
            _moon(draw, x, y, radius, part, colours[row])


def _between(one: Colour, other: Colour, part: float) -> Colour:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _moon(draw: ImageDraw, x: int, y: int, radius: int, part: float, colour: Colour) -> None:
    """A disc of which `part` (0 to 1) is lit from the right."""
    right = [(radius * math.sin(step * math.pi / 40), -radius * math.cos(step * math.pi / 40)) for step in range(41)]
    inner = [(across * (1 - 2 * part), down) for across, down in reversed(right)]
    draw.polygon([(x + across, y + down) for across, down in (*right, *inner)], fill=colour)


MOTIFS: tuple[Motif, ...] = (quarters, waves, rings, moons)


def motif(seed: int, width: int, height: int, palette: Palette) -> Image:
    """A picture of `width` × `height` pixels in the colours of `palette`: the same for the same seed."""
    from PIL import Image, ImageDraw

    random = Random(f"motif {seed}")
    image = Image.new("RGB", (width * _FINER, height * _FINER), palette.paper)
    random.choice(MOTIFS)(ImageDraw.Draw(image), width * _FINER, height * _FINER, random, palette)
    return image.reduce(_FINER)
