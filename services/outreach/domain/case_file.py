"""The file on one case as the gate needs it: the case, the person behind it, and everything that was said and tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from uuid import UUID

from services.outreach.domain.attempt import POINT_KINDS
from services.outreach.domain.escalation.asked_for import ANSWER_WITHIN
from services.outreach.domain.gate.calendar import Calendar
from services.outreach.domain.gate.facts import (
    ActiveHold,
    AgreedTime,
    Consent,
    Facts,
    HarmBudget,
    InconvenientTime,
    OptOut,
    PastContact,
    PointFacts,
    Reachability,
    Request,
    Validation,
)
from services.outreach.domain.gate.local_time import local_day, zone
from services.outreach.domain.itemization import Itemization
from services.outreach.domain.ladder import Step
from services.outreach.domain.preferences import Current, Representative
from services.outreach.domain.reachability import reachability

CANDIDATES_MAX = 6
"""Contact points tried for one step; a file with more has a data problem, not a reachability problem."""


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A way to reach the person; the address itself lies in intake's vault."""

    contact_point_id: UUID
    kind: str
    place: str
    time_zones: tuple[str, ...]
    is_verified: bool
    may_be_used: bool | None
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Balance:
    """What is owed, in minor units."""

    fees_minor_units: int
    interest_minor_units: int
    principal_minor_units: int

    @property
    def total_minor_units(self) -> int:
        return self.fees_minor_units + self.interest_minor_units + self.principal_minor_units


@dataclass(frozen=True, slots=True)
class SaidBack:
    """A promise as it is said back in an answer."""

    promised_on: date
    promised_minor_units: int | None


@dataclass(frozen=True, slots=True)
class DueInstalment:
    """The instalment of a kept plan that a reminder is about; the amount in minor units of the case's currency."""

    due_on: date
    amount_minor_units: int


@dataclass(frozen=True, slots=True)
class AnnouncedVisit:
    """The time in which people will come, as it is announced."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Read whole, under the lock of the person's row, before any decision about the case."""

    case_id: UUID
    person_id: UUID
    creditor_id: UUID
    jurisdiction: str
    language: str
    currency: str
    status: str
    balance: Balance
    offer_expires_at: datetime | None
    is_plan_kept: bool
    is_represented: bool
    inconvenient_times: tuple[InconvenientTime, ...]
    points: tuple[ContactPoint, ...]
    holds: tuple[ActiveHold, ...]
    opt_outs: tuple[OptOut, ...]
    contacts: tuple[PastContact, ...]
    """All contacts of the person; a `History` keeps what the gate has counted in it."""
    region: str | None = None
    product: str | None = None
    days_past_due: int | None = None
    harm_budget: HarmBudget | None = None
    calendar: Calendar | None = None
    heard_at: datetime | None = None
    """When the person last wrote or called, as far back as contacts are facts."""
    licence_until: date | None = None
    validation: Validation | None = None
    """Only where the law of the place asks for such a notice."""
    group_id: UUID | None = None
    """The human being, whom cases of other tenants may be about as well; None until the vault has told."""
    consents: tuple[Consent, ...] = ()
    agreed_times: tuple[AgreedTime, ...] = ()
    preferred_language: str | None = None
    """What the person asked for; None: what the lender says counts."""
    representative: Representative | None = None
    instalment: DueInstalment | None = None
    """Only in a reminder of it; no fact of the gate. The same holds for `visit`, in its announcement."""
    visit: AnnouncedVisit | None = None
    said_back: SaidBack | None = None
    """Only in an answer to the person's promise; no fact of the gate."""
    itemization: Itemization | None = None
    """Only in a validation notice; no fact of the gate."""

    @property
    def human_id(self) -> UUID:
        """The same for all cases of one human being, whosever they are."""
        return self.group_id or self.person_id

    @property
    def time_zones(self) -> tuple[str, ...]:
        """Every zone the person may be in, by any contact point: signals that differ are all kept."""
        return tuple(sorted({name for point in self.points for name in point.time_zones}))

    def says_the_same(self, before: CaseFile) -> bool:
        """Nothing has come that a decision or a text could depend on."""
        return self.points == before.points and self.facts(None) == before.facts(None) and self.reads_the_same(before)

    def reads_the_same(self, before: CaseFile) -> bool:
        """A text made before is still true."""
        return (self.balance, self.language, self.offer_expires_at) == (
            before.balance,
            before.language,
            before.offer_expires_at,
        )

    def business_date(self, at: datetime) -> date:
        """The day where the person is; by UTC where that is not known."""
        for name in self.time_zones:
            if (place := zone(name)) is not None:
                return local_day(at, place)
        return at.astimezone(UTC).date()

    def candidates(self, step: Step) -> list[tuple[str, ContactPoint | None]]:
        """Channels and contact points for a step, the preferred first; one without a point where there is none."""
        found: list[tuple[str, ContactPoint | None]] = [
            (channel, point)
            for channel in step.channels
            for point in sorted(self.points, key=lambda p: not p.is_verified)
            if point.kind in POINT_KINDS[channel] and not point.is_wrong and self._is_whom_to_reach(point)
        ]
        return found[:CANDIDATES_MAX] or [(step.channels[0], None)]

    def _is_whom_to_reach(self, point: ContactPoint) -> bool:
        """Where somebody acts for the person and can be reached, nobody else is tried; the gate decides as ever."""
        acting = self.representative
        return acting is None or acting.contact_point_id in (None, point.contact_point_id)

    def with_wishes(self, wishes: Current | None) -> CaseFile:
        """With what the person's ledger of preferences amounts to."""
        if wishes is None:
            return self
        acting = wishes.representative
        points = tuple(p for p in self.points if p.contact_point_id not in wishes.points_of_others)
        if acting is not None and acting.contact_point_id is not None:
            theirs = ContactPoint(acting.contact_point_id, acting.point_kind, "none", acting.time_zones, True, True)
            points = (*points, theirs)
        refused = [OptOut(channel, None if point is None else str(point)) for channel, point in wishes.opt_outs]
        refused += [
            OptOut(channel, str(point.contact_point_id))
            for point in points
            if point.place in wishes.inconvenient_places
            for channel, kinds in POINT_KINDS.items()
            if point.kind in kinds
        ]
        return replace(
            self,
            points=points,
            opt_outs=tuple(dict.fromkeys((*self.opt_outs, *refused))),
            inconvenient_times=self.inconvenient_times + wishes.inconvenient_times,
            consents=wishes.consents,
            agreed_times=wishes.agreed_times,
            preferred_language=wishes.language,
            is_represented=self.is_represented or (acting is not None and acting.represents),
            representative=acting,
        )

    def _party(self, point: ContactPoint | None) -> str:
        acting = self.representative
        if acting is None or point is None or acting.contact_point_id != point.contact_point_id:
            return "borrower"
        return acting.party

    def _reachability(self) -> Reachability:
        numbers = [point.is_wrong for point in self.points if point.kind in POINT_KINDS["call"]]
        return reachability(self.contacts, self.heard_at, numbers, self.business_date)

    def called_us_at(self, now: datetime) -> datetime | None:
        """When the person last called us about this case, while a call may still answer that."""
        case_id = str(self.case_id)
        calls = [c.at for c in self.contacts if c.direction == "in" and c.channel == "call" and c.case_id == case_id]
        last = max((at for at in calls if at <= now), default=None)
        return last if last is not None and now - last <= ANSWER_WITHIN else None

    def request(self, step: Step, channel: str, point: ContactPoint | None) -> Request:
        return Request(
            case_id=str(self.case_id),
            channel=channel,
            rung=step.rung,
            contact_point_id=str(point.contact_point_id) if point is not None else None,
            party=self._party(point),
        )

    def facts(self, point: ContactPoint | None) -> Facts:
        return Facts(
            jurisdiction=self.jurisdiction,
            case_status=self.status,
            owed_minor_units=self.balance.total_minor_units,
            is_plan_kept=self.is_plan_kept,
            is_represented=self.is_represented,
            point=None if point is None else PointFacts(point.kind, point.place, not point.is_wrong, point.may_be_used),
            time_zones=self.time_zones,
            holds=self.holds,
            opt_outs=self.opt_outs,
            inconvenient_times=self.inconvenient_times,
            consents=self.consents,
            agreed_times=self.agreed_times,
            contacts=self.contacts,
            region=self.region,
            product=self.product,
            creditor_id=str(self.creditor_id),
            agency_kind="third_party",
            days_past_due=self.days_past_due,
            is_deceased=any(hold.kind == "deceased" for hold in self.holds),
            person_token=self.group_id is not None or None,
            calendar=self.calendar,
            harm_budget=self.harm_budget,
            reachability=self._reachability(),
            licence_until=self.licence_until,
            validation=self.validation,
        )
