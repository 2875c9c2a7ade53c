"""The ledger of preferences over HTTP. What is written counts on the very next decision."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, Field, RootModel

from services.outreach.application.desk_records import NewPreference
from services.outreach.application.keep_preferences import Ledger, keep_preference, show_preferences
from services.outreach.domain.preferences import Entry
from services.outreach.entrypoints.desks.schemas import Closed, Reference
from services.outreach.entrypoints.http import Given
from shared.db.idempotency import request_hash
from shared.events.body import TimeZone
from shared.events.terms import Channel, ContactPointKind, Place
from shared.service.staff import Staff, StaffMember

router = APIRouter(prefix="/v1/persons", dependencies=[Staff], tags=["desks"])


class _Entry(Closed):
    reference: Reference
    source: Literal["reply", "call_note", "portal", "lender", "staff"]
    source_reference: Reference | None = Field(default=None, description="id of the reply, the note, the notice")
    proof_reference: Reference | None = Field(default=None, description="where the proof is kept; no address, no name")
    begins_at: AwareDatetime | None = Field(default=None, description="null: now")
    ends_at: AwareDatetime | None = Field(default=None, description="null: until it is withdrawn")

    def new(self) -> NewPreference:
        known: dict[str, Any] = self.model_dump()
        detail = {name: value for name, value in self.detail().items() if value is not None}
        return NewPreference(
            reference=self.reference,
            kind=known["kind"],
            withdraws=known.get("withdraws"),
            channel=known.get("channel"),
            contact_point_id=known.get("contact_point_id"),
            purpose=known.get("purpose"),
            detail=detail,
            begins_at=self.begins_at,
            ends_at=self.ends_at,
            source=self.source,
            source_reference=self.source_reference,
            proof_reference=self.proof_reference,
        )

    def detail(self) -> dict[str, Any]:
        return {}


class ConsentBody(_Entry):
    kind: Literal["consent"]
    consent: Literal["electronic", "workplace", "third_party", "out_of_hours", "recording", "over_cap", "visit"]
    given_to: Literal["agency", "creditor"] = "agency"
    channel: Channel | None = None
    contact_point_id: UUID | None = None
    purpose: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")] | None = None
    proof_reference: Reference = Field(description="without a proof there is no consent")

    def detail(self) -> dict[str, Any]:
        return {"consent": self.consent, "given_to": self.given_to}


class OptOutBody(_Entry):
    kind: Literal["opt_out"]
    channel: Channel
    contact_point_id: UUID | None = Field(default=None, description="null: the channel altogether")


class InconvenientTimeBody(_Entry):
    """By the person's own clock. Days are 0 (Monday) to 6."""

    kind: Literal["inconvenient_time"]
    days: Annotated[list[Annotated[int, Field(ge=0, le=6)]], Field(min_length=1, max_length=7)]
    begins: time
    ends: time | None = Field(default=None, description="null: the end of the day")
    last_on: date | None = None

    def detail(self) -> dict[str, Any]:
        return {
            "days": sorted(set(self.days)),
            "begins": self.begins.isoformat(),
            "ends": self.ends.isoformat() if self.ends else None,
            "last_on": self.last_on.isoformat() if self.last_on else None,
        }


class InconvenientPlaceBody(_Entry):
    kind: Literal["inconvenient_place"]
    place: Place

    def detail(self) -> dict[str, Any]:
        return {"place": self.place}


class AgreedTimeBody(_Entry):
    kind: Literal["agreed_time"]
    from_: AwareDatetime = Field(alias="from")
    until: AwareDatetime
    channel: Channel | None = None
    contact_point_id: UUID | None = None

    def detail(self) -> dict[str, Any]:
        return {"from": self.from_.isoformat(), "until": self.until.isoformat()}


class LanguageBody(_Entry):
    kind: Literal["language"]
    language: Literal["en", "zh"]

    def detail(self) -> dict[str, Any]:
        return {"language": self.language}


class RepresentativeBody(_Entry):
    """Who acts for the person. Their address lies in the vault; here is its id, and where its clock runs."""

    kind: Literal["representative"]
    representative: Literal["attorney", "adviser", "guardian"]
    contact_point_id: UUID | None = None
    point_kind: ContactPointKind = "email"
    time_zones: Annotated[list[TimeZone], Field(max_length=8)] = Field(default_factory=list)
    scope: Literal["all_debts", "this_creditor"] = "all_debts"
    proof_reference: Reference = Field(description="the authority on file")

    def detail(self) -> dict[str, Any]:
        names = ("representative", "point_kind", "time_zones", "scope")
        return {name: getattr(self, name) for name in names}


class WithdrawalBody(_Entry):
    """Ends an entry. What opens contact again needs a proof."""

    kind: Literal[
        "consent",
        "opt_out",
        "inconvenient_time",
        "inconvenient_place",
        "agreed_time",
        "language",
        "representative",
    ]
    withdraws: UUID


class PreferenceBody(
    RootModel[
        WithdrawalBody
        | ConsentBody
        | OptOutBody
        | InconvenientTimeBody
        | InconvenientPlaceBody
        | AgreedTimeBody
        | LanguageBody
        | RepresentativeBody
    ]
):
    """One entry of the ledger: something begins, or (`withdraws`) something ends."""


_CONSENT = "kind given_to channel contact_point_id begins_at ends_at"


class EntryAnswer(BaseModel):
    entry_id: UUID
    kind: str
    withdraws: UUID | None
    channel: str | None
    contact_point_id: UUID | None
    purpose: str | None
    detail: dict[str, Any]
    begins_at: datetime
    ends_at: datetime | None
    source: str
    source_reference: str | None
    proof_reference: str | None
    recorded_by: str
    recorded_at: datetime


class CurrentAnswer(BaseModel):
    """What holds now."""

    consents: list[dict[str, Any]]
    opt_outs: list[dict[str, Any]]
    agreed_times: list[dict[str, Any]]
    inconvenient_times: list[dict[str, Any]]
    inconvenient_places: list[str]
    language: str | None
    representative: dict[str, Any] | None


class LedgerAnswer(BaseModel):
    person_id: UUID
    entries: list[EntryAnswer]
    current: CurrentAnswer


@router.get("/{person_id}/preferences", summary="The whole ledger, and what holds now")
async def get_preferences(person_id: UUID, resources: Given) -> LedgerAnswer:
    return ledger_answer(await show_preferences(resources, person_id))


@router.post("/{person_id}/preferences", summary="Write one entry; it counts on the next decision", status_code=201)
async def post_preference(
    request: Request, person_id: UUID, body: PreferenceBody, resources: Given, who: StaffMember
) -> EntryAnswer:
    hashed = request_hash(await request.body())
    return entry_answer(await keep_preference(resources, who, person_id, body.root.new(), hashed))


def entry_answer(entry: Entry) -> EntryAnswer:
    return EntryAnswer.model_validate(entry, from_attributes=True)


def ledger_answer(ledger: Ledger) -> LedgerAnswer:
    now = ledger.current
    acting = now.representative
    return LedgerAnswer(
        person_id=ledger.person_id,
        entries=[entry_answer(entry) for entry in ledger.entries],
        current=CurrentAnswer(
            consents=[_named(entry, _CONSENT) for entry in now.consents],
            opt_outs=[{"channel": channel, "contact_point_id": point} for channel, point in now.opt_outs],
            agreed_times=[_named(entry, "begins_at ends_at channel contact_point_id") for entry in now.agreed_times],
            inconvenient_times=[_named(entry, "days begins ends last_on") for entry in now.inconvenient_times],
            inconvenient_places=sorted(now.inconvenient_places),
            language=now.language,
            representative=None if acting is None else _named(acting, "kind contact_point_id"),
        ),
    )


def _named(entry: object, names: str) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in names.split()}
