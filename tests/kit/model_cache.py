"""The stub's accounts: how many tokens a request has, and how many of them the provider had seen before.

As the services do it: what is kept is a prefix, byte for byte, for one model and one schema; it is there from the
moment at which the first answer to it begins, for five minutes after its last use; and a short one is not kept at all.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

CHARACTERS_PER_TOKEN = 4
LEAST = 1024  # tokens; nothing shorter is kept
STEP = 128  # tokens; OpenAI keeps prefixes of any multiple, Claude up to marked places only
TTL_SECONDS = 300.0


@dataclass(frozen=True)
class Account:
    """Tokens of a request: `fresh`, read from (`cached`) and `written` to what is kept."""

    fresh: int
    cached: int = 0
    written: int = 0

    @property
    def all(self) -> int:
        return self.fresh + self.cached + self.written


def tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)


class PromptCache:
    """What one provider keeps. `scale` is that of the stub's pace: on a fast clock things are forgotten sooner."""

    def __init__(self, scale: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._ttl = TTL_SECONDS * scale
        self._clock = clock
        self._kept: dict[str, float] = {}

    def account(self, body: dict[str, Any], prefixes: Iterator[str], *, whole: int, writes: bool) -> Account:
        """The account of a request of `whole` tokens whose `prefixes` may be kept, the longest first; `writes` if new
        ones are billed as written. Keeps them: call it when the answer begins."""
        now = self._clock()
        scope = json.dumps([body.get("model"), body.get("output_config"), body.get("response_format")], sort_keys=True)
        found, longest = 0, 0
        for prefix in prefixes:
            size = tokens(prefix)
            if size < LEAST:
                continue
            longest = max(longest, size)
            key = hashlib.sha256(f"{scope}\n{prefix}".encode("utf-8", "replace")).hexdigest()
            if not found and self._kept.get(key, 0.0) > now:
                found = size
            self._kept[key] = now + self._ttl
        written = longest - found if writes else 0
        return Account(whole - found - written, found, written)


def claude_prefixes(body: dict[str, Any]) -> Iterator[str]:
    """Up to each mark, the longest first."""
    blocks = body.get("system") or []
    blocks = [{"text": blocks}] if isinstance(blocks, str) else blocks
    for end in range(len(blocks), 0, -1):
        if blocks[end - 1].get("cache_control"):
            yield "\n".join(block["text"] for block in blocks[:end])


def openai_prefixes(body: dict[str, Any]) -> Iterator[str]:
    """Of every multiple of `STEP`, the longest first."""
    text = "\n".join(str(message["content"]) for message in body["messages"])
    for steps in range(len(text) // (STEP * CHARACTERS_PER_TOKEN), 0, -1):
        yield text[: steps * STEP * CHARACTERS_PER_TOKEN]
