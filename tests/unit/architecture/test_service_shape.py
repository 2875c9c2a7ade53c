"""The same rooms in every service, and the same headings in every README."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from tests.unit.architecture.sources import ROOT, SERVICES, sources

ENTRIES = {
    "__init__.py",
    "__main__.py",
    "main.py",
    "settings.py",
    "README.md",
    "domain",
    "application",
    "adapters",
    "entrypoints",
    "migrations",
}
# What a service has beside its rooms: outsiders run outreach's verifier, and adopt its vectors, without the service;
# and so much lies outside of it that main would no longer be a table of contents.
OWN_ENTRIES = {"outreach": {"outside.py", "vectors", "verifier"}, "negotiation": {"vectors"}}
HEADINGS = ("duty", "events in and out", "tables owned", "how to run", "what can go wrong")
MAIN_LINES_MAX = 80
MACHINE = re.compile(r"/(?:root|home)/\w|\w/(?:simple|maven2)/|--(?:extra-)?index-url|--find-links|\"resolved\":")
"""A path of somebody's machine, or the address of a package registry in the forms in which it slips in."""


def _folder(service: str) -> Path:
    return ROOT / "services" / service


def test_the_five_services_and_nothing_else() -> None:
    found = {path.name for path in (ROOT / "services").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert found == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_its_rooms_and_no_others(service: str) -> None:
    found = {path.name for path in _folder(service).iterdir() if path.name != "__pycache__"}
    assert found == ENTRIES | OWN_ENTRIES.get(service, set())


@pytest.mark.parametrize("service", SERVICES)
def test_the_docstring_tells_the_stage_in_three_sentences(service: str) -> None:
    docstring = ast.get_docstring(ast.parse((_folder(service) / "__init__.py").read_text(encoding="utf-8")))
    assert docstring is not None
    # Event names have dots of their own.
    sentences = re.findall(r"[^.!?]+(?:\.(?=\S)[^.!?]*)*[.!?](?:\s|$)", docstring)
    assert len(sentences) == 3, sentences


@pytest.mark.parametrize("service", SERVICES)
def test_the_readme_answers_the_five_questions(service: str) -> None:
    text = (_folder(service) / "README.md").read_text(encoding="utf-8")
    headings = [line.lstrip("# ").strip().lower() for line in text.splitlines() if line.startswith("## ")]
    assert [h for h in headings if h in HEADINGS] == list(HEADINGS)


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrations_have_one_head(service: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(_folder(service) / "migrations"))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


@pytest.mark.parametrize("service", SERVICES)
def test_main_is_a_table_of_contents(service: str) -> None:
    assert len((_folder(service) / "main.py").read_text(encoding="utf-8").splitlines()) <= MAIN_LINES_MAX


@pytest.mark.parametrize("folder", ["services", "shared", "deploy", "docs", "tests"])
def test_every_folder_of_python_says_what_it_is_for(folder: str) -> None:
    folders = {Path(source.path).parent for source in sources(folder)}
    for each in sorted(folders):
        opening = ROOT / each / "__init__.py"
        assert opening.is_file(), f"{each} has no __init__.py"
        assert each == Path("tests") or ast.get_docstring(ast.parse(opening.read_text(encoding="utf-8"))), (
            f"{each} says nothing"
        )


def test_no_file_of_the_product_names_a_machine_or_a_registry() -> None:
    """A registry's address in a lock or a lock of addresses would tie every user to it."""
    found = []
    for folder in ("services", "shared", "deploy", "docs", "tests", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if not path.is_file() or "__pycache__" in path.parts or path == Path(__file__):
                continue
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{path.relative_to(ROOT)}: {m.group()}" for m in MACHINE.finditer(text)]
    for name in ("README.md", "README.zh-CN.md", "Makefile", "pyproject.toml", "requirements.lock.txt"):
        path = ROOT / name
        if path.is_file():
            found += [f"{name}: {m.group()}" for m in MACHINE.finditer(path.read_text(encoding="utf-8"))]
    assert found == []
