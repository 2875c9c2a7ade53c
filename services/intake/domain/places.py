"""Time zones by place. Every candidate is kept: contact is lawful only when it is so in all of them.

12 CFR 1006, comment 6(b)(1)(i)-2: with conflicting signs of where a person is, a time must be convenient in each.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONES_MAX = 8
"""More candidates than this say nothing about where a person is."""

_EASTERN, _CENTRAL, _MOUNTAIN, _PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
_BY_ZONES = {
    (_EASTERN,): "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    (_CENTRAL,): "AL AR IA IL LA MN MO MS OK WI",
    (_MOUNTAIN,): "CO MT NM UT WY",
    (_PACIFIC,): "CA WA",
    (_EASTERN, _CENTRAL): "FL",
    ("America/Indiana/Indianapolis", _EASTERN, _CENTRAL): "IN",
    (_EASTERN, "America/Kentucky/Louisville", _CENTRAL): "KY",
    ("America/Detroit", _EASTERN, _CENTRAL): "MI",
    (_CENTRAL, _EASTERN): "TN",
    (_CENTRAL, _MOUNTAIN): "KS ND NE SD TX",
    ("America/Phoenix", _MOUNTAIN): "AZ",
    ("America/Boise", _PACIFIC): "ID",
    (_PACIFIC, "America/Boise"): "NV OR",
    ("America/Anchorage", "America/Adak"): "AK",
    ("Pacific/Honolulu",): "HI",
    ("America/Puerto_Rico",): "PR VI",
    ("Pacific/Guam",): "GU MP",
    ("Pacific/Pago_Pago",): "AS",
}
US_STATE_ZONES = {state: tuple(dict.fromkeys(zones)) for zones, states in _BY_ZONES.items() for state in states.split()}
"""Postal code of a state or territory -> its zones (49 CFR 71; counties are not told apart)."""

CHINA_ZONES = ("Asia/Shanghai",)
"""One legal time in all of China."""

# Area codes that lie across a zone line, although the public table of codes gives only one zone for them.
US_STRADDLING_CODES = {
    "308": (_CENTRAL, _MOUNTAIN),
    "850": (_EASTERN, _CENTRAL),
    "448": (_EASTERN, _CENTRAL),
    "541": (_PACIFIC, "America/Boise"),
    "458": (_PACIFIC, "America/Boise"),
    "906": ("America/Detroit", _CENTRAL),
    "423": (_EASTERN, _CENTRAL),
    "270": (_EASTERN, _CENTRAL),
    "364": (_EASTERN, _CENTRAL),
    "812": ("America/Indiana/Indianapolis", _CENTRAL),
    "930": ("America/Indiana/Indianapolis", _CENTRAL),
}


def is_region(jurisdiction: str, region: str) -> bool:
    """Whether a region is known. China's province codes are taken as they come."""
    return jurisdiction != "US" or region in US_STATE_ZONES


def zones_of_region(jurisdiction: str, region: str | None) -> tuple[str, ...]:
    if jurisdiction == "CN":
        return CHINA_ZONES
    return US_STATE_ZONES.get(region or "", ())


def candidates(*signs: Iterable[str]) -> tuple[str, ...]:
    """Every zone that any sign points to; empty (unknown, so no contact) where there are too many to mean anything."""
    zones = dict.fromkeys(zone for sign in signs for zone in sign)
    return tuple(zones) if len(zones) <= ZONES_MAX else ()


_BUSINESS_ZONES = {"US": ZoneInfo("America/New_York"), "CN": ZoneInfo("Asia/Shanghai")}


def business_date(jurisdiction: str, now: datetime) -> date:
    """The date in the country's leading business zone at a moment."""
    return now.astimezone(_BUSINESS_ZONES[jurisdiction]).date()
