"""`python -m services.negotiation check-document FILE --seal PEM [--keys JSON]`: without asking anybody.

Proven by the seal: the whole file is as it left us. Proven by the code: the key that is published signed it for this
kind of document and day. Not proven offline: that the document still holds; the check page says that.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from asn1crypto import pem as asn1_pem  # type: ignore[import-untyped]  # ships no types
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from services.negotiation.adapters.documents.papers import KEYWORD
from shared.kernel.genuine.code import code_of
from shared.kernel.genuine.token import TOKEN_LENGTH, read_token
from shared.service.genuine_keys import PublishedKeys

PROVEN, NOT_PROVEN, UNUSABLE = 0, 1, 2
FILE_BYTES_MAX = 10_000_000


def run(words: Sequence[str]) -> tuple[int, str]:
    """Exit status and the lines to print. Reads files only."""
    options = _parser().parse_args(list(words))
    try:
        content = _read(options.file)
        roots = [asn1_x509.Certificate.load(der) for _, _, der in asn1_pem.unarmor(_read(options.seal), multiple=True)]
        keys = PublishedKeys.read(_read(options.keys)) if options.keys is not None else None
    except (OSError, ValueError) as error:
        return UNUSABLE, f"cannot be checked: {error}"
    is_sealed, seal_line = seal_of(content, roots)
    lines = [seal_line, f"fingerprint (SHA-256): {sha256(content).hexdigest()}"]
    is_stamped = True
    if keys is not None:
        is_stamped, line = code_in(content, keys)
        lines.append(line)
    return PROVEN if is_sealed and is_stamped else NOT_PROVEN, "\n".join(lines)


def seal_of(content: bytes, roots: Sequence[asn1_x509.Certificate]) -> tuple[bool, str]:
    """Whether one of the certificates sealed all of the file, and the line that says so."""
    try:
        [signature] = PdfFileReader(BytesIO(content)).embedded_signatures
        context = ValidationContext(trust_roots=list(roots), allow_fetching=False)
        status = validate_pdf_signature(signature, context)
    except (PdfError, SignatureValidationError, SigningError, ValueError, KeyError, IndexError) as error:
        return False, f"seal: not proven, no seal of ours can be read ({type(error).__name__})"
    if not status.intact or not status.valid:
        return False, "seal: broken, the file was changed"
    if not status.trusted:
        return False, "seal: not ours, another certificate made it"
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return False, "seal: broken, something was added after it"
    return True, "seal: intact over the whole file"


def code_in(content: bytes, keys: PublishedKeys) -> tuple[bool, str]:
    """Whether a published key signed the token in the file's keywords. A certificate's code needs the check page."""
    try:
        keyword = str(PdfFileReader(BytesIO(content)).trailer["/Info"]["/Keywords"])
        typed = keyword.removeprefix(KEYWORD)
        if len(typed) != TOKEN_LENGTH:
            return True, f"code: {typed}, to be checked on the check page"
        token = read_token(typed)
    except (PdfError, ValueError, KeyError) as error:
        return False, f"code: none can be read ({type(error).__name__})"
    if not token.is_signed_by(keys.verify):
        return False, "code: forged, none of the published keys signed it"
    day: date = token.claim.issued_on
    return True, f"code: {code_of(token)} is genuine ({token.claim.kind}, {day.isoformat()})"


def _read(path: Path) -> bytes:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise ValueError(f"{path.name} is too large")
    return path.read_bytes()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.negotiation check-document", description=__doc__)
    parser.add_argument("file", type=Path, help="the PDF")
    parser.add_argument("--seal", type=Path, required=True, help="the certificate, /.well-known/concord-seal.pem")
    parser.add_argument("--keys", type=Path, help="the published keys, /.well-known/concord-keys.json")
    return parser
