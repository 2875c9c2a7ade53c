"""What assessment may say is what outreach can act upon."""

from __future__ import annotations

import yaml

from services.assessment.domain.treatment import STRATEGIES
from tests.unit.architecture.sources import ROOT


def test_every_strategy_has_a_ladder_of_its_own_and_no_ladder_waits_for_nothing() -> None:
    document = yaml.safe_load((ROOT / "services/outreach/adapters/ladders.yaml").read_text(encoding="utf-8"))
    assert set(document["ladders"]) == set(STRATEGIES)
