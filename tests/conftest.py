"""What every test has: no way out of this machine; and on request a free port."""

from __future__ import annotations

import socket

import pytest

from tests.kit.loopback_only import loopback_only

__all__ = ["loopback_only"]


@pytest.fixture
def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
