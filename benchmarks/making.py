"""A course of six lessons against a stub of the model whose speed is known, beside one step after another."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.table import Line
from benchmarks.workshop import Purse, stub, workshop
from services.authors.model.gate import MOST
from services.authors.model.sizes import size_for
from services.authors.protocol import Order

MINUTES = 150  # for which the author asks for six lessons of three sections
FIRST_TOKEN = 1.0  # seconds; f
TOKENS_PER_SECOND = 60.0  # r
PLAN_TOKENS, LESSON_TOKENS = 1_500, 3_000  # P, L
PICTURE = 12.0  # seconds; I
SCALE = 0.4  # of all these seconds, so that a run does not take minutes
CHARACTERS = 2_400  # of a section's text at least: so that checks have something to read
ORDER = Order(
    title="Sourdough: from flour to a risen loaf",
    description="Why a mix of flour and water comes alive, and how to steer it from day to day.",
    objectives=("explain what lives in a starter", "keep a starter alive", "judge a dough by eye and hand"),
    level="beginner",
    minutes=MINUTES,
    language="en",
)
PLAN = FIRST_TOKEN + PLAN_TOKENS / TOKENS_PER_SECOND
LESSON = FIRST_TOKEN + LESSON_TOKENS / TOKENS_PER_SECOND


def pace(scale: float) -> dict[str, float]:
    """The stub's, for its command line."""
    return {
        "first-token": FIRST_TOKEN,
        "tokens-per-second": TOKENS_PER_SECOND,
        "plan-tokens": PLAN_TOKENS,
        "lesson-tokens": LESSON_TOKENS,
        "characters": CHARACTERS,
        "scale": scale,
    }


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """The promises about making a course. Takes less than a minute."""
    say("a course with texts that a check blocks")
    blocked, repairs = await _blocked(folder / "blocked")
    say("a course of six lessons")
    first, whole, cached, purse = await _course(folder / "course")
    lessons = size_for(MINUTES)[0]
    return [*_speed(lessons, first, whole), *_tokens(lessons, cached, purse, blocked, repairs)]


def _speed(lessons: int, first: float, whole: float) -> list[Line]:
    """Beside one step after another, reckoned without any time lost between them: plan, picture, lesson after lesson;
    a section can be read once its lesson is written."""
    rounds = -(-lessons // MOST)
    formula = PLAN + max(PICTURE, rounds * LESSON)
    peer_first, peer_whole = PLAN + PICTURE + LESSON, PLAN + PICTURE + lessons * LESSON
    told = f"one after another {peer_first:.0f} and {peer_whole:.0f} s"
    return [
        Line("first section readable, to one after another", first / peer_first, 0.25, f"{first:.1f} s; {told}"),
        Line(f"{lessons} lessons: whole course, to one after another", whole / peer_whole, 0.25, f"{whole:.1f} s"),
        Line(
            "whole course, to (f+P/r) + max(I, ceil(N/c)(f+L/r))",
            whole / formula,
            1.05,
            f"{formula:.1f} s (measured at {SCALE} of real time)",
        ),
    ]


def _tokens(lessons: int, cached: float, purse: Purse, blocked: int, repairs: Purse) -> list[Line]:
    written = purse.output("body", "quiz") / lessons
    more = repairs.calls("body", "quiz", "repair") - purse.calls("body", "quiz", "repair")
    repair = repairs.output("repair") / blocked
    return [
        Line(
            "input from lesson 2 on that is not cached",
            1 - cached,
            0.20,
            f"{cached:.0%} cached, by the stub's accounts; {purse.calls('body', 'quiz', 'repair')} calls",
        ),
        Line("a blocked text: calls more", more / blocked, 1, f"{more} for {blocked} blocked texts", "calls"),
        Line(
            "a blocked text: tokens of its repair, to a lesson",
            repair / written,
            0.25,
            f"{repair:.0f} tokens written; a lesson has {written:.0f}",
        ),
    ]


async def _course(folder: Path) -> tuple[float, float, float, Purse]:
    """Seconds, as if at full scale, until the first section can be read and until the course is ready; the cached
    share; what was used."""
    first = 0.0
    async with stub(folder, pace(SCALE)) as model, workshop(folder, model.url, PICTURE * SCALE) as made:
        begun = time.monotonic()
        async for event in made.make(ORDER, "benchmark"):
            assert event.code not in {"failed", "lesson_failed"}, event
            if event.code == "section" and not first:
                first = time.monotonic() - begun
        whole = time.monotonic() - begun
        return first / SCALE, whole / SCALE, model.cached_share(ORDER.title), made.purse


async def _blocked(folder: Path) -> tuple[int, Purse]:
    """How many texts a check blocks when all of lesson 3 have something in them that must not be there, and what is
    used then."""
    fault = {"name": "leftovers", "kind": "body", "lesson": 2}
    async with stub(folder, {"characters": CHARACTERS}, fault) as model, workshop(folder, model.url) as made:
        async for event in made.make(ORDER, "benchmark"):
            assert event.code not in {"failed", "lesson_failed"}, event
        texts = [call["sections"] for call in model.accounts() if (call["kind"], call["lesson"]) == ("body", 2)]
        return len(texts[0]), made.purse
