from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from services.errors import Forbidden, Invalid, NotFound
from services.learners import LearnerService
from services.views import LearnerView
from storage.database import Database
from storage.learners import LearnerRepository
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import START, HeldClock

__all__ = ["database", "postgres", "sqlite"]


def service(database: Database, **changes: Any) -> LearnerService:
    return LearnerService(database=database, clock=HeldClock(), languages={"en", "de", "pt-br"}, **changes)


@asynccontextmanager
async def counting(database: Database) -> AsyncIterator[list[str]]:
    """The statements that are run meanwhile."""
    said: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        said.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    yield said
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def arrive(learners: LearnerService, telegram_id: int = 1, **changes: Any) -> LearnerView:
    values: dict[str, Any] = {"name": "Ada", "username": "ada", "language_code": "de-AT", "at": START, **changes}
    return await learners.arrive(telegram_id, **values)


async def test_the_first_meeting_is_the_first_only(database: Database) -> None:
    learners = service(database)
    first = await arrive(learners)
    assert first.first_meeting
    assert (first.language, first.time_zone, first.role, first.admitted) == ("de", "UTC", "learner", True)
    again = await arrive(learners)
    assert again == replace(first, first_meeting=False)
    assert await arrive(service(database)) == again


async def test_simultaneous_first_arrivals_are_one_person(database: Database) -> None:
    services = [service(database), service(database)]
    views = await asyncio.gather(*(arrive(services[turn % 2]) for turn in range(10)))
    assert len({view.id for view in views}) == 1
    assert sum(view.first_meeting for view in views) == 1


async def test_who_is_known_costs_nothing_until_something_changes(sqlite: Database) -> None:
    learners = service(sqlite)
    first = await arrive(learners)
    async with counting(sqlite) as said:
        for minute in range(9):
            await arrive(learners, at=START + timedelta(minutes=minute))
        assert said == []
        assert await learners.last_seen(first) == START + timedelta(minutes=8)
        assert said == []
        await arrive(learners, at=START + timedelta(minutes=10))
        assert any(line.startswith("UPDATE") for line in said)
        said.clear()
        assert (await arrive(learners, name="Ada L.", at=START + timedelta(minutes=11))).name == "Ada L."
        assert said != []
    async with sqlite.reading() as session:
        row = await LearnerRepository(session).by_telegram(1)
    assert row is not None
    assert (row.name, row.seen_at) == ("Ada L.", START + timedelta(minutes=11))


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("pt-BR", "pt-br"),
        ("pt_BR", "pt-br"),
        ("pt", "en"),
        ("fr", "en"),
        (None, "en"),
        ("", "en"),
    ],
)
async def test_the_language_is_one_that_we_have(sqlite: Database, code: str | None, language: str) -> None:
    assert (await arrive(service(sqlite), language_code=code)).language == language


@pytest.mark.parametrize(
    ("name", "stored"),
    [("  Zoë \n B. ", "Zoë B."), ("", "1"), ("x\x00\u202ey", "xy"), ("\ud83d", "1"), ("n" * 500, "n" * 128)],
)
async def test_names_are_made_storable(database: Database, name: str, stored: str) -> None:
    assert (await arrive(service(database), name=name)).name == stored


async def test_whoever_writes_is_reachable_again(sqlite: Database) -> None:
    learners = service(sqlite)
    view = await arrive(learners)
    await learners.set_reachable(1, False)
    assert not (await learners.get(view.id)).reachable
    await learners.set_reachable(99, False)
    assert (await arrive(learners)).reachable
    assert (await learners.get(view.id)).reachable


async def test_settings_are_kept_and_seen_at_once(sqlite: Database) -> None:
    learners = service(sqlite)
    view = await arrive(learners)
    assert (await learners.set_language(view.id, "en")).language == "en"
    assert (await learners.set_time_zone(view.id, "Europe/Vienna")).time_zone == "Europe/Vienna"
    known = await arrive(learners)
    assert (known.language, known.time_zone) == ("en", "Europe/Vienna")
    assert (await arrive(service(sqlite), language_code="de")).language == "en"


async def test_settings_that_do_not_exist_are_refused(sqlite: Database) -> None:
    learners = service(sqlite)
    view = await arrive(learners)
    with pytest.raises(Invalid) as caught:
        await learners.set_language(view.id, "tlh")
    assert (caught.value.faults[0].field, caught.value.faults[0].allowed) == ("language", "de, en, pt-br")
    for zone in ("Mars/Base", "", "../../etc/passwd", "UTC+1"):
        with pytest.raises(Invalid):
            await learners.set_time_zone(view.id, zone)
    with pytest.raises(NotFound):
        await learners.set_language(view.id + 1, "en")


async def test_the_allow_list_admits_whom_it_names(sqlite: Database) -> None:
    learners = service(sqlite, access="allow-list", allow_list={5}, admin_ids={6})
    assert (await arrive(learners, 5)).admitted
    assert (await arrive(learners, 6)).admitted
    assert not (await arrive(learners, 7)).admitted


async def test_an_invitation_admits_for_good_and_is_used_up(database: Database) -> None:
    learners = service(database, access="invite", admin_ids={1})
    admin = await arrive(learners)
    assert (admin.role, admin.admitted) == ("admin", True)
    code = await learners.make_invite(admin, uses=1)
    assert not (await arrive(learners, 2)).admitted
    assert not (await arrive(learners, 2, code="wrong")).admitted
    assert (await arrive(learners, 2, code=code)).admitted
    assert (await arrive(learners, 2)).admitted
    assert (await arrive(service(database, access="invite"), 2)).admitted
    assert not (await arrive(learners, 3, code=code)).admitted


async def test_an_invitation_is_not_wasted_on_whom_it_does_not_help(sqlite: Database) -> None:
    learners = service(sqlite, access="invite", admin_ids={1})
    admin = await arrive(learners)
    code = await learners.make_invite(admin)
    await arrive(learners, 1, code=code)
    assert (await arrive(learners, 2, code=code)).admitted
    await arrive(learners, 2, code=code)


async def test_only_admins_by_the_database_do_what_admins_do(sqlite: Database) -> None:
    learners = service(sqlite, admin_ids={1})
    admin, other = await arrive(learners), await arrive(learners, 2)
    with pytest.raises(Forbidden, match="not_admin"):
        await learners.make_invite(replace(other, role="admin"))
    with pytest.raises(Forbidden, match="not_admin"):
        await learners.set_role(other, other.id, "admin")
    assert (await learners.set_role(admin, other.id, "instructor")).role == "instructor"
    assert (await arrive(learners, 2)).role == "instructor"
    with pytest.raises(Invalid):
        await learners.set_role(admin, other.id, "king")
    with pytest.raises(Invalid):
        await learners.make_invite(admin, uses=0)


async def test_who_is_not_there_is_not_found(sqlite: Database) -> None:
    with pytest.raises(NotFound, match="learner"):
        await service(sqlite).get(1)
