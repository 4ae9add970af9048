"""The one-time code. Pure."""

from __future__ import annotations

from handlers.chat.screen import Screen
from handlers.texts import say
from services.auth import CODE_LENGTH, CODE_LIFETIME


def code(language: str, signs: str) -> Screen:
    """The code in two halves, which are easier to carry over, and for how long it works."""
    shown = f"{signs[: CODE_LENGTH // 2]}-{signs[CODE_LENGTH // 2 :]}"
    return Screen(say(language, "login.code", code=shown, n=int(CODE_LIFETIME.total_seconds()) // 60))
