"""The public check of codes: keys, daily lists, and an answer for who is online. No login; nothing about anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from services.outreach.application import check_genuineness
from services.outreach.entrypoints.content import schemas
from services.outreach.entrypoints.content.templates import Given

DAYS_MAX = 3_660
TYPED_LENGTH_MAX = 400
router = APIRouter(tags=["genuine"])


@router.get("/.well-known/concord-keys.json", summary="The public keys that our codes are checked with")
async def get_keys(resources: Given) -> Mapping[str, object]:
    return resources.content.genuineness.published_keys()


@router.get("/v1/genuine/lists", summary="The days of which there is a signed list of codes, the newest first")
async def get_lists(
    resources: Given, limit: Annotated[int, Query(ge=1, le=DAYS_MAX)] = DAYS_MAX
) -> schemas.ListsAnswer:
    return schemas.ListsAnswer(days=await check_genuineness.listed_days(resources, limit))


@router.get("/v1/genuine/lists/{day}", summary="The signed list of a day that is over", response_class=Response)
async def get_list(day: date, resources: Given) -> Response:
    """For every code of the day a slow hash of it and the digest of its text: no code can be read from it."""
    document = await check_genuineness.code_list_of(resources, day)
    return Response(document, media_type="application/json", headers={"Cache-Control": "public, max-age=86400"})


@router.get("/v1/genuine/{code}", summary="Is the message with this code ours?")
async def get_genuine(
    code: Annotated[str, Path(min_length=1, max_length=TYPED_LENGTH_MAX)],
    resources: Given,
    received_on: Annotated[date | None, Query(description="the day the message says it is of")] = None,
) -> schemas.GenuineAnswer:
    return schemas.genuine_answer(await check_genuineness.check_genuineness(resources, code, received_on=received_on))
