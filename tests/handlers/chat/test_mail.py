"""Mail in the settings of the whole bot, with a real mail server; and nothing of it where there is none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from handlers.chat.buttons import Button, encode
from handlers.chat.buttons_reading import AskAddress, ForgetAddress, OpenMail, SetMail
from handlers.chat.screens import mail as screens
from services.views.mail import MailboxView
from tests.handlers.chat.classroom import classroom
from tests.handlers.chat.room import Room
from tests.kit.house import eventually
from tests.kit.mail_server import MailServer, mail_server


@asynccontextmanager
async def with_mail(folder: Path) -> AsyncIterator[tuple[Room, MailServer]]:
    async with (
        mail_server() as server,
        classroom(
            folder, SMTP_URL=server.url, MAIL_FROM="mail@learn.example", PUBLIC_URL="https://learn.example"
        ) as room,
    ):
        yield room, server


async def test_an_address_is_given_in_the_chat_and_confirmed_by_its_link(tmp_path: Path) -> None:
    async with with_mail(tmp_path) as (room, server):
        await room.say("/settings")
        assert "Mail: no address" in room.text
        await room.tap("Mail")
        await room.tap("A welcome")
        assert room.keys[0] == ["✅ A welcome"]
        await room.tap("Set the address")
        await room.say("lena at example.org")
        assert "is no address that I can write to" in room.text
        await room.say(" lena@example.org ")
        assert "lena@example.org, once you follow the link" in room.text

        async def letters() -> int:
            return len(server.taken)

        await eventually(letters, lambda count: count == 1)
        body = server.taken[0].get_body(("plain",))
        assert body is not None
        link = next(word for word in body.get_content().split() if word.startswith("https://learn.example/"))
        async with TestClient(TestServer(room.live.house.web)) as client:
            async with client.get(link.removeprefix("https://learn.example")) as page:
                assert page.status == 200
            await room.say("/settings")
            assert "once you follow" in room.text
            async with client.post(link.removeprefix("https://learn.example")) as page:
                assert page.status == 200
        await eventually(letters, lambda count: count == 2)
        assert server.taken[1]["Subject"] == "Welcome to Lectern"
        await room.say("/settings")
        assert "Mail: lena@example.org" in room.text
        await room.tap("Mail")
        assert await room.tap("Forget the address") == "The address is forgotten."
        assert "Mail: no address" in room.text


@pytest.mark.parametrize("pressed", [OpenMail(), SetMail(0, 1), AskAddress(), ForgetAddress()], ids=str)
async def test_without_a_mail_server_nothing_pretends(tmp_path: Path, pressed: Button) -> None:
    async with classroom(tmp_path) as room:
        await room.say("/settings")
        assert "ail" not in room.text + str(room.keys)
        assert await room.press(encode(pressed)) == "No letters are sent from here."


async def test_a_forged_choice_changes_nothing(tmp_path: Path) -> None:
    async with with_mail(tmp_path) as (room, _):
        await room.say("/settings")
        await room.press(encode(SetMail(3, 1)))
        await room.tap("Mail")
        assert [row[0][0] for row in room.keys[:3]] == ["◻"] * 3


def test_an_address_is_escaped() -> None:
    box = MailboxView("a&b@example.org", None, True, False, False)
    assert "a&amp;b@example.org" in screens.mail("en", box).text
    assert "&lt;b&gt;" in screens.ask("en", "<b>").text
