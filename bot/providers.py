"""The providers of models that there are keys for, and whether they know the models that are set."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.settings import Settings
from services.authors.claude import claude_provider
from services.authors.model.provider import Provider
from services.authors.openai_compatible import openai_provider
from services.clock import Clock
from services.errors import AuthorError

CHECK_SECONDS = 5.0
_NEAR = 3  # models to name instead of an unknown one
log = logging.getLogger(__name__)


class ModelsError(Exception):
    """A model or a key is wrong; the text is one sentence for the person who starts Lectern."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What a provider is called, the setting of its key, and those of its models (plan, lesson)."""

    called: str
    key: str
    models: tuple[str, str]


_WORDS = {
    "claude": _Words("Anthropic", "ANTHROPIC_API_KEY", ("ANTHROPIC_PLAN_MODEL", "ANTHROPIC_LESSON_MODEL")),
    "openai": _Words("the OpenAI-compatible service", "OPENAI_API_KEY", ("OPENAI_MODEL", "OPENAI_MODEL")),
}


def make_providers(settings: Settings, clock: Clock) -> tuple[Provider, ...]:
    """Whom to ask, in order: Claude, then the OpenAI-compatible service, as far as they are set."""
    providers: list[Provider] = []
    if settings.anthropic_api_key is not None:
        claude = claude_provider(
            api_key=settings.anthropic_api_key.get_secret_value(),
            clock=clock,
            base_url=settings.anthropic_base_url,
            plan_model=settings.anthropic_plan_model,
            lesson_model=settings.anthropic_lesson_model,
        )
        providers.append(claude)
    if settings.openai_api_key is not None or settings.openai_base_url is not None:
        key = settings.openai_api_key
        openai = openai_provider(
            api_key=key.get_secret_value() if key else None,
            clock=clock,
            base_url=settings.openai_base_url,
            model=settings.openai_model,
        )
        providers.append(openai)
    return tuple(providers)


async def check_models(providers: Iterable[Provider], seconds: float = CHECK_SECONDS) -> None:
    """Ask each provider once for its list of models. Raises `ModelsError` for a model that is not (or no longer) on it,
    and for a key that is refused; a provider that cannot be reached, or keeps no list, is taken as it is."""
    for provider in providers:
        words = _WORDS[provider.name]
        try:
            offered = await provider.wire.models(seconds, provider.models)
        except AuthorError as error:
            if error.why == "key_refused":
                raise ModelsError(
                    f"{words.key} was refused by {words.called}; set it to a key that is valid."
                ) from None
            log.warning("The models of %s could not be looked up now (%s); going on", words.called, error.why)
            continue
        if offered is not None:
            _compare(provider, words, offered)


def _compare(provider: Provider, words: _Words, offered: frozenset[str]) -> None:
    named = zip(words.models, (provider.plan_model, provider.lesson_model), strict=True)
    unknown = {setting: model for setting, model in named if model not in offered}
    if unknown:
        said = "; and ".join(
            f'{setting} is "{model}", but allowed is a model that {words.called} offers{_near(model, offered)}'
            for setting, model in unknown.items()
        )
        raise ModelsError(f"{said}.")


def _near(model: str, offered: frozenset[str]) -> str:
    near = get_close_matches(model, sorted(offered), n=_NEAR, cutoff=0.4) or sorted(offered)[:_NEAR]
    return f", such as {', '.join(near)}" if near else ""
