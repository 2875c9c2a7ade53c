"""The workbench has words in both languages for every closed list that its pages show."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from services.outreach.domain.work_queue import KINDS, OUTCOMES
from services.outreach.entrypoints.desk.words import word
from shared.events import terms

LISTS = {
    "channels": get_args(terms.Channel),
    "rungs": get_args(terms.Rung),
    "contact points": get_args(terms.ContactPointKind),
    "causes": get_args(terms.ArrearsCause),
    "holds": get_args(terms.HoldKind),
    "intents": get_args(terms.ReplyIntent),
    "items": KINDS,
    "outcomes of items": OUTCOMES,
}


@pytest.mark.parametrize("name", LISTS)
def test_every_word_of_a_closed_list_is_said_in_both_languages(name: str) -> None:
    assert LISTS[name]
    for code in LISTS[name]:
        assert "_" not in word(code, "en"), code
        assert re.search("[\u4e00-\u9fff]", word(code, "zh")), code
