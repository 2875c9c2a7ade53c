"""The later stories: relief, a plan withdrawn from, a file at law, money paid over, arrears after a cure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from tests.conformance.lives import Narrator


def relieved(n: Narrator) -> None:
    n.received()
    n.assessed()
    n.attempted()
    n.proposed()
    n.agreed()
    n.say(PlanWithdrawn(**n.ids, plan_id=n.plan_id, is_refund_asked=False, withdrawn_at=n.now))
    n.agreed()
    first = n.terms.instalments[0]
    n.pay(first.amount, n.plan_id)
    n.say(
        PlanSlipped(
            **n.ids, plan_id=n.plan_id, signal="later_each_time", instalment_number=2, count=2, slipped_at=n.now
        )
    )
    relief_id = n.new_id()
    n.say(
        ReliefRequested(
            **n.ids,
            relief_id=relief_id,
            cause="illness",
            months_asked=3,
            decide_by=n.now + timedelta(days=14),
            requested_at=n.now,
        )
    )
    hold_id = n.hold("hardship", "relief.requested")
    n.say(
        ReliefGranted(
            **n.ids,
            relief_id=relief_id,
            cause="illness",
            form="pause",
            plan_id=None,
            until=n.now + timedelta(days=90),
            review_on=date(2026, 5, 20),
            granted_at=n.now,
        )
    )
    n.say(ReliefEnded(**n.ids, relief_id=relief_id, outcome="expired", reasons=("expired",), ended_at=n.now))
    n.released(hold_id, "hardship")


def taken_to_law(n: Narrator) -> None:
    n.received()
    n.assessed()
    n.attempted()
    n.denied()
    legal_id = n.new_id()
    n.say(
        LegalOpened(
            **n.ids,
            legal_id=legal_id,
            handover_id=n.new_id(),
            proof_hash=n.sha256("ladder"),
            jurisdiction="US",
            limitation_ends_on=date(2029, 3, 2),
            opened_at=n.now,
        )
    )
    n.say(
        LegalAdvanced(
            **n.ids,
            legal_id=legal_id,
            step="letter_before_action",
            counsel_signature_hash=n.sha256("signature"),
            documents_hash=n.sha256("documents"),
            respond_by=date(2026, 6, 1),
            advanced_at=n.now,
        )
    )
    n.pay(n.balance.total)
    n.say(LegalClosed(**n.ids, legal_id=legal_id, outcome="satisfied", reasons=("paid_in_full",), closed_at=n.now))
    n.closed("paid_in_full", f"CLR-{n.case_id.hex[:8]}")
    n.say(
        BooksAdjusted(
            **n.ids,
            kind="correction",
            source_id=n.new_id(),
            payment_id=None,
            currency="USD",
            amount=0,
            balance_before=n.balance,
            balance=n.balance,
            overpaid=0,
            adjusted_at=n.now,
        )
    )
    n.say(
        PaymentRemitted(
            **n.ids,
            remittance_id=n.new_id(),
            currency="USD",
            gross=10_000,
            commission=1_500,
            set_off=0,
            statement_hash=n.sha256("statement"),
            remitted_at=n.now,
        )
    )
    n.say(
        ReDefaultDetected(
            **n.ids,
            watch_id=n.new_id(),
            again_case_id=n.new_id(),
            cured_at=n.now,
            within_months=6,
            arrears_cause="job_loss",
            treatment="level",
            detected_at=n.now,
        )
    )
