from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

import services.samples
from services.authors.offline.atoms import material
from services.authors.offline.course import make_course
from services.authors.offline.definitions import define
from services.authors.offline.lexicon import Lexicon
from services.authors.offline.options import alike
from services.authors.offline.phrases import ENGLISH
from services.authors.offline.questions import ask, place_keys
from services.authors.protocol import Option, QuestionDraft
from services.documents.parse import parse
from tests.kit.whole import Whole
from tests.services.authors.course_rules import faults, question_faults
from tests.services.authors.texts import BREAD

SAMPLES = sorted(Path(services.samples.__file__).parent.glob("*.md"))


@pytest.mark.parametrize(
    ("language", "sentence", "term", "meaning"),
    [
        ("en", "A starter is a mixture of flour and water.", "starter", "a mixture of flour and water"),
        ("en", "Bulk fermentation is the first long rise of it.", "bulk fermentation", "the first long rise of it"),
        ("en", "`iter` is the function that begins a walk.", "`iter`", "the function that begins a walk"),
        ("en", "Staling is the firming of starch, and it goes on.", "staling", "the firming of starch"),
        ("de", "Gluten ist ein Netz aus Proteinen im Teig.", "Gluten", "ein Netz aus Proteinen im Teig"),
        ("fr", "Le levain est un mélange de farine et d’eau.", "levain", "un mélange de farine et d’eau"),
        ("es", "La masa es una mezcla de harina y agua.", "masa", "una mezcla de harina y agua"),
        ("ru", "Закваска — смесь муки и воды с дрожжами.", "закваска", "смесь муки и воды с дрожжами"),
        ("ar", "الخميرة هي خليط من الدقيق والماء.", "الخميرة", "خليط من الدقيق والماء"),
        ("zh", "酵种是面粉和水的混合物。", "酵种", "面粉和水的混合物"),
        ("ja", "グルテンとは、たんぱく質の網である。", "グルテン", "たんぱく質の網である"),
    ],
)
def test_definitions(language: str, sentence: str, term: str, meaning: str) -> None:
    assert [(one.term, one.meaning) for one in define(sentence, "p1", language)] == [(term, meaning)]


@pytest.mark.parametrize(
    "sentence",
    [
        "This is a mixture of flour and water.",
        "The first step is a rest of an hour.",
        "It is the best of all the breads there are.",
        "Everything in this kitchen is a mixture of things.",
        "The starter is alive.",
        "Bread is good and so is a lot of butter on it.",
    ],
)
def test_no_definitions(sentence: str) -> None:
    assert list(define(sentence, "p1", "en")) == []


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("tide", "tides", True),
        ("tide", "spring tide", True),
        ("loaf", "Loaf", True),
        ("`PATH`", "`$PATH`", True),
        ("spring tide", "spring tides", True),
        ("spring tide", "neap tide", False),
        ("semidiurnal tide", "diurnal tide", False),
        ("flour", "dough", False),
        ("12", "125", False),
        ("perigee", "apogee", False),
    ],
)
def test_alike(one: str, other: str, near: bool) -> None:
    assert alike(one, other) is near
    assert alike(other, one) is near


def test_no_article_and_no_passage_gives_the_key_away() -> None:
    found = material(parse("a.md", BREAD.encode()))
    lexicon = Lexicon(found.atoms, "en")
    ids = [atom.passage.id for atom in found.atoms]
    for passage in ids:
        asked = ask([passage], ids, lexicon, ENGLISH, place="Here", used=set(), rng=random.Random(1))
        for draft in asked:
            assert question_faults(draft) == []
            key = draft.options[draft.key].text.strip("`").casefold()
            if len(key.split()) < 4:
                assert key not in draft.prompt.casefold().split("”")[0]


def test_nothing_is_asked_where_nothing_is_said() -> None:
    text = "# T\n\n" + "\n\n".join(f"And so it goes on, as it always has, with {n} of them." for n in range(3))
    found = material(parse("a.md", text.encode()))
    ids = [atom.passage.id for atom in found.atoms]
    lexicon = Lexicon(found.atoms, "en")
    assert ask(ids, ids, lexicon, ENGLISH, place="x", used=set(), rng=random.Random(1)) == ()


@pytest.mark.parametrize("seed", range(5))
def test_no_slot_is_favoured(seed: int) -> None:
    draft = QuestionDraft("?", tuple(Option(letter, "why") for letter in "ABCD"), 0)
    placed = [one for number in range(0, 60, 3) for one in place_keys([draft] * 3, number, seed)]
    assert all(one.options[one.key].text == "A" and {o.text for o in one.options} == set("ABCD") for one in placed)
    assert set(Counter(one.key for one in placed).values()) == {15}
    assert len({tuple(option.text for option in one.options) for one in placed}) > 6
    assert placed[:3] == list(place_keys([draft] * 3, 0, seed))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_bundled_samples_make_courses_worth_reading(path: Path) -> None:
    source = parse(path.name, path.read_bytes())
    made = make_course(source)
    lessons = [
        (
            lesson.title,
            [Whole(section, quiz.questions) for section, quiz in zip(lesson.sections, lesson.quizzes, strict=True)],
        )
        for lesson in made.lessons
    ]
    assert faults(source, lessons) == []
    quizzes = [quiz for lesson in made.lessons for quiz in lesson.quizzes]
    sections = [section for lesson in made.lessons for section in lesson.sections]
    assert all(2 <= section.minutes <= 15 for section in sections)
    assert sum(section.minutes >= 4 for section in sections) >= len(sections) * 0.7
    assert sum(len(quiz.questions) >= 2 for quiz in quizzes) >= len(sections) * 0.8
    headings = {node.title for node in source.nodes}
    assert {lesson.title for lesson in made.lessons} <= headings
    assert {section.title for section in sections} <= headings


def test_there_are_samples() -> None:
    assert len(SAMPLES) >= 3
