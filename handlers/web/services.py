"""What REST handlers may ask: the services that the roof has built, by name (`call.services`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.clock import Clock
    from services.courses import CourseService
    from services.generation import GenerationService
    from services.health import HealthService
    from services.jobs import Jobs
    from services.learners import LearnerService
    from services.limits import LimitService
    from services.progress import ProgressService
    from services.sources import DocumentService


@dataclass(frozen=True, slots=True, kw_only=True)
class WebServices:
    """The base is always there; what comes after it is None in an installation (or a test) without it."""

    clock: Clock
    learners: LearnerService
    courses: CourseService
    generations: GenerationService
    progress: ProgressService
    documents: DocumentService
    health: HealthService
    jobs: Jobs
    limits: LimitService
