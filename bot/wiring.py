"""Everything is built here, once. Any part can be handed in by keyword: tests replace the far side of a wire."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from telegram.request import BaseRequest

from bot.arrival import make_arrival, make_webhook
from bot.mail import build_mail, make_wire
from bot.probes import Probes
from bot.secret import kept_secret
from bot.settings import Settings
from bot.shared import Company, make_cache, make_company, paced
from handlers.chat import announcing, registry
from handlers.chat.application import LecternApplication, build
from handlers.chat.context import Desk
from handlers.chat.hooked import Arrival
from handlers.chat.intake import AT_ONCE, Intake
from handlers.chat.pacing import Paced, giving_way
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
from services.authors.claude import ClaudeAuthor
from services.authors.offline import OfflineAuthor
from services.authors.protocol import Author
from services.clock import Clock, SystemClock
from services.courses import CourseService
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
from services.pacing import Urgency
from services.people import PeopleService
from services.progress import ProgressService
from services.publishing import Publishing
from services.rendered import Rendered
from services.sources import DocumentService
from services.studies import StudyService
from storage.cache import Cache
from storage.database import Database

VERSION = "0.1.0"
WORKERS_LOST = 20  # workers that may die with a generation in hand: it takes minutes, and is seldom to blame


@dataclass(slots=True)
class House:
    """The built parts that start and stop, in `bot.lifecycle`."""

    settings: Settings
    clock: Clock
    database: Database
    jobs: Jobs
    application: LecternApplication
    arrival: Arrival
    web: web.Application
    health: HealthService
    author: Author
    limits: LimitService
    company: Company
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
    author = author or make_author(settings, clock, rng or random.Random())
    company, meter = make_company(settings, database, clock), Meter()
    jobs = company.jobs
    probes = Probes(author, clock, make_wire(settings), company.link, jobs.heart)
    limits = make_limits(clock, settings.limits, link=company.link)
    desk = _desk(settings, database, clock, author, company, probes, limits, (*settings.admin_ids, *admin_ids))
    request = request or AiohttpRequest(meter, jobs.heart.certain)
    application = _application(settings, token, desk, request, paced(settings, clock, company.link))
    _register(jobs, application, database)
    intake = IntakeService(jobs, meter, clock)
    arrival = probes.arrival = make_arrival(settings, application.bot, intake, jobs, clock)
    house = House(
        settings=settings,
        clock=clock,
        database=database,
        jobs=jobs,
        application=application,
        arrival=arrival,
        health=desk.health,
        web=web.Application(),
        author=author,
        limits=limits,
        company=company,
    )
    house.web = _web(house, desk, meter, make_cache(company.link, clock, VERSION), intake)
    return house


def _application(
    settings: Settings, token: str, desk: Desk, request: BaseRequest, limiter: Paced | None
) -> LecternApplication:
    """The chat: its routes, and how it talks to Telegram."""
    quick, api = registry.QUICK_BUTTONS, None if settings.local_chat else settings.telegram_api_url
    return build(token, desk, request, registry.routes(), quick=quick, base_url=api, rate_limiter=limiter)


def _web(house: House, desk: Desk, meter: Meter, kept: Cache | None, intake: IntakeService) -> web.Application:
    """The sidecar, on the same services as the chat. `kept` is what is ready for all processes."""
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
        rendered=Rendered(kept),
        support_contact=desk.support_contact,
        generations=desk.generations,
        progress=desk.progress,
        studies=StudyService(database=house.database, library=desk.progress.library, progress=desk.progress),
        analytics=AnalyticsService(**shared, cache=kept),
        documents=desk.documents,
        health=desk.health,
        jobs=desk.jobs,
        limits=desk.limits,
        mail=desk.mail,
        public_url=settings.public_url or "",
        activity=ActivityLog(database=house.database, clock=desk.clock, learners=desk.learners),
        admin=_admin(house, desk),
        metrics=MetricsService(meter=meter, database=house.database, clock=desk.clock, health=desk.health),
    )
    return build_app(
        services,
        TokenDoor(services.auth, desk.limits, desk.clock),
        desk.health,
        is_ready=lambda: house.serving,
        version=VERSION,
        cors_origins=settings.cors_origins,
        trusted_proxies=settings.trusted_proxies,
        webhook=make_webhook(settings, house.application.bot, intake, lambda: house.serving),
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


def make_author(settings: Settings, clock: Clock, rng: random.Random) -> Author:
    """Claude where there is a key, else the offline author."""
    if settings.anthropic_api_key is None:
        return OfflineAuthor()
    return ClaudeAuthor(
        api_key=settings.anthropic_api_key.get_secret_value(),
        base_url=settings.anthropic_base_url,
        plan_model=settings.anthropic_plan_model,
        lesson_model=settings.anthropic_lesson_model,
        clock=clock,
        rng=rng,
    )


def _desk(
    settings: Settings,
    database: Database,
    clock: Clock,
    author: Author,
    company: Company,
    probes: Probes,
    limits: LimitService,
    admin_ids: tuple[int, ...],
) -> Desk:
    library, jobs = Library(database=database), company.jobs
    shared: dict[str, Any] = {"database": database, "clock": clock}
    making: dict[str, Any] = {**shared, "jobs": jobs, "author": author, "library": library}
    generations = GenerationService(**making, feed=company.feed, card_line=picture_line)
    people: dict[str, Any] = {"access": settings.access, "allow_list": settings.allow_list, "admin_ids": admin_ids}
    learners = LearnerService(**shared, **people, languages=LANGUAGES)
    return Desk(
        learners=learners,
        auth=_auth(settings, database, clock, learners),
        dialogues=DialogueService(**shared),
        courses=CourseService(
            **making,
            generations=generations,
            allowed=settings.generations_per_window,
            window_seconds=settings.generations_window_seconds,
        ),
        generations=generations,
        progress=ProgressService(database, library, mail=probes.wire is not None),
        documents=DocumentService(**shared),
        health=HealthService(**shared, version=VERSION, environment=settings.environment, probes=probes.all()),
        jobs=jobs,
        limits=limits,
        mail=build_mail(settings, probes.wire, **shared, jobs=jobs, learners=learners),
        clock=clock,
        operator_name=settings.operator_name,
        support_contact=settings.support_contact,
        admin_ids=admin_ids,
    )


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


def _register(jobs: Jobs, application: LecternApplication, database: Database) -> None:
    """Who does which kind of work."""
    intake = Intake(application)
    jobs.register(KIND, intake.handle, at_once=AT_ONCE, gave_up=intake.gave_up)
    generations = application.desk.generations
    jobs.register(
        "generation",
        generations.run,
        at_once=8,
        gave_up=generations.gave_up,
        can_be_cancelled=True,
        most_crashes=WORKERS_LOST,
    )
    desk = application.desk
    people = PeopleService(database=database, learners=desk.learners)
    announce = announcing.Announcing(desk.learners, people, application.bot, desk.clock, lambda: intake.in_hand)
    jobs.register(announcing.KIND, giving_way(announce.tell, Urgency.WORD), at_once=announcing.AT_ONCE)
    for kind, handler in registry.workers(application).items():
        jobs.register(kind, handler, at_once=64)
