from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from services.errors import NotFound
from services.samples import SAMPLES, Sample, sample_text

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEFINITION = re.compile(
    r"(?:^|(?<=[.!?:] ))(?!(?:This|It|That|There|Here|Because|When|So) )"
    r"[A-Z`][^.?!]{1,45} (?:is|are) (?:an? |the |one )[^.?!]+[.;]",
    re.MULTILINE,
)
each = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.key)


def text_of(sample: Sample) -> str:
    """The text of a sample as people read it."""
    return sample_text(sample.key)[1].decode("utf-8")


def sections(text: str) -> list[tuple[str, str, str]]:
    """Lesson heading, section heading and body of every section; code is left in."""
    found = []
    for lesson in re.split(r"^## ", text, flags=re.M)[1:]:
        lesson_title, _, rest = lesson.partition("\n")
        for section in re.split(r"^### ", rest, flags=re.M)[1:]:
            title, _, body = section.partition("\n")
            found.append((lesson_title, title, body))
    return found


def prose(text: str) -> str:
    """The text without its code."""
    return FENCE.sub("", text)


def test_there_is_a_craft_a_science_and_a_piece_of_programming() -> None:
    assert [sample.key for sample in SAMPLES] == ["sourdough", "tides", "iterators"]
    assert len({sample.title for sample in SAMPLES}) == len({sample.file for sample in SAMPLES}) == 3


@each
def test_a_sample_is_read_by_its_key(sample: Sample) -> None:
    name, data = sample_text(sample.key)
    assert name == sample.file
    assert data.decode("utf-8").startswith(f"# {sample.title}\n")


@pytest.mark.parametrize("key", ["", "bread", "../__init__", "sourdough.md"])
def test_an_unknown_key_is_not_found(key: str) -> None:
    with pytest.raises(NotFound) as caught:
        sample_text(key)
    assert caught.value.what == "sample"


@each
def test_what_is_shown_in_a_list_fits_a_phone_and_a_button(sample: Sample) -> None:
    assert 5 <= len(sample.title) <= 100
    assert 20 <= len(sample.description) <= 100
    assert "\n" not in sample.description
    assert re.fullmatch(r"[a-z]{1,16}", sample.key)


@each
def test_it_is_long_enough_and_cut_as_courses_are(sample: Sample) -> None:
    text = text_of(sample)
    assert len(prose(text).split()) >= 2500
    found = sections(text)
    lessons = [lesson for lesson, _, _ in found]
    assert 5 <= len(set(lessons)) <= 7
    assert all(2 <= lessons.count(lesson) <= 3 for lesson in lessons)
    titles = [title for _, title, _ in found]
    assert len({title.casefold() for title in titles}) == len(titles)
    assert all(len(prose(body).split()) >= 130 for _, _, body in found)


@each
def test_it_holds_nothing_that_a_chat_cannot_show(sample: Sample) -> None:
    plain = prose(text_of(sample))
    paragraphs = [block for block in plain.split("\n\n") if block.strip()]
    assert max(len(paragraph) for paragraph in paragraphs) <= 600
    assert not re.search(r"^\s*\|", plain, re.M), "a table"
    assert not re.search(r"!\[|\]\(|<[A-Za-z/!]", re.sub(r"`[^`]*`", "", plain)), "a picture, a link or HTML"
    assert not re.search(r"(?i)\b(TODO|TBD|lorem|insert here)\b", plain)
    assert plain.isprintable() or set(filter(lambda sign: not sign.isprintable(), plain)) == {"\n"}


@each
def test_nothing_stands_between_the_headings_of_two_depths(sample: Sample) -> None:
    """Every word belongs to a section, so that no course leaves one out."""
    assert not re.search(r"^# .*\n+(?!\n|## )", text_of(sample))
    assert not re.search(r"^## .*\n\n(?!### )", text_of(sample), re.M)


@each
def test_it_defines_its_terms_and_asks_the_reader_to_do_something(sample: Sample) -> None:
    found = sections(text_of(sample))
    idle = [title for _, title, body in found if not re.search(r"^(Try it|Question to think about): ", body, re.M)]
    assert idle == []
    defining = sum(1 for _, _, body in found if DEFINITION.search(prose(body)))
    assert defining >= 0.8 * len(found)


@each
def test_no_paragraph_comes_twice(sample: Sample) -> None:
    paragraphs = [block.strip() for block in prose(text_of(sample)).split("\n\n") if len(block) > 60]
    assert len(set(paragraphs)) == len(paragraphs)


def blocks() -> list[str]:
    """Every Python block of the programming text, in order."""
    found = FENCE.findall(text_of(SAMPLES[2]))
    assert {language for language, _ in found} == {"python"}
    return [code for _, code in found]


def test_code_lines_fit_a_phone() -> None:
    assert max(len(line) for code in blocks() for line in code.splitlines()) <= 60


def test_every_block_runs_and_prints_what_its_comments_say() -> None:
    """Each block stands alone: a fresh namespace, one interpreter for all, as it costs less."""
    runner = (
        "import contextlib, io, json, sys\n"
        "told = []\n"
        "for code in json.load(sys.stdin):\n"
        "    out = io.StringIO()\n"
        "    with contextlib.redirect_stdout(out):\n"
        "        exec(compile(code, 'block', 'exec'), {'__name__': 'block'})\n"
        "    told.append(out.getvalue().splitlines())\n"
        "print(json.dumps(told))\n"
    )
    codes = blocks()
    done = subprocess.run(
        [sys.executable, "-I", "-c", runner],
        check=False,
        input=json.dumps(codes),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    promised = [re.findall(r"# -> (.*)", code) for code in codes]
    assert json.loads(done.stdout) == promised
    assert len(codes) >= 15
    assert sum(len(lines) for lines in promised) >= 40
