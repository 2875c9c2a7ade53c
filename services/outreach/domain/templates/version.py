"""A version of a template and its life: draft, approved, retired. Whoever made it never approves it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Literal

from services.outreach.domain.gate.canonical import canonical
from shared.kernel.refusal import Conflict, NotAllowed

State = Literal["draft", "approved", "retired"]
Audience = Literal["borrower", "third_party"]
LANGUAGES = ("en", "zh")
CODE_PATTERN = r"^[a-z0-9][a-z0-9_]{0,47}$"
_REFERENCE = re.compile(r"^([a-z0-9][a-z0-9_]{0,47})\.v([1-9][0-9]{0,5})$")


@dataclass(frozen=True, slots=True)
class Text:
    """What is rendered for one language. The subject is empty where the channel has none."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class TemplateVersion:
    """`purpose` is the step of the ladder it serves, or the kind of notice."""

    code: str
    version: int
    channel: str
    purpose: str
    audience: Audience
    texts: Mapping[str, Text]
    made_by: str
    made_at: datetime
    state: State = "draft"
    checked_by: str | None = None
    checked_at: datetime | None = None
    retired_by: str | None = None
    retired_at: datetime | None = None

    @property
    def reference(self) -> str:
        """How attempts and events name it: `code.vN`, a code of the event contracts."""
        return f"{self.code}.v{self.version}"

    @property
    def content_hash(self) -> str:
        """SHA-256 over everything that shapes a text, as canonical JSON (RFC 8785)."""
        content = {
            "code": self.code,
            "version": self.version,
            "channel": self.channel,
            "purpose": self.purpose,
            "audience": self.audience,
            "texts": {name: {"subject": text.subject, "body": text.body} for name, text in self.texts.items()},
        }
        return sha256(canonical(content).encode()).hexdigest()


def approve(version: TemplateVersion, by: str, at: datetime) -> TemplateVersion:
    """Raises `NotAllowed` for the maker and `Conflict` for what is no draft."""
    if version.made_by == by:
        raise NotAllowed("maker_is_checker", "somebody else than the maker has to approve a template")
    if version.state != "draft":
        raise Conflict("template_not_draft", "only a draft can be approved")
    return replace(version, state="approved", checked_by=by, checked_at=at)


def retire(version: TemplateVersion, by: str, at: datetime) -> TemplateVersion:
    """Also a draft that nobody wants any more."""
    if version.state == "retired":
        raise Conflict("template_retired", "this version is retired already")
    return replace(version, state="retired", retired_by=by, retired_at=at)


def split_reference(reference: str) -> tuple[str, int] | None:
    """Code and version; None for a reference from before there were versions."""
    found = _REFERENCE.fullmatch(reference)
    return None if found is None else (found[1], int(found[2]))
