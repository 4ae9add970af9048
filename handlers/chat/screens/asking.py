"""The screens of asking for a course: one for each step of the request. Pure: what was said so far → text and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers.chat import buttons_asking as press
from handlers.chat.request_steps import FIELDS, OFFLINE_FIELDS, TIMES
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.costs import on_card
from handlers.chat.screens.words import clip, duration, time_of_day
from handlers.texts import plain, say
from services.samples import SAMPLES
from services.validation import LEVELS

_TOPIC_SHOWN = 120


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that a screen of the request needs: the step, what was said, and to whom it is said."""

    step: str
    data: dict[str, Any]
    language: str
    time_zone: str
    offline: bool

    @property
    def draft(self) -> int:
        """The number of this request."""
        return int(self.data["draft"])

    @property
    def card(self) -> dict[str, Any]:
        """What is proposed."""
        return dict(self.data["card"])

    def key(self, name: str, button: press.RequestButton, **values: Any) -> Key:
        """A key with the label `name` in the learner's language."""
        return Key(plain(self.language, name, **values), button)


def screen(asked: Asked, note: str = "") -> Screen:
    """The screen of the step; `note` (Telegram HTML) goes before it, such as why an answer would not do."""
    found = _SCREENS[asked.step](asked)
    return Screen(f"{note}\n\n{found.text}", found.rows) if note else found


def sample_rows() -> tuple[Row, ...]:
    """A key for each bundled text."""
    return tuple((Key(f"{sample.emoji} {sample.title}", press.UseSample(sample.key)),) for sample in SAMPLES)


def _way_back(asked: Asked) -> Row:
    return (
        asked.key("key.back", press.Back(asked.draft)),
        asked.key("key.cancel", press.CancelRequest(asked.draft)),
    )


def _about(asked: Asked, question: str) -> str:
    topic = clip(str(asked.data.get("topic") or ""), _TOPIC_SHOWN)
    return say(asked.language, "request.about", topic=topic) + " · " + question


def _topic(asked: Asked) -> Screen:
    cancel: Row = (asked.key("key.cancel", press.CancelRequest(asked.draft)),)
    if not asked.offline:
        return Screen(say(asked.language, "request.topic"), (cancel,))
    wanted = asked.data.get("topic")
    name = "request.needs_source.topic" if wanted else "request.needs_source"
    text = say(asked.language, name, topic=clip(str(wanted), _TOPIC_SHOWN)) if wanted else say(asked.language, name)
    return Screen(text, (*sample_rows(), cancel))


def _level(asked: Asked) -> Screen:
    levels = tuple(asked.key(f"key.level.{level}", press.PickLevel(asked.draft, level)) for level in LEVELS)
    return Screen(_about(asked, say(asked.language, "request.level")), (levels, _way_back(asked)))


def _time_rows(asked: Asked) -> tuple[Row, ...]:
    times = [Key(duration(asked.language, minutes), press.PickTime(asked.draft, minutes)) for minutes in TIMES]
    return (tuple(times), (asked.key("key.other", press.OtherTime(asked.draft)), *_way_back(asked)))


def _time(asked: Asked) -> Screen:
    return Screen(_about(asked, say(asked.language, "request.time")), _time_rows(asked))


def _time_other(asked: Asked) -> Screen:
    rows: list[Row] = [_way_back(asked)]
    if nearest := asked.data.get("suggestion"):
        rows.insert(0, (Key(duration(asked.language, int(nearest)), press.PickTime(asked.draft, int(nearest))),))
    return Screen(_about(asked, say(asked.language, "request.time_other")), tuple(rows))


def _proposing(asked: Asked) -> Screen:
    return Screen(_about(asked, say(asked.language, "request.proposing")), (_way_back(asked),))


def _clarify(asked: Asked) -> Screen:
    choose: Row = (asked.key("key.you_choose", press.AskAgain(asked.draft)),)
    question = say(asked.language, "request.clarify", question=str(asked.data["question"]))
    return Screen(_about(asked, question), (choose, _way_back(asked)))


def _failed(asked: Asked) -> Screen:
    rows: list[Row] = [_way_back(asked)]
    if asked.data.get("again"):
        rows.insert(0, (asked.key("key.try_again", press.AskAgain(asked.draft)),))
    why = say(asked.language, str(asked.data["failure"]), **asked.data.get("failure_values", {}))
    return Screen(_about(asked, why), tuple(rows))


def _card(asked: Asked) -> Screen:
    change = "key.change_title" if asked.offline else "key.change"
    changed = press.ChangeField(asked.draft, "title") if asked.offline else press.ChangeCard(asked.draft)
    rows: tuple[Row, ...] = (_approval(asked), (asked.key(change, changed),), _way_back(asked))
    text = _offline_card(asked) if asked.offline else _full_card(asked)
    cost = on_card(asked.language, asked.time_zone, asked.data.get("cost", {}))
    return Screen(" ".join((text, *cost)), tuple(row for row in rows if row))


def _approval(asked: Asked) -> Row:
    """✅; where a cap is in the way, what can be done instead."""
    cost = asked.data.get("cost", {})
    over, fitting = cost.get("over"), cost.get("fitting")
    if over is None:
        return (asked.key("key.approve", press.Approve(asked.draft)),)
    keys: list[Key] = []
    if fitting:
        time = duration(asked.language, fitting)
        keys.append(asked.key("key.shorter", press.PickTime(asked.draft, fitting), time=time))
    if over != "cap_course":  # a cap of the day has room again tomorrow
        keys.append(asked.key("key.remind", press.RemindMe(asked.draft)))
    return tuple(keys)


def _full_card(asked: Asked) -> str:
    card, language = asked.card, asked.language
    goals = "\n".join(
        say(language, "card.goal", n=number, goal=goal) for number, goal in enumerate(card["objectives"], 1)
    )
    enough = ""
    if minutes := card.get("enough_for"):
        enough = "\n\n" + say(language, "card.enough", time=duration(language, minutes))
    return (
        say(
            language,
            "card.full",
            title=card["title"],
            description=card["description"],
            level=plain(language, f"level.{card['level']}"),
            time=duration(language, card["minutes"]),
        )
        + f"{enough}\n\n{say(language, 'card.able')}\n{goals}\n\n{_making(language, card['making_seconds'])}"
    )


def _offline_card(asked: Asked) -> str:
    card, language = asked.card, asked.language
    return (
        say(
            language,
            "card.offline",
            title=card["title"],
            source=clip(str(asked.data.get("topic") or card["title"]), _TOPIC_SHOWN),
            lessons=plain(language, "amount.lessons", n=card["lessons"]),
            sections=plain(language, "amount.sections", n=card["sections"]),
            time=duration(language, card["minutes"]),
        )
        + f"\n\n{_making(language, card['making_seconds'])}"
    )


def _making(language: str, making_seconds: int) -> str:
    if making_seconds < 20:
        return say(language, "card.making.moment")
    return say(language, "card.making", n=max(1, round(making_seconds / 60)))


def _edit(asked: Asked) -> Screen:
    fields = OFFLINE_FIELDS if asked.offline else FIELDS
    keys = [asked.key(f"key.field.{name}", press.ChangeField(asked.draft, name)) for name in fields]
    rows = tuple(tuple(keys[at : at + 2]) for at in range(0, len(keys), 2))
    return Screen(say(asked.language, "edit.what", title=asked.card["title"]), (*rows, _way_back(asked)))


def _typed(asked: Asked) -> Screen:
    """Asks for a new title, description or list of objectives; shows a suggestion where there is one."""
    name = asked.step.removeprefix("edit_")
    if suggestion := asked.data.get("suggestion"):
        shown = (
            suggestion if isinstance(suggestion, str) else "\n".join(f"{n} {s}" for n, s in enumerate(suggestion, 1))
        )
        use = asked.key("key.use_this", press.UseSuggestion(asked.draft))
        another = asked.key("key.write_another", press.WriteAnother(asked.draft))
        return Screen(say(asked.language, "edit.how_about", suggestion=shown), ((use, another), _way_back(asked)))
    value = asked.card[name]
    now = value if isinstance(value, str) else "\n".join(value)
    return Screen(say(asked.language, f"edit.{name}", now=now), (_way_back(asked),))


def _edit_level(asked: Asked) -> Screen:
    levels = tuple(asked.key(f"key.level.{level}", press.PickLevel(asked.draft, level)) for level in LEVELS)
    return Screen(_about(asked, say(asked.language, "request.level")), (levels, _way_back(asked)))


def _edit_time(asked: Asked) -> Screen:
    return Screen(_about(asked, say(asked.language, "request.time")), _time_rows(asked))


def _limited(asked: Asked) -> Screen:
    at = time_of_day(datetime.fromisoformat(asked.data["retry_at"]), asked.time_zone)
    if asked.data.get("reminder"):
        return Screen(say(asked.language, "limit.will_remind", time=at), (_way_back(asked),))
    values: dict[str, Any] = {"time": at}
    if "allowed" in asked.data:
        shown = window(asked.language, int(asked.data["window_seconds"]))
        values |= {"n": asked.data["allowed"], "window": shown}
    text = say(asked.language, f"limit.{asked.data.get('limit', 'generations')}", **values)
    remind: Row = (asked.key("key.remind", press.RemindMe(asked.draft)),)
    return Screen(text + " " + say(asked.language, "limit.kept"), (remind, _way_back(asked)))


def window(language: str, window_seconds: int) -> str:
    """A limit's window in words: "a quarter of an hour", else its length."""
    if window_seconds == 900:
        return plain(language, "words.quarter_hour")
    return duration(language, max(1, round(window_seconds / 60)))


_SCREENS: dict[str, Callable[[Asked], Screen]] = {
    "topic": _topic,
    "level": _level,
    "time": _time,
    "time_other": _time_other,
    "proposing": _proposing,
    "clarify": _clarify,
    "failed": _failed,
    "card": _card,
    "edit": _edit,
    "edit_title": _typed,
    "edit_description": _typed,
    "edit_objectives": _typed,
    "edit_level": _edit_level,
    "edit_time": _edit_time,
    "limited": _limited,
}
