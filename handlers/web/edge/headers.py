"""What every response carries, whoever makes it: security headers and the request's id, streams and errors included."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import hdrs, web
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)

from handlers.web.edge.request_id import HEADER, REQUEST_ID
from handlers.web.rate import RATE
from handlers.web.rate import headers as rate_headers

Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def security_headers() -> Mapping[str, str]:
    """The headers by name."""
    policy = (
        ContentSecurityPolicy()
        .default_src("'self'")
        .img_src("'self'", "https:", "data:")
        .object_src("'none'")
        .base_uri("'self'")
        .form_action("'self'")
        .frame_ancestors("'self'")
    )
    built = Secure(
        csp=policy,
        hsts=StrictTransportSecurity().max_age(31_536_000).include_subdomains(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().sameorigin(),
        referrer=ReferrerPolicy().strict_origin_when_cross_origin(),
        permissions=PermissionsPolicy().geolocation().microphone().camera(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
    )
    return dict(built.validate_and_normalize_headers(on_invalid="raise", strict=True).headers)


def always(headers: Mapping[str, str]) -> Prepare:
    """The hook that adds `headers` and the request's id to a response; what it says itself stays."""
    fixed = tuple(headers.items())

    async def add(request: web.Request, response: web.StreamResponse) -> None:
        found = response.headers
        for name, value in fixed:
            found.setdefault(name, value)
        found[hdrs.SERVER] = "Lectern"  # in place of the names and versions of what it is built on
        if REQUEST_ID in request:
            found[HEADER] = request[REQUEST_ID]
        left = request.get(RATE)
        if left is not None:
            for name, value in rate_headers(left).items():
                found.setdefault(name, value)

    return add
