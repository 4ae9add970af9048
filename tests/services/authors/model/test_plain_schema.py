from __future__ import annotations

from typing import Any

import pytest

from services.authors.model.plain_schema import plain
from services.authors.model.schemas import PlanShape, ProposalShape, WritingShape, wire_schema


@pytest.mark.parametrize(
    ("schema", "kept"),
    [
        ({"type": "string", "maxLength": 5, "minLength": 1, "pattern": "x", "format": "uri"}, {"type": "string"}),
        ({"type": "integer", "minimum": 0, "maximum": 3, "default": 1}, {"type": "integer"}),
        (
            {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "string", "maxLength": 1}},
            {"type": "array", "items": {"type": "string"}},
        ),
        ({"type": "string", "enum": ["a", "b"], "title": "T"}, {"type": "string", "enum": ["a", "b"]}),
        (
            {"type": "object", "properties": {"title": {"type": "string", "title": "Title"}}, "required": ["title"]},
            {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]},
        ),
        (
            {"anyOf": [{"type": "string", "maxLength": 2}, {"type": "null"}]},
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
        ),
        (
            {"$ref": "#/$defs/A", "$defs": {"A": {"type": "string", "maxLength": 2}}},
            {"$ref": "#/$defs/A", "$defs": {"A": {"type": "string"}}},
        ),
    ],
)
def test_limits_go_and_the_build_stays(schema: dict[str, Any], kept: dict[str, Any]) -> None:
    assert plain(schema) == kept


@pytest.mark.parametrize("shape", [PlanShape, ProposalShape, WritingShape])
def test_our_own_schemas_lose_nothing(shape: Any) -> None:
    assert plain(wire_schema(shape)) == wire_schema(shape)
