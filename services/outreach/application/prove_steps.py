"""Before a step is proposed: is it proven that the softer ones were taken? Visits and hand-overs are only prepared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.outreach.application.escalation_records import KeptProof, LegalHandover, Visit
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import KeptDecision, PlannedContact
from services.outreach.domain.case_file import CaseFile, ContactPoint
from services.outreach.domain.escalation.proof import KINDS, Cleared, ToHandOver, ToVisit, prove
from services.outreach.domain.escalation.records import Excuse, History, NotProven
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import Request
from services.outreach.domain.ladder import Step, climb
from services.outreach.domain.time_bar import Standing, limitation_standing
from shared.kernel.identifiers import new_id

SYSTEM = "system"
NOT_OFFERED = "/visit_offered"
PROPOSAL = "proposal"
"""Purpose of a question that is asked before people, day and notice of a visit are known."""


@dataclass(slots=True)
class Escalation:
    """What is recorded of the cases of a batch, and what comes of it."""

    histories: Mapping[UUID, History] = field(default_factory=dict)
    vulnerable: frozenset[UUID] = frozenset()
    excuses: list[Excuse] = field(default_factory=list)
    proofs: list[KeptProof] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    handovers: list[LegalHandover] = field(default_factory=list)
    decisions: list[KeptDecision] = field(default_factory=list)

    def lacking(self, resources: Resources, step: Step, case_id: UUID, now: datetime) -> str | None:
        """The lowest rung that is not proven and should be; None where the step may be taken."""
        kind = KINDS.get(step.rung)
        if kind is None:
            return None
        try:
            prove(kind, self.histories.get(case_id, History(case_id)), resources.proof_rules, now)
        except NotProven as missing:
            return missing.rung
        return None

    def excuse(self, denied: KeptDecision) -> None:
        """Nobody can be reached on this rung: the decision that says so stands in for an attempt."""
        self.excuses.append(Excuse(denied.decision_id, denied.case_id, denied.rung, denied.decided_at))


async def open_escalation(resources: Resources, work: Work, due: Sequence[PlannedContact]) -> Escalation:
    """One read for the whole batch, and none where every step is a first one."""
    climbing = {plan.case_id for plan in due if resources.ladders.step_of(plan.progress).rung in KINDS}
    if not climbing:
        return Escalation()
    return Escalation(
        histories=await work.escalations.histories(climbing),
        vulnerable=frozenset(await work.escalations.vulnerable_among(climbing)),
    )


async def keep_escalation(work: Work, escalation: Escalation) -> None:
    """After the decisions are stored: excuses name them."""
    await work.escalations.excuse(escalation.excuses)
    visits = set(await work.visits.propose(escalation.visits)) if escalation.visits else set()
    handovers = set(await work.handovers.prepare(escalation.handovers)) if escalation.handovers else set()
    # A case that had an open visit or hand-over kept that one, with its own proof.
    used = {visit.proof_id for visit in escalation.visits if visit.visit_id in visits}
    used |= {entry.proof_id for entry in escalation.handovers if entry.handover_id in handovers}
    await work.escalations.keep_proofs([proof for proof in escalation.proofs if proof.proof_id in used])


def prepare_step(
    resources: Resources,
    escalation: Escalation,
    plan: PlannedContact,
    file: CaseFile,
    step: Step,
    now: datetime,
) -> PlannedContact:
    """Propose a visit, or prepare a hand-over, where that is proven; the ladder goes on either way."""
    ladder = resources.ladders.of(plan.progress.strategy)
    after = replace(plan, progress=climb(plan.progress, ladder, now))
    if file.case_id in escalation.vulnerable or not is_ready(file) or not step.is_taken_in(file.jurisdiction):
        return after
    history = escalation.histories.get(file.case_id, History(file.case_id))
    try:
        if step.rung == "visit":
            _propose_visit(resources, escalation, file, prove(ToVisit, history, resources.proof_rules, now), now)
        elif limitation_of(file, now) == "open":
            _prepare_handover(escalation, file, prove(ToHandOver, history, resources.proof_rules, now), now)
    except NotProven:
        # Somebody answered, or too little was tried: no reason to press harder.
        return after
    return after


def is_ready(file: CaseFile) -> bool:
    """Open, owed, on no plan, on no hold, and not spoken for by a lawyer whom we would pass over."""
    return (
        file.status == "open"
        and file.balance.total_minor_units > 0
        and not file.is_plan_kept
        and not file.holds
        and not file.is_represented
    )


def limitation_of(file: CaseFile, now: datetime) -> Standing:
    """Whether a court would still hear the debt, by the day on which its oldest part fell due."""
    today = file.business_date(now)
    oldest_due_on = None if file.days_past_due is None else today - timedelta(days=file.days_past_due)
    return limitation_standing(file.jurisdiction, oldest_due_on, today)


def visit_point(file: CaseFile) -> ContactPoint | None:
    """Where a person may be visited: their postal address, never a place of work."""
    fitting = [
        point for point in file.points if point.kind == "postal" and not point.is_wrong and point.place != "work"
    ]
    return min(fitting, key=lambda point: not point.is_verified, default=None)


def ask_about_visit(
    resources: Resources, file: CaseFile, point: ContactPoint | None, cleared: ToVisit, now: datetime
) -> KeptDecision:
    """Whether a visit is thinkable at all: the gate's answer before anybody plans one."""
    point_id = point.contact_point_id if point is not None else None
    request = Request(
        case_id=str(file.case_id),
        channel="visit",
        rung="visit",
        contact_point_id=str(point_id) if point_id is not None else None,
        purpose=PROPOSAL,
    )
    facts = replace(file.facts(point), ladder=cleared.rungs)
    decision = decide(request, facts, resources.packs, now)
    return KeptDecision(
        decision_id=new_id(),
        case_id=file.case_id,
        person_id=file.person_id,
        creditor_id=file.creditor_id,
        contact_point_id=point_id,
        channel="visit",
        rung="visit",
        decision=decision,
        decided_at=now,
    )


def kept_proof(cleared: Cleared) -> KeptProof:
    return KeptProof(new_id(), cleared.history.case_id, cleared.rung, cleared.text, cleared.hash)


def proposed_visit(
    file: CaseFile, point: ContactPoint, proof: KeptProof, cleared: ToVisit, by: str, region: str
) -> Visit:
    """A visit cannot be written down without leave for it; the proof that is stored is that leave's."""
    if proof.hash != cleared.hash:
        raise NotProven(cleared.rung, "the proof is another one")
    return Visit(
        visit_id=new_id(),
        case_id=file.case_id,
        person_id=file.person_id,
        creditor_id=file.creditor_id,
        contact_point_id=point.contact_point_id,
        state="proposed",
        region=region,
        proof_id=proof.proof_id,
        proposed_by=by,
        proposed_at=cleared.as_of,
    )


def prepared_handover(file: CaseFile, proof: KeptProof, cleared: ToHandOver, by: str) -> LegalHandover:
    if proof.hash != cleared.hash:
        raise NotProven(cleared.rung, "the proof is another one")
    return LegalHandover(
        handover_id=new_id(),
        case_id=file.case_id,
        person_id=file.person_id,
        creditor_id=file.creditor_id,
        state="prepared",
        proof_id=proof.proof_id,
        prepared_by=by,
        prepared_at=cleared.as_of,
    )


def _propose_visit(
    resources: Resources, escalation: Escalation, file: CaseFile, cleared: ToVisit, now: datetime
) -> None:
    point = visit_point(file)
    asked = ask_about_visit(resources, file, point, cleared, now)
    if point is None or is_impossible(asked.decision):
        escalation.decisions.append(asked)
        escalation.excuse(asked)
        return
    proof = kept_proof(cleared)
    escalation.proofs.append(proof)
    escalation.visits.append(proposed_visit(file, point, proof, cleared, SYSTEM, file.region or file.jurisdiction))


def is_impossible(decision: Decision) -> bool:
    """No visit can ever be made there: not offered in the jurisdiction, refused, or no place for it. People, day and
    notice are not known yet; what only lacks those is possible."""
    return decision.rules_out_point or any(rule.rule.endswith(NOT_OFFERED) for rule in decision.rules)


def _prepare_handover(escalation: Escalation, file: CaseFile, cleared: ToHandOver, now: datetime) -> None:
    proof = kept_proof(cleared)
    escalation.proofs.append(proof)
    escalation.handovers.append(prepared_handover(file, proof, cleared, SYSTEM))
