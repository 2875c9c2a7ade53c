"""Which offers a case gets: inside the mandate, affordable, the same for the same facts.

Every offer carries the codes of the reasons why it is made as it is (texts: entrypoints/wording.py, offers_texts.py).
"""

from __future__ import annotations

from services.negotiation.domain.offers.compare import Comparison, Cost, compare
from services.negotiation.domain.offers.engine import (
    is_affordable,
    offers_from,
)
from services.negotiation.domain.offers.facts import Facts, facts_of
from services.negotiation.domain.offers.forms import (
    APPROVED,
    DISCOUNT_SHARE,
    FIRST_DUE_DAYS,
    FIRST_DUE_DAYS_MAX,
    OFFER_VALID_DAYS,
    PAUSE_MONTHS,
    Draft,
    Worth,
    because,
    lawful,
)
from services.negotiation.domain.offers.limits import Bounds

__all__ = [
    "APPROVED",
    "DISCOUNT_SHARE",
    "FIRST_DUE_DAYS",
    "FIRST_DUE_DAYS_MAX",
    "OFFER_VALID_DAYS",
    "PAUSE_MONTHS",
    "Bounds",
    "Comparison",
    "Cost",
    "Draft",
    "Facts",
    "Worth",
    "because",
    "compare",
    "facts_of",
    "is_affordable",
    "lawful",
    "offers_from",
]
