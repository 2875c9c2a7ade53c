"""An export of decisions as it lies there, a folder or a zip file: read in bounded memory, every byte accounted for."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import orjson

FORM, FORM_VERSION = "concord-decisions", 1
MANIFEST, MANIFEST_HASH = "manifest.json", "manifest.sha256"
LINE_BYTES_MAX = 16 << 20
_READ_BYTES = 1 << 20
_SEAL_BYTES = 64

Document = dict[str, Any]


class NoExport(Exception):
    """This is no export, or one without a readable manifest: there is nothing to verify."""


@dataclass(frozen=True)
class Export:
    """The files of an export by their paths in it."""

    path: Path

    @cached_property
    def manifest(self) -> Document:
        try:
            with self.open(MANIFEST) as file:
                manifest = orjson.loads(file.read())
        except Exception as error:
            # A damaged zip file fails in many ways, in its directory, its headers or while it is unpacked.
            raise NoExport(f"{self.path} has no readable {MANIFEST}: {type(error).__name__}") from error
        if not isinstance(manifest, dict) or (manifest.get("form"), manifest.get("version")) != (FORM, FORM_VERSION):
            raise NoExport(f"{self.path} is not of the form {FORM}, version {FORM_VERSION}")
        return manifest

    @property
    def manifest_hash(self) -> str:
        return sha256(self.read(MANIFEST)).hexdigest()

    @cached_property
    def listed(self) -> Mapping[str, tuple[str, int]]:
        """Path -> SHA-256 and length, as the manifest says."""
        try:
            return {entry["path"]: (entry["sha256"], entry["bytes"]) for entry in self.manifest["files"]}
        except (KeyError, TypeError) as error:
            raise NoExport(f"{self.path}: the manifest does not list its files") from error

    @property
    def parts(self) -> list[str]:
        """The files of decisions, each beside a file of heads."""
        return sorted(path for path in self.listed if path.startswith("decisions/"))

    def names(self) -> set[str]:
        """Every file that is there."""
        if self._is_zip:
            with zipfile.ZipFile(self.path) as target:
                names = target.namelist()
            return set(names) if len(set(names)) == len(names) else {*names, "two files of one name"}
        return {path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if not path.is_dir()}

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        if self._is_zip:
            with zipfile.ZipFile(self.path) as target, target.open(name) as file:
                yield file
        else:
            with (self.path / name).open("rb") as file:
                yield file

    def read(self, name: str) -> bytes:
        with self.open(name) as file:
            return file.read()

    def lines(self, name: str) -> Iterator[bytes]:
        with self.open(name) as file:
            while line := file.readline(LINE_BYTES_MAX):
                yield line

    def check_bytes(self) -> list[str]:
        """What is wrong with the bytes: every file against the manifest, the manifest and the zip against theirs."""
        listed = self.listed  # first of all: without a manifest that can be read there is no export
        wrong = self._check_seal() if self._is_zip else []
        if self._said_hash() != f"{self.manifest_hash}\n".encode():
            wrong.append(f"{MANIFEST}: its hash is not the one in {MANIFEST_HASH}")
        there, expected = self.names(), {*listed, MANIFEST, MANIFEST_HASH}
        wrong += [f"{name}: is missing" for name in sorted(expected - there)]
        wrong += [f"{name}: is not in the manifest" for name in sorted(there - expected)]
        return wrong + [fault for name in sorted(set(listed) & there) if (fault := self._check_file(name))]

    @property
    def _is_zip(self) -> bool:
        return self.path.suffix == ".zip"

    def _said_hash(self) -> bytes:
        try:
            return self.read(MANIFEST_HASH)
        except Exception:
            # Missing, or damaged in one of the many ways of a zip file: it says nothing.
            return b""

    def _check_file(self, name: str) -> str:
        seen, length = sha256(), 0
        try:
            with self.open(name) as file:
                while content := file.read(_READ_BYTES):
                    seen.update(content)
                    length += len(content)
        except Exception as error:
            # A damaged zip file fails in many ways; each of them is the same answer.
            return f"{name}: cannot be read: {type(error).__name__}"
        return "" if (seen.hexdigest(), length) == self.listed[name] else f"{name}: is not what the manifest says"

    def _check_seal(self) -> list[str]:
        seal, left = sha256(), self.path.stat().st_size - _SEAL_BYTES
        with self.path.open("rb") as file:
            while left > 0:
                content = file.read(min(left, _READ_BYTES))
                seal.update(content)
                left -= len(content)
            return [] if file.read() == seal.hexdigest().encode() else ["the zip file: its last 64 bytes do not fit"]
