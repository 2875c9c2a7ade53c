"""What is sealed opens for its own tenant, person and field, and for nothing else."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.intake.adapters.vault import AesVault
from services.intake.main import create_service
from services.intake.settings import IntakeSettings
from shared.kernel.identifiers import new_id

HARBOUR, MORNING = UUID(int=1), UUID(int=2)
JORDAN = UUID(int=3)
VAULT = AesVault(b"an invented root key of enough length")


def test_a_sealed_text_opens_again_with_the_wrapped_key() -> None:
    seal = VAULT.of(HARBOUR).new_seal(JORDAN)
    sealed = seal.seal("name", "Jordan Example")
    opened = AesVault(b"an invented root key of enough length").of(HARBOUR).open_seal(JORDAN, seal.wrapped_key)
    assert opened.unseal("name", sealed) == "Jordan Example"
    assert b"Jordan" not in sealed


def test_a_text_moved_to_another_field_person_or_tenant_does_not_open() -> None:
    seal = VAULT.of(HARBOUR).new_seal(JORDAN)
    sealed = seal.seal("name", "Jordan Example")
    with pytest.raises(ValueError, match="another tenant"):
        seal.unseal("identity_number", sealed)
    with pytest.raises(ValueError, match="another tenant"):
        VAULT.of(HARBOUR).open_seal(new_id(), seal.wrapped_key)
    with pytest.raises(ValueError, match="another tenant"):
        VAULT.of(MORNING).open_seal(JORDAN, seal.wrapped_key)


def test_a_changed_byte_is_noticed() -> None:
    seal = VAULT.of(HARBOUR).new_seal(JORDAN)
    sealed = bytearray(seal.seal("name", "Jordan Example"))
    sealed[-1] ^= 1
    with pytest.raises(ValueError, match="changed since"):
        seal.unseal("name", bytes(sealed))


def test_the_same_text_is_never_sealed_to_the_same_bytes() -> None:
    seal = VAULT.of(HARBOUR).new_seal(JORDAN)
    assert len({seal.seal("name", "Jordan Example") for _ in range(1_000)}) == 1_000


def test_a_blind_index_is_equal_within_a_tenant_and_field_only() -> None:
    index = VAULT.of(HARBOUR).index("telephone", "+12125550123")
    assert index == VAULT.of(HARBOUR).index("telephone", "+12125550123")
    assert index != VAULT.of(MORNING).index("telephone", "+12125550123")
    assert index != VAULT.of(HARBOUR).index("account_number", "+12125550123")
    assert index != AesVault(b"another root key, as invented as this").of(HARBOUR).index("telephone", "+12125550123")


def test_a_signing_secret_opens_under_its_own_key_id_only() -> None:
    sealed = VAULT.of(HARBOUR).seal_secret("lender:1", "hidden")
    assert VAULT.of(HARBOUR).unseal_secret("lender:1", sealed) == "hidden"
    with pytest.raises(ValueError, match="another tenant"):
        VAULT.of(HARBOUR).unseal_secret("lender:2", sealed)


def test_production_refuses_sandbox_secrets_and_short_vault_keys() -> None:
    sound = {"environment": "production", "service_secret": "s" * 32, "staff_token": "t" * 32, "vault_key": "v" * 32}
    create_service(IntakeSettings.model_validate(sound))
    for name in ("service_secret", "staff_token", "vault_key"):
        with pytest.raises(ValueError, match=name):
            IntakeSettings.model_validate({n: v for n, v in sound.items() if n != name})
    with pytest.raises(ValueError, match="32 characters"):
        IntakeSettings.model_validate({**sound, "vault_key": "v" * 31})
