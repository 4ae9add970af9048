"""Everything is built here, once. Any part can be handed in by keyword: tests replace the far side of a wire."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

from aiohttp import web
from telegram.request import BaseRequest

from bot.arrival import make_arrival
from bot.desk import Parts, make_desk
from bot.mail import make_wire
from bot.models import make_models
from bot.probes import Probes
from bot.settings import Settings
from bot.shared import Company, make_cache, make_company, paced
from bot.sidecar import make_web
from bot.version import VERSION
from handlers.chat import announcing, registry
from handlers.chat.application import LecternApplication, build
from handlers.chat.context import Desk
from handlers.chat.hooked import Arrival
from handlers.chat.intake import AT_ONCE, Intake
from handlers.chat.pacing import Paced, giving_way
from handlers.chat.transport import AiohttpRequest
from services.authors.protocol import Author
from services.clock import Clock, SystemClock
from services.disputes import SOLVE, Solver
from services.health import HealthService
from services.intake import KIND, IntakeService
from services.jobs import Jobs
from services.limits import LimitService, make_limits
from services.meter import Meter
from services.money.purse import HousePurse
from services.pacing import Urgency
from services.people import PeopleService
from storage.database import Database


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
    solver: Solver | None = None,
    admin_ids: tuple[int, ...] = (),
    rng: random.Random | None = None,
) -> House:
    """Build everything on an open, migrated database. `token` is Telegram's or the local chat's."""
    clock, meter = clock or SystemClock(), Meter()
    models = make_models(settings, database, clock, meter, rng or random.Random())
    author = author or models.author
    company = make_company(settings, database, clock)
    parts = Parts(
        settings=settings,
        database=database,
        clock=clock,
        company=company,
        author=author,
        solver=solver or models.extras.solver,
        probes=Probes(author, clock, make_wire(settings), company.link, company.jobs.heart),
        limits=make_limits(clock, settings.limits, link=company.link),
        models=models,
        admin_ids=(*settings.admin_ids, *admin_ids),
    )
    request = request or AiohttpRequest(meter, company.jobs.heart.certain)
    application = _application(settings, token, make_desk(parts), request, paced(settings, clock, company))
    return _house(parts, application, meter)


def _house(parts: Parts, application: LecternApplication, meter: Meter) -> House:
    company, clock = parts.company, parts.clock
    _register(company.jobs, application, parts.database)
    intake = IntakeService(company.jobs, meter, clock)
    arrival = parts.probes.arrival = make_arrival(parts.settings, application.bot, intake, company.jobs, clock)
    house = House(
        settings=parts.settings,
        clock=clock,
        database=parts.database,
        jobs=company.jobs,
        application=application,
        arrival=arrival,
        health=application.desk.health,
        web=web.Application(),
        author=parts.author,
        limits=parts.limits,
        company=company,
        purse=parts.models.purse,
    )
    kept = make_cache(company.link, clock, VERSION)
    house.web = make_web(parts, application, intake, meter, kept, lambda: house.serving)
    return house


def _application(
    settings: Settings, token: str, desk: Desk, request: BaseRequest, limiter: Paced | None
) -> LecternApplication:
    """The chat: its routes, and how it talks to Telegram."""
    quick, api = registry.QUICK_BUTTONS, None if settings.local_chat else settings.telegram_api_url
    return build(token, desk, request, registry.routes(), quick=quick, base_url=api, rate_limiter=limiter)


def _register(jobs: Jobs, application: LecternApplication, database: Database) -> None:
    """Who does which kind of work."""
    desk, intake = application.desk, Intake(application)
    jobs.register(KIND, intake.handle, at_once=AT_ONCE, gave_up=intake.gave_up)
    jobs.register(
        "generation",
        desk.generations.run,
        at_once=8,
        gave_up=desk.generations.gave_up,
        can_be_cancelled=True,
        lasting=True,
    )
    people = PeopleService(database=database, learners=desk.learners)
    announce = announcing.Announcing(desk.learners, people, application.bot, desk.clock, lambda: intake.in_hand)
    jobs.register(announcing.KIND, giving_way(announce.tell, Urgency.WORD), at_once=announcing.AT_ONCE)
    jobs.register(SOLVE, desk.disputes.solve, at_once=4, gave_up=desk.disputes.gave_up)
    for kind, handler in registry.workers(application).items():
        jobs.register(kind, handler, at_once=64, lasting=kind in registry.LASTING)
