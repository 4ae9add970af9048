"""kill -9 at three moments of a generation: before a call, after the answer, after the commit. All courses get ready,
what is saved is never asked for again, a kill costs no call but those that it cut off, one status message each."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from tests.faults.fleets import Form, form, postgres, redis_server, scaled, single
from tests.faults.makers import Kill, Makers, Piece, Wish, makers
from tests.faults.moments import MOMENTS, Moment, Moments, pieces_of, topic_of
from tests.faults.rig import SEED
from tests.kit.model_server import Call, Pace

__all__ = ["form", "postgres", "redis_server", "scaled", "single"]

PACE = Pace(first_token_seconds=0.2, tokens_per_second=2_500)
OPEN = {1: 4, 3: 18}  # courses that are made side by side, by the number of workers
LONGEST = 400.0  # seconds that a course may take among all the kills that others are drawn for
ONCE = ("accepted", "outline", "planned", "picture_done", "lessons_done", "saved", "ready")
Part = tuple[str, int, tuple[int, ...]]  # what takes one call when nobody is killed: a plan, a lesson's texts, a quiz
_OF = """FROM learner AS p JOIN generation AS g ON g.learner_id = p.id JOIN course AS c ON c.id = g.course_id
    AND c.owner_id = p.id"""
_COURSES = f"SELECT c.state, g.state {_OF} WHERE p.telegram_id = "
_SECTIONS = f"""SELECT l.state, s.body <> '', s.quiz, s.written_at, l.position, s.position {_OF}
    JOIN lesson AS l ON l.course_id = c.id LEFT JOIN section AS s ON s.lesson_id = l.id WHERE p.telegram_id = """
_EVENTS = f"SELECT e.seq, e.progress, e.code {_OF} JOIN generation_event AS e ON e.generation_id = g.id"
_REST = f"""SELECT (SELECT count(*) FROM picture AS i WHERE i.course_id = c.id),
    (SELECT count(*) FROM quality_report AS q WHERE q.course_id = c.id), g.finished_at {_OF} WHERE p.telegram_id = """


async def test_a_kill_at_each_moment(scaled: Form, tmp_path: Path) -> None:
    await kill_and_check(scaled, tmp_path, SEED, each=1)


@pytest.mark.soak
async def test_a_hundred_courses_are_killed_at_each_moment(form: Form, tmp_path: Path) -> None:
    await kill_and_check(form, tmp_path, SEED + 1, each=100)


async def kill_and_check(form: Form, folder: Path, seed: int, each: int) -> None:
    """So many courses for each moment; of the commits that a kill follows every fifth is the last of its course."""
    begun = time.monotonic()
    async with makers(form, folder, seed, PACE) as made:
        times = dict(zip(MOMENTS, (each, each, each - each // 5, each // 5), strict=True))
        drawn = [moment for moment in MOMENTS for _ in range(times[moment])]
        made.rng.shuffle(drawn)
        wishes = await made.wishes([f"Kites {number:04}" for number in range(len(drawn))])
        moments = made.model.witness = Moments(made)
        moments.draw(zip(wishes, drawn, strict=True))
        async with asyncio.TaskGroup() as group:
            making = group.create_task(_make_all(wishes, OPEN[form.workers]))
            group.create_task(_strike_all(moments, drawn))
        await made.rest()
        assert [await worker.stop() for worker in made.workers.values()] == [0] * form.workers
        for wish in wishes:
            await _check_course(made, wish)
            _check_chat(wish)
        again = _check_calls(made, wishes)
    took = f"{time.monotonic() - begun:.0f} s, slowest course {max(making.result()):.0f} s"
    print(f"{len(wishes)} courses, {len(made.kills)} kills, {took}")
    print(f"{len(made.model.calls)} calls, again {again.total()}: {sorted(Counter(again.values()).items())}")


async def _make_all(wishes: Sequence[Wish], at_once: int) -> list[float]:
    """Have all courses made, so many at once; how many seconds each took."""
    places = asyncio.Semaphore(at_once)

    async def one(wish: Wish) -> float:
        async with places:
            begun = time.monotonic()
            await wish.someone.seat.press(wish.card.raw["message_id"], wish.card.data("Make this course"))
            await wish.someone.sees("Your course is ready", button="▶ Start", timeout=LONGEST)
            return time.monotonic() - begun

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(wish)) for wish in wishes]
    return [task.result() for task in tasks]


async def _strike_all(moments: Moments, drawn: Sequence[Moment]) -> None:
    while moments.strikes.total() < len(drawn):
        async with asyncio.timeout(LONGEST):
            await moments.strike()
    assert moments.strikes == Counter(drawn)


async def _check_course(made: Makers, wish: Wish) -> None:
    """One course, with everything in it; nothing happened twice, and no text was asked for after it was stored."""
    assert await made.rows(_COURSES + str(wish.person)) == [("ready", "ready")]
    sections = await made.rows(_SECTIONS + str(wish.person))
    assert len(sections) >= 6
    assert {(lesson, bool(body), quiz) for lesson, body, quiz, *_ in sections} == {("ready", True, "ready")}
    events = await made.rows(f"{_EVENTS} WHERE p.telegram_id = {wish.person} ORDER BY e.seq")
    assert [seq for seq, _, _ in events] == list(range(1, len(events) + 1)), "a feed with a hole"
    assert [at for _, at, _ in events] == sorted(at for _, at, _ in events), "a progress that falls"
    told = Counter(code for _, _, code in events)
    lessons = {lesson for *_, lesson, _ in sections}
    wanted = dict.fromkeys(ONCE, 1) | {"section": len(sections), "lesson": len(lessons), "lesson_failed": 0}
    assert {code: told[code] for code in wanted} == wanted
    ((pictures, reports, finished),) = await made.rows(_REST + str(wish.person))
    assert (pictures, reports) == (1, 1)
    written: dict[Piece, int] = {("body", lesson, section): at for _, _, _, at, lesson, section in sections}
    for call in _calls(made, wish):
        assert call.at * 1000 <= min([finished, *(written.get(piece, finished) for piece in pieces_of(made, call))]) + 1


def _check_chat(wish: Wish) -> None:
    """One status message, the card of before, now with the picture; at most one more that rings."""
    status, *rung = wish.someone.messages()
    assert status.raw["message_id"] == wish.card.raw["message_id"]
    assert "photo" in status.raw
    assert "Your course is ready" in status.text
    assert status.buttons == ["▶ Start"]
    assert ["is ready" in one.text for one in rung] in ([], [True])


def _check_calls(made: Makers, wishes: Sequence[Wish]) -> Counter[tuple[int, int]]:
    """Nothing that a kill had left was asked for after it, and nothing else but what a kill had cut off; how many calls
    were made again, by the kill (its number) and the learner."""
    again: Counter[tuple[int, int]] = Counter()
    for wish in wishes:
        parts: dict[Part, list[Call]] = defaultdict(list)
        for call in _calls(made, wish):
            asked = pieces_of(made, call)
            for kill in made.kills:
                both = asked & kill.saved.get(wish.person, set()) if call.at > kill.looked else None
                assert not both, f"{both} were saved and asked for again"
            parts[call.kind, call.lesson or 0, call.sections if call.kind == "quiz" else ()].append(call)
        for part, calls in parts.items():
            cut = [_cut_by(made.kills, one, other) for one, other in pairwise(calls)]
            assert None not in cut, f"{part} was asked for again and not cut off"
            assert len(set(cut)) == len(cut), f"{part} was asked for twice after one kill"
            again.update((number, wish.person) for number in cut if number is not None)
    return again


def _cut_by(kills: Sequence[Kill], one: Call, other: Call) -> int | None:
    """Which kill cut a call off, so that there was another; what arrives from the dead is of before."""
    return next(
        (
            at
            for at, kill in enumerate(kills)
            if kill.name == one.client and one.at <= kill.back and kill.at <= other.at
        ),
        None,
    )


def _calls(made: Makers, wish: Wish) -> list[Call]:
    return [call for call in made.model.calls if topic_of(call) == wish.topic and call.kind != "proposal"]
