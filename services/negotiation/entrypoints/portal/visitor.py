"""Who visits a page, by the cookie of the session; and what a form of ours sent, once its token is checked."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from services.negotiation.application.ports import Resources
from services.negotiation.application.visit_portal import visit_portal
from services.negotiation.entrypoints.formatting import typed_amount
from services.negotiation.entrypoints.identity import ResourcesOf, called_by_pattern
from services.negotiation.entrypoints.portal.form_tokens import FormExpired, read_form_token
from services.negotiation.entrypoints.portal.frame import FieldFault, FormFaults, Visit

SESSION_COOKIE = "concord_visit"
DOOR_COOKIE = "concord_door"
FIELDS_MAX = 200
FILES_MAX = 10
FIELD_BYTES_MAX = 64 * 1024


@dataclass
class Sent:
    """The fields of a form. `key` tells this form from every other one: an idempotency key.

    The methods read a field and note what is wrong with it; `check` raises `FormFaults` with all of them.
    """

    fields: dict[str, str]
    key: str
    files: dict[str, list[UploadFile]] = field(default_factory=dict)
    faults: list[FieldFault] = field(default_factory=list)

    def text(self, name: str, *, length_max: int = 200, is_needed: bool = False) -> str:
        value = self.fields.get(name, "").strip()[:length_max]
        if is_needed and not value:
            self.faults.append(FieldFault(name, "missing"))
        return value

    def amount(self, name: str, currency: str, *, is_needed: bool = True, zero: bool = False) -> int | None:
        """Minor units of what was typed in major units; `zero` lets a nought stand."""
        typed = self.text(name)
        if zero and typed and not typed.strip("0.,"):
            return 0
        value = typed_amount(typed, currency) if typed else None
        if value is None and (typed or is_needed):
            self.faults.append(FieldFault(name, "not_an_amount" if typed else "missing"))
        return value

    def number(self, name: str, *, first: int, last: int, is_needed: bool = True) -> int | None:
        typed = self.text(name, length_max=6)
        value = int(typed) if typed.isascii() and typed.isdigit() else None
        if (value is None or not first <= value <= last) and (typed or is_needed):
            self.faults.append(FieldFault(name, "not_a_number" if typed else "missing"))
            return None
        return value

    def day(self, name: str, *, is_needed: bool = True) -> date | None:
        typed = self.text(name, length_max=10)
        try:
            return date.fromisoformat(typed)
        except ValueError:
            if typed or is_needed:
                self.faults.append(FieldFault(name, "not_a_date" if typed else "missing"))
            return None

    def choice(self, name: str, allowed: tuple[str, ...] | list[str]) -> str:
        value = self.text(name)
        if value not in allowed:
            self.faults.append(FieldFault(name, "not_a_choice"))
        return value

    def confirmed(self, name: str) -> None:
        if self.text(name) != "yes":
            self.faults.append(FieldFault(name, "not_confirmed"))

    def check(self) -> None:
        if self.faults:
            raise FormFaults(self.faults)

    async def close(self) -> None:
        for files in self.files.values():
            for file in files:
                await file.close()


async def _visitor(request: Request, resources: ResourcesOf) -> Visit:
    session = await visit_portal(resources, request.cookies.get(SESSION_COOKIE, ""), called_by_pattern(request))
    key = request.cookies.get(SESSION_COOKIE, "")
    visit = Visit(session.case_id, session.role, session.factor, session.language, session.key_hash, key)
    request.state.visit = visit
    return visit


Visitor = Annotated[Visit, Depends(_visitor)]


async def _sent_form(request: Request, visit: Visitor, resources: ResourcesOf) -> AsyncIterator[Sent]:
    sent = await read_form(request, resources, visit.key_hash)
    try:
        yield sent
    finally:
        await sent.close()


SentForm = Annotated[Sent, Depends(_sent_form)]


async def read_form(request: Request, resources: Resources, holder: bytes) -> Sent:
    """The fields of a form whose token fits its holder and its address. Raises FormExpired."""
    _refuse_other_sites(request)
    form = await request.form(max_files=FILES_MAX, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX)
    fields: dict[str, str] = {}
    files: dict[str, list[UploadFile]] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files.setdefault(name, []).append(value)
        else:
            fields[name] = value
    try:
        key = read_form_token(resources.portal.form_key, holder, request.url.path, fields.pop("form_token", ""))
    except FormExpired:
        await form.close()
        raise
    return Sent(fields, key, files)


def door_holder(cookie: str) -> bytes:
    """Whom a form at the door belongs to: the browser that opened the link. Empty where it has no cookie."""
    return hashlib.sha256(cookie.encode()).digest() if cookie else b""


def _refuse_other_sites(request: Request) -> None:
    """A browser says where a form comes from; another site's is refused before it is read."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FormExpired
    origin = request.headers.get("origin")
    # "null" comes with our own no-referrer policy.
    if origin and origin != "null" and urlsplit(origin).netloc != request.headers.get("host"):
        raise FormExpired
