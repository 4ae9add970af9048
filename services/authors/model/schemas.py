"""The shapes in which a model answers, and their JSON schemas for the wire.

Types only: a service does not enforce lengths and counts, so those are checks on what arrived, and a schema without
them stays small (a large one is refused as "compiled grammar is too large"). The order of fields is the order in which
they are written. Every call after the plan has the same schema (`WritingShape`), because a provider keeps what goes
before the task only as long as the schema stays what it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

BLOOM = ("remember", "understand", "apply", "analyse", "evaluate", "create")
VERDICTS = ("teachable", "vague", "unsafe")

_OF_SOURCES = frozenset({"passages", "citations"})
# Named on the wire, but taken as any text: a word that is not among them is mended, never a reason to ask again.
_Bloom = Annotated[str, Field(json_schema_extra={"enum": list(BLOOM)})]
_Verdict = Annotated[str, Field(json_schema_extra={"enum": list(VERDICTS)})]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class ProposalShape(_Shape):
    """Answer to a wish: what it is (`VERDICTS`), the one question to ask back where it is vague, and else the offer."""

    verdict: _Verdict = "teachable"
    question: str = ""
    language: str = ""
    title: str = ""
    description: str = ""
    objectives: list[str] = []


class TermShape(_Shape):
    """A word of the glossary."""

    term: str
    meaning: str


class OutlineShape(_Shape):
    """What a plan begins with."""

    titles: list[str]
    glossary: list[TermShape] = []
    example: str = ""
    cover: str = ""


class SectionPlanShape(_Shape):
    """One planned section; `objectives` are 1-based numbers of course objectives, `passages` the ids that it rests on,
    in a course from a document."""

    title: str
    focus: str
    outcome: str = ""
    minutes: int = 6
    objectives: list[int] = []
    passages: list[str] = []


class ContractShape(_Shape):
    """The contract of lesson number `lesson` (from 1)."""

    lesson: int
    objectives: list[str]
    sections: list[SectionPlanShape]
    needs: list[str] = []
    covered: list[str] = []
    avoid: list[str] = []
    example: str = ""
    handoff: str = ""


class PlanShape(OutlineShape):
    """The whole plan."""

    lessons: list[ContractShape]


class OptionShape(_Shape):
    """One answer to choose."""

    text: str
    explanation: str = ""


class QuestionShape(_Shape):
    """A single-choice question, the `number`-th of its section (from 1): `key` is the 0-based index of the right
    option, `objective` the 1-based number of the course objective that it tests, 0 if none, `bloom` one of `BLOOM`."""

    number: int
    prompt: str
    options: list[OptionShape]
    key: int
    hint: str = ""
    objective: int = 0
    bloom: _Bloom = ""


class CitationShape(_Shape):
    """A quote out of a passage."""

    passage: str
    quote: str


class SectionShape(_Shape):
    """One written section; `number` is its place in the lesson, from 1. `citations` in a course from a document."""

    number: int
    body: str = ""
    citations: list[CitationShape] = []


class PatchShape(_Shape):
    """What is to stand at `path` (``body.3``: the fourth part of a section's text) instead; empty takes it away."""

    path: str
    text: str


class WritingShape(_Shape):
    """Everything that is written after the plan: each call fills the one list that it is asked for."""

    sections: list[SectionShape] = []
    questions: list[QuestionShape] = []
    patches: list[PatchShape] = []


class SolutionShape(_Shape):
    """A solved question: `answer` is the number of an option from 1, 0 for none of them."""

    reason: str = ""
    answer: int


class JudgementShape(_Shape):
    """What a reader of a section found: which quotes carry what is said with them, and the solved questions."""

    supported: list[bool] = []
    answers: list[int] = []


class GuessShape(_Shape):
    """Guesses at questions."""

    answers: list[int]


@cache
def wire_schema(shape: type[BaseModel], *, sourced: bool = True) -> Mapping[str, object]:
    """`shape` as a JSON schema without references, titles or descriptions; every field required, none besides. What
    only a course from a document has is left out unless it is `sourced`."""
    full = shape.model_json_schema()
    return _slim(full, full.get("$defs", {}), frozenset() if sourced else _OF_SOURCES)


def _slim(node: Mapping[str, Any], definitions: Mapping[str, Any], without: frozenset[str]) -> dict[str, object]:
    if "$ref" in node:
        return _slim(definitions[node["$ref"].rpartition("/")[2]], definitions, without)
    slim: dict[str, object] = {"type": node["type"]}
    if "enum" in node:
        slim["enum"] = node["enum"]
    if node["type"] == "object":
        kept = {name: value for name, value in node["properties"].items() if name not in without}
        properties = {name: _slim(value, definitions, without) for name, value in kept.items()}
        slim |= {"properties": properties, "required": list(properties), "additionalProperties": False}
    elif node["type"] == "array":
        slim["items"] = _slim(node["items"], definitions, without)
    return slim
