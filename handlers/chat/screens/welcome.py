"""The first screens: hello, what can be asked, examples, help, and where somebody is when they ask nothing. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.chat import buttons_asking as press
from handlers.chat.buttons import Continue
from handlers.chat.screen import Key, Row, Screen
from handlers.chat.screens.asking import sample_rows
from handlers.chat.screens.words import clip
from handlers.texts import plain, say
from services.views import CourseCard

_LABEL_TITLE = 40


def hello(language: str, name: str, cards: Sequence[CourseCard]) -> Screen:
    """The first screen; whoever has a course under way is offered to go on with it."""
    going = current(cards)
    key = "welcome.again" if going else "welcome.hello"
    asks: Row = (
        Key(plain(language, "key.what_to_ask"), press.WhatToAsk()),
        Key(plain(language, "key.example"), press.ShowExample()),
    )
    rows = (*continue_rows(language, going), asks)
    return Screen(say(language, key, name=name or plain(language, "words.you")), rows)


def current(cards: Sequence[CourseCard]) -> CourseCard | None:
    """The course that somebody was last in and has not finished."""
    open_ones = [card for card in cards if card.state == "ready" and not card.archived and card.percent < 100]
    return max(open_ones, key=lambda card: card.last_accessed_at, default=None)


def continue_rows(language: str, card: CourseCard | None) -> tuple[Row, ...]:
    """The one Continue, if there is something to go on with."""
    if card is None:
        return ()
    label = plain(language, "key.continue", title=clip(card.title, _LABEL_TITLE))
    return ((Key(label, Continue(card.id)),),)


def what_to_ask(language: str, offline: bool) -> Screen:
    """What can be asked for, by examples."""
    back: Row = (Key(plain(language, "key.back"), press.Home()),)
    if offline:
        return Screen(say(language, "what.offline"), (*sample_rows(), back))
    return Screen(say(language, "what.online"), (_ask(language), back))


def examples(language: str) -> Screen:
    """The bundled texts, each a course at one tap."""
    back: Row = (Key(plain(language, "key.back"), press.Home()),)
    return Screen(say(language, "examples"), (*sample_rows(), back))


def help_screen(language: str, support: str | None) -> Screen:
    """What can be done, command by command, and who helps."""
    text = say(language, "help")
    if support:
        text += "\n\n" + say(language, "help.support", support=support)
    return Screen(text, (_ask(language),))


def nothing_to_cancel(language: str) -> Screen:
    """/cancel where nothing is under way."""
    return Screen(say(language, "cancel.nothing"), (_ask(language),))


def cancelled(language: str) -> Screen:
    """What was under way is dropped."""
    return Screen(say(language, "cancelled"), (_ask(language),))


def unreadable(language: str) -> Screen:
    """A photo, a voice message…, where nothing is being asked."""
    return Screen(say(language, "unreadable"), (_ask(language),))


def unknown_command(language: str) -> Screen:
    """A command that there is not."""
    return Screen(say(language, "unknown_command"))


def small_talk(language: str, card: CourseCard | None) -> Screen:
    """The answer to a greeting or thanks."""
    return Screen(say(language, "small_talk"), (*continue_rows(language, card), _ask(language)))


def not_admitted(language: str, operator: str) -> Screen:
    """The bot is not open to this person; whom to ask."""
    return Screen(say(language, "not_admitted", operator=operator))


def blocked(language: str, operator: str) -> Screen:
    """An admin has shut this person out."""
    return Screen(say(language, "blocked", operator=operator[:1].upper() + operator[1:]))


def in_group(language: str, username: str) -> Screen:
    """In a group: the way into the private chat."""
    return Screen(
        say(language, "group"), ((Key(plain(language, "key.open_chat"), url=f"https://t.me/{username}?start=group"),),)
    )


def _ask(language: str) -> Row:
    return (Key(plain(language, "key.new_request"), press.NewRequest()),)
