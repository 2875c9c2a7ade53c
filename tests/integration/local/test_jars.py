"""No archive is run that is not the one in the lock file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from deploy.local.errors import JarRefused
from deploy.local.folder import LocalFolder
from deploy.local.jars import Jar, bring_jars, read_lock, refused
from deploy.local.kafka import LOCK
from deploy.local.processes import Registry

SMALL = next(jar for jar in read_lock(LOCK) if jar.coordinate.startswith("org.slf4j:slf4j-api:"))


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    return LocalFolder(tmp_path, tmp_path / "cache")


def _lock(tmp_path: Path, sha256: str) -> Path:
    lock = tmp_path / "small.lock"
    lock.write_text(f"{SMALL.coordinate} {sha256}\n")
    return lock


async def _bring(folder: LocalFolder, sha256: str) -> list[Path]:
    lock = _lock(folder.root, sha256)
    registry = Registry(folder.registry_file)
    return await bring_jars("Small", lock, folder=folder, registry=registry, say=lambda _: None)


def test_the_right_archive_passes_and_a_missing_and_a_changed_one_do_not(tmp_path: Path) -> None:
    (tmp_path / "whole-1.jar").write_bytes(b"whole")
    (tmp_path / "changed-1-slim.jar").write_bytes(b"whole, and one byte more")
    sha256 = hashlib.sha256(b"whole").hexdigest()
    whole, changed, missing = Jar("g:whole:1", sha256), Jar("g:changed:1:slim", sha256), Jar("g:missing:1", sha256)

    wrong = dict(refused([whole, changed, missing], tmp_path))

    assert set(wrong) == {changed, missing}
    assert wrong[missing] is None


async def test_an_archive_that_changed_on_disk_is_fetched_again(folder: LocalFolder) -> None:
    cached = folder.cache / "jars" / "small" / SMALL.file_name
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"not what was locked")

    assert await _bring(folder, SMALL.sha256) == [cached]

    assert hashlib.sha256(cached.read_bytes()).hexdigest() == SMALL.sha256


async def test_an_archive_that_differs_from_its_lock_is_refused_and_not_kept(folder: LocalFolder) -> None:
    with pytest.raises(JarRefused, match=SMALL.sha256) as refusal:
        await _bring(folder, "0" * 64)

    assert SMALL.coordinate in str(refusal.value)
    assert not (folder.cache / "jars" / "small" / SMALL.file_name).exists()


def test_lock_files_name_no_host() -> None:
    for lock in LOCK.parent.glob("*.lock"):
        assert "//" not in lock.read_text()
