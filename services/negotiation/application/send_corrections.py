"""Requests to correct a credit record on their way: handed over with a bounded number of tries, answers fetched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import orjson

from services.negotiation.application.agreement_ports import PaperNotMade, Papers, Section, Sheet
from services.negotiation.application.draw_agreement import reference_of
from services.negotiation.application.fresh_start_ports import BureauAway, CorrectionFile
from services.negotiation.application.ports import Resources
from services.negotiation.domain.agreement.text import LABELS
from services.negotiation.domain.agreement.wording import moment, money
from services.negotiation.domain.fresh_start.corrections import (
    ASK_EVERY,
    ATTEMPTS_MAX,
    Correction,
    answer_time,
    answered,
    cancelled,
    given_up,
    sent,
    tried,
)
from services.negotiation.domain.fresh_start.texts import LETTER

BATCH_MAX = 20


async def send_corrections(resources: Resources, *, limit: int = BATCH_MAX) -> int:
    """Hand over up to `limit` due requests, none of them inside a transaction; answers with how many were looked at."""
    if resources.bureau is None:
        return 0
    async with resources.begin() as work:
        due = await work.fresh_starts.lock_due("requested", limit)
        withdrawn = await work.fresh_starts.withdrawn_of({c.case_id for c in due})
        now = work.now
        ended = [cancelled(c) for c in due if c.case_id in withdrawn]
        ended += [given_up(c) for c in due if c.case_id not in withdrawn and c.attempts >= ATTEMPTS_MAX]
        over = {c.correction_id for c in ended}
        trying = [tried(c, now) for c in due if c.correction_id not in over]
        await work.fresh_starts.save([*ended, *trying])
        await work.commit()
    for correction in trying:
        try:
            await resources.bureau.hand_over(await correction_file(correction, resources.papers))
        except (BureauAway, PaperNotMade):
            continue
        async with resources.begin() as work:
            current = await work.fresh_starts.find(correction.correction_id)
            if current.state == "requested":
                await work.fresh_starts.save([sent(current, work.now)])
                await work.commit()
    return len(due)


async def fetch_answers(resources: Resources, *, limit: int = BATCH_MAX) -> int:
    """Ask once a day what became of what was sent."""
    if resources.bureau is None:
        return 0
    async with resources.begin() as work:
        due = await work.fresh_starts.lock_due("sent", limit)
        now = work.now
        asked = [_asked_again(c, now + ASK_EVERY) for c in due]
        await work.fresh_starts.save(asked)
        await work.commit()
    if not due:
        return 0
    try:
        come = await resources.bureau.answers(due, now)
    except BureauAway:
        return len(due)
    for correction_id, answer in come.items():
        async with resources.begin() as work:
            current = await work.fresh_starts.find(correction_id)
            if current.state == "sent":
                await work.fresh_starts.save([answered(current, answer, work.now)])
                await work.commit()
    return len(due)


async def correction_file(correction: Correction, papers: Papers) -> CorrectionFile:
    """Facts and letter. Raises PaperNotMade."""
    sealed = await papers.make(letter_of(correction, papers))
    return CorrectionFile(correction, facts_of(correction), sealed.content)


def facts_of(correction: Correction) -> bytes:
    """JSON for the furnisher's machines. The account's status code depends on what was reported before, so the
    furnisher chooses it; that less than the full balance was paid is the special comment AU in Metro 2.
    """
    c = correction
    facts = {
        "format": "concord-correction-1",
        "request_id": c.correction_id,
        "case_id": c.case_id,
        "creditor_id": c.creditor_id,
        "jurisdiction": c.jurisdiction,
        "outcome": c.outcome,
        "currency": c.currency,
        "balance_minor_units": 0,
        "past_due_minor_units": 0,
        "waived_minor_units": c.waived,
        "cleared_at": c.cleared_at,
        "answer_within_days": answer_time(c.jurisdiction).days,
        "source": answer_time(c.jurisdiction).source,
    }
    if c.jurisdiction == "US" and c.outcome == "paid_for_less":
        facts["metro2_special_comment"] = "AU"
    return orjson.dumps(facts, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)


def letter_of(correction: Correction, papers: Papers) -> Sheet:
    c, language = correction, correction.language
    words, labels = LETTER[language], LABELS[language]
    time = answer_time(c.jurisdiction)
    by = moment(c.requested_at + timedelta(days=time.days), language)
    said = [str(line).format(answer_by=by, source=time.source) for line in words["ask"]]
    said.insert(1, str(words[c.outcome]))
    if c.jurisdiction == "US" and c.outcome == "paid_for_less" and words["special_comment"]:
        said.insert(2, str(words["special_comment"]))
    return Sheet(
        language=language,
        is_us=c.jurisdiction == "US",
        title=str(words["title"]),
        sender=papers.agency[language],
        facts=(
            (str(words["to"]), labels["creditor_unnamed"].format(reference=c.creditor_id)),
            (labels["case"], reference_of(c.case_id)),
            (str(words["request"]), str(c.correction_id).upper()),
            (str(words["owed"]), money(0, c.currency, language)),
            (str(words["waived"]), money(c.waived, c.currency, language)),
            (str(words["outcome"]), str(words[c.outcome])),
        ),
        sections=(Section(str(words["why"]), tuple(said)),),
        footer=f"{papers.agency[language]} · {labels['complaints']} {papers.contact}",
        dated_at=c.requested_at,
    )


def _asked_again(correction: Correction, at: datetime) -> Correction:
    return replace(correction, due_at=at)
