"""What Telegram would sign for a person, and an auth service over a real database to show it to."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from init_data_py import sign

from services.auth import AuthService, SignedIn
from services.clock import Clock
from services.learners import LearnerService
from services.views import LearnerView
from storage.database import Database
from tests.kit.house import HeldClock

TOKEN = "123456789:AbC-_AbC-_AbC-_AbC-_AbC-_AbC-_AbC-_"
SECRET = "a secret of the tests, long enough to be one"


def init_data(telegram_id: int, at: datetime, *, token: str = TOKEN, **user: Any) -> str:
    """A Mini App's initData for that person, opened at `at`."""
    person = {"id": telegram_id, "first_name": "Lena", "username": "lena", "language_code": "de", **user}
    fields = {"query_id": "AAHdF6IQ", "user": json.dumps(person), "chat_instance": "-42", "chat_type": "private"}
    return sign(fields, token, auth_date=at)


def login_fields(telegram_id: int, at: datetime, *, token: str = TOKEN, **more: str) -> dict[str, str]:
    """What the Login widget hands over: https://core.telegram.org/widgets/login."""
    fields = {"id": str(telegram_id), "first_name": "Lena", "auth_date": str(int(at.timestamp())), **more}
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hashlib.sha256(token.encode()).digest()
    return {**fields, "hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}


@dataclass
class Gate:
    """Auth and learners on one database; `other` gates stand for other processes."""

    database: Database
    clock: HeldClock
    learners: LearnerService
    auth: AuthService

    async def sign_in(self, telegram_id: int = 7_000_000_001) -> SignedIn:
        """Somebody signs in with initData of now."""
        return await self.auth.with_init_data(init_data(telegram_id, self.clock.now()))

    async def admin(self) -> LearnerView:
        """The admin whom the settings name."""
        return await self.learners.arrive(1, "Ada", "ada", "en", self.clock.now())


def gate(
    database: Database,
    clock: HeldClock | None = None,
    *,
    bot_token: str | None = TOKEN,
    secret: str = SECRET,
    **access: Any,
) -> Gate:
    """A process with a door. `access` goes to the learners (access, allow_list)."""
    clock = clock or HeldClock()
    learners = LearnerService(database=database, clock=clock, languages={"en", "de", "ar"}, admin_ids={1}, **access)
    return Gate(database, clock, learners, auth_of(database, clock, learners, bot_token, secret))


def auth_of(
    database: Database, clock: Clock, learners: LearnerService, bot_token: str | None = TOKEN, secret: str = SECRET
) -> AuthService:
    """The auth service, with the tests' secret unless another is given."""
    return AuthService(database=database, clock=clock, learners=learners, secret=secret, bot_token=bot_token)
