"""Where a piece of work stands between its calls: whom to ask next, what to say otherwise, and when to give up."""

from __future__ import annotations

from collections.abc import Sequence

from services.authors.model.provider import Provider
from services.authors.model.wire import Receipt
from services.authors.retry import BadAnswer
from services.errors import AuthorBusy, AuthorError, AuthorUnusable

REPAIRS = 2  # of a piece, with each provider; passing faults of the way to it are counted apart


class Ladder:
    """The tries at one piece: each provider in order gets one call and `REPAIRS` more.

    `complaints` are what the last answer broke, `cut` how often it broke off: the next call says the one, and has more
    room or asks for less after the other, so that no call is made twice. `receipt` goes with each call."""

    def __init__(self, providers: Sequence[Provider], first: Provider | None = None) -> None:
        self._left = list(providers)
        while first is not None and self._left[0] is not first:
            self._left.pop(0)
        self._seen = 0
        self.receipt = Receipt()
        self.repairs = 0
        self.cut = 0
        self.complaints: tuple[str, ...] = ()

    @property
    def provider(self) -> Provider:
        """Whom to ask now."""
        return self._left[0]

    def after(self, error: AuthorError) -> None:
        """Note what became of a call. Raises `error` when no other call may follow it.

        A stream that broke after it had begun is gone on with (`receipt` keeps the count); a bad or cut-off answer is
        asked for again, otherwise; what else fails is asked of the next provider; what was declined, of nobody."""
        if error.advice in {"ask", "give_up"}:
            raise error
        if isinstance(error, AuthorBusy):
            if self.receipt.characters and self.receipt.calls > self._seen:
                self._seen = self.receipt.calls
            else:
                self.next_provider(error)
            return
        if isinstance(error, BadAnswer):
            self.again(error.findings, error)
        elif error.why == "truncated":
            self.cut += 1
            self.again(("It broke off before its end. Keep every part short.",), error)
        else:
            self.next_provider(error)

    def again(self, complaints: Sequence[str], error: AuthorError) -> None:
        """The same provider once more, with `complaints`, or the next one when it has had its tries."""
        if self.repairs >= REPAIRS:
            self.next_provider(error)
            return
        self._fresh()
        self.repairs += 1
        self.complaints = tuple(complaints)

    def next_provider(self, error: AuthorError) -> None:
        """The next provider, from the beginning. Raises `error` if there is none."""
        if len(self._left) == 1:
            # Outside of this room a bad answer is the plain thing that it is.
            raise AuthorUnusable(error.why) if isinstance(error, BadAnswer) else error
        self._left.pop(0)
        self._fresh()
        self.repairs = 0
        self.complaints = ()

    def _fresh(self) -> None:
        self.receipt = Receipt()
        self._seen = 0
