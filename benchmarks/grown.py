"""A tap in a database that holds a hundred completions, ten thousand, a million: it should cost the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from sqlalchemy import text

from benchmarks import school
from benchmarks.hooked import Posted, Round, at, posted
from benchmarks.rig.stores import SqliteStore, Store, postgres_store
from benchmarks.servers import Servers, servers
from benchmarks.table import Line
from benchmarks.taps import Tap
from benchmarks.telegram_stub import FIRST_MESSAGE
from storage.database import Database
from storage.models.base import to_ms

SIZES = (100, 10_000, 1_000_000)
LEARNERS = 150  # who tap; the others have completed the same course
FIRST_OTHER = 1_000_000  # their ids begin there
ROUNDS, WARM, TAPS, RATE = 3, 150, 500, 100.0
_OTHERS = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < CAST(:many AS BIGINT))
INSERT INTO learner
    (id, telegram_id, name, username, language, time_zone, role, admitted, reachable, created_at, seen_at)
SELECT :first + i, 8000000000 + i, 'Ada', NULL, 'en', 'UTC', 'learner', TRUE, TRUE, CAST(:now AS BIGINT),
    CAST(:now AS BIGINT) FROM n
"""
_ENROLLED = """
INSERT INTO enrolment (learner_id, course_id, enrolled_at, last_accessed_at)
SELECT l.id, c.id, CAST(:now AS BIGINT), CAST(:now AS BIGINT) FROM learner AS l CROSS JOIN course AS c
WHERE l.id > :first
"""
_READ = """
INSERT INTO reading (learner_id, section_id, course_id, opened_at, touched_at, seconds)
SELECT l.id, s.id, s.course_id, CAST(:now AS BIGINT), NULL, 90 FROM learner AS l CROSS JOIN section AS s
WHERE l.id > :first
"""
_COMPLETED = """
INSERT INTO completion (learner_id, section_id, lesson_id, course_id, completed_at, seconds, interactions)
SELECT l.id, s.id, s.lesson_id, s.course_id, CAST(:now AS BIGINT), 90, 0
FROM learner AS l CROSS JOIN section AS s WHERE l.id > :first LIMIT :completions
"""


async def lines(folder: Path, say: Callable[[str], None]) -> list[Line]:
    """Takes some six minutes."""
    found: list[Line] = []
    async with servers() as running:
        for kind in ("SQLite", "PostgreSQL"):
            found += _told(kind, await _rounds(folder / kind, kind, running, say))
    return found


@asynccontextmanager
async def _store(kind: str, folder: Path, server: str) -> AsyncIterator[Store]:
    folder.mkdir(parents=True)  # noqa: ASYNC240 - nothing else runs meanwhile
    if kind == "SQLite":
        yield SqliteStore(folder / "lectern.db")
    else:
        async with postgres_store(server) as store:
            yield store


async def _rounds(folder: Path, kind: str, running: Servers, say: Callable[[str], None]) -> dict[int, list[Posted]]:
    """Of each size, in turns: what else the machine does meets all of them."""
    found: dict[int, list[Posted]] = {size: [] for size in SIZES}
    stores: dict[int, Store] = {}
    taps: list[Tap] = []  # the same in all
    async with AsyncExitStack() as stack:
        for size in SIZES:
            say(f"{_spaced(size)} completions on {kind}")
            stores[size] = await stack.enter_async_context(_store(kind, folder / str(size), running.postgres))
            taps = (await school.fill(stores[size].url, learners=LEARNERS)).taps
            await grow(stores[size].url, size)
        for number in range(ROUNDS):
            say(f"taps on {kind}, round {number + 1} of {ROUNDS}")
            for size, store in stores.items():
                begin = number * (WARM + TAPS)  # none comes twice
                warm, rest = taps[begin : begin + WARM], taps[begin + WARM : begin + WARM + TAPS]
                asked = Round(warm, rest, RATE, latency=0.0, database=running.cpu, first=FIRST_MESSAGE + begin)
                found[size].append(await _round(folder / f"{size}-{number}", store, asked))
    return found


async def _round(folder: Path, store: Store, asked: Round) -> Posted:
    if not isinstance(store, SqliteStore):
        for settling in ("VACUUM ANALYZE", "CHECKPOINT"):  # both happen by themselves some minutes after such a change
            await store.rows(settling)
    return await posted(folder, store, asked)


async def grow(url: str, completions: int) -> None:
    """Add people who have completed the course that is there, until there are so many more completions."""
    database = await Database.open(url)
    try:
        async with database.transaction() as session:
            sections = (await session.execute(text("SELECT count(*) FROM section"))).scalar_one()
            now, many = to_ms(datetime.now(UTC)), -(-completions // sections)
            shared = {"first": FIRST_OTHER, "now": now}
            await session.execute(text(_OTHERS), {**shared, "many": many})
            await session.execute(text(_ENROLLED), shared)
            await session.execute(text(_READ), shared)
            await session.execute(text(_COMPLETED), {**shared, "completions": completions})
    finally:
        await database.close()


def _told(kind: str, rounds: dict[int, list[Posted]]) -> list[Line]:
    few, many = rounds[SIZES[0]], rounds[SIZES[-1]]
    figures = "; ".join(
        f"{_spaced(size)}: {_median(found, _cpu):.2f} ms CPU, p50 {_median(found, _p50):.1f} ms"
        for size, found in rounds.items()
    )
    return [
        Line(f"1 000 000 completions on {kind}: CPU a tap, to 100", _ratio(many, few, _cpu), 1.2, figures),
        Line(f"1 000 000 completions on {kind}: tap to edit, p50, to 100", _ratio(many, few, _p50), 1.2, "the same"),
    ]


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def _ratio(ours: list[Posted], theirs: list[Posted], of: Callable[[Posted], float]) -> float:
    return _median(ours, of) / _median(theirs, of)


def _median(rounds: list[Posted], of: Callable[[Posted], float]) -> float:
    return median(of(one) for one in rounds)


def _cpu(one: Posted) -> float:
    return one.workers + one.database


def _p50(one: Posted) -> float:
    return at(one.took, 0.5)
