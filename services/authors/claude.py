"""Claude: the one place that knows Anthropic's SDK, which is loaded when it is first needed."""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator, Collection
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from services.authors.model.line import CONNECT_SECONDS, IDLE_SECONDS, Line
from services.authors.model.looking_up import entries, looked_up
from services.authors.model.provider import Provider
from services.authors.model.wire import Ask, Block, Receipt, Usage
from services.clock import Clock
from services.errors import AuthorBusy, AuthorRefused, AuthorUnusable

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic, AsyncStream
    from anthropic.types import RawMessageStreamEvent, TextBlockParam

PLAN_MODEL = "claude-opus-5-5"
LESSON_MODEL = "claude-sonnet-5-5"
API_URL = "https://api.anthropic.com"
_VERSION = "2023-06-01"  # of the API, as the SDK names it
MOST_MARKS = 4  # more places to cache up to are refused


def claude_provider(
    *,
    api_key: str,
    clock: Clock,
    base_url: str | None = None,
    plan_model: str = PLAN_MODEL,
    lesson_model: str = LESSON_MODEL,
    idle_seconds: float = IDLE_SECONDS,
) -> Provider:
    """Claude as a provider, under the name ``claude``. Nothing is loaded or connected before the first call."""
    wire = ClaudeWire(api_key=api_key, base_url=base_url or API_URL, clock=clock, idle_seconds=idle_seconds)
    return Provider("claude", wire, plan_model, lesson_model)


class ClaudeWire:
    """Single requests over the SDK, its own retries off; satisfies `services.authors.model.wire.Wire`."""

    def __init__(self, *, api_key: str, base_url: str, clock: Clock, idle_seconds: float) -> None:
        self._api_key = api_key
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._idle_seconds = idle_seconds
        self._line: Line[AsyncAnthropic] = Line(self._load, base_url=base_url, clock=clock)

    def _load(self) -> tuple[AsyncAnthropic, tuple[type[Exception], ...]]:
        sdk = importlib.import_module("anthropic")
        http = importlib.import_module("httpx2")
        client: AsyncAnthropic = sdk.AsyncAnthropic(
            api_key=self._api_key,
            base_url=self._base_url,
            max_retries=0,
            timeout=http.Timeout(self._idle_seconds, connect=CONNECT_SECONDS),
            open_telemetry=False,
        )
        _ = client.messages  # loads more modules when first touched, which would be on the loop
        # What a broken stream raises is not wrapped by the SDK: the transport's errors, and those of decoding.
        return client, (sdk.AnthropicError, http.HTTPError, http.StreamError, JSONDecodeError, UnicodeDecodeError)

    async def load(self) -> None:
        """Load the SDK now rather than at the first call, which would otherwise wait a second or two for it."""
        await self._line.client()

    async def stream(self, ask: Ask, seconds: float, receipt: Receipt) -> AsyncGenerator[str, None]:
        """See `services.authors.model.wire.Wire.stream`."""
        client = await self._line.client()
        ends_at = self._line.ends_at(seconds)
        events = await self._line.within(ends_at, _open(client, ask))
        try:
            while (event := await self._line.within(ends_at, anext(events, None))) is not None:
                _note(event, receipt)
                if text := _text(event):
                    receipt.characters += len(text)
                    yield text
        finally:
            await events.close()
        _check_end(receipt.stop_reason)

    async def models(self, seconds: float, wanted: Collection[str] = ()) -> frozenset[str] | None:
        """See `services.authors.model.wire.Wire.models`. Retired models are not offered."""
        try:
            listed = await self._look_up("?limit=1000", seconds)
        except AuthorUnusable as error:
            if error.why == "model_unknown":  # there is no such address, as at some gateways
                return None
            raise
        stages = {str(each.get("id")): each.get("lifecycle") for each in entries(listed)}
        known = {name for name, stage in stages.items() if stage != "retired"}
        for name in set(wanted) - set(stages):
            try:
                await self._look_up(f"/{quote(name, safe='')}", seconds)
            except AuthorUnusable as error:
                if error.why != "model_unknown":
                    raise
            else:
                known.add(name)
        return frozenset(known)

    async def _look_up(self, what: str, seconds: float) -> dict[str, Any]:
        headers = {"x-api-key": self._api_key, "anthropic-version": _VERSION}
        return await looked_up(f"{self._base_url}/v1/models{what}", headers, seconds, self._clock.now())

    async def aclose(self) -> None:
        """Close connections, if any were made."""
        if self._line.loaded is not None:
            await self._line.loaded.close()


async def _open(client: AsyncAnthropic, ask: Ask) -> AsyncStream[RawMessageStreamEvent]:
    return await client.messages.create(
        model=ask.model,
        max_tokens=ask.room,
        system=_system(ask.blocks),
        messages=[{"role": "user", "content": ask.user}],
        output_config={"effort": ask.effort, "format": {"type": "json_schema", "schema": dict(ask.schema)}},
        stream=True,
    )


def _system(blocks: tuple[Block, ...]) -> list[TextBlockParam]:
    """The blocks with their marks. Five minutes, renewed at every use, outlast the making of a course, and cost less to
    write than an hour."""
    said = [block for block in blocks if block.text]
    marked = [index for index, block in enumerate(said) if block.cached][-MOST_MARKS:]
    system: list[TextBlockParam] = []
    for index, block in enumerate(said):
        system.append({"type": "text", "text": block.text})
        if index in marked:
            system[-1]["cache_control"] = {"type": "ephemeral", "ttl": "5m"}
    return system


def _text(event: object) -> str:
    """The text that an event adds to the answer, if any; the SDK does not check what arrives."""
    text = getattr(getattr(event, "delta", None), "text", None)
    return text if isinstance(text, str) else ""


def _note(event: object, receipt: Receipt) -> None:
    """What an event says about tokens (the end brings those of the start up to date) and why the model stopped."""
    said = getattr(event, "usage", None) or getattr(getattr(event, "message", None), "usage", None)
    if said is not None:
        before = receipt.usage or Usage()
        receipt.usage = Usage(
            fresh=_tokens(said, "input_tokens", before.fresh),
            cached=_tokens(said, "cache_read_input_tokens", before.cached),
            written=_tokens(said, "cache_creation_input_tokens", before.written),
            output=_tokens(said, "output_tokens", before.output),
        )
    reason = getattr(getattr(event, "delta", None), "stop_reason", None)
    if isinstance(reason, str):
        receipt.stop_reason = reason


def _tokens(said: object, name: str, before: int) -> int:
    value = getattr(said, name, None)
    return value if isinstance(value, int) and value >= 0 else before


def _check_end(stopped: str | None) -> None:
    """Raise unless the model came to its own end; looked at before anything is parsed as a whole."""
    if stopped is None:
        raise AuthorBusy("dropped")
    if stopped == "refusal":
        raise AuthorRefused("declined")
    if stopped in {"max_tokens", "model_context_window_exceeded"}:
        raise AuthorUnusable("truncated")
