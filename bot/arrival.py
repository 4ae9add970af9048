"""How updates come: fetched from Telegram, or posted by it to our own door."""

from __future__ import annotations

from collections.abc import Callable

from telegram.ext import ExtBot

from bot.settings import Settings
from handlers.chat.held_up import HeldUp
from handlers.chat.hooked import Arrival, Hooked
from handlers.chat.polling import Polling
from handlers.web.webhook import PATH, Webhook
from services.clock import Clock
from services.intake import IntakeService
from services.jobs import Jobs


def make_arrival(settings: Settings, bot: ExtBot[None], intake: IntakeService, jobs: Jobs, clock: Clock) -> Arrival:
    """What fetches updates, or looks after the webhook."""
    secret = settings.telegram_webhook_secret
    if settings.telegram_mode == "polling" or secret is None:
        return Polling(bot, intake, jobs, clock)
    url = f"{settings.public_url}{PATH}"
    return Hooked(bot, jobs.heart, clock, url=url, secret=secret.get_secret_value())


def make_webhook(
    settings: Settings, bot: ExtBot[None], intake: IntakeService, is_ready: Callable[[], bool]
) -> Webhook | None:
    """The door for updates that are posted; None where they are fetched."""
    secret = settings.telegram_webhook_secret
    if settings.telegram_mode == "polling" or secret is None:
        return None
    return Webhook(intake, HeldUp(bot), secret=secret.get_secret_value(), is_ready=is_ready)
