"""The topics as `deploy/topics.yaml` declares them: made once, verified at every start."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError

TOPICS_FILE = Path(__file__).parents[2] / "deploy" / "topics.yaml"
ADMIN_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: who says it, who listens, how it is kept."""

    name: str
    partitions: int
    retention_ms: int
    producer: str
    subscribers: tuple[str, ...]

    @property
    def dead_letter_names(self) -> tuple[str, ...]:
        return tuple(dead_letter_topic(self.name, subscriber) for subscriber in self.subscribers)


def dead_letter_topic(topic: str, service: str) -> str:
    return f"{topic}.dead.{service}"


def prefixed(prefix: str, names: Iterable[str]) -> set[str]:
    return {prefix + name for name in names}


def read_topics(path: Path = TOPICS_FILE) -> list[Topic]:
    """Read the declaration. Raises KeyError or ValueError where it is malformed."""
    document: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    partitions, days = int(document["partitions"]), int(document["retention_days"])
    return [
        Topic(
            name=name,
            partitions=partitions,
            retention_ms=int(entry.get("retention_days", days)) * 86_400_000,
            producer=entry["producer"],
            subscribers=tuple(entry["subscribers"]),
        )
        for name, entry in document["topics"].items()
    ]


async def create_topics(
    bootstrap: list[str], *, replication_factor: int = 1, topics: list[Topic] | None = None, prefix: str = ""
) -> int:
    """Create what is missing, dead-letter topics included; answers with how many were made. Safe to repeat."""
    declared = topics if topics is not None else read_topics()
    wanted = [
        NewTopic(prefix + t.name, t.partitions, replication_factor, topic_configs={"retention.ms": str(t.retention_ms)})
        for t in declared
    ] + [NewTopic(prefix + name, 1, replication_factor) for t in declared for name in t.dead_letter_names]
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=20_000)
    await asyncio.wait_for(admin.start(), ADMIN_TIMEOUT_S)
    try:
        present = set(await admin.list_topics())
        missing = [topic for topic in wanted if topic.name not in present]
        if missing:
            response = await asyncio.wait_for(admin.create_topics(missing, timeout_ms=20_000), ADMIN_TIMEOUT_S)
            for name, code, *message in response.topic_errors:
                # Two starts may create the same topic at once; the other one's is as good.
                if code not in (0, TopicAlreadyExistsError.errno):
                    raise RuntimeError(f"topic {name} could not be created: {code} {message}")
        return len(missing)
    finally:
        await admin.close()


async def verify_topics(bootstrap: list[str], names: set[str], *, partitions: int | None = None) -> None:
    """Raise RuntimeError naming every topic that is missing or has another partition count than declared."""
    expected = partitions or read_topics()[0].partitions
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=20_000)
    await asyncio.wait_for(admin.start(), ADMIN_TIMEOUT_S)
    try:
        described = await asyncio.wait_for(admin.describe_topics(sorted(names)), ADMIN_TIMEOUT_S)
    finally:
        await admin.close()
    counts = {entry["topic"]: len(entry["partitions"]) for entry in described if not entry["error_code"]}
    wrong = [f"{name} ({counts.get(name, 'missing')})" for name in sorted(names) if counts.get(name) != expected]
    if wrong:
        raise RuntimeError(f"topics not as declared ({expected} partitions): {', '.join(wrong)}")
