"""The validation notice of American cases: it leaves by itself after the first communication (12 CFR 1006.34(a)).

By letter: by electronic means it would need a consent under section 101(c) of the E-SIGN Act (1006.42(b)). It is
provided once it was handed over; a letter that comes back was not provided, and is sent again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from services.outreach.application.ask_gate import ask_for_notice
from services.outreach.application.carry_out_contacts import VAULT_AWAY_RETRY, carry_out_contacts
from services.outreach.application.contact_ports import VaultAway
from services.outreach.application.content_metrics import NOTICES_LATE, NOTICES_LEFT_TO_PEOPLE
from services.outreach.application.ports import Resources, Work
from services.outreach.application.propose_contacts import ASK_AGAIN_AFTER, Proposals
from services.outreach.application.records import NewCase
from services.outreach.application.validation_records import NoticeAttempt, ValidationNotice
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.itemization import answer_by, received_by, since_placement
from services.outreach.domain.ladder import Step
from services.outreach.domain.law.us_validation import due_on
from shared.kernel.identifiers import new_id
from shared.service.faults import fault_point

PURPOSE = "validation_notice"
STEP = Step(rung="letter", channels=("letter",), after_days=0, words=PURPOSE)
NOTICES_AT_ONCE = 100
TRIES_MAX = 3
"""Letters that may come back before a person has to find out where the borrower lives."""
CHECK_AFTER = timedelta(hours=1)
ASK_DAILY = timedelta(days=1)
"""Where waiting alone does not help (a hold, no usable address): the notice stays due while the case is open."""

log = structlog.get_logger("concord.outreach.validation")


@dataclass(frozen=True, slots=True)
class _Sweep:
    now: datetime
    endings: Mapping[UUID, str]
    attempts: Mapping[UUID, NoticeAttempt]
    proposals: Proposals


def owes_notice(case: NewCase) -> bool:
    """12 CFR 1006.2(i): whoever collects for others; we never collect for ourselves."""
    return case.jurisdiction == "US"


def notice_of(case: NewCase) -> ValidationNotice:
    return ValidationNotice(case.case_id, case.placed_on, case.balance, new_id())


async def provide_validation(resources: Resources) -> int:
    """One batch of notices that are due; answers with how many were looked at."""
    async with resources.begin() as work:
        due = await work.validations.due(NOTICES_AT_ONCE)
    if not due:
        return 0
    try:
        endings = await resources.vault.account_endings(due)
    except VaultAway:
        async with resources.begin() as work:
            await work.validations.postpone(due, work.now + VAULT_AWAY_RETRY)
            await work.commit()
        return len(due)
    async with resources.begin() as work:
        claimed = await work.validations.claim(due)
        ours = await work.groups.hold({notice.case_id for notice in claimed}, wait=False)
        notices = [notice for notice in claimed if notice.case_id in ours]
        if not notices:
            return 0
        proposals = await _propose_all(resources, work, notices, endings)
        leases = await work.attempts.reserve(proposals.reservations, resources.limits.lease_s)
        await work.decisions.add(proposals.decisions)
        await work.commit()
    fault_point("outreach.after_reserve")
    if leases:
        await carry_out_contacts(resources, proposals, leases)
        async with resources.begin() as work:
            # What has left is noted at once, not when it is looked at again.
            await work.validations.look_again([lease.attempt_id for lease in leases])
            await work.commit()
    return len(notices)


async def _propose_all(
    resources: Resources, work: Work, notices: Sequence[ValidationNotice], endings: Mapping[UUID, str]
) -> Proposals:
    await resources.wording.refresh(work.templates)
    proposals = Proposals(files=await work.files.load({notice.case_id for notice in notices}))
    sweep = _Sweep(work.now, endings, await work.validations.attempts(notices), proposals)
    saved, persons = [], set()
    for notice in notices:
        file = proposals.files[notice.case_id]
        after = _without_asking(sweep, notice, file)
        if after.due_at is not None and after.due_at <= work.now:
            if file.human_id in persons:
                # The facts do not know yet what the notice before this one has used: next sweep.
                continue
            persons.add(file.human_id)
            after = _propose(resources, sweep, after, file)
        saved.append(after)
    await work.validations.save(saved)
    return proposals


def _without_asking(sweep: _Sweep, notice: ValidationNotice, file: CaseFile) -> ValidationNotice:
    """What is known without the gate. It has to be asked where the notice is still due afterwards."""
    attempt = sweep.attempts.get(notice.attempt_id)
    if attempt is not None and attempt.state == "settled":
        if attempt.outcome != "failed":
            return _provided(notice, attempt)
        # 12 CFR 1006.42, comment 34(b)(5)-2: what came back was not received.
        notice = replace(
            notice,
            attempt_id=new_id(),
            tries=notice.tries + 1,
            provided_at=None,
            received_on=None,
            period_ends_on=None,
        )
        if notice.tries >= TRIES_MAX:
            return _left_to_people(notice, "came_back")
    elif attempt is not None and attempt.state in ("reserved", "sending"):
        return replace(notice, due_at=sweep.now + CHECK_AFTER)
    if file.status != "open":
        return replace(notice, due_at=None, closed_because="case_ended")
    if file.balance.total_minor_units <= 0:
        return replace(notice, due_at=None, closed_because="nothing_owed")
    return notice


def _provided(notice: ValidationNotice, attempt: NoticeAttempt) -> ValidationNotice:
    assert attempt.handed_over_at is not None
    issued_on = attempt.issued_on or attempt.handed_over_at.date()
    return replace(
        notice,
        due_at=None,
        provided_at=attempt.handed_over_at,
        received_on=received_by(issued_on),
        period_ends_on=answer_by(issued_on),
    )


def _propose(resources: Resources, sweep: _Sweep, notice: ValidationNotice, file: CaseFile) -> ValidationNotice:
    itemization = since_placement(
        notice.placed,
        file.balance,
        notice.paid_minor_units,
        notice.itemized_on,
        sweep.endings.get(notice.case_id, ""),
    )
    today = file.business_date(sweep.now)
    if itemization is None or itemization.errors(file.balance.total_minor_units, today):
        return _left_to_people(notice, "itemization_unknown")
    file = replace(file, itemization=itemization)
    asked = ask_for_notice(resources, sweep.now, file, STEP, PURPOSE, notice.attempt_id)
    sweep.proposals.decisions.extend(asked.decisions)
    if asked.reservation is not None:
        sweep.proposals.files[notice.case_id] = file
        sweep.proposals.reservations.append(asked.reservation)
        return replace(notice, due_at=sweep.now + CHECK_AFTER)
    if notice.initial_at is not None and today > due_on(file.business_date(notice.initial_at)):
        NOTICES_LATE.inc()
        log.error("validation.late", case_id=str(notice.case_id))
    opens = [kept.decision.until for kept in asked.decisions if kept.decision.until is not None]
    again = max(min(opens), sweep.now + ASK_AGAIN_AFTER) if opens else sweep.now + ASK_DAILY
    return replace(notice, due_at=again)


def _left_to_people(notice: ValidationNotice, because: str) -> ValidationNotice:
    """Somebody has to send it (`POST /v1/cases/{case_id}/validation-notices`)."""
    NOTICES_LEFT_TO_PEOPLE.inc()
    log.error("validation.left_to_people", case_id=str(notice.case_id), because=because)
    return replace(notice, due_at=None, closed_because=because)
