"""`/metrics` for Prometheus: for this machine and for admins. Its client is imported when somebody first looks."""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from services.errors import Forbidden, NotSignedIn
from services.meter import BUCKETS, Meter
from services.metrics import Figures, MetricsService
from services.money.reports import MoneyFigures
from services.views import LearnerView

if TYPE_CHECKING:
    from prometheus_client.core import Metric

Caller = Callable[[web.Request], Awaitable[LearnerView | None]]
_PROXIED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
_NOWHERE = "unknown address"
_DOLLAR = 1_000_000  # millionths of a dollar are what is counted


def counting(meter: Meter) -> Middleware:
    """The outermost middleware: counts what goes out, by the operation's address as it is written in the table."""

    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        begun = time.perf_counter()
        status, is_stream = 499, False  # whoever asked has gone
        try:
            response = await handler(request)
            whole = isinstance(response, web.Response)
            status, is_stream = response.status, not whole and response.content_type == "text/event-stream"
            return response
        except web.HTTPException as answer:
            status = answer.status
            raise
        finally:
            meter.request(_operation(request), status, None if is_stream else time.perf_counter() - begun)

    return count


def watching(metrics: MetricsService) -> Callable[[web.Application], AsyncIterator[None]]:
    """For the application's life: somebody who looks how late the event loop is."""

    async def watch(_app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(metrics.meter.watch_loop(metrics.clock), name="metrics: loop")
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return watch


class MetricsPage:
    """`caller` says who asks, where they show it."""

    def __init__(self, metrics: MetricsService, caller: Caller) -> None:
        self._metrics = metrics
        self._caller = caller

    async def page(self, request: web.Request) -> web.Response:
        """All figures as text. Raises NotSignedIn and Forbidden for who is neither on this machine nor an admin."""
        if not _from_here(request):
            who = await self._caller(request)
            if who is None:
                raise NotSignedIn("missing")
            if who.role != "admin":
                raise Forbidden("role")
        figures = await self._metrics.figures()
        body = await asyncio.to_thread(_text, self._metrics.meter, figures)
        return web.Response(
            body=body, headers={hdrs.CONTENT_TYPE: "text/plain; version=0.0.4; charset=utf-8", **_NEVER_STORED}
        )


_NEVER_STORED = {hdrs.CACHE_CONTROL: "no-store"}


def _operation(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical}" if resource is not None else _NOWHERE


def _from_here(request: web.Request) -> bool:
    """Whether a program on this machine asks for itself: what a proxy passes on comes from here, too, but says so."""
    if any(name in request.headers for name in _PROXIED):
        return False
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


def _text(meter: Meter, figures: Figures | None) -> bytes:
    from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    registry.register(_Collector(meter, figures))
    return generate_latest(registry)


class _Collector:
    def __init__(self, meter: Meter, figures: Figures | None) -> None:
        self._meter = meter
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Every figure, as the client wants it."""
        yield from _of_meter(self._meter)
        yield from _of_figures(self._figures)


def _of_meter(meter: Meter) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

    requests = CounterMetricFamily("lectern_requests", "Answered requests", labels=["operation", "status"])
    for (operation, status), count in list(meter.requests.items()):
        requests.add_metric([operation, str(status)], count)
    yield requests
    times = HistogramMetricFamily("lectern_request_seconds", "Time to an answer", labels=["operation"])
    for operation, one in list(meter.times.items()):
        times.add_metric([operation], _buckets(one.buckets), one.seconds)
    yield times
    updates = CounterMetricFamily("lectern_updates", "Updates that came from Telegram", labels=["kind"])
    for kind, count in list(meter.updates.items()):
        updates.add_metric([kind], count)
    yield updates
    yield from _spent(meter)
    yield CounterMetricFamily("lectern_taps", "Buttons that were tapped", value=meter.updates["callback_query"])
    yield CounterMetricFamily("lectern_telegram_refused", "Calls that Telegram answered with 429", value=meter.refused)
    yield GaugeMetricFamily("lectern_loop_lag_seconds", "How late the event loop was of late", value=meter.lag)


def _spent(meter: Meter) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily

    money = CounterMetricFamily(
        "lectern_spent_dollars", "What calls to models came to, in US dollars", labels=["model"]
    )
    for model, amount in list(meter.spent.items()):
        money.add_metric([model], amount / _DOLLAR)
    yield money
    tokens = CounterMetricFamily("lectern_tokens", "Tokens of calls to models", labels=["model", "kind"])
    for (model, kind), count in list(meter.tokens.items()):
        tokens.add_metric([model, kind], count)
    yield tokens


def _buckets(counts: list[int]) -> list[tuple[str, float]]:
    found, total = list[tuple[str, float]](), 0
    for upper, count in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
        total += count
        found.append((upper, total))
    return found


def _of_figures(figures: Figures | None) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    yield GaugeMetricFamily("lectern_database_up", "Whether the database gave its figures", value=int(bool(figures)))
    if figures is None:
        return
    made: Any = GaugeMetricFamily("lectern_generations", "Generations by state", labels=["state"])
    for state, count in figures.generations.items():
        made.add_metric([state], count)
    yield made
    waiting: Any = GaugeMetricFamily("lectern_work_open", "Work that waits or is being done", labels=["kind"])
    for kind, count in figures.workload.open.items():
        waiting.add_metric([kind], count)
    yield waiting
    yield GaugeMetricFamily("lectern_work_aside", "Work that was set aside", value=figures.workload.aside)
    oldest = figures.workload.oldest_seconds
    yield GaugeMetricFamily("lectern_work_oldest_seconds", "Age of the oldest work that is due", value=oldest)
    yield from _of_money(figures.money)


def _of_money(money: MoneyFigures) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily

    today = "What counts against the day's cap (UTC), in US dollars"
    yield GaugeMetricFamily("lectern_spent_today_dollars", today, value=money.today / _DOLLAR)
    cap, most = "The most that may be spent on a day, in US dollars, if there is a cap", money.caps.bot_day
    yield GaugeMetricFamily("lectern_cap_day_dollars", cap, value=None if most is None else most / _DOLLAR)
    reserved = "Reserved for calls to models that are not settled, in US dollars"
    yield GaugeMetricFamily("lectern_reserved_dollars", reserved, value=money.open_amount / _DOLLAR)
    error = "How far estimates of courses were off on average in the last 30 days, as a share"
    yield GaugeMetricFamily("lectern_estimate_error", error, value=money.estimates.error)
