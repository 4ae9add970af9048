"""What happens to a letter between its row and the server's box, whatever the server does."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from services.jobs import NewWork, WorkItem
from services.mail_wire import Patience, server_of
from storage.database import Database
from storage.models import Learner, Work
from tests.kit.database import database, postgres, sqlite, sqlite_database
from tests.kit.house import eventually
from tests.kit.mail_server import MailServer, mail_server
from tests.kit.school import add_learner
from tests.services.mail_kit import Post, post

__all__ = ["database", "postgres", "sqlite"]

WELCOME = "mail:welcome:{}"


async def wants_a_welcome(made: Post, learner: int) -> str:
    """A confirmed address, and a letter on its way to it; the letter's key."""
    await made.confirmed(learner)
    return await welcome(made, learner)


async def welcome(made: Post, learner: int) -> str:
    await made.mail.choose(learner, {"welcome": True})
    return WELCOME.format(learner)


async def test_a_letter_goes_out_once(database: Database) -> None:
    async with mail_server() as server, post(database, server) as made:
        learner = await add_learner(database)
        key = await wants_a_welcome(made, learner)
        assert await made.settled(key) == "done"
        await made.mail.choose(learner, {"welcome": False})
        await made.mail.choose(learner, {"welcome": True})
        await asyncio.sleep(0.1)
        (letter,) = server.taken
        assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Welcome to Lectern")
        assert letter["From"] == "Lectern <mail@learn.example>"
        assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    "says",
    [
        {"MAIL": ["421 4.3.2 closing"]},
        {"RCPT": ["451 4.7.1 greylisted"]},
        {"RCPT": ["421 4.7.0 too many"]},
        {"DATA": ["452 4.3.1 full"]},
        {"MAIL": [""]},
        {"RCPT": [""]},
    ],
    ids=str,
)
async def test_what_may_pass_is_tried_later(sqlite: Database, says: dict[str, list[str]]) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        await made.confirmed(learner)
        server.says = says
        key = await welcome(made, learner)
        assert await made.waiting(key) == 60.0
        assert (await made.rows())[key][0] == "open"
        assert server.taken == []
        made.clock.move(59)
        made.jobs.wake()
        await asyncio.sleep(0.05)
        assert server.taken == []
        made.clock.move(1)
        made.jobs.wake()
        assert await made.settled(key) == "done"
        assert len(server.taken) == 1


async def test_waiting_doubles_up_to_an_hour_and_ends_after_three_days(sqlite: Database) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        await made.confirmed(learner)
        server.says = {"MAIL": ["451 later"] * 100}
        key, waits = await welcome(made, learner), list[float]()
        for _ in range(9):
            waits.append(await made.waiting(key))
            made.clock.move(waits[-1])
            made.jobs.wake()
            talks = server.talks
            await eventually(lambda: talked(server), lambda now, before=talks: now > before)  # type: ignore[misc]
        assert waits == [60, 60, 120, 240, 480, 960, 1920, 3600, 3600]
        await made.waiting(key)
        made.clock.move(3 * 86_400)
        made.jobs.wake()
        talks = server.talks
        assert await made.settled(key) == "aside"
        assert server.talks == talks + 1


async def talked(server: MailServer) -> int:
    return server.talks


@pytest.mark.parametrize(
    "says", [{"RCPT": ["550 5.1.1 <ADA@example.org> is nobody"]}, {"DATA": ["554 5.7.1 spam"]}], ids=str
)
async def test_what_is_refused_is_set_aside_and_holds_up_nothing(
    database: Database, says: dict[str, list[str]]
) -> None:
    async with mail_server() as server, post(database, server) as made:
        first, second = await add_learner(database), await add_learner(database, 5, "Bo")
        await made.confirmed(first)
        await made.confirmed(second, "bo@example.org")
        server.says = {step: list(answers) for step, answers in says.items()}
        talks = server.talks
        key = await welcome(made, first)
        assert await made.settled(key) == "aside"
        assert server.talks == talks + 1, "a server that said no is not asked again"
        async with database.reading() as session:
            error = await session.scalar(select(Work.error).where(Work.key == key)) or ""
        assert error.startswith("Refused: 55")
        assert "ada@" not in error.lower()
        assert await made.settled(await welcome(made, second)) == "done"
        assert [letter["To"] for letter in server.taken] == ["bo@example.org"]


async def test_a_password_that_is_wrong_is_no_fault_of_the_letter(sqlite: Database) -> None:
    async with mail_server(password="right") as server:
        url = f"smtp://me:wrong@127.0.0.1:{server.port}"
        async with post(sqlite, server, url=url) as made:
            await made.mail.ask_for(await add_learner(sqlite), "ada@example.org")
            (key,) = await made.rows()
            assert await made.waiting(key) == 60.0
        url = f"smtp://me:right@127.0.0.1:{server.port}"
        async with post(sqlite, server, url=url, clock=made.clock) as again:
            made.clock.move(60)
            again.jobs.wake()
            assert await again.settled(key) == "done"
            assert len(server.taken) == 1


async def test_where_tls_must_be_nothing_goes_without(sqlite: Database) -> None:
    async with mail_server() as server:
        for number, scheme in enumerate(("smtp+starttls", "smtps")):
            url = f"{scheme}://me:pa55@127.0.0.1:{server.port}"
            async with post(sqlite, server, url=url) as made:
                await made.mail.ask_for(await add_learner(sqlite, 100 + number), "ada@example.org")
                assert await made.waiting(list(await made.rows())[-1]) == 60.0
        assert (server.recipients, server.taken) == ([], [])


async def test_who_is_blocked_or_gone_gets_nothing(database: Database) -> None:
    async with mail_server() as server, post(database, server) as made:
        blocked, gone = await add_learner(database), await add_learner(database, 5)
        await made.confirmed(blocked)
        await made.confirmed(gone, "bo@example.org")
        server.says = {"MAIL": ["451 later"] * 2}
        keys = [await welcome(made, blocked), await welcome(made, gone)]
        for key in keys:
            await made.waiting(key)
        async with database.transaction() as session:
            await session.execute(update(Learner).where(Learner.id == blocked).values(blocked_at=made.clock.now()))
            await session.execute(delete(Learner).where(Learner.id == gone))
        made.clock.move(60)
        made.jobs.wake()
        for key in keys:
            assert await made.settled(key) == "done"
        assert server.taken == []


async def test_a_dead_server_delays_nothing(sqlite: Database, free_port: int) -> None:
    dead = MailServer(port=free_port)
    async with post(sqlite, dead) as made:
        learner = await add_learner(sqlite)
        begun = time.monotonic()
        await made.mail.ask_for(learner, "ada@example.org")
        assert time.monotonic() - begun < 0.5
        (key,) = await made.rows()
        assert await made.waiting(key) == 60.0
        async with mail_server(port=free_port) as server:
            made.clock.move(60)
            made.jobs.wake()
            assert await made.settled(key) == "done"
            assert len(server.taken) == 1


async def test_a_silent_server_holds_its_own_places_only(sqlite: Database) -> None:
    with socket.socket() as silent:  # takes connections and says nothing
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        server = MailServer(port=silent.getsockname()[1])
        done: list[int] = []

        async def other(item: WorkItem) -> None:
            done.append(item.payload["n"])

        async with post(sqlite, server, patience=Patience(0.3, 0.3, 0.3)) as made:
            made.jobs.register("other", other)
            for number in range(8):
                await made.mail.ask_for(await add_learner(sqlite, 100 + number), "ada@example.org")
            keys = list(await made.rows())
            begun = time.monotonic()
            await made.jobs.put(*(NewWork("other", f"o{n}", f"o{n}", {"n": n}) for n in range(20)))
            await eventually(lambda: count(done), lambda many: many == 20)
            assert time.monotonic() - begun < 0.3
            for key in keys:
                assert await made.waiting(key) == 60.0


async def count(done: list[int]) -> int:
    return len(done)


async def test_a_slow_server_gets_the_letter_once(sqlite: Database) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        await made.confirmed(learner)
        server.hold = asyncio.Event()
        server.receiving.clear()
        key = await welcome(made, learner)
        await asyncio.wait_for(server.receiving.wait(), 10)
        await asyncio.sleep(0.3)
        assert (await made.rows())[key][0] == "open"
        server.hold.set()
        assert await made.settled(key) == "done"
        assert len(server.taken) == 1


async def test_a_line_that_breaks_after_the_letter_doubles_it_at_most_once_under_the_same_name(
    sqlite: Database,
) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        await made.confirmed(learner)
        server.says = {"DATA": [""]}
        key = await welcome(made, learner)
        assert await made.waiting(key) == 60.0
        made.clock.move(60)
        made.jobs.wake()
        assert await made.settled(key) == "done"
        first, second = server.taken
        assert first.as_bytes() == second.as_bytes()
        assert first["Message-ID"].endswith("@learn.example>")


async def killed_at(url: str, server: MailServer, moment: asyncio.Event) -> None:
    """Run a process that sends, and kill it at a moment."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.services.mail_process", url, str(server.port), cwd=Path(__file__).parents[2]
    )
    try:
        await asyncio.wait_for(moment.wait(), 30)
    finally:
        process.kill()
        await process.wait()


async def test_killed_while_the_server_has_the_letter_it_comes_twice_at_most(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'lectern.db'}"
    async with mail_server() as server:
        async with sqlite_database(tmp_path) as opened, post(opened, MailServer(port=1)) as made:
            made.clock.move(-120)  # so that it is due in the other process, too
            learner = await add_learner(opened)
            await made.mail.ask_for(learner, "ada@example.org")
            (key,) = await made.rows()
            await made.waiting(key)
        server.hold = asyncio.Event()
        await killed_at(url, server, server.receiving)
        assert len(server.taken) == 1
        server.hold = None
        async with sqlite_database(tmp_path) as opened, post(opened, server) as made:
            assert await made.settled(key) == "done"
            first, second = server.taken
            assert first["Message-ID"] == second["Message-ID"]
            assert first.as_bytes() == second.as_bytes()
        async with sqlite_database(tmp_path) as opened, post(opened, server) as made:
            await asyncio.sleep(0.2)
            assert len(server.taken) == 2


def test_a_password_goes_to_no_other_machine_in_the_clear() -> None:
    assert server_of("smtp://mail.example").security == "offered"
    assert server_of("smtp://me:pw@mail.example").security == "required"
    assert server_of("smtp://me:pw@127.0.0.1").security == "offered"
    assert server_of("smtp+starttls://mail.example:2525").security == "required"
    assert server_of("smtps://me:p%40w@mail.example").security == "from_the_start"
    known = server_of("smtps://me:p%40w@mail.example")
    assert (known.host, known.port, known.user, known.password) == ("mail.example", None, "me", "p@w")
