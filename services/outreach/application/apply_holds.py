"""Holds: apply, release, let expire. A hold takes effect in its own transaction, on the very next decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import Cause, NewHold, StandingHold
from services.outreach.domain.holds import OF_THE_PERSON, hold_until
from shared.events.envelope import Event
from shared.events.hold_applied import HoldApplied
from shared.events.hold_released import HoldReleased
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import NotAllowed, NotFound

EXPIRED_HOLDS_MAX = 500
RELEASED_BY_TWO = frozenset({"critical_conduct"})


async def put_on_hold(
    work: Work, holds: Sequence[NewHold], *, caused_by: Event[Any] | Cause | None = None
) -> list[StandingHold]:
    """Apply holds to cases whose persons are locked; what is reserved for them is taken back. Answers with the new.

    Kinds that are a matter of the person hold their other cases too, with whatever lender; those learn the kind alone.
    """
    spread = await _for_other_cases(work, holds)
    applied = await work.holds.apply([*holds, *spread], work.now)
    elsewhere = {hold.hold_id for hold in spread}
    causes = {hold.hold_id: hold.cause_event_type for hold in holds}
    for hold in applied:
        body = {
            "case_id": hold.case_id,
            "creditor_id": hold.creditor_id,
            "hold_id": hold.hold_id,
            "kind": hold.kind,
            "until": hold.until,
            "cause_event_type": causes.get(hold.hold_id),
            "applied_at": work.now,
        }
        # The event that caused it is one of another tenant's case: neither its id nor its chain goes with the hold.
        cause = None if hold.hold_id in elsewhere else caused_by
        work.announce(HoldApplied.model_validate(body), caused_by=cause)
    await work.attempts.withdraw({hold.case_id for hold in (*holds, *spread)}, work.now)
    return [hold for hold in applied if hold.hold_id not in elsewhere]


async def _for_other_cases(work: Work, holds: Sequence[NewHold]) -> list[NewHold]:
    """The human being is locked: whoever is about to hand a contact over to them waits, and then sees the hold."""
    found: dict[tuple[UUID, str], NewHold] = {}
    for hold in holds:
        if hold.kind in OF_THE_PERSON:
            await work.groups.hold([hold.case_id])
            for key in await work.groups.other_cases([hold.case_id]):
                new = NewHold(new_id(), key.case_id, key.creditor_id, hold.kind, hold.until, None)
                found[key.case_id, hold.kind] = new
    return list(found.values())


async def apply_hold(resources: Resources, case_id: UUID, kind: str, until: datetime | None) -> StandingHold:
    """Staff put a case on hold. One hold of a kind stands at a time; the same again prolongs it."""
    async with resources.begin() as work:
        known = await work.files.lock([case_id])
        if case_id not in known:
            raise NotFound("case_unknown", "there is no such case")
        hold = NewHold(
            hold_id=new_id(),
            case_id=case_id,
            creditor_id=known[case_id].creditor_id,
            kind=kind,
            until=until or hold_until(kind, work.now),
            cause_event_type=None,
        )
        await put_on_hold(work, [hold])
        standing = await work.holds.standing(case_id, kind)
        await work.commit()
    assert standing is not None
    return standing


async def release_hold(resources: Resources, hold_id: UUID, reason: str) -> StandingHold:
    """Staff release a hold; twice is the same as once."""
    async with resources.begin() as work:
        hold = await work.holds.get(hold_id)
        if hold is None:
            raise NotFound("hold_unknown", "there is no such hold")
        if hold.kind in RELEASED_BY_TWO:
            raise NotAllowed("needs_two", "this hold ends when two people release its alarm")
        await work.files.lock([hold.case_id])
        await end_holds(work, [hold], reason)
        await work.commit()
    return hold


async def end_holds(
    work: Work, holds: Sequence[StandingHold], reason: str, *, caused_by: Event[Any] | None = None
) -> None:
    """Release holds of cases whose persons are locked, and ask again about what waited."""
    for hold in await work.holds.release([hold.hold_id for hold in holds], reason, work.now):
        body = {
            "case_id": hold.case_id,
            "creditor_id": hold.creditor_id,
            "hold_id": hold.hold_id,
            "kind": hold.kind,
            "reason": reason,
            "released_at": work.now,
        }
        work.announce(HoldReleased.model_validate(body), caused_by=caused_by)
    await work.plans.wake({hold.case_id for hold in holds}, work.now)


async def expire_holds(resources: Resources) -> int:
    """The timer: release one batch of holds whose time is over; answers with its size."""
    async with resources.begin() as work:
        expired = await work.holds.expired(EXPIRED_HOLDS_MAX)
        if expired:
            await end_holds(work, expired, "expired")
            await work.commit()
    return len(expired)


async def hold_quarantined(work: Work, key: UUID) -> None:
    """A case, or a person, cannot be kept up to date here: not contacting is the safe failure."""
    case_ids = [key, *(await work.persons.cases_of([key])).get(key, [])]
    known = await work.files.lock(case_ids)
    await put_on_hold(
        work,
        [NewHold(new_id(), case.case_id, case.creditor_id, "quarantine", None, None) for case in known.values()],
    )
