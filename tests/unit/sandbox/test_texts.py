"""What simulated borrowers write is understood as they mean it."""

from __future__ import annotations

from datetime import date

import pytest

from deploy.sandbox.borrowers.texts import TEXTS
from services.outreach.adapters.reply_model import load_model
from services.outreach.domain.replies.reading import understand

TODAY = date(2026, 1, 20)
INTENTS = {"cease": "stop", "hardship_job_loss": "hardship", "hardship_illness": "hardship"}
INTENTS["hardship_bereavement"] = "hardship"
CAUSES = {"hardship_job_loss": "job_loss", "hardship_illness": "illness", "hardship_bereavement": "bereavement"}

EVERY_TEXT = [
    (kind, text.format(amount="300.00元" if language == "zh" else "$300.00", date="2026-02-10"))
    for language, kinds in TEXTS.items()
    for kind, texts in kinds.items()
    for text in texts
]


@pytest.mark.parametrize(("kind", "text"), EVERY_TEXT)
def test_a_text_has_the_intent_that_its_writer_has(kind: str, text: str) -> None:
    meaning = understand(text, TODAY, load_model())
    assert meaning.intent == INTENTS.get(kind, kind)
    assert meaning.arrears_cause == CAUSES.get(kind, meaning.arrears_cause)
    assert meaning.review is None
    assert meaning.also == ()


@pytest.mark.parametrize(("kind", "text"), [each for each in EVERY_TEXT if each[0] == "promise"])
def test_a_promise_is_understood_with_its_day_and_amount(kind: str, text: str) -> None:
    meaning = understand(text, TODAY, load_model())
    assert (meaning.promised_on, meaning.promised_minor_units) == (date(2026, 2, 10), 30_000)
