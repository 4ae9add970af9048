"""Mail in the settings, where letters are sent at all: the choices, and the address, which a link confirms."""

from __future__ import annotations

from telegram import Update

from handlers.chat import aside, present
from handlers.chat.buttons_reading import AskAddress, ForgetAddress, OpenMail, SetMail
from handlers.chat.context import LecternContext
from handlers.chat.screens import mail as screens
from handlers.chat.screens.words import clip
from handlers.texts import plain
from services.errors import Invalid, NotFound
from services.mail import MailService
from services.views.mail import MailboxView

SETTINGS = "settings"
ADDRESS = "mail_address"
SHOWN = 60  # characters of a wrong address that are repeated


async def mailbox(context: LecternContext) -> MailboxView | None:
    """What this learner said about mail; None where no letters are sent."""
    mail = context.desk.mail
    return None if mail is None else await mail.mailbox(context.learner.id)


async def open_mail(update: Update, context: LecternContext, _: OpenMail) -> None:
    """The choices. Raises NotFound where no letters are sent."""
    await aside.leave(context)
    box = await _mail(context).mailbox(context.learner.id)
    await present.show(update, context, screens.mail(context.learner.language, box))


async def set_mail(update: Update, context: LecternContext, button: SetMail) -> None:
    """Want a kind of letter, or not any more. Raises NotFound for one there is not."""
    if not 0 <= button.choice < len(screens.CHOICES):
        raise NotFound("mail")
    await aside.leave(context)
    changes = {screens.CHOICES[button.choice]: button.wanted == 1}
    box = await _mail(context).choose(context.learner.id, changes)
    await present.show(update, context, screens.mail(context.learner.language, box))


async def ask_address(update: Update, context: LecternContext, _: AskAddress) -> None:
    """Ask for an address."""
    _mail(context)
    shown = await present.show(update, context, screens.ask(context.learner.language))
    await aside.ask(context, SETTINGS, ADDRESS, {}, shown)


async def take_address(update: Update, context: LecternContext) -> None:
    """A typed address: send the link there, or ask again. Raises LimitReached."""
    typed, language = aside.typed(update, context), context.learner.language
    if typed is None:
        return
    try:
        box = await _mail(context).ask_for(context.learner.id, typed.strip())
    except Invalid:
        wrong = screens.ask(language, clip(typed.strip(), SHOWN) or " ")
        await aside.again(context, await present.below(update, context, wrong))
        return
    await present.below(update, context, screens.mail(language, box))
    await aside.end(context)


async def forget_address(update: Update, context: LecternContext, _: ForgetAddress) -> None:
    """Forget the address."""
    await aside.leave(context)
    language = context.learner.language
    box = await _mail(context).forget(context.learner.id)
    await present.show(update, context, screens.mail(language, box), plain(language, "settings.mail.forgotten"))


def _mail(context: LecternContext) -> MailService:
    if context.desk.mail is None:
        raise NotFound("mail")
    return context.desk.mail
