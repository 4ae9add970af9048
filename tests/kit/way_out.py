"""The bar across the way out: nothing in this process connects to anything but this machine.

An audit hook sees every connect and every look-up of a name that goes through Python's sockets, whoever makes it. It
cannot be taken out again, so it is put in once and asked to stand by through a flag. A loop written in C (uvloop) does
not pass by here: for calls to models, which cost money, there is `services.authors.model.real_calls` besides.
"""

from __future__ import annotations

import ipaddress
import sys

_LOCAL_NAMES = {"localhost", "", None, b"localhost", "::1", "0.0.0.0"}
_state = {"installed": False, "watching": False}


class OutsideWorld(ConnectionError):
    """A test tried to reach another machine."""


def is_local(host: object) -> bool:
    """Whether `host` (a name or an address) is this machine."""
    if host in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(str(host).partition("%")[0]).is_loopback
    except ValueError:
        return False


def bar() -> None:
    """Put up the bar."""
    if not _state["installed"]:
        sys.addaudithook(_watch)
        _state["installed"] = True
    _state["watching"] = True


def unbar() -> None:
    """Let the hook stand by."""
    _state["watching"] = False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if not _state["watching"] or event not in {"socket.connect", "socket.getaddrinfo", "socket.sendto"}:
        return
    target = arguments[0] if event == "socket.getaddrinfo" else arguments[1]
    host = target[0] if isinstance(target, tuple) else target
    if event != "socket.getaddrinfo" and not isinstance(target, tuple):
        return  # a Unix socket: a path, on this machine
    if not is_local(host):
        raise OutsideWorld(f"tests may not reach {host!r}")
