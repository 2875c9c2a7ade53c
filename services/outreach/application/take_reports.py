"""Delivery reports of a named provider: proven to be its own, about attempts that it was given, twice and in any order.

A repetition (also somebody's replay of a genuine report) changes nothing: the state that proves most stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.outreach.application.channel_metrics import REPORTS
from services.outreach.application.channel_ports import ReportAnswer, ReportRequest
from services.outreach.application.ports import Resources
from services.outreach.application.record_receipts import failures, highest_of
from shared.kernel.refusal import Invalid, NotFound, Refusal


async def take_report(resources: Resources, provider: str, request: ReportRequest) -> ReportAnswer:
    """What the provider wants to hear. An attempt that is unknown here is no failure: repeating would not help."""
    reader = resources.ways_back.readers.get(provider)
    if reader is None:
        raise NotFound("provider_unknown", "no such provider is connected")
    try:
        if len(request.body) > reader.bytes_max:
            raise Invalid("report_too_large", f"at most {reader.bytes_max} bytes")
        reported = reader.read(request)
    except Refusal:
        REPORTS.labels(provider, "refused").inc()
        raise
    known = await _record(resources, provider, reported)
    for attempt_id, _ in reported:
        REPORTS.labels(provider, "known" if attempt_id in known else "unknown").inc()
    return reader.taken()


async def _record(resources: Resources, provider: str, reported: Sequence[tuple[UUID, str]]) -> set[UUID]:
    if not reported:
        return set()
    async with resources.begin() as work:
        known = await work.attempts.record_receipts(highest_of(reported), provider)
        await work.validations.look_again([attempt_id for attempt_id in failures(reported) if attempt_id in known])
        await work.commit()
    return known
