"""What is asked of a door in a round: completions, batches, reading a course, and 24 completions at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import aiohttp

from benchmarks import school
from benchmarks.doors import Door
from benchmarks.loads import Load, load
from benchmarks.processes import HOST
from benchmarks.sidecar_data import Stock, opened

CONNECTIONS, BATCH_CONNECTIONS = 32, 8
BATCH = 20  # completions in one
AT_ONCE = 24
_SAID = {"time_spent": 240, "interactions": 3}


@dataclass(frozen=True)
class Dose:
    """How much is asked for: of each a few to warm up, and those that are measured. A learner must have as many
    sections as `needed` says, the last of which are left for what is done at once."""

    learners: int = 32
    completions: tuple[int, int] = (2_000, 4_000)
    batches: tuple[int, int] = (32, 128)
    reads: tuple[int, int] = (100, 1_000)

    @property
    def single(self) -> int:
        """Sections of each learner that are completed one by one."""
        return -(-sum(self.completions) // self.learners)

    @property
    def batched(self) -> int:
        """Sections of each learner that are completed in batches."""
        return BATCH * -(-sum(self.batches) // self.learners)

    @property
    def courses(self) -> int:
        """Courses that each learner needs."""
        return -(-(self.single + self.batched + AT_ONCE + 1) // (school.LESSONS * school.SECTIONS))


@dataclass(frozen=True)
class Round:
    """What a door did in one round. `unchanged` are reads that ended with 304; `wrong` counts completions of one
    learner at once that were lost or recorded twice."""

    completion: Load
    batch: Load
    course: Load
    unchanged: Load
    wrong: int


async def one_round(made: Stock, synchronous: str | None, dose: Dose) -> Round:
    """A round of ours (None), or of the peer with SQLite's `synchronous`."""
    singles, batched = dose.single, dose.single + dose.batched
    async with opened(made, synchronous) as door:
        asked = _completions(door, [theirs[:singles] for theirs in made.sections])
        health = door.request("GET", "/health", 0)
        completion = await _load(door, asked, dose.completions, beside=health)
        asked = _batches(door, [theirs[singles:batched] for theirs in made.sections])
        batch = await _load(door, asked, dose.batches, connections=BATCH_CONNECTIONS)
        course, unchanged = await _reads(door, made.read, dose)
        wrong = await _at_once(door, made.sections[0][batched:])
    return Round(completion, batch, course, unchanged, wrong)


async def one_past(made: Stock, synchronous: str | None) -> Load:
    """Completions by those who have done much before; they complete all that there is, the first few to warm up."""
    async with opened(made, synchronous) as door:
        asked = _completions(door, made.sections)
        warm = len(asked) // 8
        return await _load(door, asked, (warm, len(asked) - warm))


async def _load(
    door: Door,
    asked: Sequence[str],
    counts: tuple[int, int],
    *,
    connections: int = CONNECTIONS,
    status: int = 200,
    beside: str | None = None,
) -> Load:
    warm, many = counts
    measured = asked[warm : warm + many]
    return await load(door, measured, warm=asked[:warm], connections=connections, status=status, beside=beside)


def _completions(door: Door, sections: Sequence[Sequence[int]]) -> list[str]:
    """Learners take turns."""
    return [
        door.request("POST", _address(section), person, _SAID)
        for one_each in zip(*sections, strict=True)
        for person, section in enumerate(one_each)
    ]


def _address(section: int) -> str:
    lesson, course = school.home(section)
    return f"/api/v1/courses/{course}/lessons/{lesson}/sections/{section}/complete"


def _batches(door: Door, sections: Sequence[Sequence[int]]) -> list[str]:
    count = len(sections[0]) // BATCH
    return [
        door.request("POST", "/api/v1/progress/batch", person, {"items": list(_items(theirs[at : at + BATCH]))})
        for at in range(0, count * BATCH, BATCH)
        for person, theirs in enumerate(sections)
    ]


def _items(sections: Sequence[int]) -> Iterator[dict[str, object]]:
    for section in sections:
        lesson, course = school.home(section)
        place = {"course_id": course, "lesson_id": lesson, "section_id": section}
        yield {"type": "section_completed", **place, **_SAID}


async def _reads(door: Door, course: int, dose: Dose) -> tuple[Load, Load]:
    """Reading it whole, and reading it with the tag of the version that one has."""
    path, people, count = f"/api/v1/courses/{course}", len(door.tokens), sum(dose.reads)
    async with aiohttp.ClientSession(headers=_signed(door, 0)) as session, session.get(_url(door, path)) as answer:
        answer.raise_for_status()
        tag = answer.headers["ETag"]
    whole = [door.request("GET", path, number % people) for number in range(count)]
    again = [door.request("GET", path, number % people, If_None_Match=tag) for number in range(count)]
    return await _load(door, whole, dose.reads), await _load(door, again, dose.reads, status=304)


async def _at_once(door: Door, sections: Sequence[int]) -> int:
    """24 different sections at once, then 24 times one more: how many were lost, or recorded twice."""
    different, same = sections[:AT_ONCE], sections[AT_ONCE]
    connector = aiohttp.TCPConnector(limit=2 * AT_ONCE)
    async with aiohttp.ClientSession(headers=_signed(door, 0), connector=connector) as session:

        async def complete(section: int) -> int:
            async with session.post(_url(door, _address(section)), json=_SAID) as answer:
                return answer.status

        courses = {school.home(section)[1] for section in different}
        before = await _done(session, door, courses)
        statuses = Counter(await asyncio.gather(*map(complete, different)))
        recorded = await _done(session, door, courses) - before
        once = Counter(await asyncio.gather(*(complete(same) for _ in range(AT_ONCE))))
    if set(statuses) | set(once) - {409} != {200}:
        raise RuntimeError(f"completions at once were answered by {statuses} and {once}")
    return abs(AT_ONCE - recorded) + abs(1 - once[200])


async def _done(session: aiohttp.ClientSession, door: Door, courses: set[int]) -> int:
    """Sections that are done in these courses."""
    found = 0
    for course in courses:
        async with session.get(_url(door, f"/api/v1/courses/{course}/progress")) as answer:
            answer.raise_for_status()
            found += (await answer.json())["sections_done"]
    return found


def _url(door: Door, path: str) -> str:
    return f"http://{HOST}:{door.port}{path}"


def _signed(door: Door, person: int) -> dict[str, str]:
    return {"Authorization": f"Bearer {door.tokens[person]}"}
