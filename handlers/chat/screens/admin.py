"""What admins see: health, work, what was spent, an invitation. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.chat.screen import Screen
from handlers.chat.screens.words import money, seconds
from handlers.texts import plain, say
from services.money.reports import MoneyFigures
from services.views import HealthView, ProbeView, WorkloadView

SIGNS = {"ok": "✅", "off": "◻", "slow": "⏳", "failed": "✖"}
TELLING = frozenset({"workers"})  # probes whose detail is worth reading when all is well


def status(language: str, health: HealthView, work: WorkloadView, spent: MoneyFigures | None = None) -> Screen:
    """Health with each probe, then the work that waits and what was set aside, then what was spent, if anything."""
    head = say(
        language,
        "admin.health",
        status=plain(language, f"admin.{health.status}"),
        version=health.version,
        environment=health.environment,
    )
    probes = (_probe(language, probe) for probe in health.probes)
    return Screen("\n".join((head, *probes, "", *_work(language, work), *_spent(language, spent))))


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


def _spent(language: str, spent: MoneyFigures | None) -> Iterator[str]:
    if spent is None or not (spent.today or spent.caps.any):
        return
    amount, cap = money(language, spent.today), spent.caps.bot_day
    if cap is None:
        said = say(language, "cost.today", amount=amount)
    else:
        said = say(language, "cost.today.cap", amount=amount, cap=money(language, cap))
    yield f"{said} · /cost"


def invitation(language: str, link: str) -> Screen:
    """A link to pass on."""
    return Screen(say(language, "admin.invite", link=link))
