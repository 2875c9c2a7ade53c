"""Is a message ours? Anybody may ask; the answer says nothing about a person or a case."""

from __future__ import annotations

from datetime import date

from services.outreach.application.ports import Resources
from services.outreach.domain.genuine.checking import Finding, check_entry, check_token, looks_like_token
from shared.kernel.genuine.code import Entry, day_of, read_code
from shared.kernel.genuine.token import read_token
from shared.kernel.refusal import NotFound

TEXT_LENGTH_MAX = 20_000


async def check_genuineness(
    resources: Resources, typed: str, *, received_on: date | None = None, text: str | None = None
) -> Finding:
    """A full token is proven by its signature; a short code by our own records, as the list of its day would."""
    try:
        if looks_like_token(typed):
            token = read_token(typed)
            return check_token(token, resources.content.genuineness.verify, received_on=received_on, text=text)
        code = read_code(typed)
    except ValueError:
        return Finding("not_readable")
    async with resources.begin() as work:
        sent = await work.sent_texts.by_code(code)
        day = day_of(code, work.now.date())
    if sent is None:
        return check_entry(None, day)
    found = check_entry(Entry("", sent.text_digest.hex()), sent.issued_on, received_on=received_on, text=text)
    return Finding(found.answer, found.issued_on, sent.kind)


async def code_list_of(resources: Resources, day: date) -> bytes:
    """The signed list of a day that is over, byte for byte as it was published."""
    async with resources.begin() as work:
        document = await work.sent_texts.list_of(day)
    if document is None:
        raise NotFound("list_unknown", "there is no list of this day: nothing was sent, or the day is not over")
    return document


async def listed_days(resources: Resources, limit: int) -> list[date]:
    async with resources.begin() as work:
        return await work.sent_texts.listed_days(limit)
