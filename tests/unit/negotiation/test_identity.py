"""A borrower's link is a key: it must not lie about in traces."""

from __future__ import annotations

from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider

from services.negotiation.entrypoints.http import router
from services.negotiation.entrypoints.identity import HiddenAddress
from services.negotiation.entrypoints.pages import router as pages

KEY = "AaIMwngYcMWwV8g5QHr9NA"


async def test_a_trace_keeps_the_route_and_not_the_key() -> None:
    span = TracerProvider().get_tracer("test").start_span("GET", attributes={"http.target": f"/b/{KEY}"})
    assert HiddenAddress.dependency is not None
    with trace.use_span(span):
        await HiddenAddress.dependency()
    assert isinstance(span, ReadableSpan)
    assert KEY not in str(span.attributes)


def test_every_address_with_a_link_hides_it() -> None:
    with_link = [route for route in [*router.routes, *pages.routes] if "{token}" in getattr(route, "path", "")]
    assert len(with_link) == 6
    for route in with_link:
        calls = [dependency.call for dependency in route.dependant.dependencies]  # type: ignore[attr-defined]  # all are APIRoutes
        assert HiddenAddress.dependency in calls
