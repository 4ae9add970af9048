"""People over REST: one's own profile and learning preferences, and for admins who is here."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from handlers.web.operations import Call, Id, In, Operation, Out, Who
from services.authors.protocol import Level
from services.people import PeopleService
from services.rules.preferences import INTERESTS, MINUTES_A_DAY
from services.views import PersonView, ProfileView, Role

_Time = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="HH:MM, by the clock on the wall")]

_Cursor = Annotated[str, Field(pattern="^[1-9][0-9]{0,17}$", description="`next_cursor` of the page before")]


def _patch(schema: dict[str, Any]) -> None:
    """What is left out has no default: it stays as it is."""
    schema["minProperties"] = 1
    for one in schema["properties"].values():
        one.pop("default", None)


class QuietHoursIn(In):
    """When nothing may ring; over midnight if `begin` is the later."""

    begin: _Time
    end: _Time


class ProfileIn(In):
    """What to change; what is left out stays. null forgets a level, minutes and quiet hours."""

    model_config = ConfigDict(json_schema_extra=_patch)

    language: Annotated[str, Field(min_length=1, max_length=20)] = ""
    time_zone: Annotated[str, Field(min_length=1, max_length=60, description="An IANA name")] = ""
    level: Level | None = None
    minutes_a_day: Annotated[int, Field(ge=MINUTES_A_DAY[0], le=MINUTES_A_DAY[1])] | None = None
    interests: Annotated[tuple[str, ...], Field(max_length=INTERESTS, description="1–40 characters each")] = ()
    quiet_hours: QuietHoursIn | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        return self


class QuietHoursOut(Out):
    """When nothing rings, in one's own time zone."""

    begin: str
    end: str


class ProfileOut(Out):
    """What somebody says about how they learn; null where nothing was said."""

    id: int
    name: str
    username: str | None
    role: Role
    language: str
    time_zone: str
    level: Level | None
    minutes_a_day: int | None
    interests: tuple[str, ...]
    quiet_hours: QuietHoursOut | None
    created_at: datetime


class PersonOut(Out):
    """A person as an admin sees them: nothing of what or how they learn."""

    id: int
    telegram_id: int
    name: str
    username: str | None
    role: Role
    language: str
    admitted: bool
    reachable: bool
    blocked_at: datetime | None
    created_at: datetime
    seen_at: datetime


class PeopleOut(Out):
    """Some people, by id; `next_cursor` leads to the rest, null at the end."""

    items: tuple[PersonOut, ...]
    next_cursor: str | None


class PersonPath(In):
    """Which person."""

    learner_id: Id


class PeopleQuery(In):
    """Which people."""

    search: Annotated[str, Field(max_length=100, description="Part of a name or user name, or a Telegram id")] = ""
    role: Role | None = None
    cursor: (
        Annotated[str, Field(pattern="^[1-9][0-9]{0,17}$", description="`next_cursor` of the page before")] | None
    ) = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class RoleIn(In):
    """The role to give."""

    role: Role


async def profile(call: Call) -> ProfileOut:
    """One's own profile."""
    return _profile(await _people(call).profile(call.me.id))


async def change_profile(call: Call) -> ProfileOut:
    """Change one's own profile."""
    body: ProfileIn = call.body
    changes: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if "quiet_hours" in changes:
        quiet = changes.pop("quiet_hours")
        changes["quiet_from"] = None if quiet is None else _minutes(quiet.begin)
        changes["quiet_to"] = None if quiet is None else _minutes(quiet.end)
    return _profile(await _people(call).change(call.me.id, changes))


async def people(call: Call) -> PeopleOut:
    """Some of the people."""
    query: PeopleQuery = call.query
    page = await _people(call).people(
        call.me, search=query.search.strip(), role=query.role, after=int(query.cursor or 0), limit=query.limit
    )
    return PeopleOut(items=tuple(map(_person, page.people)), next_cursor=str(page.after) if page.after else None)


async def person(call: Call) -> PersonOut:
    """One person."""
    return _person(await _people(call).person(call.me, call.path.learner_id))


async def change_role(call: Call) -> PersonOut:
    """Give somebody another role."""
    return _person(await _people(call).set_role(call.me, call.path.learner_id, call.body.role))


async def block(call: Call) -> PersonOut:
    """Shut somebody out of chat and REST."""
    return _person(await _people(call).set_blocked(call.me, call.path.learner_id, True))


async def unblock(call: Call) -> PersonOut:
    """Let somebody in again."""
    return _person(await _people(call).set_blocked(call.me, call.path.learner_id, False))


def _profile(view: ProfileView) -> ProfileOut:
    quiet = None
    if view.quiet_from is not None and view.quiet_to is not None:
        quiet = QuietHoursOut(begin=_clock(view.quiet_from), end=_clock(view.quiet_to))
    rest = {name: getattr(view, name) for name in ProfileOut.model_fields if name != "quiet_hours"}
    return ProfileOut(**rest, quiet_hours=quiet)


def _person(view: PersonView) -> PersonOut:
    return PersonOut.model_validate(view)


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _people(call: Call) -> PeopleService:
    found: PeopleService = call.services.people
    return found


def _on_person(method: Literal["GET", "PUT", "POST"], rest: str, summary: str, handler: Any, **more: Any) -> Operation:
    return Operation(
        method=method,
        path="/users/{learner_id}" + rest,
        summary=summary,
        handler=handler,
        who=Who.ADMIN,
        path_in=PersonPath,
        answers=PersonOut,
        tag="users",
        **more,
    )


OPERATIONS = [
    Operation(
        method="GET", path="/users/me", summary="One's own profile", handler=profile, answers=ProfileOut, tag="users"
    ),
    Operation(
        method="PATCH",
        path="/users/me",
        summary="Change one's profile and learning preferences",
        handler=change_profile,
        body_in=ProfileIn,
        answers=ProfileOut,
        tag="users",
    ),
    Operation(
        method="GET",
        path="/users",
        summary="Who is here, with search and pages",
        handler=people,
        who=Who.ADMIN,
        query_in=PeopleQuery,
        answers=PeopleOut,
        tag="users",
    ),
    _on_person("GET", "", "One person", person),
    _on_person("PUT", "/role", "Give somebody another role", change_role, body_in=RoleIn, errors=(409,)),
    _on_person("POST", "/block", "Shut somebody out of chat and REST; what is theirs stays", block, errors=(409,)),
    _on_person("POST", "/unblock", "Let somebody in again", unblock, errors=(409,)),
]
