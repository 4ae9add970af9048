"""Choices, confirmed addresses, the letter of a completed course, and the week that is looked back on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from services.errors import Invalid, LimitReached, NotFound
from services.library import Library
from services.mail_tokens import hashed
from services.progress import ProgressService
from services.studies import StudyService
from services.views import LearnerView
from services.views.mail import MailboxView
from services.views.studies import BatchItem
from storage.database import Database
from storage.models import Learner, Mailbox, Work
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import START, HeldClock, eventually
from tests.kit.mail_server import mail_server
from tests.kit.school import add_course, add_learner
from tests.services.mail_kit import Post, post, token_in

__all__ = ["database", "postgres", "sqlite"]

NOTHING = MailboxView(None, None, False, False, False)
WRONG = [
    "ada",
    "ada@example",
    "@example.org",
    "ada@example.org\nBcc: eve@example.org",
    "ada@example.org\r\n.\r\n",
    "ada@example.org,eve@example.org",
    "Ada <ada@example.org>",
    '"a b"@example.org',
    "ada@-example.org",
    "ädä@example.org",
    f"{'a' * 65}@example.org",
    f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 20}.org",
    "",
]


async def moved(made: Post, learner: int, time_zone: str, *quiet: int) -> None:
    async with made.database.transaction() as session:
        values: dict[str, object] = {"time_zone": time_zone}
        if quiet:
            values |= {"quiet_from": quiet[0], "quiet_to": quiet[1]}
        await session.execute(update(Learner).where(Learner.id == learner).values(**values))


async def test_nothing_goes_anywhere_before_it_is_chosen_and_confirmed(database: Database) -> None:
    async with mail_server() as server, post(database, server) as made:
        learner = await add_learner(database)
        assert await made.mail.mailbox(learner) == NOTHING
        chosen = await made.mail.choose(learner, {"welcome": True, "weekly_digest": True})
        assert chosen == MailboxView(None, None, True, False, True)
        assert await made.rows() == {}
        asked = await made.mail.ask_for(learner, "ada@example.org")
        assert asked == MailboxView(None, "ada@example.org", True, False, True)
        await eventually(made.count, lambda count: count == 1)
        (letter,) = server.taken
        assert "List-Unsubscribe" not in letter
        text, html = (part.get_content() for part in letter.iter_parts())
        token = token_in(text)
        assert f"confirm?token={token}" in html
        async with database.reading() as session:
            row = (await session.scalars(select(Mailbox))).one()
            payloads = [str(one.payload) for one in await session.scalars(select(Work))]
        assert row.token == hashed(token)
        assert not any(token in one or "ada@" in one for one in payloads)
        assert await made.mail.confirm(token) == MailboxView("ada@example.org", None, True, False, True)
        assert await made.settled(f"mail:welcome:{learner}") == "done"
        assert server.taken[1]["Subject"] == "Welcome to Lectern"
        with pytest.raises(NotFound):
            await made.mail.confirm(token)


@pytest.mark.parametrize("address", WRONG)
async def test_what_is_no_address_is_refused(sqlite: Database, address: str) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        with pytest.raises(Invalid):
            await made.mail.ask_for(learner, address)
        assert await made.rows() == {}


async def test_a_link_works_for_a_day_and_only_the_last_one(sqlite: Database) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        await made.mail.ask_for(learner, "ada@example.org")
        await eventually(made.count, lambda count: count == 1)
        first = made.token()
        await made.mail.ask_for(learner, "ada@example.net")
        await eventually(made.count, lambda count: count == 2)
        with pytest.raises(NotFound):
            await made.mail.confirm(first)
        made.clock.move(24 * 3600)
        with pytest.raises(NotFound):
            await made.mail.confirm(made.token())
        await made.mail.ask_for(learner, "ada@example.com")
        await eventually(made.count, lambda count: count == 3)
        made.clock.move(24 * 3600 - 1)
        assert (await made.mail.confirm(made.token())).address == "ada@example.com"
        assert server.recipients == ["ada@example.org", "ada@example.net", "ada@example.com"]


async def test_the_old_address_counts_until_the_new_one_is_confirmed(sqlite: Database) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        await made.confirmed(learner)
        assert (await made.mail.ask_for(learner, "ada@example.org")).pending is None
        await made.mail.ask_for(learner, "new@example.org")
        await eventually(made.count, lambda count: count == 1)
        await made.mail.choose(learner, {"welcome": True})
        assert await made.settled(f"mail:welcome:{learner}") == "done"
        assert [letter["To"] for letter in server.taken] == ["new@example.org", "ada@example.org"]
        assert await made.mail.forget(learner) == MailboxView(None, None, True, False, False)


async def test_nobodys_box_is_flooded_with_questions(database: Database) -> None:
    async with mail_server() as server, post(database, server) as made:
        learner = await add_learner(database)
        for number in range(3):
            await made.mail.ask_for(learner, f"box{number}@example.org")
        with pytest.raises(LimitReached) as caught:
            await made.mail.ask_for(learner, "box4@example.org")
        assert (caught.value.allowed, caught.value.retry_at) == (3, START + timedelta(days=1))
        assert (await made.mail.mailbox(learner)).pending == "box2@example.org"
        made.clock.move(24 * 3600)
        await made.mail.ask_for(learner, "box4@example.org")


async def test_a_letter_that_waits_does_not_go_to_an_address_given_later(sqlite: Database) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        server.says = {"MAIL": ["451 later"]}
        await made.mail.ask_for(learner, "ada@example.org")
        (waits,) = await made.rows()
        await made.waiting(waits)
        await made.mail.ask_for(learner, "ada@example.net")
        await eventually(made.count, lambda count: count == 1)
        made.clock.move(60)
        made.jobs.wake()
        assert await made.settled(waits) == "done"
        assert [letter["To"] for letter in server.taken] == ["ada@example.net"]
        assert (await made.mail.confirm(made.token())).address == "ada@example.net"


async def test_one_is_welcomed_once_even_when_the_outbox_has_forgotten_it(sqlite: Database) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        await made.confirmed(learner)
        await made.mail.choose(learner, {"welcome": True})
        assert await made.settled(f"mail:welcome:{learner}") == "done"
        async with sqlite.transaction() as session:
            await session.execute(delete(Work))
        await made.mail.choose(learner, {"welcome": True})
        assert await made.rows() == {}
        assert len(server.taken) == 1


async def test_one_click_stops_one_kind_of_letter_for_good(database: Database) -> None:
    async with mail_server() as server, post(database, server) as made:
        learner, other = await add_learner(database), await add_learner(database, 5)
        await made.confirmed(learner)
        await made.mail.choose(learner, {"welcome": True, "course_completed": True})
        await made.settled(f"mail:welcome:{learner}")
        (letter,) = server.taken
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        token = token_in(letter["List-Unsubscribe"].strip("<>"))
        for _ in range(2):
            assert await made.mail.unsubscribe(token) == "welcome"
        assert await made.mail.mailbox(learner) == MailboxView("ada@example.org", None, False, True, False)
        forged = [
            token[:-1] + ("A" if token[-1] != "A" else "B"),
            token.replace("welcome", "weekly_digest"),
            f"{other}." + token.split(".", 1)[1],
            "1.welcome." + "A" * 43,
            f"0{token}",
            token + "\n",
            "",
        ]
        for one in forged:
            with pytest.raises(NotFound):
                await made.mail.unsubscribe(one)
        assert (await made.mail.mailbox(learner)).course_completed


@pytest.mark.parametrize("way", ["tap", "batch"])
async def test_a_completed_course_is_told_once_in_the_completion_itself(database: Database, way: str) -> None:
    async with mail_server() as server, post(database, server) as made:
        learner = await add_learner(database)
        course, sections = await add_course(database, learner, (1, 2))
        await made.confirmed(learner)
        await made.mail.choose(learner, {"course_completed": True})
        await made.jobs.stop(0)  # the row is the completion's work; nobody is there to send it
        library = Library(database=database)
        progress = ProgressService(database, library, mail=True)
        key = f"mail:course_completed:{learner}:{course}"
        if way == "tap":
            for section in sections[:-1]:
                await progress.complete_section(learner, section, START)
            assert key not in await made.rows()
            for _ in range(2):
                await progress.complete_section(learner, sections[-1], START)
        else:
            shape = await library.course(course)
            places = [(lesson.id, one.id) for lesson in shape.lessons for one in lesson.sections]
            items = [
                BatchItem(kind="section_completed", course_id=course, lesson_id=lesson, section_id=one)
                for lesson, one in places
            ]
            studies = StudyService(database=database, library=library, progress=progress)
            me = LearnerView(learner, 7_000_000_001, "Ada", "en", "UTC", "learner", True, True)
            await studies.batch(me, items[:-1], START)
            assert key not in await made.rows()
            for _ in range(2):
                await studies.batch(me, items, START)
        assert (await made.rows())[key][0] == "open"
        async with post(database, server, clock=made.clock) as again:
            assert await again.settled(key) == "done"
            (letter,) = server.taken
            assert letter["Subject"] == "You have completed “Sourdough for everybody”"
            assert "unsubscribe?token=" in letter["List-Unsubscribe"]


async def test_who_did_not_ask_gets_no_letter(sqlite: Database) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner, other = await add_learner(sqlite), await add_learner(sqlite, 5)
        third = await add_learner(sqlite, 6)
        await made.confirmed(third)  # and chose nothing
        await made.mail.choose(other, {"course_completed": True})  # without an address
        for one in (learner, other, third):
            _, sections = await add_course(sqlite, one, (1,))
            progress = ProgressService(sqlite, Library(database=sqlite), mail=True)
            await progress.complete_section(one, sections[0], START)
        await made.confirmed(learner)
        await made.mail.choose(learner, {"course_completed": True})
        _, sections = await add_course(sqlite, learner, (1,))
        progress = ProgressService(sqlite, Library(database=sqlite))
        await progress.complete_section(learner, sections[0], START)
        assert [key for key in await made.rows() if "completed" in key] == []


async def test_quiet_hours_are_kept(sqlite: Database) -> None:
    async with mail_server() as server, post(sqlite, server) as made:
        learner = await add_learner(sqlite)
        await made.confirmed(learner)
        await made.mail.choose(learner, {"course_completed": True})
        await moved(made, learner, "UTC", 11 * 60, 13 * 60)
        course, sections = await add_course(sqlite, learner, (1,))
        progress = ProgressService(sqlite, Library(database=sqlite), mail=True)
        await progress.complete_section(learner, sections[0], START)  # at noon
        key = f"mail:course_completed:{learner}:{course}"
        made.jobs.wake()
        assert await made.waiting(key) == 3600.0
        made.clock.move(3600)
        made.jobs.wake()
        assert await made.settled(key) == "done"
        assert len(server.taken) == 1


async def test_a_week_is_looked_back_on_every_monday_at_nine(database: Database) -> None:
    clock = HeldClock(datetime(2026, 11, 18, 12, tzinfo=UTC))  # a Wednesday
    async with mail_server() as server, post(database, server, clock=clock) as made:
        learner = await add_learner(database)
        await moved(made, learner, "America/New_York")
        await made.confirmed(learner)
        for wanted in (True, False, True):
            await made.mail.choose(learner, {"weekly_digest": wanted})
        first, second = f"digest:{learner}:2026-11-23", f"digest:{learner}:2026-11-30"
        assert (await made.rows())[first][1] == datetime(2026, 11, 23, 14, tzinfo=UTC)
        _, sections = await add_course(database, learner, (2, 1))
        progress = ProgressService(database, Library(database=database))
        for section in sections[:2]:
            await progress.complete_section(learner, section, clock.now(), seconds=300)
        clock.at = datetime(2026, 11, 23, 13, 59, 59, tzinfo=UTC)
        made.jobs.wake()
        await asyncio.sleep(0.1)
        assert server.taken == []
        clock.move(1)
        made.jobs.wake()
        assert await made.settled(f"mail:weekly_digest:{learner}:2026-11-23") == "done"
        text = server.taken[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert "Sourdough for everybody: 2 sections, 10 min" in text
        assert "You can go on with “Sourdough for everybody”." in text
        assert (await made.rows())[second] == ("open", datetime(2026, 11, 30, 14, tzinfo=UTC))
        clock.at = datetime(2026, 11, 30, 14, tzinfo=UTC)
        made.jobs.wake()
        assert await made.settled(f"mail:weekly_digest:{learner}:2026-11-30") == "done"
        text = server.taken[1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert "completed nothing" in text
        await made.mail.choose(learner, {"weekly_digest": False})
        clock.at = datetime(2026, 12, 7, 14, tzinfo=UTC)
        made.jobs.wake()
        assert await made.settled(f"digest:{learner}:2026-12-07") == "done"
        assert len(server.taken) == 2
        assert [key for key in await made.rows() if "12-14" in key] == []


async def test_who_moved_east_to_west_is_told_in_their_morning(sqlite: Database) -> None:
    clock = HeldClock(datetime(2026, 11, 18, 12, tzinfo=UTC))
    async with mail_server() as server, post(sqlite, server, clock=clock) as made:
        learner = await add_learner(sqlite)
        await add_course(sqlite, learner)
        await moved(made, learner, "Asia/Tokyo")
        await made.confirmed(learner)
        await made.mail.choose(learner, {"weekly_digest": True})
        await moved(made, learner, "UTC")
        clock.at = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # nine in Tokyo
        made.jobs.wake()
        assert await made.waiting(f"digest:{learner}:2026-11-23") == 9 * 3600
        clock.move(9 * 3600)
        made.jobs.wake()
        assert await made.settled(f"mail:weekly_digest:{learner}:2026-11-23") == "done"
