"""The main job as a user starts it: real servers, all processes, a file of placements, a few simulated days."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from deploy.local.folder import REPOSITORY
from deploy.sandbox.generated_cases import generated_records
from deploy.sandbox.lending_club import lending_club_records

RUN_WITHIN_SECONDS = 480
DAYS = 60
REPEATED = [
    "placed",
    "accepted",
    "rejected",
    "contacts",
    "denials",
    "plans_agreed",
    "plans_completed",
    "defaults_detected",
    "complaints",
    "collected",
    "events",
    "replies",
    "counter_offers",
    "playbooks",
    "closed",
    "refused_acts",
    "relief",
    "collected_by",
    "remitted",
    "commission",
    "plans_by_form",
    "plans_withdrawn",
]
OF_MONEY_AND_CARE = {
    "books_equal_a_replay_of_the_journal",
    "agency_books_balance",
    "no_contact_during_relief",
    "every_default_started_its_playbook",
}


def a_list(path: Path) -> Path:
    """American and Chinese records, and three lines that are wrong in three ways: 3, 6 and the last."""
    lines = [json.dumps(record) for record in lending_club_records(1, date(2026, 1, 4))[:20]]
    lines += [json.dumps(record, ensure_ascii=False) for record in generated_records(1, 20, date(2026, 1, 5))]
    lines[2] = '{"account_number": "HC-torn", "product": '
    wrong = json.loads(lines[5])
    wrong["arrears_minor_units"] *= 3
    lines[5] = json.dumps(wrong)
    lines.append(lines[0])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def flat(value: Any, path: str = "") -> dict[str, str]:
    """A record as the documented flat columns."""
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list):
        pairs = list(enumerate(value))
    else:
        return {path: str(value).lower() if isinstance(value, bool) else str(value)}
    cells: dict[str, str] = {}
    for name, inner in pairs:
        cells |= flat(inner, f"{path}.{name}" if path else str(name))
    return cells


def a_csv_list(path: Path) -> Path:
    """Five Chinese records below a header, a row that is too short, and one that breaks a rule: lines 7 and 8."""
    records = generated_records(1, 6, date(2026, 1, 5))
    records[5]["currency"] = "USD"
    rows = [flat(record) for record in records]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([row.get(column, "") for column in columns] for row in rows[:5])
        writer.writerow(["CG-short", "only"])
        writer.writerow([rows[5].get(column, "") for column in columns])
    return path


def run_main_job(folder: Path, arguments: list[str]) -> tuple[int, str, dict[str, Any]]:
    """Run it in a folder of its own that shares the verified archives of this clone."""
    folder.mkdir()
    cache = Path(os.environ.get("CONCORD_LOCAL_DIR") or REPOSITORY / ".local") / "cache"
    cache.mkdir(parents=True, exist_ok=True)
    (folder / "cache").symlink_to(cache)
    summary = folder / "summary.json"
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.sandbox", "--exit", "--summary", str(summary), *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "CONCORD_LOCAL_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=RUN_WITHIN_SECONDS,
        text=True,
    )
    return ended.returncode, ended.stdout, json.loads(summary.read_text()) if summary.exists() else {}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[int, str, dict[str, Any]]]:
    folder = tmp_path_factory.mktemp("main-job")
    arguments = ["--days", str(DAYS), "--data", str(a_list(folder / "list.ndjson"))]
    return [run_main_job(folder / name, arguments) for name in ("first", "second")]


def test_the_run_ends_by_itself_with_everything_held(runs: list[tuple[int, str, dict[str, Any]]]) -> None:
    code, output, summary = runs[0]
    assert summary["invariant_faults"] == {}, output
    assert all(summary["invariants"].values())
    assert summary["invariants"]["no_process_left"]
    assert code == 0, output


def test_bad_rows_are_told_by_line_and_stop_nothing(runs: list[tuple[int, str, dict[str, Any]]]) -> None:
    summary = runs[0][2]
    assert [each["line"] for each in summary["rejected_lines"]] == [3, 6, 41]
    assert (summary["placed"], summary["accepted"], summary["rejected"]) == (41, 38, 3)
    assert summary["rejected_lines"][1]["pointers"] == ["/arrears_minor_units"]


def test_borrowers_were_reached_and_some_agreed(runs: list[tuple[int, str, dict[str, Any]]]) -> None:
    summary = runs[0][2]
    assert summary["simulated_days"] == DAYS
    assert sum(summary["contacts"]["email"].values()) > 0
    assert summary["plans_agreed"] > 0
    assert summary["events"]["case.received"] == summary["accepted"]


def test_broken_plans_went_through_their_playbook(runs: list[tuple[int, str, dict[str, Any]]]) -> None:
    playbooks = runs[0][2]["playbooks"]
    steps = ("detected", "hold_applied", "reassessed", "replanned", "agreed_again")
    assert {step: playbooks.get(step, 0) > 0 for step in steps} == dict.fromkeys(steps, True)


def test_the_agency_collected_and_paid_over(runs: list[tuple[int, str, dict[str, Any]]]) -> None:
    summary = runs[0][2]
    assert summary["invariants"].keys() >= OF_MONEY_AND_CARE
    assert sum(summary["collected_by"]["agency"].values()) > 0
    assert sum(summary["remitted"].values()) > 0
    # Earned on everything that came in, also on what borrowers paid to the lenders themselves.
    assert sum(summary["commission"].values()) > 0


def test_some_asked_for_relief_and_lenders_decided(runs: list[tuple[int, str, dict[str, Any]]]) -> None:
    relief = runs[0][2]["relief"]
    assert relief["requested"] > 0
    assert relief.get("granted", 0) + relief.get("refused", 0) > 0


def test_the_addresses_are_told(runs: list[tuple[int, str, dict[str, Any]]]) -> None:
    addresses = runs[0][2]["addresses"]
    assert {"console", "borrower_page", "docs_intake", "docs_reporting"} <= set(addresses)


def test_an_outsider_runs_every_decision_of_the_run_again(runs: list[tuple[int, str, dict[str, Any]]]) -> None:
    """With the export alone: no server, no address, no secret."""
    summary = runs[0][2]
    assert (summary["decisions_differing"], summary["denials_by_rule"] != {}) == (0, True)
    words = [sys.executable, "-m", "services.outreach.verifier", summary["addresses"]["decisions"], "--own-packs"]
    ended = subprocess.run(words, cwd=REPOSITORY, env={}, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout
    assert f"{summary['decisions_rerun']} decisions re-run, 0 differ" in ended.stdout


def test_the_same_seed_repeats_the_run_exactly(runs: list[tuple[int, str, dict[str, Any]]]) -> None:
    first, second = runs[0][2], runs[1][2]
    assert {key: first[key] for key in REPEATED} == {key: second[key] for key in REPEATED}


def test_a_csv_list_is_placed_row_by_row(tmp_path: Path) -> None:
    path = a_csv_list(tmp_path / "list.csv")
    code, output, summary = run_main_job(tmp_path / "run", ["--days", "1", "--lang", "zh", "--data", str(path)])
    assert code == 0, output
    assert (summary["placed"], summary["accepted"]) == (7, 5)
    assert [each["line"] for each in summary["rejected_lines"]] == [7, 8]
    assert summary["rejected_lines"][0]["codes"] == ["csv_columns_differ"]
    assert "受理 5 件" in output
