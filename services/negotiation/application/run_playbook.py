"""Steps of the default playbook: each is recorded once a run, and a run that has ended stays so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.negotiation.application.ports import OpenWork, Step, Work
from services.negotiation.application.watch_metrics import STALLED
from services.negotiation.domain.watch.playbook import Run, advance
from shared.kernel.identifiers import new_id

STALLED_MAX = 500
MAKES_MOOT = frozenset({"healed", "agreed_again", "closed"})
"""After these nobody needs to decide any more whether there may be another plan."""


async def take_steps(work: Work, steps: Sequence[Step]) -> None:
    """Record the steps that say something new. The cases are locked."""
    if not steps:
        return
    begun = [step for step in steps if step.step == "detected"]
    fresh = {s.plan_id: Run(new_id(), s.plan_id, s.case_id, s.creditor_id, s.at) for s in begun}
    known = await work.watch.runs({step.plan_id for step in steps} - fresh.keys())
    runs: dict[UUID, Run] = {**known, **fresh}
    kept = list(begun)
    for step in steps:
        run = runs.get(step.plan_id)
        if run is None:
            # The plan broke before runs were kept: the steps alone are its record.
            kept.append(step)
        elif (after := advance(run, step.step, step.at)) is not None:
            runs[step.plan_id] = after
            kept.append(step)
    await work.watch.add_runs([runs[plan_id] for plan_id in fresh])
    await work.watch.save_runs([run for plan_id, run in runs.items() if plan_id in known and run != known[plan_id]])
    await work.plans.record_steps(kept)
    await _end_moot_decisions(work, kept)


async def _end_moot_decisions(work: Work, steps: Sequence[Step]) -> None:
    ended = {step.case_id for step in steps if step.step in MAKES_MOOT}
    if not ended:
        return
    for decision in await work.replans.open_of(ended):
        await work.replans.end(replace(decision, state="moot", decided_at=work.now))
        await work.holds.release([(decision.decision_id, decision.case_id, decision.creditor_id, "replan_limit")])


async def note_stalled_playbooks(begin: OpenWork, *, limit: int = STALLED_MAX) -> int:
    """The timer: runs in which nobody re-assessed in time. Somebody looks (metric) while the hold still stands."""
    async with begin() as work:
        runs = [run for run in await work.watch.lock_stalled(limit) if run.is_stalled(work.now)]
        if runs:
            steps = [Step(run.plan_id, run.case_id, run.creditor_id, "stalled", work.now, None) for run in runs]
            await take_steps(work, steps)
            await work.commit()
            STALLED.inc(len(runs))
        return len(runs)
