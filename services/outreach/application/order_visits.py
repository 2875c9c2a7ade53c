"""Order an approved visit: a window, at least two certified people, the place, and the gate's answer for that time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from services.outreach.application.certify_staff import acting, require_certified
from services.outreach.application.contact_ports import VaultAway
from services.outreach.application.escalation_records import Visit
from services.outreach.application.make_hand_calls import denied
from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_visits import found, locked_visit, still_cleared, wrong_state
from services.outreach.application.records import KeptDecision
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.escalation.proof import ToVisit
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.gate.facts import Request, VisitFacts
from services.outreach.domain.visits.order import Window, masked_number, team_errors
from services.outreach.domain.visits.place import Coordinates
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Overloaded, Reason

SHEET_AHEAD = timedelta(hours=12)
"""An address is shown to those who go, and not before the day."""


@dataclass(frozen=True, slots=True)
class VisitOrder:
    """`place_kind`: home, or elsewhere where the person chose the place (`is_place_chosen`)."""

    window: Window
    team: tuple[str, ...]
    place: Coordinates
    place_kind: str = "home"
    is_place_chosen: bool = False
    is_recorded: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the team sees on the day. Never stored, never logged. `call_back`: masked; calls go through the exchange."""

    name: str
    address: str
    creditor_name: str
    language: str
    numbers: tuple[str, ...]


async def order_visit(resources: Resources, visit_id: UUID, order: VisitOrder) -> Visit:
    """Reserve the attempt for that window. Raises `NotAllowed` with the gate's reasons; the denial is kept.

    The same order again gives the same answer; a different one is a conflict.
    """
    async with resources.begin() as work:
        visit = await locked_visit(work, visit_id)
        if visit.state == "ordered" and _is_same(visit, order):
            return visit
        if visit.state != "approved":
            raise wrong_state(visit)
        _check(order, work.now)
        announced = (visit.begins_at, visit.ends_at)
        if visit.notice_attempt_id is not None and announced != (order.window.begins_at, order.window.ends_at):
            raise Conflict("window_not_announced", "another window was announced to the person")
        await _certified(work, order.team, order.window.begins_at)
        cleared = await still_cleared(resources, work, visit)
        kept = await ask(resources, work, visit, order, cleared, order.window.begins_at)
        await work.decisions.add([kept])
        if not kept.decision.is_allowed:
            await work.commit()
            raise denied(kept.decision)
        ordered = replace(
            visit,
            state="ordered",
            team=order.team,
            begins_at=order.window.begins_at,
            ends_at=order.window.ends_at,
            attempt_id=visit.attempt_id or new_id(),
            order_decision_id=kept.decision_id,
            place_sealed=resources.sealer.seal(visit.person_id, sealed_place(order)),
        )
        if await work.visits.busy(ordered):
            raise Conflict("team_busy", "somebody of the team is on another visit at that time")
        if not await work.visits.reserve(ordered, kept.decision_id, cleared):
            raise Conflict("visit_attempt", "the visit's attempt cannot be reserved")
        await work.visits.save(ordered)
        await work.commit()
    return ordered


async def ask(
    resources: Resources, work: Work, visit: Visit, order: VisitOrder, cleared: ToVisit, at: datetime
) -> KeptDecision:
    """The gate's answer for the visit at that moment, with everything known about it."""
    file = (await work.files.load([visit.case_id]))[visit.case_id]
    point = next((p for p in file.points if p.contact_point_id == visit.contact_point_id), None)
    facts = replace(
        file.facts(point),
        ladder=cleared.rungs,
        certificate_until=await _certified(work, order.team, at),
        visit=VisitFacts(
            place=order.place_kind,
            is_place_chosen=order.is_place_chosen,
            notice_sent_on=await _notice_sent_on(work, visit, file),
            is_recorded=order.is_recorded,
            shows_identity=True,
            is_person_vulnerable=visit.case_id in await work.escalations.vulnerable_among([visit.case_id]),
        ),
    )
    request = Request(
        case_id=str(visit.case_id),
        channel="visit",
        rung="visit",
        contact_point_id=str(visit.contact_point_id),
        actor="human",
        ends_at=order.window.ends_at,
        is_interactive=True,
        staff_count=len(order.team),
    )
    return KeptDecision(
        decision_id=new_id(),
        case_id=visit.case_id,
        person_id=visit.person_id,
        creditor_id=visit.creditor_id,
        contact_point_id=visit.contact_point_id,
        channel="visit",
        rung="visit",
        decision=decide(request, facts, resources.packs, at),
        decided_at=work.now,
    )


async def show_sheet(resources: Resources, who: str, visit_id: UUID) -> Sheet:
    """For those who go, from twelve hours before the window to its end; numbers are masked."""
    async with resources.begin() as work:
        visit = found(await work.visits.get(visit_id))
        if visit.state not in ("ordered", "started") or visit.begins_at is None or visit.ends_at is None:
            raise wrong_state(visit)
        if who not in visit.team:
            raise NotFound("visit_unknown", "you have no such visit")
        if not visit.begins_at - SHEET_AHEAD <= work.now < visit.ends_at:
            raise NotAllowed("sheet_not_now", "the sheet is shown on the day of the visit alone")
        file = (await work.files.load([visit.case_id]))[visit.case_id]
    phones = [point.contact_point_id for point in file.points if point.kind in ("mobile", "landline")]
    wanted = [visit.contact_point_id, *phones[:3]]
    try:
        shown = await resources.vault.reveal(dict.fromkeys(wanted, (visit.case_id, visit.creditor_id)))
    except VaultAway as error:
        raise Overloaded("vault_away", "the address cannot be shown now", retry_after_s=30) from error
    home = shown.get(visit.contact_point_id)
    if home is None:
        raise NotFound("address_gone", "the address is not kept any more")
    numbers = tuple(masked_number(shown[point].value) for point in phones[:3] if point in shown)
    return Sheet(home.name, home.value, home.creditor_name, home.language, numbers)


def sealed_place(order: VisitOrder) -> str:
    """What is sealed: the point, the kind of place, and whether the person chose it and a recording is made."""
    return f"{order.place.text};{order.place_kind};{int(order.is_place_chosen)};{int(order.is_recorded)}"


def order_of(resources: Resources, visit: Visit) -> VisitOrder:
    """The order as it was given. Raises `Conflict` where there is none, or the person has been erased."""
    if visit.place_sealed is None or visit.begins_at is None or visit.ends_at is None:
        raise Conflict("visit_not_ordered", "the visit has no order")
    point, kind, chosen, recorded = resources.sealer.open(visit.person_id, visit.place_sealed).split(";")
    window = Window(visit.begins_at, visit.ends_at)
    return VisitOrder(window, visit.team, Coordinates.read(point), kind, chosen == "1", recorded == "1")


def _is_same(visit: Visit, order: VisitOrder) -> bool:
    window = order.window
    return (visit.begins_at, visit.ends_at, visit.team) == (window.begins_at, window.ends_at, order.team)


def _check(order: VisitOrder, now: datetime) -> None:
    wrong = [*order.window.errors(now), *team_errors(order.team)]
    if wrong:
        pointers = {"window_length": "/ends_at", "window_begins": "/begins_at"}
        reasons = [Reason(code, pointers.get(code, "/team"), "see the description of the order") for code in wrong]
        raise Invalid("visit_order_wrong", "the order cannot be right", reasons)


async def _certified(work: Work, team: Sequence[str], at: datetime) -> date:
    """The last day on which all of them are certified; people only, and on the day of the visit as well as today."""
    until: list[date] = []
    for staff_id in team:
        who = await acting(work, staff_id)
        require_certified(who)
        if who.actor != "human":
            raise NotAllowed("machines_do_not_visit", "only people make visits")
        if who.standing.valid_until is not None:
            until.append(who.standing.valid_until)
    if min(until) < at.date():
        raise NotAllowed("not_certified", "a certificate ends before the visit")
    return min(until)


async def _notice_sent_on(work: Work, visit: Visit, file: CaseFile) -> date | None:
    """The day, where the person is, on which a notice of the visit left and did not come back."""
    if visit.notice_attempt_id is None:
        return None
    sent_at = await work.visits.notice_sent_at(visit.notice_attempt_id)
    return file.business_date(sent_at) if sent_at is not None else None
