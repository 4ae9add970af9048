"""What schemathesis is told besides what it knows: loaded by it, in its own process.

A description says how long a text may be; that no character in it turns the reading direction, or that a time zone
exists, no schema can say. So a refused call is none of ours to wonder about if every fault is of such a rule."""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response
from schemathesis.generation import GenerationMode

# What the services check in a value of the right shape (and lengths once more, after trimming and collapsing blanks).
BEYOND_A_SCHEMA = {
    "address",
    "characters",
    "control_character",
    "direction_override",
    "empty",
    "form",  # a part whose name is no header
    "html_tag",
    "no_letters",
    "nothing_visible",
    "repeated",
    "too_few",
    "too_short",
    "unknown",
}
FINE = {*range(200, 400), 401, 403, 404, 409}


@schemathesis.check
def good_calls_are_refused_for_a_reason(ctx: CheckContext, response: Response, case: Case[Any]) -> bool | None:
    """A call that keeps to the description is served, or names a rule that the description cannot hold."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE or response.status_code in FINE:
        return None
    if "None" in map(str, (case.path_parameters or {}).values()):  # a null of an answer, carried on as if it were an id
        return None
    if isinstance(case.body, dict) and case.body.get("file") == []:  # which is sent as a form without a file
        return None
    found: dict[str, Any] = json.loads(response.text)
    if found["code"] == "document_refused":  # any bytes are an upload, few are a document
        return None
    rules = {fault["rule"] for fault in found["faults"]}
    assert rules, f"refused without a reason: {response.text[:500]}"
    assert rules <= BEYOND_A_SCHEMA, f"the description does not say: {response.text[:500]}"
    return None
