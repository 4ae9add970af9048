"""Figures as CSV (RFC 4180), for whoever asks for it; no cell can be taken for a formula by a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Literal

from aiohttp import hdrs, web

CONTENT = "text/csv"
Format = Literal["json", "csv"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def wanted(request: web.Request, said: Format | None) -> bool:
    """Whether CSV is asked for: by `format`, else by an `Accept` that ranks it above JSON."""
    if said is not None:
        return said == "csv"
    ranks = dict(_rank(one) for one in request.headers.get(hdrs.ACCEPT, "").lower().split(","))
    as_csv = ranks.get(CONTENT, 0.0)
    as_json = ranks.get("application/json", ranks.get("application/*", ranks.get("*/*", 0.0)))
    return as_csv > as_json or (as_csv == as_json > 0 and "application/json" not in ranks)


def _rank(offer: str) -> tuple[str, float]:
    kind, *parameters = (part.strip() for part in offer.split(";"))
    for one in parameters:
        name, _, value = one.partition("=")
        if name.strip() == "q":
            try:
                return kind, float(value)
            except ValueError:
                return kind, 0.0
    return kind, 1.0


def answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> web.Response:
    """The table as a file called `name`.csv."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return web.Response(
        text=text.getvalue(),
        content_type=CONTENT,
        charset="utf-8",
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}.csv"',
            hdrs.CACHE_CONTROL: "private, no-store",
            hdrs.VARY: hdrs.ACCEPT,
        },
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
