"""The ladder's next message, sent now because a person says so: the same text, the same gate, who acts filled in."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.outreach.application.carry_out_contacts import carry_out_contacts
from services.outreach.application.certify_staff import acting, asked_by, require_certified
from services.outreach.application.make_hand_calls import denied
from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_contacts import Proposals, announce_denials
from services.outreach.application.prove_steps import open_escalation
from services.outreach.application.records import KeptDecision, Lease, PlannedContact, Reservation
from services.outreach.application.workbench_records import Acting
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.ladder import Step
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, NotFound


async def send_by_hand(resources: Resources, staff_id: str, case_id: UUID) -> UUID:
    """Reserve under the person's lock and send; answers with the attempt.

    Raises `NotAllowed` with the gate's reasons, and `Conflict` where the next step is no message or is under way.
    """
    async with resources.begin() as work:
        who = await acting(work, staff_id)
        require_certified(who)
        if not await work.files.lock([case_id]):
            raise NotFound("case_unknown", "there is no such case")
        await work.groups.hold([case_id])
        file = (await work.files.load([case_id]))[case_id]
        plan, step = await _next_message(resources, work, case_id)
        await resources.wording.refresh(work.templates)
        proposals = Proposals(files={case_id: file})
        proposals.decisions.extend(_ask(resources, work, who, file, step))
        last = proposals.decisions[-1]
        denials = [entry for entry in proposals.decisions if not entry.decision.is_allowed]
        proposals.denials.extend((entry, plan, work.now) for entry in denials)
        leases = await _reserve(resources, work, plan, step, proposals)
        links = await work.decisions.add(proposals.decisions)
        await announce_denials(work, proposals, links)
        await work.commit()
    if not leases:
        raise denied(last.decision)
    await carry_out_contacts(resources, proposals, leases)
    return leases[0].attempt_id


async def _next_message(resources: Resources, work: Work, case_id: UUID) -> tuple[PlannedContact, Step]:
    plan = (await work.plans.load([case_id])).get(case_id)
    if plan is None or plan.progress.is_finished:
        raise Conflict("no_message_due", "the ladder has no next message")
    if plan.attempt_id is not None and plan.progress.due_at is None and not plan.progress.is_waiting:
        raise Conflict("attempt_under_way", "an attempt is under way")
    step = resources.ladders.step_of(plan.progress)
    escalation = await open_escalation(resources, work, [plan])
    is_proven = escalation.lacking(resources, step, case_id, work.now) is None
    if not step.is_remote or "call" in step.channels or not is_proven:
        raise Conflict("no_message_due", "the ladder's next step is no message")
    return plan, step


def _ask(resources: Resources, work: Work, who: Acting, file: CaseFile, step: Step) -> list[KeptDecision]:
    """Each channel and contact point in turn, until one is allowed."""
    kept: list[KeptDecision] = []
    for channel, point in file.candidates(step):
        request, facts = asked_by(who, file, point, file.request(step, channel, point))
        kept.append(
            KeptDecision(
                decision_id=new_id(),
                case_id=file.case_id,
                person_id=file.person_id,
                creditor_id=file.creditor_id,
                contact_point_id=point.contact_point_id if point is not None else None,
                channel=channel,
                rung=step.rung,
                decision=decide(request, facts, resources.packs, work.now),
                decided_at=work.now,
            )
        )
        if kept[-1].decision.is_allowed:
            break
    return kept


async def _reserve(
    resources: Resources, work: Work, plan: PlannedContact, step: Step, proposals: Proposals
) -> list[Lease]:
    last = proposals.decisions[-1]
    template = resources.wording.template(step.words or last.rung, last.channel)
    if not last.decision.is_allowed or last.contact_point_id is None:
        return []
    if template is None:
        raise Conflict("no_template", "there is no approved text for this step")
    reservation = Reservation(
        attempt_id=plan.attempt_id or new_id(),
        case_id=last.case_id,
        person_id=last.person_id,
        creditor_id=last.creditor_id,
        contact_point_id=last.contact_point_id,
        channel=last.channel,
        rung=last.rung,
        template=template,
        decision_id=last.decision_id,
    )
    proposals.reservations.append(reservation)
    progress = replace(plan.progress, due_at=None, is_waiting=False)
    await work.plans.save([replace(plan, progress=progress, attempt_id=reservation.attempt_id)])
    return await work.attempts.reserve([reservation], resources.limits.lease_s)
