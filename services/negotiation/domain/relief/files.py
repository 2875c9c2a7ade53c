"""Files of evidence: small, of three kinds that people scan and photograph, told by content and not by name."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from services.negotiation.domain.relief.refusals import FileRefused

MediaType = Literal["application/pdf", "image/jpeg", "image/png"]

FILE_BYTES_MAX = 5 * 1024 * 1024
FILES_MAX = 20
"""Of one case, deleted ones not counted."""
KEPT_FOR = timedelta(days=180)
"""After the upload; while relief is open or runs, as long as that and this long again."""
PURPOSE = "relief_evidence"

_BEGINNINGS: tuple[tuple[bytes, MediaType], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
)
EXTENSIONS: dict[MediaType, str] = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def media_type(content: bytes) -> MediaType:
    """Raises FileRefused for what is empty, too large, or none of the three."""
    if not content:
        raise FileRefused("file_empty", "the file is empty")
    if len(content) > FILE_BYTES_MAX:
        raise FileRefused("file_too_large", f"at most {FILE_BYTES_MAX // (1024 * 1024)} MB")
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    raise FileRefused("file_kind", "only PDF, JPEG and PNG can be kept, whatever the name says")
