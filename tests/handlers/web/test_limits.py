"""Limits at the edge, exact: the 1001st call, the 101st item, by learner, else by address, and what the headers say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.web.operations import Call, Limit, Operation, Out, Who
from handlers.web.rate import key_of, spend
from services.limits import Kind, Rule
from storage.database import Database
from tests.handlers.web.sidecar import PEOPLE, Sidecar, sidecar

SMALL: dict[Kind, Rule] = {"requests": Rule(20, 900), "progress": Rule(5, 60)}


class DoneOut(Out):
    done: bool = True


async def look(call: Call) -> DoneOut:
    """Costs a request."""
    return DoneOut()


async def complete(call: Call) -> DoneOut:
    """Costs a progress item as well."""
    return DoneOut()


async def batch(call: Call) -> DoneOut:
    """Costs as many progress items as it is asked for."""
    cost = int(call.request.headers["X-Items"])
    await spend(call.request, call.services.limits, "progress", key_of(call.me), cost)
    return DoneOut()


OPERATIONS = [
    Operation(method="GET", path="/look", summary="Look", handler=look, who=Who.ANYBODY, answers=DoneOut),
    Operation(method="POST", path="/done", summary="Done", handler=complete, limit=Limit.PROGRESS, answers=DoneOut),
    Operation(method="POST", path="/batch", summary="Batch", handler=batch, answers=DoneOut),
]


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Database]:
    """A database that nobody asks."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bare.db'}")
    yield database
    await database.close()


async def statuses(served: Sidecar, count: int, method: str, path: str, who: str | None, **headers: str) -> list[int]:
    """How each of `count` calls was answered."""
    shown = {**(served.of(who) if who else {}), **{name.replace("_", "-"): one for name, one in headers.items()}}
    return [(await served.ask(method, path, headers=shown))[0] for _ in range(count)]


async def test_the_1001st_call_is_refused_until_the_first_is_a_quarter_of_an_hour_old(bare: Database) -> None:
    async with sidecar(bare, OPERATIONS) as served:
        assert set(await statuses(served, 1000, "GET", "/look", "lena")) == {200}
        status, problem, headers = await served.ask("GET", "/look", headers=served.of("lena"))
        assert (status, problem["code"]) == (429, "limit_reached.requests")
        assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("1000", "0")
        assert headers["RateLimit-Policy"] == "1000;w=900"
        assert headers["Retry-After"] == headers["RateLimit-Reset"] == "901"
        assert problem["retry_at"] == (served.clock.now() + timedelta(milliseconds=900_001)).isoformat()
        assert await statuses(served, 1, "GET", "/look", "ines") == [200], "others are not touched"
        served.clock.move(900)
        assert await statuses(served, 1, "GET", "/look", "lena") == [429]
        served.clock.move(1)
        assert await statuses(served, 1, "GET", "/look", "lena") == [200]


async def test_the_headers_count_down(bare: Database) -> None:
    async with sidecar(bare, OPERATIONS, rules=SMALL) as served:
        for left in (19, 18, 17):
            _, _, headers = await served.ask("GET", "/look", headers=served.of("lena"))
            assert headers["RateLimit-Remaining"] == str(left)
            assert "Retry-After" not in headers
        served.clock.move(100)
        _, _, headers = await served.ask("GET", "/look", headers=served.of("lena"))
        assert headers["RateLimit-Reset"] == "801"


async def test_the_item_beyond_the_limit_is_refused_and_counts_as_a_request_only(bare: Database) -> None:
    async with sidecar(bare, OPERATIONS, rules=SMALL) as served:
        assert await statuses(served, 6, "POST", "/done", "lena") == [200] * 5 + [429]
        _, problem, headers = await served.ask("POST", "/done", headers=served.of("lena"))
        assert problem["code"] == "limit_reached.progress"
        assert (headers["RateLimit-Limit"], headers["Retry-After"]) == ("5", "61")
        _, _, headers = await served.ask("GET", "/look", headers=served.of("lena"))
        assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("20", "12")


async def test_a_batch_takes_its_items_at_once_or_is_refused_whole(bare: Database) -> None:
    async with sidecar(bare, OPERATIONS, rules=SMALL) as served:
        assert await statuses(served, 1, "POST", "/batch", "lena", X_Items="3") == [200]
        shown = {**served.of("lena"), "X-Items": "3"}
        status, _, headers = await served.ask("POST", "/batch", headers=shown)
        assert (status, headers["RateLimit-Remaining"]) == (429, "2")
        assert await statuses(served, 1, "POST", "/batch", "lena", X_Items="2") == [200]


async def test_a_tap_in_the_chat_and_an_item_here_share_one_budget(bare: Database) -> None:
    async with sidecar(bare, OPERATIONS, rules=SMALL) as served:
        await served.limits.take("progress", str(PEOPLE["lena"].id), 4)
        assert await statuses(served, 2, "POST", "/done", "lena") == [200, 429]


async def test_whoever_does_not_sign_in_counts_by_address_whatever_they_ask_for(bare: Database) -> None:
    async with sidecar(bare, OPERATIONS, rules=SMALL) as served:
        for path, who in (("/look", None), ("/nowhere", None), ("/done", None), ("/look", "nobody"), ("/docs", None)):
            found = await statuses(served, 3, "GET", path, who)
            assert 429 not in found
        assert await statuses(served, 6, "GET", "/look", "blocked") == [403] * 5 + [429]
        for path, who in (("/look", None), ("/nowhere", None), ("/done", None), ("/look", "nobody"), ("/docs", None)):
            status, problem, headers = await served.ask("GET", path, headers=served.of(who) if who else {})
            assert (status, problem["code"], headers["Retry-After"]) == (429, "limit_reached.requests", "901"), path
        assert await statuses(served, 1, "GET", "/look", "lena") == [200]
        async with served.client.get("/health/live") as answer:
            assert answer.status == 200


async def spent(served: Sidecar, forwarded: str) -> int:
    """How many calls the address that is believed has left."""
    _, _, headers = await served.ask("GET", "/look", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    return int(headers["RateLimit-Remaining"])


async def test_only_listed_proxies_are_believed_about_whom_they_speak_for(bare: Database) -> None:
    async with sidecar(bare, OPERATIONS, rules=SMALL) as served:
        assert [await spent(served, f"203.0.113.{number}") for number in range(3)] == [19, 18, 17]
    async with sidecar(bare, OPERATIONS, rules=SMALL, proxies=["127.0.0.0/8", "10.1.1.1"]) as served:
        assert [await spent(served, f"203.0.113.{number}") for number in range(3)] == [19, 19, 19]
        assert await spent(served, "203.0.113.0, 10.1.1.1") == 18, "through two listed proxies"
        assert await spent(served, "198.51.100.9, 203.0.113.0") == 17, "what the client made up itself is not believed"
        assert await spent(served, "203.0.113.0:4711") == 16
        assert await spent(served, "::ffff:203.0.113.0") == 15
        assert await spent(served, "2001:db8:1:2::1") == 19
        assert await spent(served, "[2001:db8:1:2:ffff::2]:443") == 18, "one household is one address"
        assert await spent(served, "2001:db8:1:3::1") == 19
        assert [await spent(served, odd) for odd in ("nonsense", "", "127.0.0.1", "10.1.1.1")] == [19, 18, 17, 19]
