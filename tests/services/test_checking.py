"""Reports of stored courses, on both databases: made, kept, made anew once the course is another."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from services.authors.codec import findings_to_json
from services.authors.protocol import Passage, Source, SourceNode
from services.checking import Checking
from services.documents import source_to_data
from services.errors import NotFound
from services.quality.finding import Finding
from services.quality.report import Verdict
from storage.database import Database
from storage.models import Course, Document, QualityReport, Question, Section
from tests.kit.clocks import HeldClock
from tests.kit.database import database, postgres, sqlite
from tests.kit.school import START, add_course, add_learner
from tests.services.quality.kit import PROSE, question

__all__ = ["database", "postgres", "sqlite"]

PASSAGE = Passage("p1", PROSE["en"], "Yeast", "page 1")
SOURCE = Source("Bread", "en", (SourceNode("Yeast", 1, (PASSAGE,)),), 40)


async def stored(database: Database) -> tuple[int, list[int]]:
    return await add_course(database, await add_learner(database))


async def put(database: Database, *statements: Any) -> None:
    async with database.transaction() as session:
        for statement in statements:
            await session.execute(statement)


async def add_question(database: Database, section: int, **changes: Any) -> None:
    draft = question()
    values: dict[str, Any] = {
        "section_id": section,
        "position": 0,
        "prompt": draft.prompt,
        "options": [{"text": one.text, "explanation": one.explanation} for one in draft.options],
        "key": 0,
        "hint": draft.hint,
        "seed": 1,
        "voided_at": None,
        "objective": 0,
        "bloom": "",
        "made": None,
    }
    async with database.transaction() as session:
        session.add(Question(**{**values, **changes}))


async def rule(checking: Checking, course: int, name: str) -> Verdict:
    report = (await checking.latest(course)).report
    return next(verdict for verdict in report.verdicts if verdict.rule == name)


async def test_a_report_is_kept_until_the_course_is_another(database: Database) -> None:
    clock = HeldClock()
    checking = Checking(database=database, clock=clock)
    course, sections = await stored(database)
    first = await checking.latest(course)
    assert (first.report.written, first.report.sections, first.at) == (6, 6, clock.now())
    clock.move(60)
    assert await checking.latest(course) == first
    for changed in (
        update(Section).where(Section.id == sections[0]).values(version=2, body=PROSE["de"]),
        update(Course).where(Course.id == course).values(title="Another title"),
        delete(Section).where(Section.id == sections[5]),
    ):
        await put(database, changed)
        clock.move(60)
        assert (await checking.latest(course)).at == clock.now()
    await add_question(database, sections[0])
    clock.move(60)
    fresh = await checking.latest(course)
    assert fresh.at == clock.now()
    assert await checking.check(course) == fresh  # asked for: made anew, and the same
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(QualityReport)) == 1


async def test_what_is_stored_is_what_is_checked(database: Database) -> None:
    checking = Checking(database=database, clock=HeldClock())
    course, sections = await stored(database)
    mended = Finding("lessons.0.sections.0.body", "shape", "a table", "no tables", outcome="mended")
    still = replace(mended, rule="leftovers", outcome="open")
    kept = findings_to_json((mended, still))
    await put(
        database,
        update(Section)
        .where(Section.id == sections[0])
        .values(findings=kept, body=f"{PROSE['en']}\n\nTODO", version=2),
        update(Section).where(Section.id == sections[1]).values(body="", minutes=4),
    )
    await add_question(database, sections[0], objective=4, key=9)
    await add_question(database, sections[2])
    await add_question(database, sections[3], voided_at=START, objective=7)
    report = (await checking.latest(course)).report
    assert (report.written, report.mended) == (5, 1)
    assert [one.path for one in (await rule(checking, course, "leftovers")).findings] == ["lessons.0.sections.0.body"]
    assert [one.path for one in (await rule(checking, course, "one_key")).findings] == [
        "lessons.0.sections.0.questions.0.key"
    ]
    assert [one.path for one in (await rule(checking, course, "coverage")).findings] == [
        "lessons.0.sections.0.questions.0.objective"
    ]  # what is voided does not count
    assert (await rule(checking, course, "citations")).status == "not_applicable"


async def test_citations_are_looked_up_in_the_document(database: Database) -> None:
    checking = Checking(database=database, clock=HeldClock())
    owner = await add_learner(database)
    course, sections = await add_course(database, owner)
    async with database.transaction() as session:
        text = json.dumps(source_to_data(SOURCE))
        document = Document(
            learner_id=owner, name="bread.md", title="Bread", language="en", words=40, source=text, created_at=START
        )
        session.add(document)
        await session.flush()
        await session.execute(update(Course).where(Course.id == course).values(document_id=document.id))
        quote = {"passage": "p1", "quote": "It eats sugar", "place": "page 1"}
        await session.execute(update(Section).where(Section.course_id == course).values(citations=[quote]))
    assert (await rule(checking, course, "citations")).status == "passed"
    wrong = {"passage": "p1", "quote": "It eats salt", "place": "page 1"}
    await put(database, update(Section).where(Section.id == sections[3]).values(citations=[wrong], version=2))
    assert [one.path for one in (await rule(checking, course, "citations")).findings] == [
        "lessons.1.sections.1.citations.0"
    ]
    await put(database, delete(Document))
    # The document is gone: what cannot be looked up is neither right nor wrong.
    assert (await rule(checking, course, "citations")).status == "not_applicable"


async def test_a_model_is_held_to_more(database: Database) -> None:
    checking = Checking(database=database, clock=HeldClock())
    course, _ = await stored(database)
    assert {one.severity for one in (await rule(checking, course, "reading_time")).findings} == {"warning"}
    await put(database, update(Course).values(credit={"ai": True, "name": "claude"}, title="By a model"))
    assert "error" in {one.severity for one in (await rule(checking, course, "reading_time")).findings}


async def test_a_course_that_is_gone(database: Database) -> None:
    checking = Checking(database=database, clock=HeldClock())
    for ask in (checking.latest, checking.check):
        with pytest.raises(NotFound):
            await ask(404)
    course, _ = await stored(database)
    await checking.check(course)
    await put(database, delete(Course).where(Course.id == course))
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(QualityReport)) == 0


async def test_two_at_once(database: Database) -> None:
    clock = HeldClock()
    checking = Checking(database=database, clock=clock)
    course, _ = await stored(database)
    one, other = await asyncio.gather(checking.latest(course), checking.check(course))
    assert one.report == other.report
    assert one.at - other.at == timedelta()
