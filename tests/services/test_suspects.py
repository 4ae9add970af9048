from __future__ import annotations

import asyncio
import time

from services.suspects import Suspects


class Line:
    """Suspects that note when they begin; `at_once` is how many had their turn together."""

    def __init__(self, patience: float = 5.0) -> None:
        self.suspects = Suspects(patience)
        self.begun: list[int] = []
        self.at_once = self.most = 0

    async def suspect(self, crashes: int, row_id: int) -> None:
        async with self.suspects.turn(crashes, row_id):
            self.begun.append(row_id)
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            await asyncio.sleep(0.01)
            self.at_once -= 1

    async def other(self, seconds: float) -> None:
        with self.suspects.beside():
            await asyncio.sleep(seconds)
            self.begun.append(0)


async def test_the_least_suspect_comes_first_and_one_at_a_time() -> None:
    line = Line()
    await asyncio.gather(line.suspect(4, 1), line.suspect(3, 2), line.suspect(2, 3), line.suspect(2, 4))
    assert line.begun == [3, 4, 2, 1]
    assert line.most == 1


async def test_what_is_beyond_suspicion_is_done_before() -> None:
    line = Line()
    await asyncio.gather(line.suspect(2, 1), line.other(0.05), line.other(0.1), line.suspect(3, 2))
    assert line.begun == [0, 0, 1, 2]


async def test_suspects_do_not_wait_for_ever() -> None:
    line = Line(patience=0.1)
    begun = time.monotonic()
    slow = asyncio.create_task(line.other(60))
    await asyncio.sleep(0)
    await asyncio.gather(line.suspect(2, 1), line.suspect(2, 2))
    assert line.begun == [1, 2]
    assert time.monotonic() - begun < 5
    slow.cancel()


async def test_who_is_interrupted_leaves_the_line() -> None:
    line = Line()
    first, second = (asyncio.create_task(line.suspect(2, number)) for number in (1, 2))
    while not line.begun:  # noqa: ASYNC110 - a list rings no bell
        await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    await second
    third = asyncio.create_task(line.suspect(2, 3))
    await asyncio.sleep(0)
    third.cancel()
    await asyncio.wait([third])
    await line.suspect(9, 4)
    assert line.begun == [1, 2, 4]
