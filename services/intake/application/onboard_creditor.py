"""Onboard a creditor and hand out a signing key; a renewed licence or mandate is onboarding again, with a new key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.intake.application.ports import Resources, Work
from services.intake.application.rows import KeyRow
from services.intake.domain.creditor import Creditor
from services.intake.domain.refusals import CreditorExists

_NAMESPACE = UUID("6f0e5bd2-5c0c-5c0e-9a43-2f6f0f0c1a11")
OLD_KEYS_END_AFTER = timedelta(hours=24)
"""How long the former keys still work after a rotation."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A signing key. `secret` is shown this once and kept sealed; `is_rotation`: the creditor was there before."""

    creditor_id: UUID
    key_id: str
    secret: str
    is_rotation: bool


def creditor_id_of(licence_number: str, name: str) -> UUID:
    """The id follows from licence number and name, so that onboarding twice finds the first."""
    return uuid5(_NAMESPACE, f"{licence_number.strip()}\n{name.strip()}")


async def onboard_creditor(resources: Resources, creditor: Creditor, *, rotate: bool) -> NewKey:
    """Raises `CreditorExists` where the creditor is there and `rotate` was not asked for."""
    async with resources.units.begin(creditor.creditor_id) as work:
        is_rotation = not await work.creditors.add(creditor)
        if is_rotation:
            if not rotate:
                raise CreditorExists
            await _renew(work, creditor)
            await work.creditors.expire_keys(creditor.creditor_id, work.now + OLD_KEYS_END_AFTER)
        key = await _new_key(resources, work, creditor.creditor_id, is_rotation)
        await work.commit()
    return key


async def _renew(work: Work, creditor: Creditor) -> None:
    """A changed mandate is the next version; cases that are here keep the one they were placed under."""
    before = await work.creditors.find(creditor.creditor_id)
    assert before is not None
    mandate = replace(creditor.mandate, version=before.mandate.version)
    if mandate != before.mandate:
        mandate = replace(mandate, version=before.mandate.version + 1)
    await work.creditors.replace(replace(creditor, mandate=mandate))


async def _new_key(resources: Resources, work: Work, creditor_id: UUID, is_rotation: bool) -> NewKey:
    key_id, secret = f"lender:{secrets.token_hex(8)}", secrets.token_urlsafe(32)
    sealed = resources.vault.of(creditor_id).seal_secret(key_id, secret)
    await work.creditors.add_key(KeyRow(key_id, creditor_id, sealed))
    return NewKey(creditor_id, key_id, secret, is_rotation)


async def find_key(resources: Resources, key_id: str, at: datetime) -> tuple[Creditor, bytes] | None:
    """The lender that a key belongs to, with the key's secret; None for a key that is unknown or has ended."""
    async with resources.units.begin_for_all() as work:
        found = await work.creditors.find_by_key(key_id, at)
    if found is None:
        return None
    creditor, sealed = found
    return creditor, resources.vault.of(creditor.creditor_id).unseal_secret(key_id, sealed).encode()
