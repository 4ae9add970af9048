from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.cleaning import clean_lines, cut, one_line, sentences
from services.documents.parse import parse
from services.errors import DocumentRefused


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Ask Mr. Smith, e.g. today. Then J. R. Hall.", ["Ask Mr. Smith, e.g. today.", "Then J. R. Hall."]),
        ("It is 3.5 metres. “Well.” He went.", ["It is 3.5 metres.", "“Well.”", "He went."]),
        ("3, 2, 1. A list", ["3, 2, 1.", "A list"]),
        ("第一句。第二句！第三句", ["第一句。", "第二句！", "第三句"]),
        ("جملة أولى. جملة ثانية؟ جملة ثالثة.", ["جملة أولى.", "جملة ثانية؟", "جملة ثالثة."]),
        ("", []),
    ],
)
def test_sentences(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@given(st.text(max_size=400))
def test_sentences_are_parts_of_the_text(text: str) -> None:
    line = one_line(text)
    assert all(sentence in line for sentence in sentences(line))
    assert "".join("".join(sentences(line)).split()) == "".join(line.split())


@given(st.text(st.sampled_from("ab .,。，!?汉é"), max_size=400), st.integers(10, 80))
def test_pieces_fit_and_lose_nothing(text: str, limit: int) -> None:
    line = one_line(text)
    pieces = cut(line, limit)
    assert all(len(piece) <= limit and piece in line for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(line.split())


@given(st.text(max_size=200))
def test_clean_text_is_clean_and_stays_so(text: str) -> None:
    clean = clean_lines(text)
    assert clean_lines(clean) == clean
    clean.encode("utf-8")
    assert not set(clean) & set("\x00\x1b\u202e\u2066\u00ad\u200b\ufeff\r")


@given(st.binary(max_size=300), st.sampled_from(["a.md", "a.txt", "a.rst", "a", "a.docx"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    why = ""
    try:
        assert parse(name, data).nodes
    except DocumentRefused as refused:
        why = refused.why
    assert why in {"", "empty", "wrong_kind", "broken"}


@given(st.text(st.sampled_from("#-=*_>`[]()|.:! \n1aB汉"), max_size=300), st.sampled_from(["a.md", "a.txt", "a.rst"]))
def test_any_markup_is_read_or_refused(text: str, name: str) -> None:
    why = ""
    try:
        source = parse(name, text.encode())
        assert source.title
        assert next(one.id for node in source.nodes for one in node.passages) == "p1"
    except DocumentRefused as refused:
        why = refused.why
    assert why in {"", "empty", "wrong_kind"}
