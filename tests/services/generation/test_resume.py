"""Generations that are interrupted anywhere, and one with nothing scripted in it."""

from __future__ import annotations

import asyncio
import random

import pytest

from services.authors.offline import OfflineAuthor
from services.authors.protocol import Order, Wish
from services.generation.service import draw_card
from services.sources import DocumentService
from storage.database import Database
from tests.kit.author import ScriptedAuthor, order
from tests.kit.database import sqlite
from tests.kit.house import house

__all__ = ["sqlite"]


@pytest.mark.parametrize("seed", range(8))
async def test_interrupted_at_any_instant_it_asks_for_nothing_that_is_saved(sqlite: Database, seed: int) -> None:
    rng = random.Random(seed)

    def slow(lesson: int, section: int) -> asyncio.Future[None]:
        done = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_later(rng.uniform(0, 0.03), done.set_result, None)
        return done

    author = ScriptedAuthor(sizes=(2, 4, 3, 2), hold=slow)
    saved: set[tuple[int, int]] = set()
    generation_id, asked_before = 0, 0
    for _ in range(400):  # a busy machine gets little done in each
        async with house(sqlite, author) as made:
            learner = await made.learner()
            generation_id = (await made.courses.request(learner, order(), key="u1")).id
            await asyncio.sleep(rng.uniform(0, 0.06))
        for lesson, missing in author.asked[asked_before:]:
            assert not saved.intersection((lesson, section) for section in missing)
        asked_before = len(author.asked)
        async with house(sqlite, ScriptedAuthor(hold=lambda lesson, at: asyncio.Future())) as made:
            events = await made.generations.events(generation_id, 0)
            written = [(event.data["lesson"], event.data["section"]) for event in events if event.code == "section"]
            assert len(written) == len(set(written))
            saved = set(written)
            if events[-1].code == "ready":
                break
    assert len(saved) == 11
    codes = [event.code for event in events]
    assert [codes.count(code) for code in ("planned", "picture_done", "lesson", "ready")] == [1, 1, 4, 1]


async def test_a_real_course_from_a_bundled_text_with_a_real_picture(sqlite: Database) -> None:
    async with house(sqlite, real=OfflineAuthor(), draw=draw_card) as made:
        learner = await made.learner()
        documents = DocumentService(database=sqlite, clock=made.clock)
        document = await documents.add_sample(learner.id, "sourdough")
        source = await documents.source(learner.id, document.id)
        offer = await made.courses.propose(Wish("", "beginner", 60, "en", source))
        wanted = Order(offer.title, offer.description, offer.objectives, offer.level, offer.minutes, offer.language)
        asked = await made.courses.request(learner, wanted, key="u1", document_id=document.id)
        view = await made.ended(asked.id)
        assert (view.state, view.failure, view.picture) == ("ready", None, "ready")
        course = await made.courses.course(learner.id, view.course_id)
        assert (len(course.lessons), len(course.sections)) == (offer.lessons, offer.sections)
        assert all(section.citations and section.written for section in course.sections)
        assert sum(section.question_count for section in course.sections) >= len(course.sections)
        assert not course.credit.ai
        picture = await made.courses.picture(view.course_id)
        assert picture is not None
        assert picture.png.startswith(b"\x89PNG\r\n")
