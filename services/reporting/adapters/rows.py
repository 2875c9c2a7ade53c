"""Rows <-> domain: explicit functions, no mapping."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.reporting.domain.account import Movement
from services.reporting.domain.case_row import CaseRow, PlanStanding
from services.reporting.domain.facts import Fact
from services.reporting.domain.journal import Entry, canonical
from services.reporting.domain.statement import BookedMovement
from services.reporting.domain.topic_activity import Minute, Minutes

ENTRY_COLUMNS = (
    "position",
    "event_id",
    "type",
    "key",
    "creditor_id",
    "occurred_at",
    "sequence",
    "correlation_id",
    "causation_id",
    "trace_id",
    "body",
    "hash",
)
# JSON as text: read by orjson here, not by the driver's codec, which depends on who opened the connection.
SELECT_ENTRIES = f"SELECT {', '.join(ENTRY_COLUMNS)} FROM journal".replace("body", "body::text")  # noqa: S608 - ours
SELECT_ENTRIES_AFTER = f"{SELECT_ENTRIES} WHERE position > $1 ORDER BY position LIMIT $2"
BOOKED_COLUMNS = ("event_id", "creditor_id", "case_id", "stamp", "occurred_at", "currency")
MOVED_COLUMNS = (
    "kind",
    "month",
    "amount_minor_units",
    "overpaid_minor_units",
    "balance_minor_units",
    "payment_id",
    "is_in_trust",
)
MOVEMENT_COLUMNS = BOOKED_COLUMNS + MOVED_COLUMNS
CASE_COLUMNS = (
    "case_id",
    "creditor_id",
    "is_placed",
    "currency",
    "status",
    "risk_grade",
    "is_on_hold",
    "placed_on",
    "last_at",
    "state",
)

_UUIDS = ("case_id", "creditor_id", "person_id", "batch_id")
_MOMENTS = ("first_at", "last_at", "last_contact_at")


def entry_to_row(entry: Entry) -> tuple[Any, ...]:
    fact = entry.fact
    return (
        entry.position,
        fact.event_id,
        fact.type,
        fact.key,
        fact.creditor_id,
        fact.occurred_at,
        fact.sequence,
        fact.correlation_id,
        fact.causation_id,
        fact.trace_id,
        canonical(fact.body).decode(),
        entry.hash,
    )


def entry_from_row(row: asyncpg.Record) -> Entry:
    fact = Fact(
        event_id=row["event_id"],
        type=row["type"],
        key=row["key"],
        occurred_at=row["occurred_at"],
        sequence=row["sequence"],
        correlation_id=row["correlation_id"],
        causation_id=row["causation_id"],
        trace_id=row["trace_id"],
        body=orjson.loads(row["body"]),
    )
    return Entry(row["position"], fact, row["hash"])


def movement_to_row(booked: BookedMovement) -> tuple[Any, ...]:
    return (
        *(getattr(booked, name) for name in BOOKED_COLUMNS),
        *(getattr(booked.movement, name) for name in MOVED_COLUMNS),
    )


def movement_from_row(row: asyncpg.Record) -> BookedMovement:
    movement = Movement(**{name: row[name] for name in MOVED_COLUMNS})
    return BookedMovement(**{name: row[name] for name in BOOKED_COLUMNS}, movement=movement)


def case_to_row(row: CaseRow) -> tuple[Any, ...]:
    return (
        row.case_id,
        row.creditor_id,
        row.is_placed,
        row.currency,
        row.status,
        row.risk_grade,
        bool(row.holds) and row.is_open,
        row.placed_on,
        row.last_at,
        # The driver gives identifiers of its own subclass, which orjson does not know.
        orjson.dumps(row, default=str).decode(),
    )


def minutes_to_text(minutes: Minutes) -> str:
    return orjson.dumps(
        {str(minute): [what.events, what.delay_sum_ms, what.delay_max_ms] for minute, what in minutes.items()}
    ).decode()


def minutes_from_text(text: str | None) -> Minutes:
    return {int(minute): Minute(*what) for minute, what in orjson.loads(text or "{}").items()}


def case_from_state(state: str) -> CaseRow:
    values: dict[str, Any] = orjson.loads(state)
    for name in _UUIDS:
        values[name] = UUID(values[name]) if values[name] else None
    for name in _MOMENTS:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["placed_on"] = date.fromisoformat(values["placed_on"]) if values["placed_on"] else None
    values["plans"] = {key: PlanStanding(**plan) for key, plan in values["plans"].items()}
    values["movements"] = {key: Movement(**movement) for key, movement in values["movements"].items()}
    return CaseRow(**values)
