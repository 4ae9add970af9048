from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.localchat.people import LEARNER
from handlers.chat.registry import COMMANDS
from handlers.chat.screens import login
from handlers.texts import texts
from services.errors import NotSignedIn
from tests.handlers.chat.room import reading_room

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")


def test_the_code_is_shown_in_two_halves_with_its_time() -> None:
    screen = login.code("en", "ABCD2345")
    assert screen.text.startswith("Your code to sign in: <code>ABCD-2345</code>\n")
    assert "for 5 minutes" in screen.text
    assert "login" in COMMANDS
    assert "/login" in str(texts("en")["help"])


async def test_a_code_from_the_chat_signs_its_asker_in_once(tmp_path: Path) -> None:
    async with reading_room(tmp_path) as room:
        auth = room.live.house.application.desk.auth
        await room.say("/login")
        first = CODE.search(room.text)
        await room.say("/login")
        second = CODE.search(room.text)
        assert first
        assert second
        with pytest.raises(NotSignedIn):
            await auth.with_code(first[0], "127.0.0.1")
        signed = await auth.with_code(second[0], "127.0.0.1")
        assert signed.learner.telegram_id == LEARNER.id
        assert (await auth.caller(signed.access_token)).telegram_id == LEARNER.id
        with pytest.raises(NotSignedIn):
            await auth.with_code(second[0], "127.0.0.1")


async def test_who_is_blocked_is_told_so_and_gets_no_code(tmp_path: Path) -> None:
    async with reading_room(tmp_path) as room:
        desk = room.live.house.application.desk
        admin = room.of(room.live.admin)
        await admin.say("/start")
        await room.say("/start")
        await room.someone.sees("Hello Lena")
        people = [await desk.learners.get(number) for number in (1, 2)]
        lena, ada = sorted(people, key=lambda one: one.role == "admin")
        await desk.learners.set_blocked(ada, lena.id, True)
        toast = await room.tap("What can I ask for?")
        assert "paused your learning" in toast
        for words in ("/login", "/courses", "teach me chess"):
            await room.say(words)
            assert room.text.startswith(
                "The person who runs this bot has paused your learning here. What is yours is kept"
            )
        await desk.learners.set_blocked(ada, lena.id, False)
        await room.say("/login")
        assert CODE.search(room.text)
