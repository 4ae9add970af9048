"""Who paints, moderates and gives second opinions, by the settings."""

from __future__ import annotations

import random

import pytest

from bot.providers import make_providers
from bot.settings import load_settings
from bot.studio import make_extras
from services.authors.model.caller import Caller
from services.authors.model.calling import OpenPurse
from services.clock import SystemClock

KEY = "sk-not-a-real-key-0123456789"
ELSEWHERE = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_MODEL": "llama4"}


@pytest.mark.parametrize(
    ("environ", "models"),
    [
        ({}, (None, None)),
        ({"ANTHROPIC_API_KEY": KEY}, (None, None)),
        ({"OPENAI_API_KEY": KEY}, ("gpt-image-2.6-flare", "omni-moderation-latest")),
        ({"OPENAI_API_KEY": KEY, "OPENAI_IMAGE_MODEL": "none"}, (None, "omni-moderation-latest")),
        ({"OPENAI_API_KEY": KEY, "OPENAI_MODERATION_MODEL": "none"}, ("gpt-image-2.6-flare", None)),
        ({"OPENAI_API_KEY": KEY, **ELSEWHERE}, (None, None)),
        ({"OPENAI_API_KEY": KEY, **ELSEWHERE, "OPENAI_IMAGE_MODEL": "flux"}, ("flux", None)),
        ({**ELSEWHERE, "OPENAI_IMAGE_MODEL": "flux"}, (None, None)),
    ],
)
def test_who_paints_and_moderates(environ: dict[str, str], models: tuple[str | None, str | None]) -> None:
    settings = load_settings(environ, None)
    assert (settings.image_model, settings.moderation_model) == models


@pytest.mark.parametrize(
    ("environ", "opinions"),
    [
        ({}, (False, False)),
        ({"ANTHROPIC_API_KEY": KEY}, (False, True)),
        ({"ANTHROPIC_API_KEY": KEY, "SECOND_OPINION": "1"}, (True, True)),
        ({"OPENAI_API_KEY": KEY, "SECOND_OPINION": "1"}, (False, False)),
        ({"ANTHROPIC_API_KEY": KEY, "OPENAI_API_KEY": KEY}, (False, True)),
    ],
)
async def test_who_gives_second_opinions(environ: dict[str, str], opinions: tuple[bool, bool]) -> None:
    settings, clock, rng = load_settings(environ, None), SystemClock(), random.Random(1)
    providers = make_providers(settings, clock)
    caller = Caller(providers, purse=OpenPurse(), clock=clock, rng=rng)
    extras = make_extras(settings, providers, caller, OpenPurse(), clock, rng)
    assert (extras.judges is not None, extras.solver is not None) == opinions
    await caller.aclose()
