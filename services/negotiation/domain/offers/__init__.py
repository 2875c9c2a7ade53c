"""Which offers a case gets: inside the mandate, affordable, the same for the same facts."""

from __future__ import annotations

from services.negotiation.domain.offers.engine import (
    DISCOUNT_SHARE,
    FIRST_DUE_DAYS,
    FIRST_DUE_DAYS_MAX,
    OFFER_VALID_DAYS,
    PAUSE_MONTHS,
    Bounds,
    Draft,
    because,
    bounds,
    first_offers,
    instalments,
    largest_discount,
    lump_sum,
    pause,
)

__all__ = [
    "DISCOUNT_SHARE",
    "FIRST_DUE_DAYS",
    "FIRST_DUE_DAYS_MAX",
    "OFFER_VALID_DAYS",
    "PAUSE_MONTHS",
    "Bounds",
    "Draft",
    "because",
    "bounds",
    "first_offers",
    "instalments",
    "largest_discount",
    "lump_sum",
    "pause",
]
