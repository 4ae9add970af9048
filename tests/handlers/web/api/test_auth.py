from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.models import Learner, SignIn
from tests.handlers.web.api.callers import Caller, serve
from tests.kit.database import database, postgres, sqlite
from tests.kit.signing import init_data, login_fields

__all__ = ["database", "postgres", "sqlite"]

LENA = 7_000_000_001


def login_body(**fields: str) -> dict[str, Any]:
    return {name: int(value) if name in {"id", "auth_date"} else value for name, value in fields.items()}


async def test_each_way_signs_the_same_person_in(database: Database) -> None:
    async with serve(database) as web:
        now = web.gate.clock.now()
        lena = await web.gate.learners.arrive(LENA, "Lena", "lena", "de", now)
        code = await web.gate.auth.new_code(lena)
        for path, body in (
            ("/auth/telegram-app", {"init_data": init_data(LENA, now)}),
            ("/auth/telegram-login", login_body(**login_fields(LENA, now, username="lena"))),
            ("/auth/code", {"code": f"{code[:4]}-{code[4:]}"}),
        ):
            status, found, headers = await web.nobody.whole("POST", path, body)
            assert status == 200, (path, found)
            assert (found["token_type"], found["expires_in"], found["learner"]["id"]) == ("Bearer", 900, lena.id)
            assert "no-store" in headers["Cache-Control"]
            assert await Caller(web.client, found["access_token"]).ask("GET", "/auth/me") == (
                200,
                {"id": lena.id, "name": "Lena", "role": "learner", "language": "de", "time_zone": "UTC"},
            )


async def test_without_telegram_only_codes_sign_in(sqlite: Database) -> None:
    async with serve(sqlite, bot_token=None) as web:
        status, found = await web.nobody.ask(
            "POST", "/auth/telegram-app", {"init_data": init_data(LENA, web.gate.clock.now())}
        )
        assert (status, found["code"]) == (403, "forbidden.no_telegram")
        assert "/login" in found["detail"]


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/auth/telegram-app", {"init_data": "auth_date=1&hash=0"}, "unauthorized.invalid"),
        ("/auth/code", {"code": "WRNGWRNG"}, "unauthorized.code"),
        ("/auth/code", {"code": "\u00fc"}, "unauthorized.code"),
        ("/auth/refresh", {"refresh_token": "x" * 64}, "unauthorized.invalid"),
        (
            "/auth/telegram-login",
            {"id": 7, "first_name": "L", "auth_date": 1, "hash": "0" * 64},
            "unauthorized.invalid",
        ),
    ],
)
async def test_what_does_not_count_is_401_in_words(
    sqlite: Database, path: str, body: dict[str, Any], code: str
) -> None:
    async with serve(sqlite) as web:
        status, found, headers = await web.nobody.whole("POST", path, body)
        assert (status, found["code"]) == (401, code)
        assert headers["WWW-Authenticate"].startswith("Bearer")
        assert found["detail"][-1] == "."


WRITES = [
    ("/auth/telegram-app", {"init_data": "x"}),
    ("/auth/telegram-login", {"id": 7, "first_name": "L", "auth_date": 1, "hash": "0" * 64}),
    ("/auth/code", {"code": "WRNGWRNG"}),
    ("/auth/refresh", {"refresh_token": "x" * 64}),
]


@pytest.mark.parametrize(("path", "body"), WRITES)
async def test_nothing_else_is_taken(sqlite: Database, path: str, body: dict[str, Any]) -> None:
    async with serve(sqlite) as web:
        for more in ({"role": "admin"}, {"owner_id": 1}, {"completed_at": "2026-01-01"}, {"learner": {"id": 1}}):
            status, found = await web.nobody.ask("POST", path, {**body, **more})
            assert (status, found["code"]) == (422, "invalid")
        wrong: list[Any] = [{}, [], "x", dict.fromkeys(body), {name: [value] for name, value in body.items()}]
        for found in wrong:
            assert (await web.nobody.ask("POST", path, found))[0] == 422
        for name in body:
            assert (await web.nobody.ask("POST", path, {**body, name: "\x00"}))[0] in {401, 422}
            assert (await web.nobody.ask("POST", path, {**body, name: 10**30}))[0] == 422


async def test_refresh_rotates_and_reuse_ends_the_session(database: Database) -> None:
    async with serve(database) as web:
        lena = await web.somebody()
        status, found = await web.nobody.ask("POST", "/auth/refresh", {"refresh_token": lena.refresh})
        assert status == 200
        again = Caller(web.client, found["access_token"])
        assert (await again.ask("GET", "/auth/me"))[0] == 200
        status, found = await web.nobody.ask("POST", "/auth/refresh", {"refresh_token": lena.refresh})
        assert (status, found["code"]) == (401, "unauthorized.reused")
        for caller in (again, lena):
            assert (await caller.ask("GET", "/auth/me"))[0] == 401


async def test_signing_out_here_and_everywhere(database: Database) -> None:
    async with serve(database) as web:
        shown = {"init_data": init_data(LENA, web.gate.clock.now())}
        one, two, three = [await web.somebody() for _ in range(3)]
        other = await web.somebody(5)
        assert (await one.ask("GET", "/auth/me"))[0] == 200
        assert await one.ask("POST", "/auth/sign-out") == (204, None)
        assert (await one.ask("GET", "/auth/me"))[0] == 401
        assert (await one.ask("POST", "/auth/sign-out"))[0] == 401
        assert (await web.nobody.ask("POST", "/auth/telegram-app", shown))[0] == 401
        assert (await two.ask("GET", "/auth/me"))[0] == 200
        assert await two.ask("POST", "/auth/sign-out-everywhere") == (204, None)
        for caller in (two, three):
            status, found = await caller.ask("GET", "/auth/me")
            assert (status, found["code"]) == (401, "unauthorized.revoked")
        assert (await other.ask("GET", "/auth/me"))[0] == 200
        for path in ("/auth/sign-out", "/auth/sign-out-everywhere"):
            assert (await web.nobody.ask("POST", path))[0] == 401


async def test_guessing_codes_ends_in_429(sqlite: Database) -> None:
    async with serve(sqlite) as web:
        tries = [web.nobody.whole("POST", "/auth/code", {"code": f"WRNGWR{number:02}"}) for number in range(12)]
        answers = await asyncio.gather(*tries)
        assert sorted(status for status, _, _ in answers) == [401] * 5 + [429] * 7
        late = next((found, headers) for status, found, headers in answers if status == 429)
        assert late[0]["code"] == "limit_reached.sign_in"
        assert late[1]["Retry-After"] == "60"


async def test_who_is_kept_out_gets_no_session(sqlite: Database) -> None:
    async with serve(sqlite, access="invite") as web:
        shown = {"init_data": init_data(LENA, web.gate.clock.now())}
        status, found = await web.nobody.ask("POST", "/auth/telegram-app", shown)
        assert (status, found["code"]) == (403, "forbidden.not_admitted")
        async with sqlite.reading() as session:
            assert (await session.scalars(select(SignIn))).all() == []
            assert [row.role for row in (await session.scalars(select(Learner))).all()] == ["learner"]


async def test_a_signature_does_not_make_a_role(sqlite: Database) -> None:
    """Whatever Telegram signs about a person, roles come from our database."""
    async with serve(sqlite) as web:
        lena = await web.somebody(role="admin", is_admin=True)
        assert (await lena.ask("GET", "/auth/me"))[1]["role"] == "learner"
        assert (await lena.ask("GET", "/users"))[0] == 403
