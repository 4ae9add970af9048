from __future__ import annotations

from datetime import timedelta

import pytest

from services.errors import Forbidden, Invalid, NotFound
from services.people import PeopleService
from storage.database import Database
from tests.kit.author import order
from tests.kit.database import database, postgres, sqlite
from tests.kit.house import START, house
from tests.kit.signing import gate

__all__ = ["database", "postgres", "sqlite"]


async def test_what_is_asked_for_draws_on_interests(database: Database) -> None:
    async with house(database) as made:
        learner, people = await made.learner(), PeopleService(database=database, learners=made.learners)
        asked = await made.courses.request(learner, order(), key="before")
        await made.ended(asked.id)
        await people.change(learner.id, {"interests": ["chess", "bread"]})
        asked = await made.courses.request(learner, order(), key="after")
        await made.ended(asked.id)
        asked = await made.courses.request(learner, order(interests=("sailing",)), key="own")
        await made.ended(asked.id)
        assert [one.interests for one in made.author.orders] == [(), ("chess", "bread"), ("sailing",)]
        assert (await made.learner()).interests == ("chess", "bread")


async def test_quiet_hours_are_the_persons_own(sqlite: Database) -> None:
    door = gate(sqlite)
    people = PeopleService(database=sqlite, learners=door.learners)
    admin = await door.admin()
    assert await people.quiet_until(admin.id, START) is None  # 12:00 UTC
    await people.change(admin.id, {"time_zone": "Asia/Tokyo", "quiet_from": 20 * 60, "quiet_to": 6 * 60})
    assert await people.quiet_until(admin.id, START) == START + timedelta(hours=9)  # 21:00 there, until 06:00
    with pytest.raises(Invalid):
        await people.change(admin.id, {"quiet_from": 5, "quiet_to": None})
    with pytest.raises(NotFound):
        await people.quiet_until(10**6, START)


async def test_only_admins_of_now_see_people(sqlite: Database) -> None:
    door = gate(sqlite)
    people = PeopleService(database=sqlite, learners=door.learners)
    admin, second = await door.admin(), (await door.sign_in()).learner
    second = await door.learners.set_role(admin, second.id, "admin")
    assert len((await people.people(second)).people) == 2
    await people.set_blocked(admin, second.id, True)
    with pytest.raises(Forbidden, match="not_admin"):  # the view says admin, the database says blocked
        await people.people(second)
    with pytest.raises(Forbidden, match="not_admin"):
        await people.set_role(second, admin.id, "learner")


async def test_who_is_blocked_stays_so_however_much_they_write(sqlite: Database) -> None:
    door = gate(sqlite)
    admin, lena = await door.admin(), (await door.sign_in(5)).learner
    await door.learners.set_blocked(admin, lena.id, True)
    for minutes in (0, 20):
        view = await door.learners.arrive(5, "Lena", "lena", "de", START + timedelta(minutes=minutes), code="x")
        assert (view.blocked, view.admitted, view.reachable) == (True, False, False)
    await door.learners.set_blocked(admin, lena.id, False)
    view = await door.learners.arrive(5, "Lena", "lena", "de", START + timedelta(minutes=30))
    assert (view.blocked, view.admitted, view.reachable) == (False, True, True)
