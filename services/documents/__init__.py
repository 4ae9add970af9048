"""Learners' documents: `parse_document` turns the bytes of a file into a `Source`, or says why it cannot."""

from __future__ import annotations

from services.documents.codec import source_from_data, source_to_data
from services.documents.reader import parse_document

__all__ = ["parse_document", "source_from_data", "source_to_data"]
