"""The second door: the web side, on the same services as the chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiohttp import web

from bot.arrival import make_webhook
from bot.desk import Parts
from bot.version import VERSION
from handlers.chat.application import LecternApplication
from handlers.chat.context import Desk
from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.activity import ActivityLog
from services.admin import AdminService
from services.analytics import AnalyticsService
from services.courses_edited import Editing
from services.courses_listed import Catalogue
from services.intake import IntakeService
from services.limits import Rule
from services.meter import Meter
from services.metrics import MetricsService
from services.people import PeopleService
from services.publishing import Publishing
from services.rendered import Rendered
from services.studies import StudyService
from storage.cache import Cache


def make_web(
    parts: Parts,
    application: LecternApplication,
    intake: IntakeService,
    meter: Meter,
    kept: Cache | None,
    is_serving: Callable[[], bool],
) -> web.Application:
    """The sidecar. `kept` is what is ready for all processes, `intake` takes updates that are posted."""
    settings, desk = parts.settings, application.desk
    services = _services(parts, desk, meter, kept)
    return build_app(
        services,
        TokenDoor(services.auth, desk.limits, desk.clock),
        desk.health,
        is_ready=is_serving,
        version=VERSION,
        cors_origins=settings.cors_origins,
        trusted_proxies=settings.trusted_proxies,
        webhook=make_webhook(settings, application.bot, intake, is_serving),
    )


def _services(parts: Parts, desk: Desk, meter: Meter, kept: Cache | None) -> WebServices:
    shared: dict[str, Any] = {**parts.shared, "library": desk.progress.library}
    return WebServices(
        clock=desk.clock,
        learners=desk.learners,
        auth=desk.auth,
        people=PeopleService(database=parts.database, learners=desk.learners),
        courses=desk.courses,
        catalogue=Catalogue(**shared),
        editing=Editing(**shared),
        publishing=Publishing(**shared, generations=desk.generations),
        rendered=Rendered(kept),
        support_contact=desk.support_contact,
        generations=desk.generations,
        progress=desk.progress,
        quality=desk.quality,
        studies=StudyService(database=parts.database, library=desk.progress.library, progress=desk.progress),
        questions=desk.questions,
        disputes=desk.disputes,
        analytics=AnalyticsService(**shared, cache=kept),
        documents=desk.documents,
        health=desk.health,
        jobs=desk.jobs,
        limits=desk.limits,
        mail=desk.mail,
        public_url=parts.settings.public_url or "",
        activity=ActivityLog(**parts.shared, learners=desk.learners),
        admin=_admin(parts, desk),
        spending=desk.spending,
        metrics=MetricsService(**parts.shared, meter=meter, health=desk.health, spending=desk.spending),
    )


def _admin(parts: Parts, desk: Desk) -> AdminService:
    """What admins see and do, with all limits in force, that of generations (kept in the database) among them."""
    settings = parts.settings
    made = Rule(settings.generations_per_window, settings.generations_window_seconds)
    return AdminService(
        **parts.shared,
        learners=desk.learners,
        jobs=desk.jobs,
        limits={"generations": made, **{str(kind): rule for kind, rule in settings.limits.items()}},
        shared_limits=settings.redis_url is not None,
    )
