"""For admins: what models cost. Amounts are US dollars with up to six places; days begin at midnight UTC."""

from __future__ import annotations

from datetime import datetime

from handlers.web.operations import Call, Operation, Out, Who
from services.money.reports import PeriodView, SpendingReports, SpentView


class SpentOut(Out):
    """A sum. Calls that are not settled count at their worst case; `cached_share` (0…1) is how much of the input came
    from the providers' caches."""

    calls: int
    usd: float
    fresh: int
    cached: int
    written: int
    output: int
    cached_share: float | None


class NamedSpentOut(SpentOut):
    """The sum of a model or of a step."""

    name: str


class PeriodOut(Out):
    """The last `days` days; 1 is today."""

    days: int
    total: SpentOut
    by_model: tuple[NamedSpentOut, ...]
    by_step: tuple[NamedSpentOut, ...]


class CapsOut(Out):
    """The caps that are set; null: none."""

    course_usd: float | None
    learner_day_usd: float | None
    day_usd: float | None


class OpenOut(Out):
    """Calls that are not settled, and what they can come to."""

    calls: int
    usd: float


class EstimatesOut(Out):
    """Courses of the last 30 days: expected, come to, and how far they were off on average as a share of that."""

    courses: int
    expected_usd: float
    usd: float
    error: float | None


class DearOut(Out):
    """A course and what it cost in the last 30 days. `course_id` is null once it is deleted."""

    generation_id: int
    course_id: int | None
    calls: int
    usd: float
    expected_usd: float | None


class SpendingOut(Out):
    """All of it. `today_usd` is what counts against the cap of the day."""

    at: datetime
    today_usd: float
    caps: CapsOut
    periods: tuple[PeriodOut, ...]
    open: OpenOut
    estimates: EstimatesOut
    dearest: tuple[DearOut, ...]


async def spending(call: Call) -> SpendingOut:
    """What was spent today and in 7 and 30 days, by model and by step, against caps and estimates."""
    reports: SpendingReports = call.services.spending
    view = await reports.report()
    caps, found = view.caps, view.estimates
    return SpendingOut(
        at=view.at,
        today_usd=_dollars(view.today),
        caps=CapsOut(
            course_usd=_perhaps(caps.course),
            learner_day_usd=_perhaps(caps.learner_day),
            day_usd=_perhaps(caps.bot_day),
        ),
        periods=tuple(map(_period, view.periods)),
        open=OpenOut(calls=view.open_calls, usd=_dollars(view.open_amount)),
        estimates=EstimatesOut(
            courses=found.courses,
            expected_usd=_dollars(found.estimated),
            usd=_dollars(found.came_to),
            error=found.error,
        ),
        dearest=tuple(
            DearOut(
                generation_id=each.generation_id,
                course_id=each.course_id,
                calls=each.calls,
                usd=_dollars(each.amount),
                expected_usd=_perhaps(each.estimate),
            )
            for each in view.dearest
        ),
    )


def _period(view: PeriodView) -> PeriodOut:
    return PeriodOut(
        days=view.days,
        total=SpentOut.model_validate(_spent(view.total)),
        by_model=tuple(NamedSpentOut(name=name, **_spent(each)) for name, each in view.by_model.items()),
        by_step=tuple(NamedSpentOut(name=name, **_spent(each)) for name, each in view.by_step.items()),
    )


def _spent(view: SpentView) -> dict[str, float | int | None]:
    counts = {name: getattr(view, name) for name in ("calls", "fresh", "cached", "written", "output", "cached_share")}
    return {"usd": _dollars(view.amount), **counts}


def _perhaps(millionths: int | None) -> float | None:
    return None if millionths is None else _dollars(millionths)


def _dollars(millionths: int) -> float:
    return round(millionths / 1_000_000, 6)


OPERATIONS = [
    Operation(
        method="GET",
        path="/admin/spending",
        summary="What models cost",
        handler=spending,
        who=Who.ADMIN,
        answers=SpendingOut,
        tag="admin",
    ),
]
