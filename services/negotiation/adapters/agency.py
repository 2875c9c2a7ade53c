"""The agency's own books over PostgreSQL, refunds, and the trust account beside the bank's word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from services.negotiation.adapters import agency_tables as tables
from services.negotiation.adapters.arrays import insert_rows
from services.negotiation.application.remittance_ports import (
    AgencyBooking,
    BooksOnFile,
    Difference,
    Movement,
    StatementBalance,
    TrustCheck,
    TrustDay,
)
from services.negotiation.domain.agency import AGENCY_ACCOUNTS, AgencyAccount
from services.negotiation.domain.ledger import ACCOUNTS, Books, Buckets
from services.negotiation.domain.refunds import Refund, RefundStatus
from shared.kernel.identifiers import new_id

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

ENTRY_COLUMNS = ("entry_id", "creditor_id", "currency", "kind", "source_id", "effective_on", "booked_at")
POSTING_COLUMNS = ("entry_id", "creditor_id", "currency", "effective_on", "account", "minor_units")
REFUND_COLUMNS = (
    "refund_id",
    "case_id",
    "creditor_id",
    "payment_id",
    "currency",
    "amount_minor_units",
    "status",
    "reserved_at",
)

# One statement, so that all of it is of one moment. Money in trust by the cases: their own `trust` account. Payments
# that were taken back hold nothing; what of them was reserved for a refund still waits for its end.
CHECK = """
WITH pair AS (
  SELECT creditor_id, currency FROM agency_entries WHERE (creditor_id, currency) > ($1, $2)
  ORDER BY creditor_id, currency LIMIT 1
)
SELECT p.creditor_id, p.currency,
  (SELECT coalesce(sum(minor_units), 0) FROM agency_postings a
   WHERE (a.creditor_id, a.currency) = (p.creditor_id, p.currency)) AS all_accounts,
  (SELECT coalesce(sum(minor_units), 0) FROM agency_postings a JOIN agency_entries e USING (entry_id)
   WHERE (a.creditor_id, a.currency) = (p.creditor_id, p.currency) AND account = 'trust'
     AND e.kind NOT IN ('remitted', 'commission_moved')) AS in_trust,
  (SELECT coalesce(sum(minor_units), 0) FROM postings c
   WHERE (c.creditor_id, c.currency) = (p.creditor_id, p.currency) AND account = 'trust') AS in_trust_by_cases,
  (SELECT coalesce(-sum(minor_units), 0) FROM agency_postings a
   WHERE (a.creditor_id, a.currency) = (p.creditor_id, p.currency) AND account = 'refunds_due') AS refunds_due,
  (SELECT coalesce(sum(overpaid_minor_units), 0) FROM payments m
   WHERE (m.creditor_id, m.currency) = (p.creditor_id, p.currency) AND paid_to = 'agency' AND NOT is_reversed)
  + (SELECT coalesce(sum(r.amount_minor_units), 0) FROM refunds r JOIN payments m USING (payment_id)
   WHERE (r.creditor_id, r.currency) = (p.creditor_id, p.currency) AND r.status = 'reserved'
     AND m.paid_to = 'agency') AS refunds_due_by_payments,
  (SELECT coalesce(-sum(minor_units), 0) FROM agency_postings a
   WHERE (a.creditor_id, a.currency) = (p.creditor_id, p.currency) AND account = 'due_to_creditor') AS due_to_creditor,
  (SELECT coalesce(sum(fees_minor_units + interest_minor_units + principal_minor_units - settled_fees_minor_units
     - settled_interest_minor_units - settled_principal_minor_units), 0) FROM payments m
   WHERE (m.creditor_id, m.currency) = (p.creditor_id, p.currency) AND paid_to = 'agency' AND NOT is_reversed)
  + (SELECT coalesce(sum(fees_minor_units + interest_minor_units + principal_minor_units), 0)
   FROM remittance_lines l JOIN remittances r USING (remittance_id)
   WHERE (r.creditor_id, r.currency) = (p.creditor_id, p.currency) AND l.paid_to = 'agency' AND l.kind <> 'reversal'
     AND (r.status IN ('collecting', 'drafted', 'approved')
       OR (r.status = 'cancelling' AND l.number > r.undone_through))
  ) AS due_to_creditor_by_payments
FROM pair p
"""


class SqlAgencyBooks:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def book(self, bookings: Sequence[AgencyBooking]) -> None:
        entries, postings = [], []
        for b in bookings:
            owner = (new_id(), b.creditor_id, b.currency)
            entries.append((*owner, b.entry.kind, b.entry.source_id, b.effective_on, self._now))
            postings += [(*owner, b.effective_on, account, amount) for account, amount in b.entry.postings]
        await insert_rows(self._driver, tables.agency_entries, ENTRY_COLUMNS, entries)
        await insert_rows(self._driver, tables.agency_postings, POSTING_COLUMNS, postings)

    async def lock(self, creditor_id: UUID, currency: str) -> None:
        await self._driver.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"remittance:{creditor_id}:{currency}"
        )

    async def balances(self, creditor_id: UUID, currency: str) -> dict[AgencyAccount, int]:
        found = await self._driver.fetch(
            "SELECT account, sum(minor_units)::bigint AS minor_units FROM agency_postings "
            "WHERE creditor_id = $1 AND currency = $2 GROUP BY account",
            creditor_id,
            currency,
        )
        sums: dict[AgencyAccount, int] = dict.fromkeys(AGENCY_ACCOUNTS, 0)
        return sums | {row["account"]: row["minor_units"] for row in found}

    async def check(self, after: tuple[UUID, str]) -> TrustCheck | None:
        row = await self._driver.fetchrow(CHECK, *after)
        if row is None:
            return None
        creditor_id, currency, *sums = row.values()
        return TrustCheck(creditor_id, currency, *(int(amount) for amount in sums))

    async def books_on_file(self, after: UUID, limit: int) -> list[BooksOnFile]:
        found = await self._driver.fetch(
            "SELECT c.*, (SELECT coalesce(json_object_agg(s.account, s.total), '{}') FROM "
            "(SELECT account, sum(minor_units)::bigint AS total FROM postings p WHERE p.case_id = c.case_id "
            "GROUP BY account) s) AS sums "
            "FROM (SELECT case_id, fees_minor_units, interest_minor_units, principal_minor_units, overpaid_minor_units "
            "FROM cases WHERE case_id > $1 ORDER BY case_id LIMIT $2) c ORDER BY c.case_id",
            after,
            limit,
        )
        return [
            BooksOnFile(
                row["case_id"],
                Books(
                    Buckets(row["fees_minor_units"], row["interest_minor_units"], row["principal_minor_units"]),
                    row["overpaid_minor_units"],
                ),
                dict.fromkeys(ACCOUNTS, 0) | row["sums"],
            )
            for row in found
        ]


class SqlRefunds:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def add(self, refund: Refund) -> None:
        r = refund
        row = (r.refund_id, r.case_id, r.creditor_id, r.payment_id, r.currency, r.amount, r.status, self._now)
        await insert_rows(self._driver, tables.refunds, REFUND_COLUMNS, [row])

    async def find(self, refund_id: UUID) -> Refund | None:
        row = await self._driver.fetchrow("SELECT * FROM refunds WHERE refund_id = $1", refund_id)
        if row is None:
            return None
        return Refund(
            row["refund_id"],
            row["case_id"],
            row["creditor_id"],
            row["payment_id"],
            row["currency"],
            row["amount_minor_units"],
            row["status"],
        )

    async def set_status(self, refund_id: UUID, status: RefundStatus) -> None:
        await self._driver.execute("UPDATE refunds SET status = $2 WHERE refund_id = $1", refund_id, status)


class SqlTrustAccount:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def record(self, balance: StatementBalance) -> None:
        b = balance
        # The bank's newer word about a day replaces the older one, and the day is looked at again.
        await self._driver.execute(
            "INSERT INTO trust_days (statement_id, currency, day, closing_minor_units, unmatched_minor_units, "
            "differences) VALUES ($1, $2, $3, $4, $5, '[]') ON CONFLICT (currency, day) DO UPDATE SET "
            "closing_minor_units = excluded.closing_minor_units, "
            "unmatched_minor_units = excluded.unmatched_minor_units, compared_at = NULL",
            b.statement_id,
            b.currency,
            b.on,
            b.closing_minor_units,
            b.unmatched_minor_units,
        )

    async def next_day(self, after: tuple[date, UUID], since: date) -> TrustDay | None:
        row = await self._driver.fetchrow(
            "SELECT * FROM trust_days WHERE (day, statement_id) > ($1, $2) AND (compared_at IS NULL OR "
            "(day >= $3 AND closing_minor_units <> ledger_minor_units)) ORDER BY day, statement_id LIMIT 1",
            *after,
            since,
        )
        return _day_from(row) if row is not None else None

    async def ledger_balance(self, currency: str, on: date) -> int:
        total = await self._driver.fetchval(
            "SELECT coalesce(sum(minor_units), 0)::bigint FROM agency_postings "
            "WHERE account = 'trust' AND currency = $1 AND effective_on <= $2",
            currency,
            on,
        )
        return int(total)

    async def movements(self, currency: str, since: date, until: date, limit: int) -> list[Movement]:
        found = await self._driver.fetch(
            "SELECT e.kind, e.source_id, p.effective_on, p.minor_units FROM agency_postings p "
            "JOIN agency_entries e USING (entry_id) WHERE p.account = 'trust' AND p.currency = $1 "
            "AND p.effective_on BETWEEN $2 AND $3 ORDER BY p.effective_on DESC, e.entry_id LIMIT $4",
            currency,
            since,
            until,
            limit,
        )
        return [Movement(*row.values()) for row in found]

    async def save(self, day: TrustDay) -> None:
        await self._driver.execute(
            "UPDATE trust_days SET ledger_minor_units = $2, differences = $3::json, compared_at = $4 "
            "WHERE statement_id = $1",
            day.balance.statement_id,
            day.ledger_minor_units,
            orjson.dumps([asdict(difference) for difference in day.differences]).decode(),
            day.compared_at,
        )

    async def days(self, currency: str, limit: int) -> list[TrustDay]:
        found = await self._driver.fetch(
            "SELECT * FROM trust_days WHERE currency = $1 ORDER BY day DESC LIMIT $2", currency, limit
        )
        return [_day_from(row) for row in found]


def _day_from(row: Any) -> TrustDay:
    balance = StatementBalance(
        row["statement_id"], row["currency"], row["day"], row["closing_minor_units"], row["unmatched_minor_units"]
    )
    differences = tuple(
        Difference(d["reason"], d["minor_units"], d["kind"], UUID(d["source_id"]) if d["source_id"] else None)
        for d in row["differences"]
    )
    return TrustDay(balance, row["ledger_minor_units"], differences, row["compared_at"])
