"""What a ledger of preferences amounts to at a moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from services.outreach.domain.preferences import Entry, current, standing
from shared.kernel.identifiers import new_id

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
POINT = UUID(int=7)


def entry(kind: str, detail: dict[str, Any] | None = None, **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "entry_id": new_id(),
        "kind": kind,
        "withdraws": None,
        "channel": None,
        "contact_point_id": None,
        "purpose": None,
        "detail": detail or {},
        "begins_at": NOW,
        "ends_at": None,
        "source": "staff",
        "source_reference": None,
        "proof_reference": "file:1",
        "recorded_by": "agent.lin",
        "recorded_at": NOW,
    }
    return Entry(**{**values, **changes})


def test_an_entry_holds_from_its_beginning_until_its_end_which_is_out() -> None:
    consent = entry("consent", {"consent": "workplace"}, ends_at=NOW + MINUTE)
    assert standing([consent], NOW - timedelta(seconds=1)) == []
    assert standing([consent], NOW) == [consent]
    assert standing([consent], NOW + MINUTE - timedelta(microseconds=1)) == [consent]
    assert standing([consent], NOW + MINUTE) == []


def test_a_withdrawal_counts_from_its_own_beginning_and_in_any_order() -> None:
    refusal = entry("opt_out", channel="sms")
    back = entry("opt_out", withdraws=refusal.entry_id, begins_at=NOW + MINUTE)
    for entries in ([refusal, back], [back, refusal]):
        assert current(entries, NOW).opt_outs == (("sms", None),)
        assert current(entries, NOW + MINUTE).opt_outs == ()


def test_a_refusal_after_a_withdrawal_stands() -> None:
    first = entry("opt_out", channel="sms")
    back = entry("opt_out", withdraws=first.entry_id)
    again = entry("opt_out", channel="sms")
    assert current([first, back, again], NOW).opt_outs == (("sms", None),)


def test_the_newest_language_and_representative_win_and_the_older_ones_come_back() -> None:
    first, second = entry("language", {"language": "en"}), entry("language", {"language": "zh"})
    assert current([first, second], NOW).language == "zh"
    assert current([first, second, entry("language", withdraws=second.entry_id)], NOW).language == "en"
    lawyer = entry("representative", {"representative": "attorney"}, contact_point_id=POINT)
    acting = current([lawyer], NOW).representative
    assert acting is not None
    assert (acting.kind, acting.party, acting.represents) == ("attorney", "attorney", True)
    ended = current([lawyer, entry("representative", withdraws=lawyer.entry_id)], NOW)
    assert ended.representative is None
    # Nobody looks for the borrower at their former lawyer's.
    assert ended.points_of_others == {POINT}


def test_a_representatives_authority_ends_by_itself() -> None:
    lawyer = entry("representative", {"representative": "attorney"}, ends_at=NOW + MINUTE)
    assert current([lawyer], NOW).representative is not None
    assert current([lawyer], NOW + MINUTE).representative is None


def test_a_guardian_stands_in_the_persons_place() -> None:
    guardian = current([entry("representative", {"representative": "guardian"})], NOW).representative
    assert guardian is not None
    assert (guardian.party, guardian.represents) == ("guardian", False)


def test_an_agreed_time_is_a_fact_until_it_is_over() -> None:
    until = NOW + timedelta(hours=2)
    agreed = entry("agreed_time", {"from": (NOW + MINUTE).isoformat(), "until": until.isoformat()}, channel="call")
    (known,) = current([agreed], NOW).agreed_times
    assert (known.begins_at, known.ends_at, known.channel) == (NOW + MINUTE, until, "call")
    assert current([agreed], until).agreed_times == ()
