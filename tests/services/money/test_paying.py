"""What is paid where the provider answers over HTTP, or fails to: what was used is charged, and nothing else."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select

from services.authors.model.caller import HELD_SECONDS, Caller
from services.authors.model.wire import Receipt, Usage
from services.authors.protocol import Payer
from services.errors import AuthorError, AuthorUnusable
from services.money.caps import Caps
from services.money.prices import cost, read_prices, worst_case
from storage.database import Database
from storage.models import Spending
from storage.money import MoneyRepository
from tests.kit.database import database, postgres, sqlite
from tests.kit.hurried_clock import HurriedClock
from tests.kit.model_server import Fault, ModelServer
from tests.services.authors.wire_kit import QUESTION, provider_on, talking_stub
from tests.services.money.people import generation, learner, purse_of, settle_in

__all__ = ["database", "postgres", "sqlite"]
ASK = replace(QUESTION, model="claude-sonnet-5-5")
PAYER = Payer(1, 1)


class LenientClock(HurriedClock):
    """When it is slept on for the third time, something else happens."""

    after_three: Callable[[], Awaitable[None]] | None = None

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        if self.after_three and len(self.slept) == 3:
            await self.after_three()


@asynccontextmanager
async def paying(
    database: Database, *faults: Fault, caps: Caps | None = None
) -> AsyncIterator[tuple[Caller, ModelServer, LenientClock]]:
    """A caller on the stub, paid from the house's purse."""
    await settle_in(database, learner(1), generation(1))
    clock = LenientClock()
    async with talking_stub(*faults) as stub:
        purse = purse_of(database, clock, caps)
        caller = Caller((provider_on(stub, "claude", clock),), purse=purse, clock=clock, rng=random.Random(7))
        yield caller, stub, clock
        await caller.aclose()


async def ask(caller: Caller) -> str:
    async with aclosing(caller.stream("claude", ASK, PAYER, Receipt())) as pieces:
        return "".join([piece async for piece in pieces])


async def rows(database: Database) -> list[Spending]:
    async with database.reading() as session:
        return list(await session.scalars(select(Spending).order_by(Spending.id)))


def priced(usage: Usage) -> int:
    price = read_prices().at(ASK.model, HurriedClock().now().date())
    assert price is not None
    return cost(usage, price)


def worst() -> int:
    price = read_prices().at(ASK.model, HurriedClock().now().date())
    assert price is not None
    return worst_case(ASK, price)


async def test_an_answer_costs_what_the_provider_counted(database: Database) -> None:
    async with paying(database) as (caller, stub, _):
        await ask(caller)
        account = stub.calls[0].account
        assert account is not None
        (row,) = await rows(database)
    assert (row.fresh, row.cached, row.written) == (account.fresh, account.cached, account.written)
    assert row.output > 0
    assert row.spent == priced(Usage(row.fresh, row.cached, row.written, row.output))
    assert 0 < row.spent < row.reserved == worst()


async def test_a_stream_that_breaks_is_charged_for_what_it_had_used(database: Database) -> None:
    async with paying(database, Fault("dropped", share=0.5)) as (caller, _, _):
        with pytest.raises(AuthorError):
            await ask(caller)
        (broken,) = await rows(database)
        await ask(caller)
        whole = (await rows(database))[-1]
    assert broken.spent is not None
    assert whole.spent is not None
    assert broken.fresh + broken.written + broken.cached > 1_000, "its input was read"
    assert 0 < broken.output < whole.output
    assert broken.spent == priced(Usage(broken.fresh, broken.cached, broken.written, broken.output))


@pytest.mark.parametrize("fault", ["overloaded", "rate_limit", "key_refused", "bad_request"])
async def test_what_was_refused_before_it_began_costs_nothing(sqlite: Database, fault: str) -> None:
    async with paying(sqlite, Fault(fault, times=9)) as (caller, stub, _):
        with pytest.raises(AuthorError):
            await ask(caller)
        found = await rows(sqlite)
        assert [row.spent for row in found] == [0] * len(stub.calls)
        async with sqlite.reading() as session:
            assert await MoneyRepository(session).used("course:1") == 0


async def test_a_cap_is_reached_before_the_call_and_the_provider_hears_nothing(sqlite: Database) -> None:
    async with paying(sqlite, caps=Caps(course=worst() - 1)) as (caller, stub, _):
        with pytest.raises(AuthorUnusable) as caught:
            await ask(caller)
        assert (caught.value.why, stub.calls) == ("cap_course", [])


async def test_what_calls_under_way_hold_is_waited_for(database: Database) -> None:
    caps = Caps(course=worst() + worst() // 2)
    async with paying(database, caps=caps) as (caller, stub, clock):
        purse = purse_of(database, clock, caps)
        held = await purse.reserve(PAYER, "claude", ASK)
        clock.after_three = partial(purse.settle, held, Usage(output=1))
        await ask(caller)
        assert (len(clock.slept), len(stub.calls)) == (3, 1)


async def test_what_is_never_given_back_is_not_waited_for_for_ever(sqlite: Database) -> None:
    caps = Caps(course=worst() + worst() // 2)
    async with paying(sqlite, caps=caps) as (caller, stub, clock):
        await purse_of(sqlite, clock, caps).reserve(PAYER, "claude", ASK)
        with pytest.raises(AuthorUnusable) as caught:
            await ask(caller)
        assert (caught.value.why, stub.calls, sum(clock.slept)) == ("cap_course", [], HELD_SECONDS)
