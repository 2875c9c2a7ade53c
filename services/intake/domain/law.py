"""What the law of a jurisdiction says about a placed debt, as data with its sources.

Not legal advice: counsel signs these figures off before production. A change of law is a change of this table.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Limitation:
    """After how many years a debt is time-barred, and what the years count from.

    `counts_from_last_instalment`: from the last due date of the whole contract, else from the oldest unpaid one. A
    payment always starts the years again; `demand_restarts` says whether a demand does too.
    """

    years: int
    counts_from_last_instalment: bool
    demand_restarts: bool
    source: str


@dataclass(frozen=True, slots=True)
class RateCap:
    """The highest yearly cost of credit that may be collected, all in, in basis points."""

    basis_points: int
    source: str


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """The rules of one country that intake checks a record against."""

    code: str
    currency: str
    age_of_majority: int
    majority_source: str
    limitation: Limitation
    rate_cap: RateCap | None


UNITED_STATES = Jurisdiction(
    code="US",
    currency="USD",
    age_of_majority=18,
    majority_source="common rule of the states' law of contract; AL and NE have 19, MS 21",
    # State law decides, three to ten years for written contracts; six is the widespread figure (e.g. N.J.S.A.
    # 2A:14-1) and the setting LIMITATION_YEARS_US changes it. 12 CFR 1006.26(b) forbids suing on a barred debt.
    limitation=Limitation(6, False, False, "state law on written contracts; 12 CFR 1006.26(b)"),
    # There is no federal cap for everybody (36 % under 10 U.S.C. 987 is for servicemembers): states' caps come with
    # the lender's licence.
    rate_cap=None,
)
CHINA = Jurisdiction(
    code="CN",
    currency="CNY",
    age_of_majority=18,
    majority_source="民法典 17",
    limitation=Limitation(3, True, True, "民法典 188 (three years), 189 (from the last instalment), 195 (restart)"),
    # Four times the loan prime rate binds private lending only, not licensed lenders (法释〔2020〕27号).
    rate_cap=RateCap(2_400, "法发〔2017〕22号 (24 %, financial institutions); 综合融资成本管理工作指引, Dec 2025"),
)


def jurisdictions(*, limitation_years_us: int) -> dict[str, Jurisdiction]:
    """The table by code, with the agency's own figure for the United States."""
    limitation = replace(UNITED_STATES.limitation, years=limitation_years_us)
    return {"US": replace(UNITED_STATES, limitation=limitation), "CN": CHINA}
