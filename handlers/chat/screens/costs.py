"""Money as people see it: on the card of a proposed course, and for admins what was spent. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from handlers.chat.screen import Screen
from handlers.chat.screens.words import about, duration, money, time_of_day
from handlers.texts import plain, say
from services.money.caps import Caps
from services.money.reports import PeriodView, SpendingView, SpentView

_ROWS = 6


def on_card(language: str, time_zone: str, cost: Mapping[str, Any]) -> Iterator[str]:
    """The sentences about a proposed course's cost, and about a cap that is in its way."""
    if "amount" in cost:
        amount = about(language, cost["amount"])
        if cost["left"] is None:
            yield say(language, "card.cost", amount=amount)
        else:
            yield say(language, "card.cost.left", amount=amount, left=money(language, cost["left"]))
    over, fitting = cost.get("over"), cost.get("fitting")
    if over is None:
        return
    time = duration(language, fitting) if fitting else ""
    if over == "cap_course":
        key = "card.cap_course" if fitting else "card.cap_course.none"
        yield say(language, key, time=time, operator=cost["operator"])
        return
    yield say(language, f"card.{over}", until=time_of_day(datetime.fromisoformat(cost["until"]), time_zone))
    if fitting:
        yield say(language, "card.cap.shorter", time=time)


def spending(language: str, view: SpendingView) -> Screen:
    """/cost: by time, by model and by step, what is open, how good estimates were, the dearest courses, the caps."""
    month = view.periods[-1]
    blocks = [
        [say(language, "cost.head")],
        [_period(language, view, period) for period in view.periods],
        _by(language, "cost.by_model", month, month.by_model),
        _by(language, "cost.by_step", month, month.by_step),
        list(_open_and_estimates(language, view)),
        list(_dearest(language, view, month.days)),
        [_caps(language, view.caps)],
    ]
    return Screen("\n\n".join("\n".join(block) for block in blocks if block))


def _period(language: str, view: SpendingView, period: PeriodView) -> str:
    total, cap = period.total, view.caps.bot_day
    amount = money(language, total.amount)
    if period.days > 1:
        said = [say(language, "cost.days", n=period.days, amount=amount)]
    elif cap is not None:
        said = [say(language, "cost.today.cap", amount=money(language, view.today), cap=money(language, cap))]
    else:
        said = [say(language, "cost.today", amount=amount)]
    if total.calls:
        said.append(plain(language, "cost.calls", n=total.calls))
    if total.cached_share is not None:
        said.append(plain(language, "cost.cached", percent=_percent(language, total.cached_share)))
    return " · ".join(said)


def _by(language: str, key: str, period: PeriodView, sums: Mapping[str, SpentView]) -> list[str]:
    if not sums:
        return []
    rows = [
        say(language, "cost.row", name=name, amount=money(language, spent.amount))
        for name, spent in list(sums.items())[:_ROWS]
    ]
    return [say(language, key, n=period.days), *rows]


def _open_and_estimates(language: str, view: SpendingView) -> Iterator[str]:
    if view.open_calls:
        yield say(language, "cost.open", n=view.open_calls, amount=money(language, view.open_amount))
    found = view.estimates
    if found.error is not None:
        yield say(
            language,
            "cost.estimates",
            n=found.courses,
            expected=money(language, found.estimated),
            amount=money(language, found.came_to),
            percent=_percent(language, found.error),
        )


def _dearest(language: str, view: SpendingView, days: int) -> Iterator[str]:
    if view.dearest:
        yield say(language, "cost.dearest", n=days)
    for each in view.dearest:
        key, expected = "cost.course", ""
        if each.course_id is None:
            key = "cost.course.gone"
        elif each.estimate is not None:
            key, expected = "cost.course.expected", money(language, each.estimate)
        yield say(language, key, id=each.course_id, amount=money(language, each.amount), expected=expected)


def _caps(language: str, caps: Caps) -> str:
    amounts = {"course": caps.course, "learner": caps.learner_day, "bot": caps.bot_day}
    said = [
        plain(language, f"cost.cap.{name}", amount=money(language, amount))
        for name, amount in amounts.items()
        if amount is not None
    ]
    return say(language, "cost.caps", caps=" · ".join(said)) if said else say(language, "cost.caps.none")


def _percent(language: str, share: float) -> str:
    return plain(language, "words.percent", percent=round(share * 100))
