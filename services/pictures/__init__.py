"""Pictures drawn here, without any service. CPU-bound and synchronous: call them through `asyncio.to_thread`."""

from __future__ import annotations

from services.pictures.card import alternative_text, course_card

__all__ = ["alternative_text", "course_card"]
