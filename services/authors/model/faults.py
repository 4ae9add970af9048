"""From a provider's HTTP status and error names to our errors. Pure, so that it is tested as a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from services.errors import AuthorBusy, AuthorError, AuthorRefused, AuthorUnusable

# Money is out, at this provider or at whoever pays it: waiting does not help, and each further call may cost.
SPENT_CODES = frozenset(
    {
        "contract_spend_limit_reached",
        "enforced_spend_limit_reached",
        "linked_organization_spend_limit_reached",
        "linked_organization_billing_unavailable",
        "organization_on_hold",
        "insufficient_quota",
        "billing_hard_limit_reached",
        "billing_not_active",
    }
)
# The question was looked at and declined: it must not be asked again.
REFUSED_CODES = frozenset(
    {
        "content_filter",
        "content_policy_violation",
        "invalid_prompt",
        "moderation_blocked",
        "image_generation_user_error",
    }
)
_BY_STATUS = {
    400: "request_refused",
    401: "key_refused",
    402: "spent",
    403: "key_refused",
    404: "model_unknown",
    408: "timed_out",
    413: "request_refused",
    422: "request_refused",
    429: "rate_limited",
    503: "overloaded",
    504: "timed_out",
    529: "overloaded",
}
# An error in mid-stream comes under status 200; only its type or code says what it is.
_BY_NAME = {
    "invalid_request_error": "request_refused",
    "authentication_error": "key_refused",
    "billing_error": "spent",
    "permission_error": "key_refused",
    "not_found_error": "model_unknown",
    "rate_limit_error": "rate_limited",
    "timeout_error": "timed_out",
    "overloaded_error": "overloaded",
    "rate_limit_exceeded": "rate_limited",
    "model_not_found": "model_unknown",
    "model_decommissioned": "model_unknown",
}
_FINAL = frozenset({"request_refused", "key_refused", "spent", "model_unknown"})


@dataclass(frozen=True, slots=True)
class WireFault:
    """What a provider said went wrong: HTTP `status`, error `type` and `code` by name, `retry_after` in seconds."""

    status: int
    type: str | None = None
    code: str | None = None
    retry_after: float | None = None


def author_error(fault: WireFault) -> AuthorError:
    """The error to raise for `fault`: `AuthorBusy` if the same call may work later, `AuthorRefused` if it was declined,
    else `AuthorUnusable`."""
    names = {fault.type or "", fault.code or ""}
    if names & SPENT_CODES:
        return AuthorUnusable("spent")
    if names & REFUSED_CODES:
        return AuthorRefused("declined")
    named = _BY_NAME.get(fault.code or "") or _BY_NAME.get(fault.type or "")
    why = _BY_STATUS.get(fault.status)
    if why is None or named in {"spent", "model_unknown"}:
        why = named or "service_error"
    if why in _FINAL:
        return AuthorUnusable(why)
    return AuthorBusy(why, retry_after=fault.retry_after)


def retry_after_seconds(header: str | None, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for, given as a number or as an HTTP date; None if it says nothing.

    Between 0 and a day. Source: RFC 9110, 10.2.3.
    """
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            at = parsedate_to_datetime(header)
        except ValueError:
            return None
        if at.tzinfo is None:
            at = at.replace(tzinfo=UTC)
        seconds = (at - now).total_seconds()
    return None if math.isnan(seconds) else min(max(0.0, seconds), 86_400.0)
