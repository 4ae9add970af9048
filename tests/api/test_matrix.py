"""Who gets at what: every operation, called by everybody, on what is theirs, somebody else's, everybody's, nobody's.

The table below says which status that has to be. An operation that is missing in it fails."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from handlers.web.operations import Operation
from handlers.web.table import operations
from storage.database import Database
from tests.api.things import kind_of, label, missing, request_of, thing
from tests.api.whole import Answer, Whole, whole
from tests.kit.database import database, postgres

__all__ = ["database", "postgres"]


class Rule(NamedTuple):
    """`own`: to whom it belongs, learner or instructor. `open`: published by somebody else; `hidden`: somebody else's
    and private. For signed-in learners and other instructors alike; `admin_*` for admins. `nobody` is for who is not
    signed in, on what is open; what is hidden is a 404 to them where `nobody` is not a 401."""

    own: int = 200
    open: int = 200
    hidden: int = 404
    admin_open: int = 200
    admin_hidden: int = 200
    nobody: int = 401


READ = Rule(nobody=200)
OWNERS = Rule(open=403, admin_open=403, admin_hidden=403)
MINE = Rule(open=404, admin_open=404, admin_hidden=404)  # of the caller, whatever their role
_COURSE, _LESSON = "/courses/{course_id}", "/courses/{course_id}/lessons/{lesson_id}"
_QUESTION = _LESSON + "/sections/{section_id}/questions/{question_id}"
_SECTION, _MAKING = _LESSON + "/sections/{section_id}", "/generations/{generation_id}"

COURSES = {
    f"GET {_COURSE}": READ,
    f"GET {_COURSE}/picture": READ,
    f"GET {_LESSON}": READ,
    f"GET {_SECTION}": READ,
    f"PATCH {_COURSE}": OWNERS,
    f"PUT {_COURSE}/lessons/order": OWNERS,
    f"PATCH {_SECTION}": OWNERS,
    f"GET {_SECTION}/questions/keys": Rule(open=403),
    f"GET {_SECTION}/versions": OWNERS,
    f"POST {_SECTION}/versions/{{version}}/restore": OWNERS,
    f"POST {_COURSE}/publish": OWNERS,
    f"POST {_COURSE}/unpublish": Rule(open=403),
    f"DELETE {_COURSE}": Rule(own=204, open=403, admin_open=204, admin_hidden=204),
    f"GET {_COURSE}/analytics": Rule(open=403),
    f"GET {_COURSE}/quality": Rule(open=403),
    f"POST {_COURSE}/duplicate": Rule(own=201, open=201, admin_open=201, admin_hidden=201),
    # Learning is for who may see the course as a learner; an admin who only looks after it is told so.
    f"PUT {_COURSE}/archived": Rule(open=409, admin_open=409, admin_hidden=409),
    f"POST {_COURSE}/enrol": Rule(admin_hidden=404),
    f"POST {_SECTION}/complete": Rule(admin_hidden=403),
    f"GET {_SECTION}/questions": Rule(admin_hidden=403),
    f"POST {_QUESTION}/answer": Rule(admin_hidden=403),
    f"POST {_QUESTION}/skip": Rule(admin_hidden=403),
    f"POST {_QUESTION}/dispute": Rule(admin_hidden=403),
    f"GET {_COURSE}/progress": MINE,
    f"GET {_COURSE}/progress/time": MINE,
    f"GET {_COURSE}/progress/path": MINE,
    f"GET {_COURSE}/progress/achievements": MINE,
    f"GET {_LESSON}/progress": MINE,
}
OTHERS = {
    f"GET {_MAKING}": MINE,
    f"GET {_MAKING}/events": MINE,
    f"POST {_MAKING}/cancel": MINE,
    f"POST {_MAKING}/keep": MINE._replace(own=409),  # nothing is written yet
    f"POST {_MAKING}/go-on": MINE,
    f"POST {_MAKING}/discard": MINE._replace(own=204),
    f"POST {_MAKING}/lessons/{{lesson_id}}/retry": MINE._replace(own=404),  # there is no lesson yet
    f"POST {_MAKING}/questions/retry": MINE._replace(own=409),  # nothing is missing yet
    "GET /documents/{document_id}": MINE,
}
ADMINS = {  # others are refused before anything is looked for; these are for admins, for whom nothing is hidden
    "GET /users/{learner_id}": 200,
    "PUT /users/{learner_id}/role": 200,
    "POST /users/{learner_id}/block": 200,
    "POST /users/{learner_id}/unblock": 200,
    "POST /admin/jobs/{work_id}/retry": 200,
    "DELETE /admin/jobs/{work_id}": 204,
}
# Nobody's in particular: for who is not signed in, for learners and instructors, for admins.
PLAIN = {
    "POST /auth/telegram-app": (401, 401, 401),
    "POST /auth/telegram-login": (401, 401, 401),
    "POST /auth/code": (401, 401, 401),
    "POST /auth/refresh": (401, 401, 401),
    "POST /auth/sign-out": (401, 204, 204),
    "POST /auth/sign-out-everywhere": (401, 204, 204),
    "GET /auth/me": (401, 200, 200),
    "GET /users/me": (401, 200, 200),
    "PATCH /users/me": (401, 200, 200),
    "GET /users": (401, 403, 200),
    "GET /courses": (200, 200, 200),
    "POST /courses": (401, 201, 201),
    "POST /courses/generate": (401, 202, 202),
    "POST /documents": (401, 201, 201),
    "GET /documents/samples": (401, 200, 200),
    "POST /documents/samples/{key}": (401, 201, 201),
    "GET /progress": (401, 200, 200),
    "GET /progress/next": (401, 200, 200),
    "POST /progress/batch": (401, 200, 200),
    "GET /analytics/me": (401, 200, 200),
    "GET /analytics/platform": (401, 403, 200),
    "GET /mail": (401, 200, 200),
    "PATCH /mail": (401, 200, 200),
    "PUT /mail/address": (401, 200, 200),
    "DELETE /mail/address": (401, 200, 200),
    "GET /mail/confirm": (200, 200, 200),
    "POST /mail/confirm": (404, 404, 404),
    "GET /mail/unsubscribe": (200, 200, 200),
    "POST /mail/unsubscribe": (404, 404, 404),
    "GET /admin/activity": (401, 403, 200),
    "GET /admin/activity/check": (401, 403, 200),
    "POST /admin/announcements": (401, 403, 202),
    "GET /admin/health": (401, 403, 200),
    "GET /admin/limits": (401, 403, 200),
    "GET /admin/jobs": (401, 403, 200),
    "GET /admin/spending": (401, 403, 200),
}
ALL = {label(one): one for one in operations()}
ROLES = ("learner", "instructor", "admin")


def test_every_operation_is_in_the_table() -> None:
    assert set(ALL) == {*COURSES, *OTHERS, *ADMINS, *PLAIN}
    assert {name for name, one in ALL.items() if kind_of(one) is None} == set(PLAIN)
    assert {name for name, one in ALL.items() if kind_of(one) == "course"} == set(COURSES)


async def call(web: Whole, who: int | None, operation: Operation, ids: dict[str, int]) -> Answer:
    """The answer to a good call."""
    path, body, headers = request_of(operation, ids)
    if operation.path.endswith("/lessons/order"):
        body = {"lesson_ids": [ids["lesson_id"] + at for at in range(3)]}  # as they were made, one after the other
    return await web.ask(who, operation.method, path, body, headers)


def ended(operation: Operation) -> bool:
    """Whether it is done to a generation that was stopped (else it would be refused, or its events never end)."""
    return operation.path.rsplit("/", 1)[-1] in {"events", "keep", "go-on", "discard", "retry"}


async def each(web: Whole, who: int | None, owner: int, operation: Operation, *, published: bool = False) -> Answer:
    """A call on something fresh of `owner`."""
    kind = kind_of(operation)
    assert kind is not None
    return await call(web, who, operation, await thing(web, kind, owner, published=published, ended=ended(operation)))


async def as_if_missing(web: Whole, who: int | None, owner: int, operation: Operation) -> None:
    """Somebody else's private thing is answered like one that is not there, to the letter."""
    kind = kind_of(operation)
    assert kind is not None
    ids = await thing(web, kind, owner, ended=ended(operation))
    theirs, none = await call(web, who, operation, ids), await call(web, who, operation, missing(ids))
    assert (theirs.status, theirs.body) == (none.status, none.body), label(operation)
    assert {*theirs.headers} == {*none.headers}, label(operation)


@pytest.mark.parametrize("role", ROLES)
async def test_on_what_is_ones_own_and_what_is_not(database: Database, role: str) -> None:
    async with whole(database) as web:
        who, somebody = await web.person(role), await web.person()
        wrong: list[tuple[str, str, int, int]] = []
        for name, rule in {**COURSES, **OTHERS}.items():
            operation, found = ALL[name], {}
            found["own"] = (await each(web, who, who, operation)).status, rule.own
            expected = rule.admin_hidden if role == "admin" else rule.hidden
            found["hidden"] = (await each(web, who, somebody, operation)).status, expected
            if kind_of(operation) == "course":
                expected = rule.admin_open if role == "admin" else rule.open
                found["open"] = (await each(web, who, somebody, operation, published=True)).status, expected
            wrong += [(name, whose, *both) for whose, both in found.items() if both[0] != both[1]]
        assert not wrong


@pytest.mark.parametrize("role", [*ROLES, None])
async def test_somebody_elses_is_the_same_404_as_a_missing_one(database: Database, role: str | None) -> None:
    async with whole(database) as web:
        who, somebody = None if role is None else await web.person(role), await web.person()
        for name, rule in {**COURSES, **OTHERS}.items():
            if role != "admin" or (rule.admin_hidden == 404 and rule is not MINE):
                await as_if_missing(web, who, somebody, ALL[name])


async def test_for_who_is_not_signed_in(database: Database) -> None:
    async with whole(database) as web:
        somebody = await web.person()
        for name, rule in {**COURSES, **OTHERS}.items():
            shown = await each(web, None, somebody, ALL[name], published=True)
            hidden = await each(web, None, somebody, ALL[name])
            assert (shown.status, hidden.status) == (rule.nobody, 401 if rule.nobody == 401 else 404), name
        for name, (status, *_) in PLAIN.items():
            assert (await call(web, None, ALL[name], {})).status == status, name


@pytest.mark.parametrize("role", [None, *ROLES])
async def test_what_is_for_admins(database: Database, role: str | None) -> None:
    async with whole(database) as web:
        for name, status in ADMINS.items():
            who = None if role is None else await web.person(role)
            answer = await each(web, who, 0, ALL[name])
            expected = 401 if role is None else status if role == "admin" else 403
            assert answer.status == expected, (name, answer.body)
            if role != "admin":
                await as_if_missing(web, who, 0, ALL[name])


@pytest.mark.parametrize("role", ROLES)
async def test_what_belongs_to_nobody_in_particular(database: Database, role: str) -> None:
    async with whole(database) as web:
        for name, (_, others, admins) in PLAIN.items():
            answer = await call(web, await web.person(role), ALL[name], {})
            assert answer.status == (admins if role == "admin" else others), (name, answer.body)


@pytest.mark.parametrize("role", ROLES)
async def test_the_way_through_ones_own_course_leads_to_nobody_elses(database: Database, role: str) -> None:
    """A lesson or section of another course under one's own is the same 404 as one that is nowhere."""
    async with whole(database) as web:
        who, somebody = await web.person(role), await web.person()
        for name in COURSES:
            operation = ALL[name]
            if "{lesson_id}" not in operation.path:
                continue
            own, theirs = await thing(web, "course", who), await thing(web, "course", somebody)
            for part in ("lesson_id", "section_id", "question_id"):
                if part in operation.path:
                    mixed = await call(web, who, operation, {**own, part: theirs[part]})
                    none = await call(web, who, operation, {**own, part: 2**62})
                    assert (mixed.status, mixed.body) == (none.status, none.body), name
                    assert (mixed.status, mixed.body["code"]) == (404, f"not_found.{part.removesuffix('_id')}"), name


async def test_a_document_of_somebody_else_is_no_source(database: Database) -> None:
    async with whole(database) as web:
        who, somebody = await web.person(), await web.person()
        theirs = await thing(web, "document", somebody)
        path, body, _ = request_of(ALL["POST /courses/generate"], {})
        for number in (theirs["document_id"], 2**62):
            answer = await web.ask(who, "POST", path, {**body, "document_id": number})
            assert (answer.status, answer.body["code"]) == (404, "not_found.document")
