"""OpenAI's images: one prompt, one picture, one request. What comes back is not trusted here (`services.pictures`)."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Any

from services.authors.model.looking_up import posted
from services.authors.model.wire import Ask, Receipt, Usage
from services.authors.openai_compatible import API_URL
from services.clock import Clock
from services.errors import AuthorUnusable

MODEL = "gpt-image-2.6-flare"
SIZE = "1280x720"  # both sides divisible by 16, as the service asks
QUALITY = "low"
ROOM = 4_000  # tokens of such a picture, at the very most; what a call may cost follows from it
_MOST_BYTES = 24_000_000  # of an answer: a picture of 16 MB in base64


class OpenAIImages:
    """Satisfies `services.pictures.painting.Images`. Connects at the first use."""

    name = "openai"

    def __init__(self, *, api_key: str, clock: Clock, base_url: str | None = None, model: str = MODEL) -> None:
        self._headers = {"authorization": f"Bearer {api_key}"}
        self._url = f"{(base_url or API_URL).rstrip('/')}/images/generations"
        self._clock = clock
        self.model = model

    def ask(self, prompt: str) -> Ask:
        """The call for `prompt`, as the purse wants to see it."""
        return Ask(self.model, (), prompt, {}, ROOM, "low", "picture")

    async def paint(self, ask: Ask, seconds: float, receipt: Receipt) -> tuple[bytes, str]:
        """The picture as it came, at most 16 MB and of any kind, and the prompt that the service made of ours (English;
        "" if it does not say); `receipt` tells what it used. Raises `AuthorError`."""
        body = {"model": ask.model, "prompt": ask.user, "n": 1, "size": SIZE, "quality": QUALITY}
        said = await posted(self._url, self._headers, body, seconds, self._clock.now(), most=_MOST_BYTES)
        receipt.usage = _usage(said.get("usage"))
        listed = said.get("data")
        first: Any = listed[0] if isinstance(listed, list) and listed else None
        encoded = first.get("b64_json") if isinstance(first, dict) else None
        if not isinstance(encoded, str):
            raise AuthorUnusable("invalid_answer")
        try:
            data = b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise AuthorUnusable("invalid_answer") from error
        revised = first.get("revised_prompt")
        return data, revised if isinstance(revised, str) else ""


def _usage(said: object) -> Usage | None:
    if not isinstance(said, dict):
        return None
    read, made = said.get("input_tokens"), said.get("output_tokens")
    if not isinstance(read, int) or not isinstance(made, int) or min(read, made) < 0:
        return None
    return Usage(fresh=read, output=made)
