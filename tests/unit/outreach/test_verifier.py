"""The verifier finds whatever was changed in an export, also by somebody who made its hashes fit again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.outreach.adapters.rule_packs import FOLDER, pack_documents
from services.outreach.domain.gate.canonical import digest
from services.outreach.verifier.__main__ import main
from services.outreach.verifier.export import Export, NoExport
from services.outreach.verifier.verify import Verified, verify
from tests.unit.architecture.sources import ROOT
from tests.unit.outreach.decision_log import Row, a_case, write_export

CASES = [a_case(number, 6) for number in (1, 2, 3)]
Forge = Callable[[list[Row]], None]


def verified(path: Path, processes: int = 1) -> Verified:
    return verify(Export(path), processes, lambda done, of: None)


def told(result: Verified) -> str:
    return "\n".join("; ".join(entry.what) for entry in result.differences)


def copies() -> list[list[Row]]:
    return [[dict(row) for row in rows] for rows in CASES]


@pytest.fixture(scope="module", params=["folder", "export.zip"])
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    name: str = request.param
    target = tmp_path_factory.mktemp("export") / name
    write_export(target, [CASES[:2], CASES[2:]])
    return target


def test_an_untouched_export_is_intact_on_any_number_of_processes(export: Path) -> None:
    one, two = verified(export), verified(export, 2)
    assert one.is_intact, told(one)
    assert (one.decisions, one.cases) == (18, 3)
    assert (two.decisions, two.denials_by_rule, two.is_intact) == (18, one.denials_by_rule, True)
    assert sum(one.denials_by_rule.values()) > 0


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_flipped_bit_anywhere_is_found(export: Path, data: st.DataObject) -> None:
    files = sorted(path for path in export.rglob("*") if path.is_file()) if export.is_dir() else [export]
    file = data.draw(st.sampled_from(files))
    before = file.read_bytes()
    offset = data.draw(st.integers(0, len(before) - 1))
    flipped = bytes([before[offset] ^ (1 << data.draw(st.integers(0, 7)))])
    file.write_bytes(before[:offset] + flipped + before[offset + 1 :])
    try:
        assert not verified(export).is_intact
    except NoExport:
        return
    finally:
        file.write_bytes(before)


def remove(rows: list[Row]) -> None:
    del rows[2]


def remove_the_last(rows: list[Row]) -> None:
    del rows[-1]


def swap(rows: list[Row]) -> None:
    rows[1], rows[2] = rows[2], rows[1]


def insert_twice(rows: list[Row]) -> None:
    rows.insert(3, dict(rows[2]))


def renumber_after_removal(rows: list[Row]) -> None:
    del rows[2]
    for position, row in enumerate(rows, 1):
        row["position"] = position


def another_verdict(rows: list[Row]) -> None:
    denied = next(row for row in rows if row["verdict"] != "allow")
    denied.update(verdict="allow", until=None, rules=[])


def another_moment(rows: list[Row]) -> None:
    rows[0]["decided_at"] = "2026-02-05T12:00:00+00:00"


def milder_facts(rows: list[Row]) -> None:
    """The contacts before are taken out of the facts, and the hash of the facts is made to fit."""
    facts = json.loads(rows[-1]["facts"])
    facts["contacts"] = []
    rows[-1]["facts"] = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS).decode()
    rows[-1]["facts_hash"] = digest(rows[-1]["facts"])


def spaced_facts(rows: list[Row]) -> None:
    rows[0]["facts"] = rows[0]["facts"].replace('"form":2', '"form": 2')
    rows[0]["facts_hash"] = digest(rows[0]["facts"])


def another_creditor(rows: list[Row]) -> None:
    rows[0]["creditor_id"] = rows[0]["case_id"]


FORGERIES: list[tuple[Forge, str]] = [
    (remove, "position"),
    (remove_the_last, "head"),
    (swap, "position"),
    (insert_twice, "position"),
    (renumber_after_removal, "chain_hash"),
    (another_verdict, "verdict"),
    (another_moment, "about a moment before the decision"),
    (milder_facts, "chain_hash"),
    (spaced_facts, "not the canonical text"),
    (another_creditor, "chain_hash"),
]


@pytest.mark.parametrize(("forge", "what"), FORGERIES, ids=[forge.__name__ for forge, _ in FORGERIES])
def test_a_forger_who_writes_a_fitting_manifest_is_found(forge: Forge, what: str, tmp_path: Path) -> None:
    cases = copies()
    target = tmp_path / "export"
    heads = [case[-1] for case in CASES]
    forge(cases[0])
    # The heads stay those that the events announced: whoever forges them as well meets the journal.
    write_export(target, [cases], heads=heads)
    result = verified(target)
    assert what in told(result)


def test_a_chain_forged_to_its_end_still_repeats_no_verdict_that_the_packs_do_not_give(tmp_path: Path) -> None:
    """With every hash made to fit, the gate itself says something else."""
    from services.outreach.domain.gate.chain import GENESIS, chained

    cases = copies()
    another_verdict(cases[0])
    chain_hash = GENESIS
    for row in cases[0]:
        record = {name: value for name, value in row.items() if name not in ("facts", "chain_hash")}
        row["chain_hash"] = chain_hash = chained(chain_hash, record)
    write_export(tmp_path / "export", [cases])
    result = verified(tmp_path / "export")
    (found,) = result.differences
    assert {"verdict", "rules"} <= set(found.what)
    assert found.decision_id in {row["decision_id"] for row in cases[0]}


def test_a_case_that_is_left_out_whole_is_missed(tmp_path: Path) -> None:
    write_export(tmp_path / "export", [copies()[1:]], heads=[case[-1] for case in CASES])
    assert "head" in told(verified(tmp_path / "export"))


def test_a_decision_whose_packs_are_not_there_is_not_believed(tmp_path: Path) -> None:
    cases = copies()
    cases[0][0]["pack_set_hash"] = "f" * 64
    write_export(tmp_path / "export", [cases])
    assert "these packs are not in the export" in told(verified(tmp_path / "export"))


def test_a_line_that_is_no_decision_is_told_and_stops_nothing(tmp_path: Path) -> None:
    target = tmp_path / "export"
    write_export(target, [copies()])
    part = target / "decisions" / "00001.jsonl"
    part.write_bytes(part.read_bytes() + b'{"half":\n[]\n')
    result = verified(target)
    assert result.decisions == 20
    assert "line 19" in told(result)
    assert "line 20" in told(result)


def test_the_command_tells_what_differs_and_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = copies()
    another_verdict(cases[1])
    write_export(tmp_path / "export", [cases])
    assert main([str(tmp_path / "export"), "--processes", "1"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any("verdict" in line and line.split(":")[0] in {row["decision_id"] for row in cases[1]} for line in lines)
    assert lines[-1].startswith("18 decisions re-run, ")


def test_the_command_ends_with_nought_where_all_is_well(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(export), "--own-packs", "--processes", "1"]) == 0
    out = capsys.readouterr().out
    assert "18 decisions re-run, 0 differ" in out
    assert out.count("the exported pack equals") == len(pack_documents())


def test_a_pack_of_your_own_that_says_something_else_is_told(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = yaml.safe_load((FOLDER / "us-regulation-f.yaml").read_text("utf-8"))
    mine["rules"] = mine["rules"][1:]
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(mine, allow_unicode=True), "utf-8")
    assert main([str(export), "--pack", str(file), "--processes", "1"]) == 1
    assert "DIFFERS" in capsys.readouterr().out


def test_the_manifest_that_one_was_told_of_must_be_this_one(tmp_path: Path) -> None:
    manifest = write_export(tmp_path / "export", [copies()])
    assert main([str(tmp_path / "export"), "--manifest", manifest, "--processes", "1"]) == 0
    assert main([str(tmp_path / "export"), "--manifest", "0" * 64, "--processes", "1"]) == 1


def events_of(cases: list[list[Row]], **changes: object) -> bytes:
    """As a journal exports them; the first and the last of each case were told."""
    bodies = [
        {
            "decision_id": row["decision_id"],
            "chain_position": row["position"],
            "chain_hash": row["chain_hash"],
            "denied_at": row["decided_at"],
            **changes,
        }
        for rows in cases
        for row in (rows[0], rows[-1])
    ]
    lines = [{"position": number, "type": "contact.denied", "body": body} for number, body in enumerate(bodies, 1)]
    return b"\n".join(map(orjson.dumps, [*lines, {"type": "plan.agreed", "body": {}}]))


def forged_to_the_end(cases: list[list[Row]]) -> list[list[Row]]:
    """Everything is made to fit: only who remembers can tell."""
    for rows in cases:
        del rows[-1]
    return cases


@pytest.mark.parametrize("processes", [1, 2])
def test_events_of_the_time_anchor_the_chain(processes: int, tmp_path: Path) -> None:
    events = tmp_path / "journal.jsonl"
    events.write_bytes(events_of(CASES))
    for name, cases in (("true", copies()), ("forged", forged_to_the_end(copies()))):
        # As if it were exported after the last decision.
        write_export(tmp_path / name, [cases[:1], cases[1:]], exported_at="2026-12-31T00:00:00+00:00")
    true = verify(Export(tmp_path / "true"), processes, lambda done, of: None, events)
    assert true.is_intact, told(true)
    assert verified(tmp_path / "forged").is_intact
    forged = verify(Export(tmp_path / "forged"), processes, lambda done, of: None, events)
    assert {entry.decision_id for entry in forged.differences} == {rows[-1]["decision_id"] for rows in CASES}
    events.write_bytes(events_of(CASES, chain_hash="f" * 64))
    assert "an event told position" in told(verify(Export(tmp_path / "true"), processes, lambda done, of: None, events))


def test_an_export_need_not_have_what_was_decided_after_it(tmp_path: Path) -> None:
    events = tmp_path / "journal.jsonl"
    events.write_bytes(events_of(CASES, denied_at="2027-01-01T00:00:00+00:00"))
    write_export(tmp_path / "export", [forged_to_the_end(copies())], exported_at="2026-12-31T00:00:00+00:00")
    assert verify(Export(tmp_path / "export"), 1, lambda done, of: None, events).is_intact


@pytest.mark.parametrize("content", [b"{}", b"[]", b"\xff", b""])
def test_anchors_that_are_none_are_refused(content: bytes, export: Path, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(content)
    assert main([str(export), "--anchors", str(file), "--processes", "1"]) == 2


@pytest.mark.parametrize("content", [None, b"{}", b"\xff"])
def test_what_is_no_export_is_refused(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_bytes(content)
    assert main([str(tmp_path)]) == 2


ALONE = """
import sys
from services.outreach.verifier.__main__ import main
code = main([sys.argv[1], "--processes", "1"])
needless = {"sqlalchemy", "asyncpg", "fastapi", "pydantic", "pydantic_settings", "aiokafka", "httpx", "structlog",
            "opentelemetry", "uvicorn", "alembic", "starlette"}
loaded = {name.split(".")[0] for name in sys.modules} & needless
ours = {n for n in sys.modules if n.startswith(("services.outreach.settings", "services.outreach.main", "shared"))}
print("loaded:", sorted(loaded | ours))
sys.exit(code)
"""


def test_it_needs_no_server_no_settings_and_no_framework(export: Path) -> None:
    done = subprocess.run([sys.executable, "-c", ALONE, str(export)], cwd=ROOT, env={}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "loaded: []" in done.stdout
