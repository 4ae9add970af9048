"""Telegram fails three calls in ten, and delivers without saying so: everything is delivered, hardly anything twice."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import web

from benchmarks.rig.deeds import Deed
from benchmarks.rig.ledger import Call
from benchmarks.school import FIRST_PERSON
from tests.faults.fleets import Form, form, postgres, redis_server, running, scaled, single
from tests.faults.rig import SEED

__all__ = ["form", "postgres", "redis_server", "scaled", "single"]

LEARNERS = 50
SHARE = 0.3  # of the calls


async def test_some_calls_fail(form: Form, tmp_path: Path) -> None:
    await fail_and_check(form, tmp_path, SEED, sends=60)


@pytest.mark.soak
async def test_three_in_ten_of_a_thousand_fail(form: Form, tmp_path: Path) -> None:
    await fail_and_check(form, tmp_path, SEED + 1, sends=1_000)


async def fail_and_check(form: Form, folder: Path, seed: int, sends: int) -> None:
    """A gateway before Telegram answers 502: what was asked is not done."""
    async with running(form, folder, seed, learners=LEARNERS, webhook=form.workers > 1) as (workers, _):
        lot = random.Random(seed)

        async def fault(call: Call) -> web.StreamResponse | None:
            if not call.chat or lot.random() >= SHARE:
                return None
            call.status = 502
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")

        workers.telegram.fault = fault
        deeds = [Deed(number, FIRST_PERSON + number % LEARNERS, "list") for number in range(sends)]
        await workers.telegram.give(deeds)
        await workers.rest()
        sent = Counter(call.chat for call in workers.telegram.ledger.of("sendmessage") if call.status == 200)
        wanted = Counter(deed.person for deed in deeds)
        assert {person: sent[person] for person in wanted} == dict(wanted)
        assert sent.keys() == wanted.keys()
        assert await workers.store.rows("SELECT count(*) FROM work WHERE state = 'aside'") == [(0,)]


async def test_some_deliveries_are_not_answered(single: Form, tmp_path: Path) -> None:
    await drop_and_check(single, tmp_path, SEED, drops=10)


@pytest.mark.soak
async def test_a_hundred_deliveries_are_not_answered(form: Form, tmp_path: Path) -> None:
    await drop_and_check(form, tmp_path, SEED + 1, drops=100)


async def drop_and_check(form: Form, folder: Path, seed: int, drops: int) -> None:
    """The message is delivered, the line drops: it comes again once at most."""
    async with running(form, folder, seed, learners=drops, webhook=form.workers > 1) as (workers, _):
        dropped: set[int] = set()

        async def fault(call: Call) -> web.StreamResponse | None:
            if call.method != "sendmessage" or call.chat in dropped:
                return None
            dropped.add(call.chat)
            call.status = 200
            raise ConnectionResetError  # the rig's server closes the line without an answer

        workers.telegram.fault = fault
        await workers.telegram.give([Deed(number, FIRST_PERSON + number, "list") for number in range(drops)])
        await workers.rest()
        sent = Counter(call.chat for call in workers.telegram.ledger.of("sendmessage") if call.status == 200)
        assert len(dropped) == drops
        assert set(sent.values()) == {2}, Counter(sent.values())
