"""What a decision is asked and what it may know: plain values, complete, and one document for all of them.

Defaults mean "not known" (None) or "none there are" (an empty tuple). To add a fact, add a field with such a default:
the document, its reading and the vectors follow from the field's type.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from services.outreach.domain.gate import form
from services.outreach.domain.gate.calendar import Calendar
from services.outreach.domain.gate.canonical import Document

DEMAND = "demand"
"""The usual purpose: to ask for payment. Other purposes are the notices that a cease request leaves open."""

APART = {"is_written": False}
"""A field that its own text in the document does not hold: it is written elsewhere there."""

FORM = 2
"""The form of the document of facts. 1 (flat, without `form`) was never released."""


@dataclass(frozen=True, slots=True)
class Request:
    """A proposed contact. `contact_point_id` is None where the case has nothing to reach the person by."""

    case_id: str
    channel: str
    rung: str
    contact_point_id: str | None
    purpose: str = DEMAND
    party: str = "borrower"
    """Who would be contacted: borrower, spouse, guardian, executor, guarantor, contact_person, third_party, attorney,
    employer."""
    actor: str = "system"
    """Who would do it: system (an approved text), human, bot (speaks or writes freely)."""
    in_reply_to: datetime | None = None
    """When the person's message came that this would answer, by the same channel."""
    ends_at: datetime | None = None
    """When a call or visit that has a length would be over."""
    is_interactive: bool | None = None
    discloses_debt: bool | None = None
    staff_count: int | None = None
    medium: str = "private"
    """private, postcard, window_envelope, public_social, private_social, voicemail, shared_device ..."""
    content: tuple[str, ...] = ()
    """What the text does, as classes: opt_out_instructions, identity_disclosure, threat_of_suit ..."""
    language: str | None = None


@dataclass(frozen=True, slots=True)
class PastContact:
    """A contact that counts. `outcome` is `sending` while it is under way; `direction` tells who began it.

    `case_id` `elsewhere`: a case of the same person with another tenant, of which only time and channel are known.
    """

    at: datetime = field(metadata=APART)
    channel: str = field(metadata=APART)
    case_id: str = field(metadata=APART)
    contact_point_id: str | None = field(metadata=APART)
    outcome: str = field(metadata=APART)
    direction: str = field(default="out", metadata=APART)
    place: str = "none"
    kind: str | None = None
    """interactive or informative."""
    by_bot: bool = False
    group: str | None = None
    """The group of creditors it was made for."""
    is_effective: bool | None = None
    party: str = "borrower"
    is_consented: bool = False
    """Made within the days that a consent given directly beforehand leaves out of the count."""
    discussed_cases: tuple[str, ...] = ()
    """Debts that were spoken of, where they are others than `case_id`."""
    purpose: str = DEMAND


@dataclass(frozen=True, slots=True)
class ActiveHold:
    """A hold that stands. `until` None: until somebody releases it."""

    kind: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    """A channel that the person refused: at one contact point, or altogether where that is None."""

    channel: str
    contact_point_id: str | None = None


@dataclass(frozen=True, slots=True)
class InconvenientTime:
    """A time of the week that the person called inconvenient, in their own zone. Days are 0 (Monday) to 6."""

    days: tuple[int, ...]
    begins: time
    ends: time | None
    """None: the end of the day."""
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class AgreedTime:
    """A time that the person asked for or agreed to; by one channel or contact point, or by any where that is None."""

    begins_at: datetime
    ends_at: datetime
    channel: str | None = None
    contact_point_id: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent on file. `given_to`: agency (directly to us) or creditor."""

    kind: str
    """electronic, workplace, third_party, out_of_hours, recording, over_cap ..."""
    given_to: str = "agency"
    channel: str | None = None
    contact_point_id: str | None = None
    begins_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reachability:
    """How long the person has not been reached: failed calls in a row, on how many days, since when."""

    failed_calls: int = 0
    failed_days: int = 0
    since_on: date | None = None
    failed_on: tuple[date, ...] = ()
    """The day of each failed call of the row, by the person's calendar, earliest first."""
    is_number_invalid: bool = False
    """No number that is known is one."""


@dataclass(frozen=True, slots=True)
class Validation:
    """The validation notice: when it was provided, when its period ends, and what became of a dispute."""

    provided_at: datetime | None = None
    received_on: date | None = None
    """The day on which it is assumed to have come."""
    period_ends_on: date | None = None
    dispute: str | None = None
    """open, verified, duplicative, withdrawn; None: no dispute."""


@dataclass(frozen=True, slots=True)
class Moratorium:
    """A statutory pause (breathing space, bankruptcy stay): from the first to the last day, both within it."""

    kind: str
    begins_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """A time at which collecting is unfitting whatever the clock says: bereavement, wedding, festival, disaster."""

    kind: str
    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What is known about a proposed visit."""

    place: str = "home"
    """home, chosen, work, hospital, elsewhere."""
    is_place_chosen: bool | None = None
    notice_sent_on: date | None = None
    missed_appointments: int = 0
    is_recorded: bool | None = None
    shows_identity: bool | None = None
    """Whoever comes carries an official card with a photograph."""
    is_person_vulnerable: bool | None = None


@dataclass(frozen=True, slots=True)
class HarmBudget:
    """What is left of the harm budget of the case's strategy: ok, slowed or stopped."""

    state: str
    draw: int = 0
    """The case's place in this draw, 0 to 99; only where the strategy is slowed."""
    draws_again_at: datetime | None = None
    """When places are drawn anew, or when a stopped strategy is looked at again."""


@dataclass(frozen=True, slots=True)
class PointFacts:
    """The contact point of the request, without its address."""

    kind: str
    place: str = "none"
    is_usable: bool = True
    may_be_used: bool | None = None
    provenance: str | None = None
    """How it came to us: person, creditor, portal, prior_collector, public_record, skip_trace."""
    is_employer_provided: bool | None = None
    last_used_by_person_at: datetime | None = None
    consent_at: datetime | None = None
    reassigned_check_at: datetime | None = None
    notice_sent_at: datetime | None = None
    opt_out_deadline_at: datetime | None = None
    is_public_domain: bool | None = None
    """E-mail: at a domain that the public at large may use."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may know. What is None is not known, and a rule that needs it denies."""

    jurisdiction: str
    case_status: str
    owed_minor_units: int
    is_plan_kept: bool
    is_represented: bool | None
    point: PointFacts | None
    time_zones: tuple[str, ...]
    holds: tuple[ActiveHold, ...] = ()
    opt_outs: tuple[OptOut, ...] = ()
    inconvenient_times: tuple[InconvenientTime, ...] = ()
    contacts: tuple[PastContact, ...] = field(default=(), metadata=APART)
    """Written apart from the others, at the beginning of the document."""
    region: str | None = None
    """Below the jurisdiction: a state (`NY`) or a city in it (`NY-NYC`)."""
    product: str | None = None
    creditor_id: str | None = None
    agency_kind: str | None = None
    """third_party, first_party, debt_buyer."""
    household_income_minor_units: int | None = None
    days_past_due: int | None = None
    is_deceased: bool | None = None
    lacks_capacity: bool | None = None
    spouse_is_liable: bool | None = None
    """It is established that the debt paid for the common household, or that the spouse owes it as well."""
    consents: tuple[Consent, ...] = ()
    agreed_times: tuple[AgreedTime, ...] = ()
    attorney_is_unresponsive: bool | None = None
    employer_prohibits: bool | None = None
    reachability: Reachability | None = None
    validation: Validation | None = None
    moratorium: Moratorium | None = None
    occasions: tuple[Occasion, ...] = ()
    certificate_until: date | None = None
    """The last day of the acting person's or bot's certificate; None: there is none."""
    bot_discloses: bool | None = None
    """The bot says at the beginning that it is one."""
    ladder: tuple[str, ...] = ()
    """Steps of escalation that are proved to have been taken, in order."""
    is_time_barred: bool | None = None
    time_bar_is_raised: bool | None = None
    """The person says that they will not pay because the debt is time-barred."""
    licence_until: date | None = None
    """The last day of the agency's licence where the person is; None: there is none, or it is not known."""
    transfer_notice_at: datetime | None = None
    """When the complete notice was given that the claim changed hands; None: it was not."""
    visit: VisitFacts | None = None
    harm_budget: HarmBudget | None = None
    """None: the strategy has no budget."""
    person_token: bool | None = None
    """The token of the person is known, so that `contacts` holds what cases of other tenants had as well. There is no
    False: it is known or it is not."""
    calendar: Calendar | None = None

    @property
    def place(self) -> str:
        """The path of places whose rules apply: US, US-MA, US-NY-NYC."""
        if not self.region:
            return self.jurisdiction
        prefix = f"{self.jurisdiction}-"
        return self.region if self.region.startswith(prefix) else prefix + self.region


BY_POSITION = ("at", "channel", "case_id", "contact_point_id", "outcome", "direction")
"""The fields of a past contact that a document holds by position; every contact has them."""


def read_contact(entry: list[Any]) -> PastContact:
    if len(entry) == len(BY_POSITION):
        # A history is long and nearly all of it is of this kind: read without looking at the form of each field.
        at, channel, case_id, point, outcome, direction = entry
        if type(channel) is type(case_id) is type(outcome) is type(direction) is str and (
            point is None or type(point) is str
        ):
            return PastContact(_moment(at), channel, case_id, point, outcome, direction)
    named: Document = dict(zip(BY_POSITION, entry, strict=False))
    if len(entry) > len(BY_POSITION):
        named |= entry[len(BY_POSITION)]
    return form.from_document(PastContact, named)


def _moment(value: Any) -> datetime:
    return value if type(value) is datetime else datetime.fromisoformat(value)


def from_document(document: Mapping[str, Any]) -> tuple[Request, Facts, datetime]:
    """Read the inputs of a stored decision back, to run it again."""
    contacts = tuple([read_contact(entry) for entry in document["contacts"]])
    facts = form.from_document(Facts, document["facts"], contacts=contacts)
    request = form.from_document(Request, document["request"])
    return request, facts, datetime.fromisoformat(document["now"])
