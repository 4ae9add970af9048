from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.authors.model.faults import WireFault, author_error, retry_after_seconds
from services.errors import AuthorBusy, AuthorError, AuthorRefused, AuthorUnusable

NOW = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fault", "kind", "why"),
    [
        (WireFault(429, "rate_limit_error"), AuthorBusy, "rate_limited"),
        (WireFault(429, "rate_limit_error", "ramp_limit_exceeded"), AuthorBusy, "rate_limited"),
        (WireFault(429, "rate_limit_error", "enforced_spend_limit_reached"), AuthorUnusable, "spent"),
        (WireFault(429, "rate_limit_error", "contract_spend_limit_reached"), AuthorUnusable, "spent"),
        (WireFault(402, "billing_error", "linked_organization_spend_limit_reached"), AuthorUnusable, "spent"),
        (WireFault(400, "billing_error"), AuthorUnusable, "spent"),
        (WireFault(402), AuthorUnusable, "spent"),
        (WireFault(400, "invalid_request_error"), AuthorUnusable, "request_refused"),
        (WireFault(401), AuthorUnusable, "key_refused"),
        (WireFault(403), AuthorUnusable, "key_refused"),
        (WireFault(404), AuthorUnusable, "model_unknown"),
        (WireFault(413), AuthorUnusable, "request_refused"),
        (WireFault(408), AuthorBusy, "timed_out"),
        (WireFault(409, "conflict_error"), AuthorBusy, "service_error"),
        (WireFault(500, "api_error"), AuthorBusy, "service_error"),
        (WireFault(502), AuthorBusy, "service_error"),
        (WireFault(503), AuthorBusy, "overloaded"),
        (WireFault(504, "timeout_error"), AuthorBusy, "timed_out"),
        (WireFault(529, "overloaded_error"), AuthorBusy, "overloaded"),
        (WireFault(200, "overloaded_error"), AuthorBusy, "overloaded"),
        (WireFault(200, "rate_limit_error"), AuthorBusy, "rate_limited"),
        (WireFault(200, "authentication_error"), AuthorUnusable, "key_refused"),
        (WireFault(200, "something_new"), AuthorBusy, "service_error"),
        (WireFault(200), AuthorBusy, "service_error"),
        # As OpenAI and those who speak like it say it.
        (WireFault(429, "tokens", "rate_limit_exceeded"), AuthorBusy, "rate_limited"),
        (WireFault(429, "insufficient_quota", "insufficient_quota"), AuthorUnusable, "spent"),
        (WireFault(429, "insufficient_quota"), AuthorUnusable, "spent"),
        (WireFault(400, "invalid_request_error", "billing_hard_limit_reached"), AuthorUnusable, "spent"),
        (WireFault(404, "invalid_request_error", "model_not_found"), AuthorUnusable, "model_unknown"),
        (WireFault(400, "invalid_request_error", "model_decommissioned"), AuthorUnusable, "model_unknown"),
        (WireFault(400, "invalid_request_error", "content_policy_violation"), AuthorRefused, "declined"),
        (WireFault(400, "invalid_request_error", "invalid_prompt"), AuthorRefused, "declined"),
        (WireFault(400, None, "content_filter"), AuthorRefused, "declined"),
        (WireFault(401, "invalid_request_error", "invalid_api_key"), AuthorUnusable, "key_refused"),
        (WireFault(503, "server_error"), AuthorBusy, "overloaded"),
        (WireFault(200, "server_error"), AuthorBusy, "service_error"),
        (WireFault(200, "requests", "rate_limit_exceeded"), AuthorBusy, "rate_limited"),
        (WireFault(200, "insufficient_quota", "insufficient_quota"), AuthorUnusable, "spent"),
    ],
)
def test_what_a_fault_means(fault: WireFault, kind: type[AuthorError], why: str) -> None:
    error = author_error(fault)
    assert type(error) is kind
    assert error.why == why


def test_the_wait_that_was_asked_for_is_passed_on() -> None:
    assert author_error(WireFault(529, retry_after=4.5)).retry_after == 4.5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        ("0.25", 0.25),
        ("-3", 0.0),
        ("nan", None),
        ("inf", 86_400.0),
        ("soon", None),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 12:00:30 -0000", 30.0),
    ],
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds
