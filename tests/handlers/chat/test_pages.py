from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.chat.markup import convert, units
from handlers.chat.pages import ENTITY_LIMIT, MESSAGE_LIMIT, Page, section_pages
from services.authors.protocol import Citation
from services.views import SectionView
from tests.handlers.chat.making import section

SENTENCE = "A starter is flour and water in which wild yeast and bacteria live together, and it wants to be fed. "
PARAGRAPH = (SENTENCE * 4).strip()
ARABIC = "الخميرة الطبيعية هي خليط من الدقيق والماء تعيش فيه الخمائر البرية والبكتيريا معا وتحتاج إلى تغذية منتظمة. "
CODE = "\n".join(f"    total_{n} = sum(range({n}))  # line {n}" for n in range(400))
LONG = {
    "prose": "\n\n".join([PARAGRAPH] * 40),
    "no paragraphs": SENTENCE * 600,
    "no blanks": "面包" * 6000,
    "one word": "x" * 60_000,
    "arabic": "\n\n".join([ARABIC * 4] * 60),
    "emoji": "👩🏽‍🔬🇺🇦😀" * 2500,
    "code": f"Before.\n\n```python\n{CODE}\n```\n\nAfter.",
    "lists": "\n".join(f"- point {n}: {SENTENCE}" for n in range(300)),
    "richly marked": "\n\n".join(" ".join(f"**b{n}** `c{n}`" for n in range(60)) for _ in range(20)),
    "one rich paragraph": " ".join(f"**b{n}** `c{n}` [l{n}](https://a.b/{n})" for n in range(400)),
    "quotation": "> " + SENTENCE * 120,
    "headings": "\n\n".join(f"## Heading {n}\n\n{PARAGRAPH}" for n in range(40)),
    "sixty thousand": ("\n\n".join([PARAGRAPH, "```\ncode < here\n```", "> said", "- a\n- b", ARABIC]) * 100)[:60_000],
}


def pages(body: str, citations: tuple[Citation, ...] = ()) -> tuple[Page, ...]:
    return section_pages(section(1, body=body, citations=citations), 3, "en")


def without_blanks(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("name", LONG)
def test_every_page_is_within_telegrams_limits(name: str) -> None:
    for page in pages(LONG[name]):
        assert 0 < len(page.text) <= units(page.text) <= MESSAGE_LIMIT
        assert len(page.text.encode()) <= 32_768
        assert len(page.entities) <= ENTITY_LIMIT
        assert page.text == page.text.strip()
        for entity in page.entities:
            assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= units(page.text)


@pytest.mark.parametrize("name", LONG)
def test_nothing_is_lost_between_pages(name: str) -> None:
    bodies = [page.text.split("\n\n", 1)[1] for page in pages(LONG[name])]
    assert without_blanks("".join(bodies)) == without_blanks(convert(LONG[name]).text)


def test_code_is_code_on_every_page_that_it_reaches() -> None:
    made = pages(LONG["code"])
    assert len(made) > 3
    for page in made[1:-1]:
        assert [entity["type"] for entity in page.entities] == ["bold", "pre"]
        assert page.entities[1]["language"] == "python"
    lines = [line for page in made for line in page.text.splitlines() if "total_" in line]
    assert lines == CODE.splitlines()  # cut between lines, never within one


def test_marks_cover_the_same_words_on_a_page_as_in_the_text() -> None:
    body = "\n\n".join(f"{SENTENCE * 3} 😀 **word{n}** and `code{n}`." for n in range(30))
    found: list[str] = []
    for page in pages(body):
        raw = page.text.encode("utf-16-le")
        for entity in page.entities[1:]:
            start, end = entity["offset"] * 2, (entity["offset"] + entity["length"]) * 2
            found.append(raw[start:end].decode("utf-16-le"))
    assert found == [text for n in range(30) for text in (f"word{n}", f"code{n}")]


def test_pages_of_prose_fit_a_phone() -> None:
    made = pages(LONG["prose"])
    for page in made:
        assert 700 <= len(page.text) <= 1900
    assert max(len(page.text) for page in made) < 1.6 * min(len(page.text) for page in made)


def test_a_short_section_is_one_page_with_its_head() -> None:
    [page] = pages("Short **text**.")
    assert page.text == "Wild yeast and its company · 1 of 3 · 4 min\n\nShort text."
    assert page.entities == (
        {"type": "bold", "offset": 0, "length": 26},
        {"type": "bold", "offset": 51, "length": 4},
    )
    assert (page.index, page.count) == (0, 1)


def test_each_of_several_pages_says_which_it_is() -> None:
    made = pages(LONG["prose"])
    heads = [page.text.split("\n", 1)[0] for page in made]
    assert heads[0] == f"Wild yeast and its company · 1 of 3 · 4 min · page 1 of {len(made)}"
    assert heads[-1].endswith(f"page {len(made)} of {len(made)}")


def test_a_heading_stands_on_the_page_of_what_it_heads() -> None:
    for page in pages(LONG["headings"]):
        assert not page.text.splitlines()[-1].startswith("Heading")


def test_a_sentence_is_not_cut_where_it_can_be_helped() -> None:
    for page in pages(LONG["no paragraphs"]):
        assert page.text.endswith("fed.")


@pytest.mark.parametrize("ahead", range(5))
@pytest.mark.parametrize("sign", ["👩🏽‍🔬", "e\u0301\u0323", "✌🏿", "❤️"])
def test_joined_signs_are_not_torn(sign: str, ahead: int) -> None:
    for page in pages("x" * ahead + sign * 3000):
        assert page.text.split("\n\n", 1)[1].lstrip("x").replace(sign, "") == ""


def test_quotes_that_are_not_in_the_text_are_folded_below_it() -> None:
    here, there = (
        Citation("p1", "wild yeast lives on the grain", "", 3),
        Citation("p2", "*It* eats sugar.", "", 4),
    )
    [page] = pages("Yeast is everywhere.", (here, there))
    below = "“wild yeast lives on the grain” — page 3\n“It eats sugar.” — page 4"
    assert page.text.endswith(f"Yeast is everywhere.\n\nWhere this stands\n{below}")
    shown = page.text.encode("utf-16-le")
    quotes = [each for each in page.entities if each["type"] == "expandable_blockquote"]
    assert [shown[q["offset"] * 2 : (q["offset"] + q["length"]) * 2].decode("utf-16-le") for q in quotes] == [below]
    assert page.entities[-2]["type"] == "bold"


def test_a_quote_that_is_in_the_text_is_not_said_twice() -> None:
    here = Citation("p1", "wild yeast\nlives on the grain", "", 3)
    [page] = pages("> wild yeast lives on the grain\n\npage 3", (here,))
    assert page.text.count("wild yeast lives") == 1
    assert "Where this stands" not in page.text


def test_of_a_quote_in_the_text_the_place_is_said() -> None:
    long = "wild yeast lives on the grain and wakes as soon as the flour is wet and warm enough for it"
    [page] = pages(f"As it says: {long}. See page 30.", (Citation("p1", long, "", 3),))
    assert page.text.endswith("Where this stands\n“wild yeast lives on the grain and wakes as soon as the …” — page 3")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "page 3"), ("es", "página 3"), ("ru", "страница 3"), ("ar", "الصفحة 3")]
)
def test_a_page_is_said_in_the_language_of_the_reader(language: str, words: str) -> None:
    quoted = section(1, body="Text.", citations=(Citation("p1", "wild yeast lives", "", 3),))
    [page] = section_pages(quoted, 3, language)
    assert page.text.splitlines()[-1] == f"“wild yeast lives” — {words}"
    said = section(1, body=f"wild yeast lives\n\n{words.capitalize()}", citations=quoted.citations)
    assert "“" not in section_pages(said, 3, "en" if language != "en" else "ru")[0].text


def test_a_quote_from_markdown_is_known_again_by_what_it_shows() -> None:
    here = Citation("p1", "call `iter` **first**", "")
    [page] = pages("You call `iter` **first**, then go on.", (here,))
    assert page.text.count("first") == 1
    [page] = pages("Something else.", (replace(here, page=3),))
    assert page.text.endswith("“call iter first” — page 3")


def test_quotes_stand_at_the_foot_of_the_last_page_and_make_no_page_of_their_own() -> None:
    text = LONG["prose"]
    made = pages(text, (Citation("p1", "wild yeast lives on the grain", "", 3),))
    assert len(made) == len(pages(text))
    assert [("Where this stands" in page.text) for page in made] == [False] * (len(made) - 1) + [True]


def test_many_long_quotes_stay_within_what_a_message_holds() -> None:
    quotes = tuple(Citation(f"p{at}", f"{at} " + "wild yeast lives on the grain " * 14, "", 3) for at in range(9))
    made = pages(LONG["prose"], quotes)
    assert all(units(page.text) <= 4096 for page in made)
    assert "".join(page.text for page in made).count("— page 3") == 9


def test_a_title_cannot_break_the_head_line() -> None:
    long_one: SectionView = replace(section(1, body="Text."), title="T\u202e\n" + "😀" * 500)
    [page] = section_pages(long_one, 3, "en")
    head = page.text.split("\n", 1)[0]
    assert "\u202e" not in head
    assert len(head) < 260
    assert page.entities[0]["length"] == units(head.split(" · ")[0])


def test_pages_are_made_once_for_a_version() -> None:
    one = section(1, body=LONG["prose"])
    assert section_pages(one, 3, "en") is section_pages(replace(one), 3, "en")
    assert section_pages(replace(one, body="Other."), 3, "en") is not section_pages(one, 3, "en")
