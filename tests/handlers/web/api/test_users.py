from __future__ import annotations

from typing import Any

import pytest

from storage.database import Database
from storage.learners import LearnerRepository
from tests.handlers.web.api.callers import Caller, Web, serve
from tests.kit.database import database, postgres, sqlite

__all__ = ["database", "postgres", "sqlite"]

EVERYTHING: dict[str, Any] = {
    "language": "en",
    "time_zone": "Europe/Vienna",
    "level": "advanced",
    "minutes_a_day": 20,
    "interests": ["chess", "Brot backen", "日本語"],
    "quiet_hours": {"begin": "22:00", "end": "07:30"},
}


async def stored(web: Web, learner_id: int) -> dict[str, Any]:
    async with web.gate.database.reading() as session:
        row = await LearnerRepository(session).get(learner_id)
    assert row is not None
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


async def test_a_profile_begins_empty_and_keeps_what_is_said(database: Database) -> None:
    async with serve(database) as web:
        lena = await web.somebody()
        status, before = await lena.ask("GET", "/users/me")
        assert status == 200
        assert before == {
            "id": lena.id,
            "name": "Lena",
            "username": "lena",
            "role": "learner",
            "language": "de",
            "time_zone": "UTC",
            "level": None,
            "minutes_a_day": None,
            "interests": [],
            "quiet_hours": None,
            "created_at": before["created_at"],
        }
        assert await lena.ask("PATCH", "/users/me", EVERYTHING) == (200, {**before, **EVERYTHING})
        assert await lena.ask("GET", "/users/me") == (200, {**before, **EVERYTHING})
        known = await web.gate.learners.arrive(7_000_000_001, "Lena", "lena", "de", web.gate.clock.now())
        assert (known.time_zone, known.language, known.interests) == (
            "Europe/Vienna",
            "en",
            ("chess", "Brot backen", "日本語"),
        )
        assert (await lena.ask("GET", "/auth/me"))[1]["time_zone"] == "Europe/Vienna"


@pytest.mark.parametrize("field", EVERYTHING)
async def test_what_is_left_out_stays(sqlite: Database, field: str) -> None:
    async with serve(sqlite) as web:
        lena = await web.somebody()
        _, before = await lena.ask("GET", "/users/me")
        assert await lena.ask("PATCH", "/users/me", {field: EVERYTHING[field]}) == (
            200,
            {**before, field: EVERYTHING[field]},
        )
        _, full = await lena.ask("PATCH", "/users/me", EVERYTHING)
        forgotten: list[str] | None = [] if field == "interests" else None
        status, after = await lena.ask("PATCH", "/users/me", {field: forgotten})
        if field in {"language", "time_zone"}:
            assert (status, await lena.ask("GET", "/users/me")) == (422, (200, full))
        else:
            assert (status, after) == (200, {**full, field: forgotten})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"language": "tlh"}, "language"),
        ({"language": ""}, "language"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"level": "expert"}, "level"),
        ({"minutes_a_day": 4}, "minutes_a_day"),
        ({"minutes_a_day": 481}, "minutes_a_day"),
        ({"minutes_a_day": "20"}, "minutes_a_day"),
        ({"minutes_a_day": True}, "minutes_a_day"),
        ({"minutes_a_day": 20.5}, "minutes_a_day"),
        ({"interests": None}, "interests"),
        ({"interests": "chess"}, "interests"),
        ({"interests": ["x"] * 11}, "interests"),
        ({"interests": ["x" * 41]}, "interests[0]"),
        ({"interests": ["chess", " \n "]}, "interests[1]"),
        ({"interests": ["<b>chess</b>"]}, "interests[0]"),
        ({"interests": ["che\u202ess"]}, "interests[0]"),
        ({"interests": ["che\x07ss"]}, "interests[0]"),
        ({"interests": ["che\x00ss"]}, "interests[0]"),
        ({"interests": [7]}, "interests[0]"),
        ({"quiet_hours": {"begin": "22:00"}}, "quiet_hours.end"),
        ({"quiet_hours": {"begin": "24:00", "end": "07:00"}}, "quiet_hours.begin"),
        ({"quiet_hours": {"begin": "7:00", "end": "08:00"}}, "quiet_hours.begin"),
        ({"quiet_hours": {"begin": "07:00\n", "end": "08:00"}}, "quiet_hours.begin"),
        ({"quiet_hours": {"begin": "07:00", "end": "07:00"}}, "quiet_hours"),
        ({"quiet_hours": "night"}, "quiet_hours"),
    ],
)
async def test_what_breaks_a_rule_changes_nothing(sqlite: Database, body: dict[str, Any], field: str) -> None:
    async with serve(sqlite) as web:
        lena = await web.somebody()
        before = await stored(web, lena.id)
        status, found = await lena.ask("PATCH", "/users/me", {"level": "beginner", **body} if body else body)
        assert (status, found["code"]) == (422, "invalid")
        assert field in [fault["field"] for fault in found["faults"]]
        assert await stored(web, lena.id) == before


async def test_all_faults_come_at_once_and_interests_are_cleaned(sqlite: Database) -> None:
    async with serve(sqlite) as web:
        lena = await web.somebody()
        wrong = {"language": "tlh", "time_zone": "Mars", "interests": ["", "x" * 50]}
        _, found = await lena.ask("PATCH", "/users/me", wrong)
        assert [fault["field"] for fault in found["faults"]] == [
            "language",
            "time_zone",
            "interests[0]",
            "interests[1]",
        ]
        _, found = await lena.ask("PATCH", "/users/me", {"interests": ["  Chess \n club ", "chess CLUB", "bread"]})
        assert found["interests"] == ["Chess club", "bread"]


COLUMNS = (
    "id",
    "telegram_id",
    "name",
    "username",
    "role",
    "admitted",
    "reachable",
    "created_at",
    "seen_at",
    "blocked_at",
    "signed_out_at",
    "quiet_from",
    "owner_id",
    "learner_id",
    "completed_at",
    "__class__",
)


@pytest.mark.parametrize("column", COLUMNS)
async def test_nobody_gives_themselves_what_is_not_theirs_to_give(sqlite: Database, column: str) -> None:
    async with serve(sqlite) as web:
        lena, admin = await web.somebody(), await web.admin()
        before = await stored(web, lena.id)
        for value in ("admin", 1, True, None):
            body = {"level": "beginner", column: value}
            assert (await lena.ask("PATCH", "/users/me", body))[0] == 422
            taken = {"role": "learner", column: value}
            if column != "role":
                assert (await admin.ask("PUT", f"/users/{lena.id}/role", taken))[0] == 422
        assert await stored(web, lena.id) == before


async def test_people_are_for_admins(database: Database) -> None:
    async with serve(database) as web:
        lena, ivo, admin = await web.somebody(), await web.somebody(5), await web.admin()
        await admin.ask("PUT", f"/users/{ivo.id}/role", {"role": "instructor"})
        for caller, expected in ((web.nobody, 401), (lena, 403), (ivo, 403)):
            for method, path, body in (
                ("GET", "/users", None),
                ("GET", f"/users/{lena.id}", None),
                ("PUT", f"/users/{lena.id}/role", {"role": "admin"}),
                ("POST", f"/users/{ivo.id}/block", None),
                ("POST", f"/users/{ivo.id}/unblock", None),
            ):
                assert (await caller.ask(method, path, body))[0] == expected, (method, path)
        assert (await stored(web, lena.id))["role"] == "learner"
        status, found = await admin.ask("GET", f"/users/{lena.id}")
        assert (status, found["telegram_id"], found["role"]) == (200, 7_000_000_001, "learner")
        assert not found.keys() & {"interests", "level", "quiet_hours", "minutes_a_day"}
        for missing in (10**6, 2**63 - 1):
            assert (await admin.ask("GET", f"/users/{missing}"))[0] == 404
            assert (await admin.ask("PUT", f"/users/{missing}/role", {"role": "admin"}))[0] == 404
            assert (await admin.ask("POST", f"/users/{missing}/block"))[0] == 404
        for wrong in (0, -1, 2**63, "x", "9" * 5000):
            assert (await admin.ask("GET", f"/users/{wrong}"))[0] in {404, 422}


async def test_the_list_has_pages_and_search(database: Database) -> None:
    async with serve(database) as web:
        admin = await web.admin()
        names = ["Lena", "Len_a", "100% Ida", "Ömer", "lenard"]
        ids = [
            (await web.somebody(100 + at, first_name=name, username=f"user{at}")).id for at, name in enumerate(names)
        ]
        seen: list[int] = []
        cursor = ""
        for _ in range(10):
            status, page = await admin.ask("GET", f"/users?limit=2{cursor}")
            assert status == 200
            assert len(page["items"]) <= 2
            seen += [one["id"] for one in page["items"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert seen == [admin.id, *ids]
        for search, found in (
            ("len", ["Lena", "Len_a", "lenard"]),
            ("LENA", ["Lena", "lenard"]),
            ("n_", ["Len_a"]),
            ("%25", ["100% Ida"]),
            ("%C3%96mer", ["Ömer"]),
            ("user3", ["Ömer"]),
            ("104", ["lenard"]),
            ("'; DROP TABLE learner --", []),
            ("%F0%9F%98%80", []),
        ):
            status, page = await admin.ask("GET", f"/users?search={search}")
            assert (status, [one["name"] for one in page["items"]]) == (200, found), search
        assert [one["id"] for one in (await admin.ask("GET", "/users?role=admin"))[1]["items"]] == [admin.id]
        for wrong in ("limit=0", "limit=101", "limit=x", "cursor=x", "cursor=0", "role=king", "search=%00", "q=1"):
            assert (await admin.ask("GET", f"/users?{wrong}"))[0] == 422, wrong


async def test_a_role_counts_from_the_next_request_on(database: Database) -> None:
    async with serve(database) as web:
        lena, admin = await web.somebody(), await web.admin()
        assert (await lena.ask("GET", "/users"))[0] == 403
        assert (await admin.ask("PUT", f"/users/{lena.id}/role", {"role": "admin"}))[0] == 200
        assert (await lena.ask("GET", "/users"))[0] == 200
        assert (await admin.ask("PUT", f"/users/{lena.id}/role", {"role": "learner"}))[1]["role"] == "learner"
        assert (await lena.ask("GET", "/users"))[0] == 403
        for wrong in ({"role": "king"}, {"role": None}, {}, {"role": ["admin"]}):
            assert (await admin.ask("PUT", f"/users/{lena.id}/role", wrong))[0] == 422


async def test_a_block_counts_from_the_next_request_on(database: Database) -> None:
    async with serve(database) as web:
        lena, admin = await web.somebody(), await web.admin()
        status, found = await admin.ask("POST", f"/users/{lena.id}/block")
        assert (status, found["admitted"]) == (200, False)
        assert found["blocked_at"] is not None
        status, found = await lena.ask("GET", "/auth/me")
        assert (status, found["code"]) == (403, "forbidden.blocked")
        assert (await web.nobody.ask("POST", "/auth/refresh", {"refresh_token": lena.refresh}))[0] == 403
        assert (await admin.ask("POST", f"/users/{lena.id}/unblock"))[1]["blocked_at"] is None
        assert (await lena.ask("GET", "/auth/me"))[0] == 200


async def test_no_admin_shuts_themselves_out_nor_whom_the_settings_name(sqlite: Database) -> None:
    async with serve(sqlite) as web:
        admin, second = await web.admin(), await web.somebody(5)
        await admin.ask("PUT", f"/users/{second.id}/role", {"role": "admin"})

        async def refused(caller: Caller, learner_id: int) -> set[str]:
            answers = [
                await caller.ask("PUT", f"/users/{learner_id}/role", {"role": "learner"}),
                await caller.ask("POST", f"/users/{learner_id}/block"),
            ]
            assert [status for status, _ in answers] == [409, 409]
            return {found["code"] for _, found in answers}

        assert await refused(second, second.id) == {"conflict.yourself"}
        assert await refused(second, admin.id) == {"conflict.admin_by_setting"}
        assert (await admin.ask("POST", f"/users/{second.id}/block"))[0] == 200
        assert (await second.ask("GET", "/users"))[0] == 403
