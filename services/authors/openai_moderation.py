"""OpenAI's moderation as a moderator. It costs nothing, so no purse is asked."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

from services.authors.model.looking_up import posted
from services.authors.moderator import NOT_CHECKED, Screened
from services.authors.openai_compatible import API_URL
from services.clock import Clock
from services.errors import AuthorBusy, AuthorError, AuthorUnusable

MODEL = "omni-moderation-latest"
SECONDS = 10.0  # for one request; a learner may be waiting
LONGEST = 8_000  # characters of one input: a longer text is looked at in parts
AT_ONCE = 32  # inputs in one request
TRIES = 2  # for passing faults
_MOST_BYTES = 2_000_000
log = logging.getLogger(__name__)


class OpenAIModerator:
    """Satisfies `services.authors.moderator.Moderator`. Connects at the first use."""

    def __init__(
        self, *, api_key: str, clock: Clock, base_url: str | None = None, model: str = MODEL, seconds: float = SECONDS
    ) -> None:
        self._headers = {"authorization": f"Bearer {api_key}"}
        self._url = f"{(base_url or API_URL).rstrip('/')}/moderations"
        self._clock = clock
        self._model = model
        self._seconds = seconds

    async def screen(self, texts: Sequence[str]) -> tuple[Screened, ...]:
        """See `Moderator.screen`. Texts whose request failed are not checked."""
        parts = [(place, part) for place, text in enumerate(texts) for part in _parts(text)]
        found: list[list[Screened]] = [[] for _ in texts]
        for start in range(0, len(parts), AT_ONCE):
            some = parts[start : start + AT_ONCE]
            for (place, _), one in zip(some, await self._asked([part for _, part in some]), strict=True):
                found[place].append(one)
        return tuple(_together(each) for each in found)

    async def _asked(self, parts: Sequence[str]) -> Sequence[Screened]:
        for left in reversed(range(TRIES)):
            try:
                return await self._once(parts)
            except AuthorError as error:
                if left and isinstance(error, AuthorBusy) and (error.retry_after or 0.0) <= 1.0:
                    await self._clock.sleep(error.retry_after or 0.5)
                    continue
                log.warning("moderation could not be asked: %s", error.why)
                break
        return [NOT_CHECKED for _ in parts]

    async def _once(self, parts: Sequence[str]) -> Sequence[Screened]:
        body = {"model": self._model, "input": [part.encode("utf-8", "replace").decode() for part in parts]}
        said = await posted(self._url, self._headers, body, self._seconds, self._clock.now(), most=_MOST_BYTES)
        results = said.get("results")
        if not isinstance(results, list) or len(results) != len(parts):
            raise AuthorUnusable("invalid_answer")
        return [_screened(result) for result in results]


def _screened(result: object) -> Screened:
    """One result; what has not the form that is documented says nothing."""
    if not isinstance(result, dict) or not isinstance(result.get("flagged"), bool):
        return NOT_CHECKED
    said: Any = result.get("categories")
    categories = sorted(str(name) for name, is_so in said.items() if is_so is True) if isinstance(said, dict) else []
    return Screened(tuple(categories) or ("flagged",)) if result["flagged"] else Screened()


def _parts(text: str) -> Iterator[str]:
    for start in range(0, max(1, len(text)), LONGEST):
        yield text[start : start + LONGEST] or " "


def _together(parts: Sequence[Screened]) -> Screened:
    categories = {name for part in parts for name in part.categories}
    return Screened(tuple(sorted(categories)), all(part.checked for part in parts))
