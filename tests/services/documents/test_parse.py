from __future__ import annotations

import io
import zipfile

import pytest

from services.authors.protocol import Passage, Source
from services.documents.codec import source_from_data, source_to_data
from services.documents.limits import CODE_LINES, FILE_BYTES, PASSAGE_CHARACTERS, UNPACKED_BYTES
from services.documents.parse import parse
from services.errors import DocumentRefused
from tests.services.documents.files import archive, bookmarked, locked, pdf, word

LONG = "Yeast is a living thing that eats sugar and gives off gas as it grows in the warm dough of a baker."


def passages(source: Source) -> list[Passage]:
    return [passage for node in source.nodes for passage in node.passages]


def texts(source: Source) -> list[str]:
    return [passage.text for passage in passages(source)]


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(DocumentRefused) as caught:
        parse(name, data)
    return caught.value.why


# --- Markdown ---


def test_markdown_headings_make_the_tree() -> None:
    source = parse("a.md", b"# Bread\n\nIntro here.\n\n## Flour\n\nWhite.\n\n### Rye\n\nDark.\n\n## Water\n\nWet.\n")
    assert source.title == "Bread"
    assert [(node.title, node.depth) for node in source.nodes] == [
        ("Bread", 1), ("Flour", 1), ("Rye", 2), ("Water", 1),
    ]  # fmt: skip
    assert [(one.id, one.text, one.place) for one in passages(source)] == [
        ("p1", "Intro here.", "Bread"),
        ("p2", "White.", "Flour"),
        ("p3", "Dark.", "Flour › Rye"),
        ("p4", "Wet.", "Water"),
    ]


def test_markdown_leaves_only_words() -> None:
    text = (
        "# T\n\n[![build](https://x/y.svg)](https://x)\n\n<div align='center'>hidden</div>\n\n"
        "A **bold** [link](https://example.org) and `code` <kbd>here</kbd>.[^1]\n\n![a picture](p.png)\n\n"
        "- one\n- two *three*\n  more\n\n3. third\n4. fourth\n\n| a | b |\n|---|---|\n| c | d |\n\n"
        "> quoted &amp; kept\n"
    )
    assert texts(parse("a.md", text.encode())) == [
        "A bold link and `code` here.", "- one", "- two three more", "3. third", "4. fourth",
        "- a · b", "- c · d", "quoted & kept",
    ]  # fmt: skip


def test_deeply_nested_items_are_not_lost() -> None:
    text = "# T\n\n" + "".join(f"{'  ' * depth}- item {depth}\n" for depth in range(20))
    assert texts(parse("a.md", text.encode())) == [f"- item {depth}" for depth in range(20)]


def test_code_stays_code_and_its_label_is_true() -> None:
    text = "# T\n\n```python\nx = 1\n```\n\n```python\n>>> x\n```\n\n````md\n```\n````\n\n    indented\n"
    assert texts(parse("a.md", text.encode())) == [
        "```python\nx = 1\n```", "```\n>>> x\n```", "````md\n```\n````", "```\nindented\n```",
    ]  # fmt: skip


def test_long_code_and_long_paragraphs_are_cut() -> None:
    code = "\n".join(f"line_{number} = {number}" for number in range(100))
    prose = " ".join(f"Sentence number {number} is about bread and nothing else." for number in range(60))
    found = texts(parse("a.md", f"# T\n\n```\n{code}\n```\n\n{prose}\n".encode()))
    blocks = [one for one in found if one.startswith("```")]
    assert len(blocks) == 3
    assert all(len(block.splitlines()) <= CODE_LINES + 2 for block in blocks)
    rest = [one for one in found if not one.startswith("```")]
    assert len(rest) >= 3
    assert all(len(one) <= PASSAGE_CHARACTERS for one in rest)
    assert " ".join(rest) == prose


def test_front_matter_gives_the_title() -> None:
    source = parse("x.md", b'---\ntitle: "The Tide"\ntags: [a]\n---\n\nSome text about the sea.\n')
    assert (source.title, texts(source)) == ("The Tide", ["Some text about the sea."])


def test_hidden_characters_are_gone() -> None:
    text = "# T\n\nA\u202eb\u200bc\u00ad d\u00a0\u00a0e\x07 \ufefff\U000e0041 \u2066g\u2069 \ud7ff.\n"
    assert texts(parse("a.md", text.encode())) == ["Abc d e f g \ud7ff."]


def test_lone_surrogates_and_nul_never_pass() -> None:
    assert refusal("a.txt", b"some text\x00 with a nul in it") == "wrong_kind"
    source = parse("a.md", "# T\n\nwell \U0001f600 ok".encode())
    assert texts(source) == ["well \U0001f600 ok"]


# --- plain text ---


def test_plain_text_headings_by_underline_number_and_bearing() -> None:
    text = f"""BREAD

{LONG}

1. First things

{LONG}

1.1 Second things

{LONG}

Water
-----
{LONG}

- an item
  that goes on
- another
"""
    source = parse("bread.txt", text.encode())
    assert [node.title for node in source.nodes] == ["BREAD", "First things", "Second things", "Water"]
    assert texts(source)[-2:] == ["- an item that goes on", "- another"]


def test_text_without_headings_is_one_node() -> None:
    source = parse("my_notes-on bread.txt", f"{LONG}\n\n{LONG.lower()}\n".encode())
    assert (source.title, len(source.nodes)) == ("My notes on bread", 1)
    assert {passage.place for passage in passages(source)} == {"My notes on bread"}


def test_restructured_text_shows_no_machinery() -> None:
    text = f"""=====
Title
=====

.. image:: x.png
   :alt: y

Use ``code`` and :ref:`this <that>` and `a link <https://x>`__ here::

    x = 1

Part
----

{LONG}
"""
    source = parse("a.rst", text.encode())
    assert source.title == "Title"
    assert texts(source) == ["Use `code` and `this` and a link here:", "```\nx = 1\n```", LONG]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_encodings(codec: str) -> None:
    text = "Хлеб пекут из муки, воды и соли. " * 5
    source = parse("a.txt", text.encode(codec))
    assert (texts(source)[0], source.language) == (text.strip(), "ru")


def test_western_code_page() -> None:
    assert texts(parse("a.txt", "Le pain est cuit à la maison, l’été.".encode("cp1252"))) == [
        "Le pain est cuit à la maison, l’été."
    ]


# --- languages ---


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("Bread is made of flour.", None, "en"),
        ("Le pain est fait de farine.", "fr", "fr"),
        ("Хлеб делают из муки.", "en", "ru"),
        ("Хліб роблять із борошна, і її їдять.", None, "uk"),
        ("الخبز يصنع من الدقيق والماء.", None, "ar"),
        ("הלחם עשוי מקמח וממים.", None, "he"),
        ("Το ψωμί γίνεται από αλεύρι.", None, "el"),
        ("面包是用面粉做的。", None, "zh"),
        ("パンは小麦粉から作られる。", None, "ja"),
        ("빵은 밀가루로 만든다.", None, "ko"),
    ],
)
def test_language_by_script(text: str, hint: str | None, language: str) -> None:
    assert parse("a.txt", (text * 4).encode(), hint).language == language


# --- DOCX ---


def test_docx_styles_lists_and_tables() -> None:
    data = word(
        ("Title", "Bread"), ("Heading 1", "Flour"), ("Normal", LONG), ("List Bullet", "white"), ("List Bullet", "rye"),
        ("table", "kind|use"), ("Heading 2", "Rye"), ("Normal", "Dark and sour."), ("Heading 1", "Water"),
        ("Normal", "Wet."),
    )  # fmt: skip
    source = parse("bread.docx", data)
    assert source.title == "Bread"
    assert [(node.title, node.depth) for node in source.nodes if node.passages] == [
        ("Flour", 1),
        ("Rye", 2),
        ("Water", 1),
    ]
    assert texts(source) == [LONG, "- white", "- rye", "- kind · use", "Dark and sour.", "Wet."]
    assert passages(source)[4].place == "Flour › Rye"


def test_docx_bold_lines_stand_in_for_headings() -> None:
    data = word(("bold", "Flour"), ("Normal", LONG), ("bold", "Water"), ("Normal", "It is wet."))
    assert [node.title for node in parse("a.docx", data).nodes] == ["Flour", "Water"]


def test_docx_bomb_is_refused_unopened() -> None:
    bomb = archive(word__document=b"0" * (UNPACKED_BYTES + 1))
    assert len(bomb) < FILE_BYTES
    assert refusal("a.docx", bomb) == "swells"


def test_docx_by_ratio_and_by_members() -> None:
    assert refusal("a.docx", archive(word__document=b"0" * 30_000_000)) == "swells"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as held:
        for number in range(6000):
            held.writestr(f"word/document{number}", b"")
    assert refusal("a.docx", out.getvalue()) == "swells"


def test_broken_docx() -> None:
    whole = word(("Normal", LONG))
    assert refusal("a.docx", whole[: len(whole) // 2]) == "broken"
    assert refusal("a.docx", archive(word__document=b"no xml")) == "broken"


def test_locked_word_file() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert refusal("a.docx", ole + "EncryptedPackage".encode("utf-16-le")) == "encrypted"
    assert refusal("a.doc", ole) == "wrong_kind"


# --- PDF ---


def test_pdf_pages_headings_and_joined_words() -> None:
    data = pdf(
        [
            [("The book of bread", 9), ("Flour", 20), ("Flour is milled from grain and it is the most impor-", 11),
             ("tant part of the dough that a baker mixes by hand.", 11), ("", 11),
             ("A second paragraph stands here.", 11), ("1", 9)],
            [("The book of bread", 9), ("Water", 20),
             ("Water makes the dough soft and lets the yeast begin.", 11), ("2", 9)],
            [("The book of bread", 9), ("Salt makes the bread taste of more than flour and air.", 11), ("3", 9)],
        ],
        title="On Bread",
    )  # fmt: skip
    source = parse("scan.pdf", data)
    assert source.title == "On Bread"
    assert [node.title for node in source.nodes] == ["Flour", "Water"]
    assert "important part of the dough that a baker mixes by hand." in texts(source)[0]
    assert [(one.place, one.page) for one in passages(source)][-2:] == [("", 2), ("", 3)]
    assert not any("book of bread" in text or text.strip() in {"1", "2", "3"} for text in texts(source))


def test_pdf_bookmarks_are_headings() -> None:
    plain = pdf([[(name, 11), (f"{name} {LONG[:60]}", 11)] for name in ("Flour", "Water", "Salt")])
    source = parse("a.pdf", bookmarked(plain, "Flour", "Water", "Salt"))
    assert [(node.title, node.passages[0].page) for node in source.nodes] == [
        ("Flour", 1), ("Water", 2), ("Salt", 3),
    ]  # fmt: skip


def test_pdf_with_a_password_and_with_an_owner_only() -> None:
    plain = pdf([[(LONG[:80], 11), (LONG[:80], 11)]])
    assert refusal("a.pdf", locked(plain, "secret")) == "encrypted"
    assert LONG[:40] in texts(parse("a.pdf", locked(plain, "")))[0]


def test_scan_has_no_text() -> None:
    assert refusal("a.pdf", pdf([[], [], []])) == "no_text"
    assert refusal("a.pdf", pdf([[("scanned with X", 9)]] * 12)) == "no_text"


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9])
def test_a_torn_pdf_is_read_or_refused(cut: float) -> None:
    whole = pdf([[(LONG[:80], 11)] * 5])
    why = ""
    try:
        assert parse("a.pdf", whole[: int(len(whole) * cut)]).words
    except DocumentRefused as refused:
        why = refused.why
    assert why in {"", "broken", "no_text", "empty"}


# --- what is no document ---


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", b"", "empty"),
        ("a.md", b" \n\t\n ", "empty"),
        ("a.md", b"# Only\n\n## Headings\n", "empty"),
        ("a.md", b"![x](y.png)\n\n---\n", "empty"),
        ("a.txt", b"x" * (FILE_BYTES + 1), "too_large"),
        ("a.txt", b"word " * 700_000, "too_long"),
        ("setup.pdf", b"MZ\x90\x00\x03" + bytes(range(256)) * 20, "wrong_kind"),
        ("a.pdf", b"just text, whatever it is called", "wrong_kind"),
        ("a.docx", b"just text, whatever it is called", "wrong_kind"),
        ("a.zip", archive(readme=b"hello"), "wrong_kind"),
        ("a.docx", archive(xl__workbook=b"<x/>"), "wrong_kind"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "wrong_kind"),
        ("a.txt", bytes(range(1, 32)) * 100, "wrong_kind"),
        ("a.html", b"<!DOCTYPE html><html><body>Text</body></html>", "wrong_kind"),
        ("a.rtf", rb"{\rtf1\ansi Text}", "wrong_kind"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refused(name: str, data: bytes, why: str) -> None:
    assert refusal(name, data) == why


def test_a_source_survives_its_plain_form() -> None:
    source = parse("a.md", f"# A\n\n{LONG}\n\n## B\n\n```\nx\n```\n".encode())
    assert source_from_data(source_to_data(source)) == source
