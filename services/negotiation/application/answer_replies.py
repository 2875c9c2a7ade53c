"""On borrower.replied: answer a promise, hardship (or that nothing can be paid) or a question with a fitting offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from services.negotiation.application.ports import Offer, Work
from services.negotiation.application.propose_offers import prepare, put
from services.negotiation.application.watch_slippage import note_promises
from services.negotiation.domain.case_file import (
    HARDSHIP_CAUSES,
    ROUNDS_MAX,
    Assessment,
    CaseFile,
    blocking_hold,
)
from services.negotiation.domain.counter_offers import Wish, answer
from services.negotiation.domain.offers import (
    FIRST_DUE_DAYS,
    FIRST_DUE_DAYS_MAX,
    Draft,
    because,
    bounds,
    first_offers,
    instalments,
    lump_sum,
    pause,
)
from services.negotiation.domain.terms import Outline
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
    fresh: list[Offer] = []
    for event in replies:
        case = cases[event.body.case_id]
        if case.rounds >= ROUNDS_MAX or not case.may_be_offered():
            continue
        if blocking_hold(holds.get(case.case_id, []), work.now) is not None:
            continue
        draft = fitting_offer(case, event.body, case.today(work.now))
        known = on_file.setdefault(case.case_id, [])
        if draft is None or any(o.is_open(work.now) and o.outline == draft.outline for o in known):
            continue
        offer = put(work, case, prepare(work, case, [draft], round_=case.rounds + 1)[0], caused_by=event)
        known.append(offer)
        fresh.append(offer)
        cases[case.case_id] = replace(case, rounds=case.rounds + 1)
    await work.offers.add(fresh)
    await work.cases.save(list(cases.values()))


def fitting_offer(case: CaseFile, reply: BorrowerReplied, today: date) -> Draft | None:
    """What to offer in answer to a reply; None where nothing lawful fits."""
    match reply.intent:
        case "promise":
            return _for_promise(case, reply.promised, reply.promised_on, today)
        case "hardship" | "cannot_pay":
            return _for_hardship(case, reply.arrears_cause, today)
        case _:
            offers = first_offers(case, today)
            return because(offers[0], "answers_your_question") if offers else None


def _for_promise(case: CaseFile, amount: int | None, promised_on: date | None, today: date) -> Draft | None:
    latest = today + timedelta(days=FIRST_DUE_DAYS_MAX)
    due_on = min(max(promised_on or today + timedelta(days=FIRST_DUE_DAYS), today), latest)
    whole = lump_sum(case, due_on, today)
    if amount is not None and amount >= whole.outline.total:
        return because(whole, "answers_your_promise")
    if not amount:
        return because(instalments(case, due_on, today) or whole, "answers_your_promise")
    drafted = answer(case, Wish("instalments", monthly=amount, first_due_on=due_on), today).draft
    return because(drafted or whole, "answers_your_promise")


def _for_hardship(case: CaseFile, stated: str | None, today: date) -> Draft | None:
    cause = stated if stated in HARDSHIP_CAUSES else (case.assessment or Assessment()).arrears_cause
    relief = pause(case, today, cause)
    if relief is None:
        # No pause without a cause that the mandate knows: the gentlest instalments instead.
        limits = bounds(case, today)
        due_on = today + timedelta(days=FIRST_DUE_DAYS_MAX)
        outline = Outline("instalments", limits.total, 0, limits.count_max, due_on)
        relief = Draft(outline, ("gentlest_instalments",))
    return because(relief, "answers_your_hardship")
