"""The sweep of due contacts: decide about many cases at once, reserve, reveal, hand over, send, settle.

Reserve first, act second. The attempt and its allow decision are committed before anybody outside hears of them, the
provider is called with the attempt's id as its key, and whoever settles must hold the attempt's newest token. A process
that dies in between leaves an attempt that counts and that `recover_contacts` resolves; nothing is sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.outreach.application.ports import Addressee, Message, Resources, VaultAway, Work
from services.outreach.application.records import (
    AnnouncedDenial,
    KeptDecision,
    Lease,
    PlannedContact,
    Reservation,
)
from services.outreach.application.settle_contacts import settle_contacts
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.ladder import climb
from shared.events.contact_denied import ContactDenied
from shared.events.terms import RuleFired
from shared.kernel.identifiers import new_id
from shared.service.faults import fault_point

ASK_AGAIN_AFTER = timedelta(hours=1)
"""A denied contact is not proposed again earlier, however soon the rules would open."""
VAULT_AWAY_RETRY = timedelta(minutes=5)
GONE_RETRY = timedelta(days=1)


@dataclass(slots=True)
class _Outcome:
    """What deciding about a batch came to."""

    plans: list[PlannedContact] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    decisions: list[KeptDecision] = field(default_factory=list)
    denials: list[tuple[KeptDecision, PlannedContact, datetime]] = field(default_factory=list)
    files: dict[UUID, CaseFile] = field(default_factory=dict)


async def attempt_contacts(resources: Resources) -> int:
    """Handle one batch of due contacts; answers with how many plans it looked at."""
    limits = resources.limits
    async with resources.begin() as work:
        due = await work.plans.claim_due(limits.sweep_cases)
        if not due:
            return 0
        outcome = await _decide(resources, work, due)
        leases = await work.attempts.reserve(outcome.reservations, limits.lease_s)
        await work.decisions.add(outcome.decisions)
        await work.plans.save(outcome.plans)
        await _announce_denials(work, outcome)
        await work.commit()
    fault_point("outreach.after_reserve")
    if leases:
        await _carry_out(resources, outcome, leases)
    return len(due)


async def _decide(resources: Resources, work: Work, due: Sequence[PlannedContact]) -> _Outcome:
    outcome = _Outcome(files=await work.files.load([plan.case_id for plan in due]))
    contacted: set[UUID] = set()
    for plan in due:
        if plan.person_id in contacted:
            # Another case of this person has just used a contact that these facts do not know yet: next sweep.
            continue
        file = outcome.files[plan.case_id]
        reservation = _propose(resources, work.now, plan, file, outcome)
        if reservation is not None:
            contacted.add(plan.person_id)
            outcome.reservations.append(reservation)
    return outcome


def _propose(
    resources: Resources, now: datetime, plan: PlannedContact, file: CaseFile, outcome: _Outcome
) -> Reservation | None:
    """Ask the gate for each channel and contact point of the step until one is allowed."""
    step = resources.ladders.step_of(plan.progress)
    kept: list[KeptDecision] = []
    for channel, point in file.candidates(step):
        decision = decide(file.request(step, channel, point), file.facts(point), resources.packs, now)
        point_id = point.contact_point_id if point is not None else None
        kept.append(
            KeptDecision(
                decision_id=new_id(),
                case_id=file.case_id,
                person_id=file.person_id,
                creditor_id=file.creditor_id,
                contact_point_id=point_id,
                channel=channel,
                rung=step.rung,
                decision=decision,
                decided_at=now,
            )
        )
        if decision.rules_out_case or not decision.rules_out_point:
            # Allowed; or only a matter of time; or what speaks against it speaks against every other point as well.
            break
    outcome.decisions.extend(kept)
    outcome.denials.extend((entry, plan, now) for entry in kept if not entry.decision.is_allowed)
    last = kept[-1]
    if not last.decision.is_allowed or last.contact_point_id is None:
        outcome.plans.append(_after_denial(resources, plan, kept, now))
        return None
    reservation = Reservation(
        attempt_id=plan.attempt_id or new_id(),
        case_id=file.case_id,
        person_id=file.person_id,
        creditor_id=file.creditor_id,
        contact_point_id=last.contact_point_id,
        channel=last.channel,
        rung=last.rung,
        template=resources.wording.template(last.rung, last.channel),
        decision_id=last.decision_id,
    )
    progress = replace(plan.progress, due_at=None, is_waiting=False)
    outcome.plans.append(replace(plan, progress=progress, attempt_id=reservation.attempt_id))
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


async def _announce_denials(work: Work, outcome: _Outcome) -> None:
    """Announce a denial once per case, rule and business day, however often the question comes up again."""
    wanted = [
        AnnouncedDenial(entry.case_id, rule.rule, outcome.files[entry.case_id].business_date(now))
        for entry, _, now in outcome.denials
        for rule in entry.decision.rules
    ]
    if not wanted:
        return
    fresh = await work.decisions.announce_once(wanted)
    said: set[AnnouncedDenial] = set()
    for entry, plan, now in outcome.denials:
        on = outcome.files[entry.case_id].business_date(now)
        rules = {AnnouncedDenial(entry.case_id, rule.rule, on) for rule in entry.decision.rules}
        if rules & fresh - said:
            said |= rules
            work.announce(_denied(entry), caused_by=plan.cause)


def _denied(entry: KeptDecision) -> ContactDenied:
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
        }
    )


async def _carry_out(resources: Resources, outcome: _Outcome, leases: Sequence[Lease]) -> None:
    """Reveal, hand over, send, settle. Runs outside any transaction but for three short ones."""
    held = {lease.attempt_id: lease for lease in leases}
    reservations = [entry for entry in outcome.reservations if entry.attempt_id in held]
    wanted = {entry.contact_point_id: (entry.case_id, entry.creditor_id) for entry in reservations}
    try:
        addressees = await resources.vault.reveal(wanted)
    except VaultAway:
        await _release(resources, list(held.values()), VAULT_AWAY_RETRY)
        return
    gone = [held[entry.attempt_id] for entry in reservations if entry.contact_point_id not in addressees]
    if gone:
        await _release(resources, gone, GONE_RETRY)
    messages = _word(resources, outcome.files, reservations, addressees)
    async with resources.begin() as work:
        ours = await work.attempts.hand_over([held[m.attempt_id] for m in messages], resources.limits.lease_s)
        await work.commit()
    fault_point("outreach.before_provider")
    results = await resources.channels.send([message for message in messages if message.attempt_id in ours])
    fault_point("outreach.after_provider")
    await settle_contacts(resources, [(held[attempt_id], status) for attempt_id, status in results.items()])


def _word(
    resources: Resources,
    files: Mapping[UUID, CaseFile],
    reservations: Sequence[Reservation],
    addressees: Mapping[UUID, Addressee],
) -> list[Message]:
    now = resources.clock.now()
    messages = []
    for entry in reservations:
        addressee = addressees.get(entry.contact_point_id)
        if addressee is None:
            continue
        subject, text = resources.wording.word(entry, files[entry.case_id], addressee, now)
        messages.append(
            Message(entry.attempt_id, entry.channel, addressee.value, addressee.language, subject, text, now)
        )
    return messages


async def _release(resources: Resources, leases: Sequence[Lease], retry_after: timedelta) -> None:
    async with resources.begin() as work:
        await work.attempts.release(leases, work.now + retry_after)
        await work.commit()
