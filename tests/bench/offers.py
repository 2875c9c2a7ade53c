"""Offers for one case, on one core: the usual case, and the widest mandate with ten years of weeks. No servers.

Counted is everything from the case to the proof that goes on record: facts, lawful forms, worth, choice, hashes. Beside
it, what cannot be spared: the schedules of the offers that are shown are drawn up, and the record is hashed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from time import process_time

from services.negotiation.domain.case_file import Assessment, CaseFile
from services.negotiation.domain.ledger import Buckets
from services.negotiation.domain.mandates import EffectiveMandate, Restructuring, mandate_of_case
from services.negotiation.domain.offers import facts_of, offers_from
from services.negotiation.domain.offers.audit import proof_of, written
from services.negotiation.domain.offers.facts import hash_of, recorded
from services.negotiation.domain.terms import draw_up
from tests.unit.negotiation.builders import MONDAY, case_file
from tests.unit.negotiation.offer_cases import contract, known, wide_mandate

DAY: date = MONDAY


def measure(cases: int, say: Callable[[str], None]) -> dict[str, float]:
    """Milliseconds for one case: the median, the slowest of a hundred, the raw part, and how many times it that is."""
    results: dict[str, float] = {}
    for name, (case, mandate) in _cases().items():
        say(f"offers, {name}: {cases} cases")
        took = sorted(_timed(partial(_offer, case, mandate)) for _ in range(cases))
        raw = sorted(_timed(_raw(case, mandate)) for _ in range(cases))
        results[f"offers_{name}_ms"] = took[cases // 2]
        results[f"offers_{name}_p99_ms"] = took[cases * 99 // 100]
        results[f"offers_{name}_raw_ms"] = raw[cases // 2]
        results[f"offers_{name}_ratio"] = took[cases // 2] / raw[cases // 2]
    return results


def _cases() -> dict[str, tuple[CaseFile, EffectiveMandate]]:
    usual = replace(case_file(), contract=contract())
    widest = wide_mandate(term_months_max=120, instalment_min=0, restructuring=Restructuring(360))
    owed = Buckets(1_500, 400_000, 12_000_000)
    poor = replace(
        case_file(owed=owed, assessment=Assessment("E", "late", "illness", 120_000)),
        contract=contract(term_months=360),
        means=known(110_000, rhythm="weekly"),
        regular_instalment=200_000,
    )
    return {"usual": (usual, mandate_of_case(usual.mandate)), "widest": (poor, widest)}


def _offer(case: CaseFile, mandate: EffectiveMandate) -> None:
    facts = facts_of(case, DAY, mandate)
    proof_of(facts, offers_from(facts))


def _raw(case: CaseFile, mandate: EffectiveMandate) -> Callable[[], None]:
    facts = facts_of(case, DAY, mandate)
    drafts = offers_from(facts)
    record, offers = recorded(facts), written(drafts)

    def act() -> None:
        for draft in drafts:
            draw_up(draft.outline, currency="USD", grace_days=3)
        hash_of(record)
        hash_of(offers)

    return act


def _timed(act: Callable[[], None]) -> float:
    begun = process_time()
    act()
    return (process_time() - begun) * 1_000
