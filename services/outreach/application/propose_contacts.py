"""Ask the gate about many due contacts: what may be reserved, what must wait, and which denials are announced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.outreach.application.ask_gate import ask_in_turn
from services.outreach.application.choose_contacts import Learning, choose_contact, in_turn, open_learning
from services.outreach.application.ports import Resources, Work
from services.outreach.application.prove_steps import Escalation, open_escalation, prepare_step
from services.outreach.application.records import AnnouncedDenial, KeptDecision, PlannedContact, Reservation
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.gate.chain import ChainLink
from services.outreach.domain.ladder import climb, go_back
from shared.events.contact_denied import ContactDenied
from shared.events.terms import RuleFired
from shared.kernel.identifiers import new_id

ASK_AGAIN_AFTER = timedelta(hours=1)
"""A denied contact is not proposed again earlier, however soon the rules would open."""

BY_HAND_ASKED_AGAIN = timedelta(days=3)
NO_TEMPLATE_RETRY = timedelta(days=1)
"""Nothing is approved for the step: a person has to approve a template."""

log = structlog.get_logger("concord.outreach.contacts")


@dataclass(slots=True)
class Proposals:
    """What deciding about a batch came to."""

    plans: list[PlannedContact] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    decisions: list[KeptDecision] = field(default_factory=list)
    denials: list[tuple[KeptDecision, PlannedContact, datetime]] = field(default_factory=list)
    files: dict[UUID, CaseFile] = field(default_factory=dict)
    escalation: Escalation = field(default_factory=Escalation)
    learning: Learning | None = None
    """None: the fixed order."""
    by_hand: list[PlannedContact] = field(default_factory=list)
    """Calls that people make."""


async def propose_contacts(resources: Resources, work: Work, due: Sequence[PlannedContact]) -> Proposals:
    await resources.wording.refresh(work.templates)
    proposals = Proposals(files=await work.files.load([plan.case_id for plan in due]))
    proposals.escalation = await open_escalation(resources, work, due)
    proposals.learning = await open_learning(resources, work, due, proposals.files)
    contacted: set[UUID] = set()
    for plan in due:
        file = proposals.files[plan.case_id]
        if file.human_id in contacted:
            # Another case of this person has just used a contact that these facts do not know yet: next sweep.
            continue
        reservation = _propose(resources, work.now, plan, file, proposals)
        if reservation is not None:
            contacted.add(file.human_id)
            proposals.reservations.append(reservation)
    proposals.decisions.extend(proposals.escalation.decisions)
    return proposals


def _propose(
    resources: Resources, now: datetime, plan: PlannedContact, file: CaseFile, proposals: Proposals
) -> Reservation | None:
    """Ask the gate for each channel and contact point of the step until one is allowed."""
    step = resources.ladders.step_of(plan.progress)
    if not step.is_remote:
        proposals.plans.append(prepare_step(resources, proposals.escalation, plan, file, step, now))
        return None
    lacking = proposals.escalation.lacking(resources, step, file.case_id, now)
    if lacking is not None:
        progress = go_back(plan.progress, resources.ladders.of(plan.progress.strategy), lacking, now)
        proposals.plans.append(replace(plan, progress=progress))
        return None
    if resources.workbench.calls_by_hand and step.channels == ("call",):
        # A person asks the gate when they call; unanswered, the queue is asked again after a while.
        progress = replace(plan.progress, due_at=now + BY_HAND_ASKED_AGAIN, is_waiting=True)
        proposals.plans.append(replace(plan, progress=progress))
        proposals.by_hand.append(plan)
        return None
    step = in_turn(proposals.learning, plan, step)
    kept = ask_in_turn(resources, now, file, step)
    proposals.decisions.extend(kept)
    proposals.denials.extend((entry, plan, now) for entry in kept if not entry.decision.is_allowed)
    last = kept[-1]
    if not last.decision.is_allowed or last.contact_point_id is None:
        proposals.plans.append(_after_denial(resources, plan, kept, now))
        if not proposals.plans[-1].progress.is_waiting:
            proposals.escalation.excuse(last)
        return None
    chosen = choose_contact(resources, proposals.learning, now, plan, file, step, last)
    if chosen is not None:
        plan = replace(plan, attempt_id=chosen.attempt_id)
        if chosen.decision is None:
            proposals.plans.append(replace(plan, progress=replace(plan.progress, due_at=chosen.until)))
            return None
        if chosen.decision is not last:
            proposals.decisions.append(chosen.decision)
            last = chosen.decision
    assert last.contact_point_id is not None
    template = resources.wording.template(step.words or last.rung, last.channel)
    if template is None:
        log.error("contact.no_template", case_id=str(file.case_id), rung=step.rung, channel=last.channel)
        progress = replace(plan.progress, due_at=now + NO_TEMPLATE_RETRY, is_waiting=True)
        proposals.plans.append(replace(plan, progress=progress))
        return None
    reservation = Reservation(
        attempt_id=plan.attempt_id or new_id(),
        case_id=file.case_id,
        person_id=file.person_id,
        creditor_id=file.creditor_id,
        contact_point_id=last.contact_point_id,
        channel=last.channel,
        rung=last.rung,
        template=template,
        decision_id=last.decision_id,
    )
    progress = replace(plan.progress, due_at=None, is_waiting=False)
    proposals.plans.append(replace(plan, progress=progress, attempt_id=reservation.attempt_id))
    return reservation


def _after_denial(
    resources: Resources, plan: PlannedContact, kept: Sequence[KeptDecision], now: datetime
) -> PlannedContact:
    """Ask again when the rules open; go on to the next step where this one can reach nobody; else wait for a change."""
    if kept[-1].decision.rules_out_case:
        return replace(plan, progress=replace(plan.progress, due_at=None, is_waiting=True))
    openings = [entry.decision.until for entry in kept if entry.decision.until is not None]
    if openings:
        due_at = max(min(openings), now + ASK_AGAIN_AFTER)
        return replace(plan, progress=replace(plan.progress, due_at=due_at, is_waiting=True))
    progress = climb(plan.progress, resources.ladders.of(plan.progress.strategy), now)
    if progress.due_at is not None:
        progress = replace(progress, due_at=max(progress.due_at, now + ASK_AGAIN_AFTER))
    return replace(plan, progress=progress)


async def announce_denials(work: Work, proposals: Proposals, links: Mapping[UUID, ChainLink]) -> None:
    """Announce a denial once per case, rule and business day, however often the question comes up again."""
    wanted = [
        AnnouncedDenial(entry.case_id, rule.rule, proposals.files[entry.case_id].business_date(now))
        for entry, _, now in proposals.denials
        for rule in entry.decision.rules
    ]
    if not wanted:
        return
    fresh = await work.decisions.announce_once(wanted)
    said: set[AnnouncedDenial] = set()
    for entry, plan, now in proposals.denials:
        on = proposals.files[entry.case_id].business_date(now)
        rules = {AnnouncedDenial(entry.case_id, rule.rule, on) for rule in entry.decision.rules}
        if rules & fresh - said:
            said |= rules
            work.announce(_denied(entry, links[entry.decision_id]), caused_by=plan.cause)


def _denied(entry: KeptDecision, link: ChainLink) -> ContactDenied:
    decision = entry.decision
    return ContactDenied.model_validate(
        {
            "case_id": entry.case_id,
            "creditor_id": entry.creditor_id,
            "person_id": entry.person_id,
            "contact_point_id": entry.contact_point_id,
            "channel": entry.channel,
            "rung": entry.rung,
            "decision_id": entry.decision_id,
            "verdict": decision.verdict,
            "rules": tuple(RuleFired(rule=rule.rule, clause=rule.clause) for rule in decision.rules),
            "facts_hash": decision.facts_hash,
            "pack_hash": decision.pack_hash,
            "packs": decision.packs,
            "until": decision.until,
            "denied_at": entry.decided_at,
            "chain_position": link.position,
            "chain_hash": link.chain_hash,
        }
    )
