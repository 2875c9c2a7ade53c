"""The repositories over PostgreSQL: many cases a statement, the case row locked before anything of the case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.negotiation.adapters import rows, tables
from services.negotiation.adapters.arrays import insert_rows, update_rows
from services.negotiation.application.ports import (
    BookedEntry,
    Booking,
    Clearance,
    CounterOffer,
    InstalmentRow,
    Offer,
    Plan,
    Step,
    WaitingReversal,
)
from services.negotiation.domain.case_file import CaseFile, Hold
from services.negotiation.domain.ledger import Account, Payment
from services.negotiation.domain.refusals import NoSuchThing
from services.negotiation.domain.watch.playbook import STEPS
from shared.kernel.identifiers import new_id

if TYPE_CHECKING:
    from services.negotiation.adapters.arrays import Connection

PAYMENTS_MAX = 100_000
"""Payments read for one batch: a batch has at most some hundred cases, and a case some dozen payments."""


class SqlCases:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now
        self._loaded: dict[UUID, CaseFile] = {}

    async def add(self, cases: Sequence[CaseFile]) -> None:
        await insert_rows(self._driver, tables.cases, rows.CASE_COLUMNS, [rows.case_row(case) for case in cases])

    async def for_change(self, case_ids: Collection[UUID]) -> dict[UUID, CaseFile]:
        found = await self._driver.fetch(
            "SELECT * FROM cases WHERE case_id = ANY($1::uuid[]) ORDER BY case_id FOR UPDATE", list(case_ids)
        )
        return self._remember(found)

    async def read(self, case_id: UUID) -> CaseFile:
        row = await self._driver.fetchrow("SELECT * FROM cases WHERE case_id = $1", case_id)
        if row is None:
            raise NoSuchThing("case")
        return rows.case_from(row)

    async def open_of_person(self, person_id: UUID, limit: int) -> list[CaseFile]:
        found = await self._driver.fetch(
            "SELECT * FROM cases WHERE person_id = $1 AND closed IS NULL ORDER BY case_id LIMIT $2",
            person_id,
            limit,
        )
        return [rows.case_from(row) for row in found]

    async def save(self, cases: Sequence[CaseFile]) -> None:
        changed = [case for case in cases if self._loaded.get(case.case_id) != case]
        self._loaded |= {case.case_id: case for case in changed}
        values = [(case.case_id, *rows.case_state(case)) for case in changed]
        await update_rows(self._driver, tables.cases, ("case_id",), rows.CASE_STATE, values)

    async def known_as_erased(self, case_ids: Collection[UUID]) -> set[UUID]:
        # An erasure and a case's arrival in two transactions at once would both miss the other. This lock makes the
        # later one wait for the earlier one's commit; arrivals do not wait for each other.
        await self._driver.execute("LOCK TABLE erased_cases IN SHARE MODE")
        found = await self._driver.fetch(
            "SELECT case_id FROM erased_cases WHERE case_id = ANY($1::uuid[])", list(case_ids)
        )
        return {row["case_id"] for row in found}

    async def remember_erased(self, case_ids: Collection[UUID], creditor_id: UUID) -> None:
        values = [(case_id, creditor_id) for case_id in sorted(case_ids)]
        columns = ("case_id", "creditor_id")
        await insert_rows(self._driver, tables.erased_cases, columns, values, on_conflict="ON CONFLICT DO NOTHING")

    def _remember(self, found: Sequence[Any]) -> dict[UUID, CaseFile]:
        cases = {row["case_id"]: rows.case_from(row) for row in found}
        self._loaded |= cases
        return cases


class SqlOffers:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def add(self, offers: Sequence[Offer]) -> None:
        await insert_rows(self._driver, tables.offers, rows.OFFER_COLUMNS, [rows.offer_row(o) for o in offers])

    async def save(self, offers: Sequence[Offer]) -> None:
        values = [(offer.offer_id, *rows.offer_state(offer)) for offer in offers]
        await update_rows(self._driver, tables.offers, ("offer_id",), rows.OFFER_STATE, values)

    async def withdraw(self, case_ids: Collection[UUID]) -> None:
        if case_ids:
            await self._driver.execute(
                "UPDATE offers SET status = 'withdrawn' "
                "WHERE case_id = ANY($1::uuid[]) AND status IN ('prepared', 'proposed')",
                list(case_ids),
            )

    async def withdraw_offers(self, offer_ids: Collection[UUID]) -> None:
        if offer_ids:
            await self._driver.execute(
                "UPDATE offers SET status = 'withdrawn' WHERE offer_id = ANY($1::uuid[])", list(offer_ids)
            )

    async def current(self, case_ids: Collection[UUID]) -> dict[UUID, list[Offer]]:
        found = await self._driver.fetch(
            "SELECT * FROM offers WHERE case_id = ANY($1::uuid[]) AND status IN ('prepared', 'proposed') "
            "ORDER BY position, offer_id",
            list(case_ids),
        )
        offers: dict[UUID, list[Offer]] = defaultdict(list)
        for row in found:
            offers[row["case_id"]].append(rows.offer_from(row))
        return dict(offers)

    async def find(self, case_id: UUID, offer_id: UUID) -> Offer:
        row = await self._driver.fetchrow(
            "SELECT * FROM offers WHERE case_id = $1 AND offer_id = $2", case_id, offer_id
        )
        if row is None:
            raise NoSuchThing("offer")
        return rows.offer_from(row)

    async def record_counter(self, counter: CounterOffer) -> None:
        await insert_rows(self._driver, tables.counter_offers, rows.COUNTER_COLUMNS, [rows.counter_row(counter)])


class SqlPlans:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def add(self, plan: Plan, instalments: Sequence[InstalmentRow]) -> None:
        await insert_rows(self._driver, tables.plans, rows.PLAN_COLUMNS, [rows.plan_row(plan)])
        values = [rows.instalment_row(row) for row in instalments]
        await insert_rows(self._driver, tables.instalments, rows.INSTALMENT_COLUMNS, values)

    async def load(self, plan_ids: Collection[UUID]) -> dict[UUID, Plan]:
        if not plan_ids:
            return {}
        found = await self._driver.fetch("SELECT * FROM plans WHERE plan_id = ANY($1::uuid[])", list(plan_ids))
        return {row["plan_id"]: rows.plan_from(row) for row in found}

    async def save(self, plans: Sequence[Plan]) -> None:
        values = [(plan.plan_id, *rows.plan_state(plan)) for plan in plans]
        await update_rows(self._driver, tables.plans, ("plan_id",), rows.PLAN_STATE, values)

    async def save_instalments(self, instalments: Sequence[InstalmentRow]) -> None:
        values = [(row.plan_id, row.number, *rows.instalment_state(row)) for row in instalments]
        await update_rows(self._driver, tables.instalments, ("plan_id", "number"), rows.INSTALMENT_STATE, values)

    async def stop_watching(self, plan_ids: Collection[UUID]) -> None:
        if plan_ids:
            await self._driver.execute(
                "UPDATE instalments SET is_watched = false WHERE plan_id = ANY($1::uuid[]) AND is_watched",
                list(plan_ids),
            )

    async def record_steps(self, steps: Sequence[Step]) -> None:
        values = [rows.step_row(step) for step in steps]
        clause = "ON CONFLICT DO NOTHING"
        await insert_rows(self._driver, tables.playbook_steps, rows.STEP_COLUMNS, values, on_conflict=clause)

    async def steps(self, case_id: UUID) -> list[Step]:
        found = await self._driver.fetch(
            "SELECT * FROM playbook_steps WHERE case_id = $1 ORDER BY at, array_position($2::text[], step) LIMIT 1000",
            case_id,
            list(STEPS),
        )
        return [rows.step_from(row) for row in found]


class SqlLedger:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def book(self, bookings: Sequence[Booking]) -> None:
        entries, postings = [], []
        for b in bookings:
            entry_id = new_id()
            owner = (entry_id, b.case_id, b.creditor_id)
            entries.append((*owner, b.entry.kind, b.entry.source_id, b.currency, b.effective_on, self._now))
            postings += [(*owner, account, b.currency, amount) for account, amount in b.entry.postings]
        await insert_rows(self._driver, tables.ledger_entries, rows.ENTRY_COLUMNS, entries)
        await insert_rows(self._driver, tables.postings, rows.POSTING_COLUMNS, postings)

    async def payments(self, case_ids: Collection[UUID]) -> dict[UUID, list[Payment]]:
        found = await self._driver.fetch(
            "SELECT * FROM payments WHERE case_id = ANY($1::uuid[]) ORDER BY posted_at, payment_id LIMIT $2",
            list(case_ids),
            PAYMENTS_MAX,
        )
        payments: dict[UUID, list[Payment]] = defaultdict(list)
        for row in found:
            payments[row["case_id"]].append(rows.payment_from(row))
        return dict(payments)

    async def add_payments(self, payments: Sequence[tuple[CaseFile, Payment]]) -> None:
        values = [
            (
                p.payment_id,
                case.case_id,
                case.creditor_id,
                p.plan_id,
                case.currency,
                p.amount,
                p.received_on,
                self._now,
                p.paid_to,
                *rows.payment_state(p),
            )
            for case, p in payments
        ]
        await insert_rows(self._driver, tables.payments, rows.PAYMENT_COLUMNS, values)

    async def save_payments(self, payments: Sequence[Payment]) -> None:
        values = [(p.payment_id, *rows.payment_state(p)) for p in payments]
        await update_rows(self._driver, tables.payments, ("payment_id",), rows.PAYMENT_STATE, values)

    async def waiting_reversals(self, case_ids: Collection[UUID]) -> dict[UUID, WaitingReversal]:
        found = await self._driver.fetch(
            "SELECT * FROM waiting_reversals WHERE case_id = ANY($1::uuid[])", list(case_ids)
        )
        return {
            row["payment_id"]: WaitingReversal(
                row["reversal_id"], row["payment_id"], row["case_id"], row["creditor_id"]
            )
            for row in found
        }

    async def add_waiting_reversals(self, reversals: Sequence[WaitingReversal]) -> None:
        values = [(r.reversal_id, r.payment_id, r.case_id, r.creditor_id) for r in reversals]
        columns = ("reversal_id", "payment_id", "case_id", "creditor_id")
        await insert_rows(self._driver, tables.waiting_reversals, columns, values)

    async def remove_waiting_reversals(self, reversal_ids: Collection[UUID]) -> None:
        if reversal_ids:
            await self._driver.execute(
                "DELETE FROM waiting_reversals WHERE reversal_id = ANY($1::uuid[])", list(reversal_ids)
            )

    async def entries(self, case_id: UUID) -> list[BookedEntry]:
        found = await self._driver.fetch(
            "SELECT e.entry_id, e.kind, e.source_id, e.effective_on, e.booked_at, p.account, p.minor_units "
            "FROM ledger_entries e LEFT JOIN postings p USING (entry_id) WHERE e.case_id = $1 "
            "ORDER BY e.booked_at, e.entry_id LIMIT $2",
            case_id,
            PAYMENTS_MAX,
        )
        postings: dict[UUID, dict[Account, int]] = defaultdict(dict)
        heads: dict[UUID, Any] = {}
        for row in found:
            heads[row["entry_id"]] = row
            if row["account"] is not None:
                postings[row["entry_id"]][row["account"]] = row["minor_units"]
        return [
            BookedEntry(i, r["kind"], r["source_id"], r["effective_on"], r["booked_at"], postings[i])
            for i, r in heads.items()
        ]

    async def compare(self, after: UUID, limit: int) -> tuple[int, UUID | None, list[UUID]]:
        found = await self._driver.fetch(
            "SELECT c.case_id, s.is_balanced AND s.fees = c.fees_minor_units AND s.interest = c.interest_minor_units "
            "AND s.principal = c.principal_minor_units AND -s.overpaid = c.overpaid_minor_units AS is_right "
            "FROM (SELECT * FROM cases WHERE case_id > $1 ORDER BY case_id LIMIT $2) c, LATERAL (SELECT "
            "coalesce(sum(minor_units), 0) = 0 AS is_balanced, "
            "coalesce(sum(minor_units) FILTER (WHERE account = 'fees'), 0) AS fees, "
            "coalesce(sum(minor_units) FILTER (WHERE account = 'interest'), 0) AS interest, "
            "coalesce(sum(minor_units) FILTER (WHERE account = 'principal'), 0) AS principal, "
            "coalesce(sum(minor_units) FILTER (WHERE account = 'overpaid'), 0) AS overpaid "
            "FROM postings p WHERE p.case_id = c.case_id) s ORDER BY c.case_id",
            after,
            limit,
        )
        last = found[-1]["case_id"] if len(found) == limit else None
        return len(found) if last is not None else 0, last, [r["case_id"] for r in found if not r["is_right"]]


class SqlHolds:
    def __init__(self, driver: Connection) -> None:
        self._driver = driver

    async def apply(self, holds: Sequence[tuple[UUID, UUID, UUID, Hold]]) -> None:
        values = [(i, case_id, creditor_id, h.kind, h.until, h.is_released) for i, case_id, creditor_id, h in holds]
        columns = ("hold_id", "case_id", "creditor_id", "kind", "until", "is_released")
        clause = "ON CONFLICT (hold_id) DO UPDATE SET until = excluded.until"
        await insert_rows(self._driver, tables.holds, columns, values, on_conflict=clause)

    async def release(self, holds: Sequence[tuple[UUID, UUID, UUID, str]]) -> None:
        values = [(*hold, True) for hold in holds]
        columns = ("hold_id", "case_id", "creditor_id", "kind", "is_released")
        clause = "ON CONFLICT (hold_id) DO UPDATE SET is_released = true"
        await insert_rows(self._driver, tables.holds, columns, values, on_conflict=clause)

    async def of(self, case_ids: Collection[UUID]) -> dict[UUID, list[Hold]]:
        found = await self._driver.fetch(
            "SELECT * FROM holds WHERE case_id = ANY($1::uuid[]) AND NOT is_released ORDER BY hold_id", list(case_ids)
        )
        holds: dict[UUID, list[Hold]] = defaultdict(list)
        for row in found:
            holds[row["case_id"]].append(Hold(row["kind"], row["until"], row["is_released"]))
        return dict(holds)


class SqlClearances:
    def __init__(self, driver: Connection, now: datetime) -> None:
        self._driver = driver
        self._now = now

    async def add(self, clearances: Sequence[Clearance]) -> None:
        values = [rows.clearance_row(c) for c in clearances]
        await insert_rows(self._driver, tables.clearances, rows.CLEARANCE_COLUMNS, values)

    async def withdraw(self, case_ids: Collection[UUID]) -> None:
        if case_ids:
            await self._driver.execute(
                "UPDATE clearances SET withdrawn_at = $2 WHERE case_id = ANY($1::uuid[]) AND withdrawn_at IS NULL",
                list(case_ids),
                self._now,
            )

    async def find(self, code: str) -> Clearance:
        row = await self._driver.fetchrow("SELECT * FROM clearances WHERE code = $1", code)
        if row is None:
            raise NoSuchThing("clearance")
        return rows.clearance_from(row)

    async def of_case(self, case_id: UUID) -> Clearance | None:
        row = await self._driver.fetchrow("SELECT * FROM clearances WHERE case_id = $1", case_id)
        return rows.clearance_from(row) if row is not None else None
