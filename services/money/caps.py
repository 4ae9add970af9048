"""What may be spent, and who is shown what is spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ShownTo = Literal["nobody", "admins", "everybody"]


@dataclass(frozen=True, slots=True)
class Caps:
    """The most that may be spent, in millionths of a US dollar: for one course, by one learner on a day, by the whole
    bot on a day (days begin at midnight UTC). None: no cap."""

    course: int | None = None
    learner_day: int | None = None
    bot_day: int | None = None

    @property
    def any(self) -> bool:
        """Whether there is a cap at all."""
        return any(cap is not None for cap in (self.course, self.learner_day, self.bot_day))
