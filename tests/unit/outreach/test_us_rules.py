"""The kinds of rule that the American packs brought: slips in a pack, the unknown, and more that is only stricter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.outreach.adapters.rule_packs import InvalidPack, read_pack
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import Consent, Facts, PastContact, PointFacts
from services.outreach.domain.gate.packs import Packs
from tests.unit.outreach.builders import (
    CARD,
    MEDICAL,
    MOBILE,
    PACKS,
    ask,
    calls,
    local,
    rent_arrears,
    request,
    rules_of,
)

NOON = local("2026-10-07")
RULE = {"id": "rule", "strength": "law", "clause": "an invented clause"}
REGIONS = [None, "MA", "WA", "DC", "NY-NYC"]


def packs(**rule: Any) -> Packs:
    document = {"pack": "us-test", "version": 1, "jurisdiction": "US", "form": 2, "rules": [{**RULE, **rule}]}
    return Packs([read_pack({**document, "effective_from": "2021-11-30", "effective_to": None})])


def said(chosen: Packs, facts: Facts, channel: str = "call", at: datetime = NOON, **more: Any) -> Decision:
    return decide(replace(request(channel), **more), facts, chosen, at)


@pytest.mark.parametrize(
    "rule",
    [
        {"type": "barred", "facts": ["is_timebarred"]},
        {"type": "barred_point", "facts": ["point.is_employers"]},
        {"type": "barred", "facts": ["answer.discloses_debt"]},
        {"type": "barred", "facts": ["is_time_barred"], "unless_known": ["point.consented_at"]},
        {"type": "barred", "facts": ["is_time_barred"], "if_unknown": "allow"},
        {"type": "recent_sign", "days": 60, "signs": ["consent_at"]},
        {"type": "interval", "per": "person"},
        {"type": "says"},
    ],
)
def test_a_slip_in_a_pack_stops_the_start(rule: dict[str, Any]) -> None:
    with pytest.raises(InvalidPack):
        packs(**rule)


def test_a_fact_that_is_not_known_bars_unless_the_pack_says_otherwise() -> None:
    strict = packs(type="barred", facts=["is_time_barred"])
    assert rules_of(said(strict, rent_arrears())) == {"missing_fact.is_time_barred"}
    assert said(strict, rent_arrears(is_time_barred=False)).is_allowed
    assert not said(strict, rent_arrears(is_time_barred=True)).is_allowed
    assert said(packs(type="barred", facts=["is_time_barred"], if_unknown="silent"), rent_arrears()).is_allowed


def test_every_fact_that_is_named_must_be_so_to_bar() -> None:
    both = packs(type="barred", facts=["is_time_barred", "is_deceased"])
    assert said(both, rent_arrears(is_time_barred=True, is_deceased=False)).is_allowed
    assert said(both, rent_arrears(is_deceased=False)).is_allowed, "one that is untrue settles it"
    assert rules_of(said(both, rent_arrears(is_time_barred=True))) == {"missing_fact.is_deceased"}


def test_a_barred_point_leaves_the_others_open() -> None:
    work = packs(type="barred_point", facts=["point.is_employer_provided"])
    decision = said(work, rent_arrears(point=PointFacts("mobile", is_employer_provided=True)))
    assert decision.rules_out_point
    assert not decision.rules_out_case


def test_a_sign_that_lies_ahead_is_none() -> None:
    recent = packs(type="recent_sign", days=60, signs=["point.consent_at"])
    ahead = rent_arrears(point=PointFacts("mobile", consent_at=NOON + timedelta(seconds=1)))
    assert rules_of(said(recent, ahead)) == {"missing_fact.sign_of_consent"}
    assert said(recent, rent_arrears(point=PointFacts("mobile", consent_at=NOON))).is_allowed


@pytest.mark.parametrize(
    ("rule", "point"),
    [
        ({"type": "recent_sign", "days": 60, "signs": ["point.consent_at"]}, {"consent_at": NOON}),
        (
            {"type": "creditor_notice", "days": 35},
            {
                "provenance": "creditor",
                "is_public_domain": True,
                "notice_sent_at": NOON - timedelta(days=60),
                "opt_out_deadline_at": NOON - timedelta(days=20),
            },
        ),
    ],
)
def test_days_are_not_counted_where_it_is_not_known_which_day_it_is(
    rule: dict[str, Any], point: dict[str, Any]
) -> None:
    facts = rent_arrears(point=PointFacts("mobile", **point))
    assert said(packs(**rule), facts).is_allowed
    assert rules_of(said(packs(**rule), replace(facts, time_zones=()))) == {"missing_fact.time_zone"}


def test_a_consent_of_so_many_days_opens_nothing_where_the_day_is_not_known() -> None:
    rule = {"type": "barred", "facts": ["is_time_barred"], "yields_to": ["consent"], "consent_kind": "calls"}
    facts = rent_arrears(is_time_barred=True, consents=(Consent("calls", begins_at=NOON),))
    assert said(packs(**rule, consent_days=7), facts).is_allowed
    assert not said(packs(**rule, consent_days=7), replace(facts, time_zones=())).is_allowed
    assert said(packs(**rule), replace(facts, time_zones=())).is_allowed


def test_the_latest_of_contacts_that_come_out_of_order_keeps_the_interval() -> None:
    five = packs(type="interval", minutes=5, per="person")
    moments = [NOON - timedelta(minutes=minutes) for minutes in (1, 60, 30)]
    facts = rent_arrears(contacts=tuple(PastContact(at, "call", CARD, MOBILE, "no_answer") for at in moments))
    assert said(five, facts).until == NOON + timedelta(minutes=4)
    assert said(five, facts, at=NOON + timedelta(minutes=4)).is_allowed
    assert not said(five, facts, at=NOON + timedelta(minutes=4) - timedelta(microseconds=1)).is_allowed


def test_an_empty_history_keeps_nobody_waiting() -> None:
    assert said(packs(type="interval", minutes=5, per="person"), rent_arrears()).is_allowed


def test_calls_to_one_person_do_not_use_up_those_to_another() -> None:
    seven = calls([f"2026-10-0{day}" for day in range(1, 8)], party="spouse")
    assert "us-regulation-f/calls_seven_in_seven_days" not in rules_of(ask(rent_arrears(contacts=seven), NOON))


@st.composite
def histories(draw: st.DrawFn) -> tuple[PastContact, ...]:
    entries = draw(
        st.lists(
            st.tuples(
                st.integers(0, 40 * 24),
                st.sampled_from(["call", "sms", "email", "letter"]),
                st.sampled_from([CARD, MEDICAL, "elsewhere"]),
                st.sampled_from(["no_answer", "conversation", "not_connected", "sent", "sending"]),
            ),
            max_size=12,
        )
    )
    return tuple(PastContact(NOON - timedelta(hours=h), c, d, MOBILE, o) for h, c, d, o in entries)


@given(histories(), st.sampled_from(REGIONS[1:]), st.sampled_from(["call", "sms", "email", "letter"]))
def test_a_state_or_city_only_adds_to_what_the_federal_rule_says(
    contacts: tuple[PastContact, ...], region: str, channel: str
) -> None:
    federal = ask(rent_arrears(channel, contacts=contacts), NOON, channel)
    local_too = ask(rent_arrears(channel, contacts=contacts, region=region), NOON, channel)
    assert rules_of(federal) <= rules_of(local_too)
    if federal.until is not None and local_too.until is not None:
        assert local_too.until >= federal.until


@given(histories(), histories(), st.sampled_from(REGIONS), st.sampled_from(["call", "sms", "email"]))
def test_more_that_was_tried_never_opens_what_was_shut(
    known: tuple[PastContact, ...], more: tuple[PastContact, ...], region: str | None, channel: str
) -> None:
    before = ask(rent_arrears(channel, contacts=known, region=region), NOON, channel)
    after = ask(rent_arrears(channel, contacts=known + more, region=region), NOON, channel)
    assert rules_of(before) <= rules_of(after)


@given(histories(), st.sampled_from(REGIONS), st.sampled_from(["call", "sms", "email"]))
def test_until_is_a_moment_at_which_the_same_contact_is_allowed(
    contacts: tuple[PastContact, ...], region: str | None, channel: str
) -> None:
    facts = rent_arrears(channel, contacts=contacts, region=region)
    decision = ask(facts, NOON, channel)
    if decision.until is not None:
        assert ask(facts, decision.until, channel).is_allowed
        assert not ask(facts, decision.until - timedelta(microseconds=1), channel).is_allowed


def test_every_american_pack_is_loaded_for_its_place() -> None:
    for region, name in (("MA", "us-ma"), ("WA", "us-wa"), ("DC", "us-dc"), ("NY-NYC", "us-nyc")):
        decision = decide(request(), rent_arrears(region=region), PACKS, NOON)
        assert f"{name}@1" in decision.packs
