"""How much interest the law lets anybody ask, by place, lender and date; and how long an agreement may be taken back.

cap(loan, on, figures)                    # Cap, NoCap or Unknown; Unknown is a note to a person, never a pass
cooling_off_days("GB", "restructured")    # 14
"""

from __future__ import annotations

from services.negotiation.domain.interest_caps.caps import (
    Cap,
    CapRule,
    Figures,
    Loan,
    NoCap,
    Unknown,
    cap,
    interest_within,
    loan_of,
)
from services.negotiation.domain.interest_caps.cooling_off import CoolingOff, cooling_off, cooling_off_days
from services.negotiation.domain.interest_caps.series import RateFrom, Series

__all__ = [
    "Cap",
    "CapRule",
    "CoolingOff",
    "Figures",
    "Loan",
    "NoCap",
    "RateFrom",
    "Series",
    "Unknown",
    "cap",
    "cooling_off",
    "cooling_off_days",
    "interest_within",
    "loan_of",
]
