"""The services behind the chat, built from what the whole house shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.mail import build_mail
from bot.models import Models
from bot.probes import Probes
from bot.secret import kept_secret
from bot.settings import Settings
from bot.shared import Company
from bot.version import VERSION
from handlers.chat.context import Desk
from handlers.chat.screens.words import picture_line
from handlers.texts import LANGUAGES
from services.auth import AuthService
from services.authors.protocol import Author
from services.checking import Checking
from services.clock import Clock
from services.courses import CourseService
from services.courses_access import Access
from services.dialogues import DialogueService
from services.disputes import DisputeService, Solver
from services.generation import GenerationService
from services.health import HealthService
from services.learners import LearnerService
from services.library import Library
from services.limits import LimitService
from services.money.reports import SpendingReports
from services.progress import ProgressService
from services.quality_reports import QualityReports
from services.question_bank import QuestionBank
from services.questions import QuestionService
from services.sources import DocumentService
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Parts:
    """What a house is built from. `solver` looks at disputed questions (None: only their owners do); `admin_ids` are
    admins from the start, by Telegram id."""

    settings: Settings
    database: Database
    clock: Clock
    company: Company
    author: Author
    solver: Solver | None
    probes: Probes
    limits: LimitService
    models: Models
    admin_ids: tuple[int, ...]

    @property
    def shared(self) -> dict[str, Any]:
        """What nearly every service asks for."""
        return {"database": self.database, "clock": self.clock}


def make_desk(parts: Parts) -> Desk:
    """All that the chat's handlers are given."""
    settings, shared, jobs = parts.settings, parts.shared, parts.company.jobs
    library = Library(database=parts.database)
    making: dict[str, Any] = {**shared, "jobs": jobs, "author": parts.author, "library": library}
    generations = _generations(parts, making)
    learners = _learners(parts)
    return Desk(
        clock=parts.clock,
        jobs=jobs,
        limits=parts.limits,
        quotes=parts.models.quotes,
        learners=learners,
        auth=_auth(parts, learners),
        dialogues=DialogueService(**shared),
        courses=CourseService(
            **making,
            generations=generations,
            allowed=settings.generations_per_window,
            window_seconds=settings.generations_window_seconds,
            quotes=parts.models.quotes,
            safety=parts.models.extras.safety,
        ),
        spending=SpendingReports(**shared, caps=settings.caps),
        generations=generations,
        **_learning(parts, library),
        documents=DocumentService(**shared),
        health=HealthService(**shared, version=VERSION, environment=settings.environment, probes=parts.probes.all()),
        mail=build_mail(settings, parts.probes.wire, **shared, jobs=jobs, learners=learners),
        quality=_quality(parts, library),
        operator_name=settings.operator_name,
        support_contact=settings.support_contact,
        admin_ids=parts.admin_ids,
    )


def _generations(parts: Parts, making: dict[str, Any]) -> GenerationService:
    extras = parts.models.extras
    return GenerationService(
        **making,
        feed=parts.company.feed,
        paint=extras.paint,
        card_line=picture_line,
        checks=(extras.safety.check,),
        judges=extras.judges,
        read_whole=extras.safety.read_whole,
    )


def _learners(parts: Parts) -> LearnerService:
    access, allowed = parts.settings.access, parts.settings.allow_list
    people: dict[str, Any] = {"access": access, "allow_list": allowed, "admin_ids": parts.admin_ids}
    return LearnerService(**parts.shared, **people, languages=LANGUAGES)


def _learning(parts: Parts, library: Library) -> dict[str, Any]:
    """What follows a learner through a course: their progress, the questions in it, and disputes about these."""
    bank = QuestionBank(database=parts.database)
    progress = ProgressService(parts.database, library, mail=parts.probes.wire is not None)
    disputes = DisputeService(
        **parts.shared,
        jobs=parts.company.jobs,
        library=library,
        bank=bank,
        solver=parts.solver,
        per_day=parts.settings.disputes_per_day,
    )
    questions = QuestionService(parts.database, library, progress, bank)
    return {"progress": progress, "questions": questions, "disputes": disputes}


def _quality(parts: Parts, library: Library) -> QualityReports:
    """What checks found in courses, for those whose they are."""
    access = Access(**parts.shared, library=library)
    return QualityReports(checking=Checking(**parts.shared), access=access)


def _auth(parts: Parts, learners: LearnerService) -> AuthService:
    """Sign-in. The local chat's token is no secret, so what would be signed with it proves nothing there."""
    secret, token = parts.settings.jwt_secret, parts.settings.telegram_bot_token
    return AuthService(
        **parts.shared,
        learners=learners,
        secret=secret.get_secret_value() if secret else kept_secret(parts.settings.data_dir),
        bot_token=token.get_secret_value() if token else None,
    )
