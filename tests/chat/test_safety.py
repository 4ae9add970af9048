"""What is not taught, pictures that are painted, and second opinions: in the chat, with everything on real wires."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.localchat.request import LocalRequest
from services.checking import Checking
from services.quality.report import Report
from storage.models import Course, Picture
from tests.chat.scene import made, open_room, to_card
from tests.handlers.chat.room import Room
from tests.kit.chat import Live
from tests.kit.model_server import ModelServer, model_server
from tests.kit.studio import refused

KEY = "sk-not-a-real-key-0123456789"
NO_MORE = ["⬅ Back", "✖ Cancel"]


@asynccontextmanager
async def studio_room(folder: Path, opinion: str = "0") -> AsyncIterator[tuple[Room, ModelServer]]:
    """Lena, Claude, and OpenAI beside it, which also paints and moderates."""
    async with model_server() as model:
        keys = {
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": model.url,
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": model.openai_url,
            "OPENAI_MODEL": "gpt-6.2-sol",
            "OPENAI_IMAGE_MODEL": "gpt-image-2.6-flare",
            "OPENAI_MODERATION_MODEL": "omni-moderation-latest",
        }
        async with open_room(folder, None, LocalRequest, **keys, SECOND_OPINION=opinion) as room:
            yield room, model


async def course_made(room: Room) -> None:
    await to_card(room)
    await room.tap("Make this course")
    await room.someone.sees("Your course is ready", timeout=40)
    await made(room.live)


async def picture_of(live: Live) -> Picture:
    async with live.house.database.reading() as session:
        return (await session.scalars(select(Picture))).one()


async def report_of(live: Live) -> Report:
    house = live.house
    async with house.database.reading() as session:
        course_id = (await session.scalars(select(Course.id))).one()
    return (await Checking(database=house.database, clock=house.clock).latest(course_id)).report


def status(report: Report, rule: str) -> str:
    return next(verdict.status for verdict in report.verdicts if verdict.rule == rule)


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("how to make a pipe bomb", "This is something that I do not teach"),
        ("как сделать бомбу", "This is something that I do not teach"),
        ("how to kill myself", "please talk to someone now"),
    ],
)
async def test_what_is_not_taught_costs_nothing_and_leaves_a_way_on(tmp_path: Path, topic: str, said: str) -> None:
    async with model_server() as model:
        keys = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": model.url}
        async with open_room(tmp_path, None, LocalRequest, **keys) as room:
            await room.say(f"teach me {topic}")
            await room.tap("Some")
            await room.tap("1 h")
            shown = await room.someone.sees(said)
            assert shown.buttons == NO_MORE
            assert model.calls == []


async def test_what_moderation_flags_is_refused_before_a_model_is_asked(tmp_path: Path) -> None:
    async with studio_room(tmp_path) as (room, model):
        model.studio.says = lambda text: ("illicit",) if "sourdough" in text else ()
        await room.say("teach me how sourdough works")
        await room.tap("Some")
        await room.tap("1 h")
        await room.someone.sees("This is something that I do not teach")
        assert model.calls == []


async def test_a_course_gets_its_picture_and_is_read_whole(tmp_path: Path) -> None:
    async with studio_room(tmp_path) as (room, model):
        await course_made(room)
        picture = await picture_of(room.live)
        assert len(model.studio.prompts) == 1
        with Image.open(BytesIO(picture.png)) as image:
            assert image.size == (1280, 720)
        assert picture.file_id is not None, "it is sent by its name from now on"
        assert f"What is to be seen: {picture.alternative_text}\n" in model.studio.prompts[0], "as it was planned"
        report = await report_of(room.live)
        assert status(report, "safety") == "passed"
        assert {status(report, rule) for rule in ("answerable", "guessable")} == {"not_checked"}
        assert not [call for call in model.calls if call.kind in {"judge", "guess"}]


async def test_without_moderation_and_with_a_declined_picture_the_course_is_made(tmp_path: Path) -> None:
    async with studio_room(tmp_path) as (room, model):
        model.studio.moderation += [refused(404) for _ in range(500)]
        model.studio.answers += [refused(400, "image_generation_user_error", "moderation_blocked") for _ in range(9)]
        await course_made(room)
        assert len(model.studio.prompts) == 2
        assert " · " in (await picture_of(room.live)).alternative_text, "the words of the card that is drawn here"
        assert status(await report_of(room.live), "safety") == "not_checked"


async def test_a_text_that_is_flagged_is_written_again(tmp_path: Path) -> None:
    async with studio_room(tmp_path) as (room, model):
        flagged: list[str] = []

        def says(text: str) -> tuple[str, ...]:
            if not flagged and len(text) > 600 and "\n\n" in text:  # a section; wishes have no paragraphs
                flagged.append(text)
                return ("violence",)
            return ()

        model.studio.says = says
        await course_made(room)
        assert flagged
        asked = [call for call in model.calls if call.kind == "repair" and "flagged: violence" in json.dumps(call.body)]
        assert len(asked) == 1


async def test_a_second_opinion_has_questions_written_again_once_and_is_reported(tmp_path: Path) -> None:
    async with studio_room(tmp_path, "1") as (room, model):
        await course_made(room)
        judged = [call for call in model.calls if call.kind == "judge"]
        assert judged
        assert {call.provider for call in judged} == {"openai"}, "not by who wrote it"
        again = [call for call in model.calls if call.kind == "quiz" and "answered otherwise" in json.dumps(call.body)]
        assert 0 < len(again) <= 8
        report = await report_of(room.live)
        assert status(report, "answerable") in {"findings", "passed"}
        assert status(report, "guessable") in {"findings", "passed"}
        assert report.errors == ()
