"""Ask the gate for each channel and contact point of a step, in turn, until one is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.outreach.application.ports import Resources
from services.outreach.application.records import KeptDecision, Reservation
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.gate.decision import decide
from services.outreach.domain.gate.facts import DEMAND
from services.outreach.domain.ladder import Step
from shared.kernel.identifiers import new_id


def ask_in_turn(
    resources: Resources, now: datetime, file: CaseFile, step: Step, purpose: str = DEMAND
) -> list[KeptDecision]:
    """The decisions that were made, the last of them the one that counts; at least one."""
    kept: list[KeptDecision] = []
    for channel, point in file.candidates(step):
        request = replace(file.request(step, channel, point), purpose=purpose)
        decision = decide(request, file.facts(point), resources.packs, now)
        kept.append(
            KeptDecision(
                decision_id=new_id(),
                case_id=file.case_id,
                person_id=file.person_id,
                creditor_id=file.creditor_id,
                contact_point_id=point.contact_point_id if point is not None else None,
                channel=channel,
                rung=step.rung,
                decision=decision,
                decided_at=now,
            )
        )
        if decision.rules_out_case or not decision.rules_out_point:
            # Allowed; or only a matter of time; or what speaks against it speaks against every other point as well.
            break
    return kept


@dataclass(frozen=True, slots=True)
class AskedNotice:
    """What the gate said to a notice; `reservation` where it may leave."""

    decisions: Sequence[KeptDecision]
    reservation: Reservation | None

    @property
    def last(self) -> KeptDecision:
        return self.decisions[-1]


def ask_for_notice(
    resources: Resources, now: datetime, file: CaseFile, step: Step, purpose: str, attempt_id: UUID
) -> AskedNotice:
    """A message that is no step of the ladder: announced by nothing but its own attempt, under an id drawn before."""
    kept = ask_in_turn(resources, now, file, step, purpose)
    last = kept[-1]
    template = resources.wording.template(step.words or step.rung, last.channel)
    if not last.decision.is_allowed or last.contact_point_id is None or template is None:
        return AskedNotice(kept, None)
    reservation = Reservation(
        attempt_id=attempt_id,
        case_id=file.case_id,
        person_id=file.person_id,
        creditor_id=file.creditor_id,
        contact_point_id=last.contact_point_id,
        channel=last.channel,
        rung=step.rung,
        template=template,
        decision_id=last.decision_id,
    )
    return AskedNotice(kept, reservation)
