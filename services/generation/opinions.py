"""What somebody else says of a finished course: a second model of its questions and quotes, moderation of its words.

A second model is reported, and its disagreements have the questions of a section written again once; it never blocks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping

from services.authors.protocol import Payer, Wanted
from services.errors import AuthorError
from services.quality import judging
from services.quality.course import CheckedCourse
from services.quality.finding import Finding
from services.quality.judging import Judge, Judged, Judgements

log = logging.getLogger(__name__)
AT_ONCE = 4  # sections judged side by side: learners' own calls have the other places
MOST = 8  # sections whose questions are asked for again; a course that is worse is reported as it is

Place = tuple[int, int]  # of a section: its lesson's and its own, both 0-based
Judges = Callable[[Payer | None], Judge]
"""The judge whose calls go on that account."""
ReadWhole = Callable[[CheckedCourse], Awaitable[Mapping[str, tuple[str, ...]] | None]]
"""The categories that moderation finds in a course, by path; None if it could not look at all of it."""


async def judged(judge: Judge, course: CheckedCourse, only: Iterable[Place] | None = None) -> Judged:
    """What `judge` says of the sections of `course` (or `only` of those): of those that it could be asked about."""
    places = None if only is None else frozenset(only)
    turn = asyncio.Semaphore(AT_ONCE)
    found: dict[Place, Judgements] = {}

    async def one(lesson: int, place: int) -> None:
        section = course.lessons[lesson].sections[place]
        async with turn:
            try:
                said = await judge.judge(section.body, section.citations, section.questions, course.language)
            except AuthorError as error:
                log.warning("a section could not be judged: %s", error.why)
            else:
                found[lesson, place] = said

    async with asyncio.TaskGroup() as group:
        for lesson, place, _ in course.written():
            if places is None or (lesson, place) in places:
                group.create_task(one(lesson, place))
    return found


def disputed(said: Judged, course: CheckedCourse) -> dict[int, Wanted]:
    """The questions to ask for again, by lesson: of sections of which the second model answers one otherwise."""
    keys = {(lesson, at): [one.key for one in section.questions] for lesson, at, section in course.written()}
    found = judging.answerable({place: each for place, each in said.items() if place in keys}, keys)
    by_place: dict[Place, list[Finding]] = {}
    for finding in found or ():
        lesson, section = (int(part) for part in finding.path.split(".")[1:4:2])
        if (lesson, section) in by_place or len(by_place) < MOST:
            by_place.setdefault((lesson, section), []).append(finding)
    wanted: dict[int, Wanted] = {}
    for lesson in sorted({lesson for lesson, _ in by_place}):
        places = sorted(at for position, at in by_place if position == lesson)
        texts = {at: course.lessons[lesson].sections[at].body for at in places}
        wanted[lesson] = Wanted((), texts, {at: tuple(by_place[lesson, at]) for at in places})
    return wanted
