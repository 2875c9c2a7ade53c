"""The rule packs that decisions were made by, as they were then."""

from __future__ import annotations

from services.outreach.application.ports import Resources
from shared.kernel.refusal import NotFound


async def show_pack(resources: Resources, pack_hash: str) -> str:
    async with resources.begin() as work:
        found = await work.chains.pack_documents([pack_hash])
    if pack_hash not in found:
        raise NotFound("pack_unknown", "no decision was made with such a pack")
    return found[pack_hash]


async def show_pack_set(resources: Resources, set_hash: str) -> dict[str, str]:
    async with resources.begin() as work:
        found = await work.chains.pack_sets([set_hash])
    if set_hash not in found:
        raise NotFound("pack_set_unknown", "no decision was made with such packs")
    return found[set_hash]
