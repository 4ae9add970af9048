"""Errors are worded in the language of who calls."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from handlers.texts import LANGUAGES, plain
from handlers.web import problems
from handlers.web.edge.errors import word_errors
from handlers.web.speaking import accepted


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("pt-BR, fr;q=0.9, ru;q=0.5", "ru"),
        ("en;q=0.3, ar;q=0.7", "ar"),
        ("es;q=0, en", "en"),
        ("*", "en"),
        ("zh-Hant-TW", "en"),
        (";;q=x,,", "en"),
        ("x" * 10_000, "en"),
    ],
)
def test_what_a_client_accepts(header: str, language: str) -> None:
    assert accepted(header) == language


async def refuse(request: web.Request) -> web.Response:
    return problems.response(problems.problem(404, "not_found.course"))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
async def test_a_problem_is_said_in_the_language_that_is_accepted(language: str) -> None:
    app = web.Application(middlewares=[word_errors])
    app.router.add_get("/course", refuse)
    async with TestClient(TestServer(app)) as client:
        for path, code in (("/course", "not_found.course"), ("/nowhere", "not_found")):
            answer = await client.get(path, headers={"Accept-Language": language})
            told = await answer.json(content_type=problems.TYPE)
            assert told["detail"] == plain(language, f"problem.{code}")
            assert told["title"] == plain(language, "problem.title.404")
            assert told["code"] == code
        # What one caller accepts is not what the next one on the same connection is told in.
        told = await (await client.get("/course")).json(content_type=problems.TYPE)
        assert told["detail"] == plain("en", "problem.not_found.course")


def test_a_code_without_words_of_its_own_has_those_of_its_kind() -> None:
    assert problems.problem(409, "conflict.something_new").detail == plain("en", "problem.conflict")
    assert problems.problem(418, "tea").detail == plain("en", "problem.malformed")
    assert problems.problem(418, "tea").title == plain("en", "problem.title.500")
