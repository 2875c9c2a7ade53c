"""A promise: said back to the person, open to contradiction, and counted only when neither was in vain."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.outreach.application.ports import Resources, Work
from services.outreach.application.records import CaseKey
from services.outreach.application.reply_records import Promise
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.replies.meaning import Meaning
from shared.kernel.identifiers import new_id

PROMISE_PATIENCE = timedelta(days=2)
"""After the promised day: money needs a day or two to arrive."""
POSTPONED_DAYS_MAX = 31
CONTRADICT_WITHIN = timedelta(days=2)
"""After it was said back, by our own rule: people do not read messages every day."""
PROMISES_MAX = 500


async def follow_promise(work: Work, reply_id: UUID, key: CaseKey, file: CaseFile, meaning: Meaning) -> None:
    """Keep it as proposed in place of an older one that was still open, and press nobody before the day."""
    assert meaning.promised_on is not None
    older = await work.promises.proposed(key.case_id)
    if older is not None:
        await work.promises.settle([older.promise_id], "contradicted", "newer_promise", work.now)
        await work.answers.drop(key.case_id, "confirmation")
    promise = Promise(
        promise_id=new_id(),
        reply_id=reply_id,
        case_id=key.case_id,
        promised_on=meaning.promised_on,
        promised_minor_units=meaning.promised_minor_units,
        state="proposed",
        proposed_at=work.now,
    )
    await work.promises.propose(promise)
    days = (meaning.promised_on - file.business_date(work.now)).days
    await work.plans.postpone(
        {key.case_id: work.now + timedelta(days=min(days, POSTPONED_DAYS_MAX)) + PROMISE_PATIENCE}
    )


async def confirm_promise(work: Work, promise: Promise) -> None:
    """The person says yes to what was said back."""
    await work.promises.settle([promise.promise_id], "confirmed", "reply", work.now)


async def withdraw_promise(work: Work, case_id: UUID) -> None:
    """The person says no, or something that speaks against holding them to it."""
    promise = await work.promises.proposed(case_id)
    if promise is not None:
        await work.promises.settle([promise.promise_id], "contradicted", "reply", work.now)
        await work.answers.drop(case_id, "confirmation")


async def count_promises(resources: Resources) -> int:
    """The timer: promises that were said back and not contradicted in time count from now on."""
    async with resources.begin() as work:
        standing = await work.promises.uncontradicted(PROMISES_MAX)
        if standing:
            await work.promises.settle([p.promise_id for p in standing], "confirmed", "silence", work.now)
            await work.commit()
    return len(standing)
