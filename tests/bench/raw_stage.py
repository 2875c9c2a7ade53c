"""The raw baseline: assessment's stage as a bare aiokafka and asyncpg loop, with the same reads and writes.

It takes no care: nothing is validated, computed, fenced off, counted or traced, and no failure is survived. What the
platform's stage is slower than this is the price of those. Run as `python -m tests.bench.raw_stage subscriber|relay`.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.kernel.identifiers import new_id

BATCH = 500
RELAY_BATCH = 1_000
POINTS = orjson.dumps([{"reason": "raw", "points": 1}] * 12).decode()
FACTS = orjson.dumps({f"fact_{n}": n for n in range(20)}).decode()
ASSESSMENT_COLUMNS = (
    "assessment_id", "case_id", "assessed_at", "trigger", "model", "model_sha256", "sha256", "is_announced", "ability",
    "willingness", "risk_grade", "stage", "segment", "strategy", "arrears_cause", "is_vulnerable",
    "affordable_monthly_minor_units", "reason_codes", "points",
)  # fmt: skip
OUTBOX_COLUMNS = ("event_id", "topic", "key", "sequence", "headers", "value")


async def subscribe(database: str, bootstrap: str, prefix: str) -> None:
    """Consume case.received, write what assessment writes, commit; for ever."""
    connection = await asyncpg.connect(database)
    consumer = AIOKafkaConsumer(
        prefix + "case.received",
        bootstrap_servers=bootstrap.split(","),
        group_id=prefix + "raw",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=250,
    )
    await consumer.start()
    while True:
        polled = await consumer.getmany(timeout_ms=200, max_records=BATCH)
        records = [record for batch in polled.values() for record in batch]
        if records:
            async with connection.transaction():
                await _write(connection, records)
            await consumer.commit()


async def _write(connection: asyncpg.Connection[Any], records: list[Any]) -> None:
    keys = [record.key.decode() for record in records]
    topics = ["case.received"] * len(records)
    ids = [UUID(dict(record.headers)["ce_id"].decode()) for record in records]
    cases = [UUID(key) for key in keys]
    numbers = sorted({record.partition for record in records})
    await connection.fetch(
        "SELECT topic, partition, next_offset FROM cursors WHERE partition = ANY($1::int[]) "
        "AND topic = 'case.received' ORDER BY partition FOR UPDATE",
        numbers,
    )
    await connection.fetch(
        "INSERT INTO inbox (event_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id", ids
    )
    await connection.fetch("SELECT key FROM quarantine WHERE key = ANY($1::text[])", keys)
    await connection.fetch("SELECT id FROM waiting WHERE key = ANY($1::text[])", keys)
    await connection.fetch("SELECT key FROM positions WHERE topic = 'case.received' AND key = ANY($1::text[])", keys)
    await connection.fetch("SELECT fact, key FROM known_facts WHERE key = ANY($1::text[])", keys)
    await connection.fetch("SELECT case_id FROM case_files WHERE case_id = ANY($1::uuid[]) FOR UPDATE", cases)
    bodies = [orjson.loads(record.value) for record in records]
    creditors = [UUID(body["creditor_id"]) for body in bodies]
    await connection.execute(
        "INSERT INTO case_files "
        "(case_id, creditor_id, status, facts, latest_sha256, announced_key, opened_at, changed_at) "
        "SELECT c, k, 'open', $3::jsonb, repeat('a', 64), 'C:mid:x:standard', now(), now() "
        "FROM unnest($1::uuid[], $2::uuid[]) AS t (c, k)",
        cases,
        creditors,
        FACTS,
    )
    now = await connection.fetchval("SELECT now()")
    await connection.copy_records_to_table(
        "assessments",
        columns=ASSESSMENT_COLUMNS,
        records=[
            (
                new_id(), case, now, "case.received", "raw", "a" * 64, "b" * 64, True, 50, 50, "C", "mid", "segment",
                "standard", "unknown", False, 10_000, ["one", "two", "three", "four"], POINTS,
            )
            for case in cases
        ],
    )  # fmt: skip
    await connection.execute(
        "INSERT INTO positions (topic, key, last_sequence) "
        "SELECT t, k, 1 FROM unnest($1::text[], $2::text[]) AS x (t, k)",
        topics,
        keys,
    )
    await connection.execute("INSERT INTO known_facts (fact, key) SELECT 'case', unnest($1::text[])", keys)
    await connection.execute(
        "INSERT INTO outbox_sequences (topic, key, last) SELECT 'case.assessed', unnest($1::text[]), 1", keys
    )
    rows = [_announcement(case, creditor) for case, creditor in zip(cases, creditors, strict=True)]
    await connection.copy_records_to_table("outbox", columns=OUTBOX_COLUMNS, records=rows)
    last = {record.partition: record.offset + 1 for record in records}
    await connection.execute(
        "UPDATE cursors c SET next_offset = n.o FROM unnest($1::int[], $2::bigint[]) AS n (p, o) "
        "WHERE c.topic = 'case.received' AND c.partition = n.p",
        list(last),
        list(last.values()),
    )


def _announcement(case: UUID, creditor: UUID) -> tuple[Any, ...]:
    event_id, key = new_id(), str(case)
    headers = {
        "content-type": "application/json", "ce_specversion": "1.0", "ce_id": str(event_id), "ce_type": "case.assessed",
        "ce_source": "/raw", "ce_time": "2026-03-03T18:00:00+00:00", "ce_subject": key, "ce_partitionkey": key,
        "ce_dataschema": "urn:concord:events:case.assessed:v1", "ce_sequence": "1", "ce_correlationid": str(event_id),
    }  # fmt: skip
    body = {
        "case_id": key, "creditor_id": str(creditor), "assessment_id": str(event_id), "model": "raw", "ability": 50,
        "trigger": "case.received", "willingness": 50, "risk_grade": "C", "stage": "mid", "segment": "segment",
        "strategy": "standard", "arrears_cause": "unknown", "is_vulnerable": False, "affordable_monthly": 10_000,
        "reason_codes": ["one", "two", "three", "four"],
    }  # fmt: skip
    return event_id, "case.assessed", key, 1, orjson.dumps(headers).decode(), orjson.dumps(body)


async def relay(database: str, bootstrap: str, prefix: str) -> None:
    """Send what is in the outbox, mark it; for ever."""
    connection = await asyncpg.connect(database)
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap.split(","), acks="all", enable_idempotence=True, max_batch_size=256 * 1024
    )
    await producer.start()
    while True:
        rows = await connection.fetch(
            "SELECT id, topic, key, headers, value FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT $1",
            RELAY_BATCH,
        )
        if not rows:
            await asyncio.sleep(0.005)
            continue
        sent = [
            await producer.send(
                prefix + row["topic"],
                row["value"],
                key=row["key"].encode(),
                headers=[(name, value.encode()) for name, value in orjson.loads(row["headers"]).items()],
            )
            for row in rows
        ]
        await asyncio.gather(*sent)
        await connection.execute(
            "UPDATE outbox SET published_at = now() WHERE id = ANY($1::bigint[])", [row["id"] for row in rows]
        )


if __name__ == "__main__":
    role = {"subscriber": subscribe, "relay": relay}[sys.argv[1]]
    uvloop.run(role(os.environ["RAW_DATABASE"], os.environ["KAFKA_BOOTSTRAP_SERVERS"], os.environ["TOPIC_PREFIX"]))
