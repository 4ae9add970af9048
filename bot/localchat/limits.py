"""Telegram's numbers and the words it uses when one of them is exceeded.

The words are those of the Bot API server (tdlib/telegram-bot-api, `Client.cpp`) and of TDLib; a bot meets them here
exactly as it would meet them there. Where Telegram's own words could not be found out, ours follow the same pattern.
"""

from __future__ import annotations

from typing import Any

TEXT_CODE_POINTS = 4096
CAPTION_CODE_POINTS = 1024
RAW_TEXT_BYTES = 32_768
ENTITIES = 100
CALLBACK_DATA_BYTES = 64
BUTTONS = 100
BUTTONS_IN_ROW = 8
TOAST_CODE_POINTS = 200
POLL_QUESTION = 300
POLL_OPTION = 100
POLL_OPTIONS = range(2, 13)
POLL_EXPLANATION = 200
POLL_EXPLANATION_LINE_FEEDS = 2
UPLOAD_BYTES = 50 * 1024 * 1024
PHOTO_BYTES = 10 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
PHOTO_SIDES = 10_000
PHOTO_RATIO = 20
UPDATES_AT_ONCE = 100
LONG_POLL_SECONDS = 50.0
MESSAGE_UPDATE_SECONDS = 24 * 3600.0
"""How long an unfetched message waits for the bot."""
PRESS_SECONDS = 150.0
"""How long an unfetched button press waits, and how long it can be answered."""
COMMANDS = 100
COMMAND_DESCRIPTION = 256

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
UNKNOWN_FILE = "wrong file_id or the file is temporarily unavailable"


class ApiError(Exception):
    """What the Bot API answers instead of a result: HTTP status `code`, `description`, and `parameters` if any."""

    def __init__(self, code: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """The answer's JSON body."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(message: str) -> ApiError:
    """A 400; the first letter is made small unless the message is a code in capitals, as Telegram does."""
    if len(message) > 1 and not (message[1] == "_" or "A" <= message[1] <= "Z"):
        message = message[0].lower() + message[1:]
    return ApiError(400, f"Bad Request: {message}")


def blocked() -> ApiError:
    """The person has blocked the bot."""
    return ApiError(403, "Forbidden: bot was blocked by the user")


def too_many(retry_after: int) -> ApiError:
    """The flood limit; `retry_after` in whole seconds."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def conflict(message: str) -> ApiError:
    """Two readers of the same updates."""
    return ApiError(409, f"Conflict: {message}")


def check_size(size: int, *, photo: bool) -> None:
    """Refuse an upload of `size` bytes that Telegram would not take."""
    if size == 0:
        raise bad_request("file must be non-empty")
    if size > UPLOAD_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    if photo and size > PHOTO_BYTES:
        raise bad_request("file is too big")


def check_photo(width: int, height: int) -> None:
    """Refuse a picture whose sides (pixels) Telegram would not take."""
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
