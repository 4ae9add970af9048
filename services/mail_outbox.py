"""The outbox: rows of work become letters and go out, late if need be; looking back on a week puts one there.

Whether a letter is still wanted, and where it goes, is asked when it is sent; a row holds no address and no token."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime

from services.clock import Clock
from services.jobs import Jobs, Later, NewWork, WorkItem
from services.mail import digest_after
from services.mail_message import compose, sender_of
from services.mail_tokens import MailTokens, hashed
from services.mail_wire import MailWire, Refused, Unreachable
from services.people import PeopleService
from services.rules import mail as rules
from services.views.mail import Choice, Letter, WeekView, What, Written
from storage.database import Database
from storage.learners import LearnerRepository
from storage.mail import DIGEST, KIND, MailRepository
from storage.models import Learner, Mailbox
from storage.models.base import from_ms, to_ms
from storage.work import WorkRepository

SOONEST, LATEST = 60.0, 3600.0  # seconds until a letter that did not go is tried again: as long as it has waited
GIVE_UP = 3 * 86_400.0  # seconds after which it is set aside
AT_ONCE = 4  # connections to the mail server


class Outbox:
    """Does work of the kinds ``mail`` and ``mail_digest``. `pages` is the address of the pages that links lead to."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        jobs: Jobs,
        people: PeopleService,
        tokens: MailTokens,
        wire: MailWire,
        write: Callable[[Letter], Written],
        mail_from: str,
        pages: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._people = people
        self._tokens = tokens
        self._wire = wire
        self._write = write
        self._sender = sender_of(mail_from)
        self._pages = pages
        self._refused: dict[int, str] = {}  # by row: a server that said no is not asked again

    def register(self) -> None:
        """Take this work over from now on."""
        self._jobs.register(KIND, self.send, at_once=AT_ONCE, gave_up=self._gave_up)
        self._jobs.register(DIGEST, self.look_back)

    async def send(self, item: WorkItem) -> None:
        """Send a letter if it is still wanted. Raises Later while it cannot go, Refused if it never will."""
        if item.id in self._refused:
            raise Refused(self._refused[item.id])
        ready = await self._ready(item)
        if ready is None:
            return
        address, letter = ready
        if letter.what in {"course_completed", "weekly_digest"}:
            await self._wait_for_morning(item)
        message = await asyncio.to_thread(self._message, item, address, letter)
        try:
            await self._wire.send(self._sender.addr_spec, address, message)
        except Refused as error:
            self._refused[item.id] = str(error)
            raise
        except Unreachable as error:
            waited = (self._clock.now() - _made(item)).total_seconds()
            if waited >= GIVE_UP:
                self._refused[item.id] = str(error)
                raise
            raise Later(min(LATEST, max(SOONEST, waited))) from error

    async def look_back(self, item: WorkItem) -> None:
        """Put this week's letter, and next week's look back, if that is still wanted; Later while it is not morning
        there (somebody may have moved)."""
        learner_id, monday = int(item.payload["learner"]), date.fromisoformat(item.payload["monday"])
        async with self._database.reading() as session:
            learner = await LearnerRepository(session).get(learner_id)
            mailbox = await MailRepository(session).get(learner_id)
        if learner is None or mailbox is None or mailbox.address is None or not mailbox.weekly_digest:
            return
        now = self._clock.now()
        due = await asyncio.to_thread(rules.morning, monday, learner.time_zone)
        if now < due:
            raise Later((due - now).total_seconds())
        key = f"mail:weekly_digest:{learner_id}:{monday.isoformat()}"
        payload = {"what": "weekly_digest", "learner": learner_id, "at": to_ms(now), "until": to_ms(due)}
        following = await digest_after(now, learner_id, learner.time_zone)
        async with self._database.transaction() as session:
            await WorkRepository(session).put([NewWork(KIND, key, key, payload), following], now)
        self._jobs.wake()

    async def _ready(self, item: WorkItem) -> tuple[str, Letter] | None:
        """Where a letter goes and what it says; None if it is not wanted (any more)."""
        what: What = item.payload["what"]
        learner_id = int(item.payload["learner"])
        async with self._database.reading() as session:
            learner = await LearnerRepository(session).get(learner_id)
            repository = MailRepository(session)
            mailbox = await repository.get(learner_id)
            if learner is None or mailbox is None or learner.blocked_at is not None:
                return None
            if what == "confirm":
                return self._confirmation(item, learner, mailbox)
            if mailbox.address is None or not getattr(mailbox, what):
                return None
            letter = await self._letter(item, what, learner, repository)
        return None if letter is None else (mailbox.address, letter)

    def _confirmation(self, item: WorkItem, learner: Learner, mailbox: Mailbox) -> tuple[str, Letter] | None:
        token = self._tokens.confirmation(learner.id, item.payload["nonce"])
        if mailbox.pending is None or mailbox.token != hashed(token) or not mailbox.token_until:
            return None  # another address was given meanwhile
        if mailbox.token_until <= self._clock.now():
            return None
        link = f"{self._pages}/confirm?token={token}"
        return mailbox.pending, Letter("confirm", learner.language, learner.name, link=link)

    async def _letter(
        self, item: WorkItem, what: Choice, learner: Learner, repository: MailRepository
    ) -> Letter | None:
        course, week = "", list[WeekView]()
        if what == "course_completed":
            course = await repository.title(int(item.payload["course"])) or ""
        if what == "weekly_digest":
            until = from_ms(item.payload["until"])
            rows = await repository.week(learner.id, until - rules.WEEK, until)
            week = [WeekView(row.title, row.sections, max(1, round(row.seconds / 60))) for row in rows]
            course = await repository.unfinished(learner.id) or ""
        if what != "welcome" and not (course or week):
            return None
        stop = f"{self._pages}/unsubscribe?token={self._tokens.unsubscribe(learner.id, what)}"
        return Letter(what, learner.language, learner.name, unsubscribe=stop, course=course, week=tuple(week))

    async def _wait_for_morning(self, item: WorkItem) -> None:
        now = self._clock.now()
        until = await self._people.quiet_until(int(item.payload["learner"]), now)
        if until is not None:
            raise Later(max(1.0, (until - now).total_seconds()))

    def _message(self, item: WorkItem, address: str, letter: Letter) -> bytes:
        return compose(
            self._write(letter),
            sender=self._sender,
            to=address,
            key=item.key,
            at=_made(item),
            unsubscribe=letter.unsubscribe,
        )

    async def _gave_up(self, item: WorkItem, _: BaseException) -> None:
        self._refused.pop(item.id, None)


def _made(item: WorkItem) -> datetime:
    return from_ms(int(item.payload["at"])).astimezone(UTC)
