from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import BaseModel

from services.authors.model import schemas
from tests.kit.model_cache import PromptCache
from tests.kit.model_wire import Claude

SHAPES = [schemas.ProposalShape, schemas.PlanShape, schemas.WritingShape]


@pytest.mark.parametrize("sourced", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_schema_is_small_closed_and_free_of_references(shape: type[BaseModel], sourced: bool) -> None:
    schema = schemas.wire_schema(shape, sourced=sourced)
    text = json.dumps(schema)
    assert len(text) < 2_500
    assert "$ref" not in text
    assert "description" not in schema
    request = {"model": "m", "max_tokens": 1, "messages": [{"role": "user", "content": "x"}]}
    asked = {**request, "output_config": {"format": {"type": "json_schema", "schema": schema}}}
    assert Claude(PromptCache()).complaint(asked) == ""
    assert ('"citations"' in text or '"passages"' in text) == (sourced and shape is not schemas.ProposalShape)


def test_fields_come_in_the_order_in_which_they_are_read() -> None:
    plan: Any = schemas.wire_schema(schemas.PlanShape)
    assert plan["required"] == ["titles", "glossary", "example", "cover", "lessons"]
    writing: Any = schemas.wire_schema(schemas.WritingShape)["properties"]
    assert writing["sections"]["items"]["required"] == ["number", "body", "citations"]
    question = writing["questions"]["items"]["properties"]
    assert question["key"] == {"type": "integer"}
    assert question["bloom"] == {"type": "string", "enum": list(schemas.BLOOM)}
