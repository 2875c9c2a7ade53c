"""Watch after cure: opened when a debt is cured, ended by new arrears, by its undoing, or after twelve months."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Plan, Work
from services.negotiation.application.watch_metrics import RE_DEFAULTS
from services.negotiation.application.watch_ports import Grouping
from services.negotiation.domain.calendar import end_of_day
from services.negotiation.domain.case_file import CaseFile
from services.negotiation.domain.terms import FORM_OF
from services.negotiation.domain.watch.cures import Cure, CureRate, CureWatch, rates, within_months
from shared.events.body import EventBody
from shared.events.envelope import Event
from shared.events.re_default_detected import ReDefaultDetected
from shared.kernel.identifiers import new_id

BATCH_MAX = 500


@dataclass(frozen=True, slots=True)
class Cured:
    """A case that has just been cured, and by which plan, if by one."""

    case: CaseFile
    cure: Cure
    plan: Plan | None


async def open_cures(work: Work, cured: Sequence[Cured]) -> None:
    """Watch what was cured. A case that is watched already (healed before it was paid off) is watched anew."""
    newest = {entry.case.case_id: entry for entry in cured if not entry.case.is_erased}
    if not newest:
        return
    older = await work.cures.of_cases(newest)
    await work.cures.save([replace(watch, outcome="replaced", outcome_at=work.now) for watch in older])
    watches = [_watch(work, entry) for entry in newest.values()]
    ends_at = {
        watch.watch_id: end_of_day(watch.ends_on - timedelta(days=1), newest[watch.case_id].case.zones)
        for watch in watches
    }
    await work.cures.add(watches, ends_at)


async def note_undone_cures(
    work: Work, case_ids: Collection[UUID], causes: Mapping[UUID, Event[EventBody]] | None = None
) -> None:
    """The same debt is open again: its money was taken back, or the healed plan broke. The cases are locked."""
    if not case_ids:
        return
    for watch in await work.cures.of_cases(case_ids):
        await _re_default(work, watch, work.now.date(), None, (causes or {}).get(watch.case_id))


async def note_new_arrears(work: Work, cases: Sequence[tuple[CaseFile, Event[EventBody]]]) -> None:
    """New cases of persons whose earlier debt with the same creditor was cured.

    Arrears that began before the cure are another debt that was there already, and no relapse.
    """
    arrived = {case.person_id: (case, event) for case, event in cases if case.person_id is not None}
    if not arrived:
        return
    for watch in await work.cures.of_persons(arrived):
        if watch.person_id is None:
            continue
        case, event = arrived[watch.person_id]
        contract = case.contract
        is_new = contract is not None and contract.oldest_due_on >= watch.cured_on
        if is_new and case.creditor_id == watch.creditor_id and case.case_id != watch.case_id and contract is not None:
            await _re_default(work, watch, contract.placed_on, case.case_id, event)


async def forget_cures(work: Work, case_ids: Collection[UUID]) -> None:
    """On an erasure: what was cured stays known, of whom does not."""
    watches = await work.cures.of_cases(case_ids)
    await work.cures.save([replace(w, person_id=None, outcome="erased", outcome_at=work.now) for w in watches])


async def end_cure_watches(begin: OpenWork, *, limit: int = BATCH_MAX) -> int:
    """The timer: cures that held for twelve months. The person is not needed any more, and forgotten."""
    async with begin() as work:
        over = await work.cures.lock_over(limit)
        if over:
            await work.cures.save([replace(w, person_id=None, outcome="kept", outcome_at=work.now) for w in over])
            await work.commit()
        return len(over)


async def show_cures(begin: OpenWork, by: Grouping) -> tuple[CureRate, ...]:
    async with begin(is_staff=True) as work:
        return rates(await work.cures.counts(by, work.now.date()))


def _watch(work: Work, cured: Cured) -> CureWatch:
    case, plan = cured.case, cured.plan
    treatment = "paid_in_full"
    if cured.cure != "paid_in_full" and plan is not None:
        treatment = plan.terms.form or FORM_OF[plan.terms.kind]
    return CureWatch(
        watch_id=new_id(),
        case_id=case.case_id,
        creditor_id=case.creditor_id,
        person_id=case.person_id,
        cure=cured.cure,
        cause=case.assessment.arrears_cause if case.assessment is not None else "unknown",
        treatment=treatment,
        cured_at=work.now,
        cured_on=case.today(work.now),
    )


async def _re_default(
    work: Work, watch: CureWatch, on: date, again_case_id: UUID | None, cause: Event[EventBody] | None
) -> None:
    months = within_months(watch.cured_on, max(on, watch.cured_on))
    if months is None:
        return
    ended = replace(watch, outcome="re_defaulted", outcome_at=work.now, within_months=months)
    await work.cures.save([ended])
    RE_DEFAULTS.inc()
    body = ReDefaultDetected.model_validate(
        {
            "case_id": watch.case_id,
            "creditor_id": watch.creditor_id,
            "watch_id": watch.watch_id,
            "again_case_id": again_case_id,
            "cured_at": watch.cured_at,
            "within_months": months,
            "arrears_cause": watch.cause,
            "treatment": watch.treatment,
            "detected_at": work.now,
        }
    )
    work.announce(body, cause)
