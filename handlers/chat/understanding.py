"""What somebody meant who typed where a button was offered, or who asked in a whole sentence. Pure.

The words that are understood belong to each language: texts with keys ``heard.*``, as regular expressions.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from handlers.texts import plain
from services.authors.protocol import Level
from services.validation import LEVELS, clean_text

Intent = Literal["yes", "no", "change", "back"]
INTENTS: tuple[Intent, ...] = ("yes", "no", "change", "back")

_NUMBER = r"\d+(?:[.,]\d+)?"
_MOST_HOURS = 12  # a bare number up to here is hours, above it minutes
_BULLET = re.compile(r"^\s*(?:\(?\d{1,2}[.):]|[-•*–—])\s*")


@lru_cache
def _heard(language: str, what: str) -> re.Pattern[str]:
    return re.compile(plain(language, f"heard.{what}"), re.IGNORECASE)


def topic_of(text: str, language: str) -> str:
    """The topic in "teach me how sourdough works, please": without the asking, beginning with a capital letter."""
    line = clean_text(text)
    asked = _heard(language, "courtesy").sub("", line)
    topic = _heard(language, "asking").sub("", asked, count=1).strip(" .:,;") or line
    return topic[:1].upper() + topic[1:]


def asks_for_course(text: str, language: str) -> bool:
    """Whether a message asks in so many words to be taught something."""
    line = clean_text(text)
    asked = _heard(language, "asking").match(line)
    return asked is not None and bool(line[asked.end() :].strip(" .:,;!?؟"))


def is_small_talk(text: str, language: str) -> bool:
    """Whether a message is a greeting, thanks or the like, and no topic."""
    return _heard(language, "small_talk").fullmatch(clean_text(text).strip(" .!?…¡¿؟")) is not None


def goes_on(text: str, language: str) -> bool:
    """Whether a message says no more than that somebody would like to read on ("next", "I'm back")."""
    return _heard(language, "onward").fullmatch(clean_text(text).strip(" .!?…¡¿؟")) is not None


def level_of(text: str, language: str) -> Level | None:
    """The level that a typed answer names, or None."""
    line = clean_text(text).strip(" .!")
    for level in LEVELS:
        if _heard(language, f"level.{level}").fullmatch(line):
            return level
    return None


def minutes_of(text: str, language: str) -> int | None:
    """The minutes in "90", "1.5 h", "2 hours", "1 h 30", "1:30" or "half an hour", or None; any size."""
    line = clean_text(text).lower().strip(" .!")
    if _heard(language, "half_hour").search(line):
        return 30
    if clock := re.fullmatch(r"(\d{1,2}):(\d{2})", line):
        return int(clock[1]) * 60 + int(clock[2])
    hours = re.search(rf"({_NUMBER})\s*(?:{plain(language, 'heard.hours')})(?:\D{{0,6}}(\d+))?", line)
    if hours:
        return round(_number(hours[1]) * 60) + int(hours[2] or 0)
    if minutes := re.search(rf"({_NUMBER})\s*(?:{plain(language, 'heard.minutes')})\b", line):
        return round(_number(minutes[1]))
    if _heard(language, "one_hour").search(line):
        return 60
    if bare := re.fullmatch(_NUMBER, line):
        number = _number(bare[0])
        return round(number * 60) if number <= _MOST_HOURS else round(number)
    return None


def intent_of(text: str, language: str) -> Intent | None:
    """Yes, no, change or back, if that is all that was said."""
    line = clean_text(text).strip(" .!")
    for intent in INTENTS:
        if _heard(language, intent).fullmatch(line):
            return intent
    return None


def objectives_of(text: str) -> tuple[str, ...]:
    """Objectives typed one a line (or parted by semicolons), without their numbers or bullets."""
    lines = text.splitlines() if len(text.strip().splitlines()) > 1 else text.split(";")
    filled = [clean_text(_BULLET.sub("", line)) for line in lines if line.strip()]
    # A number without a dot is a bullet only if it counts: "3 ways to begin" may be meant.
    counted = (line.removeprefix(f"{number} ") for number, line in enumerate(filled, 1))
    return tuple(line for line in counted if line)


def _number(text: str) -> float:
    return min(float(text.replace(",", ".")), 1e6)
