"""What the event-flow page shows: totals, columns per minute, a line per topic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.reporting.application.ports import Standstill, TopicFlow
from services.reporting.entrypoints.console.charts import columns

Column = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TopicLine:
    flow: TopicFlow
    trend: Sequence[Column]
    share: float


@dataclass(frozen=True, slots=True)
class FlowView:
    topics: Sequence[TopicLine]
    events: int
    last_hour: int
    per_minute_max: int
    minutes: Sequence[Column]
    delay_average_ms: float | None
    delay_max_ms: float | None
    waiting: int


def flow_view(topics: Sequence[TopicFlow], standstill: Standstill) -> FlowView:
    minutes = [sum(counts) for counts in zip(*(topic.per_minute for topic in topics), strict=True)]
    last_hour = sum(minutes)
    measured = [topic for topic in topics if topic.delay_average_ms is not None and topic.events_last_hour]
    weighed = sum((topic.delay_average_ms or 0) * topic.events_last_hour for topic in measured)
    largest = max((topic.events for topic in topics), default=1)
    return FlowView(
        topics=[
            TopicLine(topic, columns(topic.per_minute, width=120, height=20), topic.events / largest)
            for topic in topics
        ],
        events=sum(topic.events for topic in topics),
        last_hour=last_hour,
        per_minute_max=max(minutes, default=0),
        minutes=columns(minutes, width=720, height=140),
        delay_average_ms=weighed / sum(topic.events_last_hour for topic in measured) if measured else None,
        delay_max_ms=max((topic.delay_max_ms or 0 for topic in measured), default=None),
        waiting=sum(standstill.waiting.values()),
    )
