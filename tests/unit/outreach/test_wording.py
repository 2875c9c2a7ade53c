"""The texts: complete in both languages, and never more than what was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from jinja2 import UndefinedError

from services.outreach.adapters.genuine import SigningKey
from services.outreach.adapters.ladders import load_ladders
from services.outreach.adapters.shipped_templates import shipped_templates
from services.outreach.adapters.wording import Sender, TemplateWording, money_text
from services.outreach.application.contact_ports import Addressee
from services.outreach.application.records import Reservation
from services.outreach.domain.case_file import Balance, CaseFile
from services.outreach.domain.templates.version import Text
from shared.service.links import read_token

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CASE = UUID("01900000-0000-7000-8000-0000000000c1")
OTHER = UUID("01900000-0000-7000-8000-0000000000c2")
SECRET = b"a secret for links"
SENDER = Sender(
    {"en": "Concord Recovery", "zh": "协和催收"},
    "complaints@example.com",
    "https://pages.example.com",
    SECRET,
    "https://pages.example.com/genuine",
)
KEY = SigningKey("a key of a test", "concord-recovery")
WORDING = TemplateWording(SENDER, KEY, shipped_templates())
LADDER_TEXTS = sorted(code for code in WORDING.codes if code.split("_")[0] in ("reminder", "call", "letter"))
AVERY = Addressee(OTHER, "avery@example.com", "Avery Ashdown", "en", "Harbour Credit")
FILE = CaseFile(
    case_id=CASE,
    person_id=OTHER,
    creditor_id=OTHER,
    jurisdiction="US",
    language="en",
    currency="USD",
    status="open",
    balance=Balance(1_500, 4_000, 120_000),
    offer_expires_at=None,
    is_plan_kept=False,
    is_represented=False,
    inconvenient_times=(),
    points=(),
    holds=(),
    opt_outs=(),
    contacts=(),
)


def reservation(template: str) -> Reservation:
    rung, _, channel = template.partition("_")
    return Reservation(CASE, CASE, OTHER, OTHER, OTHER, channel, rung, f"{template}.v1", OTHER)


def word(template: str, file: CaseFile = FILE, addressee: Addressee = AVERY) -> tuple[str, str]:
    worded = WORDING.word(reservation(template), file, addressee, AT)
    return worded.subject, worded.text


def test_every_step_of_every_ladder_has_its_text() -> None:
    for ladder in load_ladders().by_strategy.values():
        for step in ladder.steps:
            for channel in step.channels:
                if step.is_remote:
                    assert WORDING.template(step.words or step.rung, channel) is not None


@pytest.mark.parametrize("template", LADDER_TEXTS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_text_says_who_for_whom_how_much_the_rights_and_the_way_out(template: str, language: str) -> None:
    _, text = word(template, addressee=replace(AVERY, language=language))
    agency = {"en": "Concord Recovery", "zh": "协和催收"}[language]
    for part in (agency, "Harbour Credit", "$1,255.00", "$1,200.00", "$40.00", "$15.00", "complaints@example.com"):
        assert part in text
    assert "https://pages.example.com/b/" in text
    stop = {"en": ("STOP", "stop"), "zh": ("退订", "不再来电", "不愿再")}[language]
    assert any(word in text for word in stop)


@pytest.mark.parametrize("template", LADDER_TEXTS)
def test_in_the_united_states_every_text_says_that_it_comes_from_a_debt_collector(template: str) -> None:
    """12 CFR 1006.18(e)."""
    assert "debt collector" in word(template)[1]
    assert "debt collector" not in word(template, replace(FILE, jurisdiction="CN"))[1]


def test_the_link_names_the_case_and_ends_after_thirty_days() -> None:
    token = word("reminder_sms")[1].split("/b/")[1].split()[0]
    assert read_token(SECRET, token, AT + timedelta(days=30)) == CASE


def test_a_name_that_looks_like_a_template_stays_a_name() -> None:
    _, text = word("reminder_email", addressee=replace(AVERY, name="{{ 7 * 7 }}"))
    assert "{{ 7 * 7 }}" in text


def test_a_line_break_in_a_name_does_not_reach_the_subject() -> None:
    subject, _ = word("reminder_email", addressee=replace(AVERY, creditor_name="Harbour\r\nBcc: x@example.com"))
    assert "\n" not in subject
    assert "\r" not in subject


def test_an_offer_is_mentioned_only_while_it_stands() -> None:
    for expires_at, is_mentioned in ((AT, False), (AT + timedelta(seconds=1), True), (None, False)):
        text = word("reminder_email", replace(FILE, offer_expires_at=expires_at))[1]
        assert ("An offer is waiting" in text) == is_mentioned


def test_a_template_with_an_unknown_word_fails_and_sends_nothing() -> None:
    odd = replace(shipped_templates()[0], texts={name: Text("", "{{ salary }}") for name in ("en", "zh")})
    wording = TemplateWording(SENDER, KEY, [odd])
    with pytest.raises(UndefinedError):
        wording.word(reservation("reminder_email"), FILE, AVERY, AT)


@pytest.mark.parametrize(
    ("minor_units", "currency", "text"),
    [(0, "USD", "$0.00"), (5, "CNY", "¥0.05"), (123_456_789, "USD", "$1,234,567.89"), (5_000, "VND", "VND 5,000")],
)
def test_amounts_are_written_as_people_write_them(minor_units: int, currency: str, text: str) -> None:
    assert money_text(minor_units, currency) == text
