"""A letter as it goes over the wire: text and HTML, and the headers that make a retry the same letter."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from services.validation import clean_text, storable
from services.views.mail import Written

LONGEST_SUBJECT = 150  # characters


def sender_of(mail_from: str) -> Address:
    """MAIL_FROM as an address, with or without a name. Raises ValueError for what is none."""
    name, plain = parseaddr(mail_from)
    return Address(display_name=name, addr_spec=plain)


def compose(written: Written, *, sender: Address, to: str, key: str, at: datetime, unsubscribe: str = "") -> bytes:
    """The message's bytes, of ASCII only. `key` names the row of work: the same row gives the same `Message-ID`,
    date and boundary. `unsubscribe` is the address of one click (RFC 8058). Nothing that is put in can begin a header
    of its own: the library refuses line breaks, and the subject has none left."""
    name = hashlib.sha256(key.encode()).hexdigest()[:40]
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=to)
    message["Subject"] = clean_text(storable(written.subject))[:LONGEST_SUBJECT]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{name}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine is to answer
    if unsubscribe:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(storable(written.text), cte="quoted-printable")
    message.add_alternative(storable(written.html), subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{name}")
    return message.as_bytes()
