from __future__ import annotations

import ast
import re
import string
from functools import cache
from pathlib import Path

import pytest

import handlers
from handlers.texts import DEFAULT, LANGUAGES, Text, plain, rooms, say, texts
from handlers.texts.en_heard import HEARD

FOLDER = Path(handlers.__file__).parent


def forms(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def mentioned() -> tuple[frozenset[str], tuple[str, ...]]:
    """Every string in the handlers' code, and the fixed beginnings of those that are put together."""
    whole: set[str] = set()
    begun: set[str] = set()
    for path in FOLDER.rglob("*.py"):
        if path.parent.name == "texts":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
    return frozenset(whole), tuple(begun)


def looked_up() -> list[tuple[str, str]]:
    """(file, key) of every key that is written out in a call of say or plain."""
    found = []
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("say", "plain")
            if isinstance(node, ast.Call) and named and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                found.append((path.name, str(node.args[1].value)))
    return found


def test_every_key_that_is_said_exists() -> None:
    keys = looked_up()
    assert len(keys) > 100
    assert not [(file, key) for file, key in keys if key not in texts(DEFAULT)]


def test_no_sentence_is_without_somebody_who_says_it() -> None:
    whole, begun = mentioned()
    beginnings = tuple(start for start in begun if re.fullmatch(r"[a-z_]+\.[a-z_.]*", start))
    assert not [key for key in texts(DEFAULT) if key not in whole and not key.startswith(beginnings)]


def test_no_two_rooms_have_the_same_key() -> None:
    assert len(list(rooms(DEFAULT))) > 5
    assert sum(len(room) for _, room in rooms(DEFAULT)) == len(texts(DEFAULT))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_tone(language: str) -> None:
    for key, text in texts(language).items():
        if key.startswith("heard."):
            continue
        for form in forms(text):
            assert "!!" not in form, key
            assert "oops" not in form.lower(), key
            assert "invalid" not in form.lower(), key


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("key", [key for key in HEARD if key not in ("heard.hours", "heard.minutes")])
def test_what_is_heard_can_be_matched(key: str, language: str) -> None:
    re.compile(plain(language, key), re.IGNORECASE)


def test_values_are_escaped_in_sentences_and_not_in_labels() -> None:
    assert say("en", "status.title", title="a < b & c") == "<b>a &lt; b &amp; c</b>"
    assert plain("en", "suggest.title", title="a < b") == "a < b: a short course"


def test_numbers_choose_the_form() -> None:
    assert say("en", "card.making", n=1) == "Making it takes about a minute."
    assert say("en", "card.making", n=3) == "Making it takes about 3 minutes."
