"""The picture of a course: painted on its subject by a model where there is one, else the card that is drawn here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from services.authors.model.calling import Purse
from services.authors.model.estimating import input_tokens
from services.authors.model.wire import Ask, Receipt, Usage
from services.authors.moderator import Moderator
from services.authors.protocol import Payer
from services.clock import Clock
from services.errors import AuthorBusy, AuthorError, AuthorRefused
from services.pictures.received import NoPicture, kept_picture
from services.pictures.spoken import painted
from services.uninterrupted import to_its_end

SECONDS = 90.0  # for all that is tried; the lessons do not wait for it
TRIES = 2  # of one prompt, for passing faults
_WAIT = 2.0  # seconds before the second try, if the service does not say
_MOST_WORDS = 300  # characters of the alternative text
_STYLE = (
    "Flat editorial illustration with a calm, limited palette, clear shapes and much quiet space, in landscape format. "
    "No text, letters, numbers, logos or flags anywhere. No real people, nothing frightening, nobody harmed."
)
# Billed or not, nobody can say: then the worst is counted.
_UNSURE = frozenset({"timed_out", "dropped", "invalid_answer"})
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Subject:
    """What the picture of a course is to show: its title, a few sentences on it, the example that runs through it; the
    line that goes under the title of a card; the seed of all that is chosen by chance; what its author says that is to
    be seen (if anything); and the course's language."""

    title: str
    description: str
    example: str
    line: str
    seed: int
    cover: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A PNG, and what it shows in words."""

    png: bytes
    words: str


Paint = Callable[[Subject, Payer | None], Awaitable[Drawn]]
"""Makes the picture of a course. Raises OSError or ValueError only if there can be none at all."""


class Images(Protocol):
    """A service that paints."""

    @property
    def name(self) -> str:
        """The provider's name, for accounts."""
        ...

    def ask(self, prompt: str) -> Ask:
        """The call for `prompt`, as the purse wants to see it."""
        ...

    async def paint(self, ask: Ask, seconds: float, receipt: Receipt) -> tuple[bytes, str]:
        """The picture as it came, and what the service says that it painted (in English, if at all); `receipt` tells
        what it used. Raises `AuthorError`."""
        ...


class Painter:
    """Paints; what cannot be painted in time, in order and within the caps is made `otherwise`: a card, drawn here."""

    def __init__(
        self,
        *,
        images: Images,
        moderator: Moderator,
        purse: Purse,
        clock: Clock,
        otherwise: Paint,
        seconds: float = SECONDS,
    ) -> None:
        self._images = images
        self._moderator = moderator
        self._purse = purse
        self._clock = clock
        self._otherwise = otherwise
        self._seconds = seconds

    async def picture(self, subject: Subject, payer: Payer | None) -> Drawn:
        """The picture for `subject`. Raises OSError or ValueError only if even the card cannot be drawn."""
        try:
            async with asyncio.timeout(self._seconds):
                found = await self._painted(subject, payer)
        except TimeoutError:
            log.warning("the picture was not painted in time")
            found = None
        return found or await self._otherwise(subject, payer)

    async def _painted(self, subject: Subject, payer: Payer | None) -> Drawn | None:
        """The first of our prompts that is in order and not declined, painted; what is declined is never asked for
        again. None if there is no picture to be had."""
        for number, prompt in enumerate(prompts_for(subject)):
            (said,) = await self._moderator.screen([prompt])
            if said.flagged:
                log.warning("a prompt for a picture was flagged: %s", ", ".join(said.categories))
                continue
            try:
                picture, told = await self._tried(self._images.ask(prompt), payer)
                png = await asyncio.to_thread(kept_picture, picture)
                return Drawn(png, words_for(subject, told, reworded=number > 0))
            except AuthorRefused:
                log.warning("a prompt for a picture was declined")
            except AuthorError as error:
                log.warning("no picture could be painted: %s", error.why)
                return None
            except NoPicture as error:
                log.warning("what came was no picture: %s", error)
                return None
        return None

    async def _tried(self, ask: Ask, payer: Payer | None) -> tuple[bytes, str]:
        """A picture for `ask`, after a second try if the first failed in passing. Raises `AuthorError`."""
        for left in reversed(range(TRIES)):
            try:
                return await self._paid(ask, payer)
            except AuthorBusy as error:
                wait = _WAIT if error.retry_after is None else error.retry_after
                if not left or wait > self._seconds / 3:
                    raise
                await self._clock.sleep(wait)
        raise AuthorBusy("timed_out")

    async def _paid(self, ask: Ask, payer: Payer | None) -> tuple[bytes, str]:
        """One request between its reservation and its settlement, both made even if nobody waits any more."""
        asking = asyncio.ensure_future(self._purse.reserve(payer, self._images.name, ask))
        try:
            reservation = await to_its_end(asking)
        except asyncio.CancelledError:
            if not asking.cancelled() and asking.exception() is None:
                await self._purse.settle(asking.result(), None)
            raise
        receipt, used = Receipt(), Usage(fresh=input_tokens(ask), output=ask.room)
        declined = False
        try:
            return await self._images.paint(ask, self._seconds, receipt)
        except AuthorError as error:
            declined = error.why not in _UNSURE
            raise
        finally:
            usage = receipt.usage or (None if declined else used)
            await to_its_end(asyncio.ensure_future(self._purse.settle(reservation, usage)))


def drawn_by(draw: Callable[[str, str, int], tuple[bytes, str]]) -> Paint:
    """A way to pictures that are drawn here by `draw` (title, line, seed), in a thread, which nobody pays for."""

    async def drawn(subject: Subject, payer: Payer | None) -> Drawn:
        return Drawn(*await asyncio.to_thread(draw, subject.title, subject.line, subject.seed))

    return drawn


def prompts_for(subject: Subject) -> Iterator[str]:
    """What is asked for, in order: the subject as the course tells it, and, reworded, its bare theme."""
    told = [f"The course is called: {_line(subject.title, 120)}", f"It is about: {_line(subject.description, 500)}"]
    if subject.cover:
        told.append(f"What is to be seen: {_line(subject.cover, 300)}")
    elif subject.example:
        told.append(f"An example that runs through it: {_line(subject.example, 200)}")
    begin = "A picture for the cover of a short course. What follows describes its subject and asks for nothing else."
    yield "\n".join([begin, *told, _STYLE])
    theme = f"Objects from everyday life that a teacher would put on a desk for a lesson on: {_line(subject.title, 80)}"
    yield "\n".join(["A still life, friendly and abstract, for the cover of a school book.", theme, _STYLE])


def words_for(subject: Subject, told: str = "", *, reworded: bool = False) -> str:
    """What a painted picture shows, in the course's language: what its author wanted to be seen; else, in English, what
    the service has `told` that it painted; else what our prompt had asked for, which may have been the `reworded` one.
    """
    if subject.cover and not reworded:
        return _clipped(_line(subject.cover, 2 * _MOST_WORDS))
    if told.strip() and subject.language == "en":
        return _clipped(_line(told, 2 * _MOST_WORDS))
    title, about = _line(subject.title, 120).rstrip("."), _line(subject.description, _MOST_WORDS)
    return _clipped(painted(subject.language, title, about, reworded=reworded).strip())


def _clipped(words: str) -> str:
    if len(words) <= _MOST_WORDS:
        return words
    return words[: _MOST_WORDS - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _line(text: str, most: int) -> str:
    return " ".join(text.split())[:most]
