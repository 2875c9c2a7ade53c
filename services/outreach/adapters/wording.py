"""Renders the texts: Jinja2 in its sandbox, a closed list of variables, nothing undefined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from services.outreach.application.ports import Addressee
from services.outreach.application.records import Reservation
from services.outreach.domain.case_file import CaseFile
from shared.kernel.money import EXPONENTS
from shared.service.links import make_token

FILE = Path(__file__).parent / "templates.yaml"
LINK_VALID = timedelta(days=30)
LANGUAGES = ("en", "zh")
_SYMBOLS = {"USD": "$", "CNY": "¥"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: our name in both languages, where complaints go, and where the borrower's pages are."""

    agency: dict[str, str]
    complaints: str
    pages_url: str
    link_secret: bytes


@dataclass(frozen=True, slots=True)
class _Text:
    subject: Template
    body: Template


class TemplateWording:
    """Raises at the start for a template that is missing in a language or does not parse."""

    def __init__(self, sender: Sender, file: Path = FILE) -> None:
        environment = SandboxedEnvironment(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
        )
        document = yaml.safe_load(file.read_text("utf-8"))
        self._texts: dict[tuple[str, str], _Text] = {}
        for code, languages in document["templates"].items():
            for language in LANGUAGES:
                text: dict[str, str] = languages[language]
                self._texts[code, language] = _Text(
                    environment.from_string(text["subject"]), environment.from_string(text["body"])
                )
        self._sender = sender

    @property
    def codes(self) -> set[str]:
        return {code for code, _ in self._texts}

    def template(self, rung: str, channel: str) -> str:
        code = f"{rung}_{channel}"
        if (code, LANGUAGES[0]) not in self._texts:
            raise KeyError(f"no template for {code}")
        return code

    def word(self, reservation: Reservation, file: CaseFile, addressee: Addressee, now: datetime) -> tuple[str, str]:
        language = addressee.language if addressee.language in LANGUAGES else file.language
        text = self._texts[reservation.template, language]
        variables = self._variables(file, addressee, language, now)
        # A name may hold a line break; a subject must not.
        return " ".join(text.subject.render(variables).split()), text.body.render(variables).strip()

    def _variables(self, file: CaseFile, addressee: Addressee, language: str, now: datetime) -> dict[str, Any]:
        sender, balance = self._sender, file.balance
        token = make_token(sender.link_secret, file.case_id, now + LINK_VALID)
        return {
            "name": addressee.name,
            "creditor": addressee.creditor_name,
            "agency": sender.agency[language],
            "total": money_text(balance.total_minor_units, file.currency),
            "principal": money_text(balance.principal_minor_units, file.currency),
            "interest": money_text(balance.interest_minor_units, file.currency),
            "fees": money_text(balance.fees_minor_units, file.currency),
            "link": f"{sender.pages_url}/b/{token}",
            "complaints": sender.complaints,
            "has_offer": file.offer_expires_at is not None and file.offer_expires_at > now,
            "is_us": file.jurisdiction == "US",
        }


def money_text(minor_units: int, currency: str) -> str:
    """An amount as people write it: $1,234.50, ¥80.00; the code itself where there is no symbol of ours."""
    exponent = EXPONENTS[currency]
    whole, part = divmod(minor_units, 10**exponent)
    digits = f"{whole:,}.{part:0{exponent}d}" if exponent else f"{whole:,}"
    return f"{_SYMBOLS.get(currency, currency + ' ')}{digits}"
