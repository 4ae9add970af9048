"""Check 3: that a course climbs. Levels after Bloom's revised taxonomy: of a question as it declares, of an outcome by
its verb."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.authors.protocol import Level, QuestionDraft
from services.quality.bloom_verbs import VERBS
from services.quality.finding import Finding
from services.rules.reading import WORD

LEVELS = ("remember", "understand", "apply", "analyse", "evaluate", "create")
APPLY = LEVELS.index("apply")
DEEP_SHARE = 0.3
ENOUGH_QUESTIONS = 5  # a share of fewer says nothing
_SPELLINGS = {"analyze": "analyse"}
_BEFORE_VERBS = frozenset({"you", "learners", "they", "can", "will", "be", "able", "to", "how", "know"})


def declared(bloom: str) -> int | None:
    """The place (0–5) of a level by its name; None for none that we know."""
    name = bloom.strip().casefold()
    name = _SPELLINGS.get(name, name)
    return LEVELS.index(name) if name in LEVELS else None


def level_of(outcome: str, language: str) -> int | None:
    """The level (0–5) of an outcome in words, by the first verb that is in the list of its language; None without."""
    own = language.partition("-")[0]
    words = WORD.findall(outcome.casefold())
    if own == "en":  # its verb comes first; further on, "use" and "plan" are nouns
        words = [word for word in words if word not in _BEFORE_VERBS and not word.endswith("ly")][:1]
    verbs = VERBS.get(own, {})
    return next((verbs[word] for word in words if word in verbs), None)


def highest(outcomes: Sequence[str], questions: Sequence[QuestionDraft], language: str) -> int | None:
    """The highest level that a lesson comes to; None if nothing says."""
    levels = [level_of(outcome, language) for outcome in outcomes]
    levels += [declared(question.bloom) for question in questions]
    return max((level for level in levels if level is not None), default=None)


def progression(maxima: Sequence[int | None]) -> Iterator[Finding]:
    """Lessons whose highest level falls by more than one below that of the lesson before (those that say nothing are
    passed over)."""
    before: int | None = None
    for place, level in enumerate(maxima):
        if level is None:
            continue
        if before is not None and level < before - 1:
            found = f"falls from {LEVELS[before]} to {LEVELS[level]}"
            yield Finding(f"lessons.{place}", "bloom", found, "at most one level lower than before", "warning")
        before = level


def depth(questions: Sequence[QuestionDraft], level: Level) -> Iterator[Finding]:
    """Past beginner: fewer than 30 % of the questions that declare a level ask to apply or more."""
    levels = [asked for question in questions if (asked := declared(question.bloom)) is not None]
    deep = sum(asked >= APPLY for asked in levels)
    if level != "beginner" and len(levels) >= ENOUGH_QUESTIONS and deep < DEEP_SHARE * len(levels):
        found = f"{round(100 * deep / len(levels))} % of {len(levels)} questions ask to apply or more"
        yield Finding("questions", "bloom", found, f"at least {round(100 * DEEP_SHARE)} %", "warning")
