"""How many plans a case may have: a third plan that cannot be kept helps nobody, so a person looks first."""

from __future__ import annotations

from services.negotiation.domain.mandates.limits import ReplanLimit

OUR_LIMIT = ReplanLimit(per_case=3, per_year=2)
"""Where the lender's mandate names none."""
