"""The last question before a contact leaves: is it still permitted, with what is known at this moment?

The persons and the human beings behind them are locked, as they are by everything that stops contact: a stop that was
committed before is seen here, and one that comes later finds the attempt handed over.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_contacts import ASK_AGAIN_AFTER, Proposals
from services.outreach.application.records import Lease, Reservation
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import from_document

AT_ONCE = timedelta(0)


Ready = Sequence[tuple[Lease, Reservation]]


async def withhold_overtaken(resources: Resources, work: Work, proposals: Proposals, ready: Ready) -> set[UUID]:
    """Release what the gate would not allow now, or whose text would say an amount that is owed no more."""
    overtaken = await find_overtaken(resources, work, proposals, ready)
    for lease, entry in ready:
        if entry.attempt_id in overtaken:
            await work.attempts.release([lease], overtaken[entry.attempt_id])
    return set(overtaken)


async def find_overtaken(resources: Resources, work: Work, proposals: Proposals, ready: Ready) -> dict[UUID, datetime]:
    """Attempts that may not leave now, and when to ask about them again."""
    if not ready:
        return {}
    case_ids = {entry.case_id for _, entry in ready}
    await work.files.lock(case_ids)
    await work.groups.hold(case_ids)
    # An attempt is no contact yet as long as it is asked about.
    files = await work.files.load(case_ids, without=[entry.attempt_id for _, entry in ready])
    decisions = {entry.decision_id: entry for entry in proposals.decisions}
    overtaken: dict[UUID, datetime] = {}
    for _, entry in ready:
        kept, then, now_known = decisions[entry.decision_id], proposals.files[entry.case_id], files[entry.case_id]
        if kept.decided_at == work.now and now_known.says_the_same(then):
            continue
        again = _ask_again(resources, kept.decision, entry, now_known, work)
        if again.is_allowed and now_known.reads_the_same(then):
            continue
        wait = AT_ONCE if again.is_allowed else ASK_AGAIN_AFTER
        overtaken[entry.attempt_id] = max(again.until or work.now, work.now + wait)
    return overtaken


def _ask_again(resources: Resources, decision: Decision, entry: Reservation, file: CaseFile, work: Work) -> Decision:
    """The same request; of the facts only those about who acts are still what they were."""
    request, then, _ = from_document(json.loads(decision.facts_text))
    point = next((p for p in file.points if p.contact_point_id == entry.contact_point_id), None)
    facts = replace(
        file.facts(point),
        certificate_until=then.certificate_until,
        bot_discloses=then.bot_discloses,
        ladder=then.ladder,
        visit=then.visit,
    )
    return decide(request, facts, resources.packs, work.now)
