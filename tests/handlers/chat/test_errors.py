from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.chat import errors
from handlers.chat.buttons import Continue, encode
from handlers.chat.buttons_asking import StartReading, StopMaking
from handlers.chat.context import Desk
from handlers.chat.screen import Screen
from services.errors import (
    AuthorBusy,
    AuthorError,
    AuthorRefused,
    AuthorUnusable,
    Conflict,
    DocumentRefused,
    Fault,
    Forbidden,
    Invalid,
    LecternError,
    LimitReached,
    NotFound,
)
from tests.handlers.chat.classroom import classroom
from tests.handlers.chat.room import Room

AT = datetime(2026, 11, 23, 13, 20, tzinfo=UTC)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with classroom(tmp_path, OPERATOR_NAME="Ada <ada@example.org>") as opened:
        yield opened


@pytest.fixture
def desk(room: Room) -> Desk:
    return room.live.house.application.desk


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotFound("course"), "That is not among your courses. Yours: /courses"),
        (NotFound("something new"), "That is not here any more."),
        (Forbidden("not_owner"), "That course belongs to somebody else"),
        (Forbidden("not_admitted"), "An invitation from Ada &lt;ada@example.org&gt; lets you in."),
        (Conflict("too_late", AT), "Completed at 14:20."),
        (Conflict("whatever"), "That has moved on already."),
        (LimitReached("generations", 5, 900, AT), "You have made 5 courses in a quarter of an hour, which is the"),
        (LimitReached("generations", 1, 900, AT), "The next one can start at 14:20."),
        (LimitReached("taps", 5, 900, AT), "It can go on at 14:20."),
        (DocumentRefused("no_text"), "This PDF is pictures of pages; I cannot read it yet."),
        (DocumentRefused("too_large", str(20 * 1024 * 1024)), "larger than the 20 MB that I can take"),
        (DocumentRefused("never heard of"), "I cannot make anything of this file."),
        (AuthorBusy("overloaded"), "The model was overloaded each time that I asked."),
        (AuthorRefused("declined"), "Another way of asking may work."),
        (AuthorUnusable("spent"), "Ada &lt;ada@example.org&gt; can change that."),
        (AuthorError("never heard of"), "The model did not deliver, and nothing is lost."),
        (LecternError(), "That did not work."),
    ],
)  # fmt: skip
def test_every_error_has_a_sentence(desk: Desk, error: LecternError, words: str) -> None:
    assert words in errors.sentence(error, "en", desk, "Europe/Vienna").text


@pytest.mark.parametrize(
    "kind", ["empty", "too_large", "swells", "encrypted", "no_text", "not_a_document", "wrong_kind"]
)
def test_every_refusal_of_a_document_has_its_own_sentence(desk: Desk, kind: str) -> None:
    general = errors.sentence(DocumentRefused("?"), "en", desk).text
    assert errors.sentence(DocumentRefused(kind), "en", desk).text != general


def test_every_fault_is_said_with_its_field() -> None:
    faults = [
        (Fault("title", "html_tag", "<b>", ""), "The title contains &lt;b&gt;, which reads as an HTML tag."),
        (Fault("objectives[2]", "too_short", "4", "10–200"), "Objective 3 has 4 characters; 10–200 are allowed."),
        (Fault("objectives", "too_few", "2", "3–10"), "The list of objectives has 2 entries; 3–10 are allowed."),
        (Fault("level", "unknown", "wizard", "beginner"), "The level is “wizard”; one of these is allowed: beginner."),
        (Fault("topic", "too_long", "5000", "2–300"), "That is 5000 characters; a topic has up to 300."),
        (Fault("mood", "too_blue", "navy", "sky"), "This will not do: navy. Allowed: sky"),
    ]
    for fault, sentence in faults:
        assert errors.fault_sentence(fault, "en").startswith(sentence)


def test_all_faults_are_said_at_once(desk: Desk) -> None:
    invalid = Invalid(Fault("title", "too_short", "4", "10–100"), Fault("minutes", "out_of_range", "5", "30–480"))
    assert len(errors.sentence(invalid, "en", desk).text.splitlines()) == 2


def test_a_toast_is_plain() -> None:
    refused = Screen("The title contains &lt;b&gt;, <i>so</i>")
    assert errors.toast(refused) == "The title contains <b>, so"


async def test_a_tap_that_fails_is_answered_with_a_toast_and_costs_nothing(room: Room) -> None:
    await room.say("hi")
    count = room.count
    for button, toast in [
        (Continue(99), "That is not among your courses. Yours: /courses"),
        (StartReading(99), "That is not among your courses. Yours: /courses"),
        (StopMaking(99), "That course is not there any more. Yours: /courses"),
    ]:
        assert await room.press(encode(button)) == toast
    assert room.count == count


@pytest.mark.parametrize("name", [None, "Ada"])
async def test_what_was_given_up_is_told_to_the_person(tmp_path: Path, name: str | None) -> None:
    async with classroom(tmp_path, OPERATOR_NAME=name or "") as room:
        application = room.live.house.application
        chat = room.someone.seat.person.id
        await errors.trying_again(application.bot, chat, "en")
        assert room.text.endswith("Nothing is lost; I am trying again.")
        await errors.gave_up(application.bot, chat, "en", application.desk)
        told = "Ada has been told." if name else "The people who run me have been told."
        assert room.text.endswith(told)


async def test_admins_hear_of_what_was_set_aside_and_nothing_of_what_was_written(tmp_path: Path) -> None:
    async with classroom(tmp_path) as room:
        application = room.live.house.application
        await errors.alert(application.bot, application.desk, "tg:7", "ValueError")
        assert room.live.admin.screen.text == (
            "Set aside · tg:7 failed three times (ValueError). Everything else goes on. /status"
        )
