"""A log of decisions with its export: cases in New York and Shanghai, asked about every few days at any hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from services.outreach.adapters.archive import open_archive
from services.outreach.adapters.decisions import record_of
from services.outreach.application.records import KeptDecision
from services.outreach.domain.gate.canonical import canonical
from services.outreach.domain.gate.chain import GENESIS, chained
from services.outreach.domain.gate.decision import Decision, decide
from services.outreach.domain.gate.facts import ActiveHold, PastContact, Request
from services.outreach.domain.gate.packs import Packs
from tests.unit.outreach.builders import PACKS, consumer_loan, rent_arrears

STARTS_AT = datetime(2026, 1, 5, tzinfo=UTC)
HARBOUR_CREDIT, MERIDIAN_BANK = UUID(int=0xC1), UUID(int=0xC2)
LOOK_BACK = timedelta(days=35)
CHANNELS = ("email", "sms", "call", "call", "letter")
OUTCOMES = {"call": ("no_answer", "no_answer", "conversation", "not_connected")}
Row = dict[str, Any]


def a_case(number: int, decisions: int, seed: int = 1, packs: Packs = PACKS) -> list[Row]:
    """One case's decisions, chained: allowed, too early, too often, and some under a hold."""
    random = Random(f"{seed}/{number}")
    case_id, person_id = UUID(int=(7 << 76) + number), UUID(int=(8 << 76) + number)
    creditor = (HARBOUR_CREDIT, MERIDIAN_BANK)[number % 2]
    rows: list[Row] = []
    contacts: list[PastContact] = []
    now, chain_hash = STARTS_AT + timedelta(minutes=number % 1_440), GENESIS
    for position in range(1, decisions + 1):
        now += timedelta(minutes=random.randrange(120, 4_000))
        contacts = [contact for contact in contacts if contact.at > now - LOOK_BACK]
        channel = random.choice(CHANNELS)
        facts = (rent_arrears if number % 2 else consumer_loan)(channel, contacts=tuple(contacts))
        if random.random() < 0.04:
            facts = replace(facts, holds=(ActiveHold("dispute", now + timedelta(days=3)),))
        asked = Request(str(case_id), channel, "reminder", str(UUID(int=(9 << 76) + number)), actor="system")
        decision = decide(asked, facts, packs, now)
        kept = KeptDecision(
            decision_id=UUID(int=(number << 32) + position),
            case_id=case_id,
            person_id=person_id,
            creditor_id=creditor,
            contact_point_id=UUID(str(asked.contact_point_id)),
            channel=channel,
            rung=asked.rung,
            decision=decision,
            decided_at=now,
        )
        rows.append(_row(kept, decision, position, chain_hash))
        chain_hash = rows[-1]["chain_hash"]
        if decision.is_allowed:
            outcome = random.choice(OUTCOMES.get(channel, ("delivered",)))
            contacts.append(PastContact(now, channel, asked.case_id, asked.contact_point_id, outcome))
    return rows


def _row(kept: KeptDecision, decision: Decision, position: int, chain_hash: str) -> Row:
    record = record_of(kept, position)
    return {**record, "facts": decision.facts_text, "chain_hash": chained(chain_hash, record)}


def head_of(last: Row) -> Row:
    """The head of a chain that is exported from its beginning."""
    return {
        "case_id": last["case_id"],
        "position_before": 0,
        "hash_before": GENESIS,
        "position": last["position"],
        "chain_hash": last["chain_hash"],
    }


def lines(rows: Iterable[Row]) -> Iterator[bytes]:
    for row in rows:
        yield canonical(row).encode() + b"\n"


def write_export(
    target: Path,
    parts: Iterable[Sequence[Sequence[Row]]],
    packs: Packs = PACKS,
    heads: Sequence[Row] | None = None,
    exported_at: str = STARTS_AT.isoformat(),
) -> str:
    """Parts of cases of rows, in the form in which the service exports them; the manifest's SHA-256.

    `heads`: the last decision of each case, for one part, where it shall not be the last row.
    """
    decisions = cases = written = 0
    with open_archive(target) as archive:
        for written, part in enumerate(parts, 1):
            with archive.file(f"decisions/{written:05}.jsonl") as file:
                for rows in part:
                    for line in lines(rows):
                        file.write(line)
            with archive.file(f"heads/{written:05}.jsonl") as file:
                for last in heads or [rows[-1] for rows in part]:
                    file.write(canonical(head_of(last)).encode() + b"\n")
            decisions += sum(map(len, part))
            cases += len(part)
        with archive.file("pack_sets.json") as file:
            file.write(canonical({packs.hash: dict(packs.hashes)}).encode() + b"\n")
        for pack in packs:
            with archive.file(f"packs/{pack.hash}.json") as file:
                file.write(pack.text.encode())
        return archive.seal(
            {
                "form": "concord-decisions",
                "version": 1,
                "exported_at": exported_at,
                "case_id": None,
                "since": None,
                "decisions": decisions,
                "cases": cases,
                "parts": written,
            }
        )
