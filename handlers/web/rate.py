"""The limits in headers (IETF draft: `RateLimit-*`) on every answer of an operation, `Retry-After` on a refusal."""

from __future__ import annotations

import math
from datetime import datetime

from aiohttp import web

from services.errors import LimitReached
from services.limits import Kind, Left, LimitService
from services.views import LearnerView

# Where a request keeps what is left until its answer is prepared.
RATE: web.RequestKey[Left] = web.RequestKey("rate", Left)


async def spend(request: web.Request, limits: LimitService, kind: Kind, key: str, cost: int = 1) -> None:
    """Take from a limit; what is left goes into the answer's headers. Raises LimitReached."""
    request[RATE] = await limits.take(kind, key, cost)


def key_of(learner: LearnerView) -> str:
    """What a learner is counted by, over REST as in the chat."""
    return str(learner.id)


def headers(left: Left) -> dict[str, str]:
    """What is left; `RateLimit-Reset` is the seconds until there is more again."""
    return _headers(left.allowed, left.window_seconds, left.left, left.reset_seconds)


def refusal(error: LimitReached, now: datetime) -> dict[str, str]:
    """The headers of a 429: after `Retry-After` seconds the very same request will be granted."""
    wait = max(1, math.ceil((error.retry_at - now).total_seconds()))
    if not error.allowed:
        return {"Retry-After": str(wait)}
    return {"Retry-After": str(wait), **_headers(error.allowed, error.window_seconds, error.left, wait)}


def _headers(allowed: int, window_seconds: int, left: int, reset_seconds: int) -> dict[str, str]:
    return {
        "RateLimit-Limit": str(allowed),
        "RateLimit-Policy": f"{allowed};w={window_seconds}",
        "RateLimit-Remaining": str(max(0, left)),
        "RateLimit-Reset": str(reset_seconds),
    }
