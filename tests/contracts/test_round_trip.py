"""Any event that can be made can be read back, whatever its values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.events.body import EventBody
from shared.events.codec import decode, encode
from shared.events.envelope import Event
from shared.events.registry import EVENTS
from tests.contracts.strategies import bodies

MOMENTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants naive bounds
EXAMPLES_EACH = 25


@pytest.mark.parametrize("event_type", EVENTS)
def test_what_is_said_is_what_is_heard(event_type: str) -> None:
    body_type = EVENTS[event_type]

    @settings(max_examples=EXAMPLES_EACH, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(bodies(body_type), st.uuids(), MOMENTS, st.integers(1, 2**40), st.none() | st.uuids())
    def holds(body: EventBody, event_id: Any, at: datetime, sequence: int, cause: Any) -> None:
        event = Event(
            event_id=event_id,
            body=body,
            occurred_at=at,
            sequence=sequence,
            correlation_id=event_id,
            causation_id=cause,
        )
        headers, value = encode(event)
        assert decode(headers, value) == event
        assert encode(decode(headers, value)) == (headers, value)

    holds()
