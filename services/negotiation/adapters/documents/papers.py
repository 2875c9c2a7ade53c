"""The agency's papers: set by typst, sealed, with a code and a picture of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
import typst
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from services.negotiation.adapters.documents.seal import Seal
from services.negotiation.application.agreement_ports import (
    CONTENT_BYTES_MAX,
    PaperKind,
    PaperNotMade,
    PaperOptions,
    Sealed,
    Sheet,
)
from shared.kernel.genuine.token import Token
from shared.paper.press import Press
from shared.paper.qr import qr_png
from shared.service.genuine_keys import GenuineKey
from shared.service.settings import SANDBOX_SECRET

TEMPLATE = Path(__file__).parent / "paper.typ"
MAKING_S_MAX = 5.0
KEYWORD = "concord-genuine:"
"""Before the token in the file's keywords, so that a checker finds it without reading the picture."""

log = structlog.get_logger("concord.negotiation")


@dataclass(frozen=True)
class AgencyPapers:
    """`Papers`."""

    agency: Mapping[str, str]
    contact: str
    check_page: str
    key: GenuineKey
    seal: Seal
    retired_certificates: bytes = b""

    @cached_property
    def _press(self) -> Press:
        # Loading the fonts takes a while; most processes of the service never print.
        return Press(TEMPLATE)

    async def make(self, sheet: Sheet) -> Sealed:
        try:
            return await asyncio.wait_for(asyncio.to_thread(self._make, sheet), MAKING_S_MAX)
        except (typst.TypstError, TimeoutError) as error:
            # The message may quote the paper; its kind is all that is safe to tell.
            log.error("paper.not_made", error=type(error).__name__)
            raise PaperNotMade(type(error).__name__) from None

    def render(self, sheet: Sheet) -> bytes:
        """Before sealing: the same sheet gives the same bytes."""
        return self._press.make(self._content(sheet), sheet.dated_at)

    def _make(self, sheet: Sheet) -> Sealed:
        rendering = self.render(sheet)
        content = self.seal.on(rendering, sheet.dated_at)
        if len(content) > CONTENT_BYTES_MAX:
            raise PaperNotMade("too large")
        return Sealed(content, sha256(content).hexdigest(), sha256(rendering).hexdigest())

    def _content(self, sheet: Sheet) -> dict[str, Any]:
        return {
            "language": sheet.language,
            "paper": "us-letter" if sheet.is_us else "a4",
            "title": sheet.title,
            "sender": sheet.sender,
            "facts": [list(fact) for fact in sheet.facts],
            "sections": [
                {"heading": s.heading, "sentences": list(s.sentences), "rows": [list(row) for row in s.rows]}
                for s in sheet.sections
            ],
            "join": "" if sheet.language == "zh" else " ",
            "footer": sheet.footer,
            "check_note": sheet.check_note,
            "code": sheet.code,
            "keywords": [KEYWORD + sheet.token] if sheet.token else [],
            "qr": list(qr_png(f"{self.check_page}?code={sheet.token}")) if sheet.token else [],
        }

    def stamp(self, kind: PaperKind, subject_id: UUID, day: date, digest: bytes) -> Token:
        return self.key.stamp(kind, subject_id, day, digest)

    def verify(self, key_id: bytes, signed: bytes, signature: bytes) -> bool:
        return self.key.verify(key_id, signed, signature)

    def published_keys(self) -> Mapping[str, object]:
        return self.key.published_keys()

    def seal_certificate(self) -> bytes:
        return self.seal.certificates_pem() + self.retired_certificates


def open_papers(options: PaperOptions) -> AgencyPapers:
    """Raises ValueError where key and certificate do not go together."""
    # In the sandbox every service has the same secret; the keys made of it are still different ones.
    secret = options.document_key
    secret = f"documents {secret}" if secret == SANDBOX_SECRET else secret
    return AgencyPapers(
        agency=options.agency,
        contact=options.contact,
        check_page=options.check_page,
        key=GenuineKey(secret, options.agency_code, options.retired_keys),
        seal=Seal(options.seal_key, options.seal_certificate, options.agency["en"], options.time_stamp_url),
        retired_certificates=_checked(options.retired_certificates),
    )


def _checked(retired: str | None) -> bytes:
    """What is published has to be certificates, and nothing else that was pasted with them."""
    if retired is None:
        return b""
    certificates = x509.load_pem_x509_certificates(retired.encode())
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)
