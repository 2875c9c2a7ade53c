"""All that may decide an offer, and nothing else: the engine is given these facts and no case.

Not among them: who somebody is, their language, region, contacts, holds, complaints, who of us looks at the case, or
that they are vulnerable. What is not here cannot decide; `audit` proves it for every set of offers on record.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from services.negotiation.domain.case_file import Assessment, CaseFile
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.mandates import EffectiveMandate, mandate_of_case
from services.negotiation.domain.mandates import largest_discount as largest_discount_of
from services.negotiation.domain.terms import Form, Frequency

Knowledge = Literal["statement", "assessment", "contract"]
"""Where the ceiling comes from, best first; `contract`: nothing is known, its regular instalment stands in."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Amounts in minor units. `ceiling` is the most that may be asked for in a month.

    `discount_max` and what follows it is what the mandate says on this day for this debt. `risk_grade` is None where
    the case was not assessed. `annual_rate_basis_points` and `months_left` are the contract's, where it is known.
    """

    today: date
    owed: Buckets
    discount_max: int
    term_months_max: int
    instalment_min: int
    reliefs: tuple[tuple[str, int], ...]
    frequencies: tuple[Frequency, ...]
    restructuring_months: int | None
    discounted_forms: tuple[Form, ...]
    risk_grade: str | None
    stage: str
    arrears_cause: str
    ceiling: int
    ceiling_from: Knowledge
    regular_instalment: int
    annual_rate_basis_points: int | None = None
    months_left: int | None = None
    rhythm: Frequency = "monthly"
    pay_day: int | None = None

    @property
    def total(self) -> int:
        return self.owed.total

    @property
    def is_known(self) -> bool:
        """Whether anybody looked at what can be paid."""
        return self.ceiling_from != "contract"

    def relief_months(self, kind: str) -> int:
        """The longest relief of a kind; 0: none."""
        return next((months for known, months in self.reliefs if known == kind), 0)


def facts_of(case: CaseFile, today: date, mandate: EffectiveMandate | None = None) -> Facts:
    """The facts of a case on a day. Without a mandate, the one that came with the case counts."""
    mandate = mandate or mandate_of_case(case.mandate)
    limits, assessment, contract = mandate.limits, case.assessment or Assessment(), case.contract
    ceiling, known_from = _ceiling(case, today)
    means = case.known_means(today)
    return Facts(
        today=today,
        owed=case.books.owed,
        discount_max=largest_discount_of(mandate, case, today),
        term_months_max=limits.term_months_max,
        instalment_min=limits.instalment_min,
        reliefs=tuple((relief.kind, relief.months_max) for relief in limits.reliefs),
        frequencies=limits.frequencies,
        restructuring_months=limits.restructuring.term_months_max if limits.restructuring else None,
        discounted_forms=limits.discounted_forms,
        risk_grade=assessment.risk_grade if case.assessment is not None else None,
        stage=assessment.stage,
        arrears_cause=assessment.arrears_cause,
        ceiling=ceiling,
        ceiling_from=known_from,
        regular_instalment=case.regular_instalment,
        annual_rate_basis_points=contract.annual_rate_basis_points if contract is not None else None,
        months_left=max(1, contract.term_months - contract.instalments_paid) if contract is not None else None,
        rhythm=_frequency(means.rhythm) if means is not None else "monthly",
        pay_day=means.pay_day if means is not None else None,
    )


def _ceiling(case: CaseFile, today: date) -> tuple[int, Knowledge]:
    affordable = case.affordable_monthly(today)
    if affordable is None:
        return case.regular_instalment, "contract"
    return affordable, "statement" if case.known_means(today) is not None else "assessment"


def _frequency(rhythm: str) -> Frequency:
    known: dict[str, Frequency] = {"weekly": "weekly", "fortnightly": "fortnightly", "pay_day": "pay_day"}
    return known.get(rhythm, "monthly")


def recorded(facts: Facts) -> dict[str, Any]:
    """The facts as plain values for a record: what `recalled` takes back."""
    return {**asdict(facts), "today": facts.today.isoformat()}


def recalled(record: Mapping[str, Any]) -> Facts:
    """Facts from a record. Raises TypeError, KeyError or ValueError where it is none of this version."""
    return Facts(
        **{
            **record,
            "today": date.fromisoformat(record["today"]),
            "owed": Buckets(**record["owed"]),
            "reliefs": tuple((kind, months) for kind, months in record["reliefs"]),
            "frequencies": tuple(record["frequencies"]),
            "discounted_forms": tuple(record["discounted_forms"]),
        }
    )


def hash_of(value: Any) -> str:
    """SHA-256 over the one way to write plain values: sorted keys, no spaces, ASCII."""
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(written.encode()).hexdigest()
