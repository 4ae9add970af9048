from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegramify_markdown import convert

from services.authors.offline.atoms import material
from services.authors.offline.body import PARAGRAPH_CHARACTERS, cite, escaped, write_body
from services.authors.offline.phrases import ENGLISH
from services.documents.parse import parse


def body_of(text: str, name: str = "a.md") -> str:
    source = parse(name, text.encode())
    return write_body(source.title, "A section of its own", material(source).atoms, ENGLISH)


def test_a_body_says_where_it_stands_and_quotes() -> None:
    text = "# Bread\n\n## Dough\n\nFirst one.\n\n- a\n- b\n\n1. c\n2. d\n\n```py\nx = 1\n```\n\n### Rest\n\nLast one.\n"
    assert body_of(text).split("\n\n") == [
        "From *Bread*, Dough:", "First one.", "- a\n- b\n1. c\n2. d", "```py\nx = 1\n```", "**Rest**", "Last one.",
    ]  # fmt: skip


def test_long_paragraphs_are_short_in_the_chat() -> None:
    sentence = "This sentence about bread has exactly as many words as it needs to have. "
    parts = body_of(f"# T\n\n{sentence * 30}\n").split("\n\n")[1:]
    assert all(len(part) <= PARAGRAPH_CHARACTERS and part.endswith(".") for part in parts)
    assert " ".join(parts) == (sentence * 30).strip()


def test_code_spans_stay_and_signs_are_escaped() -> None:
    assert escaped("use `a_b*c` and *x* _y_ a_b <b> 2 < 3") == "use `a_b*c` and \\*x\\* \\_y\\_ a_b \\<b> 2 < 3"


@pytest.mark.parametrize(
    "text",
    [
        "5 < 6 and a_b x_y *a* 2 * 3 * 4",
        "[Since then] it is [so](much) better. [1]: no",
        "cost $5 and $6, $x$ too ||hidden|| ~~gone~~",
        "&amp; stays &lt; <b>bold</b> \\ back",
        "1. not a list # nor a heading",
        "a ` lone tick",
        "https://example.org/a_b_c?x=1&y=2",
    ],
)
def test_the_chat_shows_what_the_text_says(text: str) -> None:
    assert convert(f"Lead:\n\n{escaped(text)}")[0].rstrip() == f"Lead:\n\n{text}"


@given(st.text(st.sampled_from("ab *_[]()<>~|#`\\$&;:.!-=+1é汉"), max_size=40))
def test_any_mixture_of_signs_is_shown(text: str) -> None:
    plain = " ".join(text.replace("`", "").split())
    shown = convert(f"x {escaped(plain)} y")[0]
    assert "".join(shown.split()) == "".join(f"x{plain}y".split())


def test_quotes_are_parts_of_their_passages() -> None:
    long = "Word after word goes on without any end that one could see " * 10
    text = f"# T\n\n## A\n\n- item one\n\n## B\n\n```\ncode here\n```\n\n## C\n\n{long}\n\nOther.\n"
    source = parse("a.md", text.encode())
    texts = {passage.id: passage.text for node in source.nodes for passage in node.passages}
    cited = cite(material(source).atoms)
    assert {citation.place for citation in cited} == {"A", "B", "C"}
    assert all(citation.quote in texts[citation.passage] and len(citation.quote) <= 240 for citation in cited)
    assert {"item one", "code here"} <= {citation.quote for citation in cited}


def test_the_place_does_not_say_the_sections_title_again() -> None:
    source = parse("notes.md", b"# Bread\n\n## Starter\n\n### Yeast\n\nYeast lives on flour and water.\n")
    atoms = material(source).atoms
    assert "› Yeast" in write_body(source.title, "Something else", atoms, ENGLISH).splitlines()[0]
    first = write_body(source.title, "Yeast", atoms, ENGLISH).splitlines()[0]
    assert "Starter" in first
    assert "Yeast" not in first
