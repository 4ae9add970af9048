"""What admins see: health, work, an invitation. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.chat.screen import Screen
from handlers.chat.screens.words import seconds
from handlers.texts import plain, say
from services.views import HealthView, ProbeView, WorkloadView

SIGNS = {"ok": "✅", "off": "◻", "slow": "⏳", "failed": "✖"}
TELLING = frozenset({"workers"})  # probes whose detail is worth reading when all is well


def status(language: str, health: HealthView, work: WorkloadView) -> Screen:
    """Health with each probe, then the work that waits and what was set aside."""
    head = say(
        language,
        "admin.health",
        status=plain(language, f"admin.{health.status}"),
        version=health.version,
        environment=health.environment,
    )
    probes = (_probe(language, probe) for probe in health.probes)
    return Screen("\n".join((head, *probes, "", *_work(language, work))))


def _probe(language: str, probe: ProbeView) -> str:
    if probe.state == "off":
        return say(language, "admin.probe.off", name=probe.name)
    told = probe.detail and (probe.state != "ok" or probe.name in TELLING)
    key = "admin.probe.detail" if told else "admin.probe"
    return say(
        language,
        key,
        sign=SIGNS[probe.state],
        name=probe.name,
        latency=round(probe.latency_ms, 1),
        detail=probe.detail[:200],
    )


def _work(language: str, work: WorkloadView) -> Iterator[str]:
    waiting = [f"{kind} {count}" for kind, count in sorted(work.open.items()) if count]
    if not waiting:
        yield say(language, "admin.work.none")
    else:
        yield say(language, "admin.work", kinds=", ".join(waiting))
        yield say(language, "admin.work.oldest", time=seconds(language, max(1, round(work.oldest_seconds))))
    if work.aside:
        yield say(language, "admin.aside", n=work.aside)


def invitation(language: str, link: str) -> Screen:
    """A link to pass on."""
    return Screen(say(language, "admin.invite", link=link))
