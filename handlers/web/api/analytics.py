"""Figures over REST, as JSON or as CSV (`?format=csv`, or `Accept: text/csv`). What was done shows at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from handlers.web import csv_answer
from handlers.web.api import analytics_out as out
from handlers.web.csv_answer import Format
from handlers.web.operations import Call, Handler, Id, In, Operation, Who
from services.analytics import DAYS, AnalyticsService
from services.views.analytics import CourseFigures, PlatformFigures


class CoursePath(In):
    """Which course."""

    course_id: Id


class LearnerQuery(In):
    """Of how many days, up to today, and in which form."""

    days: Annotated[int, Field(ge=1, le=DAYS)] = 30
    format: Format | None = None


class CourseQuery(In):
    """In which form; CSV is one table, `part` says which."""

    format: Format | None = None
    part: Literal["sections", "questions", "days", "at_risk"] = "sections"


class PlatformQuery(In):
    """In which form."""

    format: Format | None = None


async def learner(call: Call) -> out.LearnerFiguresOut | web.Response:
    """The caller's velocity (sections per hour over the last five), time by day in their own time zone, streak, and
    when each course will be finished at the pace of the last two weeks. As CSV: the days."""
    query: LearnerQuery = call.query
    figures = await _analytics(call).learner(call.me)
    days = figures.days[-query.days :]
    if csv_answer.wanted(call.request, query.format):
        rows = [(one.day, one.seconds, one.sections) for one in days]
        return csv_answer.answer("learning", ("day", "seconds", "sections"), rows)
    return out.LearnerFiguresOut.model_validate(replace(figures, days=days))


async def course(call: Call) -> out.CourseFiguresOut | web.Response:
    """Funnel, where people stop, time per section, how hard the questions are, completions by day (UTC), and who has
    been silent for a week: for the course's owner and for admins. The counts hold everybody enrolled."""
    query: CourseQuery = call.query
    figures = await _analytics(call).course(call.me, call.path.course_id)
    if csv_answer.wanted(call.request, query.format):
        head, rows = _table(figures, query.part)
        return csv_answer.answer(f"course-{figures.course_id}-{query.part}", head, rows)
    return out.CourseFiguresOut.model_validate(figures)


async def platform(call: Call) -> out.PlatformFiguresOut | web.Response:
    """Active learners, completions, generations, what made them fail and what models cost, within the last day, 7 days
    and 30 days."""
    query: PlatformQuery = call.query
    figures = await _analytics(call).platform(call.me)
    if csv_answer.wanted(call.request, query.format):
        return csv_answer.answer("platform", ("figure", "day", "week", "month"), _spreads(figures))
    return out.platform(figures)


def _table(figures: CourseFigures, part: str) -> tuple[Sequence[str], list[Sequence[object]]]:
    if part == "days":
        rows = [(one.day, one.completions, one.learners, one.finished) for one in figures.days]
        return ("day", "completions", "learners", "finished"), list(rows)
    models: dict[str, tuple[type[BaseModel], Sequence[object]]] = {
        "sections": (out.SectionFiguresOut, figures.sections),
        "questions": (out.QuestionFiguresOut, figures.questions),
        "at_risk": (out.AtRiskOut, figures.at_risk),
    }
    model, listed = models[part]
    head = list(model.model_fields)
    return head, [[_plain(getattr(one, name)) for name in head] for one in listed]


def _plain(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _spreads(figures: PlatformFigures) -> list[Sequence[object]]:
    named = {
        "active learners": figures.active,
        "completions": figures.completions,
        **{f"generations {state}": spread for state, spread in sorted(figures.generations.items())},
        **{f"failed {failure}": spread for failure, spread in sorted(figures.errors.items())},
    }
    spreads = [(name, one.day, one.week, one.month) for name, one in named.items()]
    return [*spreads, ("cost in US dollars", *out.cost_usd(figures).values())]


def _analytics(call: Call) -> AnalyticsService:
    analytics: AnalyticsService = call.services.analytics
    return analytics


def _figures(
    path: str,
    summary: str,
    handler: Handler,
    query_in: type[In],
    answers: type[BaseModel],
    *,
    path_in: type[In] | None = None,
    who: Who = Who.LEARNER,
) -> Operation:
    return Operation(
        method="GET",
        path=path,
        summary=summary,
        handler=handler,
        who=who,
        path_in=path_in,
        query_in=query_in,
        answers=answers,
        content=csv_answer.CONTENT,
        tag="analytics",
    )


OPERATIONS = [
    _figures("/analytics/me", "One's own figures", learner, LearnerQuery, out.LearnerFiguresOut),
    _figures(
        "/courses/{course_id}/analytics",
        "A course's figures, for its owner",
        course,
        CourseQuery,
        out.CourseFiguresOut,
        path_in=CoursePath,
    ),
    _figures(
        "/analytics/platform",
        "The figures of everything",
        platform,
        PlatformQuery,
        out.PlatformFiguresOut,
        who=Who.ADMIN,
    ),
]
