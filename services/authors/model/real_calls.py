"""The kill switch: once thrown, no adapter of this process calls a model anywhere but on this machine.

For tests, which could otherwise spend money by forgetting an address. There is no way back within a process.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_switch = {"forbidden": False}


class RealCallForbidden(RuntimeError):
    """A model was to be called at another machine although that is forbidden here."""


def forbid_real_calls() -> None:
    """From now on only addresses of this machine may be called."""
    _switch["forbidden"] = True


def check_address(base_url: str) -> None:
    """Every adapter asks this before it makes its client. Raises `RealCallForbidden`."""
    if _switch["forbidden"] and not _is_loopback(urlsplit(base_url).hostname or ""):
        raise RealCallForbidden(f"models may not be called at {base_url} here: use a stub on this machine")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
