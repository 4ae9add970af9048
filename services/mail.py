"""Which letters somebody wants and where: nothing is sent before it was chosen and the address was confirmed."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, get_args

from services.clock import Clock
from services.errors import Invalid, LimitReached, NotFound
from services.jobs import Jobs, NewWork
from services.mail_tokens import MailTokens, hashed
from services.rules import mail as rules
from services.views.mail import Choice, MailboxView
from storage.database import Database
from storage.learners import LearnerRepository
from storage.mail import DIGEST, KIND, MailRepository
from storage.models import Mailbox
from storage.models.base import from_ms, to_ms
from storage.work import WorkRepository

CHOICES: tuple[Choice, ...] = get_args(Choice)
LINK_LIFETIME = timedelta(hours=24)
ASKED, ASKED_WINDOW = 3, timedelta(hours=24)  # letters of confirmation that one person may have sent


class MailService:
    """Mailboxes. Every letter is a row of work, put in the transaction of what it tells of."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        jobs: Jobs,
        tokens: MailTokens,
        nonce: Callable[[], str] = lambda: secrets.token_urlsafe(16),
    ) -> None:
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._tokens = tokens
        self._nonce = nonce

    async def mailbox(self, learner_id: int) -> MailboxView:
        """What somebody said about mail."""
        async with self._database.reading() as session:
            row = await MailRepository(session).get(learner_id)
        return _view(row) if row is not None else MailboxView(None, None, False, False, False)

    async def ask_for(self, learner_id: int, address: str) -> MailboxView:
        """Have a link sent to an address that confirms it; until then what was confirmed before counts.

        Raises Invalid, and LimitReached("mail") when that was asked for too often."""
        if faults := rules.address_faults(address):
            raise Invalid(*faults)
        now, nonce = self._clock.now(), self._nonce()
        async with self._database.transaction() as session:
            row = await MailRepository(session).lock(learner_id)
            if row.address == address:
                row.pending = row.token = row.token_until = None
                return _view(row)
            row.asked_at = _counted(row.asked_at, now)
            row.pending = address
            row.token = hashed(self._tokens.confirmation(learner_id, nonce))
            row.token_until = now + LINK_LIFETIME
            letter = _letter("confirm", learner_id, now, f"mail:confirm:{learner_id}:{row.token[:32]}", nonce=nonce)
            await WorkRepository(session).put([letter], now)
        self._jobs.wake()
        return _view(row)

    async def forget(self, learner_id: int) -> MailboxView:
        """Forget the address, confirmed or not; the choices stay for another one."""
        async with self._database.transaction() as session:
            row = await MailRepository(session).lock(learner_id)
            row.address = row.confirmed_at = row.pending = row.token = row.token_until = None
        return _view(row)

    async def choose(self, learner_id: int, changes: Mapping[Choice, bool]) -> MailboxView:
        """Want a kind of letter, or not any more."""
        async with self._database.transaction() as session:
            row = await MailRepository(session).lock(learner_id)
            for choice, wanted in changes.items():
                setattr(row, choice, wanted)
            await self._begin(session, row)
        self._jobs.wake()
        return _view(row)

    async def confirm(self, token: str) -> MailboxView:
        """Confirm the address that a token was sent to. Raises NotFound("link") for one that does not work (any
        more)."""
        now = self._clock.now()
        async with self._database.transaction() as session:
            row = await MailRepository(session).lock_by_token(hashed(token), now)
            if row is None:
                raise NotFound("link")
            row.address, row.confirmed_at = row.pending, now
            row.pending = row.token = row.token_until = None
            await self._begin(session, row)
        self._jobs.wake()
        return _view(row)

    async def unsubscribe(self, token: str) -> Choice:
        """Stop the kind of letter that a token is of, without further questions, and however often it is asked; which
        it was. Raises NotFound("link")."""
        learner_id, choice = self._tokens.read_unsubscribe(token)
        async with self._database.transaction() as session:
            repository = MailRepository(session)
            if await repository.get(learner_id) is None:
                raise NotFound("link")
            setattr(await repository.lock(learner_id), choice, False)
        return choice

    async def _begin(self, session: Any, row: Mailbox) -> None:
        """Put what is due from now on: the welcome, once, and the first look back on a week."""
        if row.address is None:
            return
        now, work = self._clock.now(), list[NewWork]()
        if row.welcome and row.welcomed_at is None:
            row.welcomed_at = now
            work.append(_letter("welcome", row.learner_id, now, f"mail:welcome:{row.learner_id}"))
        if row.weekly_digest:
            learner = await LearnerRepository(session).get(row.learner_id)
            if learner is not None:
                work.append(await digest_after(now, learner.id, learner.time_zone))
        await WorkRepository(session).put(work, now)


async def digest_after(now: datetime, learner_id: int, time_zone: str) -> NewWork:
    """The next look back on a week: one a learner and Monday, however often it is put."""
    monday = await asyncio.to_thread(rules.next_monday, now, time_zone)
    key = f"digest:{learner_id}:{monday.isoformat()}"
    payload = {"learner": learner_id, "monday": monday.isoformat()}
    return NewWork(DIGEST, key, key, payload, await asyncio.to_thread(rules.morning, monday, time_zone))


def _letter(what: str, learner_id: int, now: datetime, key: str, **more: Any) -> NewWork:
    """A letter has a lane to itself: one that has to wait holds up no other."""
    return NewWork(KIND, key, key, {"what": what, "learner": learner_id, "at": to_ms(now), **more})


def _counted(asked_at: list[int], now: datetime) -> list[int]:
    recent = [at for at in asked_at if from_ms(at) > now - ASKED_WINDOW]
    if len(recent) >= ASKED:
        again = from_ms(recent[0]) + ASKED_WINDOW
        raise LimitReached("mail", ASKED, int(ASKED_WINDOW.total_seconds()), again)
    return [*recent, to_ms(now)]


def _view(row: Mailbox) -> MailboxView:
    return MailboxView(row.address, row.pending, row.welcome, row.course_completed, row.weekly_digest)
