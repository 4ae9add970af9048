"""Everything is built here, once. Any part can be handed in by keyword: tests replace the far side of a wire."""

from __future__ import annotations

import asyncio
import random
import secrets
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from telegram.request import BaseRequest

from bot.mail import build_mail, make_wire
from bot.models import Models, make_models
from bot.probes import Probes
from bot.secret import kept_secret
from bot.settings import Settings
from bot.studio import Extras
from handlers.chat import announcing, registry
from handlers.chat.application import LecternApplication, build
from handlers.chat.context import Desk
from handlers.chat.intake import AT_ONCE, Intake
from handlers.chat.polling import Polling
from handlers.chat.screens.words import picture_line
from handlers.chat.transport import AiohttpRequest
from handlers.texts import LANGUAGES
from handlers.web.app import build_app
from handlers.web.door import TokenDoor
from handlers.web.services import WebServices
from services.activity import ActivityLog
from services.admin import AdminService
from services.analytics import AnalyticsService
from services.auth import AuthService
from services.authors.protocol import Author
from services.checking import Checking
from services.clock import Clock, SystemClock
from services.courses import CourseService
from services.courses_access import Access
from services.courses_edited import Editing
from services.courses_listed import Catalogue
from services.dialogues import DialogueService
from services.generation import GenerationService
from services.health import HealthService
from services.intake import KIND, IntakeService
from services.jobs import Jobs
from services.learners import LearnerService
from services.library import Library
from services.limits import LimitService, Rule, make_limits
from services.meter import Meter
from services.metrics import MetricsService
from services.money.purse import HousePurse
from services.money.reports import SpendingReports
from services.people import PeopleService
from services.progress import ProgressService
from services.publishing import Publishing
from services.quality_reports import QualityReports
from services.rendered import Rendered
from services.sources import DocumentService
from services.studies import StudyService
from storage.database import Database

VERSION = "0.1.0"


@dataclass(slots=True)
class House:
    """The built parts that start and stop, in `bot.lifecycle`."""

    settings: Settings
    clock: Clock
    database: Database
    jobs: Jobs
    application: LecternApplication
    polling: Polling
    web: web.Application
    health: HealthService
    author: Author
    limits: LimitService
    purse: HousePurse
    sweeping: asyncio.Task[None] | None = None
    serving: bool = False


def build_house(
    settings: Settings,
    database: Database,
    *,
    token: str,
    request: BaseRequest | None = None,
    clock: Clock | None = None,
    author: Author | None = None,
    admin_ids: tuple[int, ...] = (),
    rng: random.Random | None = None,
) -> House:
    """Build everything on an open, migrated database. `token` is Telegram's or the local chat's."""
    clock = clock or SystemClock()
    meter = Meter()
    models = make_models(settings, database, clock, meter, rng or random.Random())
    author = author or models.author
    jobs = Jobs(database, clock, worker=secrets.token_hex(8))
    probes = Probes(author, clock, make_wire(settings))
    redis = settings.redis_url.get_secret_value() if settings.redis_url is not None else None
    limits = make_limits(clock, settings.limits, redis_url=redis)
    desk = _desk(settings, database, clock, author, jobs, probes, limits, models, (*settings.admin_ids, *admin_ids))
    application = _application(settings, token, desk, request or AiohttpRequest(meter))
    _register(jobs, application)
    polling = probes.polling = Polling(application.bot, IntakeService(jobs, meter), jobs, clock)
    house = House(
        settings=settings,
        clock=clock,
        database=database,
        jobs=jobs,
        application=application,
        polling=polling,
        health=desk.health,
        web=web.Application(),
        author=author,
        limits=limits,
        purse=models.purse,
    )
    house.web = _web(house, desk, meter)
    return house


def _web(house: House, desk: Desk, meter: Meter) -> web.Application:
    """The sidecar, on the same services as the chat."""
    settings = house.settings
    shared: dict[str, Any] = {"database": house.database, "clock": desk.clock, "library": desk.progress.library}
    services = WebServices(
        clock=desk.clock,
        learners=desk.learners,
        auth=desk.auth,
        people=PeopleService(database=house.database, learners=desk.learners),
        courses=desk.courses,
        catalogue=Catalogue(**shared),
        editing=Editing(**shared),
        publishing=Publishing(**shared, generations=desk.generations),
        rendered=Rendered(),
        support_contact=desk.support_contact,
        generations=desk.generations,
        progress=desk.progress,
        quality=desk.quality,
        studies=StudyService(database=house.database, library=desk.progress.library, progress=desk.progress),
        analytics=AnalyticsService(**shared, progress=desk.progress),
        documents=desk.documents,
        health=desk.health,
        jobs=desk.jobs,
        limits=desk.limits,
        mail=desk.mail,
        public_url=settings.public_url or "",
        activity=ActivityLog(database=house.database, clock=desk.clock, learners=desk.learners),
        admin=_admin(house, desk),
        spending=desk.spending,
        metrics=MetricsService(
            meter=meter, database=house.database, clock=desk.clock, health=desk.health, spending=desk.spending
        ),
    )
    return build_app(
        services,
        TokenDoor(services.auth, desk.limits, desk.clock),
        desk.health,
        is_ready=lambda: house.serving,
        version=VERSION,
        cors_origins=settings.cors_origins,
        trusted_proxies=settings.trusted_proxies,
    )


def _admin(house: House, desk: Desk) -> AdminService:
    """What admins see and do, with all limits in force, that of generations (kept in the database) among them."""
    settings = house.settings
    made = Rule(settings.generations_per_window, settings.generations_window_seconds)
    return AdminService(
        database=house.database,
        clock=desk.clock,
        learners=desk.learners,
        jobs=desk.jobs,
        limits={"generations": made, **{str(kind): rule for kind, rule in settings.limits.items()}},
        shared_limits=settings.redis_url is not None,
    )


def _application(settings: Settings, token: str, desk: Desk, request: BaseRequest) -> LecternApplication:
    api = None if settings.local_chat else settings.telegram_api_url
    return build(token, desk, request, registry.routes(), quick=registry.QUICK_BUTTONS, base_url=api)


def _desk(
    settings: Settings,
    database: Database,
    clock: Clock,
    author: Author,
    jobs: Jobs,
    probes: Probes,
    limits: LimitService,
    models: Models,
    admin_ids: tuple[int, ...],
) -> Desk:
    library = Library(database=database)
    shared: dict[str, Any] = {"database": database, "clock": clock}
    making: dict[str, Any] = {**shared, "jobs": jobs, "author": author, "library": library}
    generations = _generations(models.extras, making)
    people: dict[str, Any] = {"access": settings.access, "allow_list": settings.allow_list, "admin_ids": admin_ids}
    learners = LearnerService(**shared, **people, languages=LANGUAGES)
    given: dict[str, Any] = {"clock": clock, "jobs": jobs, "limits": limits, "quotes": models.quotes}
    return Desk(
        **given,
        learners=learners,
        auth=_auth(settings, database, clock, learners),
        dialogues=DialogueService(**shared),
        courses=_courses(settings, models, generations, making),
        spending=SpendingReports(**shared, caps=settings.caps),
        generations=generations,
        progress=ProgressService(database, library, mail=probes.wire is not None),
        documents=DocumentService(**shared),
        health=HealthService(**shared, version=VERSION, environment=settings.environment, probes=probes.all()),
        mail=build_mail(settings, probes.wire, **shared, jobs=jobs, learners=learners),
        quality=_quality(database, clock, library),
        operator_name=settings.operator_name,
        support_contact=settings.support_contact,
        admin_ids=admin_ids,
    )


def _generations(extras: Extras, making: dict[str, Any]) -> GenerationService:
    return GenerationService(
        **making,
        paint=extras.paint,
        card_line=picture_line,
        checks=(extras.safety.check,),
        judges=extras.judges,
        read_whole=extras.safety.read_whole,
    )


def _courses(
    settings: Settings, models: Models, generations: GenerationService, making: dict[str, Any]
) -> CourseService:
    return CourseService(
        **making,
        generations=generations,
        allowed=settings.generations_per_window,
        window_seconds=settings.generations_window_seconds,
        quotes=models.quotes,
        safety=models.extras.safety,
    )


def _quality(database: Database, clock: Clock, library: Library) -> QualityReports:
    """What checks found in courses, for those whose they are."""
    access = Access(database=database, library=library, clock=clock)
    return QualityReports(checking=Checking(database=database, clock=clock), access=access)


def _auth(settings: Settings, database: Database, clock: Clock, learners: LearnerService) -> AuthService:
    """Sign-in. The local chat's token is no secret, so what would be signed with it proves nothing there."""
    secret, token = settings.jwt_secret, settings.telegram_bot_token
    return AuthService(
        database=database,
        clock=clock,
        learners=learners,
        secret=secret.get_secret_value() if secret else kept_secret(settings.data_dir),
        bot_token=token.get_secret_value() if token else None,
    )


def _register(jobs: Jobs, application: LecternApplication) -> None:
    """Who does which kind of work."""
    intake = Intake(application)
    jobs.register(KIND, intake.handle, at_once=AT_ONCE, gave_up=intake.gave_up)
    generations = application.desk.generations
    jobs.register("generation", generations.run, at_once=8, gave_up=generations.gave_up, can_be_cancelled=True)
    tell = announcing.Announcing(application.desk.learners, application.bot).tell
    jobs.register(announcing.KIND, tell, at_once=8)
    for kind, handler in registry.workers(application).items():
        jobs.register(kind, handler, at_once=64)
