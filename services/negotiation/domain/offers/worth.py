"""What an offer is worth to the lender today, and what it asks of the borrower. Whole numbers throughout."""

from __future__ import annotations

from datetime import timedelta

from services.negotiation.domain.offers.facts import Facts
from services.negotiation.domain.offers.forms import Worth
from services.negotiation.domain.offers.limits import A_YEAR, largest_monthly
from services.negotiation.domain.offers.parameters import PARAMETERS, Parameters
from services.negotiation.domain.terms import Outline, draw_up

WHOLE = 1_000_000
QUARTER_DAYS = 91


def worth_of(facts: Facts, outline: Outline, parameters: Parameters = PARAMETERS) -> Worth:
    """Expected value: every payment times the chance that the plan lives till then, less interest and cost; what is
    still owed when it breaks counts with what is usually recovered then."""
    terms = draw_up(outline, currency="", grace_days=0)
    quarter_end = facts.today + timedelta(days=QUARTER_DAYS)
    return Worth(
        expected=_expected(facts, outline, [i.amount for i in terms.instalments], parameters),
        cost=outline.total,
        first_quarter=sum(i.amount for i in terms.instalments if i.due_on <= quarter_end),
        largest_monthly=largest_monthly(outline),
    )


def _expected(facts: Facts, outline: Outline, amounts: list[int], parameters: Parameters) -> int:
    form, periods = outline.shape[1], A_YEAR.get(outline.frequency, 12)
    breaks = _breaks_a_month(facts, outline, parameters) * 12 // periods
    interest = parameters.month_discount * 12 // periods
    recovered = parameters.recovered_after_break[facts.stage]
    wait = (outline.first_due_on - facts.today).days
    today_worth = max(0, WHOLE - parameters.month_discount * wait // 30)
    lives = parameters.starts[form]
    left, expected = outline.total, (WHOLE - lives) * outline.total * recovered // WHOLE
    for amount in amounts:
        expected += amount * lives // WHOLE * today_worth // WHOLE * (WHOLE - parameters.payment_cost)
        left -= amount
        broken = lives * breaks // WHOLE
        expected += left * broken // WHOLE * today_worth // WHOLE * recovered
        lives -= broken
        today_worth -= today_worth * interest // WHOLE
    return expected // WHOLE


def _breaks_a_month(facts: Facts, outline: Outline, parameters: Parameters) -> int:
    """The nearer to the ceiling, the likelier it breaks."""
    grade = facts.risk_grade or "C"
    load = min(100, largest_monthly(outline) * 100 // facts.ceiling) if facts.ceiling > 0 else 100
    by_load = parameters.load_empty + (parameters.load_full - parameters.load_empty) * load // 100
    by_form = parameters.form_breaks[outline.shape[1]] * parameters.rhythm_breaks[outline.frequency]
    return min(WHOLE, parameters.breaks[grade] * by_form * by_load // WHOLE)
