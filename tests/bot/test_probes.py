"""What health says about the mail server and about Redis."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from dataclasses import dataclass

import pytest

from bot.mail import make_wire
from bot.probes import Probes
from bot.settings import load_settings
from bot.shared import make_link
from handlers.chat.polling import OTHER_PROGRAM, OTHER_WORKER
from services.authors.offline import OfflineAuthor
from services.clock import SystemClock
from services.health import HealthService
from services.jobs import Jobs
from services.views import HealthView
from storage.database import Database
from tests.kit.clocks import HeldClock
from tests.kit.database import postgres, postgres_database, sqlite
from tests.kit.mail_server import mail_server
from tests.kit.redis import RedisServer, redis_server

__all__ = ["postgres", "redis_server", "sqlite"]

MORE = {"MAIL_FROM": "mail@learn.example", "PUBLIC_URL": "https://learn.example"}


async def health(database: Database, url: str = "", limit_seconds: float = 30) -> HealthView:
    settings = load_settings({"SMTP_URL": url, **MORE}, None)
    probes = Probes(OfflineAuthor(), SystemClock(), make_wire(settings))
    service = HealthService(
        database=database,
        clock=SystemClock(),
        version="1",
        environment="test",
        probes={"mail": probes.all()["mail"]},
        limit_seconds=limit_seconds,
    )
    return await service.check()


async def test_without_a_server_mail_is_off_and_all_is_well(sqlite: Database) -> None:
    view = await health(sqlite)
    assert (view.status, view.probes[-1].name, view.probes[-1].state) == ("healthy", "mail", "off")


async def test_a_server_is_greeted_and_given_nothing(sqlite: Database) -> None:
    async with mail_server(password="right") as server:
        view = await health(sqlite, f"smtp://me:pa55@127.0.0.1:{server.port}")
        assert (view.status, view.probes[-1].state) == ("healthy", "ok")
        assert (server.talks, server.recipients) == (1, [])


async def test_a_server_that_is_away_or_silent_costs_the_mail_only(sqlite: Database, free_port: int) -> None:
    view = await health(sqlite, f"smtp://me:pa55@127.0.0.1:{free_port}")
    assert (view.status, view.probes[-1].state, view.probes[-1].loses) == ("degraded", "failed", "mail")
    assert "pa55" not in repr(view)
    silent = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", free_port)
    begun = time.monotonic()
    view = await health(sqlite, f"smtp://127.0.0.1:{free_port}", limit_seconds=0.5)
    assert time.monotonic() - begun < 2
    assert (view.status, view.probes[-1].state) == ("degraded", "failed")
    silent.close()


async def test_redis_is_asked_where_there_is_one(sqlite: Database, redis_server: RedisServer) -> None:
    clock = HeldClock()
    settings = load_settings({"REDIS_URL": redis_server.url}, None)
    link = make_link(settings, SystemClock())
    assert link is not None
    probe = Probes(OfflineAuthor(), SystemClock(), None, link).all()["cache"]
    service = HealthService(database=sqlite, clock=clock, version="1", environment="test", probes={"cache": probe})
    view = await service.check()
    assert (view.status, view.probes[-1].name, view.probes[-1].state) == ("healthy", "cache", "ok")
    assert view.probes[-1].latency_ms > 0
    redis_server.stop()
    assert (await service.check()) is view, "it is asked every two seconds at most"
    clock.move(2)
    view = await service.check()
    assert (view.status, view.probes[-1].state, view.probes[-1].loses) == ("degraded", "failed", "cache")
    redis_server.start()
    clock.move(2)
    assert (await service.check()).status == "healthy"
    await link.aclose()


async def test_without_redis_each_process_remembers_for_itself(sqlite: Database) -> None:
    assert make_link(load_settings({}, None), SystemClock()) is None
    probe = await Probes(OfflineAuthor(), SystemClock()).all()["cache"]()
    assert (probe.name, probe.state) == ("cache", "off")


async def test_who_works_on_a_shared_database_is_told_with_who_polls(postgres: str) -> None:
    async with postgres_database(postgres) as database:
        jobs = Jobs(database, SystemClock(), worker="one")
        await jobs.start()
        assert await jobs.heart.hold("poller")
        probe = await Probes(OfflineAuthor(), SystemClock(), heart=jobs.heart).all()["workers"]()
        assert probe.state == "ok"
        assert probe.detail == f"1 alive: {socket.gethostname()}:{os.getpid()} (poller)"
        await jobs.stop(1)


def test_who_is_alone_has_no_company_to_be_asked_about() -> None:
    assert "workers" not in Probes(OfflineAuthor(), SystemClock()).all()


@dataclass
class Arriving:
    """How updates come, as a test has it."""

    last_seen: float | None = None
    silent_after: float = 30.0
    standing_by: str | None = None
    trouble: str | None = None

    async def run(self) -> None: ...


@pytest.mark.parametrize(
    ("arriving", "state", "words"),
    [
        (Arriving(), "failed", "not answered yet"),
        (Arriving(last_seen=1_000.0), "ok", "answered 0 s ago"),
        (Arriving(last_seen=900.0), "failed", "silent for 100 s"),
        (Arriving(standing_by=OTHER_WORKER), "ok", "standing by"),
        (Arriving(last_seen=1_000.0, standing_by=OTHER_PROGRAM), "failed", "another program"),
        (Arriving(last_seen=1_000.0, trouble="Connection refused"), "failed", "Connection refused"),
    ],
)
async def test_what_is_said_of_telegram(arriving: Arriving, state: str, words: str) -> None:
    probes = Probes(OfflineAuthor(), HeldClock())
    probes.arrival = arriving
    found = await probes.telegram()
    assert (found.state, found.loses) == (state, "chat" if state == "failed" else None)
    assert words in found.detail
