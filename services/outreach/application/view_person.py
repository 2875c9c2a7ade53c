"""One view of a person within one creditor: every case, what was said and tried, and what may be done next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.outreach.application.certify_staff import acting, asked_by
from services.outreach.application.clear_calls import clear_call
from services.outreach.application.escalation_records import LegalMark
from services.outreach.application.make_hand_calls import CALL_STEP, callable_points
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import ContactLine, Grievance, PlannedContact, StandingHold
from services.outreach.application.workbench_records import Acting, HandCall, NoteLine, ReplyLine
from services.outreach.domain.case_file import CaseFile, ContactPoint
from services.outreach.domain.escalation.records import NotProven
from services.outreach.domain.gate.decision import Decision, decide
from shared.kernel.refusal import NotFound

HISTORY_SHOWN = 60
LINES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Action:
    """Something that could be done next, with the gate's answer of this moment."""

    channel: str
    rung: str
    point: ContactPoint | None
    decision: Decision
    is_message: bool = False
    """The ladder's next step, and one that can be sent."""
    lacks: str | None = None
    """The rung that is not proven and has to be, before this may be done; None: nothing is lacking."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """`files`: the case asked about first."""

    now: datetime
    acting: Acting
    file: CaseFile
    files: Sequence[CaseFile]
    plan: PlannedContact | None
    agreed: Mapping[UUID, int]
    holds: Sequence[StandingHold]
    grievances: Sequence[tuple[str, Grievance]]
    history: Sequence[ContactLine]
    replies: Sequence[ReplyLine]
    notes: Sequence[NoteLine]
    calls: Sequence[Action]
    step: Action | None
    under_way: HandCall | None
    legal: Sequence[LegalMark]


async def view_person(resources: Resources, staff_id: str, case_id: UUID) -> PersonView:
    """Nothing is reserved by looking: `start_call` asks the gate again under the person's lock."""
    async with resources.begin() as work:
        who = await acting(work, staff_id)
        file = (await work.files.load([case_id])).get(case_id)
        if file is None:
            raise NotFound("case_unknown", "there is no such case")
        ids = await work.views.case_ids(file.person_id, file.creditor_id)
        files = await work.files.load(ids)
        plan = await work.views.plan(case_id)
        ordered = sorted(files.values(), key=lambda each: (each.case_id != case_id, each.case_id))
        return PersonView(
            now=work.now,
            acting=who,
            file=file,
            files=ordered,
            plan=plan,
            agreed=await work.views.plans(ids),
            holds=await work.views.holds(ids),
            grievances=await work.views.grievances(ids),
            history=await _history(work, ids),
            replies=await work.views.replies(ids, LINES_SHOWN),
            notes=await work.views.notes(ids, LINES_SHOWN),
            calls=_calls(resources, who, file, await _lacking(resources, work, case_id), work.now),
            step=_step(resources, who, file, plan, work.now),
            under_way=await work.calls.under_way(file.person_id),
            legal=await work.handovers.marks(ids),
        )


async def _history(work: Work, case_ids: Sequence[UUID]) -> list[ContactLine]:
    """Allowed and blocked alike, the newest first."""
    lines = [line for case_id in case_ids for line in await work.attempts.history(case_id, HISTORY_SHOWN)]
    return sorted(lines, key=lambda line: (line.at, line.decision_id), reverse=True)[:HISTORY_SHOWN]


async def _lacking(resources: Resources, work: Work, case_id: UUID) -> str | None:
    try:
        await clear_call(resources, work, case_id)
    except NotProven as missing:
        return missing.rung
    return None


def _calls(resources: Resources, who: Acting, file: CaseFile, lacks: str | None, now: datetime) -> list[Action]:
    actions = []
    for point in callable_points(file):
        request, facts = asked_by(
            who, file, point, file.request(CALL_STEP, "call", point), bot_discloses=who.actor == "bot"
        )
        decision = decide(request, facts, resources.packs, now)
        actions.append(Action("call", "call", point, decision, lacks=lacks))
    return sorted(actions, key=lambda action: not action.decision.is_allowed)


def _step(
    resources: Resources, who: Acting, file: CaseFile, plan: PlannedContact | None, now: datetime
) -> Action | None:
    """What the ladder would do next: the first channel and point that is allowed, else the first that is not."""
    if plan is None or plan.progress.is_finished:
        return None
    step = resources.ladders.step_of(plan.progress)
    actions = []
    for channel, point in file.candidates(step):
        request, facts = asked_by(who, file, point, file.request(step, channel, point))
        decision = decide(request, facts, resources.packs, now)
        is_message = step.is_remote and channel != "call"
        actions.append(Action(channel, step.rung, point, decision, is_message=is_message))
    return next((action for action in actions if action.decision.is_allowed), actions[0])
