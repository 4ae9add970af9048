"""Where one is: all courses at a glance, and one course with what was reached in it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from handlers.chat.amounts import minutes, time_range, when, zone_of
from handlers.chat.buttons import Continue, OpenCourse
from handlers.chat.buttons_asking import NewRequest
from handlers.chat.buttons_reading import CourseProgress, ListCourses, ProgressPicture, ShowProgress
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.pager import pager
from handlers.chat.screens.words import bar, clip, duration
from handlers.texts import plain, say
from services.pictures.progress import DAYS, Standing
from services.views import LessonView, ProgressView

PAGE = 4  # courses on a screen
LABEL = 36
TITLE = 300  # characters of a title in a caption, which holds 1024
MARKS = (("quarter", 1, 4), ("half", 1, 2), ("three_quarters", 3, 4))


def overview(language: str, courses: Sequence[ProgressView], page: int, pages: int) -> Screen:
    """One page of one's courses in figures; a key leads to each in detail."""
    if not courses:
        ask = Key(plain(language, "key.new_request"), NewRequest())
        rows: tuple[Row, ...] = ((ask,), (Key(plain(language, "courses.list"), ListCourses(0, 0)),))
        return Screen(say(language, "progress.none"), rows)
    parts = [say(language, "progress.head"), *(_glance(language, progress) for progress in courses)]
    keys: list[Row] = [(Key(clip(one.course.title, LABEL), CourseProgress(one.course.id)),) for one in courses]
    keys.append((Key(plain(language, "progress.picture"), ProgressPicture(0)),))
    return Screen("\n\n".join(parts), tuple(row for row in (*keys, pager(page, pages, ShowProgress)) if row))


def _glance(language: str, progress: ProgressView) -> str:
    return say(
        language,
        "progress.course",
        title=progress.course.title,
        bar=bar(progress.percent),
        percent=progress.percent,
        line=" · ".join(_figures(language, progress)),
    )


def _figures(language: str, progress: ProgressView) -> Iterator[str]:
    yield plain(
        language,
        "progress.line",
        done=progress.sections_done,
        sections=plain(language, "amount.sections", n=progress.sections_total),
        lessons_done=progress.lessons_done,
        lessons=plain(language, "amount.lessons", n=progress.lessons_total),
    )
    if progress.seconds_spent:
        yield plain(language, "progress.spent", time=duration(language, minutes(progress.seconds_spent)))
    if progress.percent < 100 and progress.remaining.high > 0:
        key = "progress.left_own" if progress.remaining.own_pace else "progress.left"
        yield plain(language, key, left=time_range(language, progress.remaining.low, progress.remaining.high))
    if progress.velocity is not None:
        yield plain(language, "progress.velocity", velocity=round(progress.velocity, 1))


def detail(language: str, progress: ProgressView, now: datetime, time_zone: str) -> Screen:
    """One course: its figures, since when, and what was reached so far."""
    since = say(
        language,
        "progress.since",
        begun=when(language, progress.enrolled_at, now, time_zone),
        opened=when(language, progress.last_accessed_at, now, time_zone),
    )
    reached = list(_reached(language, progress))
    body = "\n".join((say(language, "progress.reached"), *reached)) if reached else say(language, "progress.nothing")
    rows: list[Row] = []
    if progress.upcoming is not None:
        rows.append((Key(plain(language, "course.continue"), Continue(progress.course.id)),))
    back = Key(plain(language, "progress.back"), ShowProgress(0))
    rows.append((Key(plain(language, "progress.picture"), ProgressPicture(progress.course.id)),))
    rows.append((Key(plain(language, "course.back"), OpenCourse(progress.course.id)), back))
    return Screen("\n\n".join((_glance(language, progress), since, body)), tuple(rows))


def standing(language: str, courses: Sequence[ProgressView], now: datetime, time_zone: str) -> Standing:
    """What a picture of progress in one course, or in several, says. A zone is read from a file, so this is for a
    thread."""
    zone = zone_of(time_zone)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    done = Counter(one.completed_at.astimezone(zone).date() for each in courses for one in each.done.values())
    total, made = sum(one.sections_total for one in courses), sum(one.sections_done for one in courses)
    percent = courses[0].percent if len(courses) == 1 else made * 100 // total if total else 0
    sections = plain(language, "amount.sections", n=total)
    first, last = (_day(language, day) for day in (days[0], days[-1]))
    return Standing(
        title=courses[0].course.title if len(courses) == 1 else plain(language, "progress.picture.all"),
        line=plain(language, "progress.picture.line", done=made, sections=sections),
        counted=plain(language, "progress.picture.days", n=DAYS),
        days=tuple(done[day] for day in days),
        first=first,
        last=last,
        percent=percent,
        percent_said=f"{percent} %",
    )


def picture_words(language: str, standing: Standing) -> str:
    """What the picture shows, in words, as its caption (Telegram HTML)."""
    return say(
        language,
        "progress.picture.words",
        title=clip(standing.title, TITLE),
        percent=standing.percent_said,
        line=standing.line,
        recent=plain(language, "amount.sections", n=sum(standing.days)),
        n=len(standing.days),
    )


def _day(language: str, day: date) -> str:
    return f"{day.day} {plain(language, 'date.months').split()[day.month - 1]}"


def _reached(language: str, progress: ProgressView) -> Iterator[str]:
    """Derived from the completions alone: lessons in order, then the marks of the way by the exact share."""
    for lesson in progress.course.lessons:
        if lesson.sections and all(section.id in progress.done for section in lesson.sections):
            yield _lesson(language, progress, lesson)
    if progress.sections_total and progress.sections_done == progress.sections_total:
        yield say(language, "progress.all", time=duration(language, minutes(progress.seconds_spent)))
        return
    passed = [name for name, part, of in MARKS if progress.sections_done * of >= progress.sections_total * part]
    if progress.sections_done and passed:
        yield say(language, "progress.mark", mark=plain(language, f"mark.{passed[-1]}"))


def _lesson(language: str, progress: ProgressView, lesson: LessonView) -> str:
    spent = minutes(sum(progress.done[section.id].seconds for section in lesson.sections))
    return say(
        language, "progress.lesson", number=lesson.position + 1, title=lesson.title, time=duration(language, spent)
    )
