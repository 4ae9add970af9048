"""Mail, built where a mail server is set: the line to it, the outbox, and what people may choose."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.secret import kept_secret
from bot.settings import Settings
from handlers.mail.letters import write
from handlers.web.dispatch import PREFIX
from services.clock import Clock
from services.jobs import Jobs
from services.learners import LearnerService
from services.mail import MailService
from services.mail_outbox import Outbox
from services.mail_tokens import MailTokens
from services.mail_wire import MailWire, server_of
from services.people import PeopleService
from storage.database import Database


def make_wire(settings: Settings) -> MailWire | None:
    """The line to the mail server; None where none is set."""
    if settings.smtp_url is None:
        return None
    name = urlsplit(settings.public_url or "").hostname or "localhost"
    return MailWire(server_of(settings.smtp_url.get_secret_value()), our_name=name)


def build_mail(
    settings: Settings, wire: MailWire | None, *, database: Database, clock: Clock, jobs: Jobs, learners: LearnerService
) -> MailService | None:
    """The service of mailboxes, with an outbox that does its work; None where no mail is sent. Raises SecretError."""
    if wire is None or settings.mail_from is None or settings.public_url is None:
        return None
    secret = settings.jwt_secret
    tokens = MailTokens(secret.get_secret_value() if secret else kept_secret(settings.data_dir))
    Outbox(
        database=database,
        clock=clock,
        jobs=jobs,
        people=PeopleService(database=database, learners=learners),
        tokens=tokens,
        wire=wire,
        write=write,
        mail_from=settings.mail_from,
        pages=f"{settings.public_url}{PREFIX}/mail",
    ).register()
    return MailService(database=database, clock=clock, jobs=jobs, tokens=tokens)
