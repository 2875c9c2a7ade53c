"""Who of us may agree to an outline, and when only the lender can."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.mandates.effective import EffectiveMandate
from services.negotiation.domain.mandates.grid import WHOLE
from services.negotiation.domain.mandates.inside import allows, months_spanned
from services.negotiation.domain.mandates.limits import RELIEF_KINDS
from services.negotiation.domain.mandates.version import Authority
from services.negotiation.domain.terms import Outline

LENDER = "lender"


@dataclass(frozen=True, slots=True)
class AuthorityNeeded:
    """`roles` may agree by themselves; where there are none, only the lender can. `outside`: why the mandate does not
    reach, where it does not."""

    roles: tuple[str, ...]
    outside: tuple[str, ...] = ()

    @property
    def is_lenders(self) -> bool:
        return not self.roles

    def lets(self, role: str) -> bool:
        """Whether somebody in this role may decide. The lender may always."""
        return role == LENDER or role in self.roles


def authority_needed(
    mandate: EffectiveMandate, outline: Outline, case: CaseFile, today: date, roles: tuple[str, ...]
) -> AuthorityNeeded:
    """Which of our `roles` may agree to an outline.

    Inside a mandate without authorities every role may: the lender has drawn no lines between us.
    """
    outside = allows(mandate, outline, case, today)
    if outside:
        return AuthorityNeeded((), outside)
    if not mandate.authorities:
        return AuthorityNeeded(roles)
    enough = tuple(a.role for a in mandate.authorities if a.role in roles and _reaches(a, outline))
    return AuthorityNeeded(enough)


def _reaches(authority: Authority, outline: Outline) -> bool:
    form, whole = outline.shape[1], outline.total + outline.discount
    return (
        outline.discount * WHOLE <= whole * authority.discount_max_basis_points
        and months_spanned(outline) <= authority.term_months_max
        and (form not in RELIEF_KINDS or form in authority.reliefs)
    )
