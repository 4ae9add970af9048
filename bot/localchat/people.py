"""Who is there: the bot, three local people, and the group they are all in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Role = Literal["learner", "instructor", "admin"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at this machine. The chat between a person and the bot has the person's own `id`, as in Telegram."""

    id: int
    first_name: str
    username: str
    role: Role = "learner"
    language_code: str = "en"

    def user(self) -> dict[str, Any]:
        """The person as Telegram's `User`."""
        return {
            "id": self.id,
            "is_bot": False,
            "first_name": self.first_name,
            "username": self.username,
            "language_code": self.language_code,
        }

    def chat(self) -> dict[str, Any]:
        """The private chat with this person as Telegram's `Chat`."""
        return {"id": self.id, "type": "private", "first_name": self.first_name, "username": self.username}


LEARNER = Person(7_000_001_001, "Lena", "lena_learner", "learner")
INSTRUCTOR = Person(1002, "Ivo", "ivo_instructor", "instructor")
ADMIN = Person(1003, "Ada", "ada_admin", "admin")
PEOPLE = (LEARNER, INSTRUCTOR, ADMIN)

GROUP_ID = -1_002_000_000_001
GROUP: dict[str, Any] = {"id": GROUP_ID, "type": "supergroup", "title": "Study group"}

BOT_ID = 8_100_000_001
BOT: dict[str, Any] = {"id": BOT_ID, "is_bot": True, "first_name": "Lectern", "username": "lectern_local_bot"}
TOKEN = f"{BOT_ID}:local-chat-needs-no-secret-token-here"
