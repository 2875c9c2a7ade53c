"""Renders the approved texts: a closed list of variables, nothing undefined, and in each a code that proves it ours."""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from jinja2 import Template

from services.outreach.adapters.template_engine import TemplateEngine
from services.outreach.application.contact_ports import Addressee
from services.outreach.application.content_ports import Genuineness, Templates
from services.outreach.application.content_records import SentText, Worded
from services.outreach.application.records import Reservation
from services.outreach.domain.case_file import CaseFile
from services.outreach.domain.gate.local_time import zone
from services.outreach.domain.itemization import Itemization, answer_by
from services.outreach.domain.templates.version import LANGUAGES, TemplateVersion
from shared.kernel.genuine.code import code_of
from shared.kernel.genuine.token import CODE_PLACEHOLDER, TOKEN_PLACEHOLDER, digest_of, text_hash
from shared.kernel.money import EXPONENTS
from shared.service.links import make_token

LINK_VALID = timedelta(days=30)
APPROVED_MAX = 1_000
NOT_KEPT = ("account_ending",)
"""Stands in the letter, whose PDF is kept sealed, and nowhere else."""
_SYMBOLS = {"USD": "$", "CNY": "¥"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: our name in both languages, where complaints go, the borrower's pages, the page to check a code."""

    agency: dict[str, str]
    complaints: str
    pages_url: str
    link_secret: bytes
    check_page: str


@dataclass(frozen=True, slots=True)
class _Ready:
    version: TemplateVersion
    texts: Mapping[str, tuple[Template, Template]]


class TemplateWording:
    """Holds the approved versions; `refresh` before a batch takes over what has changed."""

    def __init__(self, sender: Sender, genuineness: Genuineness, versions: Iterable[TemplateVersion] = ()) -> None:
        self._engine = TemplateEngine()
        self._sender = sender
        self._genuineness = genuineness
        self._mark: object = None
        self._by_code: dict[str, str] = {}
        self._ready: dict[str, _Ready] = {}
        self._take_over(list(versions))

    @property
    def codes(self) -> set[str]:
        return set(self._by_code)

    async def refresh(self, templates: Templates) -> None:
        mark = await templates.mark()
        if mark != self._mark:
            self._take_over(await templates.find(state="approved", channel=None, code=None, limit=APPROVED_MAX))
            self._mark = mark

    def template(self, rung: str, channel: str) -> str | None:
        return self._by_code.get(f"{rung}_{channel}")

    def word(self, reservation: Reservation, file: CaseFile, addressee: Addressee, now: datetime) -> Worded:
        ready = self._ready[reservation.template]
        language = addressee.language if addressee.language in LANGUAGES else file.language
        variables = self._variables(file, language, now)
        if file.itemization is not None:
            variables |= _itemization_of(file.itemization, file.currency, language, now.date(), addressee.creditor_name)
        subject, body, digest = self._render(ready, language, variables, addressee, file.case_id, now)
        kind = ready.version.purpose if ready.version.purpose == "validation_notice" else reservation.channel
        token = self._genuineness.stamp(kind, reservation.attempt_id, now.date(), digest)
        code, full = code_of(token), token.text
        body = body.replace(CODE_PLACEHOLDER, code).replace(TOKEN_PLACEHOLDER, full)
        return Worded(
            subject=subject,
            text=body,
            template=reservation.template,
            audience=ready.version.audience,
            kind=kind,
            language=language,
            variables={name: value for name, value in variables.items() if name not in NOT_KEPT},
            content_hash=sha256(f"{subject}\n{body}".encode()).hexdigest(),
            text_digest=digest,
            code=code,
            token=full,
            check_link=f"{self._sender.check_page}?code={full}",
            creditor=addressee.creditor_name,
        )

    def word_again(self, version: TemplateVersion, sent: SentText, addressee: Addressee) -> Worded:
        """What was sent, made once more from what was kept; its hash tells whether it is the same."""
        ready = self._compiled(version)
        variables = {**dict.fromkeys(NOT_KEPT, "····"), **sent.variables}
        subject, body, digest = self._render(ready, sent.language, variables, addressee, sent.case_id, sent.worded_at)
        token = self._genuineness.stamp(sent.kind, sent.attempt_id, sent.issued_on, digest).text
        body = body.replace(CODE_PLACEHOLDER, sent.code).replace(TOKEN_PLACEHOLDER, token)
        return Worded(
            subject=subject,
            text=body,
            template=sent.template,
            audience=version.audience,
            kind=sent.kind,
            language=sent.language,
            variables=sent.variables,
            content_hash=sha256(f"{subject}\n{body}".encode()).hexdigest(),
            text_digest=digest,
            code=sent.code,
            token=token,
            check_link=f"{self._sender.check_page}?code={token}",
            creditor=addressee.creditor_name,
        )

    def _render(
        self,
        ready: _Ready,
        language: str,
        variables: Mapping[str, Any],
        addressee: Addressee,
        case_id: Any,
        now: datetime,
    ) -> tuple[str, str, bytes]:
        known = dict(variables)
        if ready.version.audience == "borrower":
            link = make_token(self._sender.link_secret, case_id, now + LINK_VALID)
            known |= {"creditor": addressee.creditor_name, "link": f"{self._sender.pages_url}/b/{link}"}
        else:
            # There is nothing of the debt to be named, whatever the text asks for.
            known = {"is_machine": known["is_machine"]}
        known["name"] = addressee.name
        subject, body = ready.texts[language]
        # A name may hold a line break; a subject must not.
        said = body.render(known).strip()
        return " ".join(subject.render(known).split()), said, digest_of(text_hash(said))

    def _variables(self, file: CaseFile, language: str, now: datetime) -> dict[str, Any]:
        """Everything but what names the person or opens a door."""
        sender, balance, currency = self._sender, file.balance, file.currency
        return (
            _promise_of(file, language)
            | _notice_of(file, language)
            | {
                "agency": sender.agency[language],
                "total": money_text(balance.total_minor_units, currency),
                "principal": money_text(balance.principal_minor_units, currency),
                "interest": money_text(balance.interest_minor_units, currency),
                "fees": money_text(balance.fees_minor_units, currency),
                "due_on": "" if file.days_past_due is None else day_text(now.date(), language, file.days_past_due),
                "complaints": sender.complaints,
                "check_page": sender.check_page,
                "code": CODE_PLACEHOLDER,
                "token": TOKEN_PLACEHOLDER,
                "has_offer": file.offer_expires_at is not None and file.offer_expires_at > now,
                "is_us": file.jurisdiction == "US",
                "is_first": not file.contacts,
                "is_machine": True,
            }
        )

    def _take_over(self, versions: Sequence[TemplateVersion]) -> None:
        # Versions of before stay renderable for what is reserved already; each is small.
        for version in versions:
            if version.reference not in self._ready:
                self._ready[version.reference] = self._compiled(version)
        approved = [version for version in versions if version.state == "approved"]
        self._by_code = {version.code: version.reference for version in approved}

    def _compiled(self, version: TemplateVersion) -> _Ready:
        return _Ready(version, {language: self._engine.compile(text) for language, text in version.texts.items()})


def _notice_of(file: CaseFile, language: str) -> dict[str, Any]:
    """What a reminder of an instalment, or the announcement of a visit, is about."""
    if file.instalment is not None:
        return {
            "instalment": money_text(file.instalment.amount_minor_units, file.currency),
            "instalment_on": day_text(file.instalment.due_on, language),
        }
    if file.visit is None:
        return {}
    place = next((found for name in file.time_zones if (found := zone(name)) is not None), UTC)
    begins, ends = file.visit.begins_at.astimezone(place), file.visit.ends_at.astimezone(place)
    return {
        "visit_on": day_text(begins.date(), language),
        "visit_from": f"{begins:%H:%M}",
        "visit_until": f"{ends:%H:%M}",
    }


def _itemization_of(
    itemization: Itemization, currency: str, language: str, today: date, creditor: str
) -> dict[str, Any]:
    return {
        "itemized_on": day_text(itemization.itemized_on, language),
        "itemized_total": money_text(itemization.total_minor_units, currency),
        "interest_since": money_text(itemization.interest_minor_units, currency),
        "fees_since": money_text(itemization.fees_minor_units, currency),
        "payments_since": money_text(itemization.payments_minor_units, currency),
        "credits_since": money_text(itemization.credits_minor_units, currency),
        "first_creditor": itemization.first_creditor or creditor,
        "account_ending": itemization.account_ending,
        "period_ends_on": day_text(answer_by(today), language),
    }


def _promise_of(file: CaseFile, language: str) -> dict[str, Any]:
    said = file.said_back
    if said is None:
        return {}
    amount = said.promised_minor_units
    return {
        "promised_on": day_text(said.promised_on, language),
        "promised_amount": "" if amount is None else money_text(amount, file.currency),
    }


def money_text(minor_units: int, currency: str) -> str:
    """An amount as people write it: $1,234.50, ¥80.00; the code itself where there is no symbol of ours."""
    exponent = EXPONENTS[currency]
    whole, part = divmod(minor_units, 10**exponent)
    digits = f"{whole:,}.{part:0{exponent}d}" if exponent else f"{whole:,}"
    return f"{_SYMBOLS.get(currency, currency + ' ')}{digits}"


def day_text(day: date, language: str, days_before: int = 0) -> str:
    """A day as people write it: 2 March 2026, 2026年3月2日."""
    day -= timedelta(days=days_before)
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {month_name[day.month]} {day.year}"
