"""The screens of a dispute: what the owner of a course decides, and what everybody else hears of it. Pure."""

from __future__ import annotations

from handlers.chat.buttons_questions import Decide, OpenQuestion
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.questions import coded, letter, options, prompted
from handlers.chat.screens.words import clip
from handlers.texts import plain, say
from services.views.questions import DisputeView

_PROMPT, _TITLE, _WHY = 600, 100, 400  # characters that are shown of each


def to_decide(language: str, dispute: DisputeView) -> Screen:
    """A dispute for the owner of its course."""
    head = "dispute.head.own" if dispute.own and not dispute.others else "dispute.head"
    course, section = clip(dispute.course, _TITLE), clip(dispute.section, _TITLE)
    lines = [
        say(language, head, n=dispute.others + 1),
        say(language, "dispute.where", course=course, section=section),
        "",
        prompted(language, dispute.prompt),
        *options(language, dispute.options),
        "",
    ]
    if dispute.state in {"upheld", "rejected"}:
        lines.append(say(language, f"dispute.{dispute.state}{'' if dispute.by_owner else '.solved'}"))
    elif dispute.right is None:
        lines.append(say(language, "dispute.secret"))
    else:
        right = dispute.right
        line = say(language, "dispute.right", letter=letter(right.place), explanation=clip(right.explanation, _WHY))
        lines.append(coded(line))
    return Screen("\n".join(lines), _rows(language, dispute))


def _rows(language: str, dispute: DisputeView) -> tuple[Row, ...]:
    if dispute.state == "upheld":
        return ()
    wrong = Key(plain(language, "dispute.wrong"), Decide(dispute.id, 1))
    stands = Key(plain(language, "dispute.stands"), Decide(dispute.id, 0))
    return ((wrong,),) if dispute.state == "rejected" else ((wrong, stands),)


def outcome(
    language: str, course: str, prompt: str, question_id: int, result: str, *, disputed: bool, by_owner: bool
) -> Screen:
    """What came of a dispute (`result`: upheld, rejected, unsolved), for who `disputed` the question or, if not, had
    answered it."""
    key = f"flag.{result}" if disputed else "flag.answered"
    if result == "rejected" and by_owner:
        key = "flag.rejected.owner"
    text = coded(say(language, key, course=clip(course, _TITLE), prompt=clip(prompt, _PROMPT)))
    return Screen(text, ((Key(plain(language, "flag.look"), OpenQuestion(question_id)),),))
