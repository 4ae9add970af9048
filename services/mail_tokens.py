"""What stands in a letter's links: a token that confirms an address, and one that stops a kind of letter.

Both are signed with a key of their own. The outbox keeps neither: they are made when the letter is sent."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from typing import cast, get_args

from services.errors import NotFound
from services.views.mail import Choice

_CHOICES: tuple[Choice, ...] = get_args(Choice)
_SHAPE = re.compile(r"([1-9][0-9]{0,18})\.([a-z_]{1,20})\.([A-Za-z0-9_-]{43})")


class MailTokens:
    """`secret` is the installation's; the key is derived from it, so that nothing else is ever signed with it."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"lectern mail", hashlib.sha256)

    def confirmation(self, learner_id: int, nonce: str) -> str:
        """The token that confirms what was asked for with this `nonce`."""
        return self._signed(f"confirm {learner_id} {nonce}")

    def unsubscribe(self, learner_id: int, choice: Choice) -> str:
        """The token that stops letters of that kind for this learner; it works for good."""
        return f"{learner_id}.{choice}.{self._signed(f'unsubscribe {learner_id} {choice}')}"

    def read_unsubscribe(self, token: str) -> tuple[int, Choice]:
        """Whose letters of which kind a token stops. Raises NotFound("link") for one that is not ours."""
        shape = _SHAPE.fullmatch(token)
        if shape is None or shape[2] not in _CHOICES:
            raise NotFound("link")
        learner_id, choice = int(shape[1]), cast(Choice, shape[2])
        if not hmac.compare_digest(token, self.unsubscribe(learner_id, choice)):
            raise NotFound("link")
        return learner_id, choice

    def _signed(self, text: str) -> str:
        mac = hmac.digest(self._key, text.encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
