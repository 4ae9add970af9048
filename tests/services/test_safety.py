from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from aiohttp import web

from services.authors.moderator import NOT_CHECKED, Screened
from services.authors.openai_moderation import LONGEST, OpenAIModerator
from services.authors.protocol import Option, Order, QuestionDraft, QuizDraft, SectionDraft, Wish
from services.errors import AuthorRefused
from services.generation.making import Arrival
from services.quality.course import CheckedCourse, CheckedLesson, CheckedSection
from services.safety import FirstOf, LocalScreen, Safety, text_of
from tests.kit.hurried_clock import HurriedClock
from tests.kit.studio import Studio, refused, studio

QUESTION = QuestionDraft("Why?", (Option("This", "So."), Option("That", "No.")), 0, "Think.")
ORDER = Order("Bread", "How it rises.", ("Bake it",), "beginner", 60, "en")
COURSE = CheckedCourse(
    "Bread",
    "How it rises.",
    "beginner",
    "en",
    60,
    ("Bake it",),
    (CheckedLesson("One", (), (CheckedSection("S", "Flour.", questions=(QUESTION,)), CheckedSection("Unwritten"))),),
)


def moderator(stub: Studio, seconds: float = 5.0) -> OpenAIModerator:
    return OpenAIModerator(api_key="k", clock=HurriedClock(), base_url=stub.url, seconds=seconds)


def wish(topic: str, detail: str = "") -> Wish:
    return Wish(topic, "beginner", 60, "en", detail=detail)


async def test_each_text_gets_its_own_verdict() -> None:
    async with studio() as stub:
        stub.says = lambda text: ("violence", "hate") if "bad" in text else ()
        said = await moderator(stub).screen(["good", "bad", "", "ｇｏｏｄ"])
    assert said == (Screened(), Screened(("hate", "violence")), Screened(), Screened())


async def test_a_long_text_is_looked_at_to_its_end_and_many_texts_in_few_requests() -> None:
    async with studio() as stub:
        stub.says = lambda text: ("illicit",) if "needle" in text else ()
        long = "hay " * LONGEST + "needle"
        said = await moderator(stub).screen([*["x"] * 70, long])
        assert [one.flagged for one in said] == [*[False] * 70, True]
        assert stub.looked <= 4
        assert max(map(len, stub.read)) <= LONGEST


@pytest.mark.parametrize(
    ("answer", "requests"),
    [
        (lambda: refused(500), 2),
        (lambda: refused(429, "", "rate_limit_exceeded"), 2),
        (lambda: refused(429, "", "rate_limit_exceeded", **{"retry-after": "600"}), 1),
        (lambda: refused(401, "", "invalid_api_key"), 1),
        (lambda: refused(404), 1),
        (lambda: web.Response(body=b"\xff\x00garbage"), 1),
        (lambda: web.json_response({"results": []}), 1),
        (lambda: web.json_response({"results": [{"flagged": "no"}]}), 1),
        (lambda: web.json_response({"results": ["x"]}), 1),
        (lambda: web.Response(body=b"[" * 100_000), 1),
        (lambda: web.Response(body=b" " * 3_000_000), 1),
    ],
    ids=["500", "429", "429 for long", "key", "404", "garbage", "none", "odd", "text", "nested", "huge"],
)
async def test_what_cannot_be_judged_is_not_checked_and_never_in_order(
    answer: Callable[[], web.Response], requests: int
) -> None:
    async with studio() as stub:
        stub.moderation += [answer() for _ in range(3)]
        assert await moderator(stub).screen(["text"]) == (NOT_CHECKED,)
        assert stub.looked == requests


async def test_a_service_that_hangs_is_not_waited_for() -> None:
    async with studio() as stub:
        stub.moderation += [None, None]
        async with asyncio.timeout(5):
            assert await moderator(stub, seconds=0.2).screen(["text"]) == (NOT_CHECKED,)


async def test_flagged_without_a_name_is_flagged() -> None:
    async with studio() as stub:
        stub.moderation.append(web.json_response({"results": [{"flagged": True, "categories": None}]}))
        assert (await moderator(stub).screen(["text"]))[0].flagged


async def test_words_alone_never_say_that_a_text_is_in_order() -> None:
    plain, harmful = await LocalScreen().screen(["bread", "how to make a pipe bomb"])
    assert plain == NOT_CHECKED
    assert harmful.flagged


async def test_who_can_judge_is_believed_and_else_the_words_are_looked_at() -> None:
    async with studio() as stub:
        both = FirstOf(moderator(stub), LocalScreen())
        assert (await both.screen(["how to make a pipe bomb"]))[0] == Screened(), "the service knows better"
        stub.moderation.append(refused(404))
        assert (await both.screen(["how to make a pipe bomb"]))[0].flagged


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        ("how to make a pipe bomb", "unsafe"),
        ("how to kill myself", "unsafe_self_harm"),
        ("c\u00f3mo suicidarme", "unsafe_self_harm"),
    ],
)
async def test_what_is_not_taught_is_refused_with_what_it_is(topic: str, why: str) -> None:
    safety = Safety(LocalScreen())
    for refused_ in (safety.topic(wish(topic)), safety.topic(wish("that", topic))):
        with pytest.raises(AuthorRefused) as caught:
            await refused_
        assert caught.value.why == why
    with pytest.raises(AuthorRefused):
        await safety.order(Order("Bread", topic, ("Bake",), "beginner", 60, "en"))


async def test_what_is_taught_passes_and_without_words_nobody_is_asked() -> None:
    async with studio() as stub:
        safety = Safety(moderator(stub))
        await safety.topic(wish("bread"))
        await safety.order(ORDER)
        assert stub.looked == 2
        await safety.topic(wish("  "))
        assert stub.looked == 2


@dataclass(frozen=True)
class Case:
    piece: SectionDraft | QuizDraft
    path: str


@pytest.mark.parametrize(
    "case",
    [
        Case(SectionDraft(1, "Flour", "A harmful body.", 5), "lessons.2.sections.1.body"),
        Case(QuizDraft(0, (QUESTION,)), "lessons.2.sections.0.questions"),
    ],
)
async def test_a_piece_that_is_flagged_is_a_finding_that_blocks(case: Case) -> None:
    arrival = Arrival(ORDER, 2, case.piece, {})
    assert await Safety(LocalScreen()).check(arrival) == (), "nobody there to look"
    async with studio() as stub:
        safety = Safety(LocalScreen(), moderator(stub))
        assert await safety.check(arrival) == ()
        stub.says = lambda text: ("violence",)
        (finding,) = await safety.check(arrival)
        assert (finding.path, finding.rule, finding.severity) == (case.path, "safety", "error")
        stub.moderation += [refused(500), refused(500)]
        assert await safety.check(arrival) == (), "not checked does not block"


def test_all_words_of_a_piece_are_looked_at() -> None:
    assert text_of(QuizDraft(0, (QUESTION,))).split("\n") == ["Why?", "Think.", "This", "So.", "That", "No."]
    assert text_of(SectionDraft(0, "Title", "Body", 5)) == "Title\n\nBody"


async def test_a_finished_course_is_read_whole_or_not_checked() -> None:
    assert Safety(LocalScreen()).read_whole is None
    async with studio() as stub:
        read = Safety(LocalScreen(), moderator(stub)).read_whole
        assert read is not None
        assert await read(COURSE) == {}
        assert len(stub.read) == 3
        stub.says = lambda text: ("hate",) if "Flour" in text else ()
        assert await read(COURSE) == {"lessons.0.sections.0.body": ("hate",)}
        stub.moderation.append(refused(404))
        assert await read(COURSE) is None
