"""Who may call what, written down a second time: a route that is missing here, or differs, fails."""

from __future__ import annotations

from handlers.web.operations import Who
from handlers.web.table import operations

# Whose object it is the services decide; this is who may call at all.
EXPECTED: dict[Who, set[str]] = {
    Who.ANYBODY: {
        "POST /auth/code",
        "POST /auth/refresh",
        "POST /auth/telegram-app",
        "POST /auth/telegram-login",
    },
    Who.LEARNER: {
        "GET /auth/me",
        "POST /auth/sign-out",
        "POST /auth/sign-out-everywhere",
        "GET /courses/{course_id}/lessons/{lesson_id}/progress",
        "POST /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/complete",
        "GET /courses/{course_id}/progress",
        "GET /courses/{course_id}/progress/achievements",
        "GET /courses/{course_id}/progress/path",
        "GET /courses/{course_id}/progress/time",
        "GET /progress",
        "POST /progress/batch",
        "GET /progress/next",
        "GET /users/me",
        "PATCH /users/me",
    },
    Who.INSTRUCTOR: set(),
    Who.ADMIN: {
        "GET /users",
        "GET /users/{learner_id}",
        "POST /users/{learner_id}/block",
        "PUT /users/{learner_id}/role",
        "POST /users/{learner_id}/unblock",
    },
}


def test_every_route_is_open_to_whom_it_should_be() -> None:
    found: dict[Who, set[str]] = {who: set() for who in Who}
    for one in operations():
        found[one.who].add(f"{one.method} {one.path}")
    assert found == EXPECTED


def test_no_route_is_listed_twice() -> None:
    routes = [f"{one.method} {one.path}" for one in operations()]
    assert len(routes) == len(set(routes))
