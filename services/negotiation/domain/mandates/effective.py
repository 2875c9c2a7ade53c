"""The mandate that counts for one case on one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.negotiation.domain.case_file import CaseFile, Mandate
from services.negotiation.domain.ledger import Bucket
from services.negotiation.domain.mandates.grid import Grid, GridRow, Shares
from services.negotiation.domain.mandates.limits import Limits, Relief
from services.negotiation.domain.mandates.version import NO_CHARGES, Authority, Charges, MandateVersion


@dataclass(frozen=True, slots=True)
class EffectiveMandate:
    """`version_id` and `number` are None where it is the mandate that came with the case."""

    limits: Limits
    allocation_order: tuple[Bucket, ...]
    grace_days: int
    charges: Charges = NO_CHARGES
    authorities: tuple[Authority, ...] = ()
    version_id: UUID | None = None
    number: int | None = None


def mandate_of_case(mandate: Mandate) -> EffectiveMandate:
    """The mandate that came with a case, in the same form as a version.

    It knows a pause only: a deferral, which asks for nothing either, is the same to the lender. It says nothing about
    frequencies, and paying more often than monthly is no worse for anybody. It restructures nothing.
    """
    share = mandate.discount_max_basis_points
    months = mandate.pause_months_max
    return EffectiveMandate(
        limits=Limits(
            grid=Grid((GridRow(Shares(interest=share, principal=share)),)),
            term_months_max=mandate.term_months_max,
            instalment_min=mandate.instalment_min,
            reliefs=(Relief("pause", months), Relief("deferral", months)) if months else (),
        ),
        allocation_order=mandate.allocation_order,
        grace_days=mandate.grace_days,
    )


def effective_mandate(case: CaseFile, versions: Iterable[MandateVersion], on: date) -> EffectiveMandate:
    """The newest version in force for the case's lender and product, else the mandate that came with the case.

    A version on which the lender did not give its word allows no more than the lender's own newest word: its version,
    or what came with the case.
    """
    fitting = _in_force(case, versions, on)
    version = max(fitting, key=_age, default=None)
    theirs = max((v for v in fitting if v.is_lenders_word), key=_age, default=None)
    word = _lenders_word(theirs) if theirs is not None else mandate_of_case(case.mandate)
    if version is None or version is theirs:
        return word
    return replace(
        word,
        limits=version.limits.tightened_by(word.limits),
        grace_days=min(version.grace_days, word.grace_days),
        authorities=version.authorities,
        version_id=version.version_id,
        number=version.number,
    )


def carried(case: CaseFile, versions: Iterable[MandateVersion], on: date) -> CaseFile:
    """The case with the order of allocation and the days of grace of the lender's newest version in force.

    These two are not limits but how money and days are counted, for plans and payments to come, so they go into the
    case's own mandate, as if the lender had sent it anew. They stay when the version ends, until its next word.
    """
    theirs = max((v for v in _in_force(case, versions, on) if v.is_lenders_word), key=_age, default=None)
    if theirs is None:
        return case
    order, grace_days = theirs.allocation_order, theirs.grace_days
    return replace(case, mandate=replace(case.mandate, allocation_order=order, grace_days=grace_days))


def _lenders_word(version: MandateVersion) -> EffectiveMandate:
    return EffectiveMandate(
        limits=version.limits,
        allocation_order=version.allocation_order,
        grace_days=version.grace_days,
        charges=version.charges,
        authorities=version.authorities,
        version_id=version.version_id,
        number=version.number,
    )


def _in_force(case: CaseFile, versions: Iterable[MandateVersion], on: date) -> list[MandateVersion]:
    product = case.contract.product if case.contract is not None else None
    return [
        version
        for version in versions
        if version.creditor_id == case.creditor_id
        and version.product in (None, product)
        and version.currency == case.currency
        and version.is_in_force(on)
    ]


def _age(version: MandateVersion) -> tuple[bool, date, int]:
    """A product's own version goes before the lender's general one, then the later start, then the higher number."""
    return version.product is not None, version.effective_from, version.number
