"""Leave to take a step that presses. Constructors take all that is asked for and raise; there is no other way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from services.negotiation.domain.legal.file import LegalFile
from services.negotiation.domain.legal.grounds import NotLawful
from services.negotiation.domain.legal.ladder_proof import LadderProof
from services.negotiation.domain.legal.law import LegalLaw, law_of
from services.negotiation.domain.legal.limitation import Limit
from services.negotiation.domain.legal.signature import VALID_FOR, CounselSignature
from services.negotiation.domain.legal.stops import Unhindered

PROOF_VALID_FOR = timedelta(days=365)
MEDIATION_TRIED = frozenset({"declined", "failed", "no_answer"})


@dataclass(frozen=True, slots=True)
class CompletedChecklist:
    """Every item was looked at by somebody, after the newest document that it was to be looked at with."""

    file: LegalFile
    law: LegalLaw

    def __post_init__(self) -> None:
        for item in self.law.checks:
            tick = self.file.ticked(item)
            if tick is None:
                raise NotLawful(f"checklist.{item}", "an item of the checklist is open")
            known = {document.sha256 for document in self.file.documents}
            if tick.shown_by is not None and tick.shown_by not in known:
                raise NotLawful(f"checklist.{item}", "it names a document that is not in the file")


@dataclass(frozen=True, slots=True)
class Leave:
    """What every such step stands on. `on`: the day where the person is."""

    file: LegalFile
    signature: CounselSignature
    unhindered: Unhindered
    limit: Limit
    at: datetime
    on: date
    step: ClassVar[str]
    from_states: ClassVar[frozenset[str]]

    def __post_init__(self) -> None:
        file = self.file
        if not isinstance(file.proof, LadderProof) or file.proof.case_id != file.case_id:
            raise NotLawful("ladder_other", "there is no proof of the softer steps of this case")
        if self.at - file.proof.signed_at > PROOF_VALID_FOR:
            raise NotLawful("ladder_old", "the proof of the softer steps is too old")
        if not isinstance(self.unhindered, Unhindered):
            raise NotLawful("stopped.unknown", "nobody has looked at what may stand in the way")
        if file.state not in self.from_states:
            raise NotLawful("step_order", "this step does not follow from where the file is")
        if file.halted_by:
            raise NotLawful(f"stopped.{file.halted_by[0]}", "the file is halted")
        self._check_signature()
        self._check_step()

    @property
    def law(self) -> LegalLaw:
        law = law_of(self.file.jurisdiction)
        if law is None:
            raise NotLawful("law_unknown", "how claims are brought there is not known")
        return law

    def _check_signature(self) -> None:
        if not isinstance(self.signature, CounselSignature):
            raise NotLawful("not_signed", "counsel has not signed")
        record = self.signature.record
        if self.signature.legal_id != self.file.legal_id or record != self.file.latest_signature(self.step):
            raise NotLawful("not_signed", "counsel has not signed this step of this file, or has said otherwise since")
        if record.decision != "approve":
            raise NotLawful("not_signed", "counsel has not approved")
        if record.contents_hash != self.file.contents_hash:
            raise NotLawful("signature_outdated", "the file has changed since counsel signed")
        if record.counsel_id in self.file.makers:
            raise NotLawful("counsel_is_maker", "who has made the file does not sign it")
        if not record.signed_at <= self.at <= record.signed_at + VALID_FOR:
            raise NotLawful("signature_outdated", "the signature is too old")

    def _check_limit(self) -> None:
        if self.limit.ends_on is None:
            raise NotLawful("limitation_unknown", "until when a claim may be brought is not known")
        if not self.limit.is_open(self.on):
            raise NotLawful("limitation_over", "the time in which a claim may be brought is over")

    def _check_step(self) -> None:
        raise NotLawful("step_unknown", "leave for no step in particular is leave for none")

    def evidence(self) -> dict[str, Any]:
        """What the step's entry says it stands on."""
        return {
            "step": self.step,
            "signature_hash": self.signature.hash,
            "contents_hash": self.file.contents_hash,
            "proof_hash": self.file.proof.hash,
            "limitation_ends_on": self.limit.ends_on.isoformat() if self.limit.ends_on else None,
        }


@dataclass(frozen=True, slots=True)
class LetterLeave(Leave):
    """Leave to send the letter before action, with the annexes that the place asks for."""

    step: ClassVar[str] = "letter_before_action"
    from_states: ClassVar[frozenset[str]] = frozenset({"pre_action"})

    def _check_step(self) -> None:
        self._check_limit()
        for kind in ("letter_before_action", *self.law.annexes):
            if not self.file.has_document(kind):
                raise NotLawful(f"annex.{kind}", "a document that goes with the letter is missing")

    @property
    def respond_by(self) -> date:
        """The last day on which the borrower may answer."""
        return self.on + timedelta(days=self.law.service_days + self.law.response_days)


@dataclass(frozen=True, slots=True)
class Filing(Leave):
    """A claim that may be filed. Cannot be made without ladder proof, counsel's signature and a complete checklist."""

    checklist: CompletedChecklist
    amount: int
    currency: str
    from_states: ClassVar[frozenset[str]] = frozenset({"letter_before_action", "mediation"})

    def _check_step(self) -> None:
        self._check_limit()
        file = self.file
        if not isinstance(self.checklist, CompletedChecklist) or self.checklist.file != file:
            raise NotLawful("checklist", "the checklist is of another file, or of another moment")
        if self.step not in self.law.forums:
            raise NotLawful("forum", "claims of this kind are not brought there")
        if file.respond_by is None or self.on <= file.respond_by:
            raise NotLawful("response_period", "the borrower may still answer the letter before action")
        if self.law.mediation == "must_be_offered" and file.mediation not in MEDIATION_TRIED:
            raise NotLawful("mediation", "mediation is offered first")
        self._check_amount()

    def _check_amount(self) -> None:
        authority = self.file.authority
        if authority is None or self.step not in authority.steps:
            raise NotLawful("authority", "the lender has not given authority for this step")
        if self.currency != authority.currency or not 0 < self.amount <= authority.amount_max:
            raise NotLawful("authority", "the lender's authority does not reach so far")
        if self.amount > self.unhindered.circumstances.balance:
            raise NotLawful("amount", "more is claimed than is owed")


@dataclass(frozen=True, slots=True)
class SuitFiling(Filing):
    step: ClassVar[str] = "suit"


@dataclass(frozen=True, slots=True)
class ArbitrationFiling(Filing):
    step: ClassVar[str] = "arbitration"


@dataclass(frozen=True, slots=True)
class EnforcementLeave(Leave):
    """Leave to enforce a judgment that was not kept. The claim's own limitation ended with the judgment."""

    step: ClassVar[str] = "enforcement"
    from_states: ClassVar[frozenset[str]] = frozenset({"judgment"})

    def _check_step(self) -> None:
        file = self.file
        if file.pay_by is None or self.on <= file.pay_by:
            raise NotLawful("judgment_period", "the time to pay under the judgment still runs")
        if file.enforceable_until is None or self.on > file.enforceable_until:
            raise NotLawful("judgment_expired", "until when the judgment may be enforced is over, or not known")
        if file.authority is None or self.step not in file.authority.steps:
            raise NotLawful("authority", "the lender has not given authority for this step")


FILINGS: Mapping[str, type[Filing]] = {"suit": SuitFiling, "arbitration": ArbitrationFiling}
