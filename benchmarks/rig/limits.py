"""How much Telegram takes of a bot, enforced (Bot FAQ, "My bot is hitting limits"): 30 messages and edits in any second
over all, one a second in a private chat after a short burst, 20 in any minute in a group."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

OVERALL, SECOND = 30, 0.9  # in any so many seconds: a tenth for what the way here takes, now more and now less
CHAT_BURST = 4  # in a private chat at once; then one a second
GROUP, MINUTE = 20, 60.0  # in any so many seconds
_COUNTED = ("send", "edit", "copy", "forward", "stop")
_FREE = frozenset({"sendchataction", "sendmessagedraft"})


def is_counted(method: str) -> bool:
    """Whether Telegram counts calls of a method (in small letters)."""
    return method.startswith(_COUNTED) and method not in _FREE


@dataclass
class Limits:
    """`refused` counts what was too much: over all, in private chats, in groups. `most` is the most that came in any
    second. Who goes on while they are to wait is refused with the rest of the wait."""

    overall: int = OVERALL
    refused: dict[str, int] = field(default_factory=lambda: {"overall": 0, "chat": 0, "group": 0})
    most: int = 0
    _lately: deque[float] = field(default_factory=deque)
    _chats: dict[int, float] = field(default_factory=dict)  # when a chat's bucket will be empty
    _groups: dict[int, deque[float]] = field(default_factory=dict)
    _until: dict[int, float] = field(default_factory=dict)

    def take(self, chat: int, at: float) -> int:
        """Seconds after which a message to that chat, which has come at `at`, may come again; 0 if it is taken."""
        wait = self._until.get(chat, 0.0) - at
        kind = "group" if chat < 0 else "chat"
        if wait <= 0:
            wait = self._group(chat, at) if chat < 0 else self._private(chat, at)
        if wait <= 0:
            while self._lately and self._lately[0] <= at - SECOND:
                self._lately.popleft()
            if len(self._lately) >= self.overall:
                kind, wait = "overall", self._lately[0] + SECOND - at
        if wait > 0:
            self.refused[kind] += 1
            seconds = max(1, math.ceil(wait))
            self._until[chat] = max(self._until.get(chat, 0.0), at + seconds)
            return seconds
        self._note(chat, at)
        return 0

    def pause(self, chat: int, until: float) -> None:
        """Whatever was sent there: nothing more in a chat until then."""
        self._until[chat] = max(self._until.get(chat, 0.0), until)

    def _private(self, chat: int, at: float) -> float:
        return self._chats.get(chat, at) - at - (CHAT_BURST - 1)

    def _group(self, chat: int, at: float) -> float:
        sent = self._groups.setdefault(chat, deque())
        while sent and sent[0] <= at - MINUTE:
            sent.popleft()
        return sent[0] + MINUTE - at if len(sent) >= GROUP else 0.0

    def _note(self, chat: int, at: float) -> None:
        self._lately.append(at)
        self.most = max(self.most, len(self._lately))
        if chat < 0:
            self._groups[chat].append(at)
        else:
            self._chats[chat] = max(self._chats.get(chat, at), at) + 1
