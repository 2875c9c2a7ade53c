"""Settings of negotiation; only main reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator

from services.negotiation.application.access_ports import Agency
from services.negotiation.application.agreement_ports import PaperOptions
from services.negotiation.domain.approvals import StaffRole
from shared.service.settings import SANDBOX_SECRET, ServiceSettings

INVENTED = (
    "agency_name_en",
    "agency_name_zh",
    "agency_telephone",
    "agency_post_en",
    "agency_post_zh",
    "agency_account_holder",
    "agency_account",
    "agency_account_bank",
    "complaints_address",
)
"""Settings whose defaults are made up for the sandbox."""


class NegotiationSettings(ServiceSettings):
    """`link_secret` signs the links that borrowers get (outreach signs with the same), `staff_token` is the bearer."""

    intake_url: str = "http://127.0.0.1:8101"
    link_secret: SecretStr = SecretStr(SANDBOX_SECRET)
    staff_token: SecretStr = SecretStr(SANDBOX_SECRET)
    evidence_secret: SecretStr = Field(default=SecretStr(SANDBOX_SECRET), description="seals files of evidence")
    guide_figures: Path | None = None
    outreach_url: str = Field(default="http://127.0.0.1:8103", description="where hand-overs to legal come from")
    counsel_key: SecretStr = Field(
        default=SecretStr(SANDBOX_SECRET), description="seals counsel's signatures; a new one makes older ones void"
    )
    staff_roles: dict[str, StaffRole] = Field(
        default_factory=dict, description="JSON: staff code to agent, team_lead, manager or counsel; others are agents"
    )
    agency_name_en: str = "Concord Recovery Services"
    agency_name_zh: str = "协和催收服务"
    agency_telephone: str = Field(
        default="+1 212 555 0100", description="where borrowers call; invented in the sandbox"
    )
    agency_post_en: str = Field(default="1 Example Street, New York, NY 10001", description="where borrowers write to")
    agency_post_zh: str = Field(default="示例市示例路1号", description="the same for those who read Chinese")

    public_url: str = Field(
        default="http://127.0.0.1:8104", pattern=r"^https?://\S+$", description="this API as browsers reach it"
    )
    payment_provider: Literal["sandbox", "hosted"] = Field(
        default="sandbox", description="sandbox: a simulated payment page, never in production"
    )
    payment_provider_url: str = Field(default="", description="interface of the provider; empty: the sandbox's")
    payment_provider_secret: SecretStr = Field(
        default=SecretStr(SANDBOX_SECRET), description="signs calls to the provider and its notices to us"
    )
    receipts_key: SecretStr = Field(
        default=SecretStr(SANDBOX_SECRET), description="seals what payers wrote on bank statements"
    )
    agency_account_holder: str = Field(default="Concord Recovery Services trust account", description="invented")
    agency_account: str = Field(default="DE02100100109307118603", description="account for transfers; invented")
    agency_account_bank: str = Field(default="Example Bank", description="invented")
    agency_further_accounts: list[str] = Field(
        default=[], max_length=20, description="JSON: other accounts whose statements are imported"
    )
    hosted_payment_max: int = Field(default=5_000_000, gt=0, description="minor units in one payment at the provider")
    second_person_from: int = Field(
        default=100_000, gt=0, description="minor units from which a second person agrees to where money goes"
    )

    agency_code: str = Field(default="concord-recovery", pattern=r"^[a-z0-9][a-z0-9.-]{1,62}$")
    complaints_address: str = "complaints@collections.example.com"
    check_page: str = Field(
        default="http://127.0.0.1:8104/genuine", pattern=r"^https?://\S+$", description="where people check a document"
    )
    protocol_key: SecretStr = Field(
        default=SecretStr(SANDBOX_SECRET), description="signs what the agency says over the negotiation protocol"
    )
    document_key: SecretStr = SecretStr(SANDBOX_SECRET)
    """Signs the codes of documents; made by `python -m services.negotiation document-key`."""
    document_keys_retired: list[str] = Field(default=[], max_length=50, description="public keys of before, base64")
    seal_key: SecretStr = SecretStr(SANDBOX_SECRET)
    """Private key in PEM that seals documents; the sandbox makes one of its secret."""
    seal_certificate: str | None = Field(default=None, description="PEM: the certificate of SEAL_KEY, then its chain")
    seal_certificates_retired: str | None = Field(default=None, description="PEM: certificates of before")
    seal_time_stamp_url: str | None = Field(
        default=None, pattern=r"^https?://\S+$", description="RFC 3161 authority; without one a seal has our time alone"
    )

    bureau_folder: Path | None = Field(
        default=None, description="where lenders fetch requests to correct a credit record, and answer them"
    )

    @model_validator(mode="after")
    def _seal_is_whole(self) -> NegotiationSettings:
        if self.seal_key.get_secret_value() != SANDBOX_SECRET and self.seal_certificate is None:
            raise ValueError("SEAL_KEY needs SEAL_CERTIFICATE")
        return self

    @model_validator(mode="after")
    def _no_simulated_money_in_production(self) -> NegotiationSettings:
        if self.environment == "production" and self.payment_provider == "sandbox":
            raise ValueError("not for production: payment_provider")
        if self.payment_provider == "hosted" and not self.payment_provider_url:
            raise ValueError("PAYMENT_PROVIDER=hosted needs PAYMENT_PROVIDER_URL")
        return self

    @model_validator(mode="after")
    def _nothing_invented_in_production(self) -> NegotiationSettings:
        """Nobody is told to call, write to or pay somebody whom we made up."""
        fields = type(self).model_fields
        invented = [name for name in INVENTED if getattr(self, name) == fields[name].default]
        if self.environment == "production" and invented:
            raise ValueError(f"invented, not for production: {', '.join(invented)}")
        return self

    @property
    def agency(self) -> Agency:
        """Who we are, as pages say it."""
        return Agency(
            name=(self.agency_name_en, self.agency_name_zh),
            telephone=self.agency_telephone,
            post=(self.agency_post_en, self.agency_post_zh),
        )

    @property
    def papers(self) -> PaperOptions:
        return PaperOptions(
            agency={"en": self.agency_name_en, "zh": self.agency_name_zh},
            agency_code=self.agency_code,
            contact=self.complaints_address,
            check_page=self.check_page,
            document_key=self.document_key.get_secret_value(),
            retired_keys=tuple(self.document_keys_retired),
            seal_key=self.seal_key.get_secret_value(),
            seal_certificate=self.seal_certificate,
            retired_certificates=self.seal_certificates_retired,
            time_stamp_url=self.seal_time_stamp_url,
        )
