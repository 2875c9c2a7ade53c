"""Decisions are chained as they are made, handed out whole, and verified by a program that knows nothing of us."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from deploy.local.folder import REPOSITORY
from services.outreach.adapters.archive import open_archive
from services.outreach.adapters.tables import metadata
from services.outreach.application import export_chains
from services.outreach.application.export_chains import export_chains as export
from services.outreach.application.proof_ports import Scope
from services.outreach.domain.gate.chain import GENESIS
from services.outreach.main import create_service
from services.outreach.verifier.export import Export
from services.outreach.verifier.verify import Verified, verify
from shared.db.database import service_url
from shared.db.migrations import migrate
from shared.kernel.identifiers import new_id
from tests.integration.outreach.desk import Desk
from tests.support.databases import drop_database
from tests.support.servers import Servers


def verified(path: Path) -> Verified:
    return verify(Export(path), 1, lambda done, of: None)


async def hand_out(desk: Desk, target: Path, scope: Scope | None = None) -> Verified:
    said: list[str] = []
    with open_archive(target) as archive:
        count, _manifest = await export(desk.resources, archive, scope or Scope(), said.append)
    result = verified(target)
    assert result.decisions == count
    assert result.is_intact, result.differences
    return result


async def live(desk: Desk, cases: int, days: int) -> list[UUID]:
    """Some weeks with cases in two countries: contacts, and denials at every hour."""
    opened = [await desk.open_case(jurisdiction=("US", "CN")[number % 2]) for number in range(cases)]
    for _ in range(days * 2):
        desk.databases.clock.advance(timedelta(hours=12))
        await desk.sweep()
    return opened


async def test_positions_have_no_gaps_and_the_events_carry_the_heads(desk: Desk) -> None:
    (case_id,) = await live(desk, 1, 20)
    rows = await desk.rows("SELECT * FROM decisions WHERE case_id = $1 ORDER BY position", case_id)
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) > 2
    (head,) = await desk.rows("SELECT * FROM decision_heads")
    assert (head["position"], head["chain_hash"]) == (rows[-1]["position"], rows[-1]["chain_hash"])
    said = {
        body["decision_id"]: (body["chain_position"], body["chain_hash"])
        for body in await desk.said("contact.attempted", "contact.denied")
    }
    kept = {str(row["decision_id"]): (row["position"], row["chain_hash"]) for row in rows}
    assert said.items() <= kept.items()
    assert said


@pytest.mark.parametrize("name", ["export", "export.zip"])
async def test_what_is_handed_out_is_intact(desk: Desk, name: str, tmp_path: Path) -> None:
    cases = await live(desk, 4, 16)
    result = await hand_out(desk, tmp_path / name)
    counted = await desk.rows("SELECT verdict, count(*) AS n FROM decisions GROUP BY verdict")
    assert result.verdicts == {row["verdict"]: row["n"] for row in counted}
    assert result.cases == len(cases)


async def test_many_parts_and_pages_are_still_whole_chains(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit, value in (
        ("PART_DECISIONS", 4),
        ("SECTIONS_PAGE", 2),
        ("DECISIONS_PAGE", 2),
        ("PACK_DOCUMENTS_PAGE", 3),
    ):
        monkeypatch.setattr(export_chains, limit, value)
    await live(desk, 5, 10)
    await hand_out(desk, tmp_path / "export")
    assert len(Export(tmp_path / "export").parts) > 2


async def test_one_case_or_the_time_since_a_moment_can_be_handed_out(desk: Desk, tmp_path: Path) -> None:
    first, _second = await live(desk, 2, 20)
    one = await hand_out(desk, tmp_path / "case", Scope(case_id=first))
    assert one.cases == 1
    since = desk.now - timedelta(days=8)
    late = await hand_out(desk, tmp_path / "since", Scope(since=since))
    (counted,) = await desk.rows("SELECT count(*) AS n FROM decisions WHERE decided_at >= $1", since)
    assert late.decisions == counted["n"] > 0
    heads = [json.loads(line) for line in Export(tmp_path / "since").lines("heads/00001.jsonl")]
    assert any(head["position_before"] > 0 and head["hash_before"] != GENESIS for head in heads)
    none = await hand_out(desk, tmp_path / "none", Scope(since=desk.now + timedelta(days=1)))
    assert none.decisions == 0


async def test_sweeps_at_once_do_not_fork_a_chain(desk: Desk, tmp_path: Path) -> None:
    for _ in range(6):
        await desk.open_case()
    async with desk.with_connections(4):
        for _ in range(12):
            desk.databases.clock.advance(timedelta(hours=12))
            await desk.run("UPDATE contact_plans SET due_at = $1 WHERE NOT is_finished", desk.now)
            await asyncio.gather(*(desk.sweep() for _ in range(4)))
    assert (await hand_out(desk, tmp_path / "export")).decisions >= 36


async def test_what_the_service_could_be_made_to_change_is_found(desk: Desk, tmp_path: Path) -> None:
    """Its own roles may not; the owner of the database can, and is found out."""
    await live(desk, 1, 16)
    admin = await asyncpg.connect(
        service_url(desk.databases.url, "outreach").set(drivername="postgresql").render_as_string(hide_password=False)
    )
    await admin.execute("UPDATE decisions SET verdict = 'allow', rules = '[]', until = NULL WHERE verdict = 'deny'")
    await admin.close()
    with open_archive(tmp_path / "export") as archive:
        await export(desk.resources, archive, Scope(), lambda line: None)
    result = verified(tmp_path / "export")
    assert result.differing > 0
    assert any("verdict" in entry.what for entry in result.differences)


async def test_the_packs_that_decided_can_neither_be_changed_nor_removed(desk: Desk) -> None:
    await live(desk, 1, 1)
    for statement in ("UPDATE pack_documents SET document = '{}'", "DELETE FROM pack_sets"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await desk.run(statement)


async def test_the_command_hands_out_what_the_verifier_takes(desk: Desk, tmp_path: Path) -> None:
    await live(desk, 2, 10)
    target = tmp_path / "export.zip"
    environment = {**os.environ, "DATABASE_URL": desk.databases.url}
    handed = await command(["services.outreach", "export", str(target)], environment)
    assert handed.returncode == 0, handed.stderr
    assert "decisions exported to" in handed.stdout
    again = await command(["services.outreach", "export", str(target)], environment)
    assert again.returncode == 2
    # Nothing of ours in its environment: no address, no secret.
    taken = await command(["services.outreach.verifier", str(target), "--own-packs"], {})
    assert taken.returncode == 0, taken.stdout + taken.stderr
    assert " decisions re-run, 0 differ" in taken.stdout


async def command(words: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", *words],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


OLD_DECISION = """
INSERT INTO decisions (decision_id, case_id, person_id, creditor_id, contact_point_id, channel, rung, verdict, until,
                       rules, facts, facts_hash, pack_hash, packs, decided_at)
VALUES ($1, $2, $1, $1, NULL, 'email', 'reminder', 'deny', NULL, '[{"rule": "a/b", "clause": "c"}]', '{}', 'f', 'p',
        '{a@1}', '2026-03-02T15:00:00Z')
"""


async def test_decisions_from_before_the_chain_are_chained(servers: Servers, tmp_path: Path) -> None:
    url = make_url(servers.database_url).set(database=f"t{new_id().hex[-12:]}").render_as_string(hide_password=False)
    scripts = Path(create_service().migrations)
    before = tmp_path / "migrations"
    shutil.copytree(scripts, before, ignore=shutil.ignore_patterns("000[3-9]*", "00[1-9]*", "__pycache__"))
    await migrate(url, "outreach", before, metadata)
    target = service_url(url, "outreach").set(drivername="postgresql").render_as_string(hide_password=False)
    cases = sorted([new_id(), new_id()])
    try:
        connection = await asyncpg.connect(target)
        for number in range(5):
            await connection.execute(OLD_DECISION, new_id(), cases[number % 2])
        await migrate(url, "outreach", scripts, metadata)
        rows: list[Any] = await connection.fetch("SELECT * FROM decisions ORDER BY case_id, position")
        heads = await connection.fetch("SELECT * FROM decision_heads ORDER BY case_id")
        await connection.close()
    finally:
        await drop_database(url, "outreach")
    assert [row["position"] for row in rows] == [1, 2, 3, 1, 2]
    assert len({row["chain_hash"] for row in rows}) == 5
    assert [(head["position"], head["chain_hash"]) for head in heads] == [
        (rows[2]["position"], rows[2]["chain_hash"]),
        (rows[4]["position"], rows[4]["chain_hash"]),
    ]
