"""Sessions and one-time codes. What has to happen once is one conditional statement; the check that every request
makes is a job for the grouping writer, which costs no ORM and one hop."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from storage.activity import ActivityRepository
from storage.models import Learner, SignIn, SignInCode
from storage.models.base import from_ms, to_ms
from storage.upsert import insert_or_update
from storage.writer import Ask, Job, Statement, repeatable

_COLUMNS = (
    "id",
    "telegram_id",
    "name",
    "username",
    "language",
    "time_zone",
    "role",
    "admitted",
    "reachable",
    "blocked_at",
    "interests",
)
_STANDING = Statement(
    f"""
    SELECT {", ".join(f"l.{name}" for name in _COLUMNS)}
    FROM sign_in AS s JOIN learner AS l ON l.id = s.learner_id
    WHERE s.id = CAST(:session AS BIGINT) AND s.learner_id = CAST(:learner AS BIGINT)
    AND s.revoked_at IS NULL AND s.expires_at > CAST(:now AS BIGINT)
    """  # noqa: S608 - our own column names
)


@repeatable
def standing(session_id: int, learner_id: int, now: datetime) -> Job[Learner | None]:
    """Whose session it is, as stored now, with the columns that a request needs and no others; None if the session was
    ended, has expired, or is not that learner's."""
    rows = yield Ask(_STANDING, {"session": session_id, "learner": learner_id, "now": to_ms(now)})
    if not rows:
        return None
    learner: dict[str, Any] = dict(zip(_COLUMNS, rows[0], strict=True))
    learner["admitted"], learner["reachable"] = bool(learner["admitted"]), bool(learner["reachable"])
    learner["interests"] = json.loads(learner["interests"] or "[]")
    if learner["blocked_at"] is not None:
        learner["blocked_at"] = from_ms(learner["blocked_at"])
    return Learner(**learner)


class SessionRepository:
    """Sessions by id and by what is shown; codes by their hash."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.log = ActivityRepository(session)  # of the same transaction

    async def add(self, **columns: Any) -> SignIn:
        """Store a new session."""
        row = SignIn(**columns)
        self._session.add(row)
        await self._session.flush()
        return row

    async def owner(self, family: str) -> int | None:
        """Whose session a refresh token belongs to, open or not."""
        return await self._session.scalar(select(SignIn.learner_id).where(SignIn.family == family))

    async def turn(self, family: str, turn: str, new: str, now: datetime, expires_at: datetime) -> SignIn | None:
        """Put the refresh token `new` in the place of `turn`; None if `turn` is not the one that counts now.

        Of any number of simultaneous callers with the same token one gets the session."""
        query = update(SignIn).where(SignIn.family == family, SignIn.turn == turn)
        query = query.where(SignIn.revoked_at.is_(None), SignIn.expires_at > now)
        renewed = query.values(turn=new, expires_at=expires_at).returning(SignIn)
        return (await self._session.scalars(renewed)).one_or_none()

    async def end_family(self, family: str, now: datetime) -> bool:
        """End the session that a refresh token belongs to; whether it was still open."""
        query = update(SignIn).where(SignIn.family == family, SignIn.revoked_at.is_(None), SignIn.expires_at > now)
        return await self._session.scalar(query.values(revoked_at=now).returning(SignIn.id)) is not None

    async def end(self, session_id: int, learner_id: int, now: datetime) -> bool:
        """End one session of a learner; False if it was ended before."""
        query = update(SignIn).where(SignIn.id == session_id, SignIn.learner_id == learner_id)
        query = query.where(SignIn.revoked_at.is_(None))
        return await self._session.scalar(query.values(revoked_at=now).returning(SignIn.id)) is not None

    async def end_all(self, learner_id: int, now: datetime) -> None:
        """End all sessions of a learner and take back the code; nothing that was shown before now counts again."""
        query = update(SignIn).where(SignIn.learner_id == learner_id, SignIn.revoked_at.is_(None))
        await self._session.execute(query.values(revoked_at=now))
        await self._session.execute(delete(SignInCode).where(SignInCode.learner_id == learner_id))
        await self._session.execute(update(Learner).where(Learner.id == learner_id).values(signed_out_at=now))

    async def spent(self, proof: str) -> bool:
        """Whether a session that this proof opened has been ended."""
        query = select(exists().where(SignIn.proof == proof, SignIn.revoked_at.is_not(None)))
        return bool(await self._session.scalar(query))

    async def tidy(self, learner_id: int, now: datetime, *, ended_before: datetime, most: int) -> None:
        """Forget a learner's expired sessions, those ended before `ended_before`, and all but the `most` newest."""
        mine = SignIn.learner_id == learner_id
        old = or_(SignIn.expires_at <= now, SignIn.revoked_at < ended_before)
        await self._session.execute(delete(SignIn).where(mine, old))
        newest = select(SignIn.id).where(mine, SignIn.revoked_at.is_(None)).order_by(SignIn.id.desc()).limit(most)
        await self._session.execute(delete(SignIn).where(mine, SignIn.revoked_at.is_(None), SignIn.id.not_in(newest)))

    async def put_code(self, learner_id: int, code: str, expires_at: datetime) -> None:
        """Store the hash of a learner's new code; the one before stops working."""
        values = {"learner_id": learner_id, "code": code, "expires_at": expires_at}
        await insert_or_update(self._session, SignInCode, values, unique=("learner_id",))

    async def code_owner(self, code: str, now: datetime) -> int | None:
        """Whose code this is; None if there is none like it or its time is over."""
        query = select(SignInCode.learner_id).where(SignInCode.code == code, SignInCode.expires_at > now)
        return await self._session.scalar(query)

    async def take_code(self, code: str) -> bool:
        """Use a code up; False if somebody else just did."""
        query = delete(SignInCode).where(SignInCode.code == code)
        return await self._session.scalar(query.returning(SignInCode.learner_id)) is not None
