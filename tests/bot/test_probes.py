"""What health says about the mail server and about Redis."""

from __future__ import annotations

import asyncio
import time

from bot.mail import make_wire
from bot.probes import Probes
from bot.settings import load_settings
from bot.shared import make_link
from services.authors.offline import OfflineAuthor
from services.clock import SystemClock
from services.health import HealthService
from services.views import HealthView
from storage.database import Database
from tests.kit.clocks import HeldClock
from tests.kit.database import postgres, sqlite
from tests.kit.mail_server import mail_server
from tests.kit.redis import RedisServer, redis_server

__all__ = ["postgres", "redis_server", "sqlite"]

MORE = {"MAIL_FROM": "mail@learn.example", "PUBLIC_URL": "https://learn.example"}


async def health(database: Database, url: str = "") -> HealthView:
    settings = load_settings({"SMTP_URL": url, **MORE}, None)
    probes = Probes(OfflineAuthor(), SystemClock(), make_wire(settings))
    service = HealthService(
        database=database,
        clock=SystemClock(),
        version="1",
        environment="test",
        probes={"mail": probes.all()["mail"]},
        limit_seconds=0.5,
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
    view = await health(sqlite, f"smtp://127.0.0.1:{free_port}")
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
