"""Pictures, moderation and second opinions, where there are keys for them; else what this house can do by itself."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.settings import Settings
from services.authors.model.calling import Calls, Purse
from services.authors.model.judge import ModelJudge
from services.authors.model.prompting import Prompts
from services.authors.model.provider import Provider
from services.authors.model.reading import Reader, second_readers
from services.authors.model.solving import ModelSolver
from services.authors.moderator import Moderator
from services.authors.openai_images import OpenAIImages
from services.authors.openai_moderation import OpenAIModerator
from services.clock import Clock
from services.generation.opinions import Judges
from services.generation.service import draw_card
from services.pictures.painting import Paint, Painter, drawn_by
from services.safety import FirstOf, LocalScreen, Safety


@dataclass(frozen=True, slots=True)
class Extras:
    """Who paints, who looks at topics and texts, who gives second opinions (None: nobody)."""

    paint: Paint
    safety: Safety
    judges: Judges | None
    solver: ModelSolver | None


def make_extras(
    settings: Settings,
    providers: Sequence[Provider],
    calls: Calls,
    purse: Purse,
    clock: Clock,
    rng: random.Random,
) -> Extras:
    """All of them, as they are set."""
    reader = make_reader(providers, calls, rng)
    solver = ModelSolver(reader) if reader else None
    return Extras(
        make_paint(settings, purse, clock), make_safety(settings, clock), make_judges(settings, reader), solver
    )


def make_safety(settings: Settings, clock: Clock) -> Safety:
    """Who looks at topics, and at what is written."""
    reader = _moderator(settings, clock)
    judge: Moderator = FirstOf(reader, LocalScreen()) if reader else LocalScreen()
    return Safety(judge, reader)


def make_paint(settings: Settings, purse: Purse, clock: Clock) -> Paint:
    """Who makes the pictures of courses."""
    drawn, model = drawn_by(draw_card), settings.image_model
    if model is None:
        return drawn
    images = OpenAIImages(**_account(settings, clock), model=model)
    reader = _moderator(settings, clock)
    moderator: Moderator = FirstOf(reader, LocalScreen()) if reader else LocalScreen()
    return Painter(images=images, moderator=moderator, purse=purse, clock=clock, otherwise=drawn).picture


def make_reader(providers: Sequence[Provider], calls: Calls, rng: random.Random) -> Reader | None:
    """A second reader beside the model that writes; None without another model."""
    readers = second_readers(providers)
    return Reader(calls, readers, Prompts(), rng) if readers else None


def make_judges(settings: Settings, reader: Reader | None) -> Judges | None:
    """Whoever judges finished courses, where that is wished for."""
    if reader is None or not settings.second_opinion:
        return None
    return lambda payer: ModelJudge(reader, payer)


def _moderator(settings: Settings, clock: Clock) -> OpenAIModerator | None:
    model = settings.moderation_model
    return OpenAIModerator(**_account(settings, clock), model=model) if model else None


def _account(settings: Settings, clock: Clock) -> dict[str, Any]:
    key = settings.openai_api_key
    return {"api_key": key.get_secret_value() if key else "", "base_url": settings.openai_base_url, "clock": clock}
