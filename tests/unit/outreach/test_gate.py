"""What holds for every decision: fail closed, strictest wins, only ever stricter, and the same bytes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.outreach.adapters.case_files import LOOK_BACK
from services.outreach.adapters.rule_packs import InvalidPack, load_packs, read_pack
from services.outreach.domain.gate.canonical import canonical
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.gate.facts import (
    ActiveHold,
    PastContact,
    PointFacts,
)
from services.outreach.domain.gate.packs import Packs, Situation
from services.outreach.domain.gate.rules.frequency_cap import FrequencyCap
from services.outreach.domain.gate.rules.silence import Silence
from tests.unit.outreach.builders import (
    CARD,
    MEDICAL,
    MOBILE,
    NEW_YORK,
    PACKS,
    SHANGHAI,
    ask,
    consumer_loan,
    local,
    rent_arrears,
    request,
    rules_of,
)

NOON = local("2026-08-07")
READ_AGAIN = load_packs()
"""The same packs, loaded a second time: nothing is shared with the first decision."""


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"time_zones": ()}, "missing_fact.time_zone"),
        ({"time_zones": ("America/New_York", "Atlantis/Capital")}, "missing_fact.time_zone"),
        ({"is_represented": None}, "missing_fact.representation"),
        ({"point": None}, "missing_fact.contact_point"),
        ({"jurisdiction": "FR"}, "missing_fact.rule_pack"),
        ({"case_status": "recalled"}, "concord-floor/case_open"),
        ({"case_status": "closed"}, "concord-floor/case_open"),
        ({"case_status": "something new"}, "concord-floor/case_open"),
        ({"owed_minor_units": 0}, "concord-floor/nothing_owed"),
        ({"is_plan_kept": True}, "concord-floor/plan_kept"),
        ({"point": PointFacts("mobile", "none", False, True)}, "concord-floor/reachable"),
        ({"point": PointFacts("postal", "home", True, True)}, "concord-floor/reachable"),
    ],
)
def test_what_is_missing_or_over_denies_and_waiting_alone_does_not_help(changes: dict[str, Any], rule: str) -> None:
    decision = ask(rent_arrears(**changes), NOON)
    assert rules_of(decision) == {rule}
    assert (decision.verdict, decision.until) == ("deny", None)


@pytest.mark.parametrize(
    "kind",
    ["dispute", "complaint", "hardship", "cease", "wrong_person", "default_playbook", "quarantine", "verification"],
)
def test_every_kind_of_hold_denies_everywhere(kind: str) -> None:
    for facts in (rent_arrears(), consumer_loan()):
        held = replace(facts, holds=(ActiveHold(kind, None),))
        assert "concord-floor/hold" in rules_of(ask(held, local("2026-08-07T21:00", SHANGHAI)))


def test_a_hold_is_over_at_its_end_and_not_a_moment_before() -> None:
    held = rent_arrears(holds=(ActiveHold("hardship", NOON),))
    assert not ask(held, NOON - timedelta(microseconds=1)).is_allowed
    assert ask(held, NOON).is_allowed
    assert ask(held, NOON - timedelta(hours=1)).until == NOON


def test_until_waits_for_the_last_of_several_rules() -> None:
    evening = local("2026-08-07T23:00")
    held = rent_arrears(holds=(ActiveHold("hardship", evening), ActiveHold("verification", NOON)))
    assert ask(held, NOON - timedelta(hours=1)).until == local("2026-08-08T08:00")


def test_the_first_pack_names_its_clause_and_every_decision_its_packs() -> None:
    decision = ask(rent_arrears(), local("2026-08-07T22:00"))
    (rule,) = decision.rules
    assert rule.clause.startswith("12 CFR 1006.6(b)(1)(i)")
    assert decision.packs == ("concord-floor@2", "us-regulation-f@2")


def test_messages_of_every_kind_share_one_cap_a_day() -> None:
    sent = tuple(
        PastContact(NOON - timedelta(hours=hours), channel, MEDICAL, MOBILE, "sent")
        for hours, channel in ((1, "email"), (2, "sms"))
    )
    assert rules_of(ask(rent_arrears("sms", contacts=sent), NOON, "sms")) == {"concord-floor/messages_per_day"}
    assert ask(rent_arrears("sms", contacts=sent[:1]), NOON, "sms").is_allowed


def test_a_day_that_is_full_in_one_zone_is_full() -> None:
    """Two messages at 23:00 and 23:30 in Los Angeles were sent the next day in New York."""
    sent = tuple(PastContact(local(f"2026-08-07T0{hour}:30"), "sms", CARD, MOBILE, "sent") for hour in (1, 2))
    at = local("2026-08-07T12:00")
    assert not ask(rent_arrears("sms", contacts=sent), at, "sms").is_allowed
    pacific = rent_arrears("sms", contacts=sent, time_zones=("America/Los_Angeles",))
    assert ask(pacific, at, "sms").is_allowed
    both = rent_arrears("sms", contacts=sent, time_zones=("America/Los_Angeles", NEW_YORK))
    assert not ask(both, at, "sms").is_allowed


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcXYZ_.@0", max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abcXYZ_.@0", max_size=6), json_values, max_size=4))
def test_the_canonical_text_is_that_of_rfc_8785(document: dict[str, Any]) -> None:
    assert canonical(document).encode() == rfc8785.dumps(document)


def pack(**changes: Any) -> dict[str, Any]:
    rule = {"id": "hours", "type": "hours", "strength": "law", "clause": "1", "opens": "08:00", "closes": "20:00"}
    return {
        "pack": "test",
        "version": 1,
        "jurisdiction": "US",
        "effective_from": "2026-01-01",
        "effective_to": "2026-06-30",
        "form": 2,
        "rules": [{**rule, **changes}],
    }


@pytest.mark.parametrize(
    "broken",
    [
        pack(type="horoscope"),
        pack(colour="blue"),
        pack(strength="a whim"),
        pack(clause="x" * 161),
        {**pack(), "author": "me"},
        {**pack(), "rules": [*pack()["rules"], *pack()["rules"]]},
        {**pack(), "rules": [{"id": "hours", "type": "hours", "strength": "law", "clause": "1", "opens": "08:00"}]},
    ],
)
def test_a_pack_out_of_form_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(InvalidPack):
        read_pack(broken)


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="opens before it closes"):
        read_pack(pack(opens="21:00"))


@pytest.mark.parametrize(
    ("on", "is_in_force"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-06-30", True), ("2026-07-01", False)],
)
def test_a_pack_is_in_force_from_its_first_to_its_last_day(on: str, is_in_force: bool) -> None:
    day = date.fromisoformat(on)
    selection = Packs([read_pack(pack())]).select(Situation("US", day, day))
    assert bool(selection.rules) == is_in_force
    assert selection.has_local_rules == is_in_force


def test_the_strictest_of_several_packs_decides() -> None:
    stricter = read_pack({**pack(closes="17:00"), "pack": "city"})
    packs = Packs([read_pack(pack()), stricter])
    decision = decide(request(), rent_arrears(), packs, local("2026-03-10T18:00"))
    assert rules_of(decision) == {"city/hours"}


def test_changing_a_parameter_changes_the_hash_and_a_comment_does_not() -> None:
    assert read_pack(pack()).hash == read_pack(pack()).hash
    assert read_pack(pack()).hash != read_pack(pack(closes="20:01")).hash


def test_contacts_are_remembered_for_longer_than_any_rule_about_the_person_looks_back() -> None:
    periods = {
        f"{pack.name}/{rule.id}": timedelta(days=getattr(rule, "days", 0) or 0, hours=getattr(rule, "hours", 0))
        for pack in PACKS
        for rule in pack.rules
        if isinstance(rule, FrequencyCap | Silence) and (not rule.parties or "borrower" in rule.parties)
    }
    assert len(periods) > 5
    assert not {name for name, period in periods.items() if period >= LOOK_BACK}
