"""Send the validation notice: what the debt is, how it came about, until when it can be disputed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from services.outreach.application.ask_gate import ask_for_notice
from services.outreach.application.carry_out_contacts import carry_out_contacts
from services.outreach.application.content_records import SentText
from services.outreach.application.make_hand_calls import denied
from services.outreach.application.ports import Resources
from services.outreach.application.propose_contacts import Proposals
from services.outreach.application.provide_validation import CHECK_AFTER, PURPOSE, STEP
from services.outreach.domain.itemization import Itemization
from shared.kernel.refusal import Conflict, Invalid, NotFound, Reason
from shared.service.faults import fault_point


async def send_validation_notice(
    resources: Resources, case_id: UUID, notice_id: UUID, itemization: Itemization
) -> SentText:
    """`notice_id` is the attempt's: the same again is sent once. Raises `NotAllowed` with what the gate said."""
    async with resources.begin() as work:
        if case_id not in await work.files.lock([case_id]):
            raise NotFound("case_unknown", "there is no such case")
        if (sent := await work.sent_texts.get(notice_id)) is not None:
            return sent
        await resources.wording.refresh(work.templates)
        file = replace((await work.files.load([case_id]))[case_id], itemization=itemization)
        if wrong := itemization.errors(file.balance.total_minor_units, file.business_date(work.now)):
            raise Invalid("itemization_wrong", "the itemization cannot be right", [Reason(code) for code in wrong])
        asked = ask_for_notice(resources, work.now, file, STEP, PURPOSE, notice_id)
        await work.decisions.add(asked.decisions)
        if asked.reservation is None:
            await work.commit()
            raise denied(asked.last.decision)
        leases = await work.attempts.reserve([asked.reservation], resources.limits.lease_s)
        await work.validations.follow(case_id, notice_id, work.now + CHECK_AFTER)
        await work.commit()
    fault_point("outreach.after_reserve")
    if leases:
        proposals = Proposals(reservations=[asked.reservation], decisions=list(asked.decisions), files={case_id: file})
        await carry_out_contacts(resources, proposals, leases)
    async with resources.begin() as work:
        sent = await work.sent_texts.get(notice_id)
        await work.validations.look_again([notice_id])
        await work.commit()
    if sent is None:
        raise Conflict("notice_not_sent", "it could not be worded, printed or handed over; send it again later")
    return sent
