"""Every jurisdiction has zones that exist, so that no service has to guess the day there."""

from __future__ import annotations

from typing import get_args
from zoneinfo import ZoneInfo

from shared.events.terms import Jurisdiction
from shared.kernel.places import WIDEST_ZONES


def test_every_jurisdiction_has_its_zones() -> None:
    assert set(WIDEST_ZONES) == set(get_args(Jurisdiction))
    for zones in WIDEST_ZONES.values():
        assert [ZoneInfo(zone).key for zone in zones] == list(zones)
