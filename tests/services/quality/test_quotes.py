from __future__ import annotations

import pytest

from services.authors.protocol import Citation, Passage
from services.quality.quotes import citations, resolves
from services.quality.safety import safety, safety_of
from tests.services.quality.kit import PROSE, rules

PASSAGES = {
    name: Passage(name, text, "Yeast", "page 3")
    for name, text in {
        **PROSE, "code": "Call `next(walk)` — “once” more…", "accents": "Un café très\n  serré", "full": "Ｆｌｏｕｒ １"
    }.items()
}  # fmt: skip


def cite(passage: str, quote: str) -> Citation:
    return Citation(passage, quote, "page 3")


@pytest.mark.parametrize(
    ("passage", "quote", "stands"),
    [
        ("en", "It eats sugar and gives off gas", True),
        ("en", "it EATS sugar\nand  gives off gas", True),
        ("en", "It eats salt", False),
        ("ru", "Они едят сахар", True),
        ("ru", "Они едят соль", False),
        ("ar", "تأكل السكر وتطلق الغاز", True),
        ("ar", "تأكل الملح", False),
        ("zh", "气体使面团发起来", True),
        ("zh", "气体使面包发起来", False),
        ("hi", "वह चीनी खाता है", True),
        ("hi", "वह नमक खाता है", False),
        ("hi", "जगली खमर", False),  # vowel signs make other words
        ("code", 'Call next(walk) - "once" more...', True),
        ("accents", "un cafe tres serre", True),
        ("full", "flour 1", True),
        ("de", "Wilde Hefe", True),
        ("nowhere", "It eats sugar", False),
        ("en", "", False),
        ("en", "   ", False),
    ],
)
def test_quotes(passage: str, quote: str, stands: bool) -> None:
    assert resolves(cite(passage, quote), PASSAGES) is stands


def test_every_section_of_a_grounded_course_cites() -> None:
    assert [(one.path, one.severity) for one in citations((), PASSAGES, "s")] == [("s.citations", "error")]
    assert not list(citations((cite("en", "It eats sugar"),), PASSAGES, "s"))
    held = (cite("en", "It eats sugar"), cite("nowhere", "It eats sugar"), cite("ru", "It eats sugar"))
    found = list(citations(held, PASSAGES, "s"))
    assert [(one.path, one.found) for one in found] == [
        ("s.citations.1", "there is no such passage"), ("s.citations.2", "the quote is not in the passage"),
    ]  # fmt: skip


def test_without_a_source_nothing_is_cited() -> None:
    assert not list(citations((), None, "s"))
    assert rules(citations((cite("en", "It eats sugar"),), None, "s")) == [("citations", "error")]


def test_moderation() -> None:
    assert not list(safety(None, "s"))
    assert not list(safety((), "s"))
    (found,) = safety(("violence", "hate"), "s")
    assert (found.rule, found.severity, found.found) == ("safety", "error", "flagged: hate, violence")
    assert [one.path for one in safety_of({"picture": ("hate",), "title": ()})] == ["picture"]
    assert not list(safety_of(None))
