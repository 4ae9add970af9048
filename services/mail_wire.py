"""The line to the mail server: one letter, one connection, each step with a limit of time.

What the server says decides: 5xx about a letter is final (`Refused`), everything else may pass (`Unreachable`)."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from aiosmtplib import SMTP, SMTPResponseException

Security = Literal["offered", "required", "from_the_start"]
_LOCAL = {"localhost", "127.0.0.1", "::1"}


class Unreachable(Exception):
    """The server is away, busy, or does not want us just now: the same letter may go later."""


class Refused(Exception):
    """The server does not take this letter, and never will."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed in. `security` says when TLS begins: if offered, always by STARTTLS, or at once."""

    host: str
    port: int | None
    user: str | None
    password: str | None
    security: Security


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to connect, for each answer, and for the last one, after which a server has the letter (RFC 5321
    §4.5.3.2.6: whoever gives up earlier than ten minutes sends it twice)."""

    connect: float = 15.0
    answer: float = 30.0
    taken: float = 600.0


def server_of(url: str) -> MailServer:
    """Read smtp://user:password@host:port, smtp+starttls:// or smtps://. A password never goes to another machine in
    the clear: with one, smtp:// means smtp+starttls:// there."""
    parts = urlsplit(url)
    user, host = unquote(parts.username or "") or None, parts.hostname or ""
    security: Security = "offered"
    if parts.scheme == "smtps":
        security = "from_the_start"
    elif parts.scheme == "smtp+starttls" or (user and host not in _LOCAL):
        security = "required"
    return MailServer(host, parts.port, user, unquote(parts.password or "") if user else None, security)


class MailWire:
    """`our_name` is what we greet with: the name of this machine as others see it."""

    def __init__(self, server: MailServer, *, our_name: str = "localhost", patience: Patience | None = None) -> None:
        self._server = server
        self._our_name = our_name
        self._patience = patience or Patience()

    async def send(self, sender: str, recipient: str, message: bytes) -> None:
        """Hand a letter in; returns when the server has it. Raises Unreachable, Refused."""
        from aiosmtplib import errors

        client = self._client()
        try:
            await client.connect(timeout=self._patience.connect)
            await client.mail(sender)
            await client.rcpt(recipient)
            await client.data(message, timeout=self._patience.taken)
        except (errors.SMTPAuthenticationError, errors.SMTPConnectResponseError, errors.SMTPHeloError) as error:
            raise Unreachable(_said(error, recipient)) from None  # it is about us, not about the letter
        except errors.SMTPResponseException as error:
            said = _said(error, recipient)
            raise (Refused(said) if error.code >= 500 else Unreachable(said)) from None
        except (errors.SMTPException, OSError, TimeoutError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}"[:300]) from error
        else:
            with suppress(errors.SMTPException, OSError, TimeoutError):
                await client.quit(timeout=1.0)  # the letter is theirs by now, whatever they say to this
        finally:
            client.close()

    async def greet(self) -> None:
        """Connect and say hello, and nothing else. Raises Unreachable."""
        from aiosmtplib import errors

        client = self._client(sign_in=False)
        try:
            await client.connect(timeout=self._patience.connect)
            await client.ehlo()
        except (errors.SMTPException, OSError, TimeoutError) as error:
            raise Unreachable(f"{type(error).__name__}: {error}"[:300]) from error
        finally:
            client.close()

    def _client(self, *, sign_in: bool = True) -> SMTP:
        from aiosmtplib import SMTP

        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user if sign_in else None,
            password=server.password if sign_in else None,
            local_hostname=self._our_name,
            timeout=self._patience.answer,
            use_tls=server.security == "from_the_start",
            start_tls={"offered": None, "required": True, "from_the_start": False}[server.security],
        )


def _said(error: SMTPResponseException, recipient: str) -> str:
    """What the server said, for logs and lists of what was set aside, where nobody's address belongs."""
    return re.sub(re.escape(recipient), "(the address)", f"{error.code} {error.message}", flags=re.IGNORECASE)[:300]
