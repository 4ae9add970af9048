"""Signing in and out: what somebody shows opens a session, a session gives tokens, a token says who calls."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from services import auth_telegram as telegram
from services.auth_standing import Standings
from services.auth_tokens import LIFETIME, AccessTokens
from services.auth_tries import Tries
from services.clock import Clock
from services.errors import Forbidden, NotSignedIn
from services.learners import LearnerService
from services.views import LearnerView
from storage.activity import NewEntry
from storage.database import Database
from storage.learners import LearnerRepository
from storage.models import SignIn
from storage.sessions import SessionRepository

Way = Literal["app", "login", "code"]
REFRESH_LIFETIME = timedelta(days=30)
CODE_LIFETIME = timedelta(minutes=5)
CODE_LENGTH = 8
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another: no 0 O, no 1 I L
MOST_SESSIONS = 50  # of one learner; the oldest ends when there is one more
_HALF = 24  # bytes of each half of a refresh token, 32 characters when written
_KEPT = timedelta(days=2)  # an ended session is remembered for longer than what opened it could open another


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session's tokens: the access token for `expires_in` seconds, then the refresh token, once, for new ones."""

    learner: LearnerView
    access_token: str
    expires_in: int
    refresh_token: str
    refresh_expires_at: datetime


class AuthService:
    """Sign-in for people who are somebody on Telegram. `bot_token` None: there is no Telegram that could say so.

    `secret` is the installation's. Of refresh tokens and codes only hashes are stored."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        learners: LearnerService,
        secret: str,
        bot_token: str | None,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
        choose: Callable[[str], str] = secrets.choice,
    ) -> None:
        self._database = database
        self._clock = clock
        self._learners = learners
        self._bot_token = bot_token
        self._random_bytes = random_bytes
        self._choose = choose
        self._code_key = hmac.digest(secret.encode(), b"lectern sign-in code", hashlib.sha256)
        self._tokens = AccessTokens(secret, clock)
        self._standings = Standings(database, clock, learners)
        self._tries = Tries(clock)

    async def with_init_data(self, init_data: str) -> SignedIn:
        """Sign in with a Mini App's `initData`, which makes known who was not. Raises NotSignedIn, Forbidden
        (``blocked``, ``not_admitted``, ``no_telegram``)."""
        return await self._shown("app", telegram.from_init_data(init_data, self._token(), self._clock.now()))

    async def with_login(self, fields: Mapping[str, str]) -> SignedIn:
        """Sign in with the fields of Telegram's Login widget. Raises as `with_init_data` does."""
        return await self._shown("login", telegram.from_login(fields, self._token(), self._clock.now()))

    async def new_code(self, learner: LearnerView) -> str:
        """A code that signs this learner in, once, within `CODE_LIFETIME`; the one before stops working."""
        code = "".join(self._choose(CODE_SIGNS) for _ in range(CODE_LENGTH))
        async with self._database.transaction() as session:
            until = self._clock.now() + CODE_LIFETIME
            await SessionRepository(session).put_code(learner.id, self._code_hash(code), until)
        return code

    async def with_code(self, code: str, address: str) -> SignedIn:
        """Sign in with a code from the chat, in any case and spacing; `address` is where the call comes from.

        Raises NotSignedIn("code"), LimitReached("sign_in") after too many wrong ones, Forbidden."""
        typed = "".join(sign for sign in code if sign not in "- \t\n").upper()
        with self._tries.one(address):
            async with self._database.transaction() as session:
                sessions, hashed = SessionRepository(session), self._code_hash(typed)
                owner = await sessions.code_owner(hashed, self._clock.now())
                if owner is not None:
                    learner = await self._welcome(LearnerRepository(session), owner)
                    if await sessions.take_code(hashed):
                        return await self._open(sessions, learner, "code", None)
            raise NotSignedIn("code")

    async def refresh(self, token: str) -> SignedIn:
        """New tokens for a refresh token, which is used up by that. One that was used before ends its session: it was
        in two hands. Raises NotSignedIn (``invalid``, ``reused``), Forbidden."""
        family, turn = _halves(token)
        now, next_turn = self._clock.now(), self._half()
        until = now + REFRESH_LIFETIME
        async with self._database.transaction() as session:
            sessions = SessionRepository(session)
            owner = await sessions.owner(_hash(family))
            if owner is None:
                raise NotSignedIn("invalid")
            learner = await self._welcome(LearnerRepository(session), owner)
            row = await sessions.turn(_hash(family), _hash(turn), _hash(next_turn), now, until)
            if row is not None:
                return self._signed_in(learner, row, family + next_turn)
            betrayed = await sessions.end_family(_hash(family), now)
            if betrayed:
                await sessions.log.append(NewEntry("sign_in.reused", None, owner), now)
        self._standings.forget(owner)
        raise NotSignedIn("reused" if betrayed else "revoked")

    async def caller(self, token: str) -> LearnerView:
        """Whose access token this is, with the role that the database says. Raises NotSignedIn for one that does not
        count (any more), Forbidden (``blocked``, ``not_admitted``)."""
        return _let_in(await self._standings.of(self._tokens.read(token)))

    async def sign_out(self, token: str) -> None:
        """End the session of an access token; what opened it will not open another. Raises NotSignedIn."""
        claims = self._tokens.read(token)
        async with self._database.transaction() as session:
            await SessionRepository(session).end(claims.session_id, claims.learner_id, self._clock.now())
        self._standings.forget(claims.learner_id)

    async def sign_out_all(self, learner_id: int) -> None:
        """End all sessions of a learner; nothing that was given to them before opens another."""
        async with self._database.transaction() as session:
            # The learner before the sessions, as everywhere here: so no two wait for each other.
            await LearnerRepository(session).lock(learner_id)
            await SessionRepository(session).end_all(learner_id, self._clock.now())
        self._standings.forget(learner_id)

    async def _shown(self, way: Way, shown: telegram.Shown) -> SignedIn:
        now = self._clock.now()
        learner = await self._learners.arrive(
            shown.telegram_id, shown.name, shown.username, shown.language_code, now, writing=False
        )
        async with self._database.transaction() as session:
            sessions = SessionRepository(session)
            learner = await self._welcome(LearnerRepository(session), learner.id, shown.at)
            if await sessions.spent(shown.proof):
                raise NotSignedIn("revoked")
            return await self._open(sessions, learner, way, shown.proof)

    async def _open(self, sessions: SessionRepository, learner: LearnerView, way: Way, proof: str | None) -> SignedIn:
        now = self._clock.now()
        family, turn = self._half(), self._half()
        row = await sessions.add(
            learner_id=learner.id,
            way=way,
            proof=proof,
            family=_hash(family),
            turn=_hash(turn),
            created_at=now,
            expires_at=now + REFRESH_LIFETIME,
            revoked_at=None,
        )
        await sessions.tidy(learner.id, now, ended_before=now - _KEPT, most=MOST_SESSIONS)
        await sessions.log.append(NewEntry("sign_in.opened", learner.id, learner.id, detail={"way": way}), now)
        return self._signed_in(learner, row, family + turn)

    async def _welcome(
        self, learners: LearnerRepository, learner_id: int, shown_at: datetime | None = None
    ) -> LearnerView:
        """The learner, locked for this transaction, if they may come in with what was made at `shown_at`."""
        row = await learners.lock(learner_id)
        if row is None:
            raise NotSignedIn("revoked")
        learner = _let_in(self._learners.view(row))
        if shown_at is not None and row.signed_out_at is not None and shown_at <= row.signed_out_at:
            raise NotSignedIn("revoked")
        return learner

    def _signed_in(self, learner: LearnerView, row: SignIn, refresh_token: str) -> SignedIn:
        access = self._tokens.issue(learner.id, row.id)
        return SignedIn(learner, access, LIFETIME, refresh_token, row.expires_at)

    def _token(self) -> str:
        if self._bot_token is None:
            raise Forbidden("no_telegram")
        return self._bot_token

    def _half(self) -> str:
        return _text(self._random_bytes(_HALF))

    def _code_hash(self, code: str) -> str:
        # A code is short: without the key, whoever reads the table could try them all.
        return hmac.digest(self._code_key, code.encode("utf-8", "replace"), hashlib.sha256).hex()


def _text(random: bytes) -> str:
    return base64.urlsafe_b64encode(random).decode().rstrip("=")


def _halves(token: str) -> tuple[str, str]:
    middle = len(token) // 2
    if len(token) != len(_text(bytes(_HALF))) * 2 or not token.isascii():
        raise NotSignedIn("invalid")
    return token[:middle], token[middle:]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _let_in(learner: LearnerView) -> LearnerView:
    if learner.blocked:
        raise Forbidden("blocked")
    if not learner.admitted:
        raise Forbidden("not_admitted")
    return learner
