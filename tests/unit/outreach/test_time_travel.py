"""New packs over past contacts: what would have been a breach, and whom to tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.outreach.adapters.rule_packs import FOLDER, read_pack
from services.outreach.verifier.export import Export
from services.outreach.verifier.time_travel import as_document, as_table, main, travel
from tests.unit.outreach.decision_log import HARBOUR_CREDIT, MERIDIAN_BANK, a_case, write_export

CASES = [a_case(number, 12) for number in range(1, 9)]
NO_LETTERS = {
    "pack": "harbour-credit-house-rules",
    "version": 1,
    "form": 2,
    "jurisdiction": "US",
    "effective_from": "2030-01-01",
    "effective_to": None,
    "rules": [
        {
            "id": "office_hours",
            "type": "hours",
            "strength": "regulation",
            "clause": "house rule 4",
            "opens": "12:00",
            "closes": "13:00",
        }
    ],
}


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("log") / "export"
    write_export(target, [CASES[:4], CASES[4:]])
    return target


def pack_file(folder: Path, document: dict[str, Any], name: str = "new.yaml") -> Path:
    file = folder / name
    file.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return file


def in_force(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "effective_from": "2020-01-01"}


def test_the_packs_of_then_have_no_breaches(export: Path) -> None:
    packs = [read_pack(yaml.safe_load(file.read_text("utf-8"))) for file in sorted(FOLDER.glob("*.yaml"))]
    travelled = travel(Export(export), packs, 1)
    assert travelled.breaches == []
    assert travelled.allowed == sum(row["verdict"] == "allow" for rows in CASES for row in rows) > 0


def test_every_contact_that_a_new_rule_forbids_is_listed_with_its_clause(export: Path) -> None:
    travelled = travel(Export(export), [read_pack(in_force(NO_LETTERS))], 1)
    allowed = {row["decision_id"]: row for rows in CASES for row in rows if row["verdict"] == "allow"}
    # Even numbers live in Shanghai: an American pack does not concern them.
    american = {name for name, row in allowed.items() if row["creditor_id"] == str(MERIDIAN_BANK)}
    assert travelled.breaches
    assert {breach.decision_id for breach in travelled.breaches} <= american
    assert {(breach.rule, breach.clause) for breach in travelled.breaches} == {
        ("harbour-credit-house-rules/office_hours", "house rule 4")
    }
    (told,) = as_document(travelled)["creditors_to_tell"]
    assert told["creditor_id"] == str(MERIDIAN_BANK) != str(HARBOUR_CREDIT)
    assert told["contacts"] == len(travelled.breaches)


def test_the_result_is_the_same_on_any_number_of_processes(export: Path) -> None:
    packs = [read_pack(in_force(NO_LETTERS))]
    one, two = travel(Export(export), packs, 1), travel(Export(export), packs, 2)
    assert json.dumps(as_document(one)) == json.dumps(as_document(two))
    assert list(as_table(one)) == list(as_table(two))


def test_a_changed_pack_takes_the_place_of_the_old_one(export: Path) -> None:
    document = yaml.safe_load((FOLDER / "us-regulation-f.yaml").read_text("utf-8"))
    document["version"] += 1
    for rule in document["rules"]:
        if rule["id"] == "hours":
            rule["closes"] = "09:00"
    travelled = travel(Export(export), [read_pack(document)], 1)
    assert {breach.rule for breach in travelled.breaches} == {"us-regulation-f/hours"}


def test_a_milder_pack_makes_no_breach(export: Path) -> None:
    document = yaml.safe_load((FOLDER / "us-regulation-f.yaml").read_text("utf-8"))
    document["rules"] = document["rules"][:1]
    assert travel(Export(export), [read_pack(document)], 1).breaches == []


def test_the_command_asks_as_if_the_pack_had_been_in_force(export: Path, tmp_path: Path) -> None:
    file = pack_file(tmp_path, NO_LETTERS)
    result = tmp_path / "breaches.json"
    assert main([str(export), "--pack", str(file), "--json", str(result), "--processes", "1"]) == 1
    found = json.loads(result.read_text("utf-8"))
    assert found["contacts_in_breach"] == len({breach["decision_id"] for breach in found["breaches"]}) > 0
    assert main([str(export), "--pack", str(file), "--as-of-then", "--processes", "1"]) == 0


def test_a_pack_out_of_form_and_a_folder_without_export_are_refused(export: Path, tmp_path: Path) -> None:
    wrong = pack_file(tmp_path, {"pack": "half"}, "wrong.yaml")
    assert main([str(export), "--pack", str(wrong)]) == 2
    assert main([str(tmp_path), "--pack", str(pack_file(tmp_path, NO_LETTERS))]) == 2
