"""Who somebody is to us: arrival, admission, role, language and time zone."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, cast
from zoneinfo import available_timezones

from services.clock import Clock
from services.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from services.validation import clean_text, storable
from services.views import LearnerView, Role
from storage.activity import ActivityRepository, NewEntry
from storage.database import Database
from storage.learners import LearnerRepository
from storage.models import Learner

Access = Literal["open", "invite", "allow-list"]
ROLES: tuple[Role, ...] = ("learner", "instructor", "admin")
SEEN_EVERY = timedelta(minutes=10)
_REMEMBERED = 10_000
_NAME_LENGTH = 128


@dataclass(slots=True)
class _Known:
    """What is remembered of somebody: how they are seen, how Telegram calls them, what of it is stored since when."""

    view: LearnerView
    username: str | None
    stored: datetime
    seen: datetime


class LearnerService:
    """Everybody who writes to the bot. `arrive` answers from memory unless something changed.

    `languages` are those that the bot has texts for; `allow_list` and `admin_ids` hold Telegram ids."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        languages: Collection[str] = ("en",),
        access: Access = "open",
        allow_list: Collection[int] = (),
        admin_ids: Collection[int] = (),
        new_code: Callable[[], str] = lambda: secrets.token_urlsafe(9),
    ) -> None:
        self._database = database
        self._clock = clock
        self._languages = frozenset(languages)
        self._access = access
        self._allow_list = frozenset(allow_list)
        self._admin_ids = frozenset(admin_ids)
        self._new_code = new_code
        self._known: OrderedDict[int, _Known] = OrderedDict()
        self._watchers: list[Callable[[int], None]] = []

    @property
    def clock(self) -> Clock:
        """The clock that they are reckoned by."""
        return self._clock

    def watch(self, changed: Callable[[int], None]) -> None:
        """Have `changed` called with the id of every learner who is not as before, right after the commit."""
        self._watchers.append(changed)

    async def arrive(
        self,
        telegram_id: int,
        name: str,
        username: str | None,
        language_code: str | None,
        at: datetime,
        code: str | None = None,
        *,
        writing: bool = True,
    ) -> LearnerView:
        """Who wrote, made known at the first time. Whoever writes is reachable again; with `writing` False they came
        another way, which does not say whether the bot may write to them. `code` is an invitation's.

        Writes only if something changed or nothing was written for ten minutes."""
        name = storable(clean_text(name))[:_NAME_LENGTH] or str(telegram_id)
        known = self._known.get(telegram_id)
        if known is not None and self._unchanged(known, name, username, at, code):
            self._known.move_to_end(telegram_id)
            known.seen = max(known.seen, at)
            return known.view
        async with self._database.transaction() as session:
            repository = LearnerRepository(session)
            first: dict[str, Any] = {"name": name, "username": username, "time_zone": "UTC"}
            first["language"] = self._language(language_code)
            first |= {"role": "learner", "admitted": False, "reachable": writing}
            row, new = await repository.arrive(telegram_id, at, **first)
            row.name, row.username, row.seen_at = name, username, max(row.seen_at, at)
            row.reachable = row.reachable or writing
            if telegram_id in self._admin_ids:
                row.role = "admin"
            if code and not self._admitted(row) and await repository.use_invite(code):
                row.admitted = True
        view = self._remember(row, at)
        if known is None or known.view != view:
            self._tell(row.id)
        return replace(view, first_meeting=True) if new else view

    async def get(self, learner_id: int) -> LearnerView:
        """The learner as stored now: roles are read here, never from memory. Raises NotFound("learner")."""
        async with self._database.reading() as session:
            row = await LearnerRepository(session).get(learner_id)
        if row is None:
            raise NotFound("learner")
        return self.view(row)

    async def last_seen(self, learner: LearnerView) -> datetime:
        """When this learner last did something here: to the second in this process, else to ten minutes."""
        known = self._known.get(learner.telegram_id)
        if known is not None:
            return known.seen
        async with self._database.reading() as session:
            row = await LearnerRepository(session).get(learner.id)
        if row is None:
            raise NotFound("learner")
        return row.seen_at

    async def set_language(self, learner_id: int, language: str) -> LearnerView:
        """Speak this language with them. Raises Invalid if the bot has no texts for it."""
        if faults := self.language_faults(language):
            raise Invalid(*faults)
        return await self._change(learner_id, language=language)

    def language_faults(self, language: str) -> list[Fault]:
        """None if the bot has texts for the language."""
        known = language in self._languages
        return [] if known else [Fault("language", "unknown", language[:20], ", ".join(sorted(self._languages)))]

    async def set_time_zone(self, learner_id: int, time_zone: str) -> LearnerView:
        """Reckon their days in this IANA time zone. Raises Invalid if there is none of that name."""
        if faults := await self.time_zone_faults(time_zone):
            raise Invalid(*faults)
        return await self._change(learner_id, time_zone=time_zone)

    async def time_zone_faults(self, time_zone: str) -> list[Fault]:
        """None if there is an IANA time zone of that name."""
        known = time_zone in await asyncio.to_thread(_time_zones)
        return [] if known else [Fault("time_zone", "unknown", time_zone[:40], "Europe/Vienna")]

    async def set_reachable(self, telegram_id: int, reachable: bool) -> None:
        """Note that somebody blocked us, or let us in again. Nothing happens if we do not know them."""
        async with self._database.transaction() as session:
            repository = LearnerRepository(session)
            row = await repository.by_telegram(telegram_id)
            if row is not None and row.reachable != reachable:
                row = await repository.change(row.id, reachable=reachable)
        if row is not None:
            self._refresh(row)

    async def set_role(self, admin: LearnerView, learner_id: int, role: str) -> LearnerView:
        """Let an admin give somebody another role. Raises Forbidden("not_admin"), Invalid, NotFound("learner"), and
        Conflict for one's own (``yourself``) and for an admin of the settings (``admin_by_setting``)."""
        await self.require_admin(admin)
        if role not in ROLES:
            raise Invalid(Fault("role", "unknown", role[:20], ", ".join(ROLES)))
        await self._require_changeable(admin, learner_id)
        entry = NewEntry("role.changed", admin.id, learner_id, detail={"role": role})
        return await self._change(learner_id, entry, role=role)

    async def set_blocked(self, admin: LearnerView, learner_id: int, blocked: bool) -> LearnerView:
        """Let an admin shut somebody out of chat and REST, or let them in again; what is theirs stays. Raises
        Forbidden("not_admin"), NotFound("learner"), and Conflict as `set_role` does."""
        await self.require_admin(admin)
        await self._require_changeable(admin, learner_id)
        entry = NewEntry("person.blocked" if blocked else "person.let_in", admin.id, learner_id)
        return await self._change(learner_id, entry, blocked_at=self._clock.now() if blocked else None)

    async def make_invite(self, admin: LearnerView, uses: int = 1) -> str:
        """A new invitation's code, good for `uses` people (1–1000). Raises Forbidden("not_admin"), Invalid."""
        await self.require_admin(admin)
        if not 1 <= uses <= 1000:
            raise Invalid(Fault("uses", "out_of_range", str(uses), "1–1000"))
        code = self._new_code()
        async with self._database.transaction() as session:
            await LearnerRepository(session).add_invite(code, admin.id, uses, self._clock.now())
        return code

    async def require_admin(self, learner: LearnerView) -> None:
        """Raises Forbidden("not_admin") unless the database says now that they are an admin."""
        now = await self.get(learner.id)
        if now.role != "admin" or now.blocked:
            raise Forbidden("not_admin")

    async def _require_changeable(self, admin: LearnerView, learner_id: int) -> None:
        if learner_id == admin.id:
            raise Conflict("yourself")
        if (await self.get(learner_id)).telegram_id in self._admin_ids:
            raise Conflict("admin_by_setting")

    async def _change(self, learner_id: int, entry: NewEntry | None = None, **values: Any) -> LearnerView:
        async with self._database.transaction() as session:
            row = await LearnerRepository(session).change(learner_id, **values)
            if row is None:
                raise NotFound("learner")
            if entry is not None:
                await ActivityRepository(session).append(entry, self._clock.now())
        return self.changed(row)

    def _unchanged(self, known: _Known, name: str, username: str | None, at: datetime, code: str | None) -> bool:
        view = known.view
        same = view.name == name and known.username == username and (view.reachable or view.blocked)
        return same and at - known.stored < SEEN_EVERY and (view.admitted or not code)

    def _language(self, code: str | None) -> str:
        """The language that we have for Telegram's ``language_code`` (``pt-BR`` → ``pt``), else English."""
        wanted = (code or "").lower().replace("_", "-")
        return next((tag for tag in (wanted, wanted.split("-")[0]) if tag in self._languages), "en")

    def _admitted(self, row: Learner) -> bool:
        if row.blocked_at is not None:
            return False
        if self._access == "open" or row.role == "admin":
            return True
        return row.telegram_id in self._allow_list if self._access == "allow-list" else row.admitted

    def view(self, row: Learner) -> LearnerView:
        """A stored learner as seen by everybody else; of a row only what a LearnerView has is read."""
        return LearnerView(
            id=row.id,
            telegram_id=row.telegram_id,
            name=row.name,
            language=row.language if row.language in self._languages else "en",
            time_zone=row.time_zone,
            role=cast(Role, row.role),
            admitted=self._admitted(row),
            reachable=row.reachable and row.blocked_at is None,
            blocked=row.blocked_at is not None,
            interests=tuple(row.interests or ()),
        )

    def _remember(self, row: Learner, at: datetime) -> LearnerView:
        view = self.view(row)
        self._known[row.telegram_id] = _Known(view, row.username, row.seen_at, at)
        self._known.move_to_end(row.telegram_id)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return view

    def changed(self, row: Learner) -> LearnerView:
        """Have a change of a learner, committed just now, seen everywhere in this process at once."""
        self._refresh(row)
        return self.view(row)

    def _refresh(self, row: Learner) -> None:
        known = self._known.get(row.telegram_id)
        if known is not None:
            known.view = self.view(row)
        self._tell(row.id)

    def _tell(self, learner_id: int) -> None:
        for changed in self._watchers:
            changed(learner_id)


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
