"""Source texts that come with the program, so that a course can be made from the first minute, without any key."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from services.errors import NotFound


@dataclass(frozen=True, slots=True)
class Sample:
    """A bundled text: a stable `key` (ASCII, short enough for a button), its `title` as in the file, an `emoji` as a
    sign beside it, a `description` of one line, and the `file` that holds it (Markdown in UTF-8)."""

    key: str
    title: str
    emoji: str
    description: str
    file: str


SAMPLES: tuple[Sample, ...] = (
    Sample(
        "sourdough",
        "Sourdough: From Flour to a Risen Loaf",
        "🍞",
        "Why a mix of flour and water comes alive, and how to bake with it.",
        "sourdough.md",
    ),
    Sample(
        "tides",
        "Tides: Why the Sea Rises and Falls",
        "🌊",
        "How the Moon and the Sun move the sea, and how to read a tide table.",
        "tides.md",
    ),
    Sample(
        "iterators",
        "Python Iterators: One Value at a Time",
        "🐍",
        "What a for loop really does, and how to make your own objects walk.",
        "python-iterators.md",
    ),
)


def sample_text(key: str) -> tuple[str, bytes]:
    """File name and content (Markdown, UTF-8) of the sample `key`; reads a small file, so call it off the event loop.

    Raises `NotFound` (``sample``) for an unknown key."""
    for sample in SAMPLES:
        if sample.key == key:
            return sample.file, resources.files(__name__).joinpath(sample.file).read_bytes()
    raise NotFound("sample")
