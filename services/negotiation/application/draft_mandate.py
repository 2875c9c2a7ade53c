"""Draft a version of a mandate and ask for its approval; retire one. Approving is a decision like any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from services.negotiation.application.approval_ports import FiledVersion, Recheck
from services.negotiation.application.ask_approval import Question, ask_approval
from services.negotiation.application.ports import OpenWork, Work
from services.negotiation.domain.approvals import DECIDERS, Actor, Approval, MayNotDecide
from services.negotiation.domain.mandates.refusals import MandateUnusable, NotInForce
from services.negotiation.domain.mandates.version import MandateVersion, version_faults

MANAGER = "manager"


async def draft_mandate(work: Work, version: MandateVersion, by: Actor) -> tuple[FiledVersion, Approval]:
    """The draft with the next number of its lender, and the open question. Raises MandateUnusable with every fault."""
    faults = version_faults(version)
    if faults:
        raise MandateUnusable(faults)
    number = await work.mandates.next_number(version.creditor_id)
    numbered = replace(version, number=number, status="draft", is_lenders_word=by.is_lender)
    filed = FiledVersion(numbered, by.name, work.now)
    await work.mandates.add(filed)
    question = Question(
        kind="mandate",
        creditor_id=version.creditor_id,
        subject_id=version.version_id,
        reasons=("mandate_drafted",),
        details={"number": number, "product": version.product},
        deciders=DECIDERS["mandate"],
    )
    return filed, await ask_approval(work, question, by)


async def approve_mandate(work: Work, approval: Approval) -> None:
    """What follows from the decision on a draft. Open offers are looked at again when the version begins and ends."""
    filed = await work.mandates.for_change(approval.subject_id)
    if filed.version.status != "draft":
        raise NotInForce
    if approval.status != "approved":
        await work.mandates.save(replace(filed, version=replace(filed.version, status="rejected")))
        return
    is_lenders_word = filed.version.is_lenders_word or approval.decided_role == "lender"
    version = replace(filed.version, status="approved", is_lenders_word=is_lenders_word)
    await work.mandates.save(
        replace(filed, version=version, approved_by=approval.decided_by, approved_at=approval.decided_at)
    )
    await _look_again(work, version, max(version.effective_from, work.now.date()))
    if version.effective_to is not None:
        await _look_again(work, version, version.effective_to)


async def retire_mandate(work: Work, version_id: UUID, by: Actor) -> FiledVersion:
    """End a version now. The lender's word only the lender takes back; otherwise a manager does.

    Raises NoSuchThing, NotInForce, MayNotDecide. Retiring what is retired already changes nothing.
    """
    filed = await work.mandates.for_change(version_id)
    version = filed.version
    if version.status == "retired":
        return filed
    if version.status != "approved":
        raise NotInForce
    may = by.is_lender or (by.role == MANAGER and not version.is_lenders_word)
    if not may:
        raise MayNotDecide(("lenders_word" if version.is_lenders_word else "role_without_authority",))
    retired = replace(filed, version=replace(version, status="retired"), retired_by=by.name, retired_at=work.now)
    await work.mandates.save(retired)
    await _look_again(work, version, work.now.date())
    return retired


async def _look_again(work: Work, version: MandateVersion, day: date) -> None:
    """On a day and on the next one: when it begins in UTC, cases in earlier zones have yesterday's date still."""
    days = (day, day + timedelta(days=1))
    await work.mandates.plan_rechecks([Recheck(version.version_id, version.creditor_id, each) for each in days])


async def creditor_of_mandate(begin: OpenWork, version_id: UUID) -> UUID:
    """Whose it is, for staff, who see every lender's versions but change them within one lender's rows."""
    async with begin(is_staff=True) as work:
        return (await work.mandates.read(version_id)).version.creditor_id
