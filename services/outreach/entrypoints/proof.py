"""The packs that decisions were made by, for whoever reads `GET /v1/decisions/export` and not the whole export."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from services.outreach.application import show_packs
from services.outreach.entrypoints.http import Given
from shared.service.staff import Staff

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]

router = APIRouter(prefix="/v1/decisions", dependencies=[Staff], tags=["staff"])


@router.get("/packs/{pack_hash}", summary="A rule pack as it decided")
async def get_pack(pack_hash: Sha256, resources: Given) -> Response:
    """The canonical text (RFC 8785) that `pack_hash` is the SHA-256 of, byte for byte."""
    return Response(await show_packs.show_pack(resources, pack_hash), media_type="application/json")


@router.get("/pack-sets/{set_hash}", summary="The packs that were loaded together: label to hash")
async def get_pack_set(set_hash: Sha256, resources: Given) -> dict[str, str]:
    """`pack_set_hash` of a decision is the SHA-256 of this document's canonical text."""
    return await show_packs.show_pack_set(resources, set_hash)
