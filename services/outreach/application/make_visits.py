"""Begin and report a visit: the gate is asked again at the door, and the report settles the attempt like any other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from services.outreach.application.escalation_records import Visit
from services.outreach.application.make_hand_calls import denied
from services.outreach.application.order_visits import ask, order_of
from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_visits import locked_visit, still_cleared, wrong_state
from services.outreach.application.raise_alarms import NewAlarm, raise_alarm_in
from services.outreach.application.records import CaseKey, Lease
from services.outreach.application.settle_contacts import write_outcomes
from services.outreach.domain.visits.order import OUTCOMES, RECORDING_DAYS_MAX, REPORT_WITHIN
from services.outreach.domain.visits.place import DISTANCE_MAX_M, Coordinates, Stop, distance_m, plan_routes
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Reason

OVERDUE_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class VisitReport:
    """What the team says afterwards, in its own words; `outcome` is one of `OUTCOMES`."""

    outcome: str
    words: str
    at: Coordinates
    recording_pointer: str | None
    recording_until: date | None
    was_asked_to_leave: bool
    left_when_asked: bool | None
    entered: bool = False
    was_invited_in: bool = False

    @property
    def breach(self) -> str | None:
        """What no visit may be: inside without an invitation, or still there after being asked to go."""
        if self.entered and not self.was_invited_in:
            return "entered_uninvited"
        return "stayed_when_asked" if self.left_when_asked is False else None


async def start_visit(resources: Resources, who: str, visit_id: UUID, at: Coordinates) -> Visit:
    """At the place and within the window. Denied now: the attempt is taken back, and nobody rings the bell."""
    async with resources.begin() as work:
        visit = await locked_visit(work, visit_id)
        _of_the_team(visit, who)
        if visit.state == "started":
            return visit
        if visit.state != "ordered" or visit.attempt_id is None:
            raise wrong_state(visit)
        order = order_of(resources, visit)
        if not order.window.is_open(work.now):
            raise NotAllowed("outside_window", "the visit is not made at this time")
        away = distance_m(order.place, at)
        if away > DISTANCE_MAX_M:
            raise NotAllowed("too_far_away", "the visit begins at its place")
        # The reservation itself must not count against the visit it is for.
        if not await work.visits.release(visit.attempt_id):
            raise Conflict("visit_withdrawn", "something came up after the order: order the visit anew")
        cleared = await still_cleared(resources, work, visit)
        kept = await ask(resources, work, visit, order, cleared, work.now)
        await work.decisions.add([kept])
        if not kept.decision.is_allowed:
            await work.visits.save(replace(visit, state="cancelled", closed_because="denied_at_start"))
            await work.commit()
            raise denied(kept.decision)
        await work.visits.reserve(visit, kept.decision_id, cleared)
        await work.visits.begin(visit.attempt_id)
        started = replace(
            visit,
            state="started",
            start_decision_id=kept.decision_id,
            started_at=work.now,
            start_sealed=resources.sealer.seal(visit.person_id, at.text),
            start_distance_m=away,
        )
        await work.visits.save(started)
        await work.commit()
    return started


async def finish_visit(resources: Resources, who: str, visit_id: UUID, report: VisitReport) -> Visit:
    """The report: once; again the same outcome gives the same answer, another one is a conflict."""
    async with resources.begin() as work:
        visit = await locked_visit(work, visit_id)
        _of_the_team(visit, who)
        if visit.state == "settled" and visit.outcome == report.outcome:
            return visit
        if visit.state != "started" or visit.attempt_id is None:
            raise wrong_state(visit)
        _check(report, work.now)
        finished = replace(
            visit,
            state="settled",
            finished_at=work.now,
            outcome=report.outcome,
            finish_sealed=resources.sealer.seal(visit.person_id, report.at.text),
            finish_distance_m=distance_m(order_of(resources, visit).place, report.at),
            report_sealed=resources.sealer.seal(visit.person_id, report.words),
            recording_pointer=report.recording_pointer,
            recording_until=report.recording_until,
            was_asked_to_leave=report.was_asked_to_leave,
            left_when_asked=report.left_when_asked,
            closed_because=report.breach,
        )
        if report.breach is not None:
            # Nobody contacts this person until two people have looked into it.
            key = CaseKey(visit.case_id, visit.person_id, visit.creditor_id)
            alarm = NewAlarm(visit.case_id, "harassment", "staff", who, reference=f"visit:{visit.visit_id}")
            await raise_alarm_in(resources, work, key, alarm)
        await _settle(resources, work, visit, OUTCOMES[report.outcome])
        await work.visits.save(finished)
        await work.commit()
    return finished


async def close_overdue_visits(resources: Resources) -> int:
    """An order nobody went on: taken back, does not count. A visit begun and never reported: `unknown`, and counts."""
    async with resources.begin() as work:
        overdue = await work.visits.overdue(work.now, work.now - REPORT_WITHIN, OVERDUE_AT_ONCE)
        for visit in overdue:
            if visit.state == "ordered":
                if visit.attempt_id is not None:
                    await work.visits.release(visit.attempt_id)
                await work.visits.save(replace(visit, state="expired", closed_because="nobody_went"))
            else:
                await _settle(resources, work, visit, "unknown")
                await work.visits.save(replace(visit, state="settled", closed_because="never_reported"))
        if overdue:
            await work.commit()
    return len(overdue)


async def routes_of_day(resources: Resources, begins: datetime, region: str | None, capacity: int) -> list[list[Stop]]:
    """The ordered visits of 24 hours as routes; places are opened for this and not kept."""
    async with resources.begin() as work:
        visits = await work.visits.ordered_between(begins, begins + timedelta(days=1), region, 200)
    return plan_routes([_stop(resources, visit) for visit in visits], capacity)


def read_report(resources: Resources, visit: Visit) -> str | None:
    """The team's words; None where there are none, or the person has been erased."""
    return resources.sealer.open(visit.person_id, visit.report_sealed) if visit.report_sealed is not None else None


def _stop(resources: Resources, visit: Visit) -> Stop:
    place = order_of(resources, visit).place if visit.place_sealed is not None else None
    return Stop(visit.visit_id, visit.region, visit.team, place)


async def _settle(resources: Resources, work: Work, visit: Visit, outcome: str) -> None:
    assert visit.attempt_id is not None
    lease = Lease(visit.attempt_id, await work.visits.token(visit.attempt_id))
    sent = await work.attempts.lock_sent([lease])
    await write_outcomes(resources, work, [(attempt, outcome) for attempt in sent])


def _of_the_team(visit: Visit, who: str) -> None:
    if who not in visit.team:
        raise NotFound("visit_unknown", "you have no such visit")


def _check(report: VisitReport, now: datetime) -> None:
    wrong: list[Reason] = []
    if (report.recording_pointer is None) != (report.recording_until is None):
        wrong.append(Reason("recording_retention", "/recording_until", "a recording has a last day, and only it has"))
    if report.recording_until is not None:
        days = (report.recording_until - now.date()).days
        if not 0 <= days <= RECORDING_DAYS_MAX:
            wrong.append(Reason("recording_retention", "/recording_until", "kept from today to five years at most"))
    if report.was_asked_to_leave != (report.left_when_asked is not None):
        wrong.append(Reason("leaving", "/left_when_asked", "said exactly where they were asked to leave"))
    if wrong:
        raise Invalid("visit_report_wrong", "the report cannot be right", wrong)
