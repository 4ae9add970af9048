"""JSON schemas for endpoints that know only the plain ones."""

from __future__ import annotations

from collections.abc import Mapping

# What says how an answer is built; limits (lengths, counts, patterns) are refused by some and enforced by few.
_KEPT = frozenset({"type", "required", "additionalProperties", "enum", "const", "description"})
_SCHEMAS_BY_NAME = frozenset({"properties", "$defs"})
_SCHEMAS = frozenset({"anyOf", "allOf", "oneOf"})


def plain(schema: Mapping[str, object]) -> dict[str, object]:
    """`schema` without limits, formats, titles and defaults, at every depth; fields may be called like any of these."""
    kept: dict[str, object] = {}
    for word, value in schema.items():
        if word in _KEPT or word == "$ref":
            kept[word] = value
        elif word in _SCHEMAS_BY_NAME and isinstance(value, Mapping):
            kept[word] = {name: plain(each) for name, each in value.items()}
        elif word == "items" and isinstance(value, Mapping):
            kept[word] = plain(value)
        elif word in _SCHEMAS and isinstance(value, list):
            kept[word] = [plain(each) for each in value]
    return kept
