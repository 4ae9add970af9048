from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text

from services.activity import ActivityLog, ActivityView
from services.courses_edited import Editing
from services.errors import Forbidden, NotSignedIn
from services.people import PeopleService
from services.publishing import Publishing
from storage.database import Database
from tests.kit.author import order
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import house
from tests.kit.signing import Gate, gate
from tests.kit.tampering import tamper

__all__ = ["database", "postgres", "sqlite"]


def log_of(door: Gate) -> ActivityLog:
    return ActivityLog(database=door.database, clock=door.clock, learners=door.learners)


def told(entries: Sequence[ActivityView]) -> list[tuple[str, int | None, int | None]]:
    return [(one.action, one.actor_id, one.whose_id) for one in reversed(entries)]


async def test_what_admins_do_to_people_is_written_down(database: Database) -> None:
    door = gate(database)
    admin, lena = await door.admin(), (await door.sign_in()).learner
    people, log = PeopleService(database=database, learners=door.learners), log_of(door)
    await people.set_role(admin, lena.id, "instructor")
    await people.set_blocked(admin, lena.id, True)
    await people.set_blocked(admin, lena.id, False)
    await people.person(admin, lena.id)
    await people.people(admin)
    page = await log.page(admin)
    assert told(page.entries) == [
        ("sign_in.opened", lena.id, lena.id),
        ("role.changed", admin.id, lena.id),
        ("person.blocked", admin.id, lena.id),
        ("person.let_in", admin.id, lena.id),
        ("person.read", admin.id, lena.id),
        ("people.read", admin.id, None),
    ]
    assert page.entries[-2].detail == {"role": "instructor"}
    assert page.entries[-1].detail == {"way": "app"}
    assert all(str(lena.id) != one.whose and one.actor != str(admin.id) for one in page.entries)
    with pytest.raises(Forbidden, match="not_admin"):
        await log.page(lena)
    with pytest.raises(Forbidden, match="not_admin"):
        await log.check(lena)


async def test_pages_lead_back_to_the_first_entry(sqlite: Database) -> None:
    door = gate(sqlite)
    admin, log = await door.admin(), log_of(door)
    for number in range(5):
        await door.sign_in(100 + number)
    first = await log.page(admin, limit=2, action="sign_in.opened")
    second = await log.page(admin, limit=2, before=first.before, action="sign_in.opened")
    last = await log.page(admin, limit=2, before=second.before, action="sign_in.opened")
    assert [one.id for page in (first, second, last) for one in page.entries] == [5, 4, 3, 2, 1]
    assert last.before is None
    assert [one.action for one in (await log.page(admin)).entries][:3] == ["activity.read"] * 3
    assert (await log.check(admin)).broken_at is None
    await tamper(sqlite, "UPDATE activity_entry SET action = 'x' WHERE id = 3")
    assert (await log.check(admin)).broken_at == 3


async def test_a_refresh_token_in_two_hands_is_written_down(sqlite: Database) -> None:
    door = gate(sqlite)
    admin, signed = await door.admin(), await door.sign_in()
    await door.auth.refresh(signed.refresh_token)
    with pytest.raises(NotSignedIn, match="reused"):
        await door.auth.refresh(signed.refresh_token)
    (entry,) = (await log_of(door).page(admin, action="sign_in.reused")).entries
    assert (entry.actor_id, entry.whose_id) == (None, signed.learner.id)


async def test_what_is_done_to_courses_is_written_down(database: Database) -> None:
    async with house(database) as made:
        owner = await made.learner()
        asked = await made.courses.request(owner, order(), key="one")
        await made.ended(asked.id)
        shared: dict[str, Any] = {"database": database, "clock": made.clock, "library": made.library}
        publishing = Publishing(**shared, generations=made.generations)
        course = await publishing.publish(owner, asked.course_id)
        copy = await publishing.duplicate(owner, course.id)
        lesson = course.lessons[0]
        section = lesson.sections[0].id
        await Editing(**shared).edit_section(owner, course.id, lesson.id, section, title="Flour, water and time")
        await publishing.unpublish(owner, course.id)
        await publishing.delete(owner, course.id)
        await made.courses.delete(owner.id, copy.id)
        admin = await made.learners.arrive(1, "Ada", None, "en", made.clock.now())
        admin = await made.learners.get(admin.id)
        log = ActivityLog(database=database, clock=made.clock, learners=made.learners)
        async with database.transaction() as session:
            await session.execute(text("UPDATE learner SET role = 'admin' WHERE telegram_id = 1"))
        entries = (await log.page(admin)).entries
        assert [(one.action, one.object, one.whose_id == one.actor_id == owner.id) for one in reversed(entries)] == [
            ("course.published", f"course:{course.id}", True),
            ("course.copied", f"course:{course.id}", True),
            ("section.edited", f"section:{section}", True),
            ("course.taken_back", f"course:{course.id}", True),
            ("course.deleted", f"course:{course.id}", True),
            ("course.deleted", f"course:{copy.id}", True),
        ]
