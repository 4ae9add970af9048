"""Mail over REST: the address and which letters are wanted, and the pages that a letter's links lead to."""

from __future__ import annotations

from typing import Annotated, Any, Self

from aiohttp import web
from pydantic import ConfigDict, Field, model_validator

from handlers.texts import plain
from handlers.web import speaking
from handlers.web.mail_page import page
from handlers.web.operations import Call, In, Operation, Out, Who
from services.errors import NotFound
from services.mail import MailService
from services.rules.mail import LONGEST_ADDRESS

_Token = Annotated[str, Field(pattern="^[A-Za-z0-9._-]{1,200}$", description="As it stands in the letter")]


def _patch(schema: dict[str, Any]) -> None:
    """What is left out has no default: it stays as it is."""
    schema["minProperties"] = 1
    for one in schema["properties"].values():
        one.pop("default", None)


class AddressIn(In):
    """An address; what else it may be is checked where it is kept."""

    address: Annotated[str, Field(min_length=3, max_length=LONGEST_ADDRESS, description="An e-mail address")]


class ChoicesIn(In):
    """Which letters are wanted; what is left out stays."""

    model_config = ConfigDict(json_schema_extra=_patch)

    welcome: bool = False
    course_completed: bool = False
    weekly_digest: bool = False

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        return self


class MailboxOut(Out):
    """Letters go to `address` only; `pending` waits for the link that was sent there to be followed."""

    address: str | None
    pending: str | None
    welcome: bool
    course_completed: bool
    weekly_digest: bool


class TokenQuery(In):
    """The token of a link."""

    token: _Token


async def mailbox(call: Call) -> MailboxOut:
    """One's own choices."""
    return MailboxOut.model_validate(await _mail(call).mailbox(call.me.id))


async def set_address(call: Call) -> MailboxOut:
    """Have a link sent to an address; once it is followed, letters go there."""
    return MailboxOut.model_validate(await _mail(call).ask_for(call.me.id, call.body.address))


async def forget_address(call: Call) -> MailboxOut:
    """Forget the address; the choices stay."""
    return MailboxOut.model_validate(await _mail(call).forget(call.me.id))


async def choose(call: Call) -> MailboxOut:
    """Choose letters."""
    body: ChoicesIn = call.body
    changes: Any = {name: getattr(body, name) for name in body.model_fields_set}
    return MailboxOut.model_validate(await _mail(call).choose(call.me.id, changes))


async def confirmation(call: Call) -> web.Response:
    """The page with the button that confirms an address."""
    _mail(call)
    return _page("mail.page.confirm", "mail.page.confirm.button")


async def confirm(call: Call) -> web.Response:
    """Confirm the address that the link was sent to."""
    await _mail(call).confirm(call.query.token)
    return _page("mail.page.confirmed")


async def unsubscription(call: Call) -> web.Response:
    """The page with the button that stops a kind of letter."""
    _mail(call)
    return _page("mail.page.stop", "mail.page.stop.button")


async def unsubscribe(call: Call) -> web.Response:
    """Stop a kind of letter by one click (RFC 8058): whatever the body says, nobody has to be signed in."""
    await _mail(call).unsubscribe(call.query.token)
    return _page("mail.page.stopped")


def _page(sentence: str, button: str = "") -> web.Response:
    language = speaking.language()
    return page(language, plain(language, sentence), plain(language, button) if button else "")


def _mail(call: Call) -> MailService:
    """Raises NotFound("mail") where no mail is sent."""
    found: MailService | None = call.services.mail
    if found is None:
        raise NotFound("mail")
    return found


def _own(method: str, path: str, summary: str, handler: Any, **more: Any) -> Operation:
    return Operation(method=method, path=path, summary=summary, handler=handler, answers=MailboxOut, tag="mail", **more)


def _linked(method: str, path: str, summary: str, handler: Any) -> Operation:
    return Operation(
        method=method,
        path=path,
        summary=summary,
        handler=handler,
        who=Who.ANYBODY,
        query_in=TokenQuery,
        content="text/html",
        tag="mail",
    )


OPERATIONS = [
    _own("GET", "/mail", "One's address and which letters are wanted", mailbox),
    _own("PATCH", "/mail", "Choose letters", choose, body_in=ChoicesIn),
    _own("PUT", "/mail/address", "Have an address confirmed", set_address, body_in=AddressIn),
    _own("DELETE", "/mail/address", "Forget the address", forget_address),
    _linked("GET", "/mail/confirm", "The page of a letter that confirms an address", confirmation),
    _linked("POST", "/mail/confirm", "Confirm an address", confirm),
    _linked("GET", "/mail/unsubscribe", "The page that stops a kind of letter", unsubscription),
    _linked("POST", "/mail/unsubscribe", "Stop a kind of letter by one click", unsubscribe),
]
