"""What can go wrong at a model provider, by name, and which call it is to happen to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["proposal", "plan", "body", "quiz", "repair", "lesson", "models", "solve", "judge", "guess", "other"]
Refusal = tuple[int, str, str | None, str]
_OF_LESSONS = frozenset({"body", "quiz", "repair", "lesson"})

# Answered before anything is written: status, error type, error code, and the words that the service uses.
CLAUDE_REFUSALS: dict[str, Refusal] = {
    "rate_limit": (429, "rate_limit_error", None, "This request would exceed your rate limit."),
    "overloaded": (529, "overloaded_error", None, "Overloaded"),
    "server_error": (500, "api_error", None, "Internal server error"),
    "key_refused": (401, "authentication_error", None, "invalid x-api-key"),
    "forbidden": (403, "permission_error", None, "Your key may not use this model."),
    "bad_request": (400, "invalid_request_error", None, "messages: too many"),
    "schema_too_large": (400, "invalid_request_error", None, "The compiled grammar is too large."),
    "spent": (429, "rate_limit_error", "enforced_spend_limit_reached", "You have reached your spend limit."),
    "billing": (402, "billing_error", None, "Your credit balance is too low."),
    "retired": (404, "not_found_error", None, "model: retired"),
}
OPENAI_REFUSALS: dict[str, Refusal] = {
    "rate_limit": (429, "tokens", "rate_limit_exceeded", "Rate limit reached for tokens per min."),
    "overloaded": (503, "server_error", None, "The engine is currently overloaded, please try again later."),
    "server_error": (500, "server_error", None, "The server had an error while processing your request."),
    "key_refused": (401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided."),
    "forbidden": (403, "invalid_request_error", "unsupported_country_region_territory", "Not supported here."),
    "bad_request": (400, "invalid_request_error", None, "Invalid type for 'messages'."),
    "schema_too_large": (400, "invalid_request_error", None, "Invalid schema for response_format 'answer': too large."),
    "spent": (429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota."),
    "billing": (400, "invalid_request_error", "billing_hard_limit_reached", "Billing hard limit has been reached."),
    "retired": (404, "invalid_request_error", "model_not_found", "The model does not exist."),
}
REFUSALS = frozenset(CLAUDE_REFUSALS)
# These come in mid-stream, after `share` of the answer.
IN_STREAM = frozenset(
    {"overloaded_stream", "spent_stream", "dropped", "hang", "truncated", "refusal", "filtered", "invalid_json"}
)
# No word comes at all: the service thinks for ever, or hangs up.
SILENT = frozenset({"hang_before", "dropped_before"})
# These are whole answers that nobody can use, or answers in which something is wrong.
ODD_ANSWERS = frozenset({"nothing", "garbage", "garbage_stream", "not_events"})
# The answer is there, in other clothes: in a fence, or without a word about tokens.
DRESSED = frozenset({"fenced", "no_usage"})
# The answer is whole, and something in it is not as it was asked for.
WRONG_CONTENT = frozenset(
    {
        *("unsafe", "vague", "wrong_counts", "lessons_missing", "bad_contract"),
        *("short_body", "wrong_sections", "repeated", "same_lesson", "wrong_language", "leftovers", "false_citations"),
        *("bad_questions", "all_bad_questions", "key_longest", "key_outside", "no_explanations", "wrong_paths"),
    }
)


@dataclass(frozen=True)
class Fault:
    """`name` happens to calls that match: of `kind` (``lesson``: of any that are about one), about `lesson` (0-based),
    at the `provider` (``claude``, ``openai``), or the `step`-th of all (1-based); without any of these to the next
    model call. `times` calls in all. `share` of the answer comes before it."""

    name: str
    share: float = 0.5
    retry_after: float | None = None
    kind: Kind | None = None
    lesson: int | None = None
    step: int | None = None
    provider: str | None = None
    times: int = 1

    def __post_init__(self) -> None:
        known = {*REFUSALS, *IN_STREAM, *SILENT, *ODD_ANSWERS, *DRESSED, *WRONG_CONTENT}
        if self.name not in known:
            raise ValueError(f"unknown fault {self.name!r}; known are {sorted(known)}")

    def hits(self, kind: Kind, lesson: int | None, step: int, provider: str) -> bool:
        """Whether it happens to this call."""
        if self.kind is None and kind == "models":
            return False
        return (
            (self.kind in {None, kind} or (self.kind == "lesson" and kind in _OF_LESSONS))
            and (self.lesson is None or self.lesson == lesson)
            and (self.step is None or self.step == step)
            and self.provider in {None, provider}
        )


@dataclass
class Script:
    """The faults still to come."""

    waiting: list[tuple[Fault, int]] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.waiting.append((fault, fault.times))

    def take(self, kind: Kind, lesson: int | None, step: int, provider: str) -> Fault | None:
        """The fault that happens to this call, counted as having happened."""
        for index, (fault, left) in enumerate(self.waiting):
            if fault.hits(kind, lesson, step, provider):
                self.waiting[index : index + 1] = [(fault, left - 1)] if left > 1 else []
                return fault
        return None
