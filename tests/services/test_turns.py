from __future__ import annotations

import asyncio
from contextlib import suppress

from services.turns import LATELY, LONGEST_WAITING, Claim, FairTurns, Lately, claiming


class Hall:
    """Many wait for a place; `came` says who had one, in order."""

    def __init__(self, places: int = 1) -> None:
        self.turns = FairTurns(places)
        self.came: list[str] = []
        self.most = self.inside = 0

    async def visit(self, name: str, had: int, number: int) -> None:
        with claiming(Claim(had, number)):
            async with self.turns.place():
                self.inside += 1
                self.most = max(self.most, self.inside)
                self.came.append(name)
                await asyncio.sleep(0)
                self.inside -= 1


async def test_who_came_last_goes_before_those_who_have_waited_but_these_have_their_share() -> None:
    hall = Hall()
    old = [hall.visit(f"old {n}", 0, n) for n in range(100)]
    fresh = [hall.visit(f"fresh {n}", 0, 1000 + n) for n in range(20)]
    await asyncio.gather(*old, *fresh)
    assert max(place for place, name in enumerate(hall.came) if name.startswith("fresh")) <= 27
    assert sum(name.startswith("old") for name in hall.came[:25]) >= 25 // LONGEST_WAITING
    assert hall.came.index("old 1") < 10, "who has waited longest is not forgotten"
    assert len(set(hall.came)) == 120


async def test_who_has_had_less_goes_first() -> None:
    hall = Hall()
    await asyncio.gather(*(hall.visit(f"{had}", had, 1000 * had) for had in range(40, 0, -1)))
    by_claim = [int(name) for place, name in enumerate(hall.came[1:]) if place % LONGEST_WAITING != LONGEST_WAITING - 1]
    assert by_claim == sorted(by_claim)


async def test_no_more_than_the_places_at_once_and_none_is_lost_by_those_who_go_away() -> None:
    hall = Hall(3)
    visits = [asyncio.create_task(hall.visit(f"{n}", n % 3, n)) for n in range(90)]
    await asyncio.sleep(0)
    for visit in visits[10:60:2]:
        visit.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
        visits[70].cancel()  # perhaps just when it was given its place
    for visit in visits:
        with suppress(asyncio.CancelledError):
            await visit
    assert hall.most == 3
    assert len(hall.came) >= 90 - 26
    assert len(hall.turns) == 0
    async with asyncio.timeout(30):
        async with hall.turns.place(), hall.turns.place(), hall.turns.place():
            pass


async def test_whoever_is_given_a_place_while_going_away_hands_it_on() -> None:
    turns = FairTurns(1)
    place = turns.place()
    await place.__aenter__()

    async def wait() -> None:
        async with turns.place():
            pass

    first, second = asyncio.create_task(wait()), asyncio.create_task(wait())
    await asyncio.sleep(0)
    await place.__aexit__(None, None, None)  # one of them is given it,
    first.cancel()  # and they go at once
    second.cancel()
    await asyncio.wait({first, second})
    async with asyncio.timeout(30):
        await wait()


def test_what_somebody_has_had_is_known_while_they_go_on() -> None:
    lately = Lately()
    lately.note("u:1", 7, 100.0)
    assert lately.recall("u:1", 100.0 + LATELY / 2) == 7
    lately.note("u:1", 9, 200.0)
    assert lately.recall("u:1", 200.0 + LATELY + 1) == 0
    assert lately.recall("u:2", 0.0) == 0
