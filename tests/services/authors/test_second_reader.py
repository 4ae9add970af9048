from __future__ import annotations

import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from services.authors.model.judge import ModelJudge
from services.authors.model.prompting import Prompts
from services.authors.model.reading import Reader, second_readers
from services.authors.model.solving import ModelSolver
from services.authors.protocol import Citation, Option, Payer, QuestionDraft
from services.errors import AuthorBusy, AuthorError, AuthorRefused, AuthorUnusable
from services.quality.judging import Judgements, answerable, guessable
from tests.kit.model_server import Fault, ModelServer, model_server
from tests.services.authors.wire_kit import RecordingPurse, way_to

TEXT = "Yeast makes gas. The gas lifts the dough."
OPTIONS = ("Salt", "Yeast", "Water", "Oil")
PAYER = Payer(7, 12)


def question(key: int) -> QuestionDraft:
    return QuestionDraft(f"What lifts dough {key}?", tuple(Option(text, "Because.") for text in OPTIONS), key)


@dataclass
class Second:
    reader: Reader
    purse: RecordingPurse
    stub: ModelServer

    @property
    def asked(self) -> list[str]:
        """The last words of each call, with the material."""
        return [str(call.body["messages"][-1]["content"]) for call in self.stub.calls]


@asynccontextmanager
async def second(*faults: Fault, readers: tuple[str, ...] = ("openai",)) -> AsyncIterator[Second]:
    async with model_server(*faults) as stub, way_to(stub) as way:
        stub.solves = lambda prompt, options: options.index("Yeast") + 1
        providers = tuple(way.providers[name] for name in readers)
        yield Second(Reader(way.caller, providers, Prompts(), random.Random(3)), way.purse, stub)


async def test_a_question_is_solved_from_its_text_by_one_call() -> None:
    async with second() as made:
        solver = ModelSolver(made.reader)
        assert await solver.solve("What lifts dough?", OPTIONS, TEXT, PAYER) == 1
        assert await solver.solve("What lifts dough?", OPTIONS[::-1], TEXT, PAYER) == 2
        assert [call.provider for call in made.stub.calls] == ["openai", "openai"]
        assert [(payer, step) for payer, _, step in made.purse.reserved] == [(PAYER, "solve")] * 2
        assert all(TEXT in asked for asked in made.asked)


@pytest.mark.parametrize("answer", [0, -1, 5, 99])
async def test_an_answer_that_names_no_option_is_no_answer(answer: int) -> None:
    async with second() as made:
        made.stub.solves = lambda prompt, options: answer
        assert await ModelSolver(made.reader).solve("What?", OPTIONS, TEXT, PAYER) is None


async def test_who_fails_is_followed_by_the_next() -> None:
    async with second(Fault("key_refused", provider="openai"), readers=("openai", "claude")) as made:
        assert await ModelSolver(made.reader).solve("What?", OPTIONS, TEXT, PAYER) == 1
        assert [call.provider for call in made.stub.calls] == ["openai", "claude"]


@pytest.mark.parametrize(
    ("fault", "error", "calls"),
    [
        (Fault("rate_limit", times=9), AuthorBusy, 4),
        (Fault("key_refused", times=9), AuthorUnusable, 1),
        (Fault("spent", times=9), AuthorUnusable, 1),
        (Fault("refusal", times=9), AuthorRefused, 1),
        (Fault("invalid_json", times=9), AuthorUnusable, 3),
    ],
    ids=lambda each: each.name if isinstance(each, Fault) else None,
)
async def test_what_cannot_be_solved_says_why(fault: Fault, error: type[AuthorError], calls: int) -> None:
    async with second(fault) as made:
        with pytest.raises(error):
            await ModelSolver(made.reader).solve("What?", OPTIONS, TEXT, PAYER)
        assert len(made.stub.calls) == calls


async def test_a_section_is_judged_with_its_text_and_guessed_without_it() -> None:
    async with second() as made:
        questions = (question(1), question(0))
        citations = (Citation("p1", "Yeast makes gas.", "page 3"),)
        judged = await ModelJudge(made.reader, PAYER).judge(TEXT, citations, questions, "en")
        assert judged == Judgements((True,), (1, 1), (1, 1))
        seen, blind = made.asked
        assert TEXT in seen
        assert "The gas lifts" not in blind
        assert {payer for payer, _, _ in made.purse.reserved} == {PAYER}
        keys = {(0, 0): [1, 0]}
        found = answerable({(0, 0): judged}, keys)
        assert found is not None
        assert [finding.path for finding in found] == ["lessons.0.sections.0.questions.1"]
        assert guessable({(0, 0): judged}, keys) is None, "two guesses say nothing"


async def test_nobody_is_told_a_key_and_options_are_shuffled() -> None:
    async with second() as made:
        await ModelJudge(made.reader).judge(TEXT, (), tuple(question(1) for _ in range(8)), "en")
        shown = []
        for asked in made.asked:
            lines = [json.loads(line) for line in asked.splitlines() if line.startswith('{"question"')]
            assert all(set(line["question"]) == {"number", "prompt", "options"} for line in lines)
            shown += [line["question"]["options"][0].partition(". ")[2] for line in lines]
        assert len(set(shown)) > 2


async def test_none_of_the_options_disagrees_with_every_key() -> None:
    async with second() as made:
        made.stub.solves = lambda prompt, options: 0
        judged = await ModelJudge(made.reader).judge(TEXT, (), (question(1),), "en")
        found = answerable({(0, 0): judged}, {(0, 0): [1]})
        assert found is not None
        assert len(list(found)) == 1


async def test_a_section_with_nothing_to_judge_costs_nothing() -> None:
    async with second() as made:
        assert await ModelJudge(made.reader).judge(TEXT, (), (), "en") == Judgements()
        assert made.stub.calls == []


async def test_too_few_answers_are_asked_for_again() -> None:
    async with second() as made:
        made.stub.says = json.dumps({"supported": [], "answers": [1]})
        with pytest.raises(AuthorUnusable):
            await ModelJudge(made.reader).judge(TEXT, (), (question(0), question(1)), "en")
        assert len(made.stub.calls) == 3
        assert "There must be 2 answers" in made.asked[-1]


async def test_the_second_reader_is_not_the_writer() -> None:
    async with model_server() as stub, way_to(stub) as way:
        claude, openai = way.providers["claude"], way.providers["openai"]
        assert [one.name for one in second_readers((claude, openai))] == ["openai"]
        (alone,) = second_readers((claude,))
        assert alone.lesson_model == claude.plan_model != claude.lesson_model
        assert second_readers((openai,)) == (), "one model cannot give a second opinion on itself"
        assert second_readers(()) == ()
