"""What is given up after which refusal, as tables; the refusals are what services are known to say."""

from __future__ import annotations

from typing import Any

import pytest

from services.authors.model.concessions import Concessions

SCHEMA = {"type": "object", "properties": {"title": {"type": "string"}}}


def wished(schema: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "model": "m",
        "messages": [{"role": "system", "content": "Rules."}, {"role": "user", "content": "Task."}],
        "max_completion_tokens": 9_000,
        "reasoning_effort": "low",
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema or SCHEMA}},
        "stream_options": {"include_usage": True},
    }


def after(*refusals: str) -> dict[str, Any]:
    """The request that is made when each one before was refused like this."""
    concessions = Concessions()
    for refusal in refusals:
        assert concessions.made_for(refusal, concessions.applied(wished()), wished()), refusal
    return concessions.applied(wished())


def test_nothing_is_given_up_without_need() -> None:
    assert after() == wished()


@pytest.mark.parametrize(
    ("refusals", "lost", "gained"),
    [
        (["Unsupported parameter: 'stream_options'"], {"stream_options"}, set()),
        (["include_usage is not supported"], {"stream_options"}, set()),
        (["model does not support thinking"], {"reasoning_effort"}, set()),
        (["Unrecognized request argument supplied: reasoning_effort"], {"reasoning_effort"}, set()),
        (["Unknown field max_completion_tokens"], {"max_completion_tokens"}, {"max_tokens"}),
        (["Unknown max_completion_tokens", "Unknown max_tokens"], {"max_completion_tokens"}, set()),
        (["max_tokens is too large: 9000. This model supports at most 4096"], {"max_completion_tokens"}, set()),
        (["'max_completion_tokens' exceeds the maximum context length"], {"max_completion_tokens"}, set()),
    ],
)
def test_what_is_refused_is_left_out(refusals: list[str], lost: set[str], gained: set[str]) -> None:
    assert set(wished()) - set(after(*refusals)) == lost
    assert set(after(*refusals)) - set(wished()) == gained


@pytest.mark.parametrize(
    ("refusals", "form"),
    [
        (["'response_format' of type 'json_schema' is not supported"], {"type": "json_object"}),
        (["Invalid schema for response_format 'answer'"], {"type": "json_object"}),
        (["The compiled grammar is too large"], {"type": "json_object"}),
        (["no json_schema", "no json_object either"], None),
    ],
)
def test_a_schema_that_is_not_enforced_is_asked_for_in_words(refusals: list[str], form: dict[str, str] | None) -> None:
    made = after(*refusals)
    assert made.get("response_format") == form
    system, task = (message["content"] for message in made["messages"])
    assert system.endswith('\n{"type": "object", "properties": {"title": {"type": "string"}}}\n\nRules.')
    assert task.startswith("Task.\n\n")
    assert "{" not in task, "the schema is where calls begin alike"


@pytest.mark.parametrize("refusal", ["Invalid type for 'messages'", "", "Your prompt is too long"])
def test_what_we_cannot_do_without_is_no_concession(refusal: str) -> None:
    concessions = Concessions()
    assert not concessions.made_for(refusal, concessions.applied(wished()), wished())


def test_it_comes_to_an_end_whatever_is_said() -> None:
    concessions = Concessions()
    everything = "schema response_format max_completion_tokens max_tokens stream_options reasoning thinking"
    made = 0
    while concessions.made_for(everything, concessions.applied(wished()), wished()):
        made += 1
        assert made < 9
    assert set(concessions.applied(wished())) == {"model", "messages"}


def test_two_who_are_refused_together_give_up_one_thing_once() -> None:
    concessions = Concessions()
    first, second = concessions.applied(wished()), concessions.applied(wished())
    assert concessions.made_for("no json_schema here", first, wished())
    assert concessions.made_for("no json_schema here", second, wished())
    assert concessions.applied(wished())["response_format"] == {"type": "json_object"}


def test_another_schema_is_tried_all_the_same() -> None:
    concessions = Concessions()
    assert concessions.made_for("schema too large", concessions.applied(wished()), wished())
    other = wished({"type": "object", "properties": {}})
    assert concessions.applied(other) == other
