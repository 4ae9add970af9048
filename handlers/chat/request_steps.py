"""The steps of asking for a course and how they follow each other. Pure.

A request's data: ``draft`` (its number), ``topic``, ``topic_message``, ``document_id``, ``level``, ``minutes``,
``proposal`` (the key of its work), ``card`` (what is proposed), ``asked`` (the author has asked back) with ``detail``
(the answer, if any); and for one step only: ``question`` (the author's), ``failure`` (key of its sentence) with
``failure_values`` and ``again``, ``suggestion``, ``tried`` (messages whose answers were no good), ``cost`` (of what is
proposed, and the cap in its way), ``retry_at`` with ``limit``, ``allowed``, ``window_seconds`` and ``reminder``.
"""

from __future__ import annotations

from typing import Any

KIND = "request"
FIELDS = ("title", "description", "objectives", "level", "time")
OFFLINE_FIELDS = ("title",)  # what a text yields dictates the rest
TIMES = (30, 60, 120, 240)
TYPED_STEPS = ("topic", "time_other", "edit_title", "edit_description", "edit_objectives")

Data = dict[str, Any]

_PASSING = {
    "question",
    "failure",
    "failure_values",
    "again",
    "suggestion",
    "tried",
    "retry_at",
    "allowed",
    "window_seconds",
    "reminder",
    "limit",
    "cost",
}


def next_step(data: Data, offline: bool) -> str:
    """The first question that is still open, or ``proposing``. `offline` is True for an author who needs a source."""
    sourced = data.get("document_id") is not None
    if not sourced and (offline or not data.get("topic")):
        return "topic"
    if not offline and not data.get("level"):
        return "level"
    if not offline and not data.get("minutes"):
        return "time"
    return "proposing"


def previous_step(step: str, offline: bool) -> str:
    """Where Back leads."""
    if step == "edit" or step == "limited":
        return "card"
    if step.startswith("edit_"):
        return "card" if offline else "edit"
    if offline or step in ("topic", "level"):
        return "topic"
    return "level" if step == "time" else "time"


def forget_answers(data: Data, step: str) -> Data:
    """The data without the answer to `step` and without what came of it; what was said before it stays."""
    gone = set(_PASSING)
    if step in ("topic", "level", "time"):
        gone |= {"card", "proposal", "minutes"}
    if step in ("topic", "level"):
        gone |= {"level"}
    if step == "topic":
        gone |= {"topic", "document_id", "topic_message", "asked", "detail"}
    return {name: value for name, value in data.items() if name not in gone}


def settled(data: Data) -> Data:
    """The data without what belongs to one step only."""
    return {name: value for name, value in data.items() if name not in _PASSING}
