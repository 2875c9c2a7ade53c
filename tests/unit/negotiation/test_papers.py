"""Papers: deterministic before the seal, PDF/A after it, sealed as a whole, and proven by a code."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pypdf
import pytest
from asn1crypto import pem as asn1_pem  # type: ignore[import-untyped]  # ships no types
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import SecretStr, ValidationError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from services.negotiation.adapters.documents.check_command import NOT_PROVEN, PROVEN, UNUSABLE, run
from services.negotiation.adapters.documents.papers import KEYWORD, AgencyPapers, open_papers
from services.negotiation.adapters.documents.seal import FIELD, Seal
from services.negotiation.application.agreement_ports import PaperNotMade, Section, Sheet
from services.negotiation.application.certify_clearance import certificate_sheet
from services.negotiation.application.draw_agreement import Drawn, draw, make_copy
from services.negotiation.application.ports import Clearance, Names
from services.negotiation.domain.terms import Outline, draw_up
from services.negotiation.settings import NegotiationSettings
from shared.kernel.genuine.token import read_token
from shared.service.genuine_keys import GenuineKey, PublishedKeys
from shared.service.settings import SANDBOX_SECRET
from tests.unit.negotiation.builders import case_file

AGREED_AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
PLAN = UUID("01900000-0000-7000-8000-00000000a9ee")


@pytest.fixture(scope="module")
def papers() -> AgencyPapers:
    return open_papers(NegotiationSettings().papers)


def drawn(papers: AgencyPapers, language: str = "en") -> Drawn:
    terms = draw_up(Outline("instalments", 120_000, 5_500, 24, date(2026, 3, 12)), currency="USD", grace_days=3)
    case = case_file()
    return draw(case, terms, papers, plan_id=PLAN, owed=125_500, agreed_at=AGREED_AT, language=language)


def copy_of(papers: AgencyPapers, language: str = "en", creditor: str | None = "Harbour Credit") -> tuple[Any, bytes]:
    return asyncio.run(make_copy(drawn(papers, language), papers, creditor))


def read(content: bytes) -> Any:
    """pypdf's types know only that everything in a PDF is an object."""
    return pypdf.PdfReader(BytesIO(content))


def validate(papers: AgencyPapers, content: bytes) -> Any:
    root = asn1_x509.Certificate.load(asn1_pem.unarmor(papers.seal_certificate())[2])
    reader = PdfFileReader(BytesIO(content))
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    return validate_pdf_signature(reader.embedded_signatures[0], context)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_copy_is_sealed_whole_and_reads_as_the_text(papers: AgencyPapers, language: str) -> None:
    document, content = copy_of(papers, language)
    status = validate(papers, content)
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    words = "".join(page.extract_text() for page in read(content).pages)
    assert document.code in words
    assert "Harbour Credit" in words
    assert drawn(papers, language).text.text_hash in words.replace("\n", "")


def test_the_seal_leaves_every_byte_before_it_and_the_pdf_a_claim(papers: AgencyPapers) -> None:
    sheet = Sheet("en", True, "A paper", "Concord", (), (Section("One", ("Two.",)),), "foot", AGREED_AT)
    rendering = papers.render(sheet)
    content = papers.seal.on(rendering, AGREED_AT)
    assert content.startswith(rendering)
    before, after = read(rendering), read(content)
    xmp = after.trailer["/Root"]["/Metadata"].get_data()
    assert xmp == before.trailer["/Root"]["/Metadata"].get_data()
    assert b"<pdfaid:part>2</pdfaid:part>" in xmp
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert after.metadata == before.metadata
    assert "/Encrypt" not in after.trailer
    assert len(after.trailer["/ID"]) == 2
    [field] = after.trailer["/Root"]["/AcroForm"]["/Fields"]
    widget = field.get_object()
    assert widget["/T"] == FIELD
    assert widget["/F"] & 4, "PDF/A wants every annotation to be printed"
    assert not widget["/F"] & (1 | 2 | 32), "and none to be hidden"
    assert "/NeedAppearances" not in after.trailer["/Root"]["/AcroForm"]
    assert widget["/V"]["/SubFilter"] == "/ETSI.CAdES.detached"
    assert widget["/V"]["/M"].startswith("D:20260302150000")


def test_a_changed_byte_is_found_wherever_it_is(papers: AgencyPapers) -> None:
    _, content = copy_of(papers)
    at = content.index(b"/ByteRange")
    for place in (len(content) // 3, at // 2, content.rindex(b"%%EOF") - 20):
        changed = bytearray(content)
        changed[place] ^= 0x01
        try:
            status = validate(papers, bytes(changed))
        except Exception:  # noqa: S112 - a file that cannot be read any more is found as well
            continue
        assert not (status.intact and status.valid and status.coverage is SignatureCoverageLevel.ENTIRE_FILE), place


def test_something_appended_is_not_covered(papers: AgencyPapers) -> None:
    _, content = copy_of(papers)
    assert validate(papers, content + b"\n% more\n").coverage is not SignatureCoverageLevel.ENTIRE_FILE


def test_the_same_agreement_renders_to_the_same_bytes(papers: AgencyPapers) -> None:
    first, _ = copy_of(papers)
    again, _ = copy_of(open_papers(NegotiationSettings().papers))
    other, _ = copy_of(papers, creditor=None)
    assert first.rendering_hash == again.rendering_hash != other.rendering_hash
    assert first.code == again.code


def test_the_token_in_the_file_verifies_with_the_published_key_alone(papers: AgencyPapers) -> None:
    document, content = copy_of(papers)
    keyword = read(content).metadata["/Keywords"]
    token = read_token(keyword.removeprefix(KEYWORD))
    keys = PublishedKeys.read(orjson.dumps(papers.published_keys()))
    assert token.is_signed_by(keys.verify)
    assert token.text == document.token
    assert token.claim.kind == "agreement"
    assert token.claim.digest.hex() == drawn(papers).text.text_hash[:24]


def test_a_character_that_no_font_has_makes_no_paper(papers: AgencyPapers) -> None:
    sheet = Sheet("en", True, "A paper \U00012000", "Concord", (), (), "", AGREED_AT)
    with pytest.raises(PaperNotMade):
        asyncio.run(papers.make(sheet))


def test_a_certificate_names_the_person_only_where_the_vault_does(papers: AgencyPapers) -> None:
    clearance = Clearance("A" * 24, case_file().case_id, "paid_in_full", AGREED_AT)
    named = certificate_sheet(case_file(), clearance, Names("Ada Invented", "Harbour Credit"), papers, "en", AGREED_AT)
    bare = certificate_sheet(case_file(), clearance, None, papers, "en", AGREED_AT)
    assert ("Name", "Ada Invented") in named.facts
    assert not any(label == "Name" for label, _ in bare.facts)
    withdrawn = Clearance("A" * 24, case_file().case_id, "paid_in_full", AGREED_AT, AGREED_AT)
    assert certificate_sheet(case_file(), withdrawn, None, papers, "zh", AGREED_AT).title == "已撤销的结清证明"


def test_an_installations_own_key_seals_and_a_foreign_certificate_is_refused() -> None:
    def pem_of(key: ec.EllipticCurvePrivateKey) -> str:
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    foreign = Seal(SANDBOX_SECRET, None, "Somebody").certificates_pem().decode()
    with pytest.raises(ValueError, match="not of SEAL_KEY"):
        Seal(pem_of(ec.generate_private_key(ec.SECP256R1())), foreign, "Concord")
    with pytest.raises(ValidationError, match="SEAL_CERTIFICATE"):
        NegotiationSettings(seal_key=SecretStr("not the sandbox's"))


def test_production_refuses_the_sandboxs_seal_and_document_keys() -> None:
    with pytest.raises(ValidationError, match=r"document_key.*seal_key"):
        NegotiationSettings(environment="production")


def test_a_document_is_checked_with_published_files_alone(papers: AgencyPapers, tmp_path: Path) -> None:
    _, content = copy_of(papers)
    file, seal, keys = tmp_path / "agreement.pdf", tmp_path / "seal.pem", tmp_path / "keys.json"
    file.write_bytes(content)
    seal.write_bytes(papers.seal_certificate())
    keys.write_bytes(orjson.dumps(papers.published_keys()))
    words = [str(file), "--seal", str(seal), "--keys", str(keys)]
    status, said = run(words)
    assert status == PROVEN
    assert "intact over the whole file" in said
    assert "is genuine (agreement, 2026-03-02)" in said
    seal.write_bytes(Seal(SANDBOX_SECRET, None, "Somebody else").certificates_pem())
    assert run(words)[0] == NOT_PROVEN
    seal.write_bytes(papers.seal_certificate())
    keys.write_bytes(orjson.dumps(GenuineKey("another", "concord-recovery").published_keys()))
    assert "forged" in run(words)[1]
    file.write_bytes(content + b"\n% more\n")
    assert "added after it" in run(words)[1]
    file.write_bytes(content.replace(b"%PDF-1.7", b"%PDF-1.6"))
    assert run(words[:3])[0] == NOT_PROVEN
    file.write_bytes(b"no PDF at all")
    assert run(words)[0] == NOT_PROVEN
    assert run([str(tmp_path / "none.pdf"), "--seal", str(seal)])[0] == UNUSABLE


def test_certificates_of_before_are_published_beside_the_one_that_seals(papers: AgencyPapers) -> None:
    before = Seal(SANDBOX_SECRET, None, "The agency's name of before").certificates_pem().decode()
    both = open_papers(NegotiationSettings(seal_certificates_retired=f"pasted with words\n{before}").papers)
    assert both.seal_certificate() == papers.seal_certificate() + before.encode()
