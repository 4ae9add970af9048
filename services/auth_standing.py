"""Whether a session still counts and how its learner stands, remembered for at most two seconds."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from services.auth_tokens import Claims
from services.clock import Clock
from services.errors import NotSignedIn
from services.learners import LearnerService
from services.views import LearnerView
from storage import sessions as rows
from storage.database import Database

FRESH = 2.0  # seconds
_LEARNERS = 10_000


@dataclass(frozen=True, slots=True)
class _Seen:
    view: LearnerView
    until: float


class Standings:
    """Reads sessions. What this process changes (a sign-out, a role, a block) counts for its next request; what
    another process changes, within `FRESH` seconds."""

    def __init__(self, database: Database, clock: Clock, learners: LearnerService) -> None:
        self._writer = database.writer
        self._clock = clock
        self._learners = learners
        self._seen: OrderedDict[int, dict[int, _Seen]] = OrderedDict()  # by learner, then by session
        self._changes = 0
        learners.watch(self.forget)

    async def of(self, claims: Claims) -> LearnerView:
        """The learner of a session that is open. Raises NotSignedIn("revoked")."""
        seen = self._seen.get(claims.learner_id, {}).get(claims.session_id)
        if seen is not None and self._clock.monotonic() < seen.until:
            return seen.view
        changes, asked = self._changes, self._clock.monotonic()
        found = await self._writer.do(rows.standing(claims.session_id, claims.learner_id, self._clock.now()))
        if found is None:
            raise NotSignedIn("revoked")
        view = self._learners.view(found)
        if changes == self._changes:  # else it may be from before the change
            self._remember(claims, _Seen(view, asked + FRESH))
        return view

    def forget(self, learner_id: int) -> None:
        """Ask again for this learner's sessions: something about them has changed."""
        self._changes += 1
        self._seen.pop(learner_id, None)

    def _remember(self, claims: Claims, seen: _Seen) -> None:
        mine = self._seen.setdefault(claims.learner_id, {})
        self._seen.move_to_end(claims.learner_id)
        mine[claims.session_id] = seen
        while len(self._seen) > _LEARNERS:
            self._seen.popitem(last=False)
