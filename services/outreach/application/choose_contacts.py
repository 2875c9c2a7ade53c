"""Let the chooser pick the moment and the channel of a step among what the gate allows, now or within a horizon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.outreach.application.harm_ports import Tallies
from services.outreach.application.harm_records import KeptChoice
from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import KeptDecision, PlannedContact
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.choosing import Option, arm_at, choose
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.local_time import DAY, at_local, zone
from services.outreach.domain.ladder import Step
from shared.kernel.identifiers import new_id

HORIZON = timedelta(hours=48)
"""A step is put off no longer than this for a better time, and once only."""
OPENINGS = (time(8), time(12), time(17))
"""Where the parts of the day begin in which anybody may be contacted at all."""
CARE = "care"


@dataclass(slots=True)
class Learning:
    """What choosing for one batch needs, and the choices that were made."""

    tallies: Tallies = field(default_factory=dict)
    postponed: dict[UUID, str] = field(default_factory=dict)
    vulnerable: set[UUID] = field(default_factory=set)
    kept: list[KeptChoice] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The decision to go by now; or None and the moment until which the contact is put off."""

    attempt_id: UUID
    decision: KeptDecision | None
    until: datetime | None


async def open_learning(
    resources: Resources, work: Work, due: Sequence[PlannedContact], files: dict[UUID, CaseFile]
) -> Learning | None:
    """None where the fixed order is to be followed."""
    if resources.harm.explore_percent is None:
        return None
    segments = {segment_of(plan, files[plan.case_id]) for plan in due}
    return Learning(
        tallies=await work.choices.tallies(segments),
        postponed=await work.choices.postponed([plan.attempt_id for plan in due if plan.attempt_id is not None]),
        vulnerable=await work.escalations.vulnerable_among([plan.case_id for plan in due]),
    )


def segment_of(plan: PlannedContact, file: CaseFile) -> str:
    return f"{plan.progress.strategy}:{file.jurisdiction}:{file.language}"


def in_turn(learning: Learning | None, plan: PlannedContact, step: Step) -> Step:
    """The step with the channel first that was chosen when it was put off until now."""
    channel = learning.postponed.get(plan.attempt_id) if learning is not None and plan.attempt_id is not None else None
    if channel is None or channel not in step.channels:
        return step
    return replace(step, channels=(channel, *(other for other in step.channels if other != channel)))


def choose_contact(
    resources: Resources,
    learning: Learning | None,
    now: datetime,
    plan: PlannedContact,
    file: CaseFile,
    step: Step,
    allowed: KeptDecision,
) -> Chosen | None:
    """`allowed` is what the fixed order would do now. None: nothing to choose; go by it."""
    place = zone(file.time_zones[0]) if file.time_zones else None
    if learning is None or place is None or allowed.contact_point_id is None:
        return None
    attempt_id = plan.attempt_id or new_id()
    found = [_option(allowed.decision, allowed.channel, str(allowed.contact_point_id), now, place)]
    decisions = {(allowed.channel, now): allowed}
    if attempt_id not in learning.postponed:
        may_call = plan.progress.strategy != CARE and file.case_id not in learning.vulnerable
        _add_others(resources, now, file, step, place, found, decisions, allowed, may_call=may_call)
    segment = segment_of(plan, file)
    known = learning.tallies.get(segment, {})
    choice = choose(segment, found, known, str(attempt_id), resources.harm.explore_percent or 0)
    learning.kept.append(KeptChoice(new_id(), attempt_id, file.case_id, choice, now))
    option = choice.option
    if option.at > now:
        return Chosen(attempt_id, None, option.at)
    return Chosen(attempt_id, decisions[option.arm.channel, now], None)


def _add_others(
    resources: Resources,
    now: datetime,
    file: CaseFile,
    step: Step,
    place: ZoneInfo,
    found: list[Option],
    decisions: dict[tuple[str, datetime], KeptDecision],
    allowed: KeptDecision,
    *,
    may_call: bool,
) -> None:
    """One option for each other arm that the gate allows, at its first moment."""
    arms = {found[0].arm}
    points = {channel: point for channel, point in reversed(file.candidates(step)) if point is not None}
    for at in (now, *_openings(now, place)):
        for channel in step.channels:
            point = points.get(channel)
            arm = arm_at(channel, at, place)
            if point is None or arm in arms or (channel == "call" and not may_call):
                continue
            decision = decide(file.request(step, channel, point), file.facts(point), resources.packs, at)
            if not decision.is_allowed:
                continue
            arms.add(arm)
            point_id = point.contact_point_id
            found.append(_option(decision, channel, str(point_id), at, place))
            if at == now:
                decisions[channel, now] = replace(
                    allowed, decision_id=new_id(), channel=channel, contact_point_id=point_id, decision=decision
                )


def _option(decision: Decision, channel: str, contact_point_id: str, at: datetime, place: ZoneInfo) -> Option:
    return Option.of(decision, arm_at(channel, at, place), at, contact_point_id)


def _openings(now: datetime, place: ZoneInfo) -> list[datetime]:
    """The beginnings of the parts of the day until the horizon, by the person's clock."""
    first = now.astimezone(place).date()
    moments = [at_local(first + days * DAY, opens, place) for days in range(HORIZON.days + 1) for opens in OPENINGS]
    return [at for at in moments if now < at <= now + HORIZON]
