"""Domain values as contracts, in visible lines, and the seal of terms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import rfc8785

from services.negotiation.application.ports import Offer, Plan
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.terms import Terms, draw_up
from shared.events.plan_agreed import PlanAgreed
from shared.events.terms import Balance, Instalment
from shared.events.terms import Terms as TermsContract


@dataclass(frozen=True, slots=True)
class Copy:
    """What plan.agreed tells of the agreement's copy. `code` in lower case, as contracts write codes."""

    cooling_off_until: datetime
    document_hash: str | None
    code: str | None


def terms_contract(terms: Terms) -> TermsContract:
    return TermsContract(
        kind=terms.kind,
        currency=terms.currency,
        total=terms.total,
        discount=terms.discount,
        instalments=tuple(
            Instalment(number=i.number, due_on=i.due_on.isoformat(), amount=i.amount) for i in terms.instalments
        ),
        grace_days=terms.grace_days,
        pause_until=terms.pause_until.isoformat() if terms.pause_until else None,
        form=terms.form,
        frequency=terms.frequency,
    )


def seal(terms: Terms) -> str:
    """SHA-256 over the RFC 8785 form of the terms as the contract writes them."""
    return hashlib.sha256(rfc8785.dumps(terms_contract(terms).model_dump(mode="json"))).hexdigest()


def terms_of(offer: Offer, case: CaseFile) -> Terms:
    """The terms that an offer stands for: the same every time, because they follow from its outline."""
    return draw_up(offer.outline, currency=case.currency, grace_days=case.mandate.grace_days)


def balance_contract(owed: Buckets) -> Balance:
    return Balance(fees=owed.fees, interest=owed.interest, principal=owed.principal)


def plan_agreed(plan: Plan, *, resumed_at: datetime | None = None, copy: Copy | None = None) -> PlanAgreed:
    """Also said again, with the moment of resuming, for a plan that had been declared broken and was kept."""
    return PlanAgreed(
        case_id=plan.case_id,
        creditor_id=plan.creditor_id,
        plan_id=plan.plan_id,
        offer_id=plan.offer_id,
        terms=terms_contract(plan.terms),
        terms_hash=plan.terms_hash,
        agreed_at=resumed_at or plan.agreed_at,
        replaces_plan_id=plan.replaces_plan_id,
        is_resumed=resumed_at is not None,
        cooling_off_until=copy.cooling_off_until if copy else None,
        document_hash=copy.document_hash if copy else None,
        genuineness_code=copy.code if copy else None,
    )
