"""Which workers live: each counts up its own beat, and whoever sees one stand still gives it up for dead.

No clock of any machine decides: the others measure on their own monotonic clocks how long a beat has stood still.
"""

from __future__ import annotations

from datetime import datetime

from storage.models.base import to_ms
from storage.writer import Ask, Job, Statement, repeatable

_JOIN = Statement(
    """INSERT INTO worker (name, label, beat, started_at, seen_at)
    VALUES (CAST(:name AS VARCHAR), CAST(:label AS VARCHAR), 1, CAST(:now AS BIGINT), CAST(:now AS BIGINT))
    ON CONFLICT (name) DO NOTHING"""
)
_BEAT = Statement("UPDATE worker SET beat = beat + 1, seen_at = CAST(:now AS BIGINT) WHERE name = :name RETURNING beat")
_BEATS = Statement("SELECT name, beat FROM worker")
_BURY = Statement("DELETE FROM worker WHERE name = :name AND beat = CAST(:beat AS BIGINT) RETURNING name")
_LEAVE = Statement("DELETE FROM worker WHERE name = :name")
SUSPECT = 2  # workers that died with a piece in hand, among others, from which on it is watched (`work.suspected`)
# Only the first of a lane's rows was in hand.
_CRASHED = Statement(
    """UPDATE work SET crashes = crashes + 1
    WHERE owner = :name AND state = 'open' AND crashes < CAST(:suspect AS BIGINT) AND NOT EXISTS (
        SELECT 1 FROM work AS o
        WHERE o.lane = work.lane AND o.owner = work.owner AND o.state = 'open' AND o.id < work.id)"""
)
_FREE = Statement("UPDATE work SET owner = NULL WHERE owner = :name AND state = 'open'")
_ORPHANS = Statement(
    """SELECT DISTINCT owner FROM work WHERE state = 'open' AND owner IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM worker WHERE worker.name = work.owner)"""
)
_HOLD = Statement(
    """INSERT INTO lease (name, owner) VALUES (CAST(:lease AS VARCHAR), CAST(:name AS VARCHAR))
    ON CONFLICT (name) DO NOTHING"""
)
_HOLDER = Statement("SELECT owner FROM lease WHERE name = :lease")
_ROLL = Statement(
    """SELECT worker.label, lease.name FROM worker LEFT JOIN lease ON lease.owner = worker.name
    ORDER BY worker.started_at, worker.name, lease.name"""
)
_RELEASE = Statement("DELETE FROM lease WHERE name = :lease AND owner = :name")


@repeatable
def join(name: str, label: str, now: datetime) -> Job[None]:
    """Count this worker among the living."""
    yield Ask(_JOIN, {"name": name, "label": label, "now": to_ms(now)})


@repeatable
def beat(name: str, now: datetime) -> Job[bool]:
    """Count up; False if this worker was given up for dead."""
    return bool((yield Ask(_BEAT, {"name": name, "now": to_ms(now)})))


@repeatable
def beats() -> Job[dict[str, int]]:
    """The beats of all workers."""
    return dict((yield Ask(_BEATS, {})))


@repeatable
def roll() -> Job[list[tuple[str, str | None]]]:
    """Everybody who counts as living, the oldest first, by label: once, or once for each lease that they hold."""
    return [(label, lease) for label, lease in (yield Ask(_ROLL, {}))]


@repeatable
def bury(name: str, beat: int) -> Job[bool]:
    """Give a worker up for dead unless it has counted on; what it held is nobody's then."""
    if not (yield Ask(_BURY, {"name": name, "beat": beat})):
        return False
    yield from _inherit(name)
    return True


@repeatable
def bury_orphans() -> Job[int]:
    """Free what is held by workers that are not counted at all; how many they were."""
    owners = yield Ask(_ORPHANS, {})
    for (owner,) in owners:
        yield from _inherit(owner)
    return len(owners)


@repeatable
def bury_all() -> Job[None]:
    """Give up all workers, by one that knows it is alone."""
    for name in sorted((yield from beats())):
        yield Ask(_LEAVE, {"name": name})
    yield from bury_orphans()


@repeatable
def leave(name: str) -> Job[None]:
    """Go in good order: what is still held is handed back, and no crash is counted."""
    yield Ask(_FREE, {"name": name})
    yield Ask(_LEAVE, {"name": name})


@repeatable
def hold(lease: str, name: str) -> Job[bool]:
    """Take a lease, or keep it; whether this worker has it now."""
    yield Ask(_HOLD, {"lease": lease, "name": name})
    rows = yield Ask(_HOLDER, {"lease": lease})
    return bool(rows) and rows[0][0] == name


@repeatable
def release(lease: str, name: str) -> Job[None]:
    """Give a lease back."""
    yield Ask(_RELEASE, {"lease": lease, "name": name})


@repeatable
def _inherit(name: str) -> Job[None]:
    yield Ask(_CRASHED, {"name": name, "suspect": SUSPECT})
    yield Ask(_FREE, {"name": name})
