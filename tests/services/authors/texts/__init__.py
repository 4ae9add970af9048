"""Texts written for these tests."""

from __future__ import annotations

import random
from pathlib import Path


def _text(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


BREAD = _text("bread.md")
RUSSIAN = _text("russian.md")
ARABIC = _text("arabic.md")
CHINESE = _text("chinese.md")

_WORDS = [
    "river",
    "stone",
    "bridge",
    "harvest",
    "winter",
    "candle",
    "market",
    "village",
    "garden",
    "forest",
    "signal",
    "engine",
    "ladder",
    "mirror",
    "pocket",
    "copper",
    "silver",
    "window",
    "corner",
    "letter",
    "number",
    "summer",
    "shadow",
    "bottle",
    "basket",
    "button",
    "carpet",
    "castle",
    "cotton",
    "dinner",
    "donkey",
    "feather",
    "finger",
    "flower",
]


def long_text(chapters: int, paragraphs: int, words: int) -> str:
    """A text of `chapters` headings with `paragraphs` each of `words` words: no sense, but the shape of a book."""
    rng = random.Random(7)
    parts = ["# A very long book about many small things\n"]
    for chapter in range(1, chapters + 1):
        parts.append(f"## Chapter {chapter}: the {rng.choice(_WORDS)} and the {rng.choice(_WORDS)} of year {chapter}\n")
        for _ in range(paragraphs):
            sentences = [" ".join(rng.choices(_WORDS, k=12)).capitalize() + "." for _ in range(words // 12)]
            parts.append(" ".join(sentences) + "\n")
    return "\n".join(parts)
