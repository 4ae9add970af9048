from __future__ import annotations

from typing import Any

import pytest
from aiohttp import FormData

from storage.database import Database
from tests.handlers.web.api.course_kit import School, school
from tests.kit.database import postgres, sqlite

__all__ = ["postgres", "sqlite"]
TEXT = (
    "# Bread\n\n" + "## Starter\n\nA starter is flour and water that has come alive. It wants food.\n\n" * 3
).encode()


async def send(at: School, who: int, data: Any, kind: str | None, query: str = "") -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {who}"} | ({"Content-Type": kind} if kind else {})
    async with at.client.post(f"/api/v1/documents{query}", data=data, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


async def test_a_document_comes_as_a_form_or_as_it_is(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada, bob = await at.person(), await at.person()
        form = FormData()
        form.add_field("note", "not this")
        form.add_field("file", TEXT, filename="bread.md", content_type="text/markdown")
        status, sent = await send(at, ada, form, None)
        assert (status, sent["name"], sent["title"]) == (201, "bread.md", "Bread")
        assert await at.good(ada, "GET", f"/documents/{sent['id']}") == sent
        assert (await at.ask(bob, "GET", f"/documents/{sent['id']}")).body["code"] == "not_found.document"
        status, raw = await send(at, ada, TEXT, "text/markdown", "?name=mine.md")
        assert (status, raw["name"]) == (201, "mine.md")
        status, unnamed = await send(at, ada, TEXT, "text/plain")
        assert (status, unnamed["name"]) == (201, "document.txt")


@pytest.mark.parametrize(
    ("data", "kind", "status", "code"),
    [
        (b"", "text/plain", 422, "document_refused"),
        (b"%PDF-1.7 broken", "application/pdf", 422, "document_refused"),
        (b"<html><p>no</p></html>", "text/plain", 422, "document_refused"),
        (b"x", "image/png", 415, "unsupported"),
        (b"{}", "application/json", 415, "unsupported"),
        (b"no form", "multipart/form-data; boundary=x", 422, "invalid"),
        (b"no form", "multipart/form-data", 422, "invalid"),
        (b"--x\r\n\r\n--x--\r\n", "multipart/form-data; boundary=x", 422, "invalid"),
        (b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y", "multipart/form-data; boundary=x", 422, None),
        (b"x" * (10 * 1024 * 1024 + 1), "text/plain", 413, "too_large"),
    ],
)
async def test_what_is_no_document_is_refused_in_words(
    sqlite: Database, data: bytes, kind: str, status: int, code: str | None
) -> None:
    async with school(sqlite) as at:
        found, problem = await send(at, await at.person(), data, kind)
        assert found == status, problem
        assert code is None or problem["code"] == code
        assert "not your doing" not in problem["detail"]


async def test_a_form_without_an_end_is_not_read_for_ever(sqlite: Database) -> None:
    async def drip() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(50):
            yield b"x" * 256 * 1024

    async with school(sqlite) as at:
        headers = {"Authorization": f"Bearer {await at.person()}", "Content-Type": "multipart/form-data; boundary=x"}
        async with at.client.post("/api/v1/documents", data=drip(), headers=headers) as answer:
            assert answer.status == 413


async def test_bundled_texts_are_listed_and_taken(sqlite: Database) -> None:
    async with school(sqlite) as at:
        ada = await at.person()
        found = await at.good(ada, "GET", "/documents/samples")
        assert [one["key"] for one in found["items"]] == ["sourdough", "tides", "iterators"]
        taken = await at.ask(ada, "POST", "/documents/samples/tides")
        assert (taken.status, taken.body["title"]) == (201, "Tides: Why the Sea Rises and Falls")
        assert taken.headers["Location"] == f"/api/v1/documents/{taken.body['id']}"
        assert (await at.ask(ada, "POST", "/documents/samples/nothing")).status == 404
        assert (await at.ask(None, "GET", "/documents/samples")).status == 401
