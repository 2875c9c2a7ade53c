"""Cases with faces, for the rules of negotiation."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from services.negotiation.domain.case_file import Assessment, CaseFile, Mandate
from services.negotiation.domain.ledger import BUCKETS, Books, Bucket, Buckets

HARBOUR_CREDIT = UUID("01900000-0000-7000-8000-00000000c0de")
RENT_ARREARS = UUID("01900000-0000-7000-8000-000000000001")
MONDAY = date(2026, 3, 2)

HARBOUR_MANDATE = Mandate(
    discount_max_basis_points=2_000,
    term_months_max=24,
    instalment_min=2_500,
    pause_months_max=3,
    allocation_order=BUCKETS,
    grace_days=3,
)


def case_file(
    *,
    owed: Buckets | None = None,
    mandate: Mandate = HARBOUR_MANDATE,
    assessment: Assessment | None = None,
    **changes: Any,
) -> CaseFile:
    """1,255.00 USD owed to Harbour Credit in New York; 300.00 a month is affordable."""
    return CaseFile(
        case_id=RENT_ARREARS,
        creditor_id=HARBOUR_CREDIT,
        language="en",
        currency="USD",
        jurisdiction="US",
        candidate_zones=("America/New_York",),
        mandate=mandate,
        regular_instalment=5_000,
        books=Books(owed or Buckets(1_500, 4_000, 120_000)),
        assessment=assessment or Assessment("C", "mid", "cash_flow_gap", 30_000),
        **changes,
    )


amounts = st.integers(0, 10**9)
buckets = st.builds(Buckets, amounts, amounts, amounts).filter(lambda b: b.total > 0)
orders: st.SearchStrategy[tuple[Bucket, ...]] = st.permutations(BUCKETS).map(tuple)
mandates = st.builds(
    Mandate,
    discount_max_basis_points=st.integers(0, 10_000),
    term_months_max=st.integers(1, 120),
    instalment_min=st.integers(0, 10**6),
    pause_months_max=st.integers(0, 24),
    allocation_order=orders,
    grace_days=st.integers(0, 30),
)
assessments = st.builds(
    Assessment,
    risk_grade=st.sampled_from("ABCDE"),
    stage=st.sampled_from(["early", "mid", "late"]),
    arrears_cause=st.sampled_from(["unknown", "job_loss", "illness", "bereavement", "refuses"]),
    affordable_monthly=st.none() | st.integers(0, 10**7),
)
cases = st.builds(case_file, owed=buckets, mandate=mandates, assessment=assessments)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
