"""Who may act: a person or a bot of the staff needs every required certificate, unexpired and unrevoked (D19, F69)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

REQUIRED = ("training", "ethics", "yearly_exam")
"""What somebody must hold at once. A bot sits the same examinations as a person."""

EXAM_VALID_DAYS_MAX = 366
"""The yearly examination is one because nobody may stretch it."""

EXPIRES_SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Valid from `issued_on` to `valid_until`, both included, unless revoked on or before the day asked about."""

    kind: str
    issued_on: date
    valid_until: date
    revoked_on: date | None = None

    def holds_on(self, day: date) -> bool:
        is_revoked = self.revoked_on is not None and self.revoked_on <= day
        return self.issued_on <= day <= self.valid_until and not is_revoked


@dataclass(frozen=True, slots=True)
class Standing:
    """`valid_until`: the last day on which everything required holds; None where `lacks` names something."""

    valid_until: date | None
    lacks: tuple[str, ...]

    @property
    def is_certified(self) -> bool:
        return not self.lacks

    def expires_soon(self, day: date) -> bool:
        return self.valid_until is not None and self.valid_until <= day + EXPIRES_SOON


def standing(certificates: Iterable[Certificate], day: date) -> Standing:
    """What somebody's certificates amount to on a day; of several of a kind the one that lasts longest counts."""
    until: dict[str, date] = {}
    for certificate in certificates:
        if certificate.holds_on(day):
            until[certificate.kind] = max(until.get(certificate.kind, day), certificate.valid_until)
    lacks = tuple(kind for kind in REQUIRED if kind not in until)
    return Standing(None if lacks else min(until[kind] for kind in REQUIRED), lacks)


def form_errors(kind: str, issued_on: date, valid_until: date, today: date) -> list[str]:
    """Codes of what is wrong with a certificate before it is recorded."""
    errors = []
    if kind not in REQUIRED:
        errors.append("certificate_kind_unknown")
    if issued_on > today:
        errors.append("certificate_not_issued_yet")
    if valid_until < issued_on:
        errors.append("certificate_ends_before_it_begins")
    if kind == "yearly_exam" and (valid_until - issued_on).days > EXAM_VALID_DAYS_MAX:
        errors.append("certificate_too_long")
    return errors
