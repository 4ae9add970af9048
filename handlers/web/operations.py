"""How a REST operation is written down: typed in and out, who may call it, and what its answers are.

One list of these is the whole API: the routes, the permissions and the OpenAPI document all come from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Annotated, Any, NamedTuple

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from services.views import LearnerView

# What our ids can be: the databases keep 64 bits, so anything beyond names nothing.
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class Who(Enum):
    """Who may call an operation at all; whose object it is, the services decide (somebody else's is a 404)."""

    ANYBODY = "anybody"
    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    ADMIN = "admin"


class Limit(Enum):
    """What a call is counted in besides the 1000 requests that every call counts in."""

    REQUESTS = "requests"
    PROGRESS = "progress"
    GENERATIONS = "generations"


class In(BaseModel):
    """What comes in: nothing unknown is taken, no text is taken for a number, and NaN is not a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Out(BaseModel):
    """What goes out."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Call(NamedTuple):
    """One call, after sign-in and limits. `learner` is None only where `Who.ANYBODY` may call."""

    request: web.Request
    services: Any
    learner: LearnerView | None
    path: Any
    query: Any
    body: Any

    @property
    def me(self) -> LearnerView:
        """The caller. Raises RuntimeError where nobody has to be signed in."""
        if self.learner is None:
            raise RuntimeError("nobody is signed in")
        return self.learner


Handler = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """`path` is below /api/v1, with {names} that are fields of `path_in`. `answers` is the model of the body (None for
    204 and for what `handler` answers itself as a web.Response, e.g. streams and CSV, whose type is `content`). With
    both a model and another `content`, the client chooses: the model comes with `status`, the other with 200. `takes`
    are the types of a body that the handler reads itself (an upload). `errors` are the problem statuses (or 304) it can
    answer besides 400, 401, 403, 404, 422, 429, 500 and 503, which all can. GET answers to HEAD as well."""

    method: str
    path: str
    summary: str
    handler: Handler
    who: Who = Who.LEARNER
    limit: Limit = Limit.REQUESTS
    path_in: type[BaseModel] | None = None
    query_in: type[BaseModel] | None = None
    body_in: type[BaseModel] | None = None
    answers: type[BaseModel] | None = None
    status: int = 200
    content: str = "application/json"
    takes: tuple[str, ...] = ()
    errors: tuple[int, ...] = ()
    tag: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """A stable operationId, from the handler's module and name."""
        return f"{self.handler.__module__.rsplit('.', 1)[-1]}.{self.handler.__name__}"
