"""What became otherwise than it was asked for, said with a stable code and in words."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from handlers.texts import plain
from handlers.web.operations import Out


class NoticeOut(Out):
    """Something that whoever asked should know. ``source_enough_for``: the document is enough for `minutes` only, so
    there are fewer lessons than the time wished for would have."""

    code: Literal["source_enough_for"]
    minutes: int = Field(description="For how long a course the document is enough")
    message: str


def enough_for(minutes: int, language: str) -> NoticeOut | None:
    """The notice of a document that is enough for so many minutes; None for 0: it is enough for what was asked."""
    if not minutes:
        return None
    message = plain(language, "notice.source_enough_for", n=minutes)
    return NoticeOut(code="source_enough_for", minutes=minutes, message=message)
