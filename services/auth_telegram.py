"""What Telegram signs for us: a Mini App's `initData`, and the data of its Login widget. Pure but for the key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.errors import NotSignedIn

INIT_DATA_AGE = timedelta(hours=1)
LOGIN_AGE = timedelta(days=1)
SKEW = timedelta(seconds=5)  # that our clock may be behind Telegram's
LONGEST = 8192  # characters of initData that are looked at
_LATEST = 253_402_300_799  # the last second of the year 9999


@dataclass(frozen=True, slots=True)
class Shown:
    """Who somebody is by Telegram's word, when it was given, and a hash that knows it again (`proof`)."""

    telegram_id: int
    name: str
    username: str | None
    language_code: str | None
    at: datetime
    proof: str


def from_init_data(init_data: str, bot_token: str, now: datetime) -> Shown:
    """Who opened a Mini App (https://core.telegram.org/bots/webapps, "Validating data received via the Mini App").

    Raises NotSignedIn: ``invalid`` if Telegram did not sign it for this bot, ``expired`` after an hour, ``not_yet``."""
    import init_data_py

    if len(init_data) > LONGEST:
        raise NotSignedIn("invalid")
    try:
        # Its own check of age takes data from the future.
        data = init_data_py.validate_by_hash(init_data, bot_token, expires_in=None)
    except (init_data_py.errors.InvalidInitDataError, ValueError, TypeError, RecursionError):
        raise NotSignedIn("invalid") from None
    user = data.user
    if user is None or user.is_bot or not 0 < user.id < 2**63:
        raise NotSignedIn("invalid")
    at = _recent(data.auth_date, now, INIT_DATA_AGE)
    name = f"{user.first_name} {user.last_name or ''}".strip()
    return Shown(user.id, name, user.username, user.language_code, at, _proof("app", data.hash))


def from_login(fields: Mapping[str, str], bot_token: str, now: datetime) -> Shown:
    """Who used the Login widget (https://core.telegram.org/widgets/login, "Checking authorization"): the key is the
    SHA-256 of the bot's token, the text all fields but `hash`, sorted, one on a line.

    Raises NotSignedIn: ``invalid``, ``expired`` after a day, ``not_yet``."""
    shown = {name: value for name, value in fields.items() if name != "hash"}
    if any("\n" in value for value in shown.values()):  # one field could pass for two
        raise NotSignedIn("invalid")
    text = "\n".join(sorted(f"{name}={value}" for name, value in shown.items()))
    key = hashlib.sha256(bot_token.encode()).digest()
    expected = hmac.digest(key, text.encode("utf-8", "replace"), hashlib.sha256).hex()
    given = fields.get("hash", "").lower()
    if not (given.isascii() and hmac.compare_digest(expected, given)):
        raise NotSignedIn("invalid")
    at = _recent(_number(shown.get("auth_date", "")), now, LOGIN_AGE)
    name = f"{shown.get('first_name', '')} {shown.get('last_name', '')}".strip()
    return Shown(_number(shown.get("id", "")), name, shown.get("username"), None, at, _proof("login", expected))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19 and int(text)):
        raise NotSignedIn("invalid")
    return int(text)


def _recent(seconds: int, now: datetime, age: timedelta) -> datetime:
    at = datetime.fromtimestamp(min(seconds, _LATEST), UTC)
    if at > now + SKEW:
        raise NotSignedIn("not_yet")
    if now - at > age:
        raise NotSignedIn("expired")
    return at


def _proof(way: str, signature: str) -> str:
    return hashlib.sha256(f"{way}:{signature}".encode()).hexdigest()
