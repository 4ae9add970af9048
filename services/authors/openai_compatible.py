"""OpenAI, and whatever speaks its chat completions (Ollama, vLLM): the one place that knows the openai SDK."""

from __future__ import annotations

import importlib
from collections.abc import AsyncGenerator, Collection
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from services.authors.model.concessions import Concessions
from services.authors.model.line import CONNECT_SECONDS, IDLE_SECONDS, Line
from services.authors.model.looking_up import entries, looked_up
from services.authors.model.plain_schema import plain
from services.authors.model.provider import Provider
from services.authors.model.wire import Ask, Receipt, Usage
from services.clock import Clock
from services.errors import AuthorBusy, AuthorRefused, AuthorUnusable

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

MODEL = "gpt-6.2-sol"
API_URL = "https://api.openai.com/v1"


def openai_provider(
    *,
    api_key: str | None,
    clock: Clock,
    base_url: str | None = None,
    model: str = MODEL,
    idle_seconds: float = IDLE_SECONDS,
) -> Provider:
    """An OpenAI-compatible endpoint as a provider, under the name ``openai``; one `model` plans and writes. Nothing is
    loaded or connected before the first call. Endpoints on one's own machine need no key."""
    wire = OpenAIWire(api_key=api_key or "none", base_url=base_url or API_URL, clock=clock, idle_seconds=idle_seconds)
    return Provider("openai", wire, model, model)


class OpenAIWire:
    """Single requests over the SDK, its own retries off; satisfies `services.authors.model.wire.Wire`.

    What an endpoint says that it cannot do (schemas, usage in streams…) is left out from then on."""

    def __init__(self, *, api_key: str, base_url: str, clock: Clock, idle_seconds: float) -> None:
        self._api_key = api_key
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._idle_seconds = idle_seconds
        self._line: Line[AsyncOpenAI] = Line(self._load, base_url=base_url, clock=clock)
        self._concessions = Concessions()
        self._refusals: tuple[type[Exception], ...] = ()

    def _load(self) -> tuple[AsyncOpenAI, tuple[type[Exception], ...]]:
        sdk = importlib.import_module("openai")
        http = importlib.import_module("httpx2")
        client: AsyncOpenAI = sdk.AsyncOpenAI(
            api_key=self._api_key,
            base_url=self._base_url,
            max_retries=0,
            timeout=http.Timeout(self._idle_seconds, connect=CONNECT_SECONDS),
        )
        _ = client.chat.completions  # loads more modules when first touched, which would be on the loop
        self._refusals = (sdk.BadRequestError, sdk.UnprocessableEntityError)
        # What a broken stream raises is not wrapped by the SDK: the transport's errors, and those of decoding.
        return client, (sdk.OpenAIError, http.HTTPError, http.StreamError, JSONDecodeError, UnicodeDecodeError)

    async def load(self) -> None:
        """Load the SDK now rather than at the first call, which would otherwise wait a second or two for it."""
        await self._line.client()

    async def stream(self, ask: Ask, seconds: float, receipt: Receipt) -> AsyncGenerator[str, None]:
        """See `services.authors.model.wire.Wire.stream`."""
        client = await self._line.client()
        ends_at = self._line.ends_at(seconds)
        chunks = await self._line.within(ends_at, self._open(client, ask))
        declined = False
        try:
            while (chunk := await self._line.within(ends_at, anext(chunks, None))) is not None:
                _note(chunk, receipt)
                text, refused = _text(chunk)
                declined = declined or refused
                if text:
                    receipt.characters += len(text)
                    yield text
        finally:
            await chunks.close()
        _check_end(receipt.stop_reason, declined=declined)

    async def models(self, seconds: float, wanted: Collection[str] = ()) -> frozenset[str] | None:
        """See `services.authors.model.wire.Wire.models`. Ollama also knows ``name:latest`` as ``name``."""
        headers = {"authorization": f"Bearer {self._api_key}"}
        try:
            listed = await looked_up(f"{self._base_url}/models", headers, seconds, self._clock.now())
        except AuthorUnusable as error:
            if error.why == "model_unknown":  # there is no such address
                return None
            raise
        known = {str(each.get("id")) for each in entries(listed)}
        return frozenset(known | {name for name in wanted if f"{name}:latest" in known})

    async def aclose(self) -> None:
        """Close connections, if any were made."""
        if self._line.loaded is not None:
            await self._line.loaded.close()

    async def _open(self, client: AsyncOpenAI, ask: Ask) -> AsyncStream[ChatCompletionChunk]:
        """The open stream. A request that is refused for something we can do without is made again without it."""
        wished = _request(ask)
        while True:
            request = self._concessions.applied(wished)
            try:
                stream: AsyncStream[ChatCompletionChunk] = await client.chat.completions.create(**request)
            except self._refusals as error:
                if not self._concessions.made_for(str(error), request, wished):
                    raise
            else:
                return stream


def _request(ask: Ask) -> dict[str, Any]:
    """All that we should like to say. What is the same in many calls comes first: prefixes are cached by themselves."""
    system = "\n\n".join(block.text for block in ask.blocks if block.text)
    schema = {"name": "answer", "schema": plain(ask.schema), "strict": True}
    return {
        "model": ask.model,
        "messages": [{"role": "system", "content": system}, {"role": "user", "content": ask.user}],
        "max_completion_tokens": ask.room,
        "reasoning_effort": ask.effort,
        "response_format": {"type": "json_schema", "json_schema": schema},
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def _text(chunk: object) -> tuple[str, bool]:
    """The text that a chunk adds to the answer, and whether it declines; the SDK does not check what arrives."""
    choices = getattr(chunk, "choices", None) or [None]
    delta = getattr(choices[0], "delta", None)
    text = getattr(delta, "content", None)
    return text if isinstance(text, str) else "", bool(getattr(delta, "refusal", None))


def _note(chunk: object, receipt: Receipt) -> None:
    """What a chunk says about tokens (all of them at once, at the end) and why the model stopped."""
    said = getattr(chunk, "usage", None)
    if said is not None:
        details = getattr(said, "prompt_tokens_details", None)
        cached, written = _tokens(details, "cached_tokens"), _tokens(details, "cache_write_tokens")
        fresh = max(0, _tokens(said, "prompt_tokens") - cached - written)
        receipt.usage = Usage(fresh, cached, written, _tokens(said, "completion_tokens"))
    choices = getattr(chunk, "choices", None) or [None]
    reason = getattr(choices[0], "finish_reason", None)
    if isinstance(reason, str):
        receipt.stop_reason = reason


def _tokens(said: object, name: str) -> int:
    value = getattr(said, name, None)
    return value if isinstance(value, int) and value >= 0 else 0


def _check_end(stopped: str | None, *, declined: bool) -> None:
    """Raise unless the model came to its own end; looked at before anything is parsed as a whole."""
    if declined or stopped == "content_filter":
        raise AuthorRefused("declined")
    if stopped is None:
        raise AuthorBusy("dropped")
    if stopped == "length":
        raise AuthorUnusable("truncated")
