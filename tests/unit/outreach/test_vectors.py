"""Our vectors are answered as their sources say, and a vector out of form is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.outreach.__main__ import check_vectors
from services.outreach.adapters.plain_yaml import read_yaml
from services.outreach.adapters.vectors import InvalidVector, check, our_files, read_vector, read_vectors
from services.outreach.domain.law import questions
from tests.unit.outreach.builders import PACKS

VECTORS = read_vectors(our_files())
FIRST = """
vectors:
  - id: FIRST
    pack: us-regulation-f
    clause: "12 CFR 1006.14(b)(2)(i)(A)"
    origin: derived
    given:
      now: 2026-10-07T10:30
      contacts: [{at: [2026-10-01, 2026-10-02, 2026-10-03, 2026-10-04, 2026-10-05, 2026-10-06, 2026-10-06T13:00]}]
    expect: {verdict: deny, fires: [calls_seven_in_seven_days], until: 2026-10-08T08:00}
"""


@pytest.mark.parametrize("file", our_files(), ids=lambda file: file.stem)
def test_every_vector_is_answered_as_its_source_says(file: Path) -> None:
    failures = [failure for vector in read_vectors([file]) for failure in check(vector, PACKS)]
    assert not failures, "\n".join(map(str, failures))


def test_no_vector_is_there_twice_and_every_pack_and_question_has_some() -> None:
    assert len({vector.id for vector in VECTORS}) == len(VECTORS)
    assert {vector.pack for vector in VECTORS} >= {pack.name for pack in PACKS}
    assert {vector.ask for vector in VECTORS} >= set(questions())


def vector(**changes: Any) -> dict[str, Any]:
    (entry,) = read_yaml(FIRST)["vectors"]
    return {**entry, **changes}


@pytest.mark.parametrize(
    ("changes", "failing"),
    [
        ({}, []),
        ({"expect": {"verdict": "allow"}}, ["verdict"]),
        ({"expect": {"fires": ["hours"]}}, ["fires"]),
        ({"expect": {"fires": []}}, ["fires"]),
        ({"expect": {"silent": ["calls_seven_in_seven_days"]}}, ["silent"]),
        ({"expect": {"silent": ["hours"]}}, []),
        ({"expect": {"until": "2026-10-08T08:01"}}, ["until"]),
        ({"expect": {"notes": ["hours"]}}, ["notes"]),
    ],
)
def test_a_wrong_answer_is_found(changes: dict[str, Any], failing: list[str]) -> None:
    assert [failure.what for failure in check(read_vector(vector(**changes)), PACKS)] == failing


@pytest.mark.parametrize(
    "changes",
    [
        {"colour": "blue"},
        {"origin": "a dream"},
        {"confidence": "certain"},
        {"expect": {}},
        {"expect": {"answer": 42}},
        {"given": {"weather": "fair"}},
        {"given": {"facts": {"mood": "good"}}},
        {"given": {"facts": {"days_past_due": "ten"}}},
        {"given": {"request": {"chanel": "sms"}}},
        {"ask": "the oracle"},
        {"only": ["no-such-pack"]},
    ],
)
def test_a_vector_out_of_form_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidVector):
        check(read_vector(vector(**changes)), PACKS)


def test_an_id_may_be_used_once(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(FIRST)
    with pytest.raises(InvalidVector, match="FIRST"):
        read_vectors(sorted(tmp_path.glob("*.yaml")))


def test_the_command_tells_each_failure_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(FIRST)
    bad.write_text(FIRST.replace("FIRST", "WRONG").replace("verdict: deny", "verdict: allow"))
    assert check_vectors([str(good)]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"
    assert check_vectors([str(good), str(bad)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "WRONG [us-regulation-f; 12 CFR 1006.14(b)(2)(i)(A)] verdict: expected allow, got deny",
        "1 passed, 1 failed",
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [("08:00", "08:00"), ("2026-10-07", "2026-10-07"), ("no", "no"), ("7", 7), ("true", True), ("null", None)],
)
def test_times_days_and_words_stay_text(text: str, value: object) -> None:
    assert read_yaml(f"key: {text}") == {"key": value}
