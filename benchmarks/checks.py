"""All checks over a course of twelve lessons, beside one pass of a regular expression over the same texts."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.table import Line
from services.authors.protocol import Citation, Option, Passage, QuestionDraft
from services.quality import quotes, text
from services.quality.course import CheckedCourse, CheckedLesson, CheckedSection
from services.quality.report import report_of
from services.rules.reading import reading_minutes
from services.samples import SAMPLES, sample_text

LESSONS, SECTIONS, QUESTIONS = 12, 3, 2
WORDS = 900  # of a section: about six minutes with its questions
ROUNDS = 7
SECONDS = 0.3
FLOORS = 60  # times the floor: what 0.3 s are on a machine on which it takes 5 ms
_WORD = re.compile(r"\w+")
_CODE = "\n\n```python\nfor loaf in oven:\n    print(loaf.crumb)\n```"


async def lines(_: Path, say: Callable[[str], None]) -> list[Line]:
    """CPU seconds, so that what else the machine does is not counted; medians of interleaved rounds. What is remembered
    between two reports of one course is forgotten before each round."""
    return await asyncio.to_thread(_measure, say)


def _measure(say: Callable[[str], None]) -> list[Line]:
    course = _course()
    begun = time.thread_time()
    first = report_of(course, "")
    loading = time.thread_time() - begun
    if len(first.having("not_checked")) != 4 or first.written != LESSONS * SECTIONS:
        raise RuntimeError("the checks were not all made")
    found: list[float] = []
    floor: list[float] = []
    for number in range(ROUNDS):
        say(f"checks, round {number + 1} of {ROUNDS}")
        floor.append(_seconds(lambda: [_WORD.findall(each) for each in _texts(course)]))
        text.read.cache_clear()
        quotes.normal.cache_clear()
        found.append(_seconds(lambda: report_of(course, "")))
    beside = f"one pass of \\w+ {median(floor) * 1000:.1f} ms"
    size = f"{LESSONS} lessons, {LESSONS * SECTIONS} sections, {sum(map(len, _texts(course))) // 1000} 000 characters"
    return [
        Line("all checks of a course, CPU", median(found), SECONDS, size, "s"),
        Line("all checks of a course", median(found) / median(floor), FLOORS, beside),
        Line("the first time, detector loaded, CPU", loading, None, "py3langid and numpy", "s"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    begun = time.thread_time()
    work()
    return time.thread_time() - begun


def _texts(course: CheckedCourse) -> Iterator[str]:
    for _, _, section in course.written():
        yield section.body
        for question in section.questions:
            yield question.prompt
            yield from (f"{option.text} {option.explanation}" for option in question.options)


def _course() -> CheckedCourse:
    """Sections of the samples' own paragraphs, as many as it takes; each cites two of them."""
    paragraphs = [
        part
        for sample in SAMPLES
        for part in sample_text(sample.key)[1].decode().split("\n\n")
        if len(part) > 120 and part[0].isalpha() and "```" not in part
    ]
    passages = {f"p{at}": Passage(f"p{at}", part, "", "") for at, part in enumerate(paragraphs)}
    taken = iter(range(LESSONS * SECTIONS * 100))
    lessons = tuple(
        CheckedLesson(
            f"Lesson {lesson}", (), tuple(_section(lesson, place, paragraphs, taken) for place in range(SECTIONS))
        )
        for lesson in range(LESSONS)
    )
    return CheckedCourse(
        title="Bread, tides and iterators",
        description="Three texts that have nothing to do with each other.",
        level="intermediate",
        language="en",
        minutes=LESSONS * SECTIONS * 7,
        objectives=tuple(f"Explain part {number}" for number in range(6)),
        lessons=lessons,
        passages=passages,
    )


def _section(lesson: int, place: int, paragraphs: list[str], taken: Iterator[int]) -> CheckedSection:
    parts: list[str] = []
    used: list[int] = []
    while sum(len(part.split()) for part in parts) < WORDS:
        used.append(next(taken) % len(paragraphs))
        parts.append(paragraphs[used[-1]])
    body = "\n\n".join(parts) + _CODE
    asked = tuple(_question(f"{lesson}.{place}.{number}", parts[number]) for number in range(QUESTIONS))
    section = CheckedSection(
        title=f"Section {place} of lesson {lesson}",
        body=body,
        minutes=reading_minutes(body, QUESTIONS),
        outcome="Explain what the text says",
        objectives=(lesson % 6,),
        citations=tuple(Citation(f"p{at}", " ".join(paragraphs[at].upper().split()[:20]), "") for at in used[:2]),
        shown_keys=tuple((lesson + place + number) % 4 for number in range(QUESTIONS)),
    )
    return replace(section, questions=tuple(replace(one, objective=lesson % 6) for one in asked))


def _question(name: str, told: str) -> QuestionDraft:
    words = told.split()
    options = tuple(Option(" ".join(words[at : at + 6]), " ".join(words[at : at + 25])[:190]) for at in (0, 3, 6, 9))
    return QuestionDraft(f"What does part {name} of the text say?", options, 1, "Look again.", bloom="apply")
