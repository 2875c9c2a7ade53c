"""Cases, persons, contact points and refusals in PostgreSQL, read and written for many cases at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from uuid import UUID

import asyncpg
import orjson

from services.outreach.adapters.calendars import CALENDARS
from services.outreach.adapters.preferences import load_current
from services.outreach.application.records import CaseKey, NewCase
from services.outreach.domain.case_file import Balance, CaseFile, ContactPoint
from services.outreach.domain.elsewhere import refused_elsewhere, seen_elsewhere
from services.outreach.domain.gate.calendar import Calendar
from services.outreach.domain.gate.facts import ActiveHold, InconvenientTime, OptOut, PastContact, Validation
from services.outreach.domain.gate.history import History
from services.outreach.domain.harm_budget import budget_fact
from shared.db.transaction import Transaction

_DISPUTE_STATES = {"open": "open", "withdrawn": "withdrawn", "debt_withdrawn": "withdrawn"}
"""The gate's word for the state or outcome of a dispute; every other outcome is an answer with verification."""
LOOK_BACK = timedelta(days=31)
"""How far back contacts are facts: longer than the longest window of any rule."""

NO_LICENCES: Mapping[str, date] = MappingProxyType({})
"""Jurisdiction -> the last day of the agency's licence to collect there."""

_CASE_COLUMNS = (
    "case_id",
    "person_id",
    "creditor_id",
    "jurisdiction",
    "language",
    "currency",
    "status",
    "fees_minor_units",
    "interest_minor_units",
    "principal_minor_units",
    "balance_as_of",
    "balance_event_id",
    "opened_at",
    "region",
    "product",
    "oldest_due_on",
)
_LOCK = """
WITH locked AS (
    SELECT person_id FROM persons
    WHERE person_id IN (SELECT person_id FROM cases WHERE case_id = ANY($1::uuid[]))
    ORDER BY person_id FOR UPDATE)
SELECT c.case_id, c.person_id, c.creditor_id FROM cases c JOIN locked USING (person_id)
WHERE c.case_id = ANY($1::uuid[])
"""
_LOAD = """
SELECT c.*, p.is_represented, p.inconvenient_times, p.group_id,
       (SELECT max(r.received_at) FROM replies r WHERE r.person_id = c.person_id AND r.received_at > $3) AS heard_at,
       v.provided_at, v.received_on, v.period_ends_on, v.case_id IS NOT NULL AS is_validated,
       CASE WHEN v.case_id IS NOT NULL THEN
           (SELECT coalesce(d.outcome, 'open') FROM disputes d
            WHERE d.case_id = c.case_id ORDER BY d.opened_at DESC LIMIT 1) END AS dispute,
       EXISTS (SELECT 1 FROM agreed_plans a WHERE a.case_id = c.case_id AND a.state = 0) AS is_plan_kept,
       CASE WHEN b.override_until > $2 THEN b.override_state ELSE b.state END AS harm_state
FROM cases c JOIN persons p USING (person_id) LEFT JOIN harm_budgets b ON b.strategy = c.strategy
    LEFT JOIN validation_notices v ON v.case_id = c.case_id
WHERE c.case_id = ANY($1::uuid[])
"""
_POINTS = """
SELECT * FROM contact_points WHERE person_id = ANY($1::uuid[]) AND is_current ORDER BY person_id, position
"""
_HOLDS = """
SELECT case_id, kind, until FROM holds WHERE case_id = ANY($1::uuid[]) AND released_at IS NULL ORDER BY hold_id
"""
_OTHERS = """
SELECT p.person_id, m.person_id AS other_id, m.inconvenient_times
FROM persons p JOIN persons m ON m.group_id = p.group_id AND m.person_id <> p.person_id
WHERE p.person_id = ANY($1::uuid[]) ORDER BY m.person_id
"""
_OPT_OUTS = """
SELECT o.person_id, o.channel, o.contact_point_id, p.place
FROM opt_outs o LEFT JOIN contact_points p ON p.contact_point_id = o.contact_point_id
WHERE o.person_id = ANY($1::uuid[]) ORDER BY o.opt_out_id
"""
_CONTACTS = """
SELECT a.person_id, a.reserved_at AS at, a.channel, a.case_id, a.contact_point_id,
       coalesce(a.outcome, 'sending') AS outcome, 'out' AS direction, coalesce(p.place, 'none') AS place
FROM attempts a LEFT JOIN contact_points p USING (contact_point_id)
WHERE a.person_id = ANY($1::uuid[]) AND a.reserved_at > $2 AND a.counts
      AND a.attempt_id <> ALL($3::uuid[])
UNION ALL
SELECT person_id, received_at, channel, case_id, NULL, 'conversation', 'in', 'none'
FROM replies WHERE person_id = ANY($1::uuid[]) AND received_at > $2 AND channel = 'call'
ORDER BY at
"""


class CaseFileRepository:
    """`Work.files`."""

    def __init__(self, transaction: Transaction, licences: Mapping[str, date] = NO_LICENCES) -> None:
        self._transaction = transaction
        self._licences = licences

    async def open(self, cases: Sequence[NewCase]) -> None:
        driver = await self._transaction.driver()
        await driver.copy_records_to_table(
            "cases",
            columns=_CASE_COLUMNS,
            records=[
                (
                    case.case_id,
                    case.person_id,
                    case.creditor_id,
                    case.jurisdiction,
                    case.language,
                    case.currency,
                    "open",
                    case.balance.fees_minor_units,
                    case.balance.interest_minor_units,
                    case.balance.principal_minor_units,
                    case.occurred_at,
                    case.event_id,
                    self._transaction.now,
                    case.region,
                    case.product,
                    case.oldest_due_on,
                )
                for case in cases
            ],
        )

    async def lock(self, case_ids: Collection[UUID]) -> dict[UUID, CaseKey]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_LOCK, list(case_ids)) if case_ids else []
        return {row["case_id"]: CaseKey(row["case_id"], row["person_id"], row["creditor_id"]) for row in rows}

    async def load(self, case_ids: Collection[UUID], *, without: Collection[UUID] = ()) -> dict[UUID, CaseFile]:
        driver = await self._transaction.driver()
        wanted = list(case_ids)
        rows = await driver.fetch(_LOAD, wanted, self._transaction.now, self._transaction.now - LOOK_BACK)
        persons = list({row["person_id"] for row in rows})
        points: dict[UUID, list[ContactPoint]] = defaultdict(list)
        for row in await driver.fetch(_POINTS, persons):
            points[row["person_id"]].append(_point(row))
        holds: dict[UUID, list[ActiveHold]] = defaultdict(list)
        for row in await driver.fetch(_HOLDS, wanted):
            holds[row["case_id"]].append(ActiveHold(row["kind"], row["until"]))
        selves = await self._selves(persons, points, without)
        today = self._transaction.now.date()
        wishes = await load_current(driver, persons, self._transaction.now)
        return {
            row["case_id"]: _case_file(
                row,
                points=points[row["person_id"]],
                holds=holds[row["case_id"]],
                known=selves[row["person_id"]],
                calendar=CALENDARS.around(row["jurisdiction"], row["region"], today),
                today=today,
                licence_until=self._licences.get(row["jurisdiction"]),
            ).with_wishes(wishes.get(row["person_id"]))
            for row in rows
        }

    async def _selves(
        self, persons: Sequence[UUID], points: Mapping[UUID, Sequence[ContactPoint]], without: Collection[UUID]
    ) -> dict[UUID, _Self]:
        """What is known of the human beings behind these persons, also by their cases with other tenants."""
        driver = await self._transaction.driver()
        others: dict[UUID, list[UUID]] = defaultdict(list)
        times: dict[UUID, list[InconvenientTime]] = defaultdict(list)
        for row in await driver.fetch(_OTHERS, persons):
            others[row["person_id"]].append(row["other_id"])
            times[row["person_id"]].extend(_inconvenient_times(row["inconvenient_times"]))
        everybody = [*persons, *{other for found in others.values() for other in found}]
        refused: dict[UUID, list[asyncpg.Record]] = defaultdict(list)
        for row in await driver.fetch(_OPT_OUTS, everybody):
            refused[row["person_id"]].append(row)
        contacts: dict[UUID, list[PastContact]] = defaultdict(list)
        since = self._transaction.now - LOOK_BACK
        for row in await driver.fetch(_CONTACTS, everybody, since, list(without)):
            person_id, at, channel, case_id, point_id, outcome, direction, place = row
            contact = PastContact(at, channel, str(case_id), _text(point_id), outcome, direction, place)
            contacts[person_id].append(contact)
        selves: dict[UUID, _Self] = {}
        for person_id in persons:
            own = [OptOut(row["channel"], _text(row["contact_point_id"])) for row in refused[person_id]]
            known = contacts[person_id]
            if others[person_id]:
                own += _refused_elsewhere(others[person_id], refused, points.get(person_id, ()))
                known = known + [seen_elsewhere(c) for other in others[person_id] for c in contacts[other]]
            # A person's history is indexed once, whatever number of cases and contact points it is asked about.
            selves[person_id] = _Self(tuple(own), tuple(times[person_id]), History(known))
        return selves

    async def open_among(self, case_ids: Collection[UUID]) -> set[UUID]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT c.case_id FROM cases c JOIN persons p USING (person_id) "
            "WHERE c.case_id = ANY($1::uuid[]) AND c.status = 'open' AND NOT p.is_erased",
            list(case_ids),
        )
        return {row["case_id"] for row in rows}

    async def set_balances(self, balances: Sequence[tuple[UUID, Balance, datetime, UUID]]) -> None:
        driver = await self._transaction.driver()
        # Of several events about one case the newest decides; ids are drawn in the order of time.
        newest: dict[UUID, tuple[UUID, Balance, datetime, UUID]] = {}
        for entry in sorted(balances, key=lambda entry: (entry[2], entry[3])):
            newest[entry[0]] = entry
        if not newest:
            return
        rows = [
            (
                case_id,
                balance.fees_minor_units,
                balance.interest_minor_units,
                balance.principal_minor_units,
                occurred_at,
                event_id,
            )
            for case_id, balance, occurred_at, event_id in newest.values()
        ]
        await driver.execute(
            "UPDATE cases c SET fees_minor_units = t.fees, interest_minor_units = t.interest, "
            "principal_minor_units = t.principal, balance_as_of = t.at, balance_event_id = t.event_id "
            "FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::uuid[]) "
            "AS t (case_id, fees, interest, principal, at, event_id) "
            "WHERE c.case_id = t.case_id AND (c.balance_as_of, c.balance_event_id) < (t.at, t.event_id)",
            *(list(column) for column in zip(*rows, strict=True)),
        )

    async def set_treatment(self, treatments: Sequence[tuple[UUID, str, bool]]) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE cases c SET strategy = t.strategy, is_vulnerable = t.is_vulnerable "
            "FROM unnest($1::uuid[], $2::text[], $3::bool[]) AS t (case_id, strategy, is_vulnerable) "
            "WHERE c.case_id = t.case_id",
            [case_id for case_id, _, _ in treatments],
            [strategy for _, strategy, _ in treatments],
            [is_vulnerable for _, _, is_vulnerable in treatments],
        )

    async def set_status(self, case_ids: Collection[UUID], status: str) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE cases SET status = $2 WHERE case_id = ANY($1::uuid[]) AND status = 'open'", list(case_ids), status
        )

    async def set_offer(self, offers: Mapping[UUID, datetime]) -> None:
        driver = await self._transaction.driver()
        await driver.execute(
            "UPDATE cases c SET offer_expires_at = t.at FROM unnest($1::uuid[], $2::timestamptz[]) AS t (case_id, at) "
            "WHERE c.case_id = t.case_id",
            list(offers),
            list(offers.values()),
        )

    async def follow_plans(self, states: Sequence[tuple[UUID, UUID, int]]) -> None:
        driver = await self._transaction.driver()
        highest: dict[UUID, tuple[UUID, int]] = {}
        for plan_id, case_id, state in states:
            known = highest.get(plan_id)
            highest[plan_id] = (case_id, max(state, known[1] if known else 0))
        await driver.execute(
            "INSERT INTO agreed_plans AS a (plan_id, case_id, state) "
            "SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[]) AS t (plan_id, case_id, state) "
            "ORDER BY plan_id ON CONFLICT (plan_id) DO UPDATE SET state = greatest(a.state, excluded.state)",
            list(highest),
            [case_id for case_id, _ in highest.values()],
            [state for _, state in highest.values()],
        )


@dataclass(frozen=True, slots=True)
class _Self:
    """A human being, as one tenant's case may know them."""

    opt_outs: tuple[OptOut, ...]
    inconvenient_times: tuple[InconvenientTime, ...]
    """Those said to us in other cases."""
    contacts: History


def _refused_elsewhere(
    others: Sequence[UUID], refused: Mapping[UUID, Sequence[asyncpg.Record]], points: Sequence[ContactPoint]
) -> list[OptOut]:
    found: dict[OptOut, None] = {}
    for other in others:
        for row in refused.get(other, ()):
            is_at_one = row["contact_point_id"] is not None
            found |= dict.fromkeys(refused_elsewhere(row["channel"], is_at_one, row["place"] == "work", tuple(points)))
    return list(found)


def _text(value: UUID | None) -> str | None:
    return str(value) if value is not None else None


def _point(row: asyncpg.Record) -> ContactPoint:
    return ContactPoint(
        contact_point_id=row["contact_point_id"],
        kind=row["kind"],
        place=row["place"],
        time_zones=tuple(row["time_zones"]),
        is_verified=row["is_verified"],
        may_be_used=row["may_be_used"],
        is_wrong=row["is_wrong"],
    )


def _case_file(
    row: asyncpg.Record,
    *,
    points: list[ContactPoint],
    holds: list[ActiveHold],
    known: _Self,
    calendar: Calendar | None,
    today: date,
    licence_until: date | None,
) -> CaseFile:
    overdue_since = row["oldest_due_on"]
    return CaseFile(
        case_id=row["case_id"],
        person_id=row["person_id"],
        creditor_id=row["creditor_id"],
        jurisdiction=row["jurisdiction"],
        language=row["language"],
        currency=row["currency"],
        status=row["status"],
        balance=Balance(row["fees_minor_units"], row["interest_minor_units"], row["principal_minor_units"]),
        offer_expires_at=row["offer_expires_at"],
        is_plan_kept=row["is_plan_kept"],
        is_represented=row["is_represented"],
        inconvenient_times=_inconvenient_times(row["inconvenient_times"]) + known.inconvenient_times,
        points=tuple(points),
        holds=tuple(holds),
        opt_outs=known.opt_outs,
        contacts=known.contacts,
        region=row["region"],
        product=row["product"],
        days_past_due=(today - overdue_since).days if overdue_since is not None else None,
        calendar=calendar,
        harm_budget=budget_fact(row["harm_state"] or "ok", row["case_id"], today),
        group_id=row["group_id"],
        heard_at=row["heard_at"],
        licence_until=licence_until,
        validation=_validation(row) if row["is_validated"] else None,
    )


def _validation(row: asyncpg.Record) -> Validation:
    dispute = None if row["dispute"] is None else _DISPUTE_STATES.get(row["dispute"], "verified")
    return Validation(row["provided_at"], row["received_on"], row["period_ends_on"], dispute)


def _inconvenient_times(document: str) -> tuple[InconvenientTime, ...]:
    if document == "[]":
        return ()
    return tuple(
        InconvenientTime(
            days=tuple(entry["days"]),
            begins=time.fromisoformat(entry["begins"]),
            ends=time.fromisoformat(entry["ends"]) if entry["ends"] else None,
            last_on=date.fromisoformat(entry["last_on"]) if entry["last_on"] else None,
        )
        for entry in orjson.loads(document)
    )
