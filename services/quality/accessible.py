"""Check 21: that nobody is left out by how a course is written: pictures in words, headings, no sign for a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from services.authors.protocol import QuestionDraft
from services.quality.finding import Finding
from services.quality.text import Text, images
from services.rules.reading import reading_minutes

_SIGNS = frozenset({"So", "Sk", "Cs"})
_SIGN = re.compile("[\u00a9\u00ae\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]")
_BESIDE = frozenset("\ufe0e\ufe0f\u200d\u20e3 ")


def accessible(title: str, text: Text, path: str) -> Iterator[Finding]:
    """A section without a heading, a picture without words, a line that says what it says by a sign alone."""
    if not title.strip():
        yield Finding(f"{path}.title", "accessible", "no heading", "a heading for each section")
    if any(not words for words in images(text.body)):
        yield Finding(f"{path}.body", "accessible", "a picture without words", "an alternative text")
    for block in text.prose:
        if by_sign_alone(block.raw):
            found = f"“{block.raw.strip()[:10]}” alone (line {block.line + 1})"
            yield Finding(f"{path}.body", "accessible", found, "words beside the sign")


def accessible_question(question: QuestionDraft, path: str) -> Iterator[Finding]:
    """A question or an option that is a sign alone."""
    parts = [("prompt", question.prompt)]
    parts += [(f"options.{at}.text", option.text) for at, option in enumerate(question.options)]
    for name, text in parts:
        if by_sign_alone(text):
            yield Finding(f"{path}.{name}", "accessible", "a sign alone", "words beside the sign")


def minutes_told(body: str, questions: int, minutes: int, path: str) -> Iterator[Finding]:
    """Minutes that are not those of the text with its questions."""
    true = reading_minutes(body, questions)
    if minutes != true:
        yield Finding(f"{path}.minutes", "accessible", f"{minutes} min told", f"{true} min, as the text takes")


def by_sign_alone(text: str) -> bool:
    """Whether `text` holds an emoji or the like and nothing that could be read out besides."""
    if not _SIGN.search(text):
        return False
    held = [character for character in text if character not in _BESIDE]
    kinds = [unicodedata.category(character) for character in held]
    return any(kind in _SIGNS for kind in kinds) and not any(kind[0] in "LN" for kind in kinds)
