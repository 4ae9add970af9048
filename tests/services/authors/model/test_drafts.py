from __future__ import annotations

import pytest

from services.authors.model.drafts import cited_anew, parts_of, patched, question_of, section_of
from services.authors.model.schemas import CitationShape, OptionShape, PatchShape, QuestionShape, SectionShape
from services.authors.protocol import Made, Passage, SectionPlan
from services.authors.retry import BadAnswer

PLANNED = SectionPlan("Title", "focus", 6)
MADE = Made("claude", "m", "1")
PASSAGES = {"p1": Passage("p1", "Bread rises because yeast breathes. See https://x.example for it.", "", "page 1")}
DRAFT = section_of(SectionShape(number=2, body="One.\n\nTwo.\n\n```py\nx = 1\n\ny = 2\n```"), PLANNED, None, MADE)


def question(key: int = 0, objective: int = 1, bloom: str = "apply") -> QuestionShape:
    options = [OptionShape(text=f"{letter}\n", explanation="w " * 300) for letter in "abcd"]
    return QuestionShape(
        number=1, prompt="Why?", options=options, key=key, hint="Look again. " * 40, objective=objective, bloom=bloom
    )


def test_a_section_counts_its_own_minutes_and_loses_its_links() -> None:
    body = "word " * 900 + "\n\nSee [the page](https://x.example/y) or www.z.example."
    draft = section_of(SectionShape(number=2, body=body), PLANNED, None, MADE)
    assert (draft.index, draft.title, draft.minutes, draft.made) == (1, "Title", 7, MADE)
    assert draft.body.endswith("See the page or")


def test_a_section_keeps_true_quotes_and_no_others() -> None:
    claims = [CitationShape(passage="p1", quote=text) for text in ("yeast breathes. See for it", "yeast sleeps well")]
    draft = section_of(SectionShape(number=1, body="Bread rises.", citations=claims), PLANNED, PASSAGES, MADE)
    assert [(each.quote, each.place) for each in draft.citations] == [
        ("yeast breathes. See https://x.example for it", "page 1")
    ]
    more = cited_anew(draft, [CitationShape(passage="p1", quote="Bread rises because")], PASSAGES)
    assert len(more.citations) == 2


def test_a_text_is_repaired_by_parts() -> None:
    assert parts_of(DRAFT.body) == ["One.", "Two.", "```py\nx = 1\n\ny = 2\n```"]
    patches = [("body.1", "2a.\n\n2b."), ("lessons.0.sections.1.body.0", ""), ("body.3", "End."), ("body.9", "no")]
    other = patched(DRAFT, [PatchShape(path=path, text=text) for path, text in patches])
    assert other.body == "2a.\n\n2b.\n\n```py\nx = 1\n\ny = 2\n```\n\nEnd."
    assert other.made == MADE


@pytest.mark.parametrize("paths", [[], ["body.9"], ["title"], ["body.-1"]])
def test_a_repair_without_a_known_path_is_sent_back(paths: list[str]) -> None:
    with pytest.raises(BadAnswer):
        patched(DRAFT, [PatchShape(path=path, text="x") for path in paths])


def test_a_question_is_mended() -> None:
    made = question_of(question(objective=3, bloom="memorise"), (0, 2), 3)
    assert (made.objective, made.bloom, made.options[0].text) == (2, "", "a")
    assert len(made.options[0].explanation) <= 200
    assert len(made.hint) <= 200
    assert question_of(question(objective=9), (0, 1), 3).objective is None
    assert question_of(question(objective=3), (1,), 3).objective == 1
    assert question_of(question(), (), 3).bloom == "apply"


@pytest.mark.parametrize("key", [-1, 4])
def test_a_key_that_is_no_option_is_sent_back(key: int) -> None:
    with pytest.raises(BadAnswer):
        question_of(question(key=key), (), 3)
