"""What letters say, and that nothing put into one breaks out of it."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import get_args

import pytest

from handlers.mail.letters import write
from services.mail_message import compose, sender_of
from services.views.mail import Letter, WeekView, What

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "Bread\r\nBcc: eve@example.org\r\n\r\nHi",
    "Bread\nX-Evil: 1",
    "Bread\x85X-Evil: 1\u2028Y-Evil: 2\x0bZ-Evil: 3",
    "{course.__class__}",
    "日本語 ß 🍞",
    "nul\x00 half \ud800 pair",
    "=?utf-8?q?evil?=",
    ".\r\n.\r\nMAIL FROM:<eve@example.org>",
    "x" * 5_000,
]


class Tags(HTMLParser):
    """The names of all elements."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        assert not any(name.startswith("on") for name, _ in attrs)


def letter(what: What, text: str = "Bread") -> Letter:
    week = (WeekView(text, 1, 5), WeekView(text, 2, 10))
    link = "https://l.example/c?a=1&b=2" if what == "confirm" else ""
    return Letter(what, "en", text, link=link, unsubscribe="https://l.example/u", course=text, week=week)


def sent(what: What, text: str = "Bread", key: str = "k") -> EmailMessage:
    raw = compose(
        write(letter(what, text)),
        sender=sender_of("Lectern <mail@l.example>"),
        to="ada@example.org",
        key=key,
        at=AT,
        unsubscribe="https://l.example/u?token=1",
    )
    assert raw.isascii()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    return message_from_bytes(raw, policy=policy.default)


HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
]


@pytest.mark.parametrize("what", get_args(What))
@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nothing_that_is_put_in_breaks_out(what: What, text: str) -> None:
    message = sent(what, text)
    assert sorted(message.keys()) == sorted(HEADERS)
    assert message["To"] == "ada@example.org"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    tags = Tags()
    tags.feed(html.get_content())
    assert tags.found <= {"html", "head", "meta", "title", "body", "p", "a", "ul", "li"}


@pytest.mark.parametrize("what", get_args(What))
def test_the_same_row_makes_the_same_letter_and_another_row_another(what: What) -> None:
    assert sent(what).as_bytes() == sent(what).as_bytes()
    assert sent(what)["Message-ID"] != sent(what, key="other")["Message-ID"]
    assert sent(what)["Message-ID"].endswith("@l.example>")


def test_text_and_html_say_the_same() -> None:
    written = write(letter("weekly_digest", "Bread & butter"))
    assert "- Bread & butter: 1 section, 5 min\n- Bread & butter: 2 sections, 10 min" in written.text
    assert "<li>Bread &amp; butter: 1 section, 5 min</li>" in written.html
    confirm = write(letter("confirm"))
    assert "https://l.example/c?a=1&b=2" in confirm.text
    assert 'href="https://l.example/c?a=1&amp;b=2"' in confirm.html
    assert write(letter("course_completed")).subject == "You have completed “Bread”"


def test_an_address_that_is_none_is_never_written_to() -> None:
    for wrong in ("ada@example.org\nBcc: eve@example.org", "ada", "a@b.example, c@d.example"):
        with pytest.raises(ValueError):
            compose(write(letter("welcome")), sender=sender_of("mail@l.example"), to=wrong, key="k", at=AT)
