"""The OpenAPI 3.1 description of the API, made of the operations themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from inspect import getdoc
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from handlers.web.dispatch import PREFIX
from handlers.web.openapi_answers import Components, responses
from handlers.web.operations import Limit, Operation, Who
from handlers.web.problems import Problem

Json = dict[str, Any]
_REF = "#/components/schemas/{model}"
_ABOUT = """Everything that the chat does, for clients, teachers' scripts and admins.

Sign in to get an access token, and send it as `Authorization: Bearer …`. Somebody else's object is answered like a
missing one. Errors are problem details (RFC 9457) with a stable `code`. Every call counts as a request; the
`RateLimit-*` headers say what is left, and `Retry-After` when to come back. Where there is GET there is HEAD."""
_WHO = {
    Who.ANYBODY: "anybody, signed in or not",
    Who.LEARNER: "whoever is signed in",
    Who.INSTRUCTOR: "instructors and admins",
    Who.ADMIN: "admins",
}
_LIMIT = {
    Limit.REQUESTS: "requests",
    Limit.PROGRESS: "requests, and progress items",
    Limit.GENERATIONS: "requests, and generations",
}


@dataclass(slots=True)
class _Schemas:
    """The models of all operations as JSON schemas, by model and use."""

    refs: dict[tuple[type[BaseModel], JsonSchemaMode], Json]
    definitions: dict[str, Json] = field(default_factory=dict)

    def ref(self, model: type[BaseModel], mode: JsonSchemaMode) -> Json:
        return self.refs[(model, mode)]

    def properties(self, model: type[BaseModel]) -> tuple[Json, set[str]]:
        """The fields of a model of parameters, and the names of those that are required."""
        name = self.ref(model, "validation")["$ref"].rsplit("/", 1)[-1]
        found = self.definitions[name]
        return found.get("properties", {}), set(found.get("required", ()))


def describe(operations: Sequence[Operation], *, version: str) -> Json:
    """The document. `version` is the program's."""
    schemas = _schemas(operations)
    components = Components(problem=schemas.ref(Problem, "serialization"))
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas, components)
    parameters = {model for one in operations for model in (one.path_in, one.query_in) if model}
    hidden = {schemas.ref(model, "validation")["$ref"].rsplit("/", 1)[-1] for model in parameters}
    tags = list(dict.fromkeys(_tag(one) for one in operations))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lectern", "version": version, "description": _ABOUT},
        "servers": [{"url": PREFIX}],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": {name: one for name, one in sorted(schemas.definitions.items()) if name not in hidden},
            "responses": components.responses(),
            "headers": components.headers(),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def _schemas(operations: Sequence[Operation]) -> _Schemas:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for one in operations:
        wanted |= {(model, "validation"): None for model in (one.path_in, one.query_in, one.body_in) if model}
        if one.answers:
            wanted[(one.answers, "serialization")] = None
    refs, whole = models_json_schema(list(wanted), ref_template=_REF)
    return _Schemas({(model, mode): refs[(model, mode)] for model, mode in wanted}, whole.get("$defs", {}))


def _operation(operation: Operation, schemas: _Schemas, components: Components) -> Json:
    answer = schemas.ref(operation.answers, "serialization") if operation.answers else None
    bearer: list[Json] = [{"bearer": []}]
    found: Json = {
        "operationId": operation.name,
        "tags": [_tag(operation)],
        "summary": operation.summary,
        "description": _description(operation),
        "security": [{}, *bearer] if operation.who is Who.ANYBODY else bearer,
        "x-who": operation.who.value,
        "x-limit": operation.limit.value,
        "responses": responses(operation, answer, components),
    }
    parameters = [*_parameters("path", operation, schemas), *_parameters("query", operation, schemas)]
    if parameters:
        found["parameters"] = parameters
    content = {one: _upload(one) for one in operation.takes}
    if operation.body_in:
        content["application/json"] = {"schema": schemas.ref(operation.body_in, "validation")}
    if content:
        found["requestBody"] = {"required": True, "content": content}
    return found


def _tag(operation: Operation) -> str:
    return operation.tag or operation.name.partition(".")[0]


def _description(operation: Operation) -> str:
    said = getdoc(operation.handler) or ""
    return f"{said}\n\nFor {_WHO[operation.who]}. Counts in: {_LIMIT[operation.limit]}.".strip()


def _parameters(where: str, operation: Operation, schemas: _Schemas) -> list[Json]:
    model = operation.path_in if where == "path" else operation.query_in
    if model is None:
        return []
    properties, required = schemas.properties(model)
    found = []
    for name, schema in properties.items():
        one: Json = {"name": name, "in": where, "required": where == "path" or name in required}
        if "description" in schema:
            one["description"] = schema["description"]
        found.append({**one, "schema": _without_null(schema)})
    return found


def _without_null(schema: Json) -> Json:
    """A parameter is there or it is not: text cannot be null."""
    kept = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    if kept.get("default", ...) is None:
        del kept["default"]
    choices = [one for one in kept.pop("anyOf", ()) if one.get("type") != "null"]
    return {**kept, **choices[0]} if len(choices) == 1 else {**kept, **({"anyOf": choices} if choices else {})}


def _upload(kind: str) -> Json:
    if kind != "multipart/form-data":
        return {"schema": {"contentMediaType": kind}}  # bytes: of no type that JSON knows
    file = {"contentMediaType": "application/octet-stream"}
    return {"schema": {"type": "object", "properties": {"file": file}, "required": ["file"]}}
