"""Fresh starts: a request goes its way once and in bounds, questions stay calm, facts name nobody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import orjson
import pypdf
import pytest

from services.negotiation.adapters.bureau.folder import FolderBureau
from services.negotiation.adapters.bureau.opening import open_bureau
from services.negotiation.adapters.bureau.sandbox import SandboxBureau
from services.negotiation.adapters.documents.papers import open_papers
from services.negotiation.application.fresh_start_ports import BureauAway, CorrectionFile
from services.negotiation.application.send_corrections import correction_file, facts_of, letter_of
from services.negotiation.domain.fresh_start import texts
from services.negotiation.domain.fresh_start.check_ins import CheckInAnswered, answer_check_in, check_ins
from services.negotiation.domain.fresh_start.corrections import (
    ATTEMPTS_MAX,
    Correction,
    CorrectionDecided,
    answer_time,
    answered,
    cancelled,
    given_up,
    sent,
    tried,
)
from services.negotiation.settings import NegotiationSettings
from tests.unit.negotiation.builders import HARBOUR_CREDIT, RENT_ARREARS

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
CLEARED = Correction(
    correction_id=UUID("01900000-0000-7000-8000-0000000000c1"),
    case_id=RENT_ARREARS,
    creditor_id=HARBOUR_CREDIT,
    jurisdiction="US",
    language="en",
    outcome="paid_for_less",
    currency="USD",
    waived=5_500,
    cleared_at=AT,
    state="requested",
    requested_at=AT,
    due_at=AT,
)


def test_each_try_waits_twice_as_long_as_the_one_before() -> None:
    correction, waits = CLEARED, []
    for _ in range(ATTEMPTS_MAX):
        correction = tried(correction, AT)
        assert correction.due_at is not None
        waits.append(correction.due_at - AT)
    assert waits[0] == timedelta(minutes=15)
    assert all(later == 2 * earlier for earlier, later in pairwise(waits))
    assert correction.attempts == ATTEMPTS_MAX
    assert given_up(correction).due_at is None


def test_a_request_is_answered_once_and_only_after_it_was_sent() -> None:
    with pytest.raises(CorrectionDecided):
        answered(CLEARED, "corrected", AT)
    on_its_way = sent(CLEARED, AT)
    assert sent(on_its_way, AT + timedelta(days=1)) == on_its_way
    done = answered(on_its_way, "corrected", AT)
    assert answered(done, "corrected", AT + timedelta(days=1)) == done
    with pytest.raises(CorrectionDecided):
        answered(done, "refused", AT)
    for over in (done, cancelled(CLEARED)):
        with pytest.raises(CorrectionDecided):
            sent(over, AT)
    assert sent(given_up(CLEARED), AT).state == "sent", "people handed it over after all"


@pytest.mark.parametrize(("jurisdiction", "days"), [("CN", 20), ("US", 30), ("SG", 30)])
def test_an_answer_is_overdue_when_the_days_of_its_law_are_over(jurisdiction: str, days: int) -> None:
    on_its_way = sent(replace(CLEARED, jurisdiction=jurisdiction), AT)
    assert not on_its_way.is_overdue(AT + timedelta(days=days) - timedelta(seconds=1))
    assert on_its_way.is_overdue(AT + timedelta(days=days))
    assert answer_time(jurisdiction).source


def test_facts_say_what_is_owed_and_nothing_about_a_person() -> None:
    facts = orjson.loads(facts_of(CLEARED))
    assert facts["balance_minor_units"] == facts["past_due_minor_units"] == 0
    assert facts["metro2_special_comment"] == "AU"
    assert "metro2_special_comment" not in orjson.loads(facts_of(replace(CLEARED, outcome="paid_in_full")))
    assert "metro2_special_comment" not in orjson.loads(facts_of(replace(CLEARED, jurisdiction="CN")))
    assert not {"name", "person_id", "account_id"} & facts.keys()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_letter_is_whole_in_both_languages(language: str) -> None:
    papers = open_papers(NegotiationSettings().papers)
    file = asyncio.run(correction_file(replace(CLEARED, language=language, jurisdiction="CN"), papers))
    assert len(pypdf.PdfReader(BytesIO(file.letter)).pages) == 1
    said = letter_of(replace(CLEARED, language=language), papers).sections[0].sentences
    assert not any("{" in sentence for sentence in said)
    assert texts.LETTER["en"].keys() == texts.LETTER["zh"].keys()
    assert all(set(hint) == {"en", "zh"} for hint in texts.HINTS.values())


def test_questions_are_due_after_thirty_and_ninety_days_and_answered_once() -> None:
    first, second = check_ins(RENT_ARREARS, HARBOUR_CREDIT, date(2026, 3, 2), "job_loss")
    assert (first.due_on, second.due_on) == (date(2026, 4, 1), date(2026, 5, 31))
    assert not first.is_due(date(2026, 3, 31))
    assert first.is_due(date(2026, 4, 1))
    well = answer_check_in(first, "well", AT)
    assert answer_check_in(well, "well", AT + timedelta(days=1)) == well
    with pytest.raises(CheckInAnswered):
        answer_check_in(well, "passed_over", AT)
    assert answer_check_in(well, "needs_help", AT).state == "needs_help", "help may be asked for later"


async def test_a_folder_takes_a_request_once_and_reads_the_answer_that_is_put_beside_it(tmp_path: Path) -> None:
    bureau = FolderBureau(tmp_path)
    on_its_way = sent(CLEARED, AT)
    file = CorrectionFile(CLEARED, facts_of(CLEARED), b"%PDF-1.7")
    await bureau.hand_over(file)
    await bureau.hand_over(replace(file, letter=b"%PDF-other"))
    request = tmp_path / str(CLEARED.correction_id)
    assert (request / "letter.pdf").read_bytes() == b"%PDF-1.7"
    assert _names(tmp_path) == [request.name]
    assert await bureau.answers([on_its_way], AT) == {}
    for nonsense in (b"{", b'{"answer": "maybe"}', b"[]", b" " * 20_000):
        (request / "answer.json").write_bytes(nonsense)
        assert await bureau.answers([on_its_way], AT) == {}
    (request / "answer.json").write_bytes(b'{"answer": "was_correct"}')
    assert await bureau.answers([on_its_way], AT) == {CLEARED.correction_id: "was_correct"}


async def test_a_folder_that_cannot_be_written_is_a_bureau_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BureauAway):
        await FolderBureau(tmp_path / "file").hand_over(CorrectionFile(CLEARED, b"{}", b"%PDF-"))


async def test_the_sandboxs_lender_answers_after_ten_days_and_production_has_none() -> None:
    on_its_way = sent(CLEARED, AT)
    ten_days = AT + timedelta(days=10)
    assert await SandboxBureau().answers([on_its_way], ten_days - timedelta(seconds=1)) == {}
    assert await SandboxBureau().answers([on_its_way], ten_days) == {CLEARED.correction_id: "corrected"}
    assert open_bureau(None, "production") is None
    assert isinstance(open_bureau(None, "sandbox"), SandboxBureau)


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]
