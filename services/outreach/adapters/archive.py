"""A folder or a zip file of named files with their hashes, written one after the other in bounded memory.

The last files are the manifest, which names the hash of every other one, and the hash of the manifest. A zip file's
comment is the hash of all bytes before it, so that a change of its bookkeeping, which no file's hash covers, is found
as well.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO

from services.outreach.application.proof_ports import FileNote
from services.outreach.domain.gate.canonical import Document, canonical

MANIFEST = "manifest.json"
MANIFEST_HASH = "manifest.sha256"
_COMMENT = b"0" * 64
_READ_BYTES = 1 << 20
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The same decisions give the same zip file, byte for byte."""


class HashedFile:
    """A file being written: counts and hashes what goes through."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target = target
        self._hash = sha256()
        self.bytes = 0

    def write(self, content: bytes) -> None:
        self._target.write(content)
        self._hash.update(content)
        self.bytes += len(content)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class _Archive:
    def __init__(self) -> None:
        self.files: list[FileNote] = []

    @contextmanager
    def file(self, path: str) -> Iterator[HashedFile]:
        with self._open(path) as target:
            written = HashedFile(target)
            yield written
        self.files.append(FileNote(path, written.sha256, written.bytes))

    def seal(self, manifest: Document) -> str:
        listed = [{"bytes": note.bytes, "path": note.path, "sha256": note.sha256} for note in self.files]
        text = canonical({**manifest, "files": sorted(listed, key=lambda entry: str(entry["path"]))}) + "\n"
        with self.file(MANIFEST) as file:
            file.write(text.encode())
        with self.file(MANIFEST_HASH) as last:
            last.write(f"{file.sha256}\n".encode())
        return file.sha256

    def _open(self, path: str) -> IO[bytes]:
        raise AssertionError("a folder or a zip file")


class FolderArchive(_Archive):
    """Files below a folder that is new or empty."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def _open(self, path: str) -> IO[bytes]:
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.open("xb")


class ZipArchive(_Archive):
    """Files in one zip file."""

    def __init__(self, target: zipfile.ZipFile) -> None:
        super().__init__()
        self._target = target

    def _open(self, path: str) -> IO[bytes]:
        info = zipfile.ZipInfo(path, _LONG_AGO)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        return self._target.open(info, "w", force_zip64=True)


@contextmanager
def open_archive(path: Path) -> Iterator[FolderArchive | ZipArchive]:
    """A zip file where the name ends so, else a folder. What is there already is never overwritten: FileExistsError."""
    if path.suffix != ".zip":
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise FileExistsError(f"{path} is not empty")
        yield FolderArchive(path)
        return
    # Whoever looks at the name sees the whole file or none.
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(partial, "x") as target:
            yield ZipArchive(target)
            target.comment = _COMMENT
        _seal_zip(partial)
        os.link(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _seal_zip(path: Path) -> None:
    seal, left = sha256(), path.stat().st_size - len(_COMMENT)
    with path.open("r+b") as file:
        while left:
            content = file.read(min(left, _READ_BYTES))
            seal.update(content)
            left -= len(content)
        file.seek(-len(_COMMENT), os.SEEK_END)
        file.write(seal.hexdigest().encode())
