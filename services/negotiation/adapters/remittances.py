"""Fee schedules and remittances over PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from services.negotiation.adapters import agency_tables as tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.remittance_ports import CaseRemitted
from services.negotiation.domain.commission import FeeRule, FeeSchedule, FeeVersion, Tier
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.domain.remittance import Line, Remittance, Settlement, Totals

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

_FIND = "SELECT * FROM remittances WHERE remittance_id = $1"
_FIND_FOR_CHANGE = _FIND + " FOR UPDATE"
STATE = (
    "status",
    "totals",
    "settlement",
    "lines_hash",
    "statement_hash",
    "cursor_on",
    "cursor_payment_id",
    "told_through",
    "undone_through",
    "approved_by",
    "approved_at",
    "paid_by",
    "paid_at",
    "paid_on",
    "bank_reference",
)
COLUMNS = (
    "remittance_id",
    "creditor_id",
    "currency",
    "period_from",
    "period_to",
    "fee_version",
    "basis",
    "made_by",
    "made_at",
    *STATE,
)
LINE_PARTS = ("fees", "interest", "principal", "commission", "tax", "net")
LINE_COLUMNS = (
    "remittance_id",
    "creditor_id",
    "number",
    "kind",
    "payment_id",
    "case_id",
    "paid_to",
    "received_on",
    "amount_minor_units",
    *(f"{part}_minor_units" for part in LINE_PARTS),
)


class SqlFees:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def lock(self, creditor_id: UUID) -> None:
        await self._driver.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"fees:{creditor_id}")

    async def add(self, creditor_id: UUID, version: FeeVersion, made_at: datetime) -> None:
        columns = ("creditor_id", "version", "schedule", "valid_from", "made_by", "made_at")
        schedule = orjson.dumps(asdict(version.schedule)).decode()
        row = (creditor_id, version.version, schedule, version.valid_from, version.made_by, made_at)
        await insert_rows(self._driver, tables.fee_schedules, columns, [row])

    async def approve(self, creditor_id: UUID, version: int, by: str) -> None:
        await self._driver.execute(
            "UPDATE fee_schedules SET approved_by = $3, approved_at = $4 WHERE creditor_id = $1 AND version = $2 "
            "AND approved_by IS NULL",
            creditor_id,
            version,
            by,
            self._now,
        )

    async def versions(self, creditor_id: UUID) -> list[FeeVersion]:
        found = await self._driver.fetch(
            "SELECT * FROM fee_schedules WHERE creditor_id = $1 ORDER BY version DESC LIMIT 100", creditor_id
        )
        return [
            FeeVersion(
                row["version"], schedule_from(row["schedule"]), row["valid_from"], row["made_by"], row["approved_by"]
            )
            for row in found
        ]


class SqlRemittances:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def add(self, remittance: Remittance) -> None:
        r = remittance
        fixed = (
            r.remittance_id,
            r.creditor_id,
            r.currency,
            r.period_from,
            r.period_to,
            r.fee_version,
            r.basis,
            r.made_by,
            r.made_at,
        )
        await insert_rows(self._driver, tables.remittances, COLUMNS, [(*fixed, *_state(r))])

    async def save(self, remittance: Remittance) -> None:
        row = (remittance.remittance_id, *_state(remittance))
        await update_rows(self._driver, tables.remittances, ("remittance_id",), STATE, [row])

    async def find(self, remittance_id: UUID, *, for_change: bool = False) -> Remittance:
        row = await self._driver.fetchrow(_FIND_FOR_CHANGE if for_change else _FIND, remittance_id)
        if row is None:
            raise NoSuchThing("remittance")
        return _from(row)

    async def page(self, creditor_id: UUID | None, before: UUID | None, limit: int) -> list[Remittance]:
        found = await self._driver.fetch(
            "SELECT * FROM remittances WHERE ($1::uuid IS NULL OR creditor_id = $1) "
            "AND ($2::uuid IS NULL OR remittance_id < $2) ORDER BY remittance_id DESC LIMIT $3",
            creditor_id,
            before,
            limit,
        )
        return [_from(row) for row in found]

    async def of_period(self, creditor_id: UUID, currency: str) -> list[Remittance]:
        found = await self._driver.fetch(
            "SELECT * FROM remittances WHERE creditor_id = $1 AND currency = $2 AND status <> 'cancelled' "
            "ORDER BY period_to DESC LIMIT 10",
            creditor_id,
            currency,
        )
        return [_from(row) for row in found]

    async def lock_next(self, status: str) -> Remittance | None:
        row = await self._driver.fetchrow(
            "SELECT * FROM remittances WHERE status = $1 AND status IN ('collecting', 'cancelling') "
            "ORDER BY remittance_id LIMIT 1 FOR UPDATE SKIP LOCKED",
            status,
        )
        return _from(row) if row is not None else None

    async def lock_next_untold(self) -> Remittance | None:
        row = await self._driver.fetchrow(
            f"SELECT * FROM remittances WHERE status = 'paid' AND told_through <> '{tables.LAST_CASE}'::uuid "  # noqa: S608 - a constant of the index
            "ORDER BY remittance_id LIMIT 1 FOR UPDATE SKIP LOCKED"
        )
        return _from(row) if row is not None else None

    async def unsettled(self, remittance: Remittance, cleared_until: date, limit: int) -> list[tuple[date, UUID, UUID]]:
        after = remittance.cursor or (date(1, 1, 1), UUID(int=0))
        found = await self._driver.fetch(
            "SELECT received_on, payment_id, case_id FROM payments WHERE creditor_id = $1 AND currency = $2 "  # noqa: S608 - the words of the index
            f"AND ({tables.UNSETTLED}) AND (received_on, payment_id) > ($3, $4) AND (is_reversed OR received_on <= $5) "
            "ORDER BY received_on, payment_id LIMIT $6",
            remittance.creditor_id,
            remittance.currency,
            *after,
            cleared_until,
            limit,
        )
        return [(row["received_on"], row["payment_id"], row["case_id"]) for row in found]

    async def add_lines(self, remittance: Remittance, lines: Sequence[Line]) -> None:
        values = [
            (
                remittance.remittance_id,
                remittance.creditor_id,
                line.number,
                line.kind,
                line.payment_id,
                line.case_id,
                line.paid_to,
                line.received_on,
                line.amount,
                *(getattr(line, part) for part in LINE_PARTS),
            )
            for line in lines
        ]
        await insert_rows(self._driver, tables.remittance_lines, LINE_COLUMNS, values)

    async def lines(self, remittance_id: UUID, after: int, limit: int) -> list[Line]:
        found = await self._driver.fetch(
            "SELECT * FROM remittance_lines WHERE remittance_id = $1 AND number > $2 ORDER BY number LIMIT $3",
            remittance_id,
            after,
            limit,
        )
        return [
            Line(
                number=row["number"],
                kind=row["kind"],
                payment_id=row["payment_id"],
                case_id=row["case_id"],
                paid_to=row["paid_to"],
                received_on=row["received_on"],
                amount=row["amount_minor_units"],
                **{part: row[f"{part}_minor_units"] for part in LINE_PARTS},
            )
            for row in found
        ]

    async def by_case(self, remittance_id: UUID, after: UUID, limit: int) -> list[CaseRemitted]:
        gross = "fees_minor_units + interest_minor_units + principal_minor_units"
        found = await self._driver.fetch(
            f"SELECT case_id, coalesce(sum({gross}) FILTER (WHERE paid_to = 'agency' AND {gross} > 0), 0)::bigint, "  # noqa: S608 - our own columns
            f"coalesce(-sum({gross}) FILTER (WHERE paid_to = 'agency' AND {gross} < 0), 0)::bigint, "
            "sum(commission_minor_units)::bigint FROM remittance_lines WHERE remittance_id = $1 AND case_id > $2 "
            "GROUP BY case_id ORDER BY case_id LIMIT $3",
            remittance_id,
            after,
            limit,
        )
        return [CaseRemitted(*row.values()) for row in found]

    async def count_stale(self, remittance_id: UUID) -> int:
        count = await self._driver.fetchval(
            "SELECT count(*) FROM remittance_lines l JOIN payments p USING (payment_id) "
            "WHERE l.remittance_id = $1 AND l.kind <> 'reversal' AND p.is_reversed",
            remittance_id,
        )
        return int(count)


def schedule_from(stored: dict[str, Any]) -> FeeSchedule:
    rules = tuple(
        FeeRule(**{**rule, "tiers": tuple(Tier(**tier) for tier in rule["tiers"])}) for rule in stored["rules"]
    )
    return FeeSchedule(**{**stored, "rules": rules})


def _state(r: Remittance) -> tuple[Any, ...]:
    cursor_on, cursor_payment_id = r.cursor or (None, None)
    return (
        r.status,
        orjson.dumps(asdict(r.totals)).decode(),
        orjson.dumps(asdict(r.settlement)).decode() if r.settlement is not None else None,
        r.lines_hash,
        r.statement_hash,
        cursor_on,
        cursor_payment_id,
        r.told_through,
        r.undone_through,
        r.approved_by,
        r.approved_at,
        r.paid_by,
        r.paid_at,
        r.paid_on,
        r.bank_reference,
    )


def _from(row: Any) -> Remittance:
    cursor = (row["cursor_on"], row["cursor_payment_id"]) if row["cursor_on"] is not None else None
    plain = {name: row[name] for name in (*COLUMNS[:9], *STATE) if name not in PARSED}
    return Remittance(
        totals=Totals(**row["totals"]),
        settlement=Settlement(**row["settlement"]) if row["settlement"] is not None else None,
        cursor=cursor,
        **plain,
    )


PARSED = frozenset({"totals", "settlement", "cursor_on", "cursor_payment_id"})
