"""Where each learner's conversation stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from storage.models import Dialogue
from storage.upsert import insert_or_update


class DialogueRepository:
    """One row per learner."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, learner_id: int) -> Dialogue | None:
        """The learner's row, ended or not."""
        return await self._session.get(Dialogue, learner_id)

    async def put(
        self,
        learner_id: int,
        *,
        kind: str,
        step: str,
        data: dict[str, Any],
        message_id: int | None,
        update_id: int,
        now: datetime,
    ) -> None:
        """Store where the conversation stands now, instead of what was there."""
        values = {
            "learner_id": learner_id,
            "kind": kind,
            "step": step,
            "data": data,
            "message_id": message_id,
            "update_id": update_id,
            "updated_at": now,
        }
        await insert_or_update(self._session, Dialogue, values, unique=["learner_id"])
