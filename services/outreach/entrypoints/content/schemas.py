"""The bodies of templates, conduct and codes: closed, bounded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.outreach.application.check_conduct import ConductFinding
from services.outreach.application.content_records import RefusedText
from services.outreach.application.show_sent_texts import ShownText
from services.outreach.domain.conduct.checker import Action
from services.outreach.domain.genuine.checking import Finding
from services.outreach.domain.itemization import Itemization
from services.outreach.domain.templates.version import CODE_PATTERN, TemplateVersion, Text
from shared.events.terms import Channel, Language
from shared.kernel.money import MINOR_UNITS_MAX

BODY_LENGTH_MAX = 10_000
CHECKED_LENGTH_MAX = 20_000
Purpose = Annotated[str, Field(pattern=CODE_PATTERN)]
Audience = Literal["borrower", "third_party"]
State = Literal["draft", "approved", "retired"]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class TextBody(_Closed):
    subject: Annotated[str, Field(max_length=300)] = ""
    body: Annotated[str, Field(min_length=1, max_length=BODY_LENGTH_MAX)]


class TemplateBody(_Closed):
    """`purpose`: the step of the ladder (reminder, call, letter), or validation_notice, or locate (third party)."""

    code: Annotated[str, Field(pattern=CODE_PATTERN)]
    channel: Channel
    purpose: Purpose
    audience: Audience = "borrower"
    texts: Annotated[dict[Language, TextBody], Field(max_length=2)]

    def as_texts(self) -> Mapping[str, Text]:
        return {language: Text(text.subject, text.body) for language, text in self.texts.items()}


class TurnBody(_Closed):
    speaker: Literal["agent", "bot", "borrower", "other"]
    text: Annotated[str, Field(max_length=CHECKED_LENGTH_MAX)]


class ConductBody(_Closed):
    """A text, or the turns of a transcript."""

    text: Annotated[str | None, Field(max_length=CHECKED_LENGTH_MAX)] = None
    turns: Annotated[list[TurnBody], Field(max_length=500)] = []
    language: Language = "en"
    audience: Audience = "borrower"


class ItemizationBody(_Closed):
    """Amounts in minor units since `itemized_on`. `account_ending`: at most six characters of the account's number."""

    notice_id: Annotated[UUID, Field(description="chosen by the caller; the same again is sent once")]
    itemized_on: date
    total_minor_units: Annotated[int, Field(ge=0, le=MINOR_UNITS_MAX)]
    interest_minor_units: Annotated[int, Field(ge=0, le=MINOR_UNITS_MAX)]
    fees_minor_units: Annotated[int, Field(ge=0, le=MINOR_UNITS_MAX)]
    payments_minor_units: Annotated[int, Field(ge=0, le=MINOR_UNITS_MAX)]
    credits_minor_units: Annotated[int, Field(ge=0, le=MINOR_UNITS_MAX)]
    first_creditor: Annotated[str, Field(min_length=1, max_length=120)]
    account_ending: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{2,6}$")]

    def itemization(self) -> Itemization:
        return Itemization(**self.model_dump(exclude={"notice_id"}))


class NoticeAnswer(BaseModel):
    attempt_id: UUID
    template: str
    code: str
    content_hash: str
    letter_hash: str | None
    worded_at: datetime


class TemplateAnswer(BaseModel):
    code: str
    version: int
    reference: str
    channel: str
    purpose: str
    audience: str
    texts: dict[str, dict[str, str]]
    content_hash: str
    state: str
    made_by: str
    made_at: datetime
    checked_by: str | None
    checked_at: datetime | None
    retired_by: str | None
    retired_at: datetime | None


class TemplatesAnswer(BaseModel):
    templates: list[TemplateAnswer]


class FindingAnswer(BaseModel):
    rule: str
    category: str
    start: int
    end: int
    reason: str
    turn: int | None
    action: Annotated[Action, Field(description="block: it may not be said; review: a person looks before it is")]


class ConductAnswer(BaseModel):
    is_clean: bool
    findings: list[FindingAnswer]


class SentTextAnswer(BaseModel):
    """`is_same`: made again from what was kept, it is byte for byte what was sent."""

    attempt_id: UUID
    template: str
    language: str
    content_hash: str
    code: str
    worded_at: datetime
    letter_hash: str | None
    is_same: bool
    subject: str
    text: str


class RefusedTextAnswer(BaseModel):
    attempt_id: UUID
    case_id: UUID
    template: str
    rules: list[str]
    refused_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None


class RefusedTextsAnswer(BaseModel):
    refused_texts: list[RefusedTextAnswer]


class GenuineAnswer(BaseModel):
    is_genuine: bool
    answer: str
    issued_on: date | None
    kind: str | None


class ListsAnswer(BaseModel):
    days: list[date]


def template_answer(version: TemplateVersion) -> TemplateAnswer:
    return TemplateAnswer(
        code=version.code,
        version=version.version,
        reference=version.reference,
        channel=version.channel,
        purpose=version.purpose,
        audience=version.audience,
        texts={name: {"subject": text.subject, "body": text.body} for name, text in version.texts.items()},
        content_hash=version.content_hash,
        state=version.state,
        made_by=version.made_by,
        made_at=version.made_at,
        checked_by=version.checked_by,
        checked_at=version.checked_at,
        retired_by=version.retired_by,
        retired_at=version.retired_at,
    )


def conduct_answer(findings: list[ConductFinding]) -> ConductAnswer:
    rows = [
        FindingAnswer(
            rule=found.rule,
            category=found.category,
            start=found.start,
            end=found.end,
            reason=found.reason,
            turn=found.turn,
            action=found.action,
        )
        for found in findings
    ]
    return ConductAnswer(is_clean=not rows, findings=rows)


def sent_text_answer(shown: ShownText) -> SentTextAnswer:
    sent = shown.sent
    return SentTextAnswer(
        attempt_id=sent.attempt_id,
        template=sent.template,
        language=sent.language,
        content_hash=sent.content_hash,
        code=sent.code,
        worded_at=sent.worded_at,
        letter_hash=sent.letter_hash,
        is_same=shown.is_same,
        subject=shown.subject,
        text=shown.text,
    )


def refused_text_answer(refused: RefusedText) -> RefusedTextAnswer:
    return RefusedTextAnswer(
        attempt_id=refused.attempt_id,
        case_id=refused.case_id,
        template=refused.template,
        rules=list(refused.rules),
        refused_at=refused.refused_at,
        resolved_at=refused.resolved_at,
        resolved_by=refused.resolved_by,
    )


def genuine_answer(finding: Finding) -> GenuineAnswer:
    return GenuineAnswer(
        is_genuine=finding.is_genuine, answer=finding.answer, issued_on=finding.issued_on, kind=finding.kind
    )
