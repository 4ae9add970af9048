"""Courses without AI: made from a document by following its headings and quoting it."""

from __future__ import annotations

from services.authors.offline.author import OfflineAuthor

__all__ = ["OfflineAuthor"]
