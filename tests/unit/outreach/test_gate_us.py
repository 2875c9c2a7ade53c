"""Regulation F in cases: those of the official comments by their paragraph, and both sides of every edge.

`origin` of each: the official interpretation (Supplement I to 12 CFR part 1006) named in the id, or a boundary of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from services.outreach.domain.gate.facts import ActiveHold, InconvenientTime, OptOut, PointFacts
from tests.unit.outreach.builders import (
    CARD,
    MEDICAL,
    MOBILE,
    NEW_YORK,
    OTHER_MOBILE,
    ask,
    calls,
    local,
    rent_arrears,
    rules_of,
)

HOURS = "us-regulation-f/hours"
SEVEN = "us-regulation-f/calls_seven_in_seven_days"
SILENCE = "us-regulation-f/silence_after_conversation"
PACIFIC, MOUNTAIN, HONOLULU = "America/Los_Angeles", "America/Denver", "Pacific/Honolulu"


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-10-07T07:59:59.999999", "deny"),
        ("2026-10-07T08:00", "allow"),
        ("2026-10-07T20:59:59.999999", "allow"),
        ("2026-10-07T21:00", "deny"),
    ],
)
@pytest.mark.parametrize("channel", ["call", "sms", "email"])
def test_the_window_is_open_from_eight_to_nine(at: str, verdict: str, channel: str) -> None:
    assert ask(rent_arrears(channel), local(at), channel).verdict == verdict


def test_a_letter_is_read_when_it_suits() -> None:
    assert ask(rent_arrears("letter"), local("2026-10-07T03:00"), "letter").is_allowed


@pytest.mark.parametrize(
    ("case", "other_zone", "at", "verdict"),
    [
        ("6(b)(1)(i)-2.i", PACIFIC, "2026-10-07T10:30", "deny"),
        ("6(b)(1)(i)-2.i", PACIFIC, "2026-10-07T10:59:59", "deny"),
        ("6(b)(1)(i)-2.i", PACIFIC, "2026-10-07T11:00", "allow"),
        ("6(b)(1)(i)-2.i", PACIFIC, "2026-10-07T11:30", "allow"),
        ("6(b)(1)(i)-2.i", PACIFIC, "2026-10-07T20:30", "allow"),
        ("6(b)(1)(i)-2.i", PACIFIC, "2026-10-07T21:30", "deny"),
        ("6(b)(1)(i)-2.ii", MOUNTAIN, "2026-10-07T09:30", "deny"),
        ("6(b)(1)(i)-2.ii", MOUNTAIN, "2026-10-07T10:30", "allow"),
        ("6(b)(1)(i)-2.ii", MOUNTAIN, "2026-10-07T20:45", "allow"),
        ("6(b)(1)(i)-2.ii", MOUNTAIN, "2026-10-07T21:15", "deny"),
    ],
)
def test_signals_that_differ_leave_the_hours_that_suit_everywhere(
    case: str, other_zone: str, at: str, verdict: str
) -> None:
    decision = ask(rent_arrears(time_zones=(NEW_YORK, other_zone)), local(at))
    assert decision.verdict == verdict, case


def test_until_is_the_first_hour_that_suits_in_every_zone() -> None:
    decision = ask(rent_arrears(time_zones=(NEW_YORK, PACIFIC)), local("2026-10-07T21:30"))
    assert decision.until == local("2026-10-08T08:00", PACIFIC)


def test_zones_that_never_suit_at_once_have_no_opening() -> None:
    decision = ask(rent_arrears(time_zones=(HONOLULU, "Europe/Moscow", NEW_YORK)), local("2026-10-07T12:00"))
    assert (decision.verdict, decision.until) == ("deny", None)


@pytest.mark.parametrize(
    ("night", "opens"),
    [("2026-03-07", "2026-03-08T12:00"), ("2026-10-31", "2026-11-01T13:00")],
)
def test_the_night_of_the_clock_change_moves_the_window_with_the_clocks(night: str, opens: str) -> None:
    opening = datetime.fromisoformat(opens).replace(tzinfo=UTC)
    decision = ask(rent_arrears(), local(f"{night}T23:00"))
    assert decision.until == opening
    assert ask(rent_arrears(), opening).is_allowed
    assert not ask(rent_arrears(), opening - timedelta(microseconds=1)).is_allowed


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-10-06T10:00", "deny"),
        ("2026-10-08T10:00", "deny"),
        ("2026-10-07T10:00", "allow"),
        ("2027-01-05T10:00", "allow"),
    ],
)
def test_6b1_1i_days_in_the_creditors_notes_are_respected_to_their_end(at: str, verdict: str) -> None:
    times = (InconvenientTime((1, 3), time(0), None, datetime(2026, 12, 31, tzinfo=UTC).date()),)
    assert ask(rent_arrears(inconvenient_times=times), local(at)).verdict == verdict


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-10-07T15:30", "deny"),
        ("2026-10-07T14:59:59", "allow"),
        ("2026-10-07T15:00", "deny"),
        ("2026-10-07T16:59:59", "deny"),
        ("2026-10-07T17:00", "allow"),
        ("2026-10-10T11:00", "deny"),
        ("2026-10-11T18:00", "deny"),
        ("2026-10-07T14:00", "allow"),
        ("2026-10-07T17:30", "allow"),
    ],
)
@pytest.mark.parametrize("channel", ["call", "sms", "email"])
def test_6b1_1ii_times_that_do_not_suit_bind_every_channel(at: str, verdict: str, channel: str) -> None:
    times = (
        InconvenientTime((0, 1, 2, 3, 4), time(15), time(17)),
        InconvenientTime((5, 6), time(0), None),
    )
    assert ask(rent_arrears(channel, inconvenient_times=times), local(at), channel).verdict == verdict


def test_the_seventh_call_in_seven_days_is_allowed_and_the_eighth_is_not() -> None:
    days = [f"2020-04-0{day}" for day in range(1, 7)]
    assert ask(rent_arrears(contacts=calls(days)), local("2020-04-07"), debt=CARD).verdict == "deny"  # before the pack
    days = [f"2026-04-0{day}" for day in range(1, 7)]
    assert ask(rent_arrears(contacts=calls(days)), local("2026-04-07")).is_allowed
    decision = ask(rent_arrears(contacts=calls([*days, "2026-04-07"])), local("2026-04-07T13:00"))
    assert rules_of(decision) == {SEVEN}
    # The call of April 1 leaves the seven days on April 8.
    assert decision.until == local("2026-04-08T08:00")


def test_14b3ii_calls_that_were_not_put_through_are_not_counted() -> None:
    days = [f"2026-04-0{day}" for day in range(1, 7)]
    busy = calls(["2026-04-02", "2026-04-03", "2026-04-04"], outcome="not_connected")
    assert ask(rent_arrears(contacts=calls(days) + busy), local("2026-04-07")).is_allowed


def test_14b1b_messages_are_not_calls() -> None:
    mails = calls([f"2026-04-0{day}" for day in range(1, 7)], channel="email")
    texts = calls([f"2026-04-0{day}" for day in range(1, 7)], channel="sms")
    assert SEVEN not in rules_of(ask(rent_arrears(contacts=mails + texts), local("2026-04-07")))


@pytest.mark.parametrize("outcome", ["sending", "unknown"])
def test_what_is_under_way_or_unknown_counts(outcome: str) -> None:
    days = [f"2026-04-0{day}" for day in range(1, 8)]
    assert SEVEN in rules_of(ask(rent_arrears(contacts=calls(days, outcome=outcome)), local("2026-04-07T13:00")))


@pytest.mark.parametrize(
    ("case", "at", "verdict"),
    [
        ("14(b)(2)(ii)-1.ii", "2026-08-14T18:00", "deny"),
        ("14(b)(2)(ii)-1.ii", "2026-08-20", "deny"),
        ("14(b)(2)(ii)-1.ii", "2026-08-20T20:59:59", "deny"),
        ("14(b)(2)(ii)-1.ii", "2026-08-21T08:00", "allow"),
    ],
)
@pytest.mark.parametrize("direction", ["out", "in"])
def test_after_a_conversation_seven_days_are_silent_whoever_called(
    case: str, at: str, verdict: str, direction: str
) -> None:
    talk = calls(["2026-08-14"], outcome="conversation", direction=direction)
    decision = ask(rent_arrears(contacts=talk), local(at))
    assert decision.verdict == verdict, case
    assert decision.is_allowed or decision.until == local("2026-08-21T08:00")


def test_14b4_2iii_a_conversation_about_one_debt_leaves_the_other() -> None:
    talk = calls(["2026-11-09"], outcome="conversation", debt=MEDICAL)
    assert ask(rent_arrears(contacts=talk), local("2026-11-10"), debt=CARD).is_allowed
    assert rules_of(ask(rent_arrears(contacts=talk), local("2026-11-10"), debt=MEDICAL)) == {SILENCE}


def test_14b4_2i_seven_calls_for_each_debt() -> None:
    days = [f"2026-04-0{day}" for day in range(1, 7)]
    both = calls(days, debt=MEDICAL) + calls(days, debt=CARD)
    assert ask(rent_arrears(contacts=both), local("2026-04-07"), debt=CARD).is_allowed
    full = both + calls(["2026-04-07"], debt=CARD)
    assert not ask(rent_arrears(contacts=full), local("2026-04-07T13:00"), debt=CARD).is_allowed
    assert ask(rent_arrears(contacts=full), local("2026-04-07T13:00"), debt=MEDICAL).is_allowed


def test_14b2i_2i_calls_crowded_into_one_day_go_to_a_person_for_review() -> None:
    crowd = calls([f"2026-04-03T{hour}:00" for hour in ("09", "11", "13")])
    decision = ask(rent_arrears(contacts=crowd), local("2026-04-03T15:00"))
    assert (decision.verdict, rules_of(decision)) == ("review", {"us-regulation-f/calls_concentrated"})
    assert ask(rent_arrears(contacts=crowd[:2]), local("2026-04-03T15:00")).is_allowed


def test_6c1_after_a_cease_notice_only_the_notices_of_6c2_remain() -> None:
    facts = rent_arrears("letter", holds=(ActiveHold("cease", None),))
    decision = ask(facts, local("2026-08-07"), "letter")
    assert rules_of(decision) == {"us-regulation-f/cease", "concord-floor/hold"}
    assert decision.until is None
    for purpose in ("termination_notice", "may_invoke_remedy", "will_invoke_remedy"):
        assert ask(facts, local("2026-08-07"), "letter", purpose=purpose).is_allowed


def test_38d2_a_dispute_stops_collection_until_it_is_answered() -> None:
    decision = ask(rent_arrears(holds=(ActiveHold("dispute", None),)), local("2026-08-07"))
    assert "us-regulation-f/dispute" in rules_of(decision)


def test_14h1_3ii_an_address_refused_once_is_refused_for_every_debt() -> None:
    facts = rent_arrears("email", opt_outs=(OptOut("email", MOBILE),))
    for debt in (CARD, MEDICAL):
        refused = {"concord-floor/opt_out", "us-regulation-f/medium_opted_out"}
        assert rules_of(ask(facts, local("2026-08-07"), "email", debt=debt)) == refused
    assert ask(facts, local("2026-08-07"), "email", point=OTHER_MOBILE).is_allowed


def test_14h1_3i_a_refused_channel_leaves_the_others() -> None:
    opt_out = (OptOut("call", None),)
    assert not ask(rent_arrears("call", opt_outs=opt_out), local("2026-08-07"), "call").is_allowed
    assert ask(rent_arrears("letter", opt_outs=opt_out), local("2026-08-07"), "letter").is_allowed
    assert ask(rent_arrears("email", opt_outs=opt_out), local("2026-08-07"), "email").is_allowed


def test_6b2_one_who_is_represented_is_not_called() -> None:
    refused = {"concord-floor/represented", "us-regulation-f/attorney"}
    assert rules_of(ask(rent_arrears(is_represented=True), local("2026-08-07"))) == refused


def test_6b3_and_22f3_nothing_goes_to_the_workplace() -> None:
    for channel, kind in (("call", "landline"), ("email", "email")):
        facts = rent_arrears(channel, point=PointFacts(kind, "work", True, True))
        assert rules_of(ask(facts, local("2026-08-07"), channel)) == {"concord-floor/workplace"}


@pytest.mark.parametrize("channel", ["email", "sms"])
@pytest.mark.parametrize(
    ("consent", "rules"),
    [(True, set()), (False, {"us-regulation-f/electronic_consent"}), (None, {"missing_fact.consent"})],
)
def test_electronic_messages_need_consent_on_file(channel: str, consent: bool | None, rules: set[str]) -> None:
    kind = "email" if channel == "email" else "mobile"
    facts = rent_arrears(channel, point=PointFacts(kind, "none", True, consent))
    assert rules_of(ask(facts, local("2026-08-07"), channel)) == rules


@pytest.mark.parametrize(("consent", "verdict"), [(True, "allow"), (None, "allow"), (False, "deny")])
def test_a_call_needs_no_consent_but_respects_a_refusal(consent: bool | None, verdict: str) -> None:
    facts = rent_arrears("call", point=PointFacts("mobile", "none", True, consent))
    assert ask(facts, local("2026-08-07")).verdict == verdict
