"""docs/generated/ is what the generators make of today's code."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from docs.generate import event_files, main, platform_files
from docs.generators.async_api import async_api
from docs.generators.files import GENERATED, as_json, differences, write
from docs.generators.platform import DescribedPlatform
from shared.events.registry import EVENTS

NODE = Path(__file__).parent / "node"
INSTALLED = Path(__file__).parents[2] / ".local" / "node"
INSTALL_WITHIN_S = 240
PARSE_WITHIN_S = 120


@pytest.mark.parametrize("path", event_files())
def test_schemas_and_examples_are_fresh(path: str) -> None:
    assert (GENERATED / path).read_text(encoding="utf-8") == event_files()[path], "run `make docs`"


def test_every_generated_file_is_fresh_and_none_is_left_over(platform: DescribedPlatform) -> None:
    assert differences({**event_files(), **platform_files(platform)}) == [], "run `make docs`"


def test_generating_twice_gives_the_same_bytes(platform: DescribedPlatform) -> None:
    assert platform_files(platform) == platform_files(platform)
    assert event_files() == event_files()


def test_a_stale_a_missing_and_a_left_over_file_are_each_named(tmp_path: Path) -> None:
    files = {"a.md": "one", "deep/b.json": "two"}
    write(files, tmp_path)
    assert differences(files, tmp_path) == []
    (tmp_path / "a.md").write_text("changed by hand")
    (tmp_path / "c.md").write_text("forgotten")
    (tmp_path / "deep/b.json").unlink()
    assert differences(files, tmp_path) == ["missing: deep/b.json", "stale: a.md", "left over: c.md"]
    write(files, tmp_path)
    assert differences(files, tmp_path) == []


def test_an_unknown_argument_changes_nothing() -> None:
    assert main(["--chekc"]) == 2
    assert main(["--check", "--release"]) == 2


def test_the_async_api_document_holds_every_event_once_sent_and_as_often_heard(platform: DescribedPlatform) -> None:
    document = async_api(platform)
    assert set(document["channels"]) == set(document["components"]["messages"]) == set(EVENTS)
    operations = document["operations"].values()
    assert len([o for o in operations if o["action"] == "send"]) == len(EVENTS)
    heard = sum(len(described.hears) for described in platform.services)
    assert len([o for o in operations if o["action"] == "receive"]) == heard


def test_every_reference_of_the_async_api_document_leads_somewhere(platform: DescribedPlatform) -> None:
    document = async_api(platform)
    for reference in _references(document):
        here: Any = document
        for step in reference.removeprefix("#/").split("/"):
            here = here[step]


def test_no_generated_file_names_this_machine(platform: DescribedPlatform) -> None:
    for path, text in {**event_files(), **platform_files(platform)}.items():
        assert str(GENERATED.parents[1]) not in text, path


@pytest.fixture(scope="session")
def parser() -> Path:
    """The folder with the official parser in it; a machine without node, or offline, is told what is not checked."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("node and npm are not on PATH: @asyncapi/parser was not asked")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    wanted = {name: (NODE / name).read_bytes() for name in ("package.json", "package-lock.json", "check.mjs")}
    is_there = (INSTALLED / "node_modules/@asyncapi/parser").is_dir() and all(
        (INSTALLED / name).is_file() and (INSTALLED / name).read_bytes() == content for name, content in wanted.items()
    )
    if not is_there:
        for name, content in wanted.items():
            (INSTALLED / name).write_bytes(content)
        try:
            done = subprocess.run(
                [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=INSTALLED,
                capture_output=True,
                text=True,
                timeout=INSTALL_WITHIN_S,
            )
        except subprocess.TimeoutExpired:
            pytest.skip("npm did not answer in time: @asyncapi/parser was not asked")
        if done.returncode != 0:
            pytest.skip("npm could not install @asyncapi/parser (offline?): it was not asked")
    return INSTALLED


def _parse(parser: Path, document: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", "check.mjs", str(document)], cwd=parser, capture_output=True, text=True, timeout=PARSE_WITHIN_S
    )


def test_the_official_parser_accepts_the_async_api_document(
    parser: Path, platform: DescribedPlatform, tmp_path: Path
) -> None:
    document = tmp_path / "asyncapi.json"
    document.write_text(as_json(async_api(platform)), encoding="utf-8")
    parsed = _parse(parser, document)
    assert parsed.returncode == 0, parsed.stdout + parsed.stderr
    assert json.loads(parsed.stdout) == {"version": "3.0.0", "channels": len(EVENTS), "errors": []}


def test_the_official_parser_refuses_a_broken_document(
    parser: Path, platform: DescribedPlatform, tmp_path: Path
) -> None:
    document = async_api(platform)
    document["operations"]["intake.sends.case.received"]["channel"] = {"$ref": "#/channels/case.lost"}
    path = tmp_path / "asyncapi.json"
    path.write_text(as_json(document), encoding="utf-8")
    assert _parse(parser, path).returncode == 1


def test_the_official_parser_refuses_a_schema_of_no_type(
    parser: Path, platform: DescribedPlatform, tmp_path: Path
) -> None:
    document = async_api(platform)
    document["components"]["schemas"]["CaseReceived"]["properties"]["days_past_due"]["type"] = "whole"
    path = tmp_path / "asyncapi.json"
    path.write_text(as_json(document), encoding="utf-8")
    assert _parse(parser, path).returncode == 1


@pytest.mark.parametrize("event_type", EVENTS)
def test_the_examples_fit_the_headers_and_payload_beside_them(platform: DescribedPlatform, event_type: str) -> None:
    """The official parser does not look at the examples of version 3."""
    document = async_api(platform)
    message = document["components"]["messages"][event_type]
    [example] = message["examples"]
    for part in ("headers", "payload"):
        schema = {**message[part], "components": document["components"]}
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        validator.validate(example[part])
        assert list(validator.iter_errors({})), f"{part} without anything would do"


def test_the_lock_of_node_packages_holds_hashes_and_no_addresses() -> None:
    lock = json.loads((NODE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry["integrity"].startswith("sha512-"), name


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)
