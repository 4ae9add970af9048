"""A hundred real documents that nobody here wrote: the descriptions of every package installed with the tests."""

from __future__ import annotations

import importlib.metadata
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from typing import cast

import pytest

from services.authors.offline import OfflineAuthor
from services.authors.protocol import Order, Source, Wish
from services.documents import parse_document
from services.documents.parse import parse
from services.errors import DocumentRefused
from tests.kit.whole import whole_lesson, whole_plan
from tests.services.authors.course_rules import faults

REFUSALS = {"empty", "too_thin"}  # what may be wrong with a description


def descriptions() -> Iterator[tuple[str, bytes]]:
    """(file name, bytes) of each, its kind as the package declares it."""
    for found in importlib.metadata.distributions():
        meta = cast(Message, found.metadata)
        text = str(meta.get("Description") or meta.get_payload() or "")
        ending = "md" if "markdown" in str(meta.get("Description-Content-Type") or "") else "rst"
        yield f"{meta['Name']}.{ending}", text.encode("utf-8", "surrogateescape")


async def course_faults(author: OfflineAuthor, source: Source) -> list[str]:
    """Asks, plans and writes the whole course as the program does; what is wrong with it."""
    wish = Wish(source.title, "beginner", 60, source.language, source)
    proposal = await author.propose(wish)
    order = Order(
        proposal.title,
        proposal.description,
        proposal.objectives,
        proposal.level,
        proposal.minutes,
        source.language,
        source,
    )
    plan = await whole_plan(author, order)
    lessons = [
        (lesson.title, await whole_lesson(author, order, plan, index)) for index, lesson in enumerate(plan.lessons)
    ]
    found = faults(source, lessons)
    found += [] if 10 <= len(proposal.title) <= 100 else [f"title {proposal.title!r}"]
    found += [] if 50 <= len(proposal.description) <= 500 else [f"description {proposal.description!r}"]
    found += [f"objective {one!r}" for one in proposal.objectives if not 10 <= len(one) <= 200]
    found += [] if 3 <= len(proposal.objectives) <= 10 else ["number of objectives"]
    return found


async def test_every_description_becomes_a_course_or_a_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes: Counter[str] = Counter()
    wrong: dict[str, list[str]] = {}
    author = OfflineAuthor()
    for name, data in descriptions():
        try:
            broken = await course_faults(author, parse(name, data))
        except DocumentRefused as refused:
            outcomes[refused.why] += 1
        else:
            outcomes["course"] += 1
            if broken:
                wrong[name] = broken
    total = outcomes.total()
    with capsys.disabled():
        shares = ", ".join(f"{outcome} {number} ({number / total:.0%})" for outcome, number in outcomes.most_common())
        print(f"\n{total} descriptions of installed packages: {shares}")
    assert wrong == {}
    assert set(outcomes) <= REFUSALS | {"course"}
    assert total >= 60
    assert outcomes["course"] * 3 >= total


async def test_one_of_them_through_the_process() -> None:
    name, data = max(descriptions(), key=lambda found: len(found[1]))
    assert await parse_document(name, data) == parse(name, data)
