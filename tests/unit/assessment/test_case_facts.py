"""What is learnt of a case, in whichever order it is heard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import permutations
from typing import get_args

import pytest

from services.assessment.domain.assessment import assess
from services.assessment.domain.case_facts import CONTACTS_BEFORE_UNREACHED, BalanceNews, CaseFacts
from services.assessment.domain.terms import HARDSHIP_INTENTS, OTHER_INTENTS, VULNERABLE_INTENTS
from shared.events.terms import ReplyIntent
from tests.unit.assessment.builders import AT, TODAY, rent_arrears
from tests.unit.assessment.test_scorecard import MODEL

LATER = AT + timedelta(days=40)
PLAN, LATER_PLAN = "0001", "0002"


def test_facts_do_not_depend_on_the_order_across_topics() -> None:
    learnings: list[Callable[[CaseFacts], CaseFacts]] = [
        lambda f: f.with_payment(BalanceNews(100_000, "0002")),
        lambda f: f.with_payment_reversed(BalanceNews(105_000, "0003")),
        lambda f: f.with_plan_agreed(PLAN, AT),
        lambda f: f.with_plan_broken(PLAN, AT + timedelta(days=40), 1),
        lambda f: f.with_contact(was_conversation=True),
        lambda f: f.with_update(BalanceNews(120_000, "0001"), None, TODAY),
    ]
    results = set()
    for order in permutations(learnings):
        facts = rent_arrears()
        for learning in order:
            facts = learning(facts)
        results.add(facts)
    assert len(results) == 1
    assert results.pop().balance_minor_units == 105_000


@pytest.mark.parametrize("intent", ["stop", "complaint", "dispute"])
def test_using_a_right_costs_no_willingness(intent: str) -> None:
    before = assess(rent_arrears(lender_cause="unknown"), MODEL, TODAY)
    after = assess(rent_arrears(lender_cause="unknown").with_reply(intent, None), MODEL, TODAY)
    assert after.willingness >= before.willingness
    assert after.ability >= before.ability


def test_the_borrower_s_word_goes_before_the_lender_s() -> None:
    facts = rent_arrears(lender_cause="refuses").with_reply("hardship", "job_loss")
    assert facts.arrears_cause == "job_loss"


def test_an_unknown_cause_in_a_reply_takes_nothing_back() -> None:
    facts = (
        rent_arrears().with_reply("hardship", "job_loss").with_reply("question", "unknown").with_reply("other", None)
    )
    assert facts.arrears_cause == "job_loss"


def test_illness_once_told_keeps_the_case_in_care() -> None:
    facts = rent_arrears().with_reply("hardship", "illness").with_reply("promise", "oversight")
    assert facts.arrears_cause == "oversight"
    assert facts.is_vulnerable


@pytest.mark.parametrize("intent", get_args(ReplyIntent))
def test_every_intent_means_hardship_or_care_or_neither(intent: str) -> None:
    facts = rent_arrears(lender_cause="unknown").with_reply(intent, None)
    assert intent in HARDSHIP_INTENTS | VULNERABLE_INTENTS | OTHER_INTENTS
    assert facts.hardship_talks == (intent in {"hardship", "cannot_pay"})
    assert facts.is_vulnerable == (intent == "distress")
    assert facts.reach == "conversation"


def test_distress_once_told_keeps_the_case_in_care() -> None:
    facts = rent_arrears().with_reply("distress", None).with_reply("promise", "oversight")
    assert assess(facts, MODEL, TODAY).strategy == "care"


def test_a_dispute_is_a_cause_where_none_is_told() -> None:
    assert rent_arrears(lender_cause="unknown").with_reply("dispute", None).arrears_cause == "dispute"


def test_silence_counts_only_after_several_contacts() -> None:
    facts = rent_arrears()
    for _ in range(CONTACTS_BEFORE_UNREACHED - 1):
        facts = facts.with_contact(was_conversation=False)
    assert facts.reach == "not_yet"
    assert facts.with_contact(was_conversation=False).reach == "unreached"
    assert facts.with_contact(was_conversation=False).with_reply("other", None).reach == "conversation"


def test_a_broken_plan_counts_once_however_many_instalments_it_misses() -> None:
    facts = rent_arrears().with_plan_agreed(PLAN, AT).with_plan_broken(PLAN, LATER, 1).with_plan_broken(PLAN, LATER, 1)
    assert (facts.plans_broken, facts.plan_state) == (1, "broken")


def test_a_new_plan_after_a_broken_one_is_running() -> None:
    facts = (
        rent_arrears().with_plan_agreed(PLAN, AT).with_plan_broken(PLAN, LATER, 1).with_plan_agreed(LATER_PLAN, LATER)
    )
    assert facts.plan_state == "running"
    assert facts.with_plan_completed(LATER_PLAN, LATER).plan_state == "completed"


def test_a_resumed_plan_can_be_broken_again_although_the_count_of_broken_plans_stays() -> None:
    facts = rent_arrears().with_plan_agreed(PLAN, AT).with_plan_broken(PLAN, LATER, 1).with_plan_agreed(PLAN, LATER)
    assert facts.with_plan_broken(PLAN, LATER + timedelta(days=30), 1).plan_state == "broken"


def test_a_default_heard_before_its_plan_leaves_it_broken() -> None:
    facts = rent_arrears().with_plan_broken(PLAN, LATER, 1)
    assert facts.with_plan_agreed(PLAN, AT).plan_state == "broken"


def test_a_plan_withdrawn_from_has_never_been_whatever_else_is_heard_of_it_and_when() -> None:
    news: list[Callable[[CaseFacts], CaseFacts]] = [
        lambda f: f.with_plan_agreed(PLAN, AT),
        lambda f: f.with_plan_broken(PLAN, AT, 1),
        lambda f: f.with_plan_withdrawn(PLAN),
        lambda f: f.with_plan_withdrawn(PLAN),
    ]
    for order in permutations(news):
        facts = rent_arrears()
        for learning in order:
            facts = learning(facts)
        assert facts.plan_state == "none"


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_later_plan_stays_when_an_earlier_one_is_withdrawn_from(order: tuple[int, ...]) -> None:
    """All at one moment, as a driven clock dates it."""
    news: list[Callable[[CaseFacts], CaseFacts]] = [
        lambda f: f.with_plan_agreed(PLAN, AT),
        lambda f: f.with_plan_withdrawn(PLAN),
        lambda f: f.with_plan_agreed(LATER_PLAN, AT),
    ]
    facts = rent_arrears()
    for n in order:
        facts = news[n](facts)
    assert facts.plan_state == "running"
    assert facts.with_plan_withdrawn(LATER_PLAN).plan_state == "none"


def test_a_broken_plan_stays_broken_when_the_one_that_followed_it_is_withdrawn_from() -> None:
    facts = rent_arrears().with_plan_agreed(PLAN, AT).with_plan_broken(PLAN, LATER, 1)
    assert facts.with_plan_agreed(LATER_PLAN, LATER).with_plan_withdrawn(LATER_PLAN).plan_state == "broken"


def test_a_plan_that_another_took_the_place_of_does_not_run_again_when_that_is_withdrawn_from() -> None:
    facts = rent_arrears().with_plan_agreed(LATER_PLAN, LATER, replaces=PLAN).with_plan_agreed(PLAN, AT)
    assert facts.plan_state == "running"
    assert facts.with_plan_withdrawn(LATER_PLAN).plan_state == "none"
    assert facts.with_plan_broken(PLAN, AT, 1).with_plan_withdrawn(LATER_PLAN).plan_state == "broken"


def test_withdrawing_from_a_plan_costs_no_willingness() -> None:
    before = assess(rent_arrears(), MODEL, TODAY)
    after = assess(rent_arrears().with_plan_agreed(PLAN, AT).with_plan_withdrawn(PLAN), MODEL, TODAY)
    assert after == before


def test_an_older_balance_does_not_replace_a_newer_one() -> None:
    facts = rent_arrears().with_payment(BalanceNews(100_000, "0002"))
    assert facts.with_update(BalanceNews(125_500, "0001"), None, TODAY).balance_minor_units == 100_000


def test_days_past_due_go_on_counting() -> None:
    facts = rent_arrears()
    assert facts.days_past_due(TODAY) == 45
    assert facts.days_past_due(date(2026, 4, 16)) == 90
    assert facts.with_update(None, 10, TODAY).days_past_due(date(2026, 3, 3)) == 11
    assert facts.with_update(None, 0, TODAY).days_past_due(TODAY) == 0
