"""The ledger of preferences: write one entry, let it count on the very next decision, show all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.outreach.application.apply_holds import end_holds
from services.outreach.application.desk_records import NewPreference
from services.outreach.application.ports import Resources, Work
from services.outreach.domain.preferences import Current, Entry, current, standing
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotFound

ENTRIES_MAX = 2_000
"""A person with more has a data problem; the ledger takes no more of them."""
LOOSENS = frozenset({"opt_out", "inconvenient_time", "inconvenient_place", "representative"})
"""Kinds whose withdrawal opens what was shut: that needs proof."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """All entries in their order, and what they amount to now."""

    person_id: UUID
    entries: Sequence[Entry]
    current: Current


async def show_preferences(resources: Resources, person_id: UUID) -> Ledger:
    async with resources.begin() as work:
        entries = await work.preferences.of(person_id)
        if not entries and not await work.persons.cases_of([person_id]):
            raise NotFound("person_unknown", "there is no such person")
        return Ledger(person_id, entries, current(entries, work.now))


async def keep_preference(
    resources: Resources, who: str, person_id: UUID, new: NewPreference, request_hash: str | None
) -> Entry:
    """The same reference again is the same entry; with other content it is a conflict."""
    async with resources.begin() as work:
        if not await work.preferences.lock(person_id):
            raise NotFound("person_unknown", "there is no such person")
        if new.reference is not None:
            known = await work.preferences.recorded(new.reference)
            if known is not None:
                if known[:2] != (person_id, request_hash):
                    raise Conflict("reference_used", "this reference belongs to another entry")
                return known[2]
        entry = await record(work, who, person_id, new, request_hash)
        await work.commit()
    return entry


async def record(work: Work, who: str, person_id: UUID, new: NewPreference, request_hash: str | None = None) -> Entry:
    """In the caller's transaction, which holds the person's lock."""
    before = await work.preferences.of(person_id)
    if len(before) >= ENTRIES_MAX:
        raise Conflict("ledger_full", "this person has too many entries; somebody has to look")
    entry = Entry(
        entry_id=new_id(),
        kind=new.kind,
        withdraws=new.withdraws,
        channel=new.channel,
        contact_point_id=new.contact_point_id,
        purpose=new.purpose,
        detail=new.detail,
        begins_at=new.begins_at or work.now,
        ends_at=new.ends_at,
        source=new.source,
        source_reference=new.source_reference,
        proof_reference=new.proof_reference,
        recorded_by=who,
        recorded_at=work.now,
    )
    _check(entry, before)
    await work.preferences.add(person_id, entry, new.reference, request_hash)
    await _take_effect(work, person_id, entry, [*before, entry])
    return entry


def _check(entry: Entry, before: Sequence[Entry]) -> None:
    if entry.ends_at is not None and entry.ends_at <= entry.begins_at:
        raise Invalid("end_before_beginning", "it ends after it begins")
    if entry.withdraws is None:
        return
    withdrawn = next((known for known in before if known.entry_id == entry.withdraws), None)
    if withdrawn is None or withdrawn.withdraws is not None or withdrawn.kind != entry.kind:
        raise Invalid("withdraws_unknown", "this person has no such entry to withdraw")
    if any(known.withdraws == entry.withdraws for known in before):
        raise Conflict("withdrawn_already", "it has been withdrawn")
    if entry.kind in LOOSENS and not entry.proof_reference:
        raise Invalid("proof_missing", "what opens contact again needs a proof on file")


async def _take_effect(work: Work, person_id: UUID, entry: Entry, entries: Sequence[Entry]) -> None:
    """Refusals stand where the gate looks for them, and what is reserved under the old state is taken back."""
    held = standing(entries, work.now)
    if entry.kind == "opt_out":
        endless = {(str(k.channel), k.contact_point_id) for k in held if k.kind == "opt_out" and k.ends_at is None}
        ended = {(str(k.channel), k.contact_point_id) for k in entries if k.entry_id == entry.withdraws}
        await work.preferences.end_refusals(person_id, ended - endless)
        await work.preferences.begin_refusals(person_id, endless)
    cases = (await work.persons.cases_of([person_id])).get(person_id, [])
    if entry.kind == "representative":
        if not any(known.kind == "representative" for known in held):
            await work.preferences.is_represented_elsewhere(person_id, is_represented=False)
        # The hold waited for somebody to write down who acts for the person, or that nobody does any more.
        waited = [hold for c in cases if (hold := await work.holds.standing(c, "representation")) is not None]
        if waited:
            await end_holds(work, waited, "representative_recorded")
    await work.attempts.withdraw(cases, work.now)
    await work.plans.wake(cases, work.now)


async def note_refusal(
    work: Work,
    person_id: UUID,
    channel: str,
    contact_point_id: UUID | None,
    reply_id: UUID,
    at: datetime,
    kind: str = "opt_out",
) -> None:
    """What a reply refused, or said of a lawyer, stands in the ledger as well."""
    entry = Entry(
        entry_id=new_id(),
        kind=kind,
        withdraws=None,
        channel=channel or None,
        contact_point_id=contact_point_id,
        purpose=None,
        detail={"representative": "attorney"} if kind == "representative" else {},
        begins_at=at,
        ends_at=None,
        source="reply",
        source_reference=str(reply_id),
        proof_reference=str(reply_id),
        recorded_by="borrower",
        recorded_at=work.now,
    )
    await work.preferences.add(person_id, entry, None, None)
