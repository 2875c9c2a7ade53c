"""Examples of what comes late in a case's life: relief, the law, money paid over, arrears after a cure."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from uuid import UUID

from docs.generators.example_ids import CASE, HARBOUR_CREDIT, LEGAL, PAYMENT, PLAN, RELIEF, at, id_of
from shared.events.body import EventBody
from shared.events.books_adjusted import BooksAdjusted
from shared.events.legal_advanced import LegalAdvanced
from shared.events.legal_closed import LegalClosed
from shared.events.legal_opened import LegalOpened
from shared.events.payment_remitted import PaymentRemitted
from shared.events.plan_slipped import PlanSlipped
from shared.events.plan_withdrawn import PlanWithdrawn
from shared.events.re_default_detected import ReDefaultDetected
from shared.events.relief_ended import ReliefEnded
from shared.events.relief_granted import ReliefGranted
from shared.events.relief_requested import ReliefRequested
from shared.events.terms import Balance


def late_bodies() -> list[tuple[EventBody, datetime]]:
    ours: dict[str, UUID] = {"case_id": CASE, "creditor_id": HARBOUR_CREDIT}
    proof = hashlib.sha256(b"proof").hexdigest()
    bodies: list[tuple[EventBody, datetime]] = [
        (PlanWithdrawn(**ours, plan_id=id_of(24), is_refund_asked=False, withdrawn_at=at(6)), at(6)),
        (
            PlanSlipped(
                **ours,
                plan_id=PLAN,
                signal="later_each_time",
                instalment_number=2,
                count=2,
                slipped_at=at(7, month=5),
            ),
            at(7, month=5),
        ),
        (
            ReliefRequested(
                **ours,
                relief_id=RELIEF,
                cause="illness",
                months_asked=3,
                decide_by=at(27, month=5),
                requested_at=at(13, month=5),
            ),
            at(13, month=5),
        ),
        (
            ReliefGranted(
                **ours,
                relief_id=RELIEF,
                cause="illness",
                form="pause",
                plan_id=None,
                until=at(18, month=8),
                review_on=date(2026, 8, 4),
                granted_at=at(18, month=5),
            ),
            at(18, month=5),
        ),
        (
            ReliefEnded(**ours, relief_id=RELIEF, outcome="expired", reasons=("expired",), ended_at=at(18, month=8)),
            at(18, month=8),
        ),
        (
            LegalOpened(
                **ours,
                legal_id=LEGAL,
                handover_id=id_of(27),
                proof_hash=proof,
                jurisdiction="US",
                limitation_ends_on=date(2029, 1, 15),
                opened_at=at(1, month=9),
            ),
            at(1, month=9),
        ),
        (
            LegalAdvanced(
                **ours,
                legal_id=LEGAL,
                step="letter_before_action",
                counsel_signature_hash=hashlib.sha256(b"signature").hexdigest(),
                documents_hash=hashlib.sha256(b"documents").hexdigest(),
                respond_by=date(2026, 10, 5),
                advanced_at=at(4, month=9),
            ),
            at(4, month=9),
        ),
        (
            LegalClosed(**ours, legal_id=LEGAL, outcome="settled", reasons=("plan_agreed",), closed_at=at(10, month=9)),
            at(10, month=9),
        ),
        (
            BooksAdjusted(
                **ours,
                kind="refund_paid",
                source_id=id_of(27),
                payment_id=PAYMENT,
                currency="USD",
                amount=500,
                balance_before=Balance(fees=0, interest=0, principal=0),
                balance=Balance(fees=0, interest=0, principal=0),
                overpaid=0,
                adjusted_at=at(10, month=9),
            ),
            at(10, month=9),
        ),
        (
            PaymentRemitted(
                **ours,
                remittance_id=id_of(28),
                currency="USD",
                gross=12_000,
                commission=1_800,
                set_off=0,
                statement_hash=hashlib.sha256(b"statement").hexdigest(),
                remitted_at=at(30, month=4),
            ),
            at(30, month=4),
        ),
        (
            ReDefaultDetected(
                **ours,
                watch_id=id_of(29),
                again_case_id=id_of(103),
                cured_at=at(6, month=6),
                within_months=6,
                arrears_cause="job_loss",
                treatment="level",
                detected_at=at(2, month=11),
            ),
            at(2, month=11),
        ),
    ]
    return bodies
