"""Access tokens: short-lived JWTs that say whose session this is, and nothing about what may be done.

PyJWT with a pinned algorithm still takes tokens without an end, for somebody else, or with a claim given twice; so it
only checks the signature, and what the token says is checked here, all of it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.clock import Clock
from services.errors import NotSignedIn

LIFETIME = 15 * 60  # seconds
SKEW = 5  # seconds that the clocks of two workers may differ
LONGEST = 4096  # characters of a token that is looked at
_ALGORITHM = "HS256"
_TYPE = "at+jwt"  # RFC 9068 §2.1
_ISSUER, _AUDIENCE, _KIND = "lectern", "lectern-api", "access"
_CLAIMS = frozenset({"exp", "iat", "iss", "aud", "typ", "jti", "sub", "sid"})
_HEADERS = frozenset({"alg", "typ", "kid"})  # a `kid` is ignored: there is one key
_ID = re.compile("[1-9][0-9]{0,18}")
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: the learner, the session, and when it ends (seconds since 1970)."""

    learner_id: int
    session_id: int
    expires: int


class AccessTokens:
    """Makes and reads access tokens. `secret` is the installation's; the key is derived from it, so that nothing else
    signed with the same secret can pass for a token.

    A token that was found good is remembered by its hash until it ends: its signature is not computed again."""

    def __init__(
        self, secret: str, clock: Clock, *, new_id: Callable[[], str] = lambda: secrets.token_urlsafe(12)
    ) -> None:
        self._key = hmac.digest(secret.encode(), b"lectern access token", hashlib.sha256)
        self._clock = clock
        self._new_id = new_id
        self._good: OrderedDict[bytes, Claims] = OrderedDict()

    def issue(self, learner_id: int, session_id: int) -> str:
        """A token for a session, good for `LIFETIME` seconds."""
        import jwt  # 4 MB, of use to nobody who only chats

        now = int(self._clock.now().timestamp())
        claims = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "typ": _KIND,
            "sub": str(learner_id),
            "sid": session_id,
            "jti": self._new_id(),
            "iat": now,
            "exp": now + LIFETIME,
        }
        return jwt.encode(claims, self._key, _ALGORITHM, headers={"typ": _TYPE})

    def read(self, token: str) -> Claims:
        """What a token says, if it is ours and of now. Raises NotSignedIn (``invalid``, ``expired``, ``not_yet``)."""
        if len(token) > LONGEST or not token.isascii():
            raise NotSignedIn("invalid")
        name = hashlib.sha256(token.encode()).digest()
        known = self._good.get(name)
        if known is None:
            known = self._checked(token)
            self._good[name] = known
            while len(self._good) > _REMEMBERED:
                self._good.popitem(last=False)
        else:
            self._good.move_to_end(name)
        if known.expires <= self._clock.now().timestamp():
            del self._good[name]
            raise NotSignedIn("expired")
        return known

    def _checked(self, token: str) -> Claims:
        import jwt

        try:
            found = jwt.PyJWS().decode_complete(token, self._key, [_ALGORITHM])
            header = _once(_decoded(token.partition(".")[0]))
            claims = _once(found["payload"])
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise NotSignedIn("invalid") from None
        if header.get("typ") != _TYPE or not header.keys() <= _HEADERS:
            raise NotSignedIn("invalid")
        return self._said(claims)

    def _said(self, claims: dict[str, Any]) -> Claims:
        if claims.keys() != _CLAIMS:
            raise NotSignedIn("invalid")
        for_us = (claims["iss"], claims["aud"], claims["typ"]) == (_ISSUER, _AUDIENCE, _KIND)
        begin, end, session, learner = claims["iat"], claims["exp"], claims["sid"], claims["sub"]
        numbers = all(type(one) is int and 0 < one < 2**63 for one in (begin, end, session))
        named = type(claims["jti"]) is str and type(learner) is str and _ID.fullmatch(learner)
        if not (for_us and numbers and named and begin < end <= begin + LIFETIME):
            raise NotSignedIn("invalid")
        if begin > self._clock.now().timestamp() + SKEW:
            raise NotSignedIn("not_yet")
        return Claims(int(learner), session, end)


def _decoded(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


def _once(text: bytes) -> dict[str, Any]:
    """A JSON object. Raises ValueError for anything else and where a name comes twice: two readers could differ."""
    found = json.loads(text, object_pairs_hook=_unique)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found
