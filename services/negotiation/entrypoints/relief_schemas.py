"""Bodies of requests and answers about relief over HTTP."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import Field, model_validator

from services.negotiation.application.relief_ports import EvidenceFile, Opening, ReliefStep
from services.negotiation.application.request_relief import ReliefWish
from services.negotiation.domain.relief.causes import MONTHS_ASKED_MAX, RULES, Cause, EvidenceKind, Form
from services.negotiation.domain.relief.files import FILES_MAX
from services.negotiation.domain.relief.request import MONTHS_MAX, Decision, Relief
from services.negotiation.entrypoints.relief_texts import (
    ALTERNATIVES,
    CAUSES,
    EVIDENCE,
    FORMS,
    REASONS,
    STATES,
    told,
)
from services.negotiation.entrypoints.schemas import Amount, Closed

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,63}$")]
Codes = Annotated[tuple[Code, ...], Field(max_length=8)]
FileIds = Annotated[tuple[UUID, ...], Field(max_length=FILES_MAX)]


class ReliefBody(Closed):
    """What the borrower asks for. `monthly_minor_units` goes with `reduced` only."""

    cause: Cause
    form: Form
    months: Annotated[int, Field(ge=1, le=MONTHS_ASKED_MAX, strict=True)]
    monthly_minor_units: Amount | None = None
    file_ids: FileIds = ()

    @model_validator(mode="after")
    def _amount_with_its_form(self) -> ReliefBody:
        if self.monthly_minor_units is not None and self.form != "reduced":
            raise ValueError("an amount a month goes with reduced payments")
        return self

    def wish(self) -> ReliefWish:
        return ReliefWish(self.cause, self.form, self.months, self.monthly_minor_units, self.file_ids)


class EvidenceBody(Closed):
    file_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=FILES_MAX)]


class CircumstancesBody(Closed):
    circumstances: Literal["as_before", "better", "worse"]


class MoveBody(Closed):
    """Staff have looked at the request."""

    to: Literal["needs_evidence", "with_lender"]


class DecisionBody(Closed):
    """What the lender decided. A refusal has reasons and what else is possible; `reference` is the lender's own."""

    verdict: Literal["granted", "refused"]
    months: Annotated[int, Field(ge=1, le=MONTHS_MAX, strict=True)] | None = None
    reasons: Codes = ()
    alternatives: Codes = ()
    reference: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,64}$")] | None = None

    def decision(self, by: str) -> Decision:
        return Decision(self.verdict, self.months, self.reasons, self.alternatives, by, self.reference)


class ReviewBody(Closed):
    """Some months more, or none: the relief ends now."""

    months: Annotated[int, Field(ge=1, le=MONTHS_ASKED_MAX, strict=True)] | None = None


class OpenFileBody(Closed):
    """Why a file is opened; a code, for it goes into the record."""

    reason: Code


def relief_answer(relief: Relief, language: str = "en") -> dict[str, Any]:
    """For the borrower: what stands, what is needed, what was decided and why."""
    decision = relief.decision if relief.decision is not None and relief.decision.confirmed_by is not None else None
    return {
        "relief_id": relief.relief_id,
        "cause": relief.cause,
        "form": relief.form,
        "months_asked": relief.months_asked,
        "state": relief.state,
        "text": told(STATES, relief.state, language),
        "requested_at": relief.requested_at,
        "decide_by": relief.decide_by,
        "missing_evidence": [[_named(EVIDENCE, kind, language) for kind in group] for group in relief.missing],
        "file_ids": [paper.file_id for paper in relief.evidence],
        "months": relief.months,
        "until": relief.until,
        "review_on": relief.review_on,
        "is_review_due": relief.is_review_due,
        "circumstances": relief.circumstances,
        "plan_id": relief.plan_id,
        "ending": relief.ending,
        "ended_at": relief.ended_at,
        "reasons": [_named(REASONS, code, language) for code in decision.reasons] if decision else [],
        "alternatives": [_named(ALTERNATIVES, code, language) for code in decision.alternatives] if decision else [],
    }


def staff_answer(relief: Relief) -> dict[str, Any]:
    """For staff and lenders: also what is proposed, and by whom."""
    decision = relief.decision
    proposal = None
    if decision is not None:
        proposal = {
            "verdict": decision.verdict,
            "months": decision.months,
            "reference": decision.reference,
            "proposed_by": decision.proposed_by,
            "confirmed_by": decision.confirmed_by,
        }
    owner = {"case_id": relief.case_id, "creditor_id": relief.creditor_id}
    more = {"due_at": relief.due_at, "is_overdue": relief.is_overdue, "decision": proposal}
    return {**relief_answer(relief), **owner, **more}


def wishes_answer(language: str) -> dict[str, Any]:
    """What may be asked for, and which papers go with each cause."""
    return {
        "causes": [
            {
                **_named(CAUSES, cause, language),
                "evidence": [[_named(EVIDENCE, kind, language) for kind in sorted(group)] for group in rule.groups],
            }
            for cause, rule in RULES.items()
        ],
        "forms": [_named(FORMS, form, language) for form in get_args(Form)],
        "evidence_kinds": [_named(EVIDENCE, kind, language) for kind in get_args(EvidenceKind)],
        "months_max": MONTHS_ASKED_MAX,
    }


def file_answer(file: EvidenceFile) -> dict[str, Any]:
    return {
        "file_id": file.file_id,
        "kind": file.kind,
        "media_type": file.media_type,
        "size_bytes": file.size,
        "purpose": file.purpose,
        "added_at": file.added_at,
        "keep_until": file.keep_until,
    }


def step_answer(step: ReliefStep) -> dict[str, Any]:
    return {"step": step.step, "by": step.by, "at": step.at}


def opening_answer(opening: Opening) -> dict[str, Any]:
    return {"staff_id": opening.staff_id, "reason": opening.reason, "opened_at": opening.opened_at}


def _named(words: dict[str, tuple[str, str]], code: str, language: str) -> dict[str, str]:
    return {"code": code, "text": told(words, code, language)}
