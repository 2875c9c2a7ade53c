"""Who is one person is told by shared tokens, and nobody ever leaves a group again."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.outreach.domain.case_file import ContactPoint
from services.outreach.domain.elsewhere import GRAIN, refused_elsewhere, seen_elsewhere
from services.outreach.domain.gate.facts import OptOut, PastContact
from services.outreach.domain.person_groups import Joined, Token, join

AVERY, JORDAN, SAM = UUID(int=1), UUID(int=2), UUID(int=3)
NUMBER, BORN, OTHER = (1, b"number"), (1, b"born"), (1, b"other")


def _join(
    tokens: dict[UUID, set[Token]], known: dict[Token, UUID] | None = None, groups: dict[UUID, UUID] | None = None
) -> Joined:
    ids = count(100)
    return join(tokens, known or {}, groups or {}, lambda: UUID(int=next(ids)))


def test_persons_with_a_token_in_common_are_one_and_others_are_not() -> None:
    joined = _join({AVERY: {NUMBER, BORN}, JORDAN: {BORN}, SAM: {OTHER}})
    assert joined.group_of[AVERY] == joined.group_of[JORDAN] != joined.group_of[SAM]
    assert set(joined.tokens) == {NUMBER, BORN, OTHER}


def test_a_person_who_is_known_by_two_groups_joins_them_and_the_oldest_inherits() -> None:
    old, young = UUID(int=10), UUID(int=20)
    joined = _join({SAM: {NUMBER, OTHER}}, {NUMBER: young, OTHER: old}, {})
    assert joined.group_of == {SAM: old}
    assert joined.merged == {young: old}


def test_a_person_keeps_the_group_when_the_tokens_become_others() -> None:
    group = UUID(int=10)
    joined = _join({AVERY: {(2, b"rotated")}}, {}, {AVERY: group})
    assert joined.group_of == {AVERY: group}
    assert joined.tokens == {(2, b"rotated"): group}


@pytest.mark.parametrize("seed", range(20))
def test_batches_in_any_order_give_the_same_groups(seed: int) -> None:
    throw = random.Random(seed)
    people = [UUID(int=n) for n in range(1, 13)]
    tokens: dict[UUID, set[Token]] = {p: {(1, bytes([throw.randrange(14)])) for _ in range(2)} for p in people}
    ids = count(100)
    together = join(tokens, {}, {}, lambda: UUID(int=next(ids)))
    known: dict[Token, UUID] = {}
    groups: dict[UUID, UUID] = {}
    for person in throw.sample(people, len(people)):
        joined = join({person: tokens[person]}, known, groups, lambda: UUID(int=next(ids)))
        known = {t: joined.merged.get(g, g) for t, g in (known | dict(joined.tokens)).items()}
        groups = {p: joined.merged.get(g, g) for p, g in (groups | dict(joined.group_of)).items()}
    for one in people:
        for other in people:
            assert (together.group_of[one] == together.group_of[other]) == (groups[one] == groups[other])


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Eucla"])
def test_a_contact_elsewhere_is_told_by_its_quarter_of_an_hour_never_earlier_and_on_the_same_day(zone: str) -> None:
    begin = datetime(2026, 10, 7, tzinfo=UTC)
    for second in range(0, 86_400, 77):
        at = begin + timedelta(seconds=second, microseconds=second)
        told = seen_elsewhere(PastContact(at, "call", "a-case", "a-point", "no_answer", place="work", group="a-group"))
        assert timedelta(0) <= told.at - at < GRAIN
        assert told.at.astimezone(ZoneInfo(zone)).date() == at.astimezone(ZoneInfo(zone)).date()
        assert (told.case_id, told.contact_point_id, told.group, told.place) == ("elsewhere", None, None, "work")


def test_a_medium_refused_elsewhere_is_refused_here_and_a_workplace_only_at_work() -> None:
    points = tuple(
        ContactPoint(UUID(int=n), kind, place, ("America/New_York",), is_verified=True, may_be_used=True)
        for n, (kind, place) in enumerate([("email", "none"), ("mobile", "none"), ("landline", "work")], 1)
    )
    assert refused_elsewhere("email", False, False, points) == [OptOut("email")]
    assert refused_elsewhere("email", True, False, points) == [OptOut("email", str(UUID(int=1)))]
    assert refused_elsewhere("call", True, True, points) == [OptOut("call", str(UUID(int=3)))]
    assert refused_elsewhere("call", True, False, points) == [OptOut("call", str(UUID(int=2)))]
    assert refused_elsewhere("letter", True, False, points) == []
