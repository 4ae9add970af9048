from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.authors.protocol import Wish
from services.errors import AuthorUnusable, Forbidden, Invalid, LimitReached, NotFound
from services.sources import DocumentService
from storage.courses import CourseRepository
from storage.database import Database
from storage.learners import LearnerRepository
from storage.models import Completion
from storage.work import WorkRepository
from tests.kit.author import ScriptedAuthor, order
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import START, House, house

__all__ = ["database", "postgres", "sqlite"]
TEXT = (
    "# Bread\n\n" + "## Starter\n\nA starter is flour and water that has come alive. It wants food.\n\n" * 3
).encode()


async def enrol(made: House, learner_id: int, course_id: int) -> None:
    async with made.database.transaction() as session:
        await CourseRepository(session).enrol(learner_id, course_id, made.clock.now())


async def test_the_same_key_is_the_same_course(database: Database) -> None:
    async with house(database) as made:
        learner, other = await made.learner(), await made.learner(2)
        asked = await asyncio.gather(*(made.courses.request(learner, order(), key="u1") for _ in range(8)))
        assert len({view.id for view in asked}) == 1
        assert (await made.courses.request(other, order(), key="u1")).id != asked[0].id
        await made.ended(asked[0].id)
        assert (await made.courses.request(learner, order(), key="u1")).state == "ready"
        assert len(await made.courses.list_for(learner.id)) == 1
        assert made.author.plans >= 1


async def test_five_in_any_quarter_of_an_hour(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
        for number in range(5):
            await made.courses.request(learner, order(), key=f"u{number}")
            made.clock.move(100)
        with pytest.raises(LimitReached) as caught:
            await made.courses.request(learner, order(), key="u5")
        limit = caught.value
        assert (limit.limit, limit.allowed, limit.window_seconds) == ("generations", 5, 900)
        assert limit.retry_at == START + timedelta(seconds=900)
        assert (await made.courses.request(learner, order(), key="u4")).id  # an old key costs nothing
        assert (await made.courses.request(await made.learner(2), order(), key="u5")).id  # nor do other people
        made.clock.at = limit.retry_at - timedelta(milliseconds=1)
        with pytest.raises(LimitReached):
            await made.courses.request(learner, order(), key="u5")
        made.clock.at = limit.retry_at
        await made.courses.request(learner, order(), key="u5")
        with pytest.raises(LimitReached) as caught:
            await made.courses.request(learner, order(), key="u6")
        assert caught.value.retry_at == START + timedelta(seconds=1000)


async def test_simultaneous_requests_do_not_slip_past_the_limit(database: Database) -> None:
    async with house(database) as made:
        learner = await made.learner()
        asked = await asyncio.gather(
            *(made.courses.request(learner, order(), key=f"u{number}") for number in range(12)),
            return_exceptions=True,
        )
        assert sum(isinstance(answer, LimitReached) for answer in asked) == 7
        assert len(await made.courses.list_for(learner.id)) == 5


async def test_deleting_does_not_refill_the_allowance(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner = await made.learner()
        for number in range(5):
            asked = await made.courses.request(learner, order(), key=f"u{number}")
            assert await made.courses.delete(learner.id, asked.course_id)
        with pytest.raises(LimitReached):
            await made.courses.request(learner, order(), key="u5")


async def test_faults_are_all_reported_and_nothing_is_stored(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner = await made.learner()
        with pytest.raises(Invalid) as caught:
            await made.courses.request(learner, order("Bread", minutes=5), key="u1", chat_id=1)
        assert [fault.field for fault in caught.value.faults] == ["title", "minutes"]
        assert await made.courses.list_for(learner.id) == ()
        async with sqlite.reading() as session:
            assert (await WorkRepository(session).workload(made.clock.now())).open == {}


async def test_who_is_not_admitted_makes_nothing(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner = replace(await made.learner(), admitted=False)
        with pytest.raises(Forbidden, match="not_admitted"):
            await made.courses.request(learner, order(), key="u1")


async def test_the_author_is_given_the_order_with_its_document(database: Database) -> None:
    author = ScriptedAuthor(needs_source=True)
    async with house(database, author) as made:
        learner, other = await made.learner(), await made.learner(2)
        document = await DocumentService(database=database, clock=made.clock).add(learner.id, "bread.md", TEXT)
        short = order(minutes=12)  # the text dictates the time
        with pytest.raises(AuthorUnusable, match="needs_source"):
            await made.courses.request(learner, short, key="u1")
        with pytest.raises(NotFound, match="document"):
            await made.courses.request(other, short, key="u1", document_id=document.id)
        asked = await made.courses.request(learner, short, key="u1", document_id=document.id)
        await made.ended(asked.id)
        source = author.orders[0].source
        assert source is not None
        assert source.title == "Bread"
        course = await made.courses.course(learner.id, asked.course_id)
        assert course.credit.made_from == "Bread"


async def test_a_topic_is_checked_before_the_author_is_asked(sqlite: Database) -> None:
    async with house(sqlite) as made:
        with pytest.raises(Invalid):
            await made.courses.propose(Wish("🍞🍞", "beginner", 60, "en"))
        assert (await made.courses.propose(Wish("Bread", "beginner", 60, "en"))).title.startswith("Bread")
        assert made.courses.author is made.author


async def test_the_list_shows_where_one_is(database: Database) -> None:
    async with house(database) as made:
        learner, other = await made.learner(), await made.learner(2)
        first = await made.courses.request(learner, order("The first course"), key="u1")
        await made.ended(first.id)
        made.clock.move(60)
        second = await made.courses.request(learner, order("The second course"), key="u2")
        await made.ended(second.id)
        course = await made.courses.course(learner.id, first.course_id)
        async with database.transaction() as session:
            for who, sections in ((learner, course.sections[:3]), (other, course.sections)):
                for section in sections:
                    values = {"learner_id": who.id, "section_id": section.id, "lesson_id": section.lesson_id}
                    done = {"course_id": course.id, "completed_at": made.clock.now(), "seconds": 30, "interactions": 0}
                    session.add(Completion(**values, **done))
        cards = await made.courses.list_for(learner.id)
        assert [card.title for card in cards] == ["The second course", "The first course"]
        assert [(card.sections_done, card.sections_total, card.percent) for card in cards] == [(0, 7, 0), (3, 7, 43)]
        assert [(card.generation_id, card.owned, card.state) for card in cards] == [
            (second.id, True, "ready"),
            (first.id, True, "ready"),
        ]
        assert await made.courses.list_for(other.id) == ()


async def test_archiving_is_in_ones_own_list_only(database: Database) -> None:
    async with house(database) as made:
        learner, other = await made.learner(), await made.learner(2)
        asked = await made.courses.request(learner, order(), key="u1")
        await enrol(made, other.id, asked.course_id)
        await made.courses.archive(learner.id, asked.course_id, True)
        assert await made.courses.list_for(learner.id) == ()
        (card,) = await made.courses.list_for(learner.id, archived=True)
        assert card.archived
        (theirs,) = await made.courses.list_for(other.id)
        assert not theirs.owned
        await made.courses.archive(learner.id, asked.course_id, False)
        assert len(await made.courses.list_for(learner.id)) == 1
        with pytest.raises(NotFound, match="course"):
            await made.courses.archive(learner.id, asked.course_id + 1, True)


async def test_a_course_is_seen_by_its_owner_and_whoever_is_enrolled(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner, friend, stranger = await made.learner(), await made.learner(2), await made.learner(3)
        asked = await made.courses.request(learner, order(), key="u1")
        await made.ended(asked.id)
        await enrol(made, friend.id, asked.course_id)
        course = await made.courses.course(friend.id, asked.course_id)
        section = course.sections[4]
        found = await made.courses.section(friend.id, section.id)
        assert (found[0].id, found[1].position, found[2]) == (course.id, 1, section)
        with pytest.raises(NotFound, match="course"):
            await made.courses.course(stranger.id, course.id)
        with pytest.raises(NotFound, match="section"):
            await made.courses.section(stranger.id, section.id)
        with pytest.raises(NotFound, match="section"):
            await made.courses.section(learner.id, 10_000)


async def test_the_owner_renames(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner, friend, stranger = await made.learner(), await made.learner(2), await made.learner(3)
        asked = await made.courses.request(learner, order(), key="u1")
        await made.ended(asked.id)
        await enrol(made, friend.id, asked.course_id)
        assert (await made.courses.rename(learner.id, asked.course_id, "  Bread,  again ")).title == "Bread, again"
        assert (await made.courses.course(friend.id, asked.course_id)).title == "Bread, again"
        assert (await made.generations.view(asked.id)).title == "Bread, again"
        with pytest.raises(Invalid):
            await made.courses.rename(learner.id, asked.course_id, "Bread")
        with pytest.raises(Forbidden, match="not_owner"):
            await made.courses.rename(friend.id, asked.course_id, "Not my course")
        with pytest.raises(NotFound):
            await made.courses.rename(stranger.id, asked.course_id, "Not my course")


async def test_deleting_a_course_that_is_being_made_stops_it(database: Database) -> None:
    gate = asyncio.get_running_loop().create_future()
    author = ScriptedAuthor(hold=lambda lesson, at: gate)
    async with house(database, author) as made:
        learner = await made.learner()
        asked = await made.courses.request(learner, order(), key="u1")
        await made.until(asked.id, lambda view: view.planned)
        course = await made.courses.course(learner.id, asked.course_id)
        assert await made.courses.delete(learner.id, asked.course_id)
        await made.idle()
        assert (await made.generations.view(asked.id)).state == "discarded"
        with pytest.raises(NotFound):
            await made.courses.course(learner.id, asked.course_id)
        with pytest.raises(NotFound):
            await made.courses.section(learner.id, course.lessons[0].id)
        assert await made.courses.picture(asked.course_id) is None
        again = await made.courses.request(learner, order(), key="u2")
        assert again.course_id > asked.course_id  # ids of what is gone are not given again


async def test_deleting_somebody_elses_course_only_leaves_ones_list(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner, friend = await made.learner(), await made.learner(2)
        asked = await made.courses.request(learner, order(), key="u1")
        await made.ended(asked.id)
        await enrol(made, friend.id, asked.course_id)
        assert not await made.courses.delete(friend.id, asked.course_id)
        assert await made.courses.list_for(friend.id) == ()
        assert (await made.courses.course(learner.id, asked.course_id)).state == "ready"


async def test_a_picture_is_uploaded_once(sqlite: Database) -> None:
    async with house(sqlite) as made:
        asked = await made.courses.request(await made.learner(), order(), key="u1")
        await made.ended(asked.id)
        picture = await made.courses.picture(asked.course_id)
        assert picture is not None
        assert picture.file_id is None
        assert order().title in picture.alternative_text
        await made.courses.remember_picture(asked.course_id, "AgAC")
        picture = await made.courses.picture(asked.course_id)
        assert picture is not None
        assert picture.file_id == "AgAC"


async def test_a_reminder_is_work_for_later_once(sqlite: Database) -> None:
    async with house(sqlite) as made:
        learner = await made.learner()
        for _ in range(2):
            await made.courses.remind(learner.id, START + timedelta(hours=1), "limit_over", {"a": 1}, key="u1")
        async with sqlite.reading() as session:
            assert (await WorkRepository(session).workload(made.clock.now())).open == {"reminder": 1}
            assert await LearnerRepository(session).count() == 1
