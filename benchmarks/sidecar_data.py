"""What both doors are measured on: the same people, courses and earlier records, in our tables, in their documents."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks import doors, peer_data, school
from benchmarks.doors import Door
from benchmarks.processes import HOST
from services.samples import SAMPLES, sample_text

_LESSONS, _SECTIONS = 6, 3  # of the course that is read: as many as one gets for 150 minutes


@dataclass(frozen=True)
class Stock:
    """`folder` is ours, `database` theirs. `sections` are those that each learner may complete, `read` is the id of a
    published course of a usual length, which is the same on both sides."""

    folder: Path
    database: Path
    sections: list[list[int]]
    read: int


async def stock(folder: Path, *, learners: int, courses: int, earlier: int, reported: int) -> Stock:
    """`learners` in the middle of `courses`, with `earlier` completions in other courses and `reported` records in each
    of these; a document of theirs has as many records as ours has in a course."""
    made = await school.build(
        folder / "ours", learners=learners, own_courses=False, tapped=courses, earlier=earlier, reported=reported
    )
    begun = sorted({school.home(section)[1] for section in made.sections[0]})
    async with doors.sidecar(made.folder, 1) as door:
        read = await _publish(door)
        found = [await _course(door, one) for one in (*begun, read)]
    database = folder / "theirs.db"
    await asyncio.to_thread(peer_data.build, database, courses=found, learners=learners, earlier=reported)
    return Stock(made.folder, database, made.sections, read)


@asynccontextmanager
async def opened(made: Stock, synchronous: str | None) -> AsyncIterator[Door]:
    """A door on a copy of the stock, so that each round begins with the same: ours, or (FULL, NORMAL) theirs."""
    people = len(made.sections)
    if synchronous is None:
        copy = made.folder.with_name("ours-copy")
        await asyncio.to_thread(shutil.copytree, made.folder, copy)
        try:
            async with doors.sidecar(copy, people) as door:
                yield door
        finally:
            await asyncio.to_thread(shutil.rmtree, copy)
        return
    own = made.database.with_name("theirs-copy")
    await asyncio.to_thread(own.mkdir)
    try:
        await asyncio.to_thread(shutil.copy, made.database, own / "peer.db")
        async with doors.peer(own / "peer.db", people, synchronous=synchronous) as door:
            yield door
    finally:
        await asyncio.to_thread(shutil.rmtree, own)


async def _publish(door: Door) -> int:
    """Write a course by hand, over the API, and publish it."""
    answer = await _ask(door, "POST", "/courses", await asyncio.to_thread(_written))
    course: int = answer["id"]
    await _ask(door, "POST", f"/courses/{course}/publish")
    return course


async def _course(door: Door, course: int) -> dict[str, Any]:
    return await _ask(door, "GET", f"/courses/{course}")


async def _ask(door: Door, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    url, headers = f"http://{HOST}:{door.port}/api/v1{path}", {"Authorization": f"Bearer {door.tokens[0]}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, url, json=body) as answer,
    ):
        answer.raise_for_status()
        found: dict[str, Any] = await answer.json()
        return found


def _written() -> dict[str, Any]:
    """A course in real prose: the bundled texts, cut into sections."""
    words = " ".join(sample_text(one.key)[1].decode() for one in SAMPLES).split(" ")
    each = len(words) // (_LESSONS * _SECTIONS)
    bodies = [" ".join(words[at : at + each]) for at in range(0, each * _LESSONS * _SECTIONS, each)]
    lessons = [
        {
            "title": f"Lesson {place + 1}",
            "sections": [
                {"title": f"Section {number + 1}", "body": bodies[place * _SECTIONS + number]}
                for number in range(_SECTIONS)
            ],
        }
        for place in range(_LESSONS)
    ]
    return {
        "title": "Bread, tides and iterators",
        "description": "Three texts that have nothing to do with each other, read one after another.",
        "objectives": ["keep a starter alive", "read a tide table", "write an iterator"],
        "level": "beginner",
        "language": "en",
        "lessons": lessons,
    }
