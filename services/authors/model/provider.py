"""A model provider as an author and the calls to it see it."""

from __future__ import annotations

from dataclasses import dataclass

from services.authors.model.wire import Wire


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider: its `name` (``claude``, ``openai``), stable and stored with what it wrote; the `wire` to it; the
    model that proposes and plans, and the one that writes."""

    name: str
    wire: Wire
    plan_model: str
    lesson_model: str

    @property
    def models(self) -> tuple[str, ...]:
        """The models used, each once."""
        return tuple(dict.fromkeys((self.plan_model, self.lesson_model)))
