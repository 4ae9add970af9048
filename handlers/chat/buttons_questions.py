"""The buttons of questions and disputes. None knows which option is right: `place` is where the learner sees it."""

from __future__ import annotations

from handlers.chat.buttons import Button, button


@button("qn")
class AskSection(Button):
    """The questions of a section: the first open one, else how they went."""

    section_id: int


@button("ql")
class AskLesson(Button):
    """The questions of a lesson."""

    course_id: int
    lesson_id: int


@button("qo")
class OpenQuestion(Button):
    """One question as it stands."""

    question_id: int


@button("qa")
class Answer(Button):
    """Choose the option at `place` (0-based, as shown), as try `attempt`."""

    question_id: int
    place: int
    attempt: int


@button("qs")
class Skip(Button):
    """Leave the question instead of trying it the `attempt`-th time."""

    question_id: int
    attempt: int


@button("qf")
class Flag(Button):
    """🚩: something is wrong with this question."""

    question_id: int


@button("qd")
class Decide(Button):
    """The owner's word on a dispute: the question is wrong (`wrong` 1: it counts no more), or it is right (0)."""

    dispute_id: int
    wrong: int
