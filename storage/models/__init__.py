"""All tables; importing this module registers each of them with `Base.metadata`."""

from __future__ import annotations

from storage.models.base import Base
from storage.models.courses import Course, Document, Lesson, Picture, Question, Section
from storage.models.generations import Generation, GenerationEvent
from storage.models.people import Dialogue, Invite, Learner

__all__ = [
    "Base",
    "Course",
    "Dialogue",
    "Document",
    "Generation",
    "GenerationEvent",
    "Invite",
    "Learner",
    "Lesson",
    "Picture",
    "Question",
    "Section",
]
