"""How large a course is asked for, by the minutes that the learner has. Pure numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.rules.reading import CHARACTERS_PER_MINUTE, MINUTES_PER_QUESTION, WORDS_PER_MINUTE

SECTION_MINUTES = (4, 15)
TOKENS_PER_SECOND = 60.0  # what the services write at, roughly: for estimates only
TOKENS_PER_MINUTE = 300  # of reading: 200 words, and what surrounds them in an answer
UNSPACED_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "km", "my"})
QUESTIONS = 2  # expected for a section


def size_for(minutes: int) -> tuple[int, int]:
    """Lessons (4–8) and sections in each (2–3) to ask for, for a course of `minutes` minutes."""
    lessons = min(8, max(4, round(4 + (minutes - 30) / 60)))
    return lessons, 2 if minutes <= lessons * 2 * 8 else 3


def objectives_for(minutes: int) -> int:
    """How many objectives to propose for a course of `minutes` minutes: 3–6."""
    return min(6, max(3, 2 + size_for(minutes)[0] // 2))


def fit_minutes(planned: Sequence[int], total: int) -> list[int]:
    """`planned` minutes of all sections brought near to `total`, each kept within 4–15."""
    lowest, highest = SECTION_MINUTES
    rough = [min(highest, max(lowest, minutes)) for minutes in planned]
    factor = total / max(1, sum(rough))
    return [min(highest, max(lowest, round(minutes * factor))) for minutes in rough]


def lengths(minutes: Mapping[int, int], language: str) -> str:
    """How long the text of each section is to be, by its number and its minutes with questions, for a prompt."""
    unspaced = language.partition("-")[0] in UNSPACED_LANGUAGES
    rate, unit = (CHARACTERS_PER_MINUTE, "characters") if unspaced else (WORDS_PER_MINUTE, "words")
    reading = {number: (each - QUESTIONS * MINUTES_PER_QUESTION) * rate for number, each in minutes.items()}
    return ", ".join(f"section {number} about {round(each / 50) * 50} {unit}" for number, each in reading.items()) + "."


def making_seconds(minutes: int) -> int:
    """Seconds that a plan and lessons written side by side take, roughly, for a course of `minutes` minutes."""
    lessons, sections = size_for(minutes)
    plan_tokens = 300 + lessons * sections * 120
    lesson_tokens = minutes / lessons * TOKENS_PER_MINUTE + sections * QUESTIONS * 250
    return round(10 + (plan_tokens + lesson_tokens) / TOKENS_PER_SECOND)
