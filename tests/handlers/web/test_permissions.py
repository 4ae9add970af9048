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
        "GET /courses",
        "GET /courses/{course_id}",
        "GET /courses/{course_id}/lessons/{lesson_id}",
        "GET /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}",
        "GET /courses/{course_id}/picture",
        "GET /mail/confirm",
        "GET /mail/unsubscribe",
        "POST /mail/confirm",
        "POST /mail/unsubscribe",
    },
    Who.LEARNER: {
        "GET /analytics/me",
        "GET /auth/me",
        "POST /auth/sign-out",
        "POST /auth/sign-out-everywhere",
        "POST /courses",
        "POST /courses/generate",
        "DELETE /courses/{course_id}",
        "PATCH /courses/{course_id}",
        "GET /courses/{course_id}/analytics",
        "PUT /courses/{course_id}/archived",
        "POST /courses/{course_id}/duplicate",
        "POST /courses/{course_id}/enrol",
        "PUT /courses/{course_id}/lessons/order",
        "GET /courses/{course_id}/lessons/{lesson_id}/progress",
        "PATCH /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}",
        "POST /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/complete",
        "GET /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/questions",
        "GET /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/questions/keys",
        "POST /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/questions/{question_id}/answer",
        "POST /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/questions/{question_id}/dispute",
        "POST /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/questions/{question_id}/skip",
        "GET /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/versions",
        "POST /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/versions/{version}/restore",
        "GET /courses/{course_id}/progress",
        "GET /courses/{course_id}/progress/achievements",
        "GET /courses/{course_id}/progress/path",
        "GET /courses/{course_id}/progress/time",
        "POST /courses/{course_id}/publish",
        "GET /courses/{course_id}/quality",
        "POST /courses/{course_id}/unpublish",
        "POST /documents",
        "GET /documents/samples",
        "POST /documents/samples/{key}",
        "GET /documents/{document_id}",
        "GET /generations/{generation_id}",
        "POST /generations/{generation_id}/cancel",
        "POST /generations/{generation_id}/discard",
        "GET /generations/{generation_id}/events",
        "POST /generations/{generation_id}/go-on",
        "POST /generations/{generation_id}/keep",
        "POST /generations/{generation_id}/lessons/{lesson_id}/retry",
        "POST /generations/{generation_id}/questions/retry",
        "GET /mail",
        "PATCH /mail",
        "DELETE /mail/address",
        "PUT /mail/address",
        "GET /progress",
        "POST /progress/batch",
        "GET /progress/next",
        "GET /users/me",
        "PATCH /users/me",
    },
    Who.INSTRUCTOR: set(),
    Who.ADMIN: {
        "GET /admin/activity",
        "GET /admin/activity/check",
        "POST /admin/announcements",
        "GET /admin/health",
        "GET /admin/limits",
        "GET /admin/jobs",
        "GET /admin/spending",
        "DELETE /admin/jobs/{work_id}",
        "POST /admin/jobs/{work_id}/retry",
        "GET /analytics/platform",
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
