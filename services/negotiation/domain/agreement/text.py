"""An agreement in plain words, drawn from its terms. It names nobody, so it may be kept and hashed.

The same terms, case and language give the same text before and after the agreement: what was shown is what is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from services.negotiation.domain.agreement import texts_en, texts_zh
from services.negotiation.domain.agreement.wording import day, money
from services.negotiation.domain.interest_caps.cooling_off import CoolingOff
from services.negotiation.domain.terms import Terms

TEXTS_VERSION = "2026-11-24"
"""Changed whenever a word of the clauses changes: the evidence of an acceptance names it."""
CLAUSES = {"en": texts_en.CLAUSES, "zh": texts_zh.CLAUSES}
FORMS = {"en": texts_en.FORMS, "zh": texts_zh.FORMS}
LABELS = {"en": texts_en.LABELS, "zh": texts_zh.LABELS}
TITLES = {"en": texts_en.TITLE, "zh": texts_zh.TITLE}
_OWN_POLICY = {"en": "own policy", "zh": "本机构规则"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as it is read: a stable code, a heading, short sentences."""

    code: str
    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementText:
    """The clauses and the schedule as words. `schedule` rows: number, due date, amount."""

    language: str
    title: str
    clauses: tuple[Clause, ...]
    schedule: tuple[tuple[str, str, str], ...]

    def plain(self) -> str:
        """The whole text, one sentence a line: what `text_hash` is taken over."""
        parts = [self.title]
        for clause in self.clauses:
            parts += [f"{clause.heading} [{clause.code}]", *clause.sentences]
        parts += [" ".join(row) for row in self.schedule]
        return "\n".join(parts)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(clause.code for clause in self.clauses)

    @property
    def text_hash(self) -> str:
        return sha256(self.plain().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Places:
    """Where one writes to, and where one checks a code."""

    contact: str
    check_page: str


def agreement_text(
    terms: Terms,
    *,
    owed: int,
    cooling_off: CoolingOff,
    places: Places,
    language: str,
    is_time_barred: bool = False,
) -> AgreementText:
    """`owed` in minor units of the terms' currency; `language` en or zh. `is_time_barred`: known to be."""
    first, last = terms.instalments[0], terms.instalments[-1]
    given = {
        "total": money(terms.total, terms.currency, language),
        "owed": money(owed, terms.currency, language),
        "discount": money(terms.discount, terms.currency, language),
        "first_amount": money(first.amount, terms.currency, language),
        "first_day": day(first.due_on, language),
        "last_day": day(last.due_on, language),
        "count": str(len(terms.instalments)),
        "grace": str(terms.grace_days),
        "pause_day": day(terms.pause_until, language) if terms.pause_until else "",
        "days": str(cooling_off.days),
        "source": cooling_off.clause if cooling_off.basis == "law" else _OWN_POLICY[language],
        "contact": places.contact,
        "check_page": places.check_page,
    }
    rows = tuple(
        (str(i.number), day(i.due_on, language), money(i.amount, terms.currency, language)) for i in terms.instalments
    )
    clauses = tuple(_clause(code, terms, language, given) for code in _codes(terms, is_time_barred))
    return AgreementText(language, TITLES[language], clauses, rows)


def _codes(terms: Terms, is_time_barred: bool) -> Iterator[str]:
    """Which clauses these terms need, in the order in which they are read."""
    if is_time_barred:
        yield "time_barred"
    yield from ("parties", "amount")
    yield "payments_one" if len(terms.instalments) == 1 else "payments_many"
    if terms.pause_until is not None:
        yield "pause"
    yield "discount" if terms.discount else "no_discount"
    yield "grace" if terms.grace_days else "no_grace"
    yield from ("late", "change", "cooling_off", "early", "rights", "costs", "personal_data", "contacts", "genuine")


def _clause(code: str, terms: Terms, language: str, given: dict[str, str]) -> Clause:
    heading, sentences = CLAUSES[language][code]
    said = tuple(sentence.format_map(given) for sentence in sentences)
    if code == "payments_many" and (form := FORMS[language].get(terms.form or "")) is not None:
        said = (*said, form)
    return Clause(code, heading, said)
