"""What ten thousand people do in a day, drawn by lot: most of them in the morning and in the evening, in sittings, each
a section or a few: opened, read, done, now and then a note on it, and a look at their courses."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.rig.deeds import Deed, What
from benchmarks.school import FIRST_PERSON, School

HOUR = 3600.0
# How many of a day's sittings begin in each hour: little at night, peaks at eight in the morning and at eight at night.
HOURS = (2, 1, 1, 1, 1, 3, 10, 24, 30, 16, 9, 8, 12, 11, 8, 8, 10, 14, 22, 34, 38, 26, 12, 5)
COMES = 0.7  # of all people, on one day
SITTINGS = ((1, 2, 3), (60, 32, 8))  # of who comes: how many, and how often that many
SECTIONS = (1, 5)  # in a sitting
READING = (25.0, 300.0)  # seconds for a section
NOTE, LOOK = 0.08, 0.35  # how often somebody writes a note on a section, and begins by looking at their courses
PAUSE = (5.0, 40.0)  # seconds between two small deeds


@dataclass(frozen=True, slots=True)
class Moment:
    """Who does what, and when (seconds since midnight)."""

    at: float
    person: int
    what: What
    section: int = 0


def a_day(school: School, rng: random.Random) -> list[tuple[float, Deed]]:
    """All deeds of all people in the order of the day."""
    moments: list[Moment] = []
    for place, sections in enumerate(school.sections):
        if rng.random() < COMES:
            moments += _of_one(FIRST_PERSON + place, sections, rng)
    moments.sort(key=lambda one: one.at)
    return [
        (one.at, Deed(number, one.person, one.what, one.section, f"note {number}" if one.what == "note" else ""))
        for number, one in enumerate(moments)
    ]


def _of_one(person: int, sections: list[int], rng: random.Random) -> Iterator[Moment]:
    left = iter(sections)
    end = 0.0
    count = rng.choices(*SITTINGS)[0]
    hours = sorted(rng.choices(range(24), HOURS)[0] for _ in range(count))
    for hour in hours:
        at = max(end + PAUSE[1], (hour + rng.random()) * HOUR)
        for one in _sitting(person, at, left, rng):
            if one.at < 24 * HOUR:
                yield one
            end = one.at


def _sitting(person: int, at: float, left: Iterator[int], rng: random.Random) -> Iterator[Moment]:
    if rng.random() < LOOK:
        yield Moment(at, person, "list")
    for _ in range(rng.randint(*SECTIONS)):
        section = next(left, None)
        if section is None:
            return
        at += rng.uniform(*PAUSE)
        yield Moment(at, person, "open", section)
        at += rng.uniform(*READING)
        if rng.random() < NOTE:
            yield Moment(at, person, "ask", section)
            at += rng.uniform(*PAUSE)
            yield Moment(at, person, "note", section)
            at += rng.uniform(*PAUSE)
        yield Moment(at, person, "done", section)
