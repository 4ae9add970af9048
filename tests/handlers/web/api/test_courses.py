from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from storage.activity import ActivityRepository
from storage.database import Database
from tests.handlers.web.api.course_kit import BODY, outline, school
from tests.kit.author import order
from tests.kit.database import database, postgres, sqlite

__all__ = ["database", "postgres", "sqlite"]


async def test_a_course_by_hand_is_read_with_its_figures(database: Database) -> None:
    async with school(database) as at:
        ada = await at.person()
        made = await at.ask(ada, "POST", "/courses", outline())
        assert made.status == 201
        assert made.headers["Location"] == f"/api/v1/courses/{made.body['id']}"
        assert (made.body["percent"], made.body["owned"], made.body["visibility"]) == (0, True, "private")
        course = await at.good(ada, "GET", f"/courses/{made.body['id']}")
        figures = ("lessons_total", "sections_total", "objectives_total", "percent_ready", "minutes")
        assert [course[name] for name in figures] == [3, 6, 3, 100, 6]
        assert course["lessons"][1]["sections"][1]["body"] == f"{BODY}1"
        assert (course["credit"]["ai_generated"], course["level"], course["language"]) == (False, "beginner", "en")
        assert course["accessibility"] == ["structuralNavigation", "readingOrder"]
        assert "progress" not in course


async def test_every_fault_is_reported_at_once(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        lessons = outline()["lessons"]
        lessons[1] = {**lessons[1], "sections": [{"title": "x", "body": "short"}]}
        wrong = outline(title="Bread", objectives=["one"], level="expert", lessons=lessons)
        answer = await at.ask(ada, "POST", "/courses", wrong)
        assert answer.status == 422
        assert {fault["field"] for fault in answer.body["faults"]} == {
            "title",
            "level",
            "objectives",
            "objectives[0]",
            "lessons[1].sections",
            "lessons[1].sections[0].title",
            "lessons[1].sections[0].body",
        }
        assert (await at.good(ada, "GET", "/courses"))["items"] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("In <b>bold</b> letters.", "html_tag"),
        ("<script>alert(1)</script>", "html_tag"),
        ("<!-- hidden -->", "html_tag"),
        ("turned \u202e around", "direction_override"),
        ("a bell \u0007", "control_character"),
        ("`<b>` and\n\n```html\n<p>code</p>\n\tindented\n```\n\n<https://example.org> 1 < 2", None),
    ],
)
async def test_bodies_are_markdown_without_markup_but_in_code(sqlite: Database, text: str, fault: str | None) -> None:
    async with school(sqlite) as at:
        lessons = outline()["lessons"]
        lessons[0] = {**lessons[0], "sections": [{"title": "One", "body": BODY + text}, lessons[0]["sections"][1]]}
        answer = await at.ask(await at.person(), "POST", "/courses", outline(lessons=lessons))
        if fault is None:
            assert answer.status == 201
        else:
            assert answer.status == 422
            assert [(one["field"], one["rule"]) for one in answer.body["faults"]] == [
                ("lessons[0].sections[0].body", fault)
            ]


@pytest.mark.parametrize("field", ["owner_id", "visibility", "state", "created_at", "id", "role", "credit"])
async def test_nothing_is_assigned_that_is_not_offered(sqlite: Database, field: str) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        assert (await at.ask(ada, "POST", "/courses", outline(**{field: 1}))).status == 422
        made = await at.course(ada)
        assert (await at.ask(ada, "PATCH", f"/courses/{made['id']}", {field: 1})).status == 422
        assert (await at.ask(ada, "PATCH", f"/courses/{made['id']}", {})).status == 422


async def test_who_may_see_a_course(database: Database) -> None:
    async with school(database) as at:
        ada, bob, root = await at.person(), await at.person(), await at.person("admin")
        one = f"/courses/{(await at.course(ada))['id']}"

        async def seen() -> list[int]:
            return [(await at.ask(who, "GET", one)).status for who in (ada, bob, root, None)]

        assert await seen() == [200, 404, 200, 404]
        hidden = await at.ask(bob, "GET", one)
        assert hidden.body == (await at.ask(bob, "GET", "/courses/999999")).body
        assert hidden.body["code"] == "not_found.course"
        assert (await at.ask(bob, "POST", f"{one}/enrol")).status == 404
        assert (await at.ask(root, "POST", f"{one}/enrol")).status == 404
        await at.good(ada, "POST", f"{one}/publish")
        assert await seen() == [200, 200, 200, 200]
        await at.good(bob, "POST", f"{one}/enrol")
        await at.good(root, "POST", f"{one}/unpublish")
        assert await seen() == [200, 200, 200, 404]


async def test_what_one_may_see_but_not_do_is_403(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada, bob, root = await at.person(), await at.person(), await at.person("admin")
        hers, open_one = await at.course(ada), await at.published(ada)
        acts: list[tuple[str, str, Any]] = [
            ("PATCH", "", {"title": "A better title"}),
            ("POST", "/publish", None),
            ("POST", "/unpublish", None),
            ("DELETE", "", None),
        ]
        for method, path, body in acts:
            found = [
                (await at.ask(bob, method, f"/courses/{one['id']}{path}", body)).status for one in (hers, open_one)
            ]
            assert found == [404, 403], (method, path)
            assert (await at.ask(None, method, f"/courses/{open_one['id']}{path}", body)).status == 401
        assert (await at.ask(root, "PATCH", f"/courses/{hers['id']}", {"title": "A better title"})).status == 403
        assert (await at.ask(root, "DELETE", f"/courses/{hers['id']}")).status == 204
        assert (await at.ask(ada, "GET", f"/courses/{hers['id']}")).status == 404


async def test_a_course_is_changed_and_what_is_wrong_is_not(database: Database) -> None:
    async with school(database) as at:
        ada = await at.person()
        one = f"/courses/{(await at.course(ada))['id']}"
        wrong = await at.ask(ada, "PATCH", one, {"title": "Short", "description": "too short", "objectives": ["x"]})
        assert wrong.status == 422
        fields = {fault["field"] for fault in wrong.body["faults"]}
        assert fields == {"title", "description", "objectives", "objectives[0]"}
        changed = await at.good(ada, "PATCH", one, {"title": "  Sauerteig  für alle ", "language": "de"})
        assert (changed["title"], changed["language"], changed["level"]) == ("Sauerteig für alle", "de", "beginner")
        assert (await at.good(ada, "GET", one))["title"] == "Sauerteig für alle"
        assert len((await at.good(ada, "GET", "/courses?search=SAUERTEIG"))["items"]) == 1


async def test_the_same_bytes_for_all_until_something_changes(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada, bob = await at.person(), await at.person()
        one = f"/courses/{(await at.published(ada))['id']}"
        answers = await asyncio.gather(*(at.ask(who, "GET", one) for who in (ada, bob, None) for _ in range(5)))
        assert len({answer.raw for answer in answers}) == 1
        (tag,) = {answer.headers["ETag"] for answer in answers}
        assert answers[0].headers["Cache-Control"] == "public, no-cache"
        known = {"If-None-Match": tag}
        same = await at.ask(bob, "GET", one, headers=known)
        assert (same.status, same.raw, same.headers["ETag"]) == (304, b"", tag)
        await at.good(ada, "PATCH", one, {"title": "Something else entirely"})
        after = await at.ask(bob, "GET", one, headers=known)
        assert (after.status, after.body["title"]) == (200, "Something else entirely")
        await at.good(ada, "POST", f"{one}/unpublish")
        assert (await at.ask(ada, "GET", one)).headers["Cache-Control"] == "private, no-cache"


async def test_packed_bytes_are_the_same_course(sqlite: Database) -> None:
    async with school(sqlite) as at:
        one = f"/api/v1/courses/{(await at.published(await at.person()))['id']}"
        plain = await at.client.get(one, headers={"X-No-Compression": "1"})
        refused = await at.client.get(one, headers={"Accept-Encoding": "gzip;q=0"})
        zipped = await at.client.get(one, headers={"Accept-Encoding": "gzip"})
        packed = await at.client.get(one, headers={"Accept-Encoding": "gzip, br"})
        every = (plain, refused, zipped, packed)
        assert [one.headers.get("Content-Encoding") for one in every] == [None, None, "gzip", "br"]
        assert len({await one.read() for one in every}) == 1
        sizes = [int(one.headers["Content-Length"]) for one in (plain, zipped, packed)]
        assert sizes[0] > sizes[1] > sizes[2]
        tags = [one.headers["ETag"] for one in every]
        assert len(set(tags)) == 3
        assert "Accept-Encoding" in packed.headers["Vary"]
        for tag in (*tags, "*", f'"x", W/{plain.headers["ETag"]}'):
            assert (await at.client.get(one, headers={"If-None-Match": tag})).status == 304
        kept = at.services.rendered
        assert kept is not None
        assert kept.kept_bytes == sum(sizes)


async def test_ones_own_progress_is_put_in_and_kept_by_nobody(database: Database) -> None:
    async with school(database) as at:
        ada, bob = await at.person(), await at.person()
        course = await at.published(ada)
        one = f"/courses/{course['id']}?include=progress"
        assert (await at.ask(None, "GET", one)).status == 401
        assert (await at.good(bob, "GET", one))["progress"] is None
        section = course["lessons"][0]["sections"][0]["id"]
        progress = at.services.progress
        assert progress is not None
        await progress.complete_section(bob, section, at.house.clock.now(), seconds=90)
        answer = await at.ask(bob, "GET", one)
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer.headers
        own = answer.body.pop("progress")
        assert (own["percent"], own["sections_done"], own["seconds_spent"]) == (17, 1, 90)
        assert own["next_section_id"] == course["lessons"][0]["sections"][1]["id"]
        assert [done["section_id"] for done in own["done"]] == [section]
        assert answer.body == await at.good(None, "GET", f"/courses/{course['id']}")
        assert (await at.good(ada, "GET", one))["progress"]["percent"] == 0


async def test_completing_enrols_whoever_may_see_the_course(database: Database) -> None:
    async with school(database) as at:
        ada, bob = await at.person(), await at.person()
        course, hidden = await at.published(ada), await at.course(ada)
        progress = at.services.progress
        assert progress is not None
        await progress.open_section(bob, course["lessons"][0]["sections"][0]["id"], at.house.clock.now())
        found = await at.good(bob, "GET", "/courses?scope=enrolled")
        assert [one["id"] for one in found["items"]] == [course["id"]]
        with pytest.raises(Exception, match="section"):
            await progress.complete_section(bob, hidden["lessons"][0]["sections"][0]["id"], at.house.clock.now())


async def test_courses_are_found_by_what_they_are(database: Database) -> None:
    async with school(database) as at:
        ada, bob = await at.person(), await at.person()
        bread = await at.published(ada)
        tides = await at.course(bob, title="Приливы и отливы", level="advanced", language="ru")
        rye = await at.published(bob, title="Rye: 100 % of it_all", language="de")

        async def ids(who: int | None, query: str) -> list[int]:
            found = await at.good(who, "GET", f"/courses?{query}")
            return [one["id"] for one in found["items"]]

        assert await ids(None, "") == [rye["id"], bread["id"]]
        assert await ids(bob, "") == [rye["id"], tides["id"]]
        assert await ids(bob, "level=advanced") == [tides["id"]]
        assert await ids(bob, "state=making") == []
        assert await ids(None, "language=de") == [rye["id"]]
        assert await ids(bob, "search=ПРИЛИВЫ%20day") == [tides["id"]]
        assert await ids(bob, "search=100%20%25") == [rye["id"]]
        assert await ids(bob, "search=it_all") == [rye["id"]]
        assert await ids(bob, "search=itxall") == []
        assert await ids(bob, "scope=public&search=nothing") == []
        assert (await at.ask(None, "GET", "/courses?scope=mine")).status == 401
        for wrong in ("scope=all", "limit=0", "limit=101", "cursor=x", "search=%00", "owner=1", "level=x"):
            assert (await at.ask(bob, "GET", f"/courses?{wrong}")).status == 422, wrong


async def test_pages_stay_the_same_whatever_comes_in_between(database: Database) -> None:
    async with school(database) as at:
        ada = await at.person()
        made = [(await at.course(ada))["id"] for _ in range(5)]
        first = await at.good(ada, "GET", "/courses?limit=2")
        assert [one["id"] for one in first["items"]] == made[:2:-1]
        await at.course(ada)
        await at.good(ada, "DELETE", f"/courses/{made[3]}")
        second = await at.good(ada, "GET", f"/courses?limit=2&cursor={first['next_cursor']}")
        third = await at.good(ada, "GET", f"/courses?limit=2&cursor={second['next_cursor']}")
        assert [one["id"] for one in second["items"] + third["items"]] == made[2::-1]
        assert third["next_cursor"] is None


async def test_putting_aside_is_in_ones_own_list_only(database: Database) -> None:
    async with school(database) as at:
        ada, bob = await at.person(), await at.person()
        one = f"/courses/{(await at.published(ada))['id']}"
        assert (await at.ask(bob, "PUT", f"{one}/archived", {"archived": True})).body["code"] == "conflict.not_enrolled"
        await at.good(bob, "POST", f"{one}/enrol")
        assert (await at.good(bob, "PUT", f"{one}/archived", {"archived": True}))["archived"] is True
        assert (await at.good(bob, "GET", "/courses?scope=enrolled"))["items"] == []
        assert len((await at.good(bob, "GET", "/courses?scope=enrolled&archived=true"))["items"]) == 1
        assert len((await at.good(ada, "GET", "/courses"))["items"]) == 1
        since = (await at.good(bob, "POST", f"{one}/enrol"))["enrolled_at"]
        at.house.clock.move(60)
        assert (await at.good(bob, "POST", f"{one}/enrol"))["enrolled_at"] == since
        assert len((await at.good(bob, "GET", "/courses?scope=enrolled"))["items"]) == 1


async def test_a_copy_is_private_whole_and_ones_own(database: Database) -> None:
    async with school(database) as at:
        ada, bob = await at.person(), await at.person()
        view = await at.house.courses.request(await at.house.learners.get(ada), order(), key="k")
        await at.house.ended(view.id)
        one = f"/courses/{view.course_id}"
        assert (await at.ask(bob, "POST", f"{one}/duplicate")).status == 404
        await at.good(ada, "POST", f"{one}/publish")
        answer = await at.ask(bob, "POST", f"{one}/duplicate")
        assert (answer.status, answer.body["visibility"], answer.body["owned"]) == (201, "private", True)
        copy = f"/courses/{answer.body['id']}"
        was, now = await at.good(bob, "GET", one), await at.good(bob, "GET", copy)
        assert [_shape(lesson) for lesson in now["lessons"]] == [_shape(lesson) for lesson in was["lessons"]]
        assert now["credit"]["author"] == was["credit"]["author"] == "scripted"
        for found in (one, copy):
            png = await at.ask(bob, "GET", f"{found}/picture")
            assert (png.status, png.headers["Content-Type"], png.raw[:4]) == (200, "image/png", b"\x89PNG")
            known = {"If-None-Match": png.headers["ETag"]}
            assert (await at.ask(bob, "GET", f"{found}/picture", headers=known)).status == 304
        lesson = now["lessons"][0]
        read = await at.good(bob, "GET", f"{copy}/lessons/{lesson['id']}")
        assert len(read["sections"][0]["questions"]) == 2
        assert (await at.ask(None, "GET", copy)).status == 404
        await at.good(ada, "DELETE", one)
        assert (await at.good(bob, "GET", copy)) == now


async def test_only_what_is_ready_is_published_or_copied(sqlite: Database) -> None:
    async with school(sqlite) as at:
        at.house.author.hold = lambda lesson, section: asyncio.get_running_loop().create_future()
        ada = await at.person()
        view = await at.house.courses.request(await at.house.learners.get(ada), order(), key="k")
        await at.house.until(view.id, lambda one: one.planned)
        one = f"/courses/{view.course_id}"
        for act in ("publish", "duplicate"):
            assert (await at.ask(ada, "POST", f"{one}/{act}")).body["code"] == "conflict.not_ready"
        making = await at.good(ada, "GET", one)
        assert (making["state"], making["percent_ready"]) == ("making", 0)
        await at.good(ada, "DELETE", one)
        await at.house.idle()


async def test_each_address_knows_its_methods(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        for method, path, allowed in (
            ("PATCH", "/courses/generate", "POST"),
            ("GET", "/courses/1/lessons/order", "PUT"),
            ("POST", "/documents/samples", "GET,HEAD"),
        ):
            answer = await at.ask(ada, method, path)
            assert (answer.status, answer.headers["Allow"]) == (405, allowed)
        assert (await at.ask(ada, "GET", "/courses/generated")).status == 422


async def test_what_is_done_to_courses_is_written_down(database: Database) -> None:
    async with school(database) as at:
        ada, bob, root = await at.person(), await at.person(), await at.person("admin")
        course = await at.course(ada)
        one = f"/courses/{course['id']}"
        await at.good(root, "GET", one)
        for _ in range(2):
            await at.good(ada, "POST", f"{one}/publish")
        await at.good(root, "GET", one)
        copy = await at.good(bob, "POST", f"{one}/duplicate")
        section = course["lessons"][0]
        edited = section["sections"][0]["id"]
        await at.good(ada, "PATCH", f"{one}/lessons/{section['id']}/sections/{edited}", {"title": "Another title"})
        await at.good(root, "DELETE", one)
        async with database.reading() as session:
            log = ActivityRepository(session)
            rows = (await log.page(before=None, most=50))[::-1]
            people = await log.people({name for row in rows for name in (row.actor, row.whose) if name})
            assert (await log.check()).broken_at is None
        assert [(row.action, people[row.actor or ""], people[row.whose or ""], row.object) for row in rows] == [
            ("course.read", root, ada, f"course:{course['id']}"),
            ("course.published", ada, ada, f"course:{course['id']}"),
            ("course.copied", bob, ada, f"course:{course['id']}"),
            ("section.edited", ada, ada, f"section:{edited}"),
            ("course.deleted", root, ada, f"course:{course['id']}"),
        ]
        assert rows[2].detail == {"copy": copy["id"]}


async def test_deleting_takes_it_from_everybody(database: Database) -> None:
    async with school(database) as at:
        ada, bob = await at.person(), await at.person()
        one = f"/courses/{(await at.published(ada))['id']}"
        await at.good(bob, "POST", f"{one}/enrol")
        assert (await at.ask(ada, "DELETE", one)).status == 204
        assert [(await at.ask(who, "GET", one)).status for who in (ada, bob)] == [404, 404]
        assert (await at.ask(ada, "DELETE", one)).status == 404
        assert (await at.good(bob, "GET", "/courses?scope=enrolled"))["items"] == []


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "9223372036854775808", "1e3", "%00", "5" * 5000])
async def test_ids_that_name_nothing(sqlite: Database, wrong: str) -> None:
    async with school(sqlite) as at:
        assert (await at.ask(await at.person(), "GET", f"/courses/{wrong}")).status in {400, 404, 422}


def _shape(lesson: dict[str, Any]) -> str:
    sections = [{**one, "id": 0} for one in lesson["sections"]]
    return json.dumps({**lesson, "id": 0, "sections": sections}, sort_keys=True)
