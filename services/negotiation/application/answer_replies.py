"""On borrower.replied: answer a promise, hardship (or that nothing can be paid) or a question with a fitting offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from services.negotiation.application.ports import Offer, Work
from services.negotiation.application.propose_offers import prepare, put
from services.negotiation.application.resolve_mandates import resolve_mandates
from services.negotiation.application.watch_slippage import note_promises
from services.negotiation.domain.case_file import HARDSHIP_CAUSES, ROUNDS_MAX, blocking_hold
from services.negotiation.domain.counter_offers import Wish, answer_from
from services.negotiation.domain.offers import (
    FIRST_DUE_DAYS,
    FIRST_DUE_DAYS_MAX,
    Draft,
    Facts,
    because,
    facts_of,
    offers_from,
)
from services.negotiation.domain.offers.forms import at_once, gentlest, interest_freeze, level, pause_for, reduced
from shared.events.borrower_replied import BorrowerReplied
from shared.events.envelope import Event

ANSWERED = frozenset({"promise", "hardship", "cannot_pay", "question"})
LEFT_ALONE = frozenset(
    {"stop", "dispute", "complaint", "wrong_person", "already_paid", "call_back", "distress", "other"}
)
"""No offer of ours answers these: they ask for quiet, for a check, for a voice, or for care."""


async def answer_replies(work: Work, events: Sequence[Event[BorrowerReplied]]) -> None:
    replies = [event for event in events if event.body.intent in ANSWERED]
    if not replies:
        return
    case_ids = {event.body.case_id for event in replies}
    cases = await work.cases.for_change(case_ids)
    await note_promises(work, cases, replies)
    holds = await work.holds.of(case_ids)
    on_file = await work.offers.current(case_ids)
    mandates = await resolve_mandates(work, cases.values())
    fresh: list[Offer] = []
    for event in replies:
        case = cases[event.body.case_id]
        if case.rounds >= ROUNDS_MAX or not case.may_be_offered():
            continue
        if blocking_hold(holds.get(case.case_id, []), work.now) is not None:
            continue
        draft = fitting_offer(facts_of(case, case.today(work.now), mandates[case.case_id]), event.body)
        known = on_file.setdefault(case.case_id, [])
        if draft is None or any(o.is_open(work.now) and o.outline == draft.outline for o in known):
            continue
        offer = put(work, case, prepare(work, case, [draft], round_=case.rounds + 1)[0], caused_by=event)
        known.append(offer)
        fresh.append(offer)
        cases[case.case_id] = replace(case, rounds=case.rounds + 1)
    await work.offers.add(fresh)
    await work.cases.save(list(cases.values()))


def fitting_offer(facts: Facts, reply: BorrowerReplied) -> Draft | None:
    """What to offer in answer to a reply; None where nothing lawful fits."""
    match reply.intent:
        case "promise":
            return _for_promise(facts, reply.promised, reply.promised_on)
        case "hardship" | "cannot_pay":
            return _for_hardship(facts, reply.arrears_cause)
        case _:
            offers = offers_from(facts)
            return because(offers[0], "answers_your_question") if offers else None


def _for_promise(facts: Facts, amount: int | None, promised_on: date | None) -> Draft | None:
    today = facts.today
    latest = today + timedelta(days=FIRST_DUE_DAYS_MAX)
    due_on = min(max(promised_on or today + timedelta(days=FIRST_DUE_DAYS), today), latest)
    whole = at_once(facts, due_on)
    if amount is not None and amount >= whole.outline.total:
        return because(whole, "answers_your_promise")
    if not amount:
        return because(level(facts, due_on=due_on) or whole, "answers_your_promise")
    drafted = answer_from(facts, Wish("instalments", monthly=amount, first_due_on=due_on)).draft
    return because(drafted or whole, "answers_your_promise")


def _for_hardship(facts: Facts, stated: str | None) -> Draft | None:
    """Relief for what was stated, or else for what assessment believes; without a cause, the gentlest instalments."""
    if stated in HARDSHIP_CAUSES:
        facts = replace(facts, arrears_cause=stated)
    relief = pause_for(facts, facts.arrears_cause) or reduced(facts) or interest_freeze(facts) or gentlest(facts)
    return because(relief, "answers_your_hardship") if relief is not None else None
