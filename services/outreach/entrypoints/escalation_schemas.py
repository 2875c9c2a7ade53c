"""Bodies of visits and hand-overs to legal: closed, bounded. Places go in and are sealed; they never come out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.outreach.application.escalation_records import LegalHandover, Visit
from services.outreach.application.make_visits import VisitReport
from services.outreach.application.order_visits import Sheet, VisitOrder
from services.outreach.domain.visits.order import Window
from services.outreach.domain.visits.place import Coordinates, Stop
from shared.service.staff import STAFF_ID_PATTERN

REGION_PATTERN = r"^[A-Z]{2}(-[A-Z0-9]{1,8}){0,3}$"
CODE_PATTERN = r"^[a-z0-9][a-z0-9_.-]{0,63}$"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class CoordinatesBody(_Closed):
    """Millionths of a degree (WGS 84)."""

    latitude: Annotated[int, Field(ge=-90_000_000, le=90_000_000)]
    longitude: Annotated[int, Field(ge=-180_000_000, le=180_000_000)]

    def point(self) -> Coordinates:
        return Coordinates(self.latitude, self.longitude)


class ProposalBody(_Closed):
    case_id: UUID
    region: Annotated[str, Field(pattern=REGION_PATTERN, description="where the team goes, as US-NY-NYC or CN-SH")]


class BecauseBody(_Closed):
    because: Annotated[str, Field(pattern=CODE_PATTERN)]


class WindowBody(_Closed):
    begins_at: AwareDatetime
    ends_at: AwareDatetime = Field(description="three hours later at most")


class OrderBody(WindowBody):
    """Two to four certified people; the gate is asked for the beginning of the window."""

    team: Annotated[list[Annotated[str, Field(pattern=STAFF_ID_PATTERN)]], Field(min_length=1, max_length=8)]
    place: CoordinatesBody
    place_kind: Literal["home", "chosen", "work", "hospital", "elsewhere"] = "home"
    is_place_chosen: bool = Field(default=False, description="the person asked to be met there")
    is_recorded: bool = True

    def order(self) -> VisitOrder:
        window = Window(self.begins_at, self.ends_at)
        return VisitOrder(
            window, tuple(self.team), self.place.point(), self.place_kind, self.is_place_chosen, self.is_recorded
        )


class ReportBody(_Closed):
    outcome: Literal["spoke", "refused_to_speak", "nobody_there", "does_not_live_there", "not_carried_out"]
    words: Annotated[str, Field(min_length=1, max_length=4_000, description="the team's own words; kept sealed")]
    at: CoordinatesBody
    recording_pointer: Annotated[str, Field(pattern=r"^[A-Za-z0-9/._:-]{1,256}$")] | None = None
    recording_until: date | None = None
    was_asked_to_leave: bool = False
    left_when_asked: bool | None = None
    entered: bool = Field(default=False, description="somebody of the team went in; never without an invitation")
    was_invited_in: bool = False

    def report(self) -> VisitReport:
        return VisitReport(
            self.outcome,
            self.words,
            self.at.point(),
            self.recording_pointer,
            self.recording_until,
            self.was_asked_to_leave,
            self.left_when_asked,
            self.entered,
            self.was_invited_in,
        )


class SignatureBody(_Closed):
    signature_reference: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9/._:-]{3,127}$")]


class HandoverBody(_Closed):
    case_id: UUID


class VisitAnswer(BaseModel):
    visit_id: UUID
    case_id: UUID
    state: str
    region: str
    proof_id: UUID
    proposed_by: str
    approved_by: str | None
    team: list[str]
    begins_at: datetime | None
    ends_at: datetime | None
    notice_attempt_id: UUID | None
    attempt_id: UUID | None
    order_decision_id: UUID | None
    start_decision_id: UUID | None
    started_at: datetime | None
    finished_at: datetime | None
    start_distance_m: int | None
    finish_distance_m: int | None
    outcome: str | None
    recording_pointer: str | None
    recording_until: date | None
    was_asked_to_leave: bool | None
    left_when_asked: bool | None
    closed_because: str | None


class VisitsAnswer(BaseModel):
    visits: list[VisitAnswer]


class ReportAnswer(BaseModel):
    visit_id: UUID
    words: str | None


class SheetAnswer(BaseModel):
    name: str
    address: str
    creditor: str
    language: str
    numbers: list[str]


class RouteAnswer(BaseModel):
    region: str
    team: list[str]
    visit_ids: list[UUID]


class RoutesAnswer(BaseModel):
    routes: list[RouteAnswer]


class HandoverAnswer(BaseModel):
    handover_id: UUID
    case_id: UUID
    creditor_id: UUID
    state: str
    proof_id: UUID
    signed_proof_id: UUID | None
    prepared_by: str
    prepared_at: datetime
    counsel_id: str | None
    signature_reference: str | None
    signed_at: datetime | None
    closed_because: str | None


class HandoverWithProofAnswer(HandoverAnswer):
    proof: str = Field(description="canonical document (RFC 8785)")


class HandoversAnswer(BaseModel):
    handovers: list[HandoverAnswer]


def visit_answer(visit: Visit) -> VisitAnswer:
    return VisitAnswer.model_validate({name: getattr(visit, name) for name in VisitAnswer.model_fields})


def handover_answer(handover: LegalHandover) -> HandoverAnswer:
    return HandoverAnswer.model_validate({name: getattr(handover, name) for name in HandoverAnswer.model_fields})


def sheet_answer(sheet: Sheet) -> SheetAnswer:
    return SheetAnswer(
        name=sheet.name,
        address=sheet.address,
        creditor=sheet.creditor_name,
        language=sheet.language,
        numbers=list(sheet.numbers),
    )


def route_answer(route: list[Stop]) -> RouteAnswer:
    first = route[0]
    return RouteAnswer(region=first.region, team=list(first.team), visit_ids=[stop.visit_id for stop in route])
