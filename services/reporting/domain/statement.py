"""A creditor's statement: how each case's balance moved in a period, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.reporting.domain.account import REASONS, Account, Change, Movement, movement_of
from services.reporting.domain.facts import Fact
from services.reporting.domain.trust import TRUST_REASONS, Trust, TrustChange


@dataclass(frozen=True, slots=True)
class BookedMovement:
    """A movement as it is kept: whose, which case's, when."""

    event_id: UUID
    creditor_id: UUID
    case_id: UUID
    stamp: str
    occurred_at: datetime
    currency: str | None
    movement: Movement


BALANCE_AMOUNTS = ("opening", *REASONS, "closing")
TRUST_AMOUNTS = ("opening", *TRUST_REASONS, "closing")
AMOUNTS = (*BALANCE_AMOUNTS, *(f"trust_{name}" for name in TRUST_AMOUNTS))


@dataclass(slots=True)
class CaseLine:
    """closing = opening + placed - paid + reversed - waived - returned + adjusted, always. Minor units.

    trust_closing = trust_opening + trust_received - trust_sent_back - trust_remitted, always.
    """

    case_id: UUID
    currency: str = ""
    opening: int = 0
    closing: int = 0
    change: Change = field(default_factory=Change)
    trust_opening: int = 0
    trust_closing: int = 0
    trust: TrustChange = field(default_factory=TrustChange)

    def amount(self, name: str) -> int:
        """By the names of `AMOUNTS`."""
        reason = name.removeprefix("trust_")
        if name != reason and reason in TRUST_REASONS:
            moved: int = getattr(self.trust, reason)
            return moved
        amount: int = getattr(self.change, name) if name in REASONS else getattr(self, name)
        return amount

    @property
    def is_empty(self) -> bool:
        return not any(self.amount(name) for name in AMOUNTS)


def booked(fact: Fact) -> BookedMovement | None:
    """The movement a fact stands for, ready to be kept, or None where it moves nothing."""
    movement = movement_of(fact)
    if movement is None:
        return None
    return BookedMovement(
        event_id=fact.event_id,
        creditor_id=fact.creditor_id,
        case_id=fact.key,
        stamp=fact.stamp,
        occurred_at=fact.occurred_at,
        currency=fact.body.get("currency"),
        movement=movement,
    )


def case_line(case_id: UUID, kept: Iterable[BookedMovement], *, begins_at: datetime, ends_at: datetime) -> CaseLine:
    """Follow one case's movements, in the order in which they happened, through the period [begins_at, ends_at)."""
    account, trust, line = Account(), Trust(), CaseLine(case_id)
    for one in sorted(kept, key=lambda one: (one.movement.kind != "placement", one.stamp)):
        if one.occurred_at >= ends_at:
            continue
        line.currency = line.currency or one.currency or ""
        change, moved = account.follow(one.movement), trust.follow(one.movement)
        if one.occurred_at < begins_at:
            line.opening, line.trust_opening = account.book, trust.held
        else:
            line.change.add(change)
            line.trust.add(moved)
    line.closing, line.trust_closing = account.book, trust.held
    return line


def totals(lines: Iterable[CaseLine]) -> dict[str, CaseLine]:
    """The sum of lines per currency."""
    summed: dict[str, CaseLine] = {}
    for line in lines:
        total = summed.setdefault(line.currency, CaseLine(UUID(int=0), line.currency))
        total.opening += line.opening
        total.closing += line.closing
        total.change.add(line.change)
        total.trust_opening += line.trust_opening
        total.trust_closing += line.trust_closing
        total.trust.add(line.trust)
    return summed
