"""Claude as the author: the one place that knows Anthropic's SDK, which is loaded when it is first needed."""

from __future__ import annotations

import asyncio
import importlib
import random
from collections.abc import AsyncGenerator, Awaitable
from json import JSONDecodeError
from typing import TYPE_CHECKING, TypeVar

from services.authors.model.author import ModelAuthor
from services.authors.model.faults import WireFault, author_error, retry_after_seconds
from services.authors.model.wire import Ask
from services.clock import Clock
from services.errors import AuthorBusy, AuthorError, AuthorRefused, AuthorUnusable

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic, AsyncStream
    from anthropic.types import RawMessageStreamEvent

PLAN_MODEL = "claude-opus-5-5"
LESSON_MODEL = "claude-sonnet-5-5"
API_URL = "https://api.anthropic.com"
DEADLINE_SECONDS = 600.0  # for one piece, all its tries together
IDLE_SECONDS = 90.0  # without a byte; the service sends pings while a model thinks
PING_SECONDS = 5.0
_Result = TypeVar("_Result")


class ClaudeWire:
    """Single requests over the SDK, its own retries off; every failure comes out as one of our errors."""

    def __init__(self, *, api_key: str, base_url: str, clock: Clock, idle_seconds: float) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._clock = clock
        self._idle_seconds = idle_seconds
        self._loading = asyncio.Lock()
        self._client: AsyncAnthropic | None = None
        self._failures: tuple[type[Exception], ...] = ()

    async def client(self) -> AsyncAnthropic:
        """The SDK's client, made at the first call. Importing it takes a second, so that happens in a thread."""
        async with self._loading:
            if self._client is None:
                client, self._failures = await asyncio.to_thread(self._load)
                self._client = client
            return self._client

    def _load(self) -> tuple[AsyncAnthropic, tuple[type[Exception], ...]]:
        sdk = importlib.import_module("anthropic")
        http = importlib.import_module("httpx2")
        client: AsyncAnthropic = sdk.AsyncAnthropic(
            api_key=self._api_key,
            base_url=self._base_url,
            max_retries=0,
            timeout=http.Timeout(self._idle_seconds, connect=10.0),
            open_telemetry=False,
        )
        # Both load more modules when first touched, which would be on the loop.
        _ = client.messages, client.models
        # What a broken stream raises is not wrapped by the SDK: the transport's errors, and those of decoding.
        return client, (sdk.AnthropicError, http.HTTPError, http.StreamError, JSONDecodeError, UnicodeDecodeError)

    async def stream(self, ask: Ask, seconds: float) -> AsyncGenerator[str, None]:
        """See `services.authors.model.wire.Wire.stream`."""
        client = await self.client()
        ends_at = self._clock.monotonic() + seconds
        events = await self._within(ends_at, self._open(client, ask))
        stopped: str | None = None
        try:
            while (event := await self._within(ends_at, anext(events, None))) is not None:
                if text := _text(event):
                    yield text
                stopped = _stop_reason(event) or stopped
        finally:
            await events.close()
        _check_end(stopped)

    async def ping(self, models: tuple[str, ...]) -> None:
        """Look `models` up at the service: proves address, key and models at once, and costs nothing."""
        client = await self.client()
        ends_at = self._clock.monotonic() + PING_SECONDS
        for model in models:
            await self._within(ends_at, client.models.retrieve(model))

    async def aclose(self) -> None:
        """Close connections, if any were made."""
        if self._client is not None:
            await self._client.close()

    @staticmethod
    async def _open(client: AsyncAnthropic, ask: Ask) -> AsyncStream[RawMessageStreamEvent]:
        return await client.messages.create(
            model=ask.model,
            max_tokens=ask.room,
            system=ask.system,
            messages=[{"role": "user", "content": ask.user}],
            output_config={"effort": ask.effort, "format": {"type": "json_schema", "schema": dict(ask.schema)}},
            stream=True,
        )

    async def _within(self, ends_at: float, awaitable: Awaitable[_Result]) -> _Result:
        """The result of `awaitable`, bounded by the deadline, its failure as ours."""
        try:
            async with asyncio.timeout(max(0.0, ends_at - self._clock.monotonic())):
                return await awaitable
        except TimeoutError as error:
            raise AuthorBusy("timed_out") from error
        except self._failures as error:
            raise self._translated(error) from error

    def _translated(self, error: Exception) -> AuthorError:
        status = getattr(error, "status_code", None)
        if not isinstance(status, int):
            timed_out = "Timeout" in type(error).__name__
            return AuthorBusy("timed_out" if timed_out else "dropped")
        headers = getattr(getattr(error, "response", None), "headers", {})
        return author_error(
            WireFault(
                status=status,
                type=getattr(error, "type", None),
                code=getattr(error, "error_code", None),
                retry_after=retry_after_seconds(headers.get("retry-after"), self._clock.now()),
            )
        )


def _text(event: object) -> str:
    """The text that an event adds to the answer, if any; the SDK does not check what arrives."""
    text = getattr(getattr(event, "delta", None), "text", None)
    return text if isinstance(text, str) else ""


def _stop_reason(event: object) -> str | None:
    """Why the model stopped, if this is the event that says so."""
    reason = getattr(getattr(event, "delta", None), "stop_reason", None)
    return reason if isinstance(reason, str) else None


def _check_end(stopped: str | None) -> None:
    """Raise unless the model came to its own end; looked at before anything is parsed as a whole."""
    if stopped is None:
        raise AuthorBusy("dropped")
    if stopped == "refusal":
        raise AuthorRefused("declined")
    if stopped in {"max_tokens", "model_context_window_exceeded"}:
        raise AuthorUnusable("truncated")


class ClaudeAuthor(ModelAuthor):
    """Courses written by Claude: the plan by one model, the lessons by another.

    `deadline_seconds` bounds one piece (proposal, plan, lesson) with all its tries, `idle_seconds` the silence within
    a call. `rng` jitters waits and marks where data begins and ends: give it a `random.SystemRandom` outside tests.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str | None,
        plan_model: str = PLAN_MODEL,
        lesson_model: str = LESSON_MODEL,
        clock: Clock,
        rng: random.Random,
        deadline_seconds: float = DEADLINE_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._claude = ClaudeWire(api_key=api_key, base_url=base_url or API_URL, clock=clock, idle_seconds=idle_seconds)
        self._models = tuple(dict.fromkeys((plan_model, lesson_model)))
        super().__init__(
            "claude",
            self._claude,
            plan_model=plan_model,
            lesson_model=lesson_model,
            clock=clock,
            rng=rng,
            deadline_seconds=deadline_seconds,
        )

    async def load(self) -> None:
        """Load the SDK now rather than at the first call, which would otherwise wait a second or two for it."""
        await self._claude.client()

    async def ping(self) -> None:
        """Whether the service answers and knows our models, within 5 s, tried once. Raises `AuthorError`."""
        await self._claude.ping(self._models)

    async def aclose(self) -> None:
        """Close connections to the service."""
        await self._claude.aclose()
