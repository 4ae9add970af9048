"""Things that are somebody's, fresh for each call: a course, a generation, a document, set-aside work, a person."""

from __future__ import annotations

import itertools
from typing import Any

from sqlalchemy import update

from handlers.web.operations import Operation
from services.jobs import NewWork
from storage.models import Course, Picture, Section, SectionVersion, Work
from tests.api.whole import Whole
from tests.handlers.web.api.course_kit import order, outline, question
from tests.kit.school import START, add_course

MISSING = 2**62
_numbers = itertools.count(1)
BODIES: dict[str, Any] = {
    "POST /courses": outline(),
    "POST /courses/generate": order(),
    "PATCH /courses/{course_id}": {"title": "Another title for it"},
    "PUT /courses/{course_id}/archived": {"archived": True},
    "PATCH /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}": {
        "title": "Another title",
        "questions": [question()],
    },
    "POST /courses/{course_id}/lessons/{lesson_id}/sections/{section_id}/complete": {},
    "POST /progress/batch": {"items": [{"type": "interaction", "course_id": 1, "lesson_id": 1, "section_id": 1}]},
    "PATCH /users/me": {"minutes_a_day": 20},
    "PUT /users/{learner_id}/role": {"role": "instructor"},
    "PUT /mail/address": {"address": "lena@lectern.example"},
    "PATCH /mail": {"welcome": True},
    "POST /admin/announcements": {"text": "Tomorrow we are away."},
    "POST /auth/telegram-app": {"init_data": "nothing=signed"},
    "POST /auth/telegram-login": {"id": 1, "first_name": "Lena", "auth_date": 1, "hash": "0" * 64},
    "POST /auth/code": {"code": "NOT-A-CODE"},
    "POST /auth/refresh": {"refresh_token": "no token"},
}
TEXT = b"# Sourdough\n\n" + b"Flour and water come alive when they wait, and a starter is fed again. " * 40


def label(operation: Operation) -> str:
    """As the tables name it."""
    return f"{operation.method} {operation.path}"


def kind_of(operation: Operation) -> str | None:
    """What an operation is done to, by the first id in its path; None if it is the caller themselves."""
    for kind in ("course", "generation", "document", "work", "learner"):
        if f"{{{kind}_id}}" in operation.path:
            return kind
    return None


async def thing(whole: Whole, kind: str, owner: int, *, published: bool = False, ended: bool = False) -> dict[str, int]:
    """The ids of a fresh thing of `owner`; `ended` is for generations: stopped, not waiting."""
    if kind == "course":
        return await course(whole, owner, published=published)
    if kind == "generation":
        return await generation(whole, owner, ended=ended)
    if kind == "document":
        path = "/documents?name=sourdough.md"
        answer = await whole.ask(owner, "POST", path, TEXT, {"Content-Type": "text/markdown"})
        assert answer.status == 201, answer.body
        return {"document_id": answer.body["id"]}
    return await work(whole) if kind == "work" else {"learner_id": await whole.person()}


async def course(whole: Whole, owner: int, *, published: bool = False) -> dict[str, int]:
    """A ready course of three lessons with a picture, and its first section, which was edited once."""
    database = whole.house.database
    number, sections = await add_course(database, owner)
    async with database.transaction() as session:
        if published:
            await session.execute(update(Course).where(Course.id == number).values(visibility="public"))
        session.add(Picture(course_id=number, png=b"\x89PNG", alternative_text="Bread.", file_id=None))
        section = await session.get_one(Section, sections[0])
        kept = {name: getattr(section, name) for name in ("version", "title", "body", "minutes", "citations")}
        before = SectionVersion(section_id=section.id, **kept, questions=[], replaced_at=START, replaced_by=owner)
        session.add(before)
        section.version, lesson = 2, section.lesson_id
    return {"course_id": number, "lesson_id": lesson, "section_id": sections[0]}


async def generation(whole: Whole, owner: int, *, ended: bool = False) -> dict[str, int]:
    """A generation that waits, or was stopped before it began."""
    made = await whole.good(owner, "POST", "/courses/generate", order())
    if ended:
        await whole.good(owner, "POST", f"/generations/{made['id']}/cancel")
    return {"generation_id": made["id"], "lesson_id": 1}


async def work(whole: Whole) -> dict[str, int]:
    """Work that was set aside."""
    await whole.house.jobs.put(
        NewWork(kind="chore", lane="lane", key=f"chore:{len(whole.tokens)}", payload={}, due=START)
    )
    async with whole.house.database.transaction() as session:
        row = (await session.execute(update(Work).values(state="aside").returning(Work.id))).scalars().all()
    return {"work_id": max(row)}


def missing(ids: dict[str, int]) -> dict[str, int]:
    """The same place, but the thing (its first id) is not there."""
    first = next(iter(ids))
    return {**ids, first: MISSING}


def request_of(operation: Operation, ids: dict[str, int]) -> tuple[str, Any, dict[str, str]]:
    """Path, body and headers of a good call."""
    path = operation.path.replace("{key}", "sourdough").replace("{version}", "1")
    for name, number in ids.items():
        path = path.replace(f"{{{name}}}", str(number))
    if "/mail/" in path and operation.query_in is not None:
        path += "?token=none"
    if operation.takes:
        return f"{path}?name=a.md", TEXT, {"Content-Type": "text/markdown"}
    return path, BODIES.get(label(operation)), {}
