"""The arrows between the rooms, and that our top-level names are ours."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys

import pytest

from tests.unit.architecture.sources import ROOT

OURS = ("shared", "services", "deploy")


def test_every_import_contract_is_kept() -> None:
    """The contracts are in pyproject.toml."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 broken" in done.stdout


@pytest.mark.parametrize("name", OURS)
def test_no_dependency_brings_a_package_of_our_name(name: str) -> None:
    """An installed `shared` would win over ours in an editable install."""
    assert name not in importlib.metadata.packages_distributions()


@pytest.mark.parametrize("name", OURS)
def test_our_packages_are_packages(name: str) -> None:
    """A folder without __init__.py loses to any installed package of its name, even when ours is first on the path."""
    assert (ROOT / name / "__init__.py").is_file()
