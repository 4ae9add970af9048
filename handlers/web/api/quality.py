"""What the checks found in a course, over REST: for its owner and for admins."""

from __future__ import annotations

from datetime import datetime

from handlers.web.operations import Call, Id, In, Operation, Out
from services.quality.catalogue import Weight
from services.quality.finding import Outcome, Severity
from services.quality.report import Status
from services.quality_reports import QualityReports


class CoursePath(In):
    """Which course."""

    course_id: Id


class FindingOut(Out):
    """One thing that was found. `path` says where, counted from 0. Of questions it says which, never their answer."""

    path: str
    found: str
    expected: str
    severity: Severity
    outcome: Outcome


class RuleOut(Out):
    """One of the 21 rules. `weight`: whether breaking it blocks. `not_checked` is not `passed`: it needs a second
    model, or moderation, and nobody was asked."""

    number: int
    rule: str
    weight: Weight
    status: Status
    findings: tuple[FindingOut, ...]
    mended: tuple[FindingOut, ...]


class QualityOut(Out):
    """The report on the course as it is now. `written` of its `sections` had a text when it was made."""

    course_id: int
    checked_at: datetime
    sections: int
    written: int
    passed: int
    mended: int
    to_look_at: int
    rules: tuple[RuleOut, ...]


async def read(call: Call) -> QualityOut:
    """All 21 rules, each with what was found against it and what was put right before anybody read the course."""
    reports: QualityReports = call.services.quality
    view = await reports.for_owner(call.me, call.path.course_id)
    report = view.checked.report
    return QualityOut(
        course_id=view.course.id,
        checked_at=view.checked.at,
        sections=report.sections,
        written=report.written,
        passed=len(report.having("passed")),
        mended=report.mended,
        to_look_at=sum(len(verdict.findings) for verdict in report.verdicts),
        rules=tuple(RuleOut.model_validate(verdict) for verdict in report.verdicts),
    )


OPERATIONS = [
    Operation(
        method="GET",
        path="/courses/{course_id}/quality",
        summary="What the checks found in a course, for its owner",
        handler=read,
        path_in=CoursePath,
        answers=QualityOut,
        tag="courses",
    ),
]
