from __future__ import annotations

import asyncio

import pytest

from services.authors.model.gate import Gate


def _name(task: asyncio.Future[int]) -> str:
    return task.get_name() if isinstance(task, asyncio.Task) else ""


async def entered(gate: Gate, provider: str, count: int) -> list[int]:
    return [await gate.enter(provider) for _ in range(count)]


async def waits(gate: Gate, provider: str, *, urgent: bool = False) -> asyncio.Task[int]:
    task = asyncio.create_task(gate.enter(provider, urgent=urgent))
    await asyncio.sleep(0)
    assert not task.done()
    return task


async def test_the_ninth_waits_for_one_to_leave() -> None:
    gate = Gate()
    await entered(gate, "a", 8)
    ninth, tenth = await waits(gate, "a"), await waits(gate, "b")
    gate.leave("a")
    assert await ninth == 9
    assert not tenth.done()
    gate.leave("a")
    assert await tenth == 10


async def test_it_is_halved_once_for_all_who_were_out_together() -> None:
    gate = Gate()
    tickets = await entered(gate, "a", 8)
    for ticket in tickets:
        gate.throttled("a", ticket)
    assert gate.width("a") == 4
    for _ in range(8):
        gate.leave("a")
    later = await gate.enter("a")
    gate.throttled("a", later)
    assert gate.width("a") == 2


async def test_never_less_than_one() -> None:
    gate = Gate()
    for _ in range(6):
        gate.throttled("a", await gate.enter("a"))
        gate.leave("a")
    assert gate.width("a") == 1


async def test_it_grows_by_one_for_every_round_that_went_well() -> None:
    gate = Gate()
    gate.throttled("a", await gate.enter("a"))
    widths = []
    for _ in range(40):
        gate.went_well("a")
        widths.append(gate.width("a"))
    assert widths[:4] == [4, 4, 4, 4]
    assert widths.index(5) in {4, 5}
    assert 20 <= widths.index(8) <= 30
    assert max(widths) == 8


async def test_who_waits_for_one_provider_does_not_keep_others_out() -> None:
    gate = Gate()
    gate.throttled("a", (await entered(gate, "a", 4))[0])
    waiting = await waits(gate, "a")
    assert await gate.enter("b") == 5
    gate.leave("a")
    assert await waiting == 6


async def test_the_urgent_go_before_the_others_and_among_themselves_in_order() -> None:
    gate = Gate(1)
    await gate.enter("a")
    tasks = {
        "slow": await waits(gate, "a"),
        "first": await waits(gate, "a", urgent=True),
        "second": await waits(gate, "a", urgent=True),
    }
    order: list[str] = []
    for name, task in tasks.items():
        task.set_name(name)
        task.add_done_callback(lambda done: order.append(_name(done)))
    for _ in range(3):
        gate.leave("a")
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert order == ["first", "second", "slow"]


@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("when", ["waiting", "let_in"])
async def test_who_is_cancelled_keeps_no_place(when: str, urgent: bool) -> None:
    gate = Gate(1)
    await gate.enter("a")
    waiting = await waits(gate, "a", urgent=urgent)
    if when == "let_in":
        gate.leave("a")
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    if when == "waiting":
        gate.leave("a")
    async with asyncio.timeout(30):
        assert await gate.enter("a")
