"""What each place asks for before and beside a claim. Data, with the source of every figure; unknown is said as such.

Sources: Pre-Action Protocol for Debt Claims (England and Wales) paras 3.1-3.4, 4.1, 5.2, 6, 7; the Chinese period is
our own policy (a lawyer's letter has no period in law; 民诉法 125 and 人民调解法 offer mediation first).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Forum = Literal["arbitration", "suit"]

CHECKS = (
    "identity_confirmed",
    "amount_checked",
    "contract_on_file",
    "affordability_considered",
    "vulnerability_reviewed",
    "alternatives_offered",
    "costs_proportionate",
)
"""What somebody has to have looked at before anything is filed, in every place."""


@dataclass(frozen=True, slots=True)
class LegalLaw:
    """`response_days` after the letter before action counts as received (`service_days` after it was sent).

    `cost_note` where no cap on recoverable costs is on file: such costs are kept as not recoverable.
    """

    code: str
    response_days: int
    service_days: int
    annexes: tuple[str, ...]
    forums: tuple[Forum, ...]
    mediation: Literal["must_be_offered", "offered_where_possible"]
    source: str
    confidence: Literal["primary", "memory", "own_policy"]
    checks: tuple[str, ...] = CHECKS
    cost_note: str = "recoverable_cap_unknown"


_GB_ANNEXES = ("information_sheet", "reply_form", "financial_statement_form", "statement_of_account")

LAWS = {
    law.code: law
    for law in (
        # Two days for the post after the day of sending is our own, on the borrower's side.
        LegalLaw(
            "GB",
            30,
            2,
            _GB_ANNEXES,
            ("suit",),
            "must_be_offered",
            "Pre-Action Protocol for Debt Claims 3-7",
            "memory",
        ),
        LegalLaw(
            "CN",
            15,
            3,
            ("statement_of_account", "information_sheet"),
            ("arbitration", "suit"),
            "must_be_offered",
            "律师函: own policy; 民诉法 125: mediation first",
            "own_policy",
        ),
        # No state's figure is on file: the longest period that we know of anywhere.
        LegalLaw(
            "US",
            30,
            5,
            ("statement_of_account", "information_sheet"),
            ("arbitration", "suit"),
            "offered_where_possible",
            "own policy: no figure on file per state",
            "own_policy",
        ),
    )
}


def law_of(jurisdiction: str) -> LegalLaw | None:
    """None: we do not know how claims are brought there, and bring none."""
    return LAWS.get(jurisdiction)
