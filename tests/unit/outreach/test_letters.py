"""Letters: archivable, complete, readable again; and left for the print house whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
import typst
from pypdf import PdfReader

from services.outreach.adapters.channels.letters import LetterChannel
from services.outreach.adapters.genuine import SigningKey
from services.outreach.adapters.letters.press import TypstPress, blocks_of
from services.outreach.adapters.shipped_templates import shipped_templates
from services.outreach.adapters.template_engine import TemplateEngine
from services.outreach.application.contact_ports import NOT_ACCEPTED, Message
from services.outreach.application.content_ports import LetterOrder
from services.outreach.application.content_records import Worded
from shared.kernel.genuine.code import code_of
from shared.paper.qr import QUIET_ZONE, _make

ATTEMPT = UUID("01900000-0000-7000-8000-0000000000b1")
DAY = date(2026, 3, 2)
AGENCY = {"en": "Concord Recovery", "zh": "协和催收"}
PRESS = TypstPress(AGENCY, "complaints@example.com")
TOKEN = SigningKey("a key of a test", "concord-recovery").stamp("letter", ATTEMPT, DAY, b"\x00" * 12)
VALUES: Mapping[str, Any] = {
    "name": "Avery Ashdown",
    "creditor": "Harbour Credit",
    "total": "$1,255.00",
    "principal": "$1,200.00",
    "interest": "$40.00",
    "fees": "$15.00",
    "due_on": "16 January 2026",
    "link": "https://pages.example.com/b/token",
    "complaints": "complaints@example.com",
    "check_page": "https://pages.example.com/genuine",
    "code": code_of(TOKEN),
    "token": TOKEN.text,
    "has_offer": True,
    "is_us": True,
    "is_first": True,
    "is_machine": True,
    "itemized_on": "1 June 2025",
    "itemized_total": "$1,300.00",
    "first_creditor": "Granite Bank",
    "account_ending": "4471",
    "interest_since": "$40.00",
    "fees_since": "$15.00",
    "payments_since": "$100.00",
    "credits_since": "$0.00",
    "period_ends_on": "8 April 2026",
}
ITEMIZATION = ("1 June 2025", "$1,300.00", "$40.00", "$15.00", "$100.00", "$0.00", "$1,255.00", "Granite Bank", "4471")


def order(template: str = "letter_letter", language: str = "en", **changes: Any) -> LetterOrder:
    version = next(each for each in shipped_templates() if each.code == template)
    subject, body = TemplateEngine().compile(version.texts[language])
    values = {**VALUES, "agency": AGENCY[language], **changes}
    worded = Worded(
        subject=subject.render(values),
        text=body.render(values),
        template=version.reference,
        audience="borrower",
        kind="letter",
        language=language,
        variables=values,
        content_hash="",
        text_digest=b"",
        code=values["code"],
        token=TOKEN.text,
        check_link=f"{values['check_page']}?code={TOKEN.text}",
        creditor=values["creditor"],
    )
    kind = "validation_notice" if version.purpose == "validation_notice" else "letter"
    return LetterOrder(ATTEMPT, kind, values["name"], "12 Elm Street, Springfield, IL 62701", DAY, worded)


def text_of(pdf: bytes) -> str:
    """Without white space: where lines break is layout."""
    return "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages)


def pages_of(pdf: bytes) -> list[Any]:
    return list(PdfReader(BytesIO(pdf)).pages)


def picture_of(pdf: bytes) -> list[list[bool]]:
    """The picture code in the PDF as rows of dark and light."""
    (picture,) = [
        entry.get_object()
        for page in pages_of(pdf)
        for entry in page["/Resources"].get("/XObject", {}).values()
        if entry.get_object()["/Subtype"] == "/Image"
    ]
    width, pixels = picture["/Width"], picture.get_data()
    return [[value < 128 for value in pixels[start : start + width]] for start in range(0, len(pixels), width)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("template", ["letter_letter", "validation_notice_letter"])
def test_a_letter_says_who_for_whom_to_whom_how_much_and_carries_its_code(template: str, language: str) -> None:
    said = text_of(PRESS.make(order(template, language)))
    for part in (
        AGENCY[language],
        "HarbourCredit",
        "AveryAshdown",
        "12ElmStreet",
        "IL62701",
        "$1,200.00",
        "$40.00",
        "$15.00",
        "$1,255.00",
        "complaints@example.com",
        code_of(TOKEN),
        {"en": "Youranswer", "zh": "您的答复"}[language],
        {"en": "dispute", "zh": "异议"}[language],
    ):
        assert "".join(part.split()) in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_validation_notice_shows_how_the_amount_came_about_and_until_when_to_answer(language: str) -> None:
    """12 CFR 1006.34(c)."""
    said = text_of(PRESS.make(order("validation_notice_letter", language)))
    for part in ITEMIZATION:
        assert "".join(part.split()) in said
    assert said.count("8April2026") >= 2
    assert "cfpb.gov/debt-collection" in said
    prompts = {"en": ("itisnotmine", "theamountiswrong", "anotherreason"), "zh": ("与我无关", "金额有误", "其他理由")}
    for prompt in prompts[language]:
        assert prompt in said


def test_the_picture_code_holds_the_full_token() -> None:
    wanted = _make(f"https://pages.example.com/genuine?code={TOKEN.text}")
    matrix = [[bool(dot) for dot in row] for row in wanted.matrix]
    drawn = picture_of(PRESS.make(order()))
    inner = [row[QUIET_ZONE:-QUIET_ZONE] for row in drawn[QUIET_ZONE:-QUIET_ZONE]]
    assert inner == matrix


def test_a_letter_can_be_archived() -> None:
    """ISO 19005-2: the marker in the metadata, and every font inside."""
    pdf = PRESS.make(order("letter_letter", "zh"))
    root: Any = PdfReader(BytesIO(pdf)).trailer["/Root"]
    raw = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in raw
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in raw
    fonts = [font.get_object() for page in pages_of(pdf) for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_an_american_letter_is_on_american_paper() -> None:
    for is_us, width in ((True, 612), (False, 595)):
        page = PdfReader(BytesIO(PRESS.make(order(is_us=is_us)))).pages[0]
        assert round(float(page.mediabox.width)) == width


def test_the_same_letter_is_the_same_file() -> None:
    assert PRESS.make(order()) == PRESS.make(order())


@pytest.mark.parametrize("name", ['#read("/etc/passwd")', "$x$ *bold* <a> @b", "]#panic()[", '"},{"'])
def test_a_name_that_looks_like_source_stays_a_name(name: str) -> None:
    assert "".join(name.split()) in text_of(PRESS.make(order(name=name)))


def test_a_character_that_no_font_has_makes_no_letter_rather_than_a_box() -> None:
    with pytest.raises(typst.TypstError):
        PRESS.make(order(name="Avery \U00012000"))


async def test_one_letter_that_cannot_be_made_keeps_no_other_from_it() -> None:
    other = replace(order(), attempt_id=UUID(int=5))
    printed = await PRESS.print([order(name="\U00012000"), other])
    assert list(printed) == [other.attempt_id]


def test_indented_lines_become_one_table() -> None:
    blocks = blocks_of("Owed\n  principal  $1.00\n  fees  $2.00\n\nPay.\n")
    assert [block["kind"] for block in blocks] == ["paragraph", "rows", "paragraph"]
    assert blocks[1]["rows"] == [["principal", "$1.00"], ["fees", "$2.00"]]


def message(document: bytes | None = b"%PDF-1.7 a letter") -> Message:
    at = datetime(2026, 3, 2, 15, tzinfo=UTC)
    return Message(ATTEMPT, "letter", "12 Elm Street", "en", "Subject", "Text", at, document=document)


async def test_a_letter_lies_in_the_folder_with_its_job(tmp_path: Path) -> None:
    channel = LetterChannel(tmp_path)
    assert await channel.send([message()]) == {ATTEMPT: "sent"}
    job = orjson.loads((tmp_path / "jobs" / f"{ATTEMPT}.json").read_bytes())
    assert (tmp_path / job["file"]).read_bytes() == b"%PDF-1.7 a letter"
    assert "Elm" not in orjson.dumps(job).decode()
    assert {entry.suffix for entry in tmp_path.glob("*/*")} == {".pdf", ".json"}  # noqa: ASYNC240 - a test's folder
    assert await channel.look_up([ATTEMPT, UUID(int=9)]) == {ATTEMPT: "sent", UUID(int=9): NOT_ACCEPTED}


async def test_a_letter_handed_over_twice_is_printed_once(tmp_path: Path) -> None:
    channel = LetterChannel(tmp_path)
    await channel.send([message()])
    (tmp_path / "out" / f"{ATTEMPT}.pdf").unlink()  # the print house has taken it
    assert await channel.send([message(b"another")]) == {ATTEMPT: "sent"}
    assert list((tmp_path / "out").iterdir()) == []
    assert await LetterChannel(tmp_path).look_up([ATTEMPT]) == {ATTEMPT: "sent"}


async def test_a_letter_without_a_pdf_is_not_accepted(tmp_path: Path) -> None:
    assert await LetterChannel(tmp_path).send([message(None)]) == {ATTEMPT: NOT_ACCEPTED}


async def test_a_letter_whose_job_cannot_be_written_was_not_handed_over(tmp_path: Path) -> None:
    """The folder of jobs is gone: the PDF alone is no letter, and a later try makes it one."""
    channel = LetterChannel(tmp_path)
    (tmp_path / "jobs").rmdir()
    assert await channel.send([message()]) == {ATTEMPT: NOT_ACCEPTED}
    assert await channel.look_up([ATTEMPT]) == {ATTEMPT: NOT_ACCEPTED}
    (tmp_path / "jobs").mkdir()
    assert await channel.send([message()]) == {ATTEMPT: "sent"}
