"""The shapes in which a model answers, and their JSON schemas for the wire.

Types only: a service does not enforce lengths and counts, so those are checks on what arrived, and a schema without
them stays small (a large one is refused as "compiled grammar is too large").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ProposalShape(_Shape):
    """Answer to a wish."""

    title: str
    description: str
    objectives: list[str]


class SectionPlanShape(_Shape):
    """One planned section."""

    title: str
    focus: str
    minutes: int


class LessonPlanShape(_Shape):
    """One planned lesson."""

    title: str
    objectives: list[str]
    sections: list[SectionPlanShape]


class PlanShape(_Shape):
    """The whole outline."""

    lessons: list[LessonPlanShape]


class SourcedSectionPlanShape(SectionPlanShape):
    """One planned section of a course from a document: `passages` are the ids that it rests on."""

    passages: list[str]


class SourcedLessonPlanShape(_Shape):
    """One planned lesson of a course from a document."""

    title: str
    objectives: list[str]
    sections: list[SourcedSectionPlanShape]


class SourcedPlanShape(_Shape):
    """The whole outline of a course from a document."""

    lessons: list[SourcedLessonPlanShape]


class OptionShape(_Shape):
    """One answer to choose."""

    text: str
    explanation: str


class QuestionShape(_Shape):
    """A single-choice question: `key` is the 0-based index of the right option, `objective` the 1-based number of the
    course objective that it tests, 0 if none."""

    prompt: str
    options: list[OptionShape]
    key: int
    hint: str
    objective: int


class SectionShape(_Shape):
    """One written section; `number` is its place in the lesson, from 1."""

    number: int
    body: str
    questions: list[QuestionShape]


class CitationShape(_Shape):
    """A quote out of a passage."""

    passage: str
    quote: str


class SourcedSectionShape(SectionShape):
    """One written section of a course from a document."""

    citations: list[CitationShape]


class LessonShape(_Shape):
    """The sections of a lesson, as far as they were asked for."""

    sections: list[SectionShape]


class SourcedLessonShape(_Shape):
    """The sections of a lesson of a course from a document."""

    sections: list[SourcedSectionShape]


def wire_schema(shape: type[BaseModel]) -> dict[str, object]:
    """`shape` as a JSON schema without references, titles or descriptions; every field required, none besides."""
    full = shape.model_json_schema()
    return _slim(full, full.get("$defs", {}))


def _slim(node: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, object]:
    if "$ref" in node:
        return _slim(definitions[node["$ref"].rpartition("/")[2]], definitions)
    slim: dict[str, object] = {"type": node["type"]}
    if node["type"] == "object":
        properties = {name: _slim(value, definitions) for name, value in node["properties"].items()}
        slim |= {"properties": properties, "required": list(properties), "additionalProperties": False}
    elif node["type"] == "array":
        slim["items"] = _slim(node["items"], definitions)
    return slim
