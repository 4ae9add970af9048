"""Making a course: a durable job that goes on from whatever is stored."""

from __future__ import annotations

from services.generation.service import GenerationService

__all__ = ["GenerationService"]
