"""The door of the API: who calls, by their token, and how often they may."""

from __future__ import annotations

from typing import Protocol

from aiohttp import hdrs, web

from handlers.web import rate
from handlers.web.edge.addresses import client_address
from handlers.web.operations import Limit
from services.clock import Clock
from services.errors import LimitReached, NotSignedIn
from services.limits import LimitService
from services.views import LearnerView

LONGEST_TOKEN = 4096  # characters


class Authenticator(Protocol):
    """What the door needs of the auth service."""

    async def caller(self, token: str) -> LearnerView:
        """Whose access token it is, with the role as the database says now. Raises NotSignedIn, or Forbidden for who
        is known but not to be let in."""
        ...


class TokenDoor:
    """Without `auth` nobody can sign in, and every token is refused."""

    def __init__(self, auth: Authenticator | None, limits: LimitService, clock: Clock) -> None:
        self._auth = auth
        self._limits = limits
        self._clock = clock

    async def caller(self, request: web.Request) -> LearnerView | None:
        """Who calls; None if no token is shown. Raises NotSignedIn for one that does not count, and Forbidden."""
        shown = request.headers.getall(hdrs.AUTHORIZATION, None)
        if not shown:
            return None
        scheme, _, token = shown[0].partition(" ")
        token = token.strip()
        sound = len(shown) == 1 and scheme.lower() == "bearer" and 0 < len(token) <= LONGEST_TOKEN
        if not sound or self._auth is None or not token.isascii():
            raise NotSignedIn("invalid")
        return await self._auth.caller(token)

    async def count(self, request: web.Request, learner: LearnerView | None, limit: Limit) -> None:
        """Count one: by learner, else by address. Raises LimitReached. Generations are counted where they are kept."""
        if limit is Limit.GENERATIONS:
            return
        key = client_address(request) if learner is None else rate.key_of(learner)
        await rate.spend(request, self._limits, "progress" if limit is Limit.PROGRESS else "requests", key)

    def refusal(self, error: LimitReached) -> dict[str, str]:
        """The headers that say when to come back."""
        return rate.refusal(error, self._clock.now())
