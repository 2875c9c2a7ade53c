"""Is a document ours, and does it still hold? Anybody may ask; the answer says nothing about a person or a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.negotiation.application.agreement_ports import Papers
from services.negotiation.application.ports import Resources, Work
from services.negotiation.domain.refusals import NoSuchThing
from shared.kernel.genuine.code import code_of, read_code
from shared.kernel.genuine.token import TOKEN_LENGTH, read_token

Answer = Literal["genuine", "withdrawn", "not_readable", "forged", "unknown_code"]
CLEARANCE_CODE_LENGTH = 24


@dataclass(frozen=True, slots=True)
class DocumentFinding:
    """`content_hash`: SHA-256 of the sealed file, where one was given out; `issued_at` as far as it is proven."""

    answer: Answer
    kind: str | None = None
    issued_at: datetime | None = None
    content_hash: str | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_genuine(self) -> bool:
        return self.answer in ("genuine", "withdrawn")


async def check_document(resources: Resources, typed: str) -> DocumentFinding:
    """`typed`: the short code, the full token, or a clearance code."""
    typed = typed.strip()
    if not typed.isascii():
        return DocumentFinding("not_readable")
    async with resources.begin() as work:
        if len(typed) == CLEARANCE_CODE_LENGTH and (cleared := await _clearance(work, typed)) is not None:
            return cleared
        code = _code(typed, resources.papers)
        return code if isinstance(code, DocumentFinding) else await _issued(work, code)


def _code(typed: str, papers: Papers) -> str | DocumentFinding:
    """The short code that was meant: a token has one as well."""
    try:
        if len(typed) <= TOKEN_LENGTH // 2:
            return read_code(typed)
        token = read_token(typed)
    except ValueError:
        return DocumentFinding("not_readable")
    return code_of(token) if token.is_signed_by(papers.verify) else DocumentFinding("forged")


async def _issued(work: Work, code: str) -> DocumentFinding:
    issued = await work.agreements.issued(code)
    if issued is None:
        return DocumentFinding("unknown_code")
    answer: Answer = "withdrawn" if issued.withdrawn_at is not None else "genuine"
    return DocumentFinding(answer, issued.kind, issued.issued_at, issued.content_hash, issued.withdrawn_at)


async def _clearance(work: Work, code: str) -> DocumentFinding | None:
    try:
        clearance = await work.clearances.find(code)
    except NoSuchThing:
        return None
    answer: Answer = "withdrawn" if clearance.withdrawn_at is not None else "genuine"
    return DocumentFinding(answer, "certificate", clearance.cleared_at, None, clearance.withdrawn_at)
