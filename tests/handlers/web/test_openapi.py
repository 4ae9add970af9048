"""The description is valid OpenAPI 3.1, says of each operation what is true of it, and is shown by a page of ours."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from openapi_spec_validator import OpenAPIV31SpecValidator

from handlers.web.docs_page import DocsPage
from handlers.web.openapi import describe
from handlers.web.operations import Operation, Who
from handlers.web.table import operations
from storage.database import Database
from tests.handlers.web import test_edge
from tests.handlers.web.sidecar import Sidecar, sidecar

WHOLE = operations()


@pytest.fixture
async def web_(tmp_path: Path) -> AsyncIterator[Sidecar]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path / 'bare.db'}")
    async with sidecar(database, WHOLE) as served:
        yield served
    await database.close()


@pytest.mark.parametrize("listed", [WHOLE, test_edge.OPERATIONS, []], ids=["all", "of a test", "none"])
def test_the_description_is_valid_and_refers_to_nothing_that_is_not_there(listed: list[Operation]) -> None:
    document = describe(listed, version="1.2.3")
    OpenAPIV31SpecValidator(json.loads(json.dumps(document))).validate()
    assert (document["openapi"], document["info"]["version"]) == ("3.1.0", "1.2.3")
    for ref in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
        found: Any = document
        for step in ref.split("/"):
            found = found[step]


def entries() -> list[tuple[Operation, dict[str, Any]]]:
    document = describe(WHOLE, version="1")
    return [(one, document["paths"][one.path][one.method.lower()]) for one in WHOLE]


def test_each_operation_is_described_once_with_what_it_does_who_may_and_what_it_counts_in() -> None:
    assert len({one.name for one in WHOLE}) == len({(one.method, one.path) for one in WHOLE}) == len(WHOLE)
    for operation, entry in entries():
        assert entry["operationId"] == operation.name
        assert entry["summary"]
        assert operation.handler.__doc__, f"{operation.name} does not say what it does"
        assert entry["x-who"] == operation.who.value
        assert entry["x-limit"] == operation.limit.value
        assert ({} in entry["security"]) == (operation.who is Who.ANYBODY)
        assert {"400", "401", "403", "404", "422", "429", "500"} <= set(entry["responses"])


def test_the_names_in_a_path_are_the_fields_that_are_read_from_it() -> None:
    for operation, entry in entries():
        named = set(re.findall(r"{(\w+)}", operation.path))
        read = {one["name"] for one in entry.get("parameters", []) if one["in"] == "path"}
        assert named == read, operation.name


def test_every_whole_number_that_comes_in_is_bounded() -> None:
    """Beyond 64 bits lies a fault of the database's. (Texts are measured by the services, which name every fault.)"""
    document = describe(WHOLE, version="1")
    incoming = [one["requestBody"]["content"] for _, one in entries() if "requestBody" in one]
    parameters = [parameter["schema"] for _, one in entries() for parameter in one.get("parameters", [])]
    for schema in [*parameters, *(kind["schema"] for content in incoming for kind in content.values())]:
        for found in walk(schema, document, 0):
            if found.get("type") == "integer" and "enum" not in found and "const" not in found:
                assert {"minimum", "exclusiveMinimum"} & set(found), found
                assert {"maximum", "exclusiveMaximum"} & set(found), found


def walk(schema: dict[str, Any], document: dict[str, Any], depth: int) -> list[dict[str, Any]]:
    """A schema with all that it holds."""
    if depth > 12:
        return []
    if "$ref" in schema:
        return walk(document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]], document, depth + 1)
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), *schema.get("oneOf", [])]
    inner += [schema["items"]] if isinstance(schema.get("items"), dict) else []
    return [schema, *(one for part in inner for one in walk(part, document, depth + 1))]


def test_a_choice_of_forms_an_upload_and_an_empty_answer_are_told() -> None:
    paths = describe(test_edge.OPERATIONS, version="1")["paths"]
    assert set(paths["/stream"]["get"]["responses"]["200"]["content"]) == {"text/event-stream"}
    assert "content" not in paths["/things/{thing_id}"]["delete"]["responses"]["204"]
    assert set(paths["/upload"]["post"]["requestBody"]["content"]) == {"application/pdf"}
    assert "413" in paths["/upload"]["post"]["responses"]
    number = next(one for one in paths["/things/{thing_id}"]["get"]["parameters"] if one["name"] == "n")
    assert (number["required"], number["schema"]) == (False, {"type": "integer"})


async def test_it_is_served_and_known_again(web_: Sidecar) -> None:
    status, document, headers = await web_.ask("GET", "/openapi.json")
    assert status == 200
    assert document == json.loads(json.dumps(describe(WHOLE, version="1")))
    async with web_.client.get("/api/v1/openapi.json", headers={"If-None-Match": headers["ETag"]}) as again:
        assert (again.status, await again.read()) == (304, b"")
        assert again.headers["ETag"] == headers["ETag"]


async def test_it_is_made_once_when_somebody_asks_for_it() -> None:
    made: list[dict[str, str]] = []

    def described() -> dict[str, str]:
        made.append({"openapi": "3.1.0"})
        return made[-1]

    async def count(_: web.Request) -> None:
        pass

    page = DocsPage(described, count)
    assert made == []
    request = make_mocked_request("GET", "/openapi.json")
    answers = await asyncio.gather(*(page.document(request) for _ in range(3)))
    assert [one.body for one in answers] == [b'{"openapi":"3.1.0"}'] * 3
    assert len(made) == 1


async def test_the_page_brings_everything_that_it_shows_from_here(web_: Sidecar) -> None:
    status, body, headers = await web_.ask("GET", "/docs")
    page = body.decode()
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert not re.search(r"<style|<script(?! src)| style=| on\w+=|https?://(?!www\.w3\.org/2000/svg)", page)
    linked = re.findall(r'(?:src|href)="(?!data:|#)([^"]+)"', page)
    assert {"docs/docs.css", "docs/docs.js", "openapi.json"} <= set(linked)
    for name in linked:
        status, _, headers = await web_.ask("GET", f"/{name}")
        assert status == 200
        assert headers["Content-Type"].partition(";")[0] in {"text/css", "text/javascript", "application/json"}
    for name in ("index.html", "..%2F..%2Fapp.py", "%2Fetc%2Fpasswd", "docs.py"):
        assert (await web_.ask("GET", f"/docs/{name}"))[0] == 404
