"""Points on the earth: how far apart, and in which order to go to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

EARTH_RADIUS_M = 6_371_000
DISTANCE_MAX_M = 200
"""How far from the place a visit may begin and end: the error of a telephone between high houses."""
STOPS_MAX = 200
"""Stops put in order at once: the nearest neighbour takes their square."""
MICRODEGREES = 1_000_000


@dataclass(frozen=True, slots=True)
class Coordinates:
    """Millionths of a degree (about 11 cm): whole numbers, so that a sealed text is the same everywhere."""

    latitude: int
    longitude: int

    def __post_init__(self) -> None:
        if abs(self.latitude) > 90 * MICRODEGREES or abs(self.longitude) > 180 * MICRODEGREES:
            raise ValueError("there is no such point on the earth")

    @property
    def text(self) -> str:
        return f"{self.latitude},{self.longitude}"

    @classmethod
    def read(cls, text: str) -> Coordinates:
        latitude, _, longitude = text.partition(",")
        return cls(int(latitude), int(longitude))


def distance_m(a: Coordinates, b: Coordinates) -> int:
    """Great-circle distance (haversine), whole metres."""
    lat_a, lat_b = radians(a.latitude / MICRODEGREES), radians(b.latitude / MICRODEGREES)
    across = sin((lat_b - lat_a) / 2) ** 2
    along = sin(radians((b.longitude - a.longitude) / MICRODEGREES) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, across + cos(lat_a) * cos(lat_b) * along))))


@dataclass(frozen=True, slots=True)
class Stop:
    """A visit on a route. `place` None: not known, so it comes last."""

    visit_id: UUID
    region: str
    team: tuple[str, ...]
    place: Coordinates | None


def plan_routes(stops: Sequence[Stop], capacity: int) -> list[list[Stop]]:
    """One day's visits as routes: one region and one team each, `capacity` stops at most, always to the nearest next.

    The nearest neighbour is a quarter longer than the best tour at the usual; with ten stops nobody minds. Limits:
    `STOPS_MAX` stops; straight lines, not roads; windows of time are not moved.
    """
    if len(stops) > STOPS_MAX or capacity < 1:
        raise ValueError("too many stops at once, or no room for any")
    groups: dict[tuple[str, tuple[str, ...]], list[Stop]] = {}
    for stop in stops:
        groups.setdefault((stop.region, tuple(sorted(stop.team))), []).append(stop)
    routes = []
    for _, group in sorted(groups.items()):
        ordered = _nearest_next(group)
        routes += [ordered[start : start + capacity] for start in range(0, len(ordered), capacity)]
    return routes


def _nearest_next(stops: Sequence[Stop]) -> list[Stop]:
    placed: Mapping[UUID, Coordinates] = {stop.visit_id: stop.place for stop in stops if stop.place is not None}
    left = sorted((stop for stop in stops if stop.visit_id in placed), key=lambda stop: stop.visit_id)
    route: list[Stop] = []
    while left:
        if route:
            here = placed[route[-1].visit_id]
            left.sort(key=lambda stop: (distance_m(here, placed[stop.visit_id]), stop.visit_id))
        route.append(left.pop(0))
    return route + [stop for stop in stops if stop.place is None]
