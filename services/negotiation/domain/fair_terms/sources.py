"""Where each rule of fairness comes from, in our own words, and how well we saw the source.

Confidence: `primary` (the text itself was read), `official_secondary`, `secondary` (somebody's report of it), `memory`
(known, not read again), `policy` (ours, stricter than any law that we know).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["forbidden", "note"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`clause` names the strongest source; `severity` note: somebody should look, nothing is refused."""

    rule: str
    clause: str
    confidence: str
    severity: Severity = "forbidden"


_RULES = (
    Rule("fee.outside_contract", "12 CFR 1006.22(b): no amount but what the agreement or the law allows", "primary"),
    Rule("fee.above_contract", "12 CFR 1006.22(b); CONC 7.7.5R: no more than reasonable costs", "primary"),
    Rule("interest.beyond_contract", "12 CFR 1006.22(b): interest only as the agreement or the law allows", "primary"),
    Rule("interest.beyond_cap", "the cap that holds for the loan (interest caps)", "secondary"),
    Rule("default_rate.beyond_contract", "93/13/EEC annex 1(e): no disproportionate sum for a breach", "secondary"),
    Rule("default_rate.beyond_cap", "民间借贷规定 arts 28, 29: default interest and fees under one cap", "primary"),
    Rule("cap.unknown", "interest is added where we do not know the cap", "policy", "note"),
    Rule("total.above_owed", "12 CFR 1006.22(b); Civil Code of the PRC art. 496: a fair share of rights", "primary"),
    Rule("borrowing.needed", "CONC 7.3.10R: no pressure to borrow; 中银协 2026: no inducing of new loans", "primary"),
    Rule("deadline.past", "a deadline that has passed says nothing true (15 U.S.C. 1692e(10))", "primary"),
    Rule("deadline.too_short", "93/13/EEC annex 1(i): a real chance to read before being bound", "secondary"),
    Rule("deadline.false", "15 U.S.C. 1692e(10): no last chance that is none", "primary"),
    Rule("payment.above_affordable", "CONC 7.3.10R: no pressure beyond means", "primary"),
    Rule("payment.balloon", "CONC 7.3.10R; CN Civil Code art. 496: nothing one-sided", "secondary"),
    Rule("early.penalty", "2008/48/EC art. 16; CN Civil Code art. 677: early payment is a right", "secondary"),
    Rule("discount.lost_at_once", "93/13/EEC annex 1(e): the sanction must fit the breach", "secondary"),
    Rule("acceleration.for_little", "CRA 2015 sch. 2 para 6; CN Civil Code art. 585: damages must fit", "secondary"),
    Rule("silence.accepts", "CN Civil Code art. 480: acceptance is said; 93/13/EEC annex 1(i)", "secondary"),
    Rule("time_barred.not_told", "12 CFR 1006.26; CN Civil Code art. 192: nobody revives a debt unawares", "secondary"),
    Rule("time_barred.unknown", "it is not known whether the debt can be sued on", "policy", "note"),
    Rule("payments.not_the_total", "what is paid has to be what is said (93/13/EEC art. 5: plain terms)", "policy"),
    Rule("clause.unknown", "only clauses of the catalogue are agreed", "policy"),
    Rule("clause.missing", "a right that the borrower has to be told of is not in the agreement", "policy"),
)
RULES: dict[str, Rule] = {rule.rule: rule for rule in _RULES}
