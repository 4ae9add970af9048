"""Letters under TLS, handed to a real server whose certificate is made for the test; without trust, not one word."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from services.mail_wire import MailWire, Patience, Unreachable, server_of
from storage.database import Database
from tests.kit.database import postgres, sqlite
from tests.kit.mail_server import MailServer, mail_server
from tests.kit.school import add_learner
from tests.services.mail_kit import post

__all__ = ["postgres", "sqlite"]
HERE = "127.0.0.1"
LETTER = b"Subject: Hello\r\n\r\nA secret.\r\n"
# How the server speaks, and what SMTP_URL says: TLS by STARTTLS where it must be and where it is offered, and at once.
WAYS = [("smtp+starttls", False), ("smtp", False), ("smtps", True)]


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Somebody whom this machine trusts to name others, told to OpenSSL as an operator with a CA of their own does."""
    made, file = trustme.CA(), tmp_path / "ca.pem"
    made.cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return made


def named(authority: trustme.CA, name: str = HERE, until: datetime | None = None) -> ssl.SSLContext:
    """What a server of that name shows."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name, not_after=until).configure_cert(context)
    return context


def wire(server: MailServer, scheme: str, who: str = "") -> MailWire:
    return MailWire(server_of(f"{scheme}://{who}{HERE}:{server.port}"), patience=Patience(5, 5, 5))


@pytest.mark.parametrize(("scheme", "from_the_start"), WAYS)
async def test_a_letter_goes_out_under_tls_with_the_password(
    sqlite: Database, authority: trustme.CA, scheme: str, from_the_start: bool
) -> None:
    async with mail_server(password="right", tls=named(authority), from_the_start=from_the_start) as server:
        url = f"{scheme}://me:right@{HERE}:{server.port}"
        async with post(sqlite, server, url=url, patience=Patience(5, 5, 5)) as made:
            await made.mail.ask_for(await add_learner(sqlite), "ada@example.org")
            (key,) = await made.rows()
            assert await made.settled(key) == "done"
    (letter,) = server.taken
    assert (letter["To"], server.ciphered) == ("ada@example.org", [True])


@pytest.mark.parametrize(("scheme", "from_the_start"), WAYS)
async def test_a_probe_speaks_tls_as_well(authority: trustme.CA, scheme: str, from_the_start: bool) -> None:
    async with mail_server(password="right", tls=named(authority), from_the_start=from_the_start) as server:
        await wire(server, scheme, "me:wrong@").greet()
        assert server.talks == 1


@pytest.mark.parametrize("fault", ["unknown", "another name", "out of date"])
@pytest.mark.parametrize(("scheme", "from_the_start"), WAYS)
async def test_whoever_shows_a_bad_certificate_hears_nothing(
    authority: trustme.CA, scheme: str, from_the_start: bool, fault: str
) -> None:
    """Not even where TLS is only taken because it is offered; and the letter waits for a better day."""
    shown = {
        "unknown": lambda: named(trustme.CA()),
        "another name": lambda: named(authority, "mail.example"),
        "out of date": lambda: named(authority, until=datetime.now(UTC) - timedelta(days=1)),
    }[fault]()
    async with mail_server(password="right", tls=shown, from_the_start=from_the_start) as server:
        line = wire(server, scheme, "me:right@")
        with pytest.raises(Unreachable, match=r"(?i)certificate"):
            await line.send("us@learn.example", "ada@example.org", LETTER)
        with pytest.raises(Unreachable, match=r"(?i)certificate"):
            await line.greet()
        assert (server.ciphered, server.recipients, server.taken) == ([], [], [])


async def test_starttls_that_somebody_hides_is_missed(authority: trustme.CA) -> None:
    """A server that does not offer what must be (or whose offer was taken out on the way) gets nothing."""
    async with mail_server() as server:
        with pytest.raises(Unreachable):
            await wire(server, "smtp+starttls").send("us@learn.example", "ada@example.org", LETTER)
        assert (server.ciphered, server.taken) == ([], [])
