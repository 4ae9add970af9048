"""Everything at once: people learn, faults come by lot, Telegram has its limits. Nothing is lost, and Telegram is
hardly ever asked for more than it takes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from benchmarks.rig.deeds import Deed
from benchmarks.rig.limits import Limits
from benchmarks.rig.stores import postgres_store
from benchmarks.rig.term import PACED, term
from benchmarks.school import FIRST_PERSON
from services.heart import BEAT_EVERY
from tests.faults.fleets import Form, form, judge, postgres, redis_server, running, scaled, single
from tests.faults.rig import SEED

__all__ = ["form", "postgres", "redis_server", "scaled", "single"]

A_SECOND = 10.0  # deeds
PEOPLE = 90  # who all want something at once
ONE_IN = 100  # calls may be refused: those of a worker that has just begun and does not know what another has sent


async def test_learners_and_faults(form: Form, tmp_path: Path) -> None:
    await learn_and_check(form, tmp_path, SEED, learners=40, deeds=200, faults=8)


@pytest.mark.soak
async def test_many_learners_and_many_faults(form: Form, tmp_path: Path) -> None:
    await learn_and_check(form, tmp_path, SEED + 1, learners=500, deeds=6_000, faults=160)


async def test_workers_without_redis_share_what_telegram_takes(postgres: str, tmp_path: Path) -> None:
    """More waits than may be sent, at all of them: each sends a third."""
    async with (
        postgres_store(postgres) as store,
        running(Form(3, store), tmp_path, SEED, learners=PEOPLE, webhook=True, **PACED) as (workers, _),
    ):
        limits = workers.telegram.limits = Limits()
        await asyncio.sleep(2 * BEAT_EVERY)  # they have seen each other
        await workers.telegram.give(
            [Deed(number, FIRST_PERSON + number % PEOPLE, "list") for number in range(2 * PEOPLE)]
        )
        verdict = await judge(workers, refused=2)
        print(f"{len(verdict.refused)} calls refused: {limits.refused}, at most {limits.most} a second")
        assert {call.worker for call in workers.telegram.ledger.of("sendmessage")} == set(workers.workers)


async def learn_and_check(form: Form, folder: Path, seed: int, *, learners: int, deeds: int, faults: int) -> None:
    webhook = form.workers > 1
    async with running(form, folder, seed, learners=learners, courses=2, webhook=webhook, **PACED) as (workers, school):
        struck = await term(workers, school, deeds=deeds, a_second=A_SECOND, faults=faults, redis=form.redis)
        assert struck.total() == faults
        # One for each pause that Telegram wanted, and for whoever had not heard of it.
        allowed = 3 * struck["pause_in_a_chat"] + deeds // ONE_IN
        verdict = await judge(workers, refused=allowed)
        limits = workers.telegram.limits
        assert limits is not None
        print(f"{len(verdict.refused)} calls refused: {limits.refused}")
