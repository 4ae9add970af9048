"""Fields of a call to the Bot API that hold no files, media or dates: python-telegram-bot need not look for them."""

from __future__ import annotations

import json
from typing import Any, cast

from telegram.request import RequestData


class _PlainFields:
    """What a request asks a `RequestData` for, of fields that are text, numbers, and lists and dictionaries of such."""

    __slots__ = ("json_parameters",)

    contains_files = False

    def __init__(self, fields: dict[str, Any]) -> None:
        self.json_parameters = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in fields.items()
            if value is not None
        }

    @property
    def json_payload(self) -> bytes:
        """The fields as the body of a request."""
        return json.dumps(self.json_parameters).encode()


def plain_fields(fields: dict[str, Any]) -> RequestData:
    """The fields, to be handed to a request's `post`. Raises TypeError if there is a file or an object among them."""
    return cast(RequestData, _PlainFields(fields))
