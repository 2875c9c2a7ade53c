"""Reads which providers carry a channel in a market, and how fast each may be given messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.outreach.adapters.channels.pace import Pace
from services.outreach.adapters.plain_yaml import read_yaml_file

FILE = Path(__file__).parent / "routes.yaml"
ANY_MARKET = "*"
PROVIDERS = frozenset({"smtp", "inbox", "print_folder", "gateway", "twilio", "aliyun_sms"})
CHANNELS = frozenset({"email", "sms", "call", "letter", "in_app"})
TRIED_MAX = 2
PER_SECOND_MAX = 10_000.0


@dataclass(frozen=True, slots=True)
class Route:
    providers: tuple[str, ...]
    failover: bool


@dataclass(frozen=True)
class Routes:
    """`of` answers with the providers to try, the first choice first."""

    by_place: Mapping[tuple[str, str], Route]
    paces: Mapping[str, Pace]

    def of(self, channel: str, market: str, opened: Collection[str]) -> tuple[str, ...]:
        """Those of the route that are open; the first alone where the route has no failover."""
        route = self.by_place.get((channel, market)) or self.by_place.get((channel, ANY_MARKET))
        if route is None:
            return ()
        found = tuple(name for name in route.providers if name in opened)
        return found[: TRIED_MAX if route.failover else 1]


def load_routes(file: Path = FILE) -> Routes:
    """Raises ValueError, KeyError or TypeError where the file is out of form."""
    document = read_yaml_file(file)
    by_place: dict[tuple[str, str], Route] = {}
    for entry in document["routes"]:
        place = (str(entry["channel"]), str(entry["market"]))
        names = tuple(entry["providers"])
        if place in by_place or place[0] not in CHANNELS or not names or set(names) - PROVIDERS:
            raise ValueError(f"the route of {place} is out of form")
        by_place[place] = Route(names, entry["failover"] is True)
    return Routes(by_place, {name: _pace(name, entry) for name, entry in document["limits"].items()})


def _pace(name: str, entry: Mapping[str, Any]) -> Pace:
    pace = Pace(float(entry["per_second"]), int(entry["burst"]), int(entry["at_once"]))
    if not (0 < pace.per_second <= PER_SECOND_MAX and pace.burst >= 1 and pace.at_once >= 1):
        raise ValueError(f"the limits of {name} are out of form")
    return pace
