"""A call by a person or a bot: no call without an allow decision under the person's lock, also by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from services.outreach.application.certify_staff import acting, asked_by, require_certified
from services.outreach.application.clear_calls import clear_call, not_proven
from services.outreach.application.contact_ports import VaultAway
from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_contacts import Proposals, announce_denials
from services.outreach.application.records import KeptDecision, PlannedContact, Reservation
from services.outreach.application.workbench_records import Acting, HandCall, Unmasking
from services.outreach.domain.attempt import POINT_KINDS
from services.outreach.domain.case_file import CaseFile, ContactPoint
from services.outreach.domain.escalation.records import NotProven
from services.outreach.domain.gate.chain import ChainLink
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.ladder import Progress, Step, start
from services.outreach.domain.machine_disclosure import discloses_machine
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Reason

CALL_LEASE_S = 4 * 3_600.0
"""How long a note may take to be written; then the attempt ends `unknown`, and counts."""
TEMPLATE = "call_by_hand"
CALL_STEP = Step(rung="call", channels=("call",), after_days=0)


@dataclass(frozen=True, slots=True)
class Dialled:
    """Whom to call, at the moment of calling. Never stored, never logged."""

    name: str
    number: str
    creditor_name: str


@dataclass(frozen=True, slots=True)
class _Asked:
    file: CaseFile
    point: ContactPoint
    decision: Decision
    plan: PlannedContact | None


async def start_call(
    resources: Resources,
    staff_id: str,
    case_id: UUID,
    contact_point_id: UUID,
    *,
    item_id: UUID | None = None,
    opening: str | None = None,
) -> HandCall:
    """Reserve and begin one call. Raises `NotAllowed` with the gate's reasons; the denial is kept and announced.

    Raises it too where no softer step is proven and nobody asked for the call: that is no question for the gate.

    `opening`: what a bot would say first; without the sentence that it is a machine it may not begin.
    """
    async with resources.begin() as work:
        who = await acting(work, staff_id)
        discloses = discloses_machine(opening or "")
        _may_begin(who, discloses)
        if not await work.files.lock([case_id]):
            raise NotFound("case_unknown", "there is no such case")
        await work.groups.hold([case_id])
        asked = await _ask(resources, work, who, case_id, contact_point_id, discloses)
        kept = _kept(asked, work)
        links = await work.decisions.add([kept])
        if not asked.decision.is_allowed:
            await _announce(work, kept, asked, links)
            await work.commit()
            raise denied(asked.decision)
        await _hold_item(work, staff_id, case_id, item_id)
        call = await _reserve(work, staff_id, asked, kept, item_id)
        await work.staff.journal(
            Unmasking(new_id(), staff_id, "contact_point", contact_point_id, case_id, "call", work.now)
        )
        await work.commit()
    return call


async def dial(resources: Resources, staff_id: str, attempt_id: UUID) -> tuple[HandCall, CaseFile, Dialled | None]:
    """What the page of a call under way shows.

    None for the number where the vault is away or has it no longer, and where something has come up since the call was
    begun that would have forbidden it.
    """
    async with resources.begin() as work:
        call = await own_call(work, staff_id, attempt_id)
        file = (await work.files.load([call.case_id], without=[attempt_id]))[call.case_id]
        is_permitted = call.noted_at is None and await _is_still_permitted(resources, work, call, file)
    if not is_permitted:
        return call, file, None
    try:
        wanted = {call.contact_point_id: (call.case_id, call.creditor_id)}
        found = (await resources.vault.reveal(wanted)).get(call.contact_point_id)
    except VaultAway:
        found = None
    return call, file, Dialled(found.name, found.value, found.creditor_name) if found else None


async def _is_still_permitted(resources: Resources, work: Work, call: HandCall, file: CaseFile) -> bool:
    """By what is known now, at the time at which the call was begun: it may last into the evening."""
    point = next((each for each in callable_points(file) if each.contact_point_id == call.contact_point_id), None)
    if point is None:
        return False
    try:
        ladder = await clear_call(resources, work, call.case_id)
    except NotProven:
        return False
    asking = replace(file.request(CALL_STEP, "call", point), in_reply_to=file.called_us_at(call.started_at))
    # Whether a bot says that it is one was asked when the call began.
    request, facts = asked_by(await acting(work, call.staff_id), file, point, asking, bot_discloses=True)
    return decide(request, replace(facts, ladder=ladder), resources.packs, call.started_at).is_allowed


async def situation_of(resources: Resources, staff_id: str, call: HandCall) -> tuple[Acting, str]:
    """Who calls, and the kind of the item they call for: what the conversation is about."""
    async with resources.begin() as work:
        item = await work.queue.get(call.item_id) if call.item_id else None
        return await acting(work, staff_id), item.kind if item else "call"


async def own_call(work: Work, staff_id: str, attempt_id: UUID, *, lock: bool = False) -> HandCall:
    call = await work.calls.get(attempt_id, lock=lock)
    if call is None or call.staff_id != staff_id:
        raise NotFound("call_unknown", "you have no such call")
    return call


def denied(decision: Decision) -> NotAllowed:
    """The gate's no, with every rule that spoke."""
    until = f" not before {decision.until.isoformat()}" if decision.until else ""
    reasons = [Reason(rule.rule, "", rule.clause) for rule in decision.rules]
    return NotAllowed("contact_denied", f"the gate does not allow this contact{until}", reasons)


def callable_points(file: CaseFile) -> list[ContactPoint]:
    """The numbers of the person, the verified first."""
    usable = [point for point in file.points if point.kind in POINT_KINDS["call"] and not point.is_wrong]
    return sorted(usable, key=lambda point: not point.is_verified)


def _may_begin(who: Acting, discloses: bool) -> None:
    require_certified(who)
    if who.actor == "bot" and not discloses:
        raise Invalid("bot_undisclosed", "a bot's first sentence says that it is a machine")


async def _ask(
    resources: Resources, work: Work, who: Acting, case_id: UUID, contact_point_id: UUID, discloses: bool
) -> _Asked:
    file = (await work.files.load([case_id]))[case_id]
    point = next((each for each in callable_points(file) if each.contact_point_id == contact_point_id), None)
    if point is None:
        raise NotFound("contact_point_unknown", "this person has no such number")
    if await work.calls.under_way(file.person_id) is not None:
        raise Conflict("call_under_way", "somebody is calling this person already")
    try:
        ladder = await clear_call(resources, work, case_id)
    except NotProven as missing:
        raise not_proven(missing) from None
    asking = replace(file.request(CALL_STEP, "call", point), in_reply_to=file.called_us_at(work.now))
    request, facts = asked_by(who, file, point, asking, bot_discloses=discloses)
    facts = replace(facts, ladder=ladder)
    plan = (await work.plans.load([case_id])).get(case_id)
    return _Asked(file, point, decide(request, facts, resources.packs, work.now), plan)


def _kept(asked: _Asked, work: Work) -> KeptDecision:
    return KeptDecision(
        decision_id=new_id(),
        case_id=asked.file.case_id,
        person_id=asked.file.person_id,
        creditor_id=asked.file.creditor_id,
        contact_point_id=asked.point.contact_point_id,
        channel="call",
        rung="call",
        decision=asked.decision,
        decided_at=work.now,
    )


async def _announce(work: Work, kept: KeptDecision, asked: _Asked, links: Mapping[UUID, ChainLink]) -> None:
    progress: Progress = asked.plan.progress if asked.plan else start("", work.now)
    plan = asked.plan or PlannedContact(asked.file.case_id, asked.file.person_id, progress, None, None)
    proposals = Proposals(files={asked.file.case_id: asked.file}, decisions=[kept], denials=[(kept, plan, work.now)])
    await announce_denials(work, proposals, links)


async def _hold_item(work: Work, staff_id: str, case_id: UUID, item_id: UUID | None) -> None:
    """Who calls for an item holds it, for as long as the call may take."""
    if item_id is None:
        return
    item = await work.queue.get(item_id)
    if item is None or item.case_id != case_id:
        raise NotFound("item_unknown", "there is no such item of this case")
    if item.holder != staff_id or await work.queue.claim(item_id, staff_id, CALL_LEASE_S) is None:
        raise Conflict("item_not_yours", "you do not hold this item")


async def _reserve(work: Work, staff_id: str, asked: _Asked, kept: KeptDecision, item_id: UUID | None) -> HandCall:
    file = asked.file
    reservation = Reservation(
        attempt_id=new_id(),
        case_id=file.case_id,
        person_id=file.person_id,
        creditor_id=file.creditor_id,
        contact_point_id=asked.point.contact_point_id,
        channel="call",
        rung="call",
        template=TEMPLATE,
        decision_id=kept.decision_id,
    )
    leases = await work.attempts.reserve([reservation], CALL_LEASE_S)
    await work.attempts.hand_over(leases, CALL_LEASE_S)
    call = HandCall(
        attempt_id=reservation.attempt_id,
        token=leases[0].token,
        case_id=file.case_id,
        person_id=file.person_id,
        creditor_id=file.creditor_id,
        contact_point_id=reservation.contact_point_id,
        staff_id=staff_id,
        item_id=item_id,
        started_at=work.now,
        noted_at=None,
    )
    await work.calls.add(call)
    await _take_the_step(work, asked.plan, call)
    return call


async def _take_the_step(work: Work, plan: PlannedContact | None, call: HandCall) -> None:
    """Where the ladder waits for its next step and no attempt is under way, this call is that step."""
    if plan is None or plan.progress.is_finished:
        return
    is_under_way = plan.attempt_id is not None and plan.progress.due_at is None and not plan.progress.is_waiting
    if is_under_way:
        return
    progress = replace(plan.progress, due_at=None, is_waiting=False)
    await work.plans.save([replace(plan, progress=progress, attempt_id=call.attempt_id)])
