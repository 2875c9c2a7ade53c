"""Whether who opened a borrower's link knows something that only the borrower knows. The value itself never leaves.

The birth date where it is on file; else the whole account number: a notice shows the number's last signs beside the
link, so they prove nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.intake.application.ports import Resources
from services.intake.application.rows import FactorView
from services.intake.domain.refusals import CaseUnknown

FactorKind = Literal["born_on", "account_number"]


@dataclass(frozen=True, slots=True)
class CheckedFactor:
    """`is_right` is None where nothing was answered: only the question was asked for."""

    kind: FactorKind
    is_right: bool | None


async def check_second_factor(resources: Resources, case_id: UUID, answer: str | None) -> CheckedFactor:
    """Which question is asked of this case's borrower, and whether `answer` is right. Raises CaseUnknown."""
    async with resources.units.begin_for_all() as work:
        view = await work.persons.factor(case_id)
    if view is None or (view.born_sealed is None and view.number_sealed is None):
        raise CaseUnknown
    kind, value = _question(resources, view)
    if answer is None:
        return CheckedFactor(kind, None)
    return CheckedFactor(kind, hmac.compare_digest(_digest(kind, answer), _digest(kind, value)))


def _question(resources: Resources, view: FactorView) -> tuple[FactorKind, str]:
    seal = resources.vault.of(view.creditor_id).open_seal(view.person_id, view.wrapped_key)
    if view.born_sealed is not None:
        return "born_on", seal.unseal("born_on", view.born_sealed)
    assert view.number_sealed is not None
    return "account_number", seal.unseal("account_number", view.number_sealed)


def _digest(kind: FactorKind, text: str) -> bytes:
    """Of one length whatever was written, so that comparing takes the same time for every wrong answer."""
    signs = text.strip() if kind == "born_on" else "".join(sign for sign in text.casefold() if sign.isalnum())
    return hashlib.sha256(signs.encode()).digest()
