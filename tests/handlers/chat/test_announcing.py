"""Announcements arrive in the chat as they were written, and only with whom they can."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.jobs import NewWork
from tests.handlers.chat.classroom import classroom


@pytest.mark.parametrize("words", ["Bread & <b>butter</b>\nat nine 😀", "x" * 2000])
async def test_an_announcement_is_shown_as_it_was_written(tmp_path: Path, words: str) -> None:
    async with classroom(tmp_path) as room:
        await room.say("/start")
        payload = {"text": words}
        await room.live.house.jobs.put(
            NewWork("announcement", "a:99", "to nobody", {**payload, "learner_id": 99}),
            NewWork("announcement", "a:1", "k:1", {**payload, "learner_id": 1}),
        )
        shown = await room.someone.sees(words)
        assert shown.text == words
