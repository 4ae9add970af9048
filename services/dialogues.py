"""The state of each learner's conversation: in storage, so that a restart between any two messages changes nothing."""

from __future__ import annotations

from services.clock import Clock
from services.views import DialogueView
from storage.database import Database
from storage.dialogues import DialogueRepository

_ENDED = ""


class DialogueService:
    """At most one open dialogue per learner. Updates of one learner come one after another, so the last save counts."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def load(self, learner_id: int) -> DialogueView | None:
        """The open dialogue, None if there is none."""
        async with self._database.reading() as session:
            row = await DialogueRepository(session).get(learner_id)
        if row is None or row.kind == _ENDED:
            return None
        return DialogueView(
            learner_id=row.learner_id,
            kind=row.kind,
            step=row.step,
            data=row.data,
            message_id=row.message_id,
            update_id=row.update_id,
        )

    async def applied(self, learner_id: int, update_id: int) -> bool:
        """Whether the dialogue stands where this very update brought it, its end included (it is delivered again)."""
        async with self._database.reading() as session:
            row = await DialogueRepository(session).get(learner_id)
        return row is not None and row.update_id == update_id

    async def save(self, dialogue: DialogueView) -> None:
        """Store where the dialogue stands now; it replaces whatever was open."""
        async with self._database.transaction() as session:
            await DialogueRepository(session).put(
                dialogue.learner_id,
                kind=dialogue.kind,
                step=dialogue.step,
                data=dialogue.data,
                message_id=dialogue.message_id,
                update_id=dialogue.update_id,
                now=self._clock.now(),
            )

    async def end(self, learner_id: int, update_id: int) -> None:
        """Close the learner's dialogue, if any; the update that did it is remembered."""
        async with self._database.transaction() as session:
            await DialogueRepository(session).put(
                learner_id,
                kind=_ENDED,
                step="",
                data={},
                message_id=None,
                update_id=update_id,
                now=self._clock.now(),
            )
