"""What somebody wants to get by mail, and letters on their way to words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Choice = Literal["welcome", "course_completed", "weekly_digest"]
What = Literal["confirm", "welcome", "course_completed", "weekly_digest"]


@dataclass(frozen=True, slots=True)
class MailboxView:
    """`address` is confirmed, `pending` is not (yet); the rest are the letters that are wanted."""

    address: str | None
    pending: str | None
    welcome: bool
    course_completed: bool
    weekly_digest: bool


@dataclass(frozen=True, slots=True)
class WeekView:
    """What was done in one course in a week."""

    course: str
    sections: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be said to whom. `link` confirms an address; `unsubscribe` leads to where one stops such letters;
    `course` is what was completed, or what to go on with."""

    what: What
    language: str
    name: str
    link: str = ""
    unsubscribe: str = ""
    course: str = ""
    week: tuple[WeekView, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """A letter in words: one line of subject, and the same text plain and as HTML."""

    subject: str
    text: str
    html: str
