"""How large a course is asked for, by the minutes that the learner has, and how long answers may be. Pure numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.authors.protocol import SectionPlan
from services.rules.reading import CHARACTERS_PER_MINUTE, MINUTES_PER_QUESTION, WORDS_PER_MINUTE

SECTION_MINUTES = (4, 15)
TOKENS_PER_SECOND = 60.0  # what the services write at, roughly: for estimates only
TOKENS_PER_MINUTE = 300  # of reading: 200 words, and what surrounds them in an answer
UNSPACED_LANGUAGES = frozenset({"zh", "ja", "th", "lo", "km", "my"})
LEAST_MINUTES = 30  # of a course
LEAST_LESSONS = 3
TEACHING = 3  # a source is taught in at most so many times its own reading time
SECTION_SOURCE = 600  # characters of source that a section needs to rest on something of its own
QUESTIONS = 2  # expected for a section
MOST_QUESTIONS = 3
QUESTION_TOKENS = 250
CONTRACT_TOKENS = 450
THINKING = 4_000  # tokens that a model may think before it writes
MOST_ROOM = 64_000  # what the services give at most


def size_for(minutes: int) -> tuple[int, int]:
    """Lessons (4–8) and sections in each (2–3) to ask for, for a course of `minutes` minutes."""
    lessons = min(8, max(4, round(4 + (minutes - 30) / 60)))
    return lessons, 2 if minutes <= lessons * 2 * 8 else 3


def enough_for(characters: int, language: str) -> int:
    """For how many minutes of a course (30 at least) a source of so many characters is enough, in steps of five: it is
    explained, practised and asked about, which takes some times as long as to read it."""
    rate = CHARACTERS_PER_MINUTE * (1 if _is_unspaced(language) else 2)
    return max(LEAST_MINUTES, round(characters / rate * TEACHING / 5) * 5)


def size_from(characters: int, language: str, minutes: int) -> tuple[int, int]:
    """Lessons (3–8) and sections in each (2–3) to ask for, for a course of `minutes` minutes that rests on a source of
    so many characters: no more than it can carry."""
    lessons, sections = size_for(minutes)
    carried = characters * (2 if _is_unspaced(language) else 1) // SECTION_SOURCE
    lessons = min(lessons, max(LEAST_LESSONS, carried // 2))
    return lessons, min(sections, max(2, carried // lessons))


def objectives_for(minutes: int) -> int:
    """How many objectives to propose for a course of `minutes` minutes: 3–6."""
    return min(6, max(3, 2 + size_for(minutes)[0] // 2))


def questions_for(section: SectionPlan) -> int:
    """How many questions to ask for on a section: two, or one for each objective that it serves, three at most."""
    return min(MOST_QUESTIONS, max(QUESTIONS, len(section.objectives)))


def fit_minutes(planned: Sequence[int], total: float) -> list[int]:
    """`planned` minutes of sections brought near to `total`, each kept within 4–15."""
    lowest, highest = SECTION_MINUTES
    rough = [min(highest, max(lowest, minutes)) for minutes in planned]
    factor = total / max(1, sum(rough))
    return [min(highest, max(lowest, round(minutes * factor))) for minutes in rough]


def lengths(minutes: Mapping[int, int], language: str) -> str:
    """How long the text of each section is to be, by its number and its minutes with questions, for a prompt."""
    rate, unit = (CHARACTERS_PER_MINUTE, "characters") if _is_unspaced(language) else (WORDS_PER_MINUTE, "words")
    reading = {number: (each - QUESTIONS * MINUTES_PER_QUESTION) * rate for number, each in minutes.items()}
    return ", ".join(f"section {number} about {round(each / 50) * 50} {unit}" for number, each in reading.items()) + "."


def proposal_room(cut: int) -> int:
    """Tokens for a proposal, after it was cut off `cut` times."""
    return _room(2_000, cut)


def plan_room(contracts: int, cut: int) -> int:
    """Tokens for an outline and so many contracts."""
    return _room(1_000 + contracts * CONTRACT_TOKENS * 2, cut)


def bodies_room(minutes: int, cut: int) -> int:
    """Tokens for texts of so many minutes: twice as many as Latin script takes, as others take more."""
    return _room(minutes * TOKENS_PER_MINUTE * 2, cut)


def quiz_room(questions: int, cut: int) -> int:
    """Tokens for so many questions."""
    return _room(questions * QUESTION_TOKENS * 3, cut)


def making_seconds(minutes: int) -> int:
    """Seconds until a course of `minutes` minutes is made, roughly: a plan, then all lessons side by side."""
    lessons, sections = size_for(minutes)
    plan_tokens = 300 + lessons * sections * 120
    lesson_tokens = minutes / lessons * TOKENS_PER_MINUTE + sections * QUESTIONS * QUESTION_TOKENS
    return round(10 + (plan_tokens + lesson_tokens) / TOKENS_PER_SECOND)


def _is_unspaced(language: str) -> bool:
    return language.partition("-")[0] in UNSPACED_LANGUAGES


def _room(tokens: int, cut: int) -> int:
    return min(MOST_ROOM, (THINKING + tokens) << cut)
