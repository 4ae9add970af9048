"""The buttons of asking for a course and of watching it being made. Codes begin with a, g or r.

Buttons of a request carry its `draft` number, so that one from an earlier request is known for what it is.
"""

from __future__ import annotations

from handlers.chat.buttons import Button, button


@button("aw")
class WhatToAsk(Button):
    """What can I ask for?"""


@button("ae")
class ShowExample(Button):
    """Show the bundled samples."""


@button("ah")
class Home(Button):
    """Back to the first screen."""


@button("an")
class NewRequest(Button):
    """Ask for a course."""


@button("as")
class UseSample(Button):
    """Make a course from a bundled text."""

    key: str


class RequestButton(Button):
    """The base of buttons that belong to one request; each has the field `draft`."""

    draft: int


@button("rl")
class PickLevel(RequestButton):
    """How much the learner knows already."""

    draft: int
    level: str


@button("rt")
class PickTime(RequestButton):
    """How many minutes the learner has."""

    draft: int
    minutes: int


@button("ro")
class OtherTime(RequestButton):
    """Another time, to be typed."""

    draft: int


@button("rb")
class Back(RequestButton):
    """One step back."""

    draft: int


@button("rx")
class CancelRequest(RequestButton):
    """Drop the request."""

    draft: int


@button("ra")
class Approve(RequestButton):
    """Make this course."""

    draft: int


@button("rc")
class ChangeCard(RequestButton):
    """Choose what to change in the proposal."""

    draft: int


@button("rf")
class ChangeField(RequestButton):
    """Change one thing: title, description, objectives, level or time."""

    draft: int
    field: str


@button("ru")
class UseSuggestion(RequestButton):
    """Take what the bot suggested instead of what was typed."""

    draft: int


@button("rw")
class WriteAnother(RequestButton):
    """Do not take it: type another one."""

    draft: int


@button("rr")
class AskAgain(RequestButton):
    """Ask the author for a proposal once more."""

    draft: int


@button("rm")
class RemindMe(RequestButton):
    """Bring the request back when the limit allows it."""

    draft: int


@button("gs")
class StopMaking(Button):
    """Stop a generation."""

    generation_id: int


@button("gk")
class KeepCourse(Button):
    """Keep what is written of a stopped course."""

    generation_id: int


@button("gd")
class DiscardCourse(Button):
    """Throw a stopped or failed course away."""

    generation_id: int


@button("gg")
class GoOn(Button):
    """Go on with a stopped or failed generation."""

    generation_id: int


@button("gl")
class RetryLesson(Button):
    """Try a failed lesson again."""

    generation_id: int
    lesson_id: int


@button("gq")
class RetryQuestions(Button):
    """Make the questions again that could not be made."""

    generation_id: int


@button("gr")
class StartReading(Button):
    """Open a section in a message of its own, below the status message."""

    section_id: int
