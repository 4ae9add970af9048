"""New work is stored, and is its worker's at once where nothing of its lane stands before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from storage.models.base import to_ms
from storage.work import NewWork, WorkRow, packed
from storage.writer import Ask, Job, Statement, repeatable

_ROW = (
    "(CAST(:kind_{0} AS VARCHAR), CAST(:lane_{0} AS VARCHAR), CAST(:key_{0} AS VARCHAR), CAST(:payload_{0} AS TEXT),"
    " CAST(:due_{0} AS BIGINT), CAST(:owner_{0} AS VARCHAR), {1})"
)
# Of a lane's open rows the last tells: the owned ones are always the first and all of one worker. So however many rows
# wait in a lane, one more costs the same. What the columns of VALUES are called is the same on both databases.
_ACCEPT = """
    INSERT INTO work (kind, lane, key, payload, state, tries, due, owner, created_at)
    SELECT column1, column2, column3, column4, 'open', 0, column5,
        CASE WHEN column6 IS NULL OR column5 > CAST(:now AS BIGINT) OR EXISTS (
            SELECT 1 FROM (
                SELECT w.owner FROM work AS w WHERE w.lane = column2 AND w.state = 'open'
                ORDER BY w.id DESC LIMIT 1) AS latest
            WHERE latest.owner IS NULL OR latest.owner <> column6)
        THEN NULL ELSE column6 END, CAST(:now AS BIGINT)
    FROM (VALUES {rows}) AS new WHERE 1 = 1 ORDER BY column7
    ON CONFLICT (key) DO NOTHING RETURNING id, key, owner
"""
_LETTERS = "abcdefghijklmnop"


def _for(count: int) -> Statement:
    rows = ", ".join(_ROW.format(_LETTERS[place], place) for place in range(count))
    return Statement(_ACCEPT, rows=rows)


# Each size is a statement of its own, which is prepared once; hundred rows are seven round trips.
_SIZES = {count: _for(count) for count in (16, 4, 1)}


@repeatable
def accept(items: Sequence[NewWork], owner: str, now: datetime, crowded: frozenset[str]) -> Job[list[WorkRow]]:
    """Store what is new; returns the rows that are this worker's to do at once, in order. What was stored before (by
    key) is left alone; rows of `crowded` lanes are stored unowned, to be taken when the lane gets there. Where several
    share the database, name the lanes to the writer: it goes by what is in them."""
    mine: list[WorkRow] = []
    for some in _parts(items):
        params: dict[str, object] = {"now": to_ms(now)}
        for letter, item in zip(_LETTERS, some, strict=False):
            params |= {
                f"kind_{letter}": item.kind,
                f"lane_{letter}": item.lane,
                f"key_{letter}": item.key,
                f"payload_{letter}": packed(item.payload),
                f"due_{letter}": to_ms(item.due or now),
                f"owner_{letter}": None if item.lane in crowded else owner,
            }
        known = {item.key: item for item in reversed(some)}
        for row_id, key, got in (yield Ask(_SIZES[len(some)], params)):
            if got == owner:
                item = known[key]
                mine.append(WorkRow(row_id, item.kind, item.lane, item.key, item.payload, 0))
    return sorted(mine, key=lambda row: row.id)


def _parts(items: Sequence[NewWork]) -> Iterator[Sequence[NewWork]]:
    """What is stored by one statement, which does not see its own rows: so what is to come later, and keeps those after
    it in its lane waiting, is by itself."""
    at = 0
    while at < len(items):
        size = max(size for size in _SIZES if size <= len(items) - at)
        some = items[at : at + size]
        if any(item.due is not None for item in some):
            some = items[at : at + 1]
        yield some
        at += len(some)
