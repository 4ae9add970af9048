"""Every language says what English says: all of it, with the same values, in as much room, and in its own words."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel import Locale

import handlers
from handlers.chat.registry import COMMANDS
from handlers.chat.reply import TOAST_LIMIT
from handlers.texts import (
    DEFAULT,
    LANGUAGES,
    RIGHT_TO_LEFT,
    Text,
    direction,
    isolated,
    plain,
    rooms,
    say,
    texts,
)

OTHERS = sorted(set(LANGUAGES) - {DEFAULT})
KEY_LIMIT = 28  # characters of a key's own words: what fits a phone beside nothing else
CAPTION_LIMIT = 1024
DESCRIPTION_LIMIT = 256  # Telegram's, of a command
NAMES = {"PDF", "DOCX", "Telegram", "Word", "Markdown", "Claude", "HTML", "Lectern", "UTC", "docx", "C"}
SETTINGS = {"CAP", "COURSE", "USD", "LEARNER", "DAY"}  # in the names of settings
ADDRESSES = {"findahelpline", "com", "ada", "example", "org"}
SETTING = "[A-Z]+(?:_[A-Z]+)+"  # CAP_DAY_USD
SIGNS = set("✅✖▶◀⏳✏↻📝🗑🗄☰🚩📊🌐🕑✉❓❗◻↩✂🖼")
# Said alike in English and elsewhere, because the word is the same one.
ALIKE = {
    "words.minutes",
    "words.hours",
    "words.hours_minutes",
    "words.seconds",
    "words.percent",
    "amount.range",
    "lesson.section",
    "status.planning",
    "mail.bye",
    "zone.Asia",
    "zone.Australia",
    "admin.probe",
    "admin.probe.detail",
}


def said(language: str) -> list[tuple[str, str]]:
    """(key, form) of every form of every text that is spoken."""
    found = []
    for key, text in texts(language).items():
        if not key.startswith("heard."):
            found += [(key, form) for form in forms(text)]
    return found


def forms(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def bare(text: str) -> str:
    """The words alone: without values, tags, commands and names of settings."""
    return re.sub(rf"\{{\w+\}}|<[^>]+>|/[a-z]+\b|{SETTING}", " ", text)


def categories(language: str) -> set[str]:
    """The plural forms that whole numbers take, and the one that stands for all others."""
    rule = Locale.parse(language).plural_form
    return {rule(number) for number in range(1000)} | {"other"}


@cache
def on_keys() -> frozenset[str]:
    """The keys of texts that are written on buttons, as far as the code names them."""
    found = set()
    for path in (Path(handlers.__file__).parent / "chat").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            first = node.args[0]
            if isinstance(node.func, ast.Name) and node.func.id == "Key" and isinstance(first, ast.Call):
                first = first.args[1] if len(first.args) > 1 else first
            elif not (isinstance(node.func, ast.Attribute) and node.func.attr == "key"):
                continue
            if isinstance(first, ast.Constant) and str(first.value) in texts(DEFAULT):
                found.add(str(first.value))
    pressed = ("▶", "⬅", "✖ ", "✏", "🗑", "☰", "↻", "↩", "📝", "📊", "🖼", "✂", "🌐", "🕑")
    looks = {key for key, text in texts(DEFAULT).items() if forms(text)[0].startswith(pressed) and "\n" not in text}
    return frozenset(found | looks | {key for key in texts(DEFAULT) if key.startswith("key.")})


def test_a_language_lacks_nothing_and_has_nothing_to_spare() -> None:
    """One message that says what is to be translated, language by language and room by room."""
    problems = []
    for language in OTHERS:
        own = dict(rooms(language))
        for room, english in rooms(DEFAULT):
            name = f"{language}_{room}.py" if room else f"{language}.py"
            if missing := [key for key in english if key not in own.get(room, {})]:
                problems.append(f"{name} lacks {len(missing)}: {', '.join(missing)}")
            if spare := [key for key in own.pop(room, {}) if key not in english]:
                problems.append(f"{name} has what English has not: {', '.join(spare)}")
        problems += [f"{language}_{room}.py is a room that English has not" for room in own]
    assert not problems, "\n" + "\n".join(problems)


@pytest.mark.parametrize("language", OTHERS)
def test_every_form_names_the_same_values_in_the_same_dress(language: str) -> None:
    wrong = []
    for key, form in said(language):
        english = forms(texts(DEFAULT)[key])
        always = set.intersection(*(fields(one) for one in english)) - {"n"}
        ever = set().union(*(fields(one) for one in english)) | {"n"} if len(english) > 1 else fields(english[0])
        if not always <= fields(form) <= ever:
            wrong.append((key, form, "values"))
        for pattern in (r"</?[a-z]+>", r"(?<![<\w])/[a-z]+\b", r"\w+\.com", SETTING):
            if Counter(re.findall(pattern, form)) != Counter(re.findall(pattern, english[0])):
                wrong.append((key, form, pattern))
        if SIGNS & set(form) != SIGNS & set(english[0]):
            wrong.append((key, form, "signs"))
    assert not wrong


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_numbers_have_every_form_that_the_language_needs(language: str) -> None:
    wrong = {}
    for key, text in texts(DEFAULT).items():
        own = texts(language)[key]
        if isinstance(text, dict) != isinstance(own, dict) and (key, language) not in {("limit.disputes", "en")}:
            wrong[key] = "one of the two counts"
        elif isinstance(own, dict) and set(own) != categories(language):
            wrong[key] = f"has {sorted(own)}, needs {sorted(categories(language))}"
    assert not wrong


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_stands_on_a_key_fits_it(language: str) -> None:
    assert len(on_keys()) > 60
    longest = {key: len(bare(form).strip()) for key, form in said(language) if key in on_keys()}
    assert not {key: length for key, length in longest.items() if length > KEY_LIMIT}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_may_become_a_toast_fits_one(language: str) -> None:
    begins = ("error", "stale", "section.", "not_admitted.toast", "question.toast", "dispute.toast", "flag.noted")
    for key, form in said(language):
        if key.startswith(begins) and "{title}" not in form:
            values = dict.fromkeys(fields(form), "12:34")
            assert len(re.sub(r"<[^>]+>", "", form.format(**values))) <= TOAST_LIMIT, key


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_caption_holds_a_course_with_every_lesson_failed(language: str) -> None:
    because = max((form for key, form in said(language) if key.startswith("because")), key=len)
    numbers = ", ".join(map(str, range(1, 13)))
    parts = [
        say(language, "status.ready", title="T" * 100, lessons="L" * 20, sections="S" * 20, time="T" * 20),
        say(language, "status.lessons_failed", n=12, numbers=numbers, because=because),
        say(language, "status.none_ready"),
    ]
    assert len("\n\n".join(parts)) <= CAPTION_LIMIT


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_command_is_described(language: str) -> None:
    for command in COMMANDS:
        assert 3 <= len(plain(language, f"command.{command}")) <= DESCRIPTION_LIMIT


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    same = []
    for key, form in said(language):
        if key in ALIKE or key.startswith("quality.name") or not re.search(r"[^\W\d_]{3}", bare(form)):
            continue
        if form in forms(texts(DEFAULT)[key]):
            same.append((key, form))
    assert not same


@pytest.mark.parametrize("language", [language for language in OTHERS if language in {"ru", "ar"}])
def test_only_names_are_in_latin_letters(language: str) -> None:
    found = [(key, word) for key, form in said(language) for word in re.findall(r"[A-Za-z]+", bare(form))]
    assert not [(key, word) for key, word in found if word not in NAMES | ADDRESSES | SETTINGS]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_months_are_twelve(language: str) -> None:
    assert len(plain(language, "date.months").split()) == 12


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_sign_turns_the_writing_round_for_good(language: str) -> None:
    """Isolates are closed where they are opened, and overrides are never used."""
    for key, form in said(language):
        assert not re.search("[\u202a-\u202e]", form), key
        assert len(re.findall("[\u2066-\u2068]", form)) == form.count("\u2069"), key


@pytest.mark.parametrize(("number", "said_so"), [(1, "1 урок"), (3, "3 урока"), (5, "5 уроков"), (21, "21 урок")])
def test_russian_counts(number: int, said_so: str) -> None:
    assert plain("ru", "amount.lessons", n=number) == said_so


@pytest.mark.parametrize(
    ("number", "said_so"),
    [(0, "بلا دروس"), (1, "درس واحد"), (2, "درسان"), (3, "3 دروس"), (11, "11 درسًا"), (100, "100 درس")],
)
def test_arabic_counts(number: int, said_so: str) -> None:
    assert plain("ar", "amount.lessons", n=number) == said_so


def test_fractions_have_the_comma_of_the_language() -> None:
    assert [plain(language, "progress.velocity", velocity=2.5).count("2,5") for language in ("es", "ru")] == [1, 1]
    assert "2.5" in plain("en", "progress.velocity", velocity=2.5)
    assert plain("en", "progress.velocity", velocity=2.0).startswith("2 ")


def test_values_of_the_other_direction_are_isolated() -> None:
    assert say("ar", "status.ready_while_away", title="C++ & C#") == "دورتك <b>\u2068C++ &amp; C#\u2069</b> جاهزة."
    assert say("ar", "status.ready_while_away", title="الشعر") == "دورتك <b>الشعر</b> جاهزة."
    assert say("en", "status.ready_while_away", title="الشعر") == "Your course <b>\u2068الشعر\u2069</b> is ready."
    assert say("en", "status.ready_while_away", title="Poetry") == "Your course <b>Poetry</b> is ready."


def test_what_is_copied_or_followed_stays_as_it_is() -> None:
    assert "\u2068" not in say("ar", "login.code", code="ABCD-EFGH", n=5)
    assert "\u2068" not in say("ar", "edit.title", now="Tides")
    assert "\u2068" not in plain("ar", "suggest.title", title="Tides")
    assert isolated("ar", "https://t.me/lectern") == "https://t.me/lectern"
    assert isolated("ar", "help@example.org") == "help@example.org"


def test_the_direction_of_each_language() -> None:
    assert {language: direction(language) for language in LANGUAGES if language in RIGHT_TO_LEFT} == {"ar": "rtl"}
    assert direction("ru") == "ltr"
