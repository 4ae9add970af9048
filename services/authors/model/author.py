"""The author that is a language model, whichever providers are on the other end of its wires."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace

from services.authors.model import material, mend, plan_drafts, schemas, sizes
from services.authors.model.answers import parsed
from services.authors.model.asks import Asks, Job
from services.authors.model.bench import Bench
from services.authors.model.calling import Calls
from services.authors.model.ladder import Ladder
from services.authors.model.planning import Planning
from services.authors.model.prompting import Prompts
from services.authors.model.provider import Provider
from services.authors.model.writing import LessonWriting
from services.authors.protocol import (
    Check,
    CoursePlan,
    Credit,
    Order,
    Piece,
    PlanPart,
    Proposal,
    Source,
    Wanted,
    Wish,
)
from services.documents.language import language_of
from services.errors import AuthorAsks, AuthorError, AuthorRefused, AuthorUnusable, DocumentRefused
from services.rules.wording import clip

_LANGUAGE = re.compile(r"[a-z]{2}")
LONGEST_QUESTION = 300
PING_SECONDS = 5.0


class ModelAuthor:
    """Writes courses by asking the models of `providers`, the first of them first; satisfies `Author`.

    Keeps nothing between calls. `rng` marks where a wish begins and ends: a `random.SystemRandom` outside tests.
    """

    def __init__(self, calls: Calls, providers: Sequence[Provider], *, rng: random.Random) -> None:
        self._providers = tuple(providers)
        self._rng = rng
        prompts = Prompts()
        self._bench = Bench(calls, Asks(prompts), self._providers, prompts.version)

    @property
    def name(self) -> str:
        """The first provider's: stable, stored with the course; each piece says who made it."""
        return self._providers[0].name

    @property
    def providers(self) -> tuple[Provider, ...]:
        """Who is asked, in order."""
        return self._providers

    @property
    def needs_source(self) -> bool:
        """A model can write from a topic alone."""
        return False

    def credit(self, order: Order) -> Credit:
        """Who writes it: the first provider's models and the version of the prompts."""
        made_from = order.source.title if order.source else ""
        return Credit(True, self.name, self._providers[0].models, self._bench.version, made_from)

    async def load(self) -> None:
        """Load the SDKs now rather than at the first call, which would otherwise wait a second or two for them."""
        for provider in self._providers:
            await provider.wire.load()

    async def ping(self) -> None:
        """Whether the first provider answers and knows our models, within 5 s, tried once. Raises `AuthorError`."""
        first = self._providers[0]
        offered = await first.wire.models(PING_SECONDS, first.models)
        if offered is not None and not offered.issuperset(first.models):
            raise AuthorUnusable("model_unknown")

    async def aclose(self) -> None:
        """Close the connections to all providers."""
        for provider in self._providers:
            await provider.wire.aclose()

    async def propose(self, wish: Wish) -> Proposal:
        """One small call that also says whether the wish can be taught. Raises what `Author.propose` raises."""
        enough = _enough(wish.source, wish.minutes)
        wish = replace(wish, minutes=enough or wish.minutes)
        answer, language = await self._proposed(wish)
        return Proposal(
            title=answer.title,
            description=answer.description,
            objectives=tuple(answer.objectives),
            level=wish.level,
            minutes=wish.minutes,
            language=language,
            making_seconds=sizes.making_seconds(wish.minutes),
            enough_for=enough,
        )

    async def enough_for(self, order: Order) -> int:
        """See `Author.enough_for`."""
        return _enough(order.source, order.minutes)

    async def _proposed(self, wish: Wish) -> tuple[schemas.ProposalShape, str]:
        """A proposal that holds, and the language of the course."""
        ladder, key = Ladder(self._providers), f"{self._rng.getrandbits(64):016x}"
        while True:
            try:
                ask = self._bench.asks.proposal(wish, key, ladder)
                answer = parsed(await self._bench.whole(ask, wish.payer, ladder), schemas.ProposalShape)
                language = _language(answer.language, wish)
                if answer.verdict == "unsafe":
                    raise AuthorRefused("declined")
                question = clip(mend.line(answer.question), LONGEST_QUESTION)
                if answer.verdict == "vague" and question and wish.may_ask:
                    raise AuthorAsks(question, language)
                return plan_drafts.proposal_of(answer), language
            except AuthorError as error:
                ladder.after(error)

    async def plan(self, order: Order, known: CoursePlan | None = None) -> AsyncGenerator[PlanPart, None]:
        """One streamed call for what is not `known`, and more for what it leaves out."""
        planning = Planning(self._bench.calls, self._bench.asks, order, known, self._bench.version)
        async with aclosing(planning.parts(Ladder(self._providers))) as parts:
            async for part in parts:
                yield part

    async def write_lesson(
        self, order: Order, plan: CoursePlan, lesson: int, wanted: Wanted, check: Check
    ) -> AsyncGenerator[Piece, None]:
        """Each piece as soon as it holds. Close the generator (``contextlib.aclosing``) when no more is wanted: that
        ends the calls."""
        passages = None
        if order.source:
            passages = material.by_id(material.passages_for(order.source, plan.lessons[lesson]))
        writing = LessonWriting(self._bench, Job(order, plan, lesson, passages), wanted, check)
        async with aclosing(writing.pieces()) as pieces:
            async for piece in pieces:
                yield piece


def _enough(source: Source | None, minutes: int) -> int:
    """The minutes that `source` is enough for, if that is fewer than `minutes` or makes fewer lessons; else 0. Raises
    `DocumentRefused`."""
    if source is None:
        return 0
    found = material.source_characters(source)
    if found < material.THINNEST_SOURCE:
        raise DocumentRefused("too_thin", str(found))
    enough = min(minutes, sizes.enough_for(found, source.language))
    fewer, _ = sizes.size_from(found, source.language, enough)
    usual, _ = sizes.size_for(minutes)
    return enough if enough < minutes or fewer < usual else 0


def _language(said: str, wish: Wish) -> str:
    """The language of a course: what the script of the wish tells, and where that is Latin, which tells nothing, what
    the model says."""
    code = said.strip().lower().partition("-")[0]
    told_by_script = language_of(wish.topic) != "en"
    return code if _LANGUAGE.fullmatch(code) and not told_by_script else wish.language
