from __future__ import annotations

import asyncio

import pytest

from bot.localchat.engine import Engine
from bot.localchat.seats import Seat
from tests.bot.localchat.conftest import Api, HeldClock


async def test_an_offset_confirms_what_came_before_it(api: Api, learner: Seat) -> None:
    for word in ("a", "b", "c"):
        await learner.send_text(word)
    first = await api.ok("getUpdates")
    assert [update["message"]["text"] for update in first] == ["a", "b", "c"]
    assert await api.ok("getUpdates") == first
    assert await api.ok("getUpdates", offset=first[1]["update_id"]) == first[1:]
    assert await api.ok("getUpdates") == first[1:]
    assert await api.ok("getUpdates", offset=first[2]["update_id"] + 1) == []


async def test_ids_only_grow_also_when_the_queue_was_empty(api: Api, learner: Seat) -> None:
    seen = 0
    for word in ("a", "b", "c"):
        await learner.send_text(word)
        (update,) = await api.ok("getUpdates", offset=seen + 1)
        assert update["update_id"] > seen
        seen = update["update_id"]


async def test_limits_and_negative_offsets(api: Api, learner: Seat) -> None:
    for number in range(105):
        await learner.send_text(str(number))
    assert len(await api.ok("getUpdates")) == 100
    assert len(await api.ok("getUpdates", limit=1000)) == 100
    assert len(await api.ok("getUpdates", limit=3)) == 3
    last = await api.ok("getUpdates", offset=-2)
    assert [update["message"]["text"] for update in last] == ["103", "104"]
    assert await api.ok("getUpdates") == last


async def test_a_long_poll_ends_with_the_first_update(api: Api, learner: Seat) -> None:
    poll = asyncio.create_task(api.ok("getUpdates", timeout=30))
    await asyncio.sleep(0.02)
    assert not poll.done()
    await learner.send_text("now")
    (update,) = await asyncio.wait_for(poll, 1)
    assert update["message"]["text"] == "now"


async def test_a_long_poll_ends_by_itself(api: Api) -> None:
    assert await asyncio.wait_for(api.ok("getUpdates", timeout=0.05), 1) == []


async def test_a_second_reader_ends_the_first(api: Api) -> None:
    first = asyncio.create_task(api.engine.call("getUpdates", {"timeout": 30}))
    await asyncio.sleep(0.02)
    assert await api.ok("getUpdates") == []
    status, body = await asyncio.wait_for(first, 1)
    assert status == 409
    assert body["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )


async def test_only_the_kinds_that_are_wanted(api: Api, learner: Seat) -> None:
    await api.ok("getUpdates", allowed_updates=["callback_query"])
    sent = await api.say()
    await learner.send_text("not wanted")
    await learner.press(sent["message_id"], "x")
    (update,) = await api.ok("getUpdates")
    assert "callback_query" in update
    await api.ok("getUpdates", offset=update["update_id"] + 1, allowed_updates=[])
    await learner.send_text("wanted again")
    assert len(await api.ok("getUpdates")) == 1


@pytest.mark.parametrize(("seconds", "kinds"), [(149, 2), (151, 1), (24 * 3600 + 1, 0)])
async def test_how_long_updates_wait(api: Api, learner: Seat, clock: HeldClock, seconds: float, kinds: int) -> None:
    sent = await api.say()
    await learner.send_text("hello")
    await learner.press(sent["message_id"], "x")
    clock.passed += seconds
    assert len(await api.ok("getUpdates")) == kinds


async def test_webhooks(api: Api, learner: Seat) -> None:
    await learner.send_text("a")
    assert (await api.ok("getWebhookInfo")) == {"url": "", "has_custom_certificate": False, "pending_update_count": 1}
    assert "An HTTPS URL must be provided" in await api.error("setWebhook", url="http://example.org/hook")
    assert "unallowed characters" in await api.error("setWebhook", url="https://example.org", secret_token="a b")
    assert await api.ok("setWebhook", url="https://example.org/hook", secret_token="a-b_1") is True
    assert (await api.ok("getWebhookInfo"))["url"] == "https://example.org/hook"
    assert (await api.error("getUpdates")).startswith("Conflict: can't use getUpdates method while webhook is active")
    assert await api.ok("deleteWebhook", drop_pending_updates="true") is True
    assert await api.ok("getUpdates") == []


async def test_many_people_at_once_lose_nothing(engine: Engine, api: Api) -> None:
    await asyncio.gather(*(engine.person(p.id).send_text(f"{p.id} {n}") for p in engine.people for n in range(30)))
    texts = {update["message"]["text"] for update in await api.ok("getUpdates")}
    assert len(texts) == 90
