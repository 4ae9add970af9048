"""What can go wrong at a model provider, by name, and which call it is to happen to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["proposal", "plan", "lesson", "models", "other"]

# Answered before anything is written: status, error type, error code, and the words that the service uses.
REFUSALS: dict[str, tuple[int, str, str | None, str]] = {
    "rate_limit": (429, "rate_limit_error", None, "This request would exceed your rate limit."),
    "overloaded": (529, "overloaded_error", None, "Overloaded"),
    "server_error": (500, "api_error", None, "Internal server error"),
    "key_refused": (401, "authentication_error", None, "invalid x-api-key"),
    "forbidden": (403, "permission_error", None, "Your key may not use this model."),
    "bad_request": (400, "invalid_request_error", None, "The compiled grammar is too large."),
    "spent": (429, "rate_limit_error", "enforced_spend_limit_reached", "You have reached your spend limit."),
    "billing": (402, "billing_error", None, "Your credit balance is too low."),
    "retired": (404, "not_found_error", None, "model: retired"),
}
# These come in mid-stream, after `share` of the answer.
IN_STREAM = frozenset({"overloaded_stream", "spent_stream", "dropped", "hang", "truncated", "refusal", "invalid_json"})
# These are whole answers that nobody can use, or answers in which something is wrong.
ODD_ANSWERS = frozenset({"nothing", "garbage", "garbage_stream", "not_events"})
WRONG_CONTENT = frozenset(
    {"wrong_counts", "short_body", "wrong_sections", "repeated", "false_citations", "bad_questions"}
)


@dataclass(frozen=True)
class Fault:
    """`name` happens to calls that match: of `kind`, about `lesson` (0-based), or the `step`-th of all (1-based);
    without any of these to the next model call. `times` calls in all. `share` of the answer comes before it."""

    name: str
    share: float = 0.5
    retry_after: float | None = None
    kind: Kind | None = None
    lesson: int | None = None
    step: int | None = None
    times: int = 1

    def __post_init__(self) -> None:
        known = {*REFUSALS, *IN_STREAM, *ODD_ANSWERS, *WRONG_CONTENT}
        if self.name not in known:
            raise ValueError(f"unknown fault {self.name!r}; known are {sorted(known)}")

    def hits(self, kind: Kind, lesson: int | None, step: int) -> bool:
        """Whether it happens to this call."""
        if self.kind is None and kind == "models":
            return False
        return (
            self.kind in {None, kind}
            and (self.lesson is None or self.lesson == lesson)
            and (self.step is None or self.step == step)
        )


@dataclass
class Script:
    """The faults still to come."""

    waiting: list[tuple[Fault, int]] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.waiting.append((fault, fault.times))

    def take(self, kind: Kind, lesson: int | None, step: int) -> Fault | None:
        """The fault that happens to this call, counted as having happened."""
        for index, (fault, left) in enumerate(self.waiting):
            if fault.hits(kind, lesson, step):
                self.waiting[index : index + 1] = [(fault, left - 1)] if left > 1 else []
                return fault
        return None
