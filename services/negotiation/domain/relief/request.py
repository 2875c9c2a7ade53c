"""A request for relief from the first word to its end. Every change is a function; what is not allowed is refused.

    requested --> needs_evidence --> with_lender --> granted --> ended
        |               |                |--> refused
        +---------------+----------------+--> withdrawn
        (nobody decides in time: lapsed)

Contact about payment is suspended from the request until it is refused, withdrawn, lapsed, or the relief has ended.
No deadline refuses anybody: missing papers let the lender decide on what there is, and silence lets the request lapse,
which costs the borrower nothing but the pause.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from services.negotiation.domain.calendar import add_months, end_of_day
from services.negotiation.domain.relief.causes import Cause, EvidenceKind, Form, missing_evidence
from services.negotiation.domain.relief.refusals import NotNow, ReasonsMissing, SameMind

State = Literal["requested", "needs_evidence", "with_lender", "granted", "refused", "withdrawn", "lapsed", "ended"]
Ending = Literal["expired", "reviewed", "cancelled"]
Verdict = Literal["granted", "refused"]

UNDECIDED: frozenset[State] = frozenset({"requested", "needs_evidence", "with_lender"})
OPEN: frozenset[State] = UNDECIDED | {"granted"}
"""While one of these stands, nothing else is requested on the case."""

LOOK_WITHIN = timedelta(days=3)
EVIDENCE_WITHIN = timedelta(days=14)
LENDER_WITHIN = timedelta(days=10)
DECIDE_WITHIN = timedelta(days=45)
"""The longest that contact stays suspended without a decision: looking, papers, the lender, and time to chase it."""
REVIEW_DAYS_BEFORE_END = 14
MONTHS_MAX = 24
"""Of relief in all, with its extensions: as far as the most generous mandate goes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paper on file. `digest` (SHA-256) tells whether it is a new one."""

    file_id: UUID
    kind: EvidenceKind
    digest: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the lender decided. `reference`: the lender's own, where staff write it down for them.

    `proposed_by` wrote it down, `confirmed_by` checked it; a lender that signs by itself is its own checker.
    """

    verdict: Verdict
    months: int | None
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...]
    proposed_by: str
    reference: str | None = None
    confirmed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """One request. `due_at` is the deadline of the state it is in (None: nothing is waited for)."""

    relief_id: UUID
    case_id: UUID
    creditor_id: UUID
    cause: Cause
    form: Form
    months_asked: int
    state: State
    requested_at: datetime
    decide_by: datetime
    due_at: datetime | None
    monthly: int | None = None
    evidence: tuple[Evidence, ...] = ()
    decision: Decision | None = None
    months: int | None = None
    granted_on: date | None = None
    until_on: date | None = None
    until: datetime | None = None
    review_on: date | None = None
    is_review_due: bool = False
    is_overdue: bool = False
    circumstances: str | None = None
    plan_id: UUID | None = None
    ended_at: datetime | None = None
    ending: Ending | None = None
    version: int = 1

    @property
    def missing(self) -> tuple[tuple[EvidenceKind, ...], ...]:
        return missing_evidence(self.cause, frozenset(paper.kind for paper in self.evidence))

    @property
    def suspends_contact(self) -> bool:
        return self.state in OPEN


def request(relief: Relief, now: datetime) -> Relief:
    """The request as it begins."""
    return replace(relief, state="requested", requested_at=now, decide_by=now + DECIDE_WITHIN, due_at=now + LOOK_WITHIN)


def add_evidence(relief: Relief, papers: tuple[Evidence, ...], now: datetime) -> Relief:
    """Add papers that are not there yet. What was waiting for them goes on to the lender."""
    _only(relief, UNDECIDED)
    known = {paper.file_id for paper in relief.evidence}
    relief = replace(relief, evidence=relief.evidence + tuple(p for p in papers if p.file_id not in known))
    return to_lender(relief, now) if relief.state == "needs_evidence" and not relief.missing else relief


def ask_for_evidence(relief: Relief, now: datetime) -> Relief:
    _only(relief, {"requested"})
    return replace(relief, state="needs_evidence", due_at=min(now + EVIDENCE_WITHIN, relief.decide_by))


def to_lender(relief: Relief, now: datetime) -> Relief:
    _only(relief, {"requested", "needs_evidence"})
    return replace(relief, state="with_lender", due_at=min(now + LENDER_WITHIN, relief.decide_by), is_overdue=False)


def propose(relief: Relief, decision: Decision) -> Relief:
    """Staff write down what the lender decided; it counts when somebody else has checked it."""
    _only(relief, {"with_lender"})
    _refuse_without_reasons(decision)
    return replace(relief, decision=replace(decision, confirmed_by=None))


def confirm(relief: Relief, checker: str, now: datetime, zones: tuple[str, ...], today: date) -> Relief:
    """The maker is never the checker."""
    _only(relief, {"with_lender"})
    if relief.decision is None:
        raise NotNow("nothing has been proposed")
    if relief.decision.proposed_by == checker:
        raise SameMind
    decided = replace(relief, decision=replace(relief.decision, confirmed_by=checker))
    return _decide(decided, now, zones, today)


def decide_by_lender(relief: Relief, decision: Decision, now: datetime, zones: tuple[str, ...], today: date) -> Relief:
    """The lender's own signed word needs no checker of ours."""
    _only(relief, {"with_lender"})
    _refuse_without_reasons(decision)
    return _decide(replace(relief, decision=replace(decision, confirmed_by="lender")), now, zones, today)


def extend(relief: Relief, months: int, now: datetime, zones: tuple[str, ...]) -> Relief:
    """A review lets the relief go on: counted from its first end, so that extensions do not drift."""
    _only(relief, {"granted"})
    total = (relief.months or 0) + months
    if months < 1 or total > MONTHS_MAX:
        raise NotNow("relief does not last longer than the longest that may be granted")
    return _lasting(replace(relief, is_review_due=False, circumstances=None), total, now, zones)


def state_circumstances(relief: Relief, answer: str) -> Relief:
    """The borrower says how things are now, which the review goes by."""
    _only(relief, {"granted"})
    return replace(relief, circumstances=answer)


def withdraw(relief: Relief, now: datetime) -> Relief:
    """The borrower does not want it any more; what was granted is cancelled."""
    if relief.state == "granted":
        return end(relief, "cancelled", now)
    _only(relief, UNDECIDED)
    return replace(relief, state="withdrawn", due_at=None, ended_at=now)


def end(relief: Relief, ending: Ending, now: datetime) -> Relief:
    _only(relief, {"granted"})
    return replace(relief, state="ended", ending=ending, due_at=None, ended_at=now, is_review_due=False)


def pass_time(relief: Relief, now: datetime, zones: tuple[str, ...]) -> Relief:
    """What the clock has done by now; the same however late one looks, and however often."""
    while relief.due_at is not None and relief.due_at <= now:
        relief = _at_deadline(relief, relief.due_at, zones)
    return relief


def _at_deadline(relief: Relief, at: datetime, zones: tuple[str, ...]) -> Relief:
    match relief.state:
        case "requested":
            return ask_for_evidence(relief, at) if relief.missing else to_lender(relief, at)
        case "needs_evidence":
            return to_lender(relief, at)
        case "with_lender" if at < relief.decide_by:
            return replace(relief, is_overdue=True, due_at=relief.decide_by)
        case "with_lender":
            return replace(relief, state="lapsed", due_at=None, ended_at=at)
        case "granted" if relief.until is not None and at < relief.until:
            return replace(relief, is_review_due=True, due_at=relief.until)
        case "granted":
            return end(relief, "expired", at)
        case _:
            return replace(relief, due_at=None)


def _decide(relief: Relief, now: datetime, zones: tuple[str, ...], today: date) -> Relief:
    decision = relief.decision
    if decision is None:
        raise AssertionError("a decision is decided")
    if decision.verdict == "refused":
        return replace(relief, state="refused", due_at=None, ended_at=now)
    months = decision.months or relief.months_asked
    return _lasting(replace(relief, state="granted", granted_on=today, is_overdue=False), months, now, zones)


def _lasting(relief: Relief, months: int, now: datetime, zones: tuple[str, ...]) -> Relief:
    """The end is a month's day counted from the first one; the review comes before it."""
    if relief.granted_on is None:
        raise AssertionError("granted relief has a first day")
    until_on = add_months(relief.granted_on, months)
    review_on = until_on - timedelta(days=REVIEW_DAYS_BEFORE_END)
    until = end_of_day(until_on - timedelta(days=1), zones)
    review_at = max(end_of_day(review_on - timedelta(days=1), zones), now)
    return replace(
        relief, months=months, until_on=until_on, until=until, review_on=review_on, due_at=min(review_at, until)
    )


def _only(relief: Relief, states: frozenset[State] | set[State]) -> None:
    if relief.state not in states:
        raise NotNow(f"the request is {relief.state}")


def _refuse_without_reasons(decision: Decision) -> None:
    if decision.verdict == "refused" and not (decision.reasons and decision.alternatives):
        raise ReasonsMissing
    if decision.verdict == "granted" and not 1 <= (decision.months or 0) <= MONTHS_MAX:
        raise NotNow("a grant says for how many months")
