"""The books of many cases opened for one batch: what is booked, what follows from it for plans, and one bulk save.

Everything is decided in memory per case and written at the end, table by table.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID

from services.negotiation.application.agree_plan import instalment_rows
from services.negotiation.application.announcements import plan_agreed
from services.negotiation.application.pass_relief_time import cancel_relief
from services.negotiation.application.ports import (
    Booking,
    Clearance,
    InstalmentRow,
    Plan,
    Step,
    WaitingReversal,
    Work,
)
from services.negotiation.application.remittance_ports import AgencyBooking
from services.negotiation.application.run_playbook import take_steps
from services.negotiation.application.watch_cures import Cured, note_undone_cures, open_cures
from services.negotiation.domain.agency import mirror
from services.negotiation.domain.case_file import CaseFile, ClosingReason, CurrentPlan
from services.negotiation.domain.ledger import Buckets, Entry, Payment, oldest_first, use_overpaid, waive
from services.negotiation.domain.plan import Standing, stand
from shared.events.body import EventBody
from shared.events.case_closed import CaseClosed
from shared.events.envelope import Event
from shared.events.plan_completed import PlanCompleted
from shared.kernel.identifiers import new_id


class BookingRun:
    """Open with `await BookingRun.open(work, case_ids)`, book, `settle` each case, `save`."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.cases: dict[UUID, CaseFile] = {}
        self.payments: dict[UUID, dict[UUID, Payment]] = {}
        self.plans: dict[UUID, Plan] = {}
        self.waiting: dict[UUID, WaitingReversal] = {}
        self._rows: dict[tuple[UUID, int], InstalmentRow] = {}
        self._known_payments: dict[UUID, Payment] = {}
        self._known_plans: dict[UUID, Plan] = {}
        self._bookings: list[Booking] = []
        self._agency: list[AgencyBooking] = []
        self._new_payments: list[UUID] = []
        self._clearances: list[Clearance] = []
        self._uncleared: list[UUID] = []
        self._steps: list[Step] = []
        self._cured: list[Cured] = []
        self._closed: set[UUID] = set()
        self._outdated: set[UUID] = set()
        self.new_waiting: list[WaitingReversal] = []
        self.done_waiting: list[UUID] = []

    @classmethod
    async def open(cls, work: Work, case_ids: Collection[UUID]) -> BookingRun:
        """Lock the cases and load what their books and newest plans consist of."""
        run = cls(work)
        run.cases = await work.cases.for_change(case_ids)
        loaded = await work.ledger.payments(case_ids)
        run.payments = {case_id: {p.payment_id: p for p in loaded.get(case_id, [])} for case_id in run.cases}
        run._known_payments = {p.payment_id: p for payments in loaded.values() for p in payments}
        run.plans = await work.plans.load({case.plan.plan_id for case in run.cases.values() if case.plan is not None})
        run._known_plans = dict(run.plans)
        run.waiting = await work.ledger.waiting_reversals(case_ids)
        for case in run.cases.values():
            if (plan := run.plan_of(case)) is not None:
                run._rows |= run._instalments(case, plan)
        return run

    def plan_of(self, case: CaseFile) -> Plan | None:
        """The newest plan of a case, whatever became of it."""
        return self.plans[case.plan.plan_id] if case.plan is not None else None

    def standing(self, case: CaseFile, plan: Plan) -> Standing:
        counted = [p for p in self.payments[case.case_id].values() if p.plan_id == plan.plan_id]
        return stand(plan.terms, counted, now=self.work.now, zones=case.zones)

    def book(self, case: CaseFile, entry: Entry, effective_on: date, payment: Payment | None = None) -> None:
        """Note an entry; `case` already carries the books after it. `payment`: the one whose money it moves."""
        mirrored = mirror(entry, payment) if payment is not None else None
        if mirrored is not None:
            self._agency.append(AgencyBooking(case.creditor_id, case.currency, mirrored, effective_on))
        self._bookings.append(Booking(case.case_id, case.creditor_id, case.currency, entry, effective_on))
        self.cases[case.case_id] = case
        self._outdated.add(case.case_id)

    def add_payment(self, case: CaseFile, payment: Payment) -> None:
        self._new_payments.append(payment.payment_id)
        self.payments[case.case_id][payment.payment_id] = payment

    def change_payment(self, case: CaseFile, payment: Payment) -> None:
        self.payments[case.case_id][payment.payment_id] = payment

    def change_plan(self, case: CaseFile, plan: Plan) -> CaseFile:
        """Note a plan's new status on the plan and on its case."""
        self.plans[plan.plan_id] = plan
        case = replace(case, plan=CurrentPlan(plan.plan_id, plan.status))
        self.cases[case.case_id] = case
        return case

    def spend_overpaid(self, case: CaseFile, effective_on: date) -> CaseFile:
        """Money that was too much pays what is owed again."""
        ids: Iterator[UUID] = iter(new_id, None)
        mine = self.payments[case.case_id].values()
        books, changed, entries = use_overpaid(case.books, oldest_first(mine), case.mandate.allocation_order, ids)
        for payment in changed:
            self.change_payment(case, payment)
        case = replace(case, books=books)
        for payment, entry in zip(changed, entries, strict=True):
            self.book(case, entry, effective_on, payment)
        return case

    def settle(self, case_id: UUID, effective_on: date, cause: Event[EventBody] | None) -> None:
        """Draw the consequences of what was booked: a plan healed or completed, the case cleared."""
        case = self.cases[case_id]
        plan = self.plan_of(case)
        if plan is not None and case.closed is None:
            case = self._settle_plan(case, plan, effective_on, cause)
        if case.closed is None and case.books.balance == 0:
            is_kept = case.plan is not None and case.plan.status == "completed"
            self.close(case, "plan_completed" if is_kept else "paid_in_full", cause)

    def close(self, case: CaseFile, reason: ClosingReason, cause: Event[EventBody] | None) -> None:
        """End work on a case. A cleared debt gets a code that anybody may check."""
        code = None if reason == "recalled" else secrets.token_urlsafe(18)
        if code is not None:
            self._clearances.append(Clearance(code, case.case_id, reason, self.work.now))
        if reason != "recalled":
            self._cured.append(Cured(case, reason, self.plan_of(case)))
        if case.plan is not None and case.plan.status == "defaulted":
            event_id = cause.event_id if cause else None
            step = Step(case.plan.plan_id, case.case_id, case.creditor_id, "closed", self.work.now, event_id)
            self._steps.append(step)
        self.cases[case.case_id] = replace(case, closed=reason)
        self._closed.add(case.case_id)
        self._outdated.add(case.case_id)
        body = CaseClosed(
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            reason=reason,
            closed_at=self.work.now,
            clearance_code=code,
        )
        self.work.announce(body, cause)

    def outdate(self, case: CaseFile) -> None:
        """The offers on file do not fit any more (booking outdates them by itself)."""
        self._outdated.add(case.case_id)

    def withdraw_clearance(self, case: CaseFile) -> None:
        self._uncleared.append(case.case_id)

    async def save(self) -> None:
        """Write everything that changed."""
        work = self.work
        await work.ledger.book(self._bookings)
        await work.agency.book(self._agency)
        fresh = set(self._new_payments)
        by_id = {p.payment_id: (self.cases[c], p) for c, ps in self.payments.items() for p in ps.values()}
        await work.ledger.add_payments([by_id[payment_id] for payment_id in self._new_payments])
        changed = [p for i, (_, p) in by_id.items() if i not in fresh and p != self._known_payments[i]]
        await work.ledger.save_payments(changed)
        await work.ledger.add_waiting_reversals(self.new_waiting)
        await work.ledger.remove_waiting_reversals(self.done_waiting)
        await work.plans.save([plan for i, plan in self.plans.items() if plan != self._known_plans[i]])
        await work.plans.save_instalments(self._changed_instalments())
        await take_steps(work, self._steps)
        await work.watch.look([self.cases[case_id] for case_id in self._outdated])
        await open_cures(work, self._cured)
        await note_undone_cures(work, self._uncleared)
        await work.offers.withdraw(self._outdated)
        await work.clearances.add(self._clearances)
        await work.clearances.withdraw(self._uncleared)
        await work.cases.save(list(self.cases.values()))
        await cancel_relief(work, self._closed)

    def _settle_plan(self, case: CaseFile, plan: Plan, on: date, cause: Event[EventBody] | None) -> CaseFile:
        standing = self.standing(case, plan)
        if plan.status == "defaulted" and standing.broken is None:
            plan = replace(plan, status="active", ended_at=None)
            case = self.change_plan(replace(case, defaults=case.defaults - 1), plan)
            event_id = cause.event_id if cause else None
            self._steps.append(Step(plan.plan_id, case.case_id, case.creditor_id, "healed", self.work.now, event_id))
            self.work.announce(plan_agreed(plan, resumed_at=self.work.now), cause)
            self._cured.append(Cured(case, "healed", plan))
        # Nothing owed is nothing to demand, also where the creditor corrected the balance below what the plan asks.
        if plan.status == "active" and (standing.is_complete or case.books.balance == 0):
            case = self._complete(case, plan, standing, on, cause)
        return case

    def _complete(
        self, case: CaseFile, plan: Plan, standing: Standing, on: date, cause: Event[EventBody] | None
    ) -> CaseFile:
        waived = Buckets()
        if plan.terms.discount and case.books.balance:
            books, waived, entry = waive(case.books, plan.terms.discount, plan.plan_id)
            case = replace(case, books=books)
            self.book(case, entry, on)
        done = replace(plan, status="completed", ended_at=self.work.now, waived=waived)
        case = self.change_plan(case, done)
        body = PlanCompleted(
            case_id=case.case_id,
            creditor_id=case.creditor_id,
            plan_id=plan.plan_id,
            paid=standing.paid,
            waived=waived.total,
            currency=case.currency,
            completed_at=self.work.now,
        )
        self.work.announce(body, cause)
        # A balance that was corrected upwards after the agreement is still owed; overpaid money goes there first.
        return self.spend_overpaid(case, on)

    def _instalments(self, case: CaseFile, plan: Plan) -> dict[tuple[UUID, int], InstalmentRow]:
        rows = instalment_rows(plan, self.standing(case, plan), case.zones)
        return {(row.plan_id, row.number): row for row in rows}

    def _changed_instalments(self) -> list[InstalmentRow]:
        rows: dict[tuple[UUID, int], InstalmentRow] = {}
        for case in self.cases.values():
            if (plan := self.plan_of(case)) is not None:
                rows |= self._instalments(case, plan)
        return [row for place, row in rows.items() if row != self._rows[place]]
