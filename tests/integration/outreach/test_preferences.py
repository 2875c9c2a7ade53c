"""Preferences count on the very next decision, whatever is reserved meanwhile."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.outreach.application.desk_records import NewPreference
from services.outreach.application.keep_preferences import keep_preference, show_preferences
from services.outreach.domain.preferences import Entry
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotFound
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.test_replies import contacted


async def person_of(desk: Desk, case_id: UUID) -> UUID:
    (row,) = await desk.rows("SELECT person_id FROM cases WHERE case_id = $1", case_id)
    found: UUID = row["person_id"]
    return found


async def keep(desk: Desk, person_id: UUID, kind: str, detail: dict[str, Any] | None = None, **more: Any) -> Entry:
    values: dict[str, Any] = {
        "reference": f"desk:{new_id()}",
        "kind": kind,
        "withdraws": None,
        "channel": None,
        "contact_point_id": None,
        "purpose": None,
        "detail": detail or {},
        "begins_at": None,
        "ends_at": None,
        "source": "staff",
        "source_reference": None,
        "proof_reference": "file:1",
    }
    request_hash = more.pop("request_hash", "1")
    return await keep_preference(
        desk.resources, "agent.lin", person_id, NewPreference(**{**values, **more}), request_hash
    )


async def last_decision(desk: Desk) -> dict[str, Any]:
    rows = await desk.rows("SELECT * FROM decisions ORDER BY decided_at DESC, position DESC LIMIT 1")
    return rows[0]


async def test_a_refused_channel_is_used_no_more_from_the_next_decision_on(desk: Desk) -> None:
    case_id = await desk.open_case()
    person_id = await person_of(desk, case_id)
    for channel in ("email", "sms"):
        await keep(desk, person_id, "opt_out", channel=channel)
    await desk.sweep()
    assert await desk.attempts() == []
    assert (await last_decision(desk))["verdict"] == "deny"
    assert "opt_out" in (await last_decision(desk))["rules"]


async def test_a_refusal_that_is_withdrawn_with_proof_ends_and_without_is_refused(desk: Desk) -> None:
    person_id = await person_of(desk, await desk.open_case())
    refusal = await keep(desk, person_id, "opt_out", channel="email")
    with pytest.raises(Invalid):
        await keep(desk, person_id, "opt_out", withdraws=refusal.entry_id, proof_reference=None)
    await keep(desk, person_id, "opt_out", withdraws=refusal.entry_id)
    with pytest.raises(Conflict):
        await keep(desk, person_id, "opt_out", withdraws=refusal.entry_id)
    assert await desk.rows("SELECT 1 FROM opt_outs") == []
    await desk.sweep()
    assert len(await desk.attempts()) == 1


async def test_what_somebody_elses_ledger_says_cannot_be_withdrawn_here(desk: Desk) -> None:
    first, second = [await person_of(desk, await desk.open_case()) for _ in range(2)]
    refusal = await keep(desk, first, "opt_out", channel="email")
    with pytest.raises(Invalid):
        await keep(desk, second, "opt_out", withdraws=refusal.entry_id)
    with pytest.raises(NotFound):
        await keep(desk, new_id(), "opt_out", channel="email")


async def test_a_refusal_by_reply_stands_in_the_ledger_with_its_reply(desk: Desk) -> None:
    case_id, attempt = await contacted(desk)
    await desk.reply("STOP", to=attempt["attempt_id"], channel="email")
    ledger = await show_preferences(desk.resources, await person_of(desk, case_id))
    (entry,) = ledger.entries
    (reply,) = await desk.rows("SELECT reply_id FROM replies")
    assert (entry.kind, entry.source, entry.source_reference) == ("opt_out", "reply", str(reply["reply_id"]))
    assert ledger.current.opt_outs == (("email", attempt["contact_point_id"]),)


async def test_a_withdrawal_of_another_channel_leaves_an_unsubscription_alone(desk: Desk) -> None:
    person_id = await person_of(desk, await desk.open_case())
    sms = await keep(desk, person_id, "opt_out", channel="sms")
    async with desk.resources.begin() as work:
        await work.persons.add_opt_out(person_id, "email", None, work.now)
        await work.commit()
    await keep(desk, person_id, "opt_out", withdraws=sms.entry_id)
    assert [row["channel"] for row in await desk.rows("SELECT channel FROM opt_outs")] == ["email"]


async def test_the_same_reference_is_the_same_entry_and_another_content_is_a_conflict(desk: Desk) -> None:
    person_id = await person_of(desk, await desk.open_case())
    first = await keep(desk, person_id, "language", {"language": "zh"}, reference="desk:1")
    assert await keep(desk, person_id, "language", {"language": "zh"}, reference="desk:1") == first
    with pytest.raises(Conflict):
        await keep(desk, person_id, "language", {"language": "en"}, reference="desk:1", request_hash="2")


async def test_facts_of_a_decision_hold_consents_and_agreed_times(desk: Desk) -> None:
    person_id = await person_of(desk, await desk.open_case())
    begins, ends = desk.now + timedelta(hours=1), desk.now + timedelta(hours=2)
    await keep(desk, person_id, "consent", {"consent": "workplace", "given_to": "agency"}, channel="call")
    await keep(desk, person_id, "agreed_time", {"from": begins.isoformat(), "until": ends.isoformat()})
    await desk.sweep()
    facts = json.loads((await last_decision(desk))["facts"])["facts"]
    assert facts["consents"][0]["kind"] == "workplace"
    assert len(facts["agreed_times"]) == 1


async def test_a_message_is_written_in_the_language_the_person_asked_for(desk: Desk) -> None:
    person_id = await person_of(desk, await desk.open_case())
    await keep(desk, person_id, "language", {"language": "zh"})
    await desk.sweep()
    (message,) = desk.carriers.texts.values()
    assert message.language == "zh"


async def test_an_inconvenient_time_closes_the_hour(desk: Desk) -> None:
    person_id = await person_of(desk, await desk.open_case())
    await keep(desk, person_id, "inconvenient_time", {"days": list(range(7)), "begins": "00:00:00"})
    await desk.sweep()
    assert await desk.attempts() == []
    assert "inconvenient" in (await last_decision(desk))["rules"]


async def test_a_representative_is_turned_to_and_the_borrower_is_not(desk: Desk) -> None:
    person_id = await person_of(desk, await desk.open_case())
    theirs = new_id()
    lawyer = await keep(
        desk,
        person_id,
        "representative",
        {"representative": "attorney", "point_kind": "email", "time_zones": ["America/New_York"]},
        contact_point_id=theirs,
        ends_at=desk.now + timedelta(days=30),
    )
    await desk.sweep()
    (attempt,) = await desk.attempts()
    assert attempt["contact_point_id"] == theirs
    assert json.loads((await last_decision(desk))["facts"])["request"]["party"] == "attorney"
    await keep(desk, person_id, "representative", withdraws=lawyer.entry_id)
    ledger = await show_preferences(desk.resources, person_id)
    assert ledger.current.representative is None
    assert theirs in ledger.current.points_of_others


async def test_a_representative_without_an_address_shuts_contact(desk: Desk) -> None:
    person_id = await person_of(desk, await desk.open_case())
    await keep(desk, person_id, "representative", {"representative": "adviser"})
    await desk.sweep()
    assert await desk.attempts() == []
    assert "represented" in (await last_decision(desk))["rules"]


async def test_an_end_is_after_its_beginning(desk: Desk) -> None:
    person_id = await person_of(desk, await desk.open_case())
    with pytest.raises(Invalid):
        await keep(desk, person_id, "opt_out", channel="sms", begins_at=desk.now, ends_at=desk.now)
