"""How the whole is doing, for operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class ProbeView:
    """One dependency, really asked. `state`: ok, off (not set up), slow or failed; `loses` is a code for what a user
    loses while it is away; `detail` is for admins only."""

    name: str
    state: Literal["ok", "off", "slow", "failed"]
    latency_ms: float
    loses: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HealthView:
    """Health as a whole: `status` is healthy, degraded (it works, something is lost) or unhealthy."""

    status: Literal["healthy", "degraded", "unhealthy"]
    at: datetime
    version: str
    environment: str
    probes: tuple[ProbeView, ...]


@dataclass(frozen=True, slots=True)
class WorkloadView:
    """The table of work in figures, for admins: open rows per kind, rows set aside, age of the oldest open row."""

    open: dict[str, int]
    aside: int
    oldest_seconds: float
