"""Pictures drawn here, without any service. CPU-bound and synchronous: call them through `asyncio.to_thread`."""

from __future__ import annotations

from services.pictures.card import alternative_text, course_card
from services.pictures.progress import Standing, progress_picture

__all__ = ["Standing", "alternative_text", "course_card", "progress_picture"]
