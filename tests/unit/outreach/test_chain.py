"""The chain of a case's decisions, and that stored facts stay readable."""

from __future__ import annotations

import hashlib
import json

import pytest

from services.outreach.domain.gate.chain import BEFORE_THE_FIRST, GENESIS, chained
from services.outreach.domain.gate.document import to_text
from services.outreach.domain.gate.facts import from_document
from tests.unit.outreach.decision_log import a_case

STORED_IN_FORM_2 = (
    '{"contacts":[["2026-02-27T15:30:00+00:00","call","case-1","mobile-1","no_answer","out"],'
    '["2026-02-28T15:30:00+00:00","call","case-1","mobile-1","conversation","in",{"kind":"interactive"}]],'
    '"facts":{"case_status":"open","holds":[{"kind":"dispute","until":"2026-03-09T00:00:00+00:00"}],'
    '"is_plan_kept":false,"is_represented":false,"jurisdiction":"US","owed_minor_units":125500,'
    '"point":{"kind":"mobile","may_be_used":true},"time_zones":["America/New_York"]},"form":2,'
    '"now":"2026-03-02T15:00:00+00:00",'
    '"request":{"case_id":"case-1","channel":"call","contact_point_id":"mobile-1","rung":"reminder"}}'
)
"""As it was kept on the day when form 2 began. Facts that came later are not in it."""


def test_the_chain_is_what_its_description_says() -> None:
    record = {"position": 1, "case_id": "case-1"}
    said = hashlib.sha256((GENESIS + '{"case_id":"case-1","position":1}').encode()).hexdigest()
    assert chained(GENESIS, record) == said
    assert (BEFORE_THE_FIRST.position, BEFORE_THE_FIRST.chain_hash) == (0, GENESIS)


@pytest.mark.parametrize("name", ["verdict", "until", "rules", "notes", "facts_hash", "decided_at", "creditor_id"])
def test_everything_about_a_decision_is_bound(name: str) -> None:
    record = {key: value for key, value in a_case(1, 1)[0].items() if key not in ("facts", "chain_hash")}
    assert chained(GENESIS, record) != chained(GENESIS, {**record, name: "another"})


def test_facts_of_an_older_day_are_read_and_written_as_they_were() -> None:
    """New facts have defaults, and defaults are not written: otherwise every older hash would be wrong."""
    assert to_text(*from_document(json.loads(STORED_IN_FORM_2))) == STORED_IN_FORM_2
