"""Opens what money in and out needs: the provider, the reader of bank files, the seal; and the sandbox's own house."""

from __future__ import annotations

from typing import Protocol

import httpx
from pydantic import SecretStr

from services.negotiation.adapters.bank_statements.reading import BankFiles
from services.negotiation.adapters.hosted_payments import TIMEOUT_S, HostedPayments
from services.negotiation.adapters.receipts_seal import AesReceiptSeal
from services.negotiation.adapters.sandbox_payments.house import SandboxHouse
from services.negotiation.adapters.sandbox_payments.memory import Memory
from services.negotiation.application.receipts_ports import BankDetails, Money, MoneyTerms
from shared.service.service import Platform


class MoneyOptions(Protocol):
    """The settings of this topic."""

    @property
    def payment_provider(self) -> str: ...
    @property
    def payment_provider_url(self) -> str: ...
    @property
    def payment_provider_secret(self) -> SecretStr: ...
    @property
    def receipts_key(self) -> SecretStr: ...
    @property
    def public_url(self) -> str: ...
    @property
    def agency_account_holder(self) -> str: ...
    @property
    def agency_account(self) -> str: ...
    @property
    def agency_account_bank(self) -> str: ...
    @property
    def agency_further_accounts(self) -> list[str]: ...
    @property
    def hosted_payment_max(self) -> int: ...
    @property
    def second_person_from(self) -> int: ...


def open_money(
    options: MoneyOptions, platform: Platform, client: httpx.AsyncClient, *, provider_timeout_s: float = TIMEOUT_S
) -> Money:
    """`client` is for the life of the process. The provider of the sandbox lives behind the same address as we do."""
    secret = options.payment_provider_secret.get_secret_value().encode()
    home = options.public_url.rstrip("/")
    sandbox = None
    if options.payment_provider == "sandbox":
        sandbox = SandboxHouse(Memory(platform.database), client, platform.clock, secret, home)
    url = options.payment_provider_url or f"{home}/sandbox/provider"
    return Money(
        provider=HostedPayments(client, url, secret, platform.clock, provider_timeout_s),
        files=BankFiles(),
        seal=AesReceiptSeal(options.receipts_key.get_secret_value().encode()),
        bank=BankDetails(options.agency_account_holder, options.agency_account, options.agency_account_bank),
        notice_secret=secret,
        public_url=home,
        accounts=frozenset({options.agency_account, *options.agency_further_accounts}),
        terms=MoneyTerms(hosted_max=options.hosted_payment_max, check_from=options.second_person_from),
        sandbox=sandbox,
    )
