"""Whose money is it? Certain where a reference says so for one case; anything less is only proposed to a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

Verdict = Literal["case", "payment", "unmatched"]
Why = Literal[
    "creditor_reference",
    "payment_id",
    "case_id",
    "several_debts",
    "currency_differs",
    "no_reference",
    "reference_unknown",
    "provider_payout",
    "reversal_unclear",
]

PROPOSALS_MAX = 10
DUE_WINDOW_DAYS = 7
"""How far from an instalment's due date money of its amount may come in and still look like it."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known here of the references that were found in a text."""

    by_reference: Collection[UUID] = ()
    by_case_id: Collection[UUID] = ()
    by_payment: Collection[UUID] = ()
    currencies: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """The case to book to, or why a person must look, with the cases it may be for."""

    verdict: Verdict
    why: Why
    case_id: UUID | None = None
    proposals: tuple[UUID, ...] = ()


def match(currency: str, known: Known, has_reference: bool, alike: Collection[UUID]) -> Match:
    """`alike` are cases with a due instalment of just this amount: they are proposed and never booked by themselves."""
    named = list(dict.fromkeys([*known.by_reference, *known.by_payment, *known.by_case_id]))
    if len(named) > 1:
        return Match("unmatched", "several_debts", None, tuple(named[:PROPOSALS_MAX]))
    if not named:
        why: Why = "reference_unknown" if has_reference else "no_reference"
        return Match("unmatched", why, None, tuple(list(alike)[:PROPOSALS_MAX]))
    case_id = named[0]
    if dict(known.currencies).get(case_id) != currency:
        return Match("unmatched", "currency_differs", None, (case_id,))
    if known.by_reference:
        return Match("case", "creditor_reference", case_id)
    return Match("case", "payment_id" if known.by_payment else "case_id", case_id)
