"""The books of negotiation in memory: the use cases as they are, over repositories that are dictionaries.

Nothing waits for anything, so a use case is run by driving its coroutine to the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from services.negotiation.application.collect_remittances import (
    LAST_CASE,
    collect_remittances,
    tell_remittances,
    undo_remittances,
)
from services.negotiation.application.ports import Booking, Plan, WaitingReversal
from services.negotiation.application.post_payments import Receipt, book_receipts
from services.negotiation.application.remittance_ports import AgencyBooking, CaseRemitted
from services.negotiation.application.update_cases import update_cases
from services.negotiation.domain.agency import AGENCY_ACCOUNTS, AgencyAccount, sum_up
from services.negotiation.domain.case_file import CaseFile, CurrentPlan
from services.negotiation.domain.commission import FeeSchedule, FeeVersion
from services.negotiation.domain.ledger import ACCOUNTS, Account, Buckets, Entry, PaidTo, Payment, add_up, open_books
from services.negotiation.domain.refunds import Refund, RefundStatus
from services.negotiation.domain.remittance import Line, Remittance
from services.negotiation.domain.replay import Replayed, Told, replay_case
from services.negotiation.domain.terms import Instalment, Terms
from shared.events.body import EventBody
from shared.events.case_updated import CaseUpdated
from shared.events.envelope import Event
from shared.events.terms import Balance
from tests.unit.negotiation.builders import HARBOUR_CREDIT, case_file

T = TypeVar("T")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("something waited")


class Quiet:
    """A repository that has nothing and keeps nothing."""

    def __getattr__(self, name: str) -> Any:
        async def nothing(*_: object, **__: object) -> dict[Any, Any]:
            return {}

        return nothing


class House:
    """A unit of work and everything below it. `events` is what was announced, as a journal keeps it."""

    def __init__(self, schedule: FeeSchedule | None = None) -> None:
        self.now = NOON
        self.events: list[Told] = []
        self.said: list[EventBody] = []
        self.rows: dict[UUID, CaseFile] = {}
        self.payment_rows: dict[UUID, dict[UUID, Payment]] = defaultdict(dict)
        self.entries: dict[UUID, list[Entry]] = defaultdict(list)
        self.agency_entries: list[AgencyBooking] = []
        self.plan_rows: dict[UUID, Plan] = {}
        self.waiting: dict[UUID, WaitingReversal] = {}
        self.refund_rows: dict[UUID, Refund] = {}
        self.remittance_rows: dict[UUID, Remittance] = {}
        self.line_rows: dict[UUID, list[Line]] = defaultdict(list)
        self.versions_kept = [FeeVersion(1, schedule, date(2026, 1, 1), "mira", "theo")] if schedule else []
        self.untold: set[UUID] = set()
        self._random = Random(7)
        self._sequences: dict[tuple[str, UUID], int] = defaultdict(int)
        self._made = 0
        self.cases = self.ledger = self.plans = self.agency = self.fees = self  # one object is all of them
        self.refunds, self.remittances = RefundShelf(self), RemittanceShelf(self)
        self.offers = self.clearances = self.watch = self.cures = self.replans = self.holds = self.relief = Quiet()

    def __getattr__(self, name: str) -> Any:
        # Repositories that other parts of the service look into after a booking have nothing to say here.
        if name.startswith("_"):
            raise AttributeError(name)
        return Quiet()

    @asynccontextmanager
    async def begin(self, case_id: UUID | None = None, **_: object) -> AsyncIterator[Any]:
        yield self

    @property
    def work(self) -> Any:
        """As the use cases want it."""
        return self

    async def commit(self) -> None:
        """There is nothing behind it."""

    def announce(self, body: EventBody, caused_by: object = None) -> None:
        self.said.append(body)
        self.tell(body.event_type, body.key, body.model_dump(mode="json"))

    def tell(self, event_type: str, case_id: UUID, body: dict[str, Any]) -> UUID:
        """As the outbox does it: numbered by topic and case; many within one millisecond."""
        self._sequences[event_type, case_id] += 1
        self._made += 1
        millisecond = 1_772_000_000_000 + self._made // 3
        event_id = UUID(int=millisecond << 80 | self._made)
        self.untold.add(case_id)
        self.events.append(Told(event_type, event_id, case_id, self._sequences[event_type, case_id], body))
        return event_id

    def new_id(self) -> UUID:
        """The same in every run of a history, so that a failing one can be repeated."""
        return UUID(int=self._random.getrandbits(128))

    # Cases, ledger, plans.
    async def for_change(self, case_ids: Collection[UUID]) -> dict[UUID, CaseFile]:
        return {case_id: self.rows[case_id] for case_id in sorted(case_ids) if case_id in self.rows}

    async def save(self, changed: Sequence[Any]) -> None:
        for thing in changed:
            if isinstance(thing, CaseFile):
                self.rows[thing.case_id] = thing
            else:
                self.plan_rows[thing.plan_id] = thing

    async def load(self, plan_ids: Collection[UUID]) -> dict[UUID, Plan]:
        return {plan_id: self.plan_rows[plan_id] for plan_id in plan_ids}

    async def save_instalments(self, rows: Sequence[object]) -> None:
        """The watch has its own tests."""

    async def record_steps(self, rows: Sequence[object]) -> None:
        """As the watch."""

    async def book(self, bookings: Sequence[Any]) -> None:
        for booking in bookings:
            if isinstance(booking, Booking):
                self.entries[booking.case_id].append(booking.entry)
            else:
                self.agency_entries.append(booking)

    async def payments(self, case_ids: Collection[UUID]) -> dict[UUID, list[Payment]]:
        return {case_id: list(self.payment_rows[case_id].values()) for case_id in case_ids}

    async def add_payments(self, added: Sequence[tuple[CaseFile, Payment]]) -> None:
        for case, payment in added:
            assert payment.payment_id not in self.payment_rows[case.case_id]
            self.payment_rows[case.case_id][payment.payment_id] = payment

    async def save_payments(self, changed: Sequence[Payment]) -> None:
        for payment in changed:
            case_id = next(c for c, of_case in self.payment_rows.items() if payment.payment_id in of_case)
            self.payment_rows[case_id][payment.payment_id] = payment

    async def waiting_reversals(self, case_ids: Collection[UUID]) -> dict[UUID, WaitingReversal]:
        return {i: w for i, w in self.waiting.items() if w.case_id in case_ids}

    async def add_waiting_reversals(self, reversals: Sequence[WaitingReversal]) -> None:
        self.waiting |= {reversal.payment_id: reversal for reversal in reversals}

    async def remove_waiting_reversals(self, reversal_ids: Collection[UUID]) -> None:
        self.waiting = {i: w for i, w in self.waiting.items() if w.reversal_id not in reversal_ids}

    # Agency and fees.
    async def lock(self, *_: object) -> None:
        """There is nobody else."""

    async def balances(self, creditor_id: UUID, currency: str) -> dict[AgencyAccount, int]:
        return sum_up(b.entry for b in self.agency_entries)

    async def versions(self, creditor_id: UUID) -> list[FeeVersion]:
        return self.versions_kept

    # What tests do.
    def take_on(self, owed: Buckets, **changes: Any) -> UUID:
        case_id = self.new_id()
        case = replace(case_file(owed=owed, **changes), case_id=case_id)
        _, entry = open_books(case_id, owed)
        self.rows[case_id] = case
        self.entries[case_id].append(entry)
        order = list(case.mandate.allocation_order)
        body = {"balance": _plain(owed), "mandate": {"allocation_order": order}}
        self.tell("case.received", case_id, body)
        return case_id

    def receive(
        self,
        case_id: UUID,
        amount: int,
        *,
        on: date | None = None,
        paid_to: PaidTo = "agency",
        payment_id: UUID | None = None,
        reverses: UUID | None = None,
    ) -> UUID:
        receipt = Receipt(payment_id or self.new_id(), case_id, amount, "USD", on or self.now.date(), paid_to, reverses)
        run(book_receipts(self.work, [(receipt, None)]))
        return receipt.payment_id

    def take_back(self, case_id: UUID, payment_id: UUID) -> UUID:
        payment = self.payment_rows[case_id].get(payment_id)
        return self.receive(case_id, payment.amount if payment else 1, reverses=payment_id)

    def correct(self, case_id: UUID, to: Buckets) -> None:
        body = CaseUpdated(
            case_id=case_id,
            creditor_id=HARBOUR_CREDIT,
            balance=Balance(**_plain(to)),
            days_past_due=None,
            contact_points=None,
            mandate=None,
        )
        event_id = self.tell("case.updated", case_id, body.model_dump(mode="json"))
        run(update_cases(self.work, [Event(event_id, body, self.now, 1, event_id)]))

    def agree(self, case_id: UUID, discount: int) -> None:
        """A plan over the whole balance less a discount, in one payment due in a month."""
        case = self.rows[case_id]
        total = case.books.balance - discount
        due_on = self.now.date() + timedelta(days=30)
        terms = Terms("lump_sum", "USD", total, discount, (Instalment(1, due_on, total),), 3, None)
        plan = Plan(self.new_id(), case_id, HARBOUR_CREDIT, None, None, terms, "0" * 64, "active", self.now)
        self.plan_rows[plan.plan_id] = plan
        self.rows[case_id] = replace(case, plan=CurrentPlan(plan.plan_id, "active"))

    def give_up_plan(self, case_id: UUID) -> None:
        """As a withdrawal or a recall does it: what was paid stays paid."""
        case = self.rows[case_id]
        assert case.plan is not None
        self.plan_rows[case.plan.plan_id] = replace(self.plan_rows[case.plan.plan_id], status="cancelled")
        self.rows[case_id] = replace(case, plan=CurrentPlan(case.plan.plan_id, "cancelled"))

    def work_through(self) -> None:
        """The timers, until nothing is due."""
        for sweep in (undo_remittances, collect_remittances, tell_remittances):
            while run(sweep(self.begin, limit=2)):
                continue

    # What tests look at.
    def replayed(self, case_id: UUID) -> Replayed:
        return replay_case([told for told in self.events if told.case_id == case_id])

    def sums(self, case_id: UUID) -> dict[Account, int]:
        return dict.fromkeys(ACCOUNTS, 0) | dict(add_up(self.entries[case_id])[1])

    def agency_sums(self) -> dict[AgencyAccount, int]:
        return dict.fromkeys(AGENCY_ACCOUNTS, 0) | sum_up(b.entry for b in self.agency_entries)

    def standing_payments(self, paid_to: PaidTo = "agency") -> list[Payment]:
        everything = [p for of_case in self.payment_rows.values() for p in of_case.values()]
        return [p for p in everything if p.paid_to == paid_to and not p.is_reversed]


class RefundShelf:
    def __init__(self, house: House) -> None:
        self._rows = house.refund_rows

    async def add(self, refund: Refund) -> None:
        self._rows[refund.refund_id] = refund

    async def find(self, refund_id: UUID) -> Refund | None:
        return self._rows.get(refund_id)

    async def set_status(self, refund_id: UUID, status: RefundStatus) -> None:
        self._rows[refund_id] = replace(self._rows[refund_id], status=status)


class RemittanceShelf:
    def __init__(self, house: House) -> None:
        self._house = house

    async def add(self, remittance: Remittance) -> None:
        self._house.remittance_rows[remittance.remittance_id] = remittance

    async def save(self, remittance: Remittance) -> None:
        self._house.remittance_rows[remittance.remittance_id] = remittance

    async def find(self, remittance_id: UUID, *, for_change: bool = False) -> Remittance:
        return self._house.remittance_rows[remittance_id]

    async def of_period(self, creditor_id: UUID, currency: str) -> list[Remittance]:
        kept = [r for r in self._house.remittance_rows.values() if r.status != "cancelled"]
        return sorted(kept, key=lambda r: r.period_to, reverse=True)

    async def lock_next(self, status: str) -> Remittance | None:
        return next((r for r in self._house.remittance_rows.values() if r.status == status), None)

    async def lock_next_untold(self) -> Remittance | None:
        paid = (r for r in self._house.remittance_rows.values() if r.status == "paid")
        return next((r for r in paid if r.told_through != LAST_CASE), None)

    async def unsettled(self, remittance: Remittance, cleared: date, limit: int) -> list[tuple[date, UUID, UUID]]:
        found = []
        for case_id, payments in self._house.payment_rows.items():
            for p in payments.values():
                settled = p.settled.gross
                is_open = (settled.total or p.settled.commission) if p.is_reversed else p.allocated != settled
                if is_open and (p.is_reversed or p.received_on <= cleared):
                    found.append((p.received_on, p.payment_id, case_id))
        return sorted(row for row in found if remittance.cursor is None or row[:2] > remittance.cursor)[:limit]

    async def add_lines(self, remittance: Remittance, lines: Sequence[Line]) -> None:
        self._house.line_rows[remittance.remittance_id] += lines

    async def lines(self, remittance_id: UUID, after: int, limit: int) -> list[Line]:
        return [line for line in self._house.line_rows[remittance_id] if line.number > after][:limit]

    async def by_case(self, remittance_id: UUID, after: UUID, limit: int) -> list[CaseRemitted]:
        of_case: dict[UUID, list[Line]] = defaultdict(list)
        for line in self._house.line_rows[remittance_id]:
            of_case[line.case_id].append(line)
        return [
            CaseRemitted(
                case_id,
                sum(max(0, line.in_trust) for line in of_case[case_id]),
                sum(max(0, -line.in_trust) for line in of_case[case_id]),
                sum(line.commission for line in of_case[case_id]),
            )
            for case_id in sorted(of_case)
            if case_id > after
        ][:limit]

    async def count_stale(self, remittance_id: UUID) -> int:
        reversed_ids = {
            p.payment_id for of_case in self._house.payment_rows.values() for p in of_case.values() if p.is_reversed
        }
        lines = self._house.line_rows[remittance_id]
        return sum(line.kind != "reversal" and line.payment_id in reversed_ids for line in lines)


def _plain(buckets: Buckets) -> dict[str, int]:
    return {"fees": buckets.fees, "interest": buckets.interest, "principal": buckets.principal}
