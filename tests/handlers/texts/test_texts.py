from __future__ import annotations

import ast
import importlib
import re
import string
from functools import cache
from pathlib import Path

import pytest

import handlers
from handlers.chat.reply import TOAST_LIMIT
from handlers.texts import DEFAULT, LANGUAGES, Text, plain, say, texts
from handlers.texts.en import ASKING
from handlers.texts.en_faults import FAULTS
from handlers.texts.en_feed import FEED
from handlers.texts.en_heard import HEARD
from handlers.texts.en_mail import MAIL
from handlers.texts.en_money import MONEY
from handlers.texts.en_quality import QUALITY
from handlers.texts.en_questions import QUESTIONS
from handlers.texts.en_reading import READING

FOLDER = Path(handlers.__file__).parent
SAMPLE_TITLE = "T" * 100


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
    rooms = (ASKING, FAULTS, FEED, HEARD, MAIL, MONEY, QUALITY, QUESTIONS, READING)
    assert sum(len(room) for room in rooms) == len(texts(DEFAULT))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_languages_say_the_same_things_with_the_same_values(language: str) -> None:
    module = importlib.import_module(f"handlers.texts.{language}")
    assert set(module.TEXTS) == set(texts(DEFAULT))
    for key, text in module.TEXTS.items():
        if key.startswith("heard."):
            continue
        english = texts(DEFAULT)[key]
        allowed = set().union(*(fields(form) for form in forms(english))) | ({"n"} if isinstance(text, dict) else set())
        for form in forms(text):
            assert fields(form) <= allowed, (key, form)
        if isinstance(text, dict):
            assert "other" in text, key


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_tone(language: str) -> None:
    for key, text in importlib.import_module(f"handlers.texts.{language}").TEXTS.items():
        if key.startswith("heard."):
            continue
        for form in forms(text):
            assert "!!" not in form, key
            assert "oops" not in form.lower(), key
            assert "invalid" not in form.lower(), key


@pytest.mark.parametrize("key", [key for key in HEARD if key not in ("heard.hours", "heard.minutes")])
def test_what_is_heard_can_be_matched(key: str) -> None:
    re.compile(plain(DEFAULT, key), re.IGNORECASE)


TOASTS = [key for key in texts(DEFAULT) if key.startswith(("error", "stale", "section.", "not_admitted.toast"))]


@pytest.mark.parametrize("key", TOASTS)
def test_what_may_become_a_toast_fits_one(key: str) -> None:
    for form in forms(texts(DEFAULT)[key]):
        values = {name: SAMPLE_TITLE if name == "title" else "12:34" for name in fields(form)}
        if "{title}" not in form:
            assert len(re.sub(r"<[^>]+>", "", form.format(**values))) <= TOAST_LIMIT, key


def test_values_are_escaped_in_sentences_and_not_in_labels() -> None:
    assert say("en", "status.title", title="a < b & c") == "<b>a &lt; b &amp; c</b>"
    assert plain("en", "suggest.title", title="a < b") == "a < b: a short course"


def test_numbers_choose_the_form() -> None:
    assert say("en", "card.making", n=1) == "Making it takes about a minute."
    assert say("en", "card.making", n=3) == "Making it takes about 3 minutes."
