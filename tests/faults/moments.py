"""The three moments of a generation at which its worker is killed: before a call, after the answer, after the commit.

Of every course one call is drawn by lot; the model keeps whoever makes it waiting until the hand that kills has time
for it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from tests.faults.makers import Makers, Piece, Wish
from tests.kit.model_answers import understand
from tests.kit.model_server import Call

Moment = Literal["before the call", "after the answer", "after the commit", "after the last commit"]
MOMENTS: tuple[Moment, ...] = get_args(Moment)
LATE = 0.02  # seconds after the last word of an answer within which the kill falls
COMMIT = 15.0  # seconds until an answer is stored
LAST = 60.0  # seconds until a course is ready from its drawn call on
FIRST_CALLS = 8  # of a course: one of these is drawn; a course takes more
HELD = 6  # calls of a worker that are kept waiting at a time; the others have places left


@dataclass
class Target:
    """The call of a wish's course that is drawn, counted from 0, and when its worker is to be killed; `held` is it,
    while its maker waits."""

    wish: Wish
    moment: Moment
    drawn: int
    calls: int = 0
    held: Call | None = None
    go: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False


@dataclass
class Moments:
    """The witness of the model's calls. `strikes` counts the kills by their moment."""

    made: Makers
    targets: dict[str, Target] = field(default_factory=dict)
    strikes: Counter[Moment] = field(default_factory=Counter)
    _waiting: asyncio.Queue[Target] = field(default_factory=asyncio.Queue)
    _answered: dict[int, asyncio.Event] = field(default_factory=dict)

    def draw(self, wishes: Iterable[tuple[Wish, Moment]]) -> None:
        """Draw a call of each course."""
        for wish, moment in wishes:
            self.targets[wish.topic] = Target(wish, moment, self.made.rng.randrange(FIRST_CALLS))

    async def before(self, call: Call) -> None:
        """Keep the drawn call waiting; if its maker goes meanwhile, the next one is it."""
        target = self.targets.get(topic_of(call))
        if target is None or call.kind == "proposal":
            return
        target.calls += 1
        waiting = sum(other.held.client == call.client for other in self.targets.values() if other.held is not None)
        if target.over or target.held is not None or target.calls <= target.drawn or waiting >= HELD:
            return
        target.held, target.go = call, asyncio.Event()
        self._waiting.put_nowait(target)
        try:
            await target.go.wait()
        finally:
            target.held = None

    def after(self, call: Call) -> None:
        """Say that an answer is out."""
        if (event := self._answered.get(id(call))) is not None:
            event.set()

    async def strike(self) -> None:
        """Wait until some course's worker can be killed at its moment, and kill it then: with all others that it makes
        and that are at the same moment, where they can be kept there."""
        while True:
            target = await self._waiting.get()
            if target.over or target.held is None:
                continue
            client, together = target.held.client, target.moment in {"before the call", "after the commit"}
            struck = await self._brought(self._beside(target) if together else [target])
            if struck:
                await self.made.kill(client)
                self.strikes[target.moment] += len(struck)
                for each in struck:
                    each.over = True
                return

    def _beside(self, target: Target) -> list[Target]:
        """All whose calls the same worker waits with, for the same moment."""
        client = target.held.client if target.held is not None else ""
        return [
            other
            for other in self.targets.values()
            if other.held is not None and other.held.client == client and other.moment == target.moment
        ]

    async def _brought(self, targets: list[Target]) -> list[Target]:
        """Those that could be brought to their moment; the next call of each is kept waiting meanwhile."""
        if targets[0].moment == "before the call":
            return targets
        calls = [(target, target.held) for target in targets if target.held is not None]
        for target, call in calls:
            self._answered[id(call)] = asyncio.Event()
            target.go.set()
            target.over = target.moment == "after the last commit"
        found = [target for target, call in calls if await self._there(target, call)]
        for target in targets:
            target.over = False
        return found

    async def _there(self, target: Target, call: Call) -> bool:
        """Wait until a course is at its moment; False if its call was not answered."""
        await self._answered[id(call)].wait()
        del self._answered[id(call)]
        if call.ended != "complete":
            return False
        if target.moment == "after the answer":
            await asyncio.sleep(self.made.rng.choice((0.0, self.made.rng.uniform(0, LATE))))
        elif target.moment == "after the commit":
            assert await self.made.until(lambda: self._stored(target, call), COMMIT), f"not stored: {call.kind}"
        else:
            assert await self.made.until(lambda: self._ready(target), LAST), "a course does not get ready"
        return True

    async def _stored(self, target: Target, call: Call) -> bool:
        stored = (await self.made.saved()).get(target.wish.person, set())
        return pieces_of(self.made, call) <= stored or await self._ready(target)

    async def _ready(self, target: Target) -> bool:
        return await ready(self.made, target.wish)


async def ready(made: Makers, wish: Wish) -> bool:
    """Whether the wish's course is ready."""
    return bool(
        await made.rows(
            f"""SELECT 1 FROM course AS c JOIN learner AS p ON p.id = c.owner_id
            WHERE p.telegram_id = {wish.person} AND c.state = 'ready'"""
        )
    )


def pieces_of(made: Makers, call: Call) -> set[Piece]:
    """What a call asks for."""
    if call.kind != "plan":
        return {(call.kind, call.lesson or 0, section) for section in call.sections}
    asked = understand(made.model.claude.understood(call.body))
    contracts = {("contract", number - 1, 0) for number in asked.numbers or range(1, asked.size[0] + 1)}
    return contracts if asked.numbers else {("outline", 0, 0), *contracts}


def topic_of(call: Call) -> str:
    """Of which wish's course a call is."""
    return call.course.partition(":")[0]
