"""The kill switches: while tests run, nothing in this process reaches another machine, and no model of one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.authors.model.real_calls import forbid_real_calls
from tests.kit.way_out import OutsideWorld, bar, is_local, unbar

__all__ = ["OutsideWorld", "is_local", "loopback_only"]


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Bar the way out for the whole run."""
    forbid_real_calls()
    bar()
    yield
    unbar()
