"""What a client did while it was away, reported at once: up to a hundred items, each answered for itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, TypeAdapter, ValidationError

from handlers.web import problems, rate
from handlers.web.api import progress_out as out
from handlers.web.operations import Call, Id, In, Operation, Out
from services.batch import MOST
from services.errors import Invalid
from services.studies import checked_note
from services.views.studies import BatchItem, BatchResult, BatchStatus

_INVALID = "invalid"


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("should be a time as text")
    return value


_Timestamp = Annotated[AwareDatetime, BeforeValidator(_text), Field(strict=False)]


class _Item(In):
    """Where and when. The `timestamp` counts if it lies between enrolment and now; else now does."""

    course_id: Id
    lesson_id: Id
    section_id: Id
    timestamp: _Timestamp | None = None


class SectionCompletedIn(_Item):
    """As a completion alone."""

    type: Literal["section_completed"]
    time_spent: Annotated[int, Field(ge=0, le=86_400)] | None = None
    interactions: Annotated[int, Field(ge=0, le=100_000)] = 0
    notes: Annotated[str, Field(max_length=4000)] | None = None


class InteractionIn(_Item):
    """Something was used or answered, `interactions` times."""

    type: Literal["interaction"]
    interactions: Annotated[int, Field(ge=1, le=100_000)] = 1


class TimeUpdateIn(_Item):
    """A section was read for `time_spent` seconds more."""

    type: Literal["time_update"]
    time_spent: Annotated[int, Field(ge=1, le=86_400)]


ItemIn = Annotated[SectionCompletedIn | InteractionIn | TimeUpdateIn, Field(discriminator="type")]
_ITEM: TypeAdapter[SectionCompletedIn | InteractionIn | TimeUpdateIn] = TypeAdapter(ItemIn)
_ABOUT = """Each has `type`, `course_id`, `lesson_id`, `section_id` and, if it was not just now, `timestamp` (RFC 3339,
with offset). `section_completed` may have `time_spent` (0…86400 s), `interactions` and `notes`; `interaction` may have
`interactions`; `time_update` has `time_spent` (1…86400 s). An item of any other shape is answered with `error`."""
_EXAMPLE = {"type": "section_completed", "course_id": 1, "lesson_id": 1, "section_id": 1, "time_spent": 300}


class BatchIn(In):
    """The items, oldest first: they are recorded in this order."""

    items: Annotated[
        list[Any],
        Field(min_length=1, max_length=MOST, description=_ABOUT, json_schema_extra={"examples": [[_EXAMPLE]]}),
    ]


class BatchResultOut(Out):
    """What became of an item; `code` and `reason` say why it is an `error`. A completion comes with its record, the
    earlier one if it had been completed."""

    status: BatchStatus
    code: str | None
    reason: str | None
    completed_at: datetime | None
    seconds: int | None
    achievements: tuple[out.AchievementOut, ...]


class BatchOut(Out):
    """The results in the order of the items, and the progress in each course that they touched."""

    results: tuple[BatchResultOut, ...] = Field(description="One for each item, in their order")
    progress: tuple[out.ProgressOut, ...]


async def batch(call: Call) -> BatchOut:
    """Record up to 100 items in one transaction. One bad item harms no other: it is answered with `error` and a reason.
    Each item counts against the progress limit; a batch that does not fit into what is left is refused whole."""
    given: BatchIn = call.body
    await rate.spend(call.request, call.services.limits, "progress", rate.key_of(call.me), len(given.items))
    read = [_read(item) for item in given.items]
    items = [one if isinstance(one, BatchItem) else _INVALID for one in read]
    view = await call.services.studies.batch(call.me, items, call.services.clock.now())
    results = tuple(_result(result, one) for result, one in zip(view.results, read, strict=True))
    return BatchOut(results=results, progress=tuple(out.progress(one) for one in view.progress))


def _read(given: Any) -> BatchItem | str:
    """The item, or what is wrong with it."""
    try:
        item = _ITEM.validate_python(given)
        note = checked_note(getattr(item, "notes", None) or "")
    except ValidationError as error:
        return _sentence(error)
    except Invalid as error:
        return "; ".join(f"{fault.field}: {fault.rule}" for fault in error.faults)
    return BatchItem(
        kind=item.type,
        course_id=item.course_id,
        lesson_id=item.lesson_id,
        section_id=item.section_id,
        at=item.timestamp,
        seconds=getattr(item, "time_spent", None),
        interactions=getattr(item, "interactions", 0),
        note=note,
    )


def _sentence(error: ValidationError) -> str:
    found: Sequence[Any] = error.errors(include_url=False, include_context=False, include_input=False)[:5]
    return "; ".join(f"{'.'.join(map(str, one['loc'][1:])) or 'item'}: {one['msg']}"[:200] for one in found)


def _result(result: BatchResult, read: BatchItem | str) -> BatchResultOut:
    reason = None
    if result.why is not None:
        reason = read if isinstance(read, str) else problems.problem(404, result.why).detail
    return BatchResultOut(
        status=result.status,
        code=result.why,
        reason=reason,
        completed_at=result.done.completed_at if result.done else None,
        seconds=result.done.seconds if result.done else None,
        achievements=out.achievements(result.achievements),
    )


OPERATION = Operation(
    method="POST",
    path="/progress/batch",
    summary="Report up to 100 things at once",
    handler=batch,
    body_in=BatchIn,
    answers=BatchOut,
    tag="progress",
)
