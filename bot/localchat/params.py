"""A method's parameters: everything may come as text (forms) or as JSON values, as the Bot API takes them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.localchat.limits import bad_request


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file that came with a request."""

    name: str
    body: bytes
    mime: str


class Params:
    """Read-only view of the parameters `values` and the `files` of one call."""

    def __init__(self, values: dict[str, Any], files: dict[str, UploadedFile]) -> None:
        self._values = values
        self.files = files

    def text(self, name: str) -> str:
        """A text; empty if it is missing."""
        value = self._values.get(name)
        return value if isinstance(value, str) else "" if value is None else json.dumps(value)

    def has(self, name: str) -> bool:
        """Whether it was given at all."""
        return self._values.get(name) is not None

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; `default` if it is missing or not one."""
        try:
            return int(self._values.get(name, default))
        except (TypeError, ValueError):
            return default

    def number(self, name: str, default: float = 0.0) -> float:
        """A number; `default` if it is missing or not one."""
        try:
            return float(self._values.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth value, as Telegram reads it (``true``, ``yes``, ``1``)."""
        value = self._values.get(name)
        return default if value is None else str(value).lower() in {"true", "yes", "1"}

    def data(self, name: str, what: str = "object") -> Any:
        """A JSON value, or None if it is missing; `what` names it in the error."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as error:
            raise bad_request(f"can't parse {what} JSON object") from error

    def items(self, name: str, what: str = "array") -> list[Any] | None:
        """A JSON array, or None if it is missing."""
        value = self.data(name, what)
        if value is None:
            return None
        if not isinstance(value, list):
            raise bad_request(f"can't parse {what} JSON object: expected an Array")
        return value
