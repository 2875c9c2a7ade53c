"""The books of a case rebuilt from what was announced about it, by the same arithmetic that made them.

Nothing but events goes in. Each type of event comes in its own order; between types the order is that of their making.
Two processes may have made events within one millisecond: where that order does not fit, those are put into the order
in which their stated balances follow from each other. An event whose balance does not follow from the ones before is a
difference, and differences are what a replay is for.

A balance stated by an event decides how overpaid money was spread over the buckets, because the order in which that was
done is the mandate's, which events tell only by its results; the totals must follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import takewhile
from typing import Any
from uuid import UUID

from services.negotiation.domain.ledger import (
    ACCOUNTS,
    ALLOCATION_ORDER,
    NOTHING,
    Account,
    Books,
    BooksBroken,
    Bucket,
    Buckets,
    Entry,
    Payment,
    correct,
    oldest_first,
    open_books,
    restore_waived,
    reverse_payment,
    use_overpaid,
    waive,
)
from services.negotiation.domain.refunds import give_back, put_back, send_off, set_apart

TYPES = (
    "case.received",
    "case.updated",
    "books.adjusted",
    "payment.posted",
    "payment.reversed",
    "plan.completed",
)
"""The events that books are made of."""
_MILLISECOND_BITS = 80
TRIES_MAX = 5_000
"""Orders that are tried of the events of one millisecond."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as a journal keeps it; `body` in its JSON form, already parsed."""

    type: str
    event_id: UUID
    case_id: UUID
    sequence: int
    body: Mapping[str, Any]

    @property
    def millisecond(self) -> int:
        """When it was made: identifiers begin with it, and rise within it where one process made them."""
        return self.event_id.int >> _MILLISECOND_BITS


@dataclass(slots=True)
class Replayed:
    """What the events of one case add up to. `differences` says what did not follow; empty: everything did."""

    books: Books = field(default_factory=lambda: Books(NOTHING))
    sums: dict[Account, int] = field(default_factory=lambda: dict.fromkeys(ACCOUNTS, 0))
    payments: dict[UUID, Payment] = field(default_factory=dict)
    order: tuple[Bucket, ...] = ALLOCATION_ORDER
    waived: dict[UUID, Buckets] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    is_open: bool = False

    def copy(self) -> Replayed:
        """To try an event on."""
        return replace(
            self,
            sums=dict(self.sums),
            payments=dict(self.payments),
            waived=dict(self.waived),
            differences=list(self.differences),
        )


def replay_case(events: Iterable[Told]) -> Replayed:
    """Rebuild the books of one case. Events of other types than `TYPES` are passed over; one told twice is once."""
    state = Replayed()
    lanes = _lanes(events)
    while heads := [lane[0] for lane in lanes if lane]:
        soonest = min(head.millisecond for head in heads)
        together = [_made_by(lane, soonest) for lane in lanes]
        lanes = [lane[len(taken) :] for lane, taken in zip(lanes, together, strict=True)]
        as_made = sorted((told for taken in together for told in taken), key=lambda told: told.event_id)
        state = _fit(state, together, [TRIES_MAX]) or _all_after(state, as_made)
    return state


def _fit(state: Replayed, lanes: list[list[Told]], tries: list[int]) -> Replayed | None:
    """The state after all of these in an order in which each follows from the ones before; None if there is none."""
    heads = sorted((lane[0] for lane in lanes if lane), key=lambda told: told.event_id)
    if not heads:
        return state
    for head in heads:
        tries[0] -= 1
        after = _after(state, head)
        if len(after.differences) == len(state.differences) and tries[0] > 0:
            found = _fit(after, [lane[1:] if lane and lane[0] is head else lane for lane in lanes], tries)
            if found is not None:
                return found
    return None


def _all_after(state: Replayed, events: Iterable[Told]) -> Replayed:
    for told in events:
        state = _after(state, told)
    return state


def _made_by(lane: list[Told], millisecond: int) -> list[Told]:
    return list(takewhile(lambda told: told.millisecond <= millisecond, lane))


def _lanes(events: Iterable[Told]) -> list[list[Told]]:
    unique = {told.event_id: told for told in events if told.type in TYPES}
    ordered = sorted(unique.values(), key=lambda told: told.sequence)
    return [[told for told in ordered if told.type == name] for name in TYPES]


def _after(state: Replayed, told: Told) -> Replayed:
    """The state after an event, with a difference noted where it does not follow."""
    after = state.copy()
    try:
        _STEPS[told.type](after, told)
    except (BooksBroken, KeyError) as error:
        after.differences.append(f"{told.type} {told.event_id}: {error}")
    return after


def _received(state: Replayed, told: Told) -> None:
    if state.is_open:
        raise BooksBroken("received a second time")
    state.order = tuple(told.body["mandate"]["allocation_order"])
    state.books, entry = open_books(told.case_id, _buckets(told.body["balance"]))
    state.is_open = True
    _enter(state, entry)


def _updated(state: Replayed, told: Told) -> None:
    """The mandate alone: where the balance was booked is told by books.adjusted."""
    if told.body.get("mandate") is not None:
        state.order = tuple(told.body["mandate"]["allocation_order"])


def _posted(state: Replayed, told: Told) -> None:
    body = told.body
    payment_id = UUID(body["payment_id"])
    if payment_id in state.payments:
        raise BooksBroken("posted a second time")
    allocated, overpaid = _buckets(body["allocated"]), body["overpaid"]
    plan_id = UUID(body["plan_id"]) if body["plan_id"] else None
    payment = Payment(
        payment_id=payment_id,
        amount=body["amount"],
        received_on=date.fromisoformat(body["received_on"]),
        allocated=allocated,
        overpaid=overpaid,
        plan_id=plan_id,
        paid_to=body.get("paid_to", "creditor"),
    )
    state.books = Books(state.books.owed - allocated, state.books.overpaid + overpaid)
    state.payments[payment_id] = payment
    parts = {"fees": -allocated.fees, "interest": -allocated.interest, "principal": -allocated.principal}
    _add(state, {**parts, payment.held_in: payment.amount, "overpaid": -overpaid})
    _agree(state, body["balance"])


def _reversed(state: Replayed, told: Told) -> None:
    """A payment undone, and the discount that its plan had earned where that is lost with it."""
    body = told.body
    reversal_id = UUID(body["reversal_id"])
    payment = state.payments[UUID(body["payment_id"])]
    state.books, state.payments[payment.payment_id], entry = reverse_payment(state.books, payment, reversal_id)
    _enter(state, entry)
    if body.get("discount_lost"):
        if payment.plan_id is None:
            raise BooksBroken("a payment of no plan earned no discount")
        state.books, entry = restore_waived(state.books, state.waived.pop(payment.plan_id), reversal_id)
        _enter(state, entry)
    _spend(state, told.event_id)
    _agree(state, body["balance"])


def _completed(state: Replayed, told: Told) -> None:
    waived = told.body["waived"]
    if waived:
        plan_id = UUID(told.body["plan_id"])
        state.books, buckets, entry = waive(state.books, waived, plan_id)
        if buckets.total != waived:
            raise BooksBroken("more was waived than is owed")
        state.waived[plan_id] = buckets
        _enter(state, entry)
    _spend(state, told.event_id)


def _adjusted(state: Replayed, told: Told) -> None:
    body = told.body
    if _buckets(body["balance_before"]).total != state.books.balance:
        raise BooksBroken(f"the balance was {state.books.balance} before")
    if body["kind"] == "correction":
        # What the creditor stated is what is owed now, and what overpaid money has paid of it since.
        spent = state.books.overpaid - body["overpaid"]
        now = _buckets(body["balance"])
        state.books, entry = correct(state.books, now + Buckets(principal=spent), told.event_id)
        _enter(state, entry)
    else:
        payment_id, source_id = UUID(body["payment_id"]), UUID(body["source_id"])
        payment, amount = state.payments[payment_id], body["amount"]
        if body["kind"] == "refund_reserved":
            state.books, state.payments[payment_id], entry = set_apart(state.books, payment, source_id, amount)
        elif body["kind"] == "given_back":
            given = give_back(state.books, payment, source_id, amount, state.order)
            state.books, state.payments[payment_id], entry = given
        elif body["kind"] == "refund_cancelled":
            state.books, state.payments[payment_id], entry = put_back(state.books, payment, source_id, amount)
        else:
            entry = send_off(payment, source_id, amount)
        _enter(state, entry)
    _spend(state, told.event_id)
    _agree(state, body["balance"])
    if state.books.overpaid != body["overpaid"]:
        raise BooksBroken(f"overpaid is {state.books.overpaid}, told was {body['overpaid']}")


_STEPS = {
    "case.received": _received,
    "case.updated": _updated,
    "books.adjusted": _adjusted,
    "payment.posted": _posted,
    "payment.reversed": _reversed,
    "plan.completed": _completed,
}


def _spend(state: Replayed, source_id: UUID) -> None:
    """Overpaid money pays what is owed again, oldest payment first, as the books do it."""
    ids = iter(lambda: source_id, None)
    state.books, changed, entries = use_overpaid(state.books, oldest_first(state.payments.values()), state.order, ids)
    state.payments |= {payment.payment_id: payment for payment in changed}
    for entry in entries:
        _enter(state, entry)


def _agree(state: Replayed, told: Mapping[str, int]) -> None:
    """Take over how the balance is spread; its total must be what follows."""
    stated = _buckets(told)
    if stated.total != state.books.balance:
        raise BooksBroken(f"the balance is {state.books.balance}, told was {stated.total}")
    owed = state.books.owed
    _add(
        state,
        {
            "fees": stated.fees - owed.fees,
            "interest": stated.interest - owed.interest,
            "principal": stated.principal - owed.principal,
        },
    )
    state.books = replace(state.books, owed=stated)


def _enter(state: Replayed, entry: Entry) -> None:
    _add(state, dict(entry.postings))


def _add(state: Replayed, postings: Mapping[Any, int]) -> None:
    for account, amount in postings.items():
        state.sums[account] += amount


def _buckets(told: Mapping[str, int]) -> Buckets:
    return Buckets(told["fees"], told["interest"], told["principal"])
