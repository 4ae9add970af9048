"""Who works on what: rows of work, lanes that keep their order, and owners that hold them.

The owned rows of a lane are always its first ones and all belong to one worker: a new row is owned at once only if
nothing in its lane is unowned or somebody else's (`storage.accepting`), and taking starts at a lane's head. Every
statement is one conditional write, the same on SQLite and PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from storage.models.base import to_ms
from storage.models.work import Work
from storage.writer import Ask, Job, Row, Statement, repeatable

LANE_SLICE = 32  # rows of one lane taken at a time


@dataclass(frozen=True, slots=True)
class NewWork:
    """Work to be done: `key` makes it unique for as long as it is remembered, `lane` keeps order, `due` delays it."""

    kind: str
    lane: str
    key: str
    payload: dict[str, Any]
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A row that this worker owns now. `tries` failed before, `crashes` workers died with it in hand."""

    id: int
    kind: str
    lane: str
    key: str
    payload: dict[str, Any]
    tries: int
    crashes: int = 0


@dataclass(frozen=True, slots=True)
class Workload:
    """The table in figures: open rows by kind, rows set aside, when the oldest open row that is due was made."""

    open: dict[str, int]
    aside: int
    oldest: datetime | None


_PUT = text(
    """
    INSERT INTO work (kind, lane, key, payload, state, tries, due, owner, created_at)
    VALUES (:kind, :lane, :key, :payload, 'open', 0, CAST(:due AS BIGINT), NULL, CAST(:now AS BIGINT))
    ON CONFLICT (key) DO NOTHING
    """
)
_PUT_ASIDE = Statement(
    """
    INSERT INTO work (kind, lane, key, payload, state, tries, due, error, created_at, finished_at)
    VALUES (:kind, :lane, :key, :payload, 'aside', 0, CAST(:now AS BIGINT), :error, CAST(:now AS BIGINT),
        CAST(:now AS BIGINT))
    ON CONFLICT (key) DO NOTHING
    """
)
# What is chosen stands by itself: inside the UPDATE PostgreSQL may choose anew for each row, whatever the limit.
_TAKE_HEADS = Statement(
    """
    WITH chosen AS (
        SELECT w.id FROM work AS w
        WHERE w.state = 'open' AND w.owner IS NULL
        AND (w.due <= CAST(:now AS BIGINT) OR w.since > CAST(:now AS BIGINT))
        AND w.kind <> CAST(:but AS VARCHAR) AND CAST(:only AS VARCHAR) IN ('', w.kind)
        AND NOT EXISTS (SELECT 1 FROM work AS o WHERE o.lane = w.lane AND o.state = 'open' AND o.id < w.id)
        ORDER BY w.id LIMIT CAST(:most AS BIGINT) /*pg FOR UPDATE SKIP LOCKED */)
    UPDATE work SET owner = CAST(:owner AS VARCHAR)
    WHERE state = 'open' AND owner IS NULL AND id IN (SELECT id FROM chosen)
    RETURNING id, kind, lane, key, payload, tries, crashes
    """
)
# Whoever takes a lane has its head first: were all taken at once, a worker that comes second to the head would still
# get the rows behind it. Nobody waits for a row that another is just taking.
_TAKE_HEAD_OF = Statement(
    """
    UPDATE work SET owner = CAST(:owner AS VARCHAR)
    WHERE state = 'open' AND owner IS NULL AND id IN (
        SELECT w.id FROM work AS w WHERE w.owner IS NULL
        AND (w.due <= CAST(:now AS BIGINT) OR w.since > CAST(:now AS BIGINT))
        AND w.id = (SELECT MIN(o.id) FROM work AS o WHERE o.lane = :lane AND o.state = 'open')
        /*pg FOR UPDATE SKIP LOCKED */)
    RETURNING id, kind, lane, key, payload, tries, crashes
    """
)
_TAKE_REST = Statement(
    """
    UPDATE work SET owner = CAST(:owner AS VARCHAR)
    WHERE state = 'open' AND owner IS NULL AND id IN (
        SELECT w.id FROM work AS w WHERE w.lane = :lane AND w.state = 'open' AND w.id > CAST(:head AS BIGINT)
        AND NOT EXISTS (SELECT 1 FROM work AS o WHERE o.lane = w.lane AND o.state = 'open'
                        AND o.id <= w.id AND o.id > CAST(:head AS BIGINT)
                        AND (o.owner IS NOT NULL OR (o.due > CAST(:now AS BIGINT)
                             AND COALESCE(o.since, 0) <= CAST(:now AS BIGINT))))
        ORDER BY w.id LIMIT CAST(:most AS BIGINT))
    RETURNING id, kind, lane, key, payload, tries, crashes
    """
)
_FINISH = Statement(
    """
    UPDATE work SET state = CAST(:state AS VARCHAR), owner = NULL, error = COALESCE(CAST(:error AS TEXT), error),
        payload = CASE WHEN CAST(:state AS VARCHAR) = 'done' THEN '{}'
        ELSE payload END, finished_at = CAST(:now AS BIGINT)
    WHERE id = CAST(:id AS BIGINT) AND owner = :owner AND state = 'open'
    """,
    for_one=True,
)
_FINISH_ALL = Statement(
    """
    UPDATE work SET state = f.state, owner = NULL, error = COALESCE(f.error, work.error),
        payload = CASE WHEN f.state = 'done' THEN '{}' ELSE payload END, finished_at = CAST(:now AS BIGINT)
    FROM unnest(CAST(:ids AS BIGINT[]), CAST(:states AS TEXT[]), CAST(:errors AS TEXT[])) AS f (id, state, error)
    WHERE work.id = f.id AND work.owner = :owner AND work.state = 'open'
    """,
    for_many=True,
)
_TRIED = Statement(
    """UPDATE work SET tries = tries + 1, error = :error
    WHERE id = CAST(:id AS BIGINT) AND owner = :owner RETURNING tries"""
)
_SUSPECTED = Statement(
    "UPDATE work SET crashes = crashes + 1 WHERE id = CAST(:id AS BIGINT) AND owner = :owner AND state = 'open'"
)
_LATER = Statement(
    """UPDATE work SET owner = NULL, due = CAST(:due AS BIGINT), since = CAST(:now AS BIGINT)
    WHERE id = CAST(:id AS BIGINT) AND owner = :owner AND state = 'open'"""
)
_FREE = Statement("UPDATE work SET owner = NULL WHERE owner = :owner AND state = 'open'")
_HELD = Statement(
    """SELECT id FROM work WHERE id = ANY(CAST(:ids AS BIGINT[])) AND owner = :owner AND state = 'open'""",
    for_many=True,
)
_FREE_REST = Statement(
    """UPDATE work SET owner = NULL
    WHERE lane = :lane AND owner = :owner AND state = 'open' AND id > CAST(:id AS BIGINT)"""
)
_CANCEL = Statement(
    """UPDATE work SET state = 'cancelled', owner = NULL, finished_at = CAST(:now AS BIGINT)
    WHERE key = :key AND state = 'open' RETURNING id"""
)
_PURGE = Statement("DELETE FROM work WHERE state IN ('done', 'cancelled') AND finished_at < CAST(:before AS BIGINT)")


@repeatable
def put_aside(item: NewWork, error: str, now: datetime) -> Job[None]:
    """Store what cannot be done, to be looked at by people; what was stored before (by key) is left alone."""
    params = {"kind": item.kind, "lane": item.lane, "key": item.key, "payload": packed(item.payload)}
    yield Ask(_PUT_ASIDE, {**params, "error": error, "now": to_ms(now)})


@repeatable
def take_heads(owner: str, now: datetime, most: int, *, scarce: str = "", room: int = 0) -> Job[list[WorkRow]]:
    """Take the first rows of up to `most` lanes that nobody works on and that are due; of the `scarce` kind only
    `room` at most."""
    params = {"owner": owner, "now": to_ms(now), "most": most, "but": scarce, "only": ""}
    rows = yield Ask(_TAKE_HEADS, params)
    if scarce and room:
        rows = rows + (yield Ask(_TAKE_HEADS, {**params, "most": room, "but": "", "only": scarce}))
    return _rows(rows)


@repeatable
def take_lane(owner: str, lane: str, now: datetime) -> Job[list[WorkRow]]:
    """Take the next rows of a lane that this worker has just emptied, if nobody else holds it. Name the lane to the
    writer, else what another worker is just putting into it is found only by those who look around."""
    params = {"owner": owner, "lane": lane, "now": to_ms(now)}
    head = yield Ask(_TAKE_HEAD_OF, params)
    if not head:
        return []
    return _rows(head + (yield Ask(_TAKE_REST, {**params, "head": head[0][0], "most": LANE_SLICE - 1})))


@repeatable
def finish(ids: Sequence[tuple[int, str, str | None]], owner: str, now: datetime) -> Job[None]:
    """Close rows: (id, ``done`` or ``aside`` or ``cancelled``, error). Rows that are not `owner`'s any more stay."""
    rows, states, errors = ([one[place] for one in ids] for place in range(3))
    params = {"ids": rows, "states": states, "errors": errors, "owner": owner, "now": to_ms(now)}
    yield Ask(_FINISH_ALL, params)
    for row_id, state, error in ids:
        yield Ask(_FINISH, {"id": row_id, "state": state, "error": error, "owner": owner, "now": to_ms(now)})


@repeatable
def tried(row_id: int, owner: str, error: str) -> Job[int]:
    """Count a failed try; returns how many there were. 0 if the row is not `owner`'s any more."""
    rows = yield Ask(_TRIED, {"id": row_id, "owner": owner, "error": error})
    return int(rows[0][0]) if rows else 0


@repeatable
def suspected(row_id: int, owner: str) -> Job[None]:
    """Count a death in advance: this row is begun, and perhaps it is what kills."""
    yield Ask(_SUSPECTED, {"id": row_id, "owner": owner})


@repeatable
def later(row_id: int, lane: str, owner: str, due: datetime, now: datetime) -> Job[None]:
    """Hand a row back until `due`, and with it what comes after it in its lane; what came before it is done already,
    though it may not be marked yet."""
    yield Ask(_LATER, {"id": row_id, "owner": owner, "due": to_ms(due), "now": to_ms(now)})
    yield Ask(_FREE_REST, {"lane": lane, "owner": owner, "id": row_id})


@repeatable
def free(owner: str) -> Job[None]:
    """Hand back everything that a worker holds (it stops, or it is dead)."""
    yield Ask(_FREE, {"owner": owner})


@repeatable
def held(ids: Sequence[int], owner: str) -> Job[frozenset[int]]:
    """Which of these rows are still `owner`'s and open; asked only where another process may have closed one."""
    rows = yield Ask(_HELD, {"ids": list(ids), "owner": owner})
    return frozenset(row_id for (row_id,) in rows)


@repeatable
def cancel(key: str, now: datetime) -> Job[bool]:
    """Close a piece of work by its key, whoever holds it; returns whether it was open."""
    rows = yield Ask(_CANCEL, {"key": key, "now": to_ms(now)})
    return bool(rows)


@repeatable
def purge(before: datetime) -> Job[None]:
    """Forget finished work. Keys of updates must be remembered longer than Telegram sends them again (24 h)."""
    yield Ask(_PURGE, {"before": to_ms(before)})


def packed(payload: dict[str, Any]) -> str:
    """A payload as stored: in ASCII, because half a surrogate pair or a NUL, which JSON may hold, is no text that a
    database takes, and one such message must not keep the others from being stored."""
    return json.dumps(payload, separators=(",", ":"))


def _rows(rows: list[Row]) -> list[WorkRow]:
    return [
        WorkRow(row_id, kind, lane, key, json.loads(payload), tries, crashes)
        for row_id, kind, lane, key, payload, tries, crashes in sorted(rows)
    ]


class WorkRepository:
    """The table of work inside somebody's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, items: Sequence[NewWork], now: datetime) -> None:
        """Store work together with the change that made it; what has the key of known work is left out."""
        for item in items:
            await self._session.execute(
                _PUT,
                {
                    "kind": item.kind,
                    "lane": item.lane,
                    "key": item.key,
                    "payload": packed(item.payload),
                    "due": to_ms(item.due or now),
                    "now": to_ms(now),
                },
            )

    async def workload(self, now: datetime) -> Workload:
        """The table in figures, as of `now`."""
        counted = await self._session.execute(
            select(Work.kind, func.count()).where(Work.state == "open").group_by(Work.kind)
        )
        aside = await self._session.scalar(select(func.count()).where(Work.state == "aside"))
        oldest = await self._session.scalar(
            select(func.min(Work.created_at)).where(Work.state == "open", Work.due <= now)
        )
        return Workload({kind: int(count) for kind, count in counted}, aside or 0, oldest)
