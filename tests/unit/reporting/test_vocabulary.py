"""The console has words in both languages for all that events and packs say; a word that it lacks does not stop it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from services.outreach.domain.desk.matter import CATEGORIES, GROUNDS
from services.reporting.entrypoints.console.portfolio_view import denials
from services.reporting.entrypoints.narration import narrate
from services.reporting.entrypoints.wording import Language, word
from shared.events import terms
from shared.events.case_closed import CaseClosed
from shared.events.case_recalled import CaseRecalled
from shared.events.complaint_closed import ComplaintClosed
from shared.events.contact_attempted import ContactAttempted
from shared.events.contact_denied import ContactDenied
from shared.events.dispute_closed import DisputeClosed
from shared.kernel.rule_words import FACTS, RULES, rule_word
from tests.unit.reporting.test_words import TOLD

OUTREACH = Path(__file__).parents[3] / "services/outreach"


def field(event: Any, name: str) -> tuple[str, ...]:
    return get_args(event.model_fields[name].annotation)


LISTS = {
    "channels": get_args(terms.Channel),
    "rungs": get_args(terms.Rung),
    "stages": get_args(terms.Stage),
    "causes": get_args(terms.ArrearsCause),
    "holds": get_args(terms.HoldKind),
    "intents": get_args(terms.ReplyIntent),
    "products": get_args(terms.Product),
    "plans": get_args(terms.PlanKind),
    "parties": get_args(terms.Party),
    "outcomes of contacts": field(ContactAttempted, "outcome"),
    "verdicts": field(ContactDenied, "verdict"),
    "ends": (*field(CaseClosed, "reason"), *field(CaseRecalled, "reason")),
    "outcomes of grievances": (*field(ComplaintClosed, "outcome"), *field(DisputeClosed, "outcome")),
    "categories and grounds": (*CATEGORIES, *GROUNDS),
}


@pytest.mark.parametrize("name", LISTS)
def test_every_word_of_a_closed_list_is_said_in_both_languages(name: str) -> None:
    assert LISTS[name]
    for code in LISTS[name]:
        assert word(code, "en") == code or "_" not in word(code, "en")
        assert re.search("[\u4e00-\u9fff]", word(code, "zh")), code


def our_rules() -> list[dict[str, Any]]:
    packs = [yaml.safe_load(path.read_text()) for path in sorted((OUTREACH / "adapters/packs").glob("*.yaml"))]
    return [rule for pack in packs for rule in pack["rules"]]


def test_every_rule_of_our_packs_has_words() -> None:
    assert {rule["id"] for rule in our_rules()} <= set(RULES)


def test_every_fact_that_a_rule_may_miss_has_words() -> None:
    sources = "".join(path.read_text() for path in (OUTREACH / "domain/gate").rglob("*.py"))
    named = set(re.findall(r"Fired\(None, \"([a-z_]+)\"\)", sources))
    assert len(named) > 10
    named |= {fact for rule in our_rules() if rule["type"] == "known" for fact in rule["facts"]}
    assert named <= set(FACTS)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "a rule of the packs (moon_phase)"), ("zh", "规则包中的规则（moon_phase）")]
)
def test_a_lender_s_own_rule_is_named_calmly(language: Language, said: str) -> None:
    assert rule_word("harbour-credit/moon_phase", language) == said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_denial_shows_words_clause_and_id(language: Language) -> None:
    denied = TOLD["contact.denied"]
    rules = [{"rule": name, "clause": "§ 7"} for name in ("hold", "moon_phase", "missing_fact.shoe_size")]
    sentence = narrate(replace(denied, body={**denied.body, "rules": rules}), language)
    assert all(rule["rule"] in sentence for rule in rules)
    assert sentence.count("§ 7") == 3
    assert rule_word("hold", language) in sentence


def test_two_rules_of_one_word_stay_two_bars() -> None:
    assert len(denials({"three_in_seven_days": 3, "two_in_seven_days": 2}, "en")) == 2
