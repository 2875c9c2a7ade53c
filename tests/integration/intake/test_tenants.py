"""One lender never sees, touches or learns of another's: at the API, and at the database if the API should forget."""

from __future__ import annotations

import asyncpg
import pytest

from services.intake.adapters.tables import TENANT_TABLES
from shared.kernel.identifiers import new_id
from tests.integration.intake.conftest import Intake, Lender
from tests.unit.intake.builders import rent_arrears


@pytest.fixture
async def rival(intake: Intake) -> Lender:
    return await intake.onboard("Rival Finance")


async def test_every_route_answers_another_lender_as_if_nothing_were_there(
    intake: Intake, harbour: Lender, rival: Lender
) -> None:
    case_id = await harbour.place_one(rent_arrears())
    (event,) = await intake.announced("case.received")
    points = {"contact_points": [{"kind": "email", "value": "rival@example.com"}]}
    answers = {
        "show": await rival.get(f"/v1/cases/{case_id}"),
        "recall": await rival.post(f"/v1/cases/{case_id}/recall", {"reason": "sold", "force": True}),
        "update": await rival.post(f"/v1/cases/{case_id}/updates", {"days_past_due": 1}),
        "contact points": await rival.post(f"/v1/persons/{event['person_id']}/contact-points", points),
    }
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 404)
    nobodys = await rival.get(f"/v1/cases/{new_id()}")
    assert nobodys.json() == answers["show"].json()
    assert (await rival.get("/v1/cases")).json()["cases"] == []
    assert (await rival.get(f"/v1/cases?batch_id={event['batch_id']}")).json()["cases"] == []
    for topic in ("case.recalled", "case.updated", "person.updated"):
        assert await intake.announced(topic) == []


async def test_a_payment_cannot_be_hung_on_another_lenders_case(intake: Intake, harbour: Lender, rival: Lender) -> None:
    case_id = await harbour.place_one(rent_arrears())
    payment = {"amount_minor_units": 100, "currency": "USD", "received_on": "2026-03-01", "reference": "P-1"}
    for named in ({"case_id": case_id}, {"account_number": "HC-1001"}):
        (answer,) = (await rival.post("/v1/payments", payment | named)).json()["payments"]
        assert [error["code"] for error in answer["errors"]] == ["case_unknown"]
    assert await intake.announced("payment.reported") == []


async def test_the_same_account_number_is_free_for_every_lender(harbour: Lender, rival: Lender) -> None:
    """A global unique would tell the one that the other has it."""
    assert await harbour.place_one(rent_arrears()) != await rival.place_one(rent_arrears())


async def test_a_reversal_does_not_find_another_lenders_payment(harbour: Lender, rival: Lender) -> None:
    await harbour.place_one(rent_arrears())
    await rival.place_one(rent_arrears())
    payment = {
        "account_number": "HC-1001",
        "amount_minor_units": 100,
        "currency": "USD",
        "received_on": "2026-03-01",
        "reference": "P-1",
    }
    await harbour.post("/v1/payments", payment)
    reversal = payment | {"reference": "P-2", "reverses_reference": "P-1"}
    (answer,) = (await rival.post("/v1/payments", reversal)).json()["payments"]
    assert [error["code"] for error in answer["errors"]] == ["reversed_payment_unknown"]


async def test_every_tenant_table_is_behind_the_wall_for_its_owner_too(intake: Intake) -> None:
    rows = await intake.rows(
        """
        SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS is_walled,
               pg_get_userbyid(c.relowner) AS owner
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relkind = 'r' AND a.attname = 'creditor_id' AND NOT a.attisdropped
        """
    )
    assert {row["name"] for row in rows} == {table.name for table in TENANT_TABLES}
    assert all(row["is_walled"] for row in rows)
    assert not {row["owner"] for row in rows} & {"concord_api", "concord_worker"}
    roles = await intake.rows(
        "SELECT rolname, rolsuper OR rolbypassrls AS is_over_the_wall FROM pg_roles WHERE rolname LIKE 'concord_%'"
    )
    assert {role["rolname"]: role["is_over_the_wall"] for role in roles} == {
        "concord_api": False,
        "concord_worker": False,
    }


async def test_every_unique_and_foreign_key_between_tenant_tables_carries_the_tenant(intake: Intake) -> None:
    rows = await intake.rows(
        """
        SELECT con.conname AS name, con.contype::text AS type, array_agg(a.attname::text) AS columns
        FROM pg_constraint con
        JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = ANY(con.conkey)
        WHERE con.conrelid IN (SELECT attrelid FROM pg_attribute WHERE attname = 'creditor_id')
          AND con.contype IN ('u', 'f')
        GROUP BY con.conname, con.contype
        """
    )
    assert len(rows) > 10
    assert [row["name"] for row in rows if "creditor_id" not in row["columns"]] == []


async def test_the_database_shows_each_tenant_its_own_rows_and_nobody_none(
    intake: Intake, harbour: Lender, rival: Lender
) -> None:
    await harbour.place_one(rent_arrears())
    for tenant, expected in ((harbour.creditor_id, 1), (rival.creditor_id, 0), (None, 0)):
        async with intake.databases.api.transaction(tenant=tenant) as transaction:
            driver = await transaction.driver()
            for table in ("cases", "accounts", "persons", "batches"):
                assert await driver.fetchval(f"SELECT count(*) FROM {table}") == expected, (tenant, table)


async def test_a_tenant_left_on_a_pooled_connection_is_nobodys(intake: Intake, harbour: Lender) -> None:
    await harbour.place_one(rent_arrears())
    async with intake.databases.api.transaction(tenant=harbour.creditor_id):
        pass
    for _ in range(6):
        async with intake.databases.api.transaction() as transaction:
            driver = await transaction.driver()
            assert await driver.fetchval("SELECT count(*) FROM cases") == 0


async def test_the_database_refuses_a_row_for_another_tenant(intake: Intake, harbour: Lender, rival: Lender) -> None:
    """By the wall where the row says another's name, by the foreign key where it points to another's case."""
    case_id = await harbour.place_one(rent_arrears())
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await _insert_payment(intake, tenant=rival, creditor=harbour, case_id=case_id)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await _insert_payment(intake, tenant=rival, creditor=rival, case_id=case_id)
    await _insert_payment(intake, tenant=harbour, creditor=harbour, case_id=case_id)


async def _insert_payment(intake: Intake, *, tenant: Lender, creditor: Lender, case_id: str) -> None:
    async with intake.databases.api.transaction(tenant=tenant.creditor_id) as transaction:
        driver = await transaction.driver()
        await driver.execute(
            "INSERT INTO payments (payment_id, creditor_id, case_id, reference_index, amount_minor_units,"
            " currency, received_on, reported_at)"
            " VALUES ($1, $2::text::uuid, $3::text::uuid, '\\x00', 1, 'USD', '2026-03-01', now())",
            new_id(),
            creditor.creditor_id,
            case_id,
        )
