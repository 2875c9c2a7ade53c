"""A Kafka record as the subscriber handles it, free of the client's types."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID
from zlib import crc32


@dataclass(frozen=True, slots=True)
class Record:
    """`key` is None where the record's key is no identifier; such a record belongs to no case."""

    topic: str
    partition: int
    offset: int
    key: str | None
    headers: dict[str, str]
    value: bytes

    @property
    def event_id(self) -> UUID | None:
        try:
            return UUID(self.headers.get("ce_id", ""))
        except ValueError:
            return None

    @property
    def sequence(self) -> int:
        """The sequence as the header says it; 0 where it says nothing readable."""
        text = self.headers.get("ce_sequence", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0

    @property
    def fingerprint(self) -> str:
        """Tells this record from another at the same offset of a topic that was made anew."""
        return self.headers.get("ce_id") or f"crc32:{crc32(self.value)}"


def readable_key(key: bytes | None) -> str | None:
    """The canonical text of a key that is a UUID, or None."""
    try:
        return str(UUID((key or b"").decode("ascii")))
    except ValueError:
        return None
