"""A real SMTP server that says what a test wants, and remembers what it was given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from ssl import SSLContext

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class MailServer:
    """`says` are its answers at a step (``MAIL``, ``RCPT``, ``DATA``), used up one by one; an answer of "" is none: it
    hangs up there. `hold` keeps its last word back until it is set. `ciphered` says of each letter begun (``MAIL``)
    whether it came through TLS."""

    port: int = 0
    says: dict[str, list[str]] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    ciphered: list[bool] = field(default_factory=list)
    talks: int = 0
    hold: asyncio.Event | None = None
    receiving: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """What SMTP_URL would be."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        assert server.transport is not None
        self.ciphered.append(server.transport.get_extra_info("cipher") is not None)
        return self._said("MAIL", server)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.recipients.append(address)
        envelope.rcpt_tos.append(address)
        return self._said("RCPT", server)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        said = self._said("DATA", server, hang_up=False)
        if said.startswith("250") or not said:
            self.taken.append(message_from_bytes(content, policy=policy.default))
        self.receiving.set()
        if self.hold is not None:
            await self.hold.wait()
        if not said:
            _hang_up(server)
        return said or "250 OK"

    def _said(self, step: str, server: SMTP, *, hang_up: bool = True) -> str:
        answers = self.says.get(step)
        said = answers.pop(0) if answers else "250 OK"
        if not said and hang_up:
            _hang_up(server)
        return said


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


@asynccontextmanager
async def mail_server(
    *, port: int = 0, password: str | None = None, tls: SSLContext | None = None, from_the_start: bool = False
) -> AsyncIterator[MailServer]:
    """It listens on this machine. With `password`, only who shows that may send, and under TLS if there is `tls`, which
    is offered by STARTTLS, or spoken `from_the_start`."""
    box = MailServer()
    later = None if from_the_start else tls

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        return AuthResult(success=data.password.decode() == password, handled=False)

    def answer() -> SMTP:
        box.talks += 1
        return SMTP(
            box,
            hostname="mail.test",
            authenticator=check if password else None,
            auth_required=password is not None,
            auth_require_tls=later is not None,
            tls_context=later,
        )

    at_once = tls if from_the_start else None
    listening = await asyncio.get_running_loop().create_server(answer, "127.0.0.1", port, ssl=at_once)
    box.port = listening.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        if box.hold is not None:
            box.hold.set()
        listening.close()
