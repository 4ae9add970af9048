from __future__ import annotations

import pytest

from services.authors.offline.atoms import material
from services.authors.offline.outline import divide
from services.authors.offline.titles import Titles, clean_title, shorten
from services.documents.parse import parse


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("1.2.3 The starter", "The starter"),
        ("1) The starter", "The starter"),
        ("Chapter 4: The starter", "The starter"),
        ("IV. The starter", "The starter"),
        ("🚀 Quick **start**:", "Quick start"),
        ("`iter()` and `next()`", "iter() and next()"),
        ("0.17.3 (July 5th)", "0.17.3 (July 5th)"),
        ("3D printing", "3D printing"),
        ("1984", "1984"),
        ("C++ & C#", "C++ & C#"),
        ("<b>Bold</b> move", "Bold move"),
        ("a < b", "a ‹ b"),
        ("第一章 酵种", "第一章 酵种"),
        ("الفصل الأول", "الفصل الأول"),
        ("What now?", "What now?"),
        ("---", ""),
    ],
)
def test_clean_title(heading: str, title: str) -> None:
    assert clean_title(heading) == title


def test_shorten_cuts_between_words() -> None:
    assert shorten("one two three", 13) == "one two three"
    assert shorten("one two three", 12) == "one two…"
    assert shorten("x" * 50, 10) == "x" * 9 + "…"
    assert len(clean_title("word " * 60)) <= 100


def test_no_two_titles_are_alike() -> None:
    same = "\n\n".join(f"## Notes\n\n{'Notes on the same thing again and again. ' * 8}\n" for _ in range(8))
    parts = divide(material(parse("a.md", f"# T\n\n{same}".encode())).atoms)
    titles = Titles("T")
    lessons = [titles.lesson(part) for part in parts]
    sections = [
        titles.section(atoms, lesson) for part, lesson in zip(parts, lessons, strict=True) for atoms in part.sections
    ]
    assert len({title.casefold() for title in [*lessons, *sections]}) == len(lessons) + len(sections)
    assert all(0 < len(title) <= 100 for title in [*lessons, *sections])
