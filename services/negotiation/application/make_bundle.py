"""The evidence bundle of a legal file: everything a court, counsel or the borrower has to see, in one document.

What belongs into it and is not there is named on its first page. The same file gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.negotiation.application.legal_ports import BundleNotMade, BundleOrder, Chapter
from services.negotiation.application.ports import BookedEntry, Resources, Step
from services.negotiation.application.show_legal import FileView, view_of
from services.negotiation.domain.legal.grounds import canonical, digest
from shared.kernel.refusal import Conflict

Row = tuple[str, ...]
EXPECTED = ("contract", "contact_record", "letter_before_action", "statement_of_account")


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that goes into a bundle, read in one transaction."""

    view: FileView
    ledger: Sequence[BookedEntry]
    offers: Sequence[Mapping[str, Any]]
    counter_offers: Sequence[Mapping[str, Any]]
    plans: Sequence[Mapping[str, Any]]
    playbook: Sequence[Step]
    contents: Mapping[UUID, bytes]


async def make_bundle(resources: Resources, legal_id: UUID, language: str, words: Mapping[str, str]) -> bytes:
    """One PDF. Raises `Conflict` where a document cannot be bound: it says so instead of leaving it out."""
    async with resources.begin(is_staff=True) as work:
        case_id = await work.legal.case_of(legal_id)
    async with resources.begin(case_id, is_staff=True) as work:
        view = await view_of(work, await work.legal.read(legal_id), resources.legal.key)
        material = Material(
            view,
            await work.ledger.entries(case_id),
            await work.legal.offers_made(case_id),
            await work.legal.counter_offers_made(case_id),
            await work.legal.plans_made(case_id),
            await work.plans.steps(case_id),
            await work.legal.contents(legal_id),
        )
    try:
        return await resources.legal.bundler.make(bundle_order(material, language, words))
    except BundleNotMade as failed:
        raise Conflict("bundle_not_made", "a document of this file cannot be bound; see the log") from failed


def bundle_order(material: Material, language: str, words: Mapping[str, str]) -> BundleOrder:
    """Dated by the last entry of the file, not by the clock."""
    file = material.view.file
    last = material.view.entries[-1].at if material.view.entries else file.opened_at
    facts = (
        (words["file"], str(file.legal_id)),
        (words["case"], str(file.case_id)),
        (words["state"], file.state),
        (words["contents_hash"], file.contents_hash),
        (words["last_entry"], f"{file.position}  {last.isoformat()}"),
    )
    chapters = [_chapter(words[name], rows) for name, rows in _sections(material).items()]
    return BundleOrder(
        words["title"],
        facts,
        (*chapters, *_documents(material, words)),
        _unavailable(material, words),
        last,
        language,
        words,
    )


def _chapter(title: str, rows: Sequence[Row]) -> Chapter:
    return Chapter(title, tuple(rows) or (("—",),), sha256=digest(canonical([list(row) for row in rows])))


def _sections(material: Material) -> dict[str, list[Row]]:
    return {
        "section.contract": _contract(material.view),
        "section.account": _account(material),
        "section.ladder": _ladder(material.view),
        "section.offers": _offers(material),
        "section.plans": _plans(material),
        "section.means": _means(material.view),
        "section.limitation": _limitation(material.view),
        "section.counsel": _counsel(material.view),
        "section.course": [
            (str(e.position), e.at.isoformat(), e.kind, e.who, e.why, e.hash[:16]) for e in material.view.entries
        ],
        "section.costs": [
            (c.kind, _money(c.amount, c.currency), "recoverable" if c.is_recoverable else "not_recoverable", c.note)
            for c in material.view.file.costs
        ],
    }


def _contract(view: FileView) -> list[Row]:
    contract = view.case.contract
    rows: list[Row] = [
        ("creditor", str(view.case.creditor_id)),
        ("jurisdiction", view.file.jurisdiction, view.file.region or "—"),
        ("owed", _money(view.case.books.balance, view.case.currency)),
    ]
    if contract is None:
        return [*rows, ("contract", "not_on_file")]
    return [
        *rows,
        ("product", contract.product),
        ("annual_rate_basis_points", str(contract.annual_rate_basis_points)),
        ("originated_on", contract.originated_on.isoformat()),
        ("term_months", str(contract.term_months)),
        ("instalments_paid", str(contract.instalments_paid)),
        ("oldest_due_on", contract.oldest_due_on.isoformat()),
        ("placed_on", contract.placed_on.isoformat()),
        ("arrears", _money(contract.arrears, view.case.currency)),
    ]


def _account(material: Material) -> list[Row]:
    currency = material.view.case.currency
    rows: list[Row] = []
    for entry in material.ledger:
        for account, amount in sorted(entry.postings.items()):
            rows.append((entry.effective_on.isoformat(), entry.kind, account, _money(amount, currency)))
    owed = material.view.case.books.owed
    total = (("fees", owed.fees), ("interest", owed.interest), ("principal", owed.principal), ("total", owed.total))
    return [*rows, *(("balance", name, "", _money(amount, currency)) for name, amount in total)]


def _ladder(view: FileView) -> list[Row]:
    proof = view.file.proof
    rows: list[Row] = [
        ("hash", proof.hash),
        ("prepared_by", proof.prepared_by),
        ("signed_by", proof.signed_by, proof.signed_at.isoformat()),
    ]
    for rung in proof.rungs:
        rows += [(rung.rung, rung.rule, o, at.isoformat(), f"decision {d}") for _, d, o, at in rung.attempts]
        rows += [(rung.rung, rung.rule, "", "", f"decision {rung.excuse}")] if rung.excuse else []
    return rows


def _offers(material: Material) -> list[Row]:
    currency = material.view.case.currency
    put = [
        (_text(o["proposed_at"]), "offer", o["kind"], _money(o["total_minor_units"], currency), o["status"])
        for o in material.offers
    ]
    asked = [
        (_text(c["made_at"]), "counter_offer", canonical(c["asked"]), c["verdict"], ", ".join(c["reasons"]))
        for c in material.counter_offers
    ]
    return sorted([*put, *asked])


def _plans(material: Material) -> list[Row]:
    made: list[Row] = [
        (_text(p["agreed_at"]), "plan", p["status"], f"{p['instalments']}", p["terms_hash"]) for p in material.plans
    ]
    return [*made, *((_text(step.at), "playbook", step.step) for step in material.playbook)]


def _means(view: FileView) -> list[Row]:
    means, assessment, currency = view.case.means, view.case.assessment, view.case.currency
    rows: list[Row] = []
    if means is not None:
        until = means.valid_until.isoformat()
        rows.append(("statement", str(means.statement_id), _money(means.affordable_monthly, currency), until))
    if assessment is not None and assessment.affordable_monthly is not None:
        rows.append(("estimate", "", _money(assessment.affordable_monthly, currency), ""))
    return rows


def _limitation(view: FileView) -> list[Row]:
    limit = view.limit
    ends_on = limit.ends_on.isoformat() if limit.ends_on else "unknown"
    events = [(e.on.isoformat(), e.kind, e.shown_by) for e in view.file.limitation_events]
    return [("regime", limit.regime or "unknown"), ("ends_on", ends_on), ("why", ", ".join(limit.why)), *events]


def _counsel(view: FileView) -> list[Row]:
    return [
        (s.signed_at.isoformat(), s.step, s.decision, s.counsel_id, "; ".join(s.reasons), s.contents_hash)
        for s in view.file.signatures
    ]


def _documents(material: Material, words: Mapping[str, str]) -> list[Chapter]:
    return [
        Chapter(
            title=f"{words.get(f'document.{document.kind}', document.kind)}: {document.title}",
            media_type=document.media_type,
            content=material.contents.get(document.document_id),
            sha256=document.sha256,
            note=f"{document.at.isoformat()}  {document.who}",
        )
        for document in material.view.file.documents
    ]


def _unavailable(material: Material, words: Mapping[str, str]) -> tuple[str, ...]:
    file = material.view.file
    lacking = [words.get(f"document.{kind}", kind) for kind in EXPECTED if not file.has_document(kind)]
    lacking += [d.title for d in file.documents if d.document_id not in material.contents]
    if not _means(material.view):
        lacking.append(words["section.means"])
    return tuple(lacking)


def _money(amount: int, currency: str) -> str:
    return f"{amount} {currency} (minor units)"


def _text(at: datetime | date | None) -> str:
    return at.isoformat() if at is not None else "—"
