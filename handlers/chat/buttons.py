"""What a button means: typed, versioned, at most 64 bytes, and never more than a name for something to look up.

A button's data is ``<version><code>`` followed by ``.field`` for each field, whole numbers in base 36. Whether the
person who pressed it may do what it says is decided where the thing is looked up, never here: data can be forged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import ClassVar, TypeVar, dataclass_transform, get_type_hints

VERSION = "1"
MAX_BYTES = 64  # Telegram's limit of callback_data
MAX_NUMBER = 2**63 - 1

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBER = re.compile(r"[0-9a-z]{1,13}")
_WORD = re.compile(r"[A-Za-z0-9_/+-]{1,48}")


class StaleButton(Exception):
    """The data is of an older version of the bot, forged, or otherwise not one of today's buttons."""


class Button:
    """The base of all buttons; each is a frozen dataclass with a `code` and fields of int or short plain str."""

    code: ClassVar[str]


B = TypeVar("B", bound=Button)
_BY_CODE: dict[str, tuple[type[Button], tuple[type, ...]]] = {}


@dataclass_transform(frozen_default=True)
def button(code: str) -> Callable[[type[B]], type[B]]:
    """Register a button class under a one- or two-letter code that no other has."""

    def register(cls: type[B]) -> type[B]:
        if code in _BY_CODE:
            raise ValueError(f"button code {code} is taken")
        made = dataclass(frozen=True, slots=True)(cls)
        made.code = code
        hints = get_type_hints(made)
        _BY_CODE[code] = (made, tuple(hints[field.name] for field in fields(made)))  # type: ignore[arg-type]
        return made

    return register


def _to_base36(number: int) -> str:
    if number < 0:
        raise ValueError(f"{number} does not fit a button")
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
        if not number:
            return digits


def encode(pressed: Button) -> str:
    """The callback data of a button. Raises ValueError if it would not fit Telegram's 64 bytes or not come back."""
    parts = [VERSION + pressed.code]
    for field in fields(pressed):  # type: ignore[arg-type]
        value = getattr(pressed, field.name)
        parts.append(_to_base36(value) if isinstance(value, int) else value)
    data = ".".join(parts)
    if len(data.encode()) > MAX_BYTES or not _comes_back(data, pressed):
        raise ValueError(f"{pressed!r} does not fit a button")
    return data


def _comes_back(data: str, pressed: Button) -> bool:
    try:
        return decode(data) == pressed
    except StaleButton:
        return False


@lru_cache(maxsize=4096)
def decode(data: str) -> Button:
    """The button that data stands for. Raises StaleButton for anything that `encode` does not make."""
    head, *rest = data.split(".")
    known = _BY_CODE.get(head[1:])
    if head[:1] != VERSION or known is None or len(rest) != len(known[1]):
        raise StaleButton(data)
    cls, types = known
    values: list[int | str] = []
    for kind, text in zip(types, rest, strict=True):
        if not (_NUMBER if kind is int else _WORD).fullmatch(text):
            raise StaleButton(data)
        values.append(int(text, 36) if kind is int else text)
        if kind is int and int(text, 36) > MAX_NUMBER:
            raise StaleButton(data)
    return cls(*values)


@button("s")
class OpenSection(Button):
    """Show page `page` (0-based) of a section."""

    section_id: int
    page: int


@button("d")
class MarkDone(Button):
    """✅: this section is done."""

    section_id: int


@button("u")
class Undo(Button):
    """Take a completion back, within a minute."""

    section_id: int


@button("n")
class WriteNote(Button):
    """Write a note on a section, and come back to its page `page`."""

    section_id: int
    page: int


@button("l")
class OpenLesson(Button):
    """Show a lesson's card."""

    course_id: int
    lesson_id: int


@button("c")
class OpenCourse(Button):
    """Show a course: its lessons and where one is."""

    course_id: int


@button("k")
class Continue(Button):
    """Go to the next uncompleted section of a course."""

    course_id: int
