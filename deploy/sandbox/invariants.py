"""What must hold at the end of a run, checked against the databases and the topics from outside the services."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import asyncpg

from deploy.sandbox.calls import Caller
from deploy.sandbox.event_checks import (
    contacts_after_the_end,
    contacts_during_relief,
    contacts_without_decision,
    gaps,
    missing,
    once_each,
    playbooks_not_started,
    unchained,
    unposted_payments,
)
from deploy.sandbox.privacy import leaks
from deploy.sandbox.proof import Proof
from deploy.sandbox.topic_reader import Heard

_ATTEMPTS = """
SELECT a.attempt_id, a.case_id, a.channel, a.contact_point_id, a.reserved_at, d.verdict, d.decided_at,
       d.case_id AS decided_case_id, d.channel AS decided_channel, d.contact_point_id AS decided_contact_point_id
FROM attempts a LEFT JOIN decisions d ON d.decision_id = a.decision_id
"""
_BOOKS = """
WITH sums AS (
    SELECT case_id, sum(minor_units) AS total,
           coalesce(sum(minor_units) FILTER (WHERE account = 'fees'), 0) AS fees,
           coalesce(sum(minor_units) FILTER (WHERE account = 'interest'), 0) AS interest,
           coalesce(sum(minor_units) FILTER (WHERE account = 'principal'), 0) AS principal,
           coalesce(-sum(minor_units) FILTER (WHERE account = 'overpaid'), 0) AS overpaid
    FROM postings GROUP BY case_id)
SELECT c.case_id FROM cases c LEFT JOIN sums s USING (case_id)
WHERE s.case_id IS NULL OR s.total <> 0
   OR (s.fees, s.interest, s.principal, s.overpaid)
      <> (c.fees_minor_units, c.interest_minor_units, c.principal_minor_units, c.overpaid_minor_units)
ORDER BY c.case_id
"""
_AGENCY_BOOKS = """
SELECT creditor_id, currency, sum(minor_units)::bigint AS total FROM agency_postings
GROUP BY creditor_id, currency HAVING sum(minor_units) <> 0 ORDER BY creditor_id, currency
"""
_TRUST = """
WITH agency AS (
    SELECT creditor_id, currency, sum(minor_units) AS total FROM agency_postings JOIN agency_entries USING
        (entry_id, creditor_id, currency)
    WHERE account = 'trust' AND kind NOT IN ('remitted', 'commission_moved') GROUP BY creditor_id, currency),
cases AS (
    SELECT creditor_id, currency, sum(minor_units) AS total FROM postings WHERE account = 'trust'
    GROUP BY creditor_id, currency)
SELECT creditor_id, currency FROM agency FULL JOIN cases USING (creditor_id, currency)
WHERE coalesce(agency.total, 0) <> coalesce(cases.total, 0) ORDER BY creditor_id, currency
"""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the checks look at. `accepted` are the case ids that intake answered with; `replayed` is what differs
    between the books on file and those that follow from the journal.
    """

    databases: Mapping[str, asyncpg.Connection[Any]]
    heard: Sequence[Heard]
    dead_letters: int
    accepted: Collection[str]
    personal: Set[str]
    caller: Caller
    reporting_url: str
    proof: Proof
    replayed: str

    @property
    def events(self) -> list[Heard]:
        return once_each(self.heard)


async def check_all(evidence: Evidence) -> dict[str, str]:
    """Name -> what is wrong; empty where it holds. A check that cannot even run does not hold."""
    faults: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            faults[name] = await check(evidence)
        except Exception as error:
            faults[name] = f"could not be checked: {type(error).__name__}: {error}"
    return faults


async def _every_case_reached_reporting(evidence: Evidence) -> str:
    rows = await evidence.databases["reporting"].fetch("SELECT case_id FROM cases WHERE is_placed")
    return missing(evidence.accepted, {str(row["case_id"]) for row in rows}, "accepted cases in reporting")


async def _every_event_is_in_the_journal(evidence: Evidence) -> str:
    rows = await evidence.databases["reporting"].fetch("SELECT event_id FROM journal")
    return missing(
        {event.event_id for event in evidence.events}, {str(row["event_id"]) for row in rows}, "events in the journal"
    )


async def _every_written_event_is_in_its_topic(evidence: Evidence) -> str:
    """What a service committed to its outbox reached Kafka: a lost last event leaves no gap behind."""
    written: set[str] = set()
    for connection in evidence.databases.values():
        rows = await connection.fetch("SELECT event_id FROM outbox WHERE sequence > 0")
        written |= {str(row["event_id"]) for row in rows}
    return missing(written, {event.event_id for event in evidence.heard}, "written events in the topics")


async def _journal_chain_verifies(evidence: Evidence) -> str:
    verdict = await evidence.caller.staff(f"{evidence.reporting_url}/v1/journal/verify", method="GET")
    return "" if verdict["is_intact"] else f"the journal's chain breaks: {json.dumps(verdict)}"


async def _figures_agree_with_the_journal(evidence: Evidence) -> str:
    verdict = await evidence.caller.staff(f"{evidence.reporting_url}/v1/figures/verify", method="GET")
    return "" if verdict["agrees"] else f"a recount of the journal gives other figures: {json.dumps(verdict)}"


async def _sequences_have_no_gaps(evidence: Evidence) -> str:
    return gaps(evidence.events)


async def _no_contact_without_allow_decision(evidence: Evidence) -> str:
    attempts = await evidence.databases["outreach"].fetch(_ATTEMPTS)
    said = {str(e.body["attempt_id"]) for e in evidence.events if e.topic == "contact.attempted"}
    known = {str(row["attempt_id"]) for row in attempts}
    return contacts_without_decision(attempts) or missing(said, known, "announced contacts in outreach's attempts")


async def _decisions_verify(evidence: Evidence) -> str:
    """An outsider's program ran every exported decision again; and the export has all of them."""
    kept = await evidence.databases["outreach"].fetchval("SELECT count(*) FROM decisions")
    proof = evidence.proof
    if not proof.fault and proof.decisions != kept:
        return f"{kept} decisions are kept, {proof.decisions} were exported"
    return proof.fault


async def _events_carry_the_chain(evidence: Evidence) -> str:
    """The place and the hash that a contact's event tells are the decision's own: the journal anchors the chain."""
    rows = await evidence.databases["outreach"].fetch("SELECT decision_id, position, chain_hash FROM decisions")
    kept = {str(row["decision_id"]): (row["position"], row["chain_hash"]) for row in rows}
    return unchained(evidence.events, kept)


async def _ledger_buckets_sum_to_balances(evidence: Evidence) -> str:
    """Double entry: postings of a case sum to zero, and by account to the buckets that the case shows."""
    wrong = await evidence.databases["negotiation"].fetch(_BOOKS)
    return f"{len(wrong)} cases' books do not add up, e.g. {wrong[0]['case_id']}" if wrong else ""


async def _books_equal_a_replay(evidence: Evidence) -> str:
    return evidence.replayed


async def _agency_books_balance(evidence: Evidence) -> str:
    """Per lender and currency: all accounts sum to zero, and what came into trust is what the cases say."""
    negotiation = evidence.databases["negotiation"]
    if wrong := await negotiation.fetch(_AGENCY_BOOKS):
        return f"the agency's books of {wrong[0]['creditor_id']} do not sum to zero"
    if differing := await negotiation.fetch(_TRUST):
        return f"money in trust of {differing[0]['creditor_id']} is not what its cases brought in"
    return ""


async def _no_contact_during_relief(evidence: Evidence) -> str:
    return contacts_during_relief(evidence.events)


async def _every_default_started_its_playbook(evidence: Evidence) -> str:
    rows = await evidence.databases["negotiation"].fetch(
        "SELECT plan_id, array_agg(step) AS steps FROM playbook_steps GROUP BY plan_id"
    )
    return playbooks_not_started(evidence.events, {str(row["plan_id"]): row["steps"] for row in rows})


async def _no_contact_after_the_end(evidence: Evidence) -> str:
    return contacts_after_the_end(evidence.events)


async def _payments_reported_are_posted(evidence: Evidence) -> str:
    return unposted_payments(evidence.events)


async def _no_dead_letters(evidence: Evidence) -> str:
    return f"{evidence.dead_letters} dead letters" if evidence.dead_letters else ""


async def _nothing_in_quarantine(evidence: Evidence) -> str:
    return await _rows_left(evidence, "quarantine")


async def _nothing_waiting(evidence: Evidence) -> str:
    return await _rows_left(evidence, "waiting")


async def _rows_left(evidence: Evidence, table: str) -> str:
    counts = {
        service: await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own two names
        for service, connection in evidence.databases.items()
    }
    return ", ".join(f"{service}: {n}" for service, n in counts.items() if n)


async def _no_personal_data_in_topics(evidence: Evidence) -> str:
    texts = (
        f"{event.key} {json.dumps(dict(event.headers))} {json.dumps(event.body, ensure_ascii=False)}"
        for event in evidence.heard
    )
    found = leaks(texts, evidence.personal)
    return f"{found} records hold personal data" if found else ""


Check = Callable[[Evidence], Awaitable[str]]

CHECKS: Mapping[str, Check] = {
    "every_accepted_case_reached_reporting": _every_case_reached_reporting,
    "every_written_event_is_in_its_topic": _every_written_event_is_in_its_topic,
    "every_event_is_in_the_journal": _every_event_is_in_the_journal,
    "journal_chain_verifies": _journal_chain_verifies,
    "figures_agree_with_the_journal": _figures_agree_with_the_journal,
    "sequences_have_no_gaps": _sequences_have_no_gaps,
    "no_contact_without_allow_decision": _no_contact_without_allow_decision,
    "decisions_repeat_from_their_facts": _decisions_verify,
    "events_carry_the_chain_of_decisions": _events_carry_the_chain,
    "no_contact_after_recall_or_closing": _no_contact_after_the_end,
    "ledger_buckets_sum_to_balances": _ledger_buckets_sum_to_balances,
    "books_equal_a_replay_of_the_journal": _books_equal_a_replay,
    "agency_books_balance": _agency_books_balance,
    "no_contact_during_relief": _no_contact_during_relief,
    "every_default_started_its_playbook": _every_default_started_its_playbook,
    "payments_reported_are_posted": _payments_reported_are_posted,
    "no_dead_letters": _no_dead_letters,
    "nothing_in_quarantine": _nothing_in_quarantine,
    "nothing_waiting": _nothing_waiting,
    "no_personal_data_in_topics": _no_personal_data_in_topics,
}
