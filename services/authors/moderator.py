"""Who says whether a text is in order, and the shape of what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Screened:
    """What was found in a text: the categories flagged (``self-harm``, ``illicit``…), none if it is in order.

    `checked` is False where nobody could judge it as a whole: then no category means "not checked", never "in order".
    """

    categories: tuple[str, ...] = ()
    checked: bool = True

    @property
    def flagged(self) -> bool:
        """Whether anything was found."""
        return bool(self.categories)


NOT_CHECKED = Screened(checked=False)


class Moderator(Protocol):
    """Looks at texts. Never raises: what cannot be judged is `NOT_CHECKED`."""

    async def screen(self, texts: Sequence[str]) -> tuple[Screened, ...]:
        """What is found in each of `texts`, in order."""
        ...
