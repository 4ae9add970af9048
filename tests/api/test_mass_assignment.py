"""What a client may not set is not set, however politely it is sent along: on every write, refused or of no effect."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from sqlalchemy import select

from handlers.web.operations import Operation, Who
from handlers.web.table import operations
from storage.database import Database
from storage.models import Base, Course, Learner
from tests.api.things import kind_of, label, request_of, thing
from tests.api.whole import Whole, whole
from tests.kit.database import database, postgres

__all__ = ["database", "postgres"]

WRITES = [one for one in operations() if one.method != "GET"]
FORGED: dict[str, Any] = {
    "id": 1,
    "role": "admin",
    "owner_id": 1,
    "learner_id": 1,
    "completed_at": "2020-01-01T00:00:00Z",
    "enrolled_at": "2020-01-01T00:00:00Z",
    "created_at": "2020-01-01T00:00:00Z",
    "visibility": "public",
    "published": True,
    "state": "ready",
    "admitted": True,
    "blocked": False,
    "telegram_id": 1,
    "credit": {"ai": False, "name": "me"},
    "__proto__": {"role": "admin"},
}
OLD = 2021  # whatever says to be from before was forged


async def everything(web: Whole) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, but those that every call writes."""
    passing = {"activity", "activity_alias", "sign_in"}
    async with web.house.database.reading() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name not in passing]
        return {one.name: sorted(map(tuple, (await session.execute(select(one))).all()), key=repr) for one in tables}


async def prepared(web: Whole, who: int, operation: Operation) -> tuple[str, Any, dict[str, str]]:
    """A good call on something of the caller's own."""
    kind = kind_of(operation)
    ids = {} if kind is None else await thing(web, kind, who, ended="cancel" not in operation.path)
    path, body, headers = request_of(operation, ids)
    if operation.path.endswith("/lessons/order"):
        body = {"lesson_ids": [ids["lesson_id"] + at for at in range(3)]}
    return path, body, headers


def places(body: dict[str, Any]) -> list[tuple[str | int, ...]]:
    """Where an object stands in a body: itself, and the first of each list and field."""
    found: list[tuple[str | int, ...]] = [()]
    for name, value in body.items():
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            step: tuple[str | int, ...] = (name, 0) if isinstance(value, list) else (name,)
            found += [(*step, *rest) for rest in places(inner)]
    return found


def forged(body: dict[str, Any], place: tuple[str | int, ...], name: str) -> tuple[dict[str, Any], bool]:
    """The body with a forged field at a place, and whether that field has a meaning there anyway."""
    made = copy.deepcopy(body)
    at: Any = made
    for step in place:
        at = at[step]
    known = name in at
    at[name] = FORGED[name]
    return made, known


@pytest.mark.parametrize("role", ["learner", "admin"])
async def test_in_every_body_that_is_read(database: Database, role: str) -> None:
    """Refused with the field's name, and nothing has changed."""
    async with whole(database) as web:
        who, checked = await web.person(role), 0
        for operation in WRITES:
            path, body, headers = await prepared(web, who, operation)
            if operation.body_in is None or (role != "admin" and operation.who is Who.ADMIN):
                continue
            before = await everything(web)
            for place in places(body):
                for name in FORGED:
                    made, known = forged(body, place, name)
                    if known or name in operation.body_in.model_fields:
                        continue
                    answer = await web.ask(who, operation.method, path, made, headers)
                    if operation.path == "/progress/batch" and place:  # each item is answered for itself
                        assert (answer.status, answer.body["results"][0]["status"]) == (200, "error"), name
                    else:
                        assert answer.status == 422, (label(operation), place, name, answer.body)
                        assert any(name in fault["field"] for fault in answer.body["faults"]), answer.body
                    checked += 1
            assert await everything(web) == before, label(operation)
        assert checked > 100


async def test_in_bodies_that_nobody_reads_and_in_the_address(database: Database) -> None:
    """An operation that takes no body does what it does; a parameter that it does not know is refused."""
    async with whole(database) as web:
        first = await web.person()  # whose id everything is forged to
        for operation in WRITES:
            if operation.who is Who.ADMIN:
                continue
            who = await web.person()
            path, body, headers = await prepared(web, who, operation)
            for name in FORGED:
                forged_path = f"{path}{'&' if '?' in path else '?'}{name}=1"
                answer = await web.ask(who, operation.method, forged_path, body, headers)
                assert answer.status == 422, (label(operation), name)
            if body is None:
                await web.ask(who, operation.method, path, FORGED)
        async with web.house.database.reading() as session:
            learners = (await session.execute(select(Learner))).scalars().all()
            courses = (await session.execute(select(Course))).scalars().all()
        assert {one.role for one in learners} == {"learner"}
        assert not [one.id for one in courses if one.owner_id == first]
        assert {one.visibility for one in courses} <= {"private", "public"}
        times = [*(one.created_at for one in learners), *(one.created_at for one in courses)]
        assert min(times).year > OLD
