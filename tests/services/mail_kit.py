"""Mail over a real database and a real line, with jobs that run; `restart` is what a killed process does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from handlers.mail.letters import write
from services.jobs import Jobs
from services.learners import LearnerService
from services.mail import MailService
from services.mail_outbox import Outbox
from services.mail_tokens import MailTokens
from services.mail_wire import MailWire, Patience, server_of
from services.people import PeopleService
from storage.database import Database
from storage.models import Work
from tests.kit.house import HeldClock, eventually
from tests.kit.mail_server import MailServer

PAGES = "https://learn.example/api/v1/mail"
SECRET = "a secret of the tests, long enough to be one"


@dataclass
class Post:
    """One process's mail."""

    database: Database
    clock: HeldClock
    jobs: Jobs
    people: PeopleService
    mail: MailService
    tokens: MailTokens
    server: MailServer

    async def rows(self) -> dict[str, tuple[str, Any]]:
        """The outbox: state and due time of each row by its key, without what is before the first colon."""
        async with self.database.reading() as session:
            found = await session.scalars(select(Work).order_by(Work.id))
            return {row.key: (row.state, row.due) for row in found}

    async def settled(self, key: str, *states: str) -> str:
        """The state of a row once it is one of these (else when it is not open)."""
        wanted = states or ("done", "aside", "cancelled")

        async def look() -> str:
            return (await self.rows()).get(key, ("missing", None))[0]

        return await eventually(look, lambda state: state in wanted)

    async def waiting(self, key: str) -> float:
        """In how many seconds a row that was put off is due."""

        async def look() -> float:
            _, due = (await self.rows()).get(key, ("missing", self.clock.now()))
            return float((due - self.clock.now()).total_seconds())

        return await eventually(look, lambda seconds: seconds > 0)

    async def confirmed(self, learner_id: int, address: str = "ada@example.org") -> None:
        """Go the whole way to a confirmed address."""
        await self.mail.ask_for(learner_id, address)
        await eventually(self.count, lambda count: count >= 1)
        await self.mail.confirm(self.token())
        self.server.taken.clear()

    async def count(self) -> int:
        """How many letters the server took."""
        return len(self.server.taken)

    def token(self) -> str:
        """The token of the link in the last letter."""
        return token_in(self.server.taken[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]


def token_in(text: str) -> str:
    """The token of the first link in a text."""
    link = next(word for word in text.split() if word.startswith(PAGES))
    return parse_qs(urlsplit(link).query)["token"][0]


@asynccontextmanager
async def post(
    database: Database,
    server: MailServer,
    *,
    clock: HeldClock | None = None,
    url: str = "",
    patience: Patience | None = None,
) -> AsyncIterator[Post]:
    """Mail whose jobs run."""
    clock = clock or HeldClock()
    jobs = Jobs(database, clock, worker="tests")
    learners = LearnerService(database=database, clock=clock)
    people, tokens = PeopleService(database=database, learners=learners), MailTokens(SECRET)
    mail = MailService(database=database, clock=clock, jobs=jobs, tokens=tokens)
    wire = MailWire(server_of(url or server.url), our_name="learn.example", patience=patience or Patience(2, 2, 2))
    Outbox(
        database=database,
        clock=clock,
        jobs=jobs,
        people=people,
        tokens=tokens,
        wire=wire,
        write=write,
        mail_from="Lectern <mail@learn.example>",
        pages=PAGES,
    ).register()
    await jobs.start()
    try:
        yield Post(database, clock, jobs, people, mail, tokens, server)
    finally:
        await jobs.stop(0)
        await asyncio.sleep(0)
