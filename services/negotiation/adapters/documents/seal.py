"""The agency's seal on a PDF: PAdES baseline B (ETSI EN 319 142-1), over the whole file, as an update that appends.

The file stays PDF/A: nothing that typst wrote is touched. The sandbox's key is derived from its secret, so that every
process of it seals with the same certificate; production refuses that secret.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import requests
import structlog
from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]  # ships no types
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from shared.service.settings import SANDBOX_SECRET

FIELD = "ConcordSeal"
TIME_STAMP_TIMEOUT_S = 3
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group P-256 (FIPS 186-5)."""

log = structlog.get_logger("concord.negotiation")


class Seal:
    """`key` is PEM, or the sandbox's secret; `certificate` PEM, the signer's first, then its chain."""

    def __init__(self, key: str, certificate: str | None, agency: str, time_stamp_url: str | None = None) -> None:
        private, chain = _sandbox(agency) if key == SANDBOX_SECRET else _from_pem(key, certificate)
        self._agency = agency
        self._certificates = chain
        self._time_stamper = (
            HTTPTimeStamper(time_stamp_url, timeout=TIME_STAMP_TIMEOUT_S) if time_stamp_url is not None else None
        )
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # untyped upstream
        store.register_multiple([_asn1(certificate) for certificate in chain])
        raw = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._signer = SimpleSigner(
            signing_cert=_asn1(chain[0]), signing_key=asn1_keys.PrivateKeyInfo.load(raw), cert_registry=store
        )

    def certificates_pem(self) -> bytes:
        return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self._certificates)

    def on(self, content: bytes, at: datetime) -> bytes:
        """The sealed file. Runs a loop of its own: call it in a thread."""
        if self._time_stamper is not None:
            try:
                return self._sealed(content, at, self._time_stamper)
            except (TimestampRequestError, requests.RequestException, OSError) as error:
                # A seal without a stranger's word on the time is still a seal; no agreement waits for that word.
                log.warning("seal.not_time_stamped", error=type(error).__name__)
        return self._sealed(content, at, None)

    def _sealed(self, content: bytes, at: datetime, time_stamper: HTTPTimeStamper | None) -> bytes:
        metadata = PdfSignatureMetadata(
            field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, name=self._agency
        )
        out = BytesIO()
        _DatedSigner(at, metadata, self._signer, timestamper=time_stamper).sign_pdf(
            _AppendingWriter(BytesIO(content)), output=out
        )
        return out.getvalue()


class _DatedSigner(PdfSigner):
    """Writes the installation's time into the seal, not the machine's: a sandbox drives its own clock."""

    def __init__(self, at: datetime, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._at = at

    def init_signing_session(self, *arguments: Any, **named: Any) -> PdfSigningSession:
        session = super().init_signing_session(*arguments, **named)
        session.system_time = self._at
        return session


class _AppendingWriter(IncrementalPdfFileWriter):
    """Leaves the metadata as they are: rewritten ones would have to prove PDF/A anew."""

    def _update_meta(self) -> None:
        return None


def _from_pem(key: str, certificate: str | None) -> tuple[Any, list[x509.Certificate]]:
    if certificate is None:
        raise ValueError("SEAL_KEY needs SEAL_CERTIFICATE")
    private = load_pem_private_key(key.encode(), None)
    chain = x509.load_pem_x509_certificates(certificate.encode())
    if chain[0].public_key() != private.public_key():
        raise ValueError("SEAL_CERTIFICATE is not of SEAL_KEY")
    return private, chain


def _sandbox(agency: str) -> tuple[Any, list[x509.Certificate]]:
    """A key and a certificate that anybody can make: the same ones every time, and worth nothing outside a sandbox."""
    number = int.from_bytes(sha256(b"concord sandbox seal" + SANDBOX_SECRET.encode()).digest(), "big")
    private = ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{agency} (sandbox)"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Sandbox seal, proves nothing"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(number >> 128)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(private, SHA256(), ecdsa_deterministic=True)
    )
    return private, [made]


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
