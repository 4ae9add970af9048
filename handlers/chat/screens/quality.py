"""What the checks found in a course, and the choice of one. Pure. Of questions only their places are told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from handlers.chat.amounts import when
from handlers.chat.buttons import OpenCourse, OpenSection
from handlers.chat.buttons_asking import NewRequest
from handlers.chat.buttons_reading import ShowQuality
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.words import clip
from handlers.texts import plain, say
from services.quality.finding import Finding
from services.quality.report import Report, Verdict
from services.quality_reports import QualityView
from services.views import CourseCard, CourseView

LABEL = 36
CHOICES = 8
PLACES = 4  # of one rule
RULES = 8  # that are told of; who mends these sees the others next
OPENED = 3  # sections that a key leads to
_SECTION = re.compile(r"lessons\.(\d+)(?:\.sections\.(\d+)(?:\.questions\.(\d+))?)?")
_OBJECTIVE = re.compile(r"objectives\.(\d+)")


def pick(language: str, cards: Sequence[CourseCard]) -> Screen:
    """Which of one's own courses; none yet: how to have one."""
    if not cards:
        return Screen(say(language, "quality.none"), ((Key(plain(language, "key.new_request"), NewRequest()),),))
    rows = tuple((Key(clip(card.title, LABEL), ShowQuality(card.id)),) for card in cards[:CHOICES])
    return Screen(say(language, "quality.pick"), rows)


def report(language: str, view: QualityView, now: datetime, time_zone: str) -> Screen:
    """The report on one course: how much passed and was put right, what to look at with where it is, and what could
    not be checked."""
    found = view.checked.report
    at = when(language, view.checked.at, now, time_zone)
    parts = [say(language, "quality.head", title=view.course.title, at=at), "\n".join(_counts(language, found))]
    wrong = sorted(found.having("findings"), key=lambda verdict: not _blocks(verdict))
    if wrong:
        count = sum(len(verdict.findings) for verdict in wrong)
        parts.append(say(language, "quality.look", n=count))
        parts += [_told(language, verdict) for verdict in wrong[:RULES]]
        if any(map(_blocks, wrong)):
            parts.append(say(language, "quality.explained"))
    else:
        parts.append(say(language, "quality.clean"))
    if unchecked := found.having("not_checked"):
        names = plain(language, "quality.comma").join(
            plain(language, f"quality.name.{verdict.rule}") for verdict in unchecked
        )
        parts.append(say(language, "quality.not_checked", rules=names))
    return Screen("\n\n".join(parts), (*_openings(language, view.course, wrong), _back(language, view.course)))


def _counts(language: str, report: Report) -> Iterator[str]:
    yield say(language, "quality.passed", n=len(report.having("passed")))
    if report.mended:
        yield say(language, "quality.mended", n=report.mended)
    if report.written < report.sections:
        sections = plain(language, "amount.sections", n=report.sections)
        yield say(language, "quality.partly", written=report.written, sections=sections)


def _blocks(verdict: Verdict) -> bool:
    return any(finding.severity == "error" for finding in verdict.findings)


def _told(language: str, verdict: Verdict) -> str:
    """A rule that something broke, and where."""
    places = list(dict.fromkeys(_place(language, finding) for finding in verdict.findings))
    told = places[:PLACES]
    if len(places) > PLACES:
        told.append(plain(language, "quality.more", n=len(places) - PLACES))
    key = "quality.must" if _blocks(verdict) else "quality.may"
    what = plain(language, f"quality.rule.{verdict.rule}")
    return say(language, key, what=what, places=plain(language, "quality.comma").join(told))


def _place(language: str, finding: Finding) -> str:
    """Where it is, as people count."""
    if match := _SECTION.match(finding.path):
        lesson, section, question = (None if part is None else int(part) + 1 for part in match.groups())
        if question is not None:
            return plain(language, "quality.place.question", lesson=lesson, section=section, n=question)
        if section is not None:
            return plain(language, "quality.place.section", lesson=lesson, section=section)
        return plain(language, "quality.place.lesson", lesson=lesson)
    if match := _OBJECTIVE.match(finding.path):
        return plain(language, "quality.place.objective", n=int(match[1]) + 1)
    return plain(language, "quality.place.course")


def _openings(language: str, course: CourseView, wrong: Sequence[Verdict]) -> Iterator[Row]:
    """Keys to the first sections that something was found in."""
    sections = {
        (at, place): section.id
        for at, lesson in enumerate(course.lessons)
        for place, section in enumerate(lesson.sections)
        if section.written
    }
    named = (_SECTION.match(finding.path) for verdict in wrong for finding in verdict.findings)
    places = dict.fromkeys((int(match[1]), int(match[2])) for match in named if match and match[2] is not None)
    for lesson, section in [place for place in places if place in sections][:OPENED]:
        label = plain(language, "quality.open", lesson=lesson + 1, section=section + 1)
        yield (Key(label, OpenSection(sections[lesson, section], 0)),)


def _back(language: str, course: CourseView) -> Row:
    return (Key(plain(language, "quality.back"), OpenCourse(course.id)),)
