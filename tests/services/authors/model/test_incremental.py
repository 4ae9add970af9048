from __future__ import annotations

import json
import random

import pytest

from services.authors.model.incremental import ObjectStream

SECTIONS: list[dict[str, object]] = [
    {"number": 1, "body": 'Braces } ] { in "text", a \\ and\na line break, ünï 文 😀'},
    {"number": 2, "questions": [{"options": [{"text": "a"}, {"text": "}"}]}]},
    {},
    {"number": 3, "body": '```json\n{"sections": [{}]}\n```'},
]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("seed", range(5))
def test_every_object_comes_once_however_the_text_is_cut(seed: int, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps({"sections": SECTIONS}, indent=indent, ensure_ascii=ascii_only)
    rng = random.Random(seed)
    stream = ObjectStream("sections")
    found: list[object] = []
    at = 0
    while at < len(text):
        step = rng.randint(1, 12)
        found.extend(stream.feed(text[at : at + step]))
        at += step
    assert found == SECTIONS


def test_an_object_comes_with_its_last_brace_and_not_before() -> None:
    stream = ObjectStream("sections")
    assert stream.feed('{"sections": [{"number": 1, "body": "x"') == []
    assert stream.feed("}") == [{"number": 1, "body": "x"}]
    assert stream.feed(', {"number": 2}, {"numb') == [{"number": 2}]
    assert stream.feed('er": 3}]}') == [{"number": 3}]


def test_a_fence_and_other_keys_before_the_array_are_passed_over() -> None:
    stream = ObjectStream("sections")
    assert stream.feed('Here it is:\n```json\n{"lesson": {"title": "x"}, "sections": [{"number": 1}]}\n```') == [
        {"number": 1}
    ]


def test_raw_line_breaks_inside_strings_are_accepted() -> None:
    assert ObjectStream("sections").feed('{"sections": [{"body": "one\ntwo\tthree"}]}') == [{"body": "one\ntwo\tthree"}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON at all }",
        '{"sections": []}',
        '{"sections": "none"}}',
        '{"sections": [null, 1, "x"]}',
        '{"sections": [{"a": }]}',
        '{"sections": [{"a":' + '{"a":' * 100_000 + "}",
        '{"sections": [{"a": ' + "9" * 5_000 + "}]}",
    ],
)
def test_what_is_no_object_gives_nothing(text: str) -> None:
    assert ObjectStream("sections").feed(text) == []


def test_what_stands_before_a_broken_object_is_kept() -> None:
    assert ObjectStream("sections").feed('{"sections": [{"number": 1}, {"number": }, {"number": 3}]}') == [
        {"number": 1}
    ]
