"""What the adapters of all SDKs share: a client that is loaded late, waits that end, failures that become ours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from typing import Generic, TypeVar

from services.authors.model.faults import WireFault, author_error, retry_after_seconds
from services.authors.model.real_calls import check_address
from services.clock import Clock
from services.errors import AuthorBusy, AuthorError

IDLE_SECONDS = 90.0  # without a byte; the services send pings while a model thinks
CONNECT_SECONDS = 10.0
_Client = TypeVar("_Client")
_Result = TypeVar("_Result")


class Line(Generic[_Client]):
    """The line to the provider at `base_url`. `load` imports the SDK and gives its client and the exceptions it throws;
    it is called at the first use, in a thread, because importing takes a second."""

    def __init__(
        self, load: Callable[[], tuple[_Client, tuple[type[Exception], ...]]], *, base_url: str, clock: Clock
    ) -> None:
        self._load = load
        self._base_url = base_url
        self._clock = clock
        self._loading = asyncio.Lock()
        self._failures: tuple[type[Exception], ...] = ()
        self.loaded: _Client | None = None

    async def client(self) -> _Client:
        """The SDK's client."""
        check_address(self._base_url)
        async with self._loading:
            if self.loaded is not None:
                return self.loaded
            client, self._failures = await asyncio.to_thread(self._load)
            self.loaded = client
            return client

    def ends_at(self, seconds: float) -> float:
        """When `seconds` seconds are over, for `within`."""
        return self._clock.monotonic() + seconds

    async def within(self, ends_at: float, awaitable: Awaitable[_Result]) -> _Result:
        """The result of `awaitable`, bounded by `ends_at`, its failure as one of our errors."""
        try:
            async with asyncio.timeout(max(0.0, ends_at - self._clock.monotonic())):
                return await awaitable
        except TimeoutError as error:
            raise AuthorBusy("timed_out") from error
        except self._failures as error:
            raise translated(error, self._clock.now()) from error


def translated(error: Exception, now: datetime) -> AuthorError:
    """The error to raise for what an SDK threw; both SDKs name the parts alike."""
    status = getattr(error, "status_code", None)
    kind, code = _word(error, "type"), _word(error, "error_code") or _word(error, "code")
    if not isinstance(status, int):
        if kind or code:  # said in mid-stream
            return author_error(WireFault(status=int(code) if code and code.isdecimal() else 200, type=kind, code=code))
        names = {type(each).__name__ for each in _chain(error)}
        if names & {"ConnectError", "ConnectTimeout"}:
            return AuthorBusy("unreachable")
        return AuthorBusy("timed_out" if any("Timeout" in name for name in names) else "dropped")
    headers = getattr(getattr(error, "response", None), "headers", {})
    wait = retry_after_seconds(headers.get("retry-after"), now)
    return author_error(WireFault(status=status, type=kind, code=code, retry_after=wait))


def _word(error: Exception, name: str) -> str | None:
    value = getattr(error, name, None)
    return value if isinstance(value, str) and value else None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """`error` and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
