from __future__ import annotations

import json

import pytest
from pydantic import BaseModel

from services.authors.model import schemas
from tests.kit.model_wire import complaint

SHAPES = [
    schemas.ProposalShape,
    schemas.PlanShape,
    schemas.SourcedPlanShape,
    schemas.LessonShape,
    schemas.SourcedLessonShape,
]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_schema_is_small_closed_and_free_of_references(shape: type[BaseModel]) -> None:
    schema = schemas.wire_schema(shape)
    text = json.dumps(schema)
    assert len(text) < 2_500
    assert "$ref" not in text
    assert "title" not in schema
    request = {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]}
    assert complaint({**request, "output_config": {"format": {"type": "json_schema", "schema": schema}}}) == ""


def test_every_field_of_a_section_is_in_its_schema() -> None:
    items = schemas.wire_schema(schemas.SourcedLessonShape)["properties"]
    assert isinstance(items, dict)
    section = items["sections"]["items"]
    assert section["required"] == ["number", "body", "questions", "citations"]
    assert section["properties"]["questions"]["items"]["properties"]["key"] == {"type": "integer"}
