"""Signing in and out over REST. The two that sign in through Telegram make known who was not."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from aiohttp import hdrs
from pydantic import Field

from handlers.web.edge.addresses import client_address
from handlers.web.operations import Call, Handler, Id, In, Operation, Out, Who
from services.auth import AuthService, SignedIn
from services.views import Role

_Line = Annotated[str, Field(min_length=1, max_length=256)]


class InitDataIn(In):
    """What `Telegram.WebApp.initData` holds, as it is."""

    init_data: Annotated[str, Field(min_length=1, max_length=8192)]


class LoginIn(In):
    """What Telegram's Login widget hands over, field by field."""

    id: Id
    first_name: _Line
    last_name: Annotated[str, Field(max_length=256)] | None = None
    username: Annotated[str, Field(max_length=64)] | None = None
    photo_url: Annotated[str, Field(max_length=2048)] | None = None
    auth_date: Id
    hash: Annotated[str, Field(pattern="^[0-9a-fA-F]{64}$")]


class CodeIn(In):
    """The code that /login in the chat gave, in any case, with or without its hyphen."""

    code: Annotated[str, Field(min_length=1, max_length=32)]


class RefreshIn(In):
    """The refresh token of the last answer."""

    refresh_token: Annotated[str, Field(min_length=1, max_length=256)]


class MeOut(Out):
    """Who is signed in."""

    id: int
    name: str
    role: Role
    language: str
    time_zone: str


class SignedInOut(Out):
    """A session. A refresh token counts once: each answer brings the next, and one used twice ends the session."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - RFC 6750's word, no secret
    expires_in: int = Field(description="Seconds that the access token is good for")
    refresh_token: str
    refresh_expires_at: datetime
    learner: MeOut


async def telegram_app(call: Call) -> SignedInOut:
    """With a Mini App's initData."""
    body: InitDataIn = call.body
    return _out(await _auth(call).with_init_data(body.init_data))


async def telegram_login(call: Call) -> SignedInOut:
    """With the Login widget's data."""
    body: LoginIn = call.body
    fields = {name: str(value) for name, value in body.model_dump(exclude_none=True).items()}
    return _out(await _auth(call).with_login(fields))


async def code(call: Call) -> SignedInOut:
    """With a one-time code from the chat."""
    body: CodeIn = call.body
    return _out(await _auth(call).with_code(body.code, client_address(call.request)))


async def refresh(call: Call) -> SignedInOut:
    """With a refresh token."""
    body: RefreshIn = call.body
    return _out(await _auth(call).refresh(body.refresh_token))


async def sign_out(call: Call) -> None:
    """End this session."""
    await _auth(call).sign_out(call.request.headers[hdrs.AUTHORIZATION].partition(" ")[2].strip())


async def sign_out_everywhere(call: Call) -> None:
    """End all of the caller's sessions."""
    await _auth(call).sign_out_all(call.me.id)


async def me(call: Call) -> MeOut:
    """Who the token says, with the role of now."""
    return MeOut.model_validate(call.me)


def _out(signed_in: SignedIn) -> SignedInOut:
    return SignedInOut.model_validate(signed_in)


def _auth(call: Call) -> AuthService:
    auth: AuthService = call.services.auth
    return auth


def _way_in(path: str, summary: str, handler: Handler, body_in: type[In]) -> Operation:
    return Operation(
        method="POST",
        path=path,
        summary=summary,
        handler=handler,
        who=Who.ANYBODY,
        body_in=body_in,
        answers=SignedInOut,
        tag="auth",
    )


OPERATIONS = [
    _way_in("/auth/telegram-app", "Sign in with a Mini App's initData, at most an hour old", telegram_app, InitDataIn),
    _way_in("/auth/telegram-login", "Sign in with the Login widget's data, at most a day old", telegram_login, LoginIn),
    _way_in("/auth/code", "Sign in with a one-time code, which /login in the chat gives", code, CodeIn),
    _way_in("/auth/refresh", "Exchange a refresh token, once, for new tokens", refresh, RefreshIn),
    Operation(
        method="POST",
        path="/auth/sign-out",
        summary="End this session at once",
        handler=sign_out,
        status=204,
        tag="auth",
    ),
    Operation(
        method="POST",
        path="/auth/sign-out-everywhere",
        summary="End all of one's sessions at once",
        handler=sign_out_everywhere,
        status=204,
        tag="auth",
    ),
    Operation(method="GET", path="/auth/me", summary="Who is signed in", handler=me, answers=MeOut, tag="auth"),
]
