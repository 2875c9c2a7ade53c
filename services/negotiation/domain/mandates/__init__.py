"""What a lender lets us agree to: versions, the one that counts for a case today, and whether an outline is inside.

mandate = effective_mandate(case, versions, today)       # EffectiveMandate; versions may be empty
largest_discount(mandate, case, today)                   # minor units
allows(mandate, outline, case, today)                    # reason codes; empty: inside
"""

from __future__ import annotations

from services.negotiation.domain.mandates.authority import AuthorityNeeded, authority_needed
from services.negotiation.domain.mandates.effective import (
    EffectiveMandate,
    carried,
    effective_mandate,
    mandate_of_case,
)
from services.negotiation.domain.mandates.grid import Grid, GridRow, Shares, Span
from services.negotiation.domain.mandates.inside import (
    allows,
    largest_discount,
    largest_waiver,
    months_spanned,
)
from services.negotiation.domain.mandates.limits import Limits, Relief, ReplanLimit, Restructuring
from services.negotiation.domain.mandates.version import Authority, Charges, FeeAllowed, MandateVersion

__all__ = [
    "Authority",
    "AuthorityNeeded",
    "Charges",
    "EffectiveMandate",
    "FeeAllowed",
    "Grid",
    "GridRow",
    "Limits",
    "MandateVersion",
    "Relief",
    "ReplanLimit",
    "Restructuring",
    "Shares",
    "Span",
    "allows",
    "authority_needed",
    "carried",
    "effective_mandate",
    "largest_discount",
    "largest_waiver",
    "mandate_of_case",
    "months_spanned",
]
