"""Mail in the settings: the address, and which letters are wanted. Pure."""

from __future__ import annotations

from typing import get_args

from handlers.chat.buttons_reading import AskAddress, ForgetAddress, OpenMail, OpenSettings, SetMail
from handlers.chat.screen import Key, Row, Screen
from handlers.texts import plain, say
from services.views.mail import Choice, MailboxView

CHOICES: tuple[Choice, ...] = get_args(Choice)


def line(language: str, box: MailboxView) -> str:
    """Where letters go, in one line."""
    if box.pending is not None:
        return say(language, "settings.mail.pending", address=box.pending)
    if box.address is not None:
        return say(language, "settings.mail", address=box.address)
    return say(language, "settings.mail.none")


def key(language: str) -> Row:
    """The key that leads here."""
    return (Key(plain(language, "settings.mail.key"), OpenMail()),)


def mail(language: str, box: MailboxView) -> Screen:
    """The letters, each with a tick if it is wanted, and the address."""
    rows: list[Row] = []
    for number, choice in enumerate(CHOICES):
        wanted = bool(getattr(box, choice))
        label = plain(language, f"settings.mail.{choice}")
        rows.append((Key(f"{'✅' if wanted else '◻'} {label}", SetMail(number, 0 if wanted else 1)),))
    rows.append((Key(plain(language, "settings.mail.address.key"), AskAddress()),))
    if box.address is not None or box.pending is not None:
        rows.append((Key(plain(language, "settings.mail.forget.key"), ForgetAddress()),))
    rows.append((Key(plain(language, "settings.back"), OpenSettings()),))
    return Screen(f"{say(language, 'settings.mail.head')}\n{line(language, box)}", tuple(rows))


def ask(language: str, wrong: str = "") -> Screen:
    """Ask for an address, after a `wrong` one with a word about it."""
    text = say(language, "settings.mail.wrong", found=wrong) if wrong else say(language, "settings.mail.ask")
    return Screen(text, ((Key(plain(language, "settings.back"), OpenSettings()),),))
