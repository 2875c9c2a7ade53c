"""How a simulated borrower answers, bargains and pays."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any, get_args

import pytest

from deploy.sandbox.borrowers.bargaining import Accept, Leave, choose, choose_after_counter
from deploy.sandbox.borrowers.bargaining import Counter as CounterOffer
from deploy.sandbox.borrowers.character import character_of
from deploy.sandbox.borrowers.noticing import Outcome, noticed_after_steps, outcome_of
from deploy.sandbox.borrowers.paying import payments_of_plan, payments_of_promise
from deploy.sandbox.borrowers.reacting import Act, Memory, OpenPage, Reply, next_pay_day, react
from deploy.sandbox.borrowers.texts import TEXTS
from shared.events.terms import Channel
from tests.unit.sandbox.builders import a_character

TODAY = date(2026, 1, 20)


def messages(
    n: int, character: Any, memory: Memory | None = None, *, account: str = "HC-1", channel: str = "sms"
) -> list[Act]:
    memory = memory or Memory()
    acts: list[Act] = []
    for _ in range(n):
        acts += react(1, account, character, memory, channel=channel, language="en", today=TODAY)
    return acts


def kinds(acts: list[Act]) -> list[str]:
    return [act.kind for act in acts if isinstance(act, Reply)]


def test_the_same_account_is_always_the_same_person() -> None:
    assert character_of(1, "HC-1", 50_000, 900_000) == character_of(1, "HC-1", 50_000, 900_000)


def test_another_seed_brings_other_people() -> None:
    people = [character_of(seed, "HC-1", 50_000, 900_000) for seed in range(20)]
    assert len({person.cause for person in people}) > 3


def test_every_cause_comes_up_in_a_portfolio() -> None:
    causes = Counter(character_of(1, f"CG-{n}", 50_000, 900_000).cause for n in range(700))
    assert len(causes) == 9
    assert causes["cash_flow_gap"] > causes["fraud_victim"] > 0


def test_a_stranger_says_once_that_the_number_is_wrong() -> None:
    acts = messages(5, a_character(slips=frozenset({"wrong_number"})))
    assert kinds(acts) == ["wrong_person"]
    assert len(acts) == 1


def test_the_mail_of_somebody_with_a_wrong_number_is_still_theirs() -> None:
    acts = messages(5, a_character(slips=frozenset({"wrong_number"})), channel="email")
    assert "wrong_person" not in kinds(acts)


def test_a_dispute_is_raised_once_and_first() -> None:
    acts = messages(6, a_character("dispute", "angry", patience=99))
    assert kinds(acts)[0] == "dispute"
    assert kinds(acts).count("dispute") == 1


def test_nobody_complains_before_patience_ends() -> None:
    for n in range(50):
        assert "complaint" not in kinds(messages(3, a_character("refuses", "angry", patience=3), account=f"HC-{n}"))


def test_one_who_has_had_enough_complains_once() -> None:
    assert kinds(messages(30, a_character("refuses", "angry", patience=3))).count("complaint") == 1


def test_the_cooperative_never_complain() -> None:
    assert "complaint" not in kinds(messages(60, a_character("oversight", "cooperative", patience=0)))


def test_hardship_is_told_once_with_its_cause_and_followed_by_a_look_at_the_page() -> None:
    acts = messages(8, a_character("illness", "cooperative"))
    assert kinds(acts) == ["hardship_illness"]
    told = next(n for n, act in enumerate(acts) if isinstance(act, Reply))
    following = acts[told + 1]
    assert isinstance(following, OpenPage)
    assert following.after_steps >= 6


def test_a_promise_names_what_is_free_and_the_next_pay_day() -> None:
    promises = [
        act
        for n in range(60)
        for act in messages(3, a_character("cash_flow_gap", free_monthly=34_567), account=f"HC-{n}")
        if isinstance(act, Reply) and act.kind == "promise"
    ]
    assert promises
    assert {(each.promised_minor_units, each.promised_on) for each in promises} == {(30_000, date(2026, 2, 10))}
    assert all("$300.00" in each.text and "2026-02-10" in each.text for each in promises)


def test_who_has_next_to_nothing_promises_nothing() -> None:
    for n in range(60):
        assert "promise" not in kinds(messages(3, a_character("cash_flow_gap", free_monthly=9_999), account=f"HC-{n}"))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 1, 9), date(2026, 1, 10)),
        (date(2026, 1, 10), date(2026, 2, 10)),
        (date(2026, 12, 31), date(2027, 1, 10)),
    ],
)
def test_the_next_pay_day_is_after_today(today: date, expected: date) -> None:
    assert next_pay_day(a_character(), today) == expected


def test_both_languages_say_the_same_things() -> None:
    assert set(TEXTS["en"]) == set(TEXTS["zh"])


@pytest.mark.parametrize("channel", get_args(Channel))
def test_every_channel_finds_some_attention(channel: str) -> None:
    character = character_of(7, "HC-1", 50_000, 900_000)
    assert 0 < character.attention[channel] <= 1
    assert outcome_of(7, "HC-1", character, channel, 1) in get_args(Outcome)


def test_a_conversation_is_answered_while_it_lasts() -> None:
    assert noticed_after_steps(1, "HC-1", a_character(), "call", 1, "conversation") == 0


@pytest.mark.parametrize("outcome", ["failed", "no_answer", "not_connected"])
def test_what_did_not_arrive_is_not_noticed(outcome: Any) -> None:
    assert noticed_after_steps(1, "HC-1", a_character(), "sms", 1, outcome) is None


def test_mail_to_a_dead_mailbox_always_bounces() -> None:
    character = a_character(slips=frozenset({"mail_bounces"}))
    assert {outcome_of(1, "HC-1", character, "email", n) for n in range(10)} == {"failed"}


def offer(kind: str, total: int, amounts: list[int], offer_id: str = "o-1", **terms: Any) -> dict[str, Any]:
    instalments = [{"number": n, "due_on": "2026-02-10", "amount": amount} for n, amount in enumerate(amounts, 1)]
    return {
        "offer_id": offer_id,
        "kind": kind,
        "terms": {"kind": kind, "total": total, "instalments": instalments, **terms},
    }


def chosen(character: Any, offers: list[dict[str, Any]]) -> Counter[str]:
    choices = [choose(seed, "HC-1", character, offers, 1) for seed in range(60)]
    return Counter(choice.offer_id if isinstance(choice, Accept) else type(choice).__name__ for choice in choices)


def test_who_has_savings_takes_the_lump_sum() -> None:
    offers = [offer("instalments", 100, [10] * 10, "o-2"), offer("lump_sum", 50_000, [50_000], "o-1")]
    assert chosen(a_character(savings=50_000), offers).most_common(1)[0][0] == "o-1"


def test_one_cent_more_than_the_savings_is_not_taken() -> None:
    picked = chosen(a_character(savings=49_999), [offer("lump_sum", 50_000, [50_000])])
    assert "o-1" not in picked
    assert picked["Counter"] > 0


def test_an_unaffordable_plan_is_answered_with_what_is_free() -> None:
    unaffordable = offer("instalments", 900_000, [90_000] * 10)
    choices = [
        choose(seed, "HC-1", a_character(free_monthly=33_333, savings=0), [unaffordable], 1) for seed in range(40)
    ]
    counters = [choice for choice in choices if isinstance(choice, CounterOffer)]
    assert counters
    assert {each.proposal["monthly_minor_units"] for each in counters} == {33_000}


def test_somebody_in_hardship_asks_for_relief_first() -> None:
    pause = offer("hardship_pause", 900_000, [50_000] * 18, "o-9", pause_until="2026-04-10")
    offers = [offer("instalments", 900_000, [1_000] * 900, "o-2"), pause]
    assert chosen(a_character("illness"), offers).most_common(1)[0][0] == "o-9"


def test_the_plain_monthly_plan_is_taken_where_it_can_be_borne_and_another_form_where_not() -> None:
    plain = offer("instalments", 90_000, [30_000] * 3, "plain", form="level", frequency="monthly")
    weekly = offer("instalments", 90_000, [6_900] * 13, "weekly", form="level", frequency="weekly")
    steps = offer("instalments", 90_000, [10_000] * 9, "steps", form="step", frequency="monthly")
    for free, taken in ((30_000, "plain"), (20_000, "steps"), (5_000, None)):
        character = a_character(free_monthly=free, savings=0)
        choices = [choose(seed, "HC-1", character, [weekly, steps, plain], 1) for seed in range(40)]
        assert {c.offer_id for c in choices if isinstance(c, Accept)} == ({taken} if taken else set())


def test_a_week_weighs_four_times_on_a_month() -> None:
    weekly = offer("instalments", 90_000, [7_500] * 12, "weekly", form="level", frequency="weekly")
    for free, is_taken in ((32_500, True), (25_000, False)):
        character = a_character(free_monthly=free, savings=0)
        choices = [choose(seed, "HC-1", character, [weekly], 1) for seed in range(40)]
        assert any(isinstance(c, Accept) for c in choices) == is_taken


def test_without_offers_nothing_is_chosen() -> None:
    assert chosen(a_character(), []) == Counter({"Leave": 60})


@pytest.mark.parametrize(
    "answer",
    [{"answer": "refused", "offer": None}, {"answer": "countered", "offer": offer("instalments", 9, [99_999_999])}],
)
def test_a_refusal_or_an_impossible_counter_ends_the_bargaining(answer: dict[str, Any]) -> None:
    assert isinstance(choose_after_counter(1, "HC-1", a_character(), answer, 1), Leave)


def test_bargaining_ends_after_three_rounds() -> None:
    easy = {"answer": "countered", "offer": offer("instalments", 10, [10])}
    assert isinstance(choose_after_counter(1, "HC-1", a_character(), easy, 3), Leave)


def a_plan(*due: tuple[str, int]) -> dict[str, Any]:
    rows = [{"number": n, "due_on": day, "amount": amount, "paid": 0} for n, (day, amount) in enumerate(due, 1)]
    return {"terms": {"grace_days": 3}, "instalments": rows}


def test_an_honest_borrower_mostly_pays_what_is_due_on_time() -> None:
    plan = a_plan(("2026-02-10", 20_000), ("2026-03-10", 20_000))
    kept = [
        sum(p.minor_units for p in payments_of_plan(seed, "HC-1", a_character(), plan, 1, TODAY)) == 40_000
        for seed in range(100)
    ]
    assert kept.count(True) > 85


def test_a_dishonest_one_mostly_does_not() -> None:
    plan = a_plan(*((f"2026-{month:02d}-10", 20_000) for month in range(2, 8)))
    character = a_character("refuses", "avoidant", honesty=0.1)
    paid = [
        sum(p.minor_units for p in payments_of_plan(seed, "HC-1", character, plan, 1, TODAY)) for seed in range(100)
    ]
    assert sum(total < 120_000 for total in paid) > 80


def test_nobody_pays_in_the_past() -> None:
    plan = a_plan(("2026-01-19", 20_000), ("2026-01-20", 20_000))
    for seed in range(50):
        assert all(p.on >= TODAY for p in payments_of_plan(seed, "HC-1", a_character(), plan, 1, TODAY))


def test_what_is_paid_already_is_not_paid_again() -> None:
    plan = a_plan(("2026-02-10", 20_000))
    plan["instalments"][0]["paid"] = 20_000
    assert payments_of_plan(1, "HC-1", a_character(), plan, 1, TODAY) == []


def test_a_bounced_payment_bounces_after_it_was_made() -> None:
    plan = a_plan(*((f"2026-{month:02d}-10", 20_000) for month in range(2, 8)))
    payments = [p for seed in range(100) for p in payments_of_plan(seed, "HC-1", a_character(), plan, 1, TODAY)]
    bounced = [p for p in payments if p.bounces_on is not None]
    assert bounced
    assert all(p.bounces_on == p.on + timedelta(days=3) for p in bounced)


def test_a_promise_is_kept_as_honestly_as_its_maker_is() -> None:
    promise = Reply("promise", "", 30_000, date(2026, 2, 10))
    honest = [payments_of_promise(seed, "HC-1", a_character(honesty=1.0), promise) for seed in range(50)]
    liars = [payments_of_promise(seed, "HC-1", a_character(honesty=0.0), promise) for seed in range(50)]
    assert all(honest)
    assert not any(liars)
