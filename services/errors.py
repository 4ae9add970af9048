"""What can go wrong, as codes and fields; the doors find the words.

LecternError
├── NotFound          it is not there, or is not this person's to see
├── NotSignedIn       who this is has not been shown, or does not count (any more)
├── Forbidden         it is seen, but may not be done by this person
├── Invalid           what was given breaks rules; every fault at once
├── Conflict          the state of the thing does not allow it (any more)
├── LimitReached      too much for now; says until when
├── DocumentRefused   the learner's document cannot be made into a course
└── AuthorError       the author did not deliver
    ├── AuthorBusy        trying the same call again may help
    ├── AuthorRefused     never ask the same again
    └── AuthorUnusable    the answer was unusable, or the author is not to be had

Unavailable is none of these: nothing can be read or kept just now, and trying the very same again later helps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from storage.errors import StorageError

# What storage raises while the database is away, locked or full, under the name that doors may know.
Unavailable = StorageError


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule: which `field` (``objectives[2]``), which `rule`, what was `found`, what is `allowed`."""

    field: str
    rule: str
    found: str
    allowed: str


class LecternError(Exception):
    """The root of all expected failures. `code` is stable; `again` says whether trying again may help."""

    code: ClassVar[str] = "error"
    again: ClassVar[bool] = False


class NotFound(LecternError):
    """`what` (course, lesson, section, generation, document, question…) is missing or not this person's to see."""

    code = "not_found"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class NotSignedIn(LecternError):
    """What somebody shows to prove who they are does not count; `why` is a code for the log and the words
    (``invalid``, ``expired``, ``not_yet``, ``revoked``, ``reused``), never more: an attacker learns nothing from it."""

    code = "unauthorized"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Forbidden(LecternError):
    """The person may see the thing but not do this to it; `why` is a code (``not_owner``, ``not_admitted``…)."""

    code = "forbidden"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Invalid(LecternError):
    """What was given breaks one or more rules; carries all of them."""

    code = "invalid"

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.field}: {fault.rule}" for fault in faults))
        self.faults = faults


class Conflict(LecternError):
    """The state of the thing does not allow it; `why` is a code, `at` the time of what came first, if any."""

    code = "conflict"

    def __init__(self, why: str, at: datetime | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.at = at


class LimitReached(LecternError):
    """`limit` (``generations``…) allows `allowed` in `window_seconds`; the next one may start at `retry_at`. `left` is
    what is left all the same, where more than that was asked for at once."""

    code = "limit_reached"

    def __init__(self, limit: str, allowed: int, window_seconds: int, retry_at: datetime, *, left: int = 0) -> None:
        super().__init__(limit)
        self.limit = limit
        self.allowed = allowed
        self.window_seconds = window_seconds
        self.retry_at = retry_at
        self.left = left


class DocumentRefused(LecternError):
    """A document cannot be used. `why`: ``empty``, ``too_large``, ``encrypted``, ``no_text``, ``not_a_document``,
    ``wrong_kind``, ``too_thin``, ``broken``, ``too_long``, ``swells`` (unpacks to far more than it is); `detail` is a
    number or a name for the sentence."""

    code = "document_refused"

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.detail = detail


class AuthorError(LecternError):
    """The author did not deliver; `why` is a code for the learner's sentence (``overloaded``, ``spent``…)."""

    code = "author_failed"

    def __init__(self, why: str, *, retry_after: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.retry_after = retry_after


class AuthorBusy(AuthorError):
    """A passing fault (overload, rate limit, time-out, dropped stream): the same call may work later.

    `retry_after` is what the service asked for, in seconds, if it did."""

    again = True


class AuthorRefused(AuthorError):
    """The author declined the subject: never ask the same again; offer to rephrase."""

    code = "author_refused"


class AuthorUnusable(AuthorError):
    """The answer could not be used (``truncated``, ``invalid_answer``) or the author is not to be had
    (``no_author``, ``key_refused``, ``spent``, ``model_unknown``, ``needs_source``)."""
