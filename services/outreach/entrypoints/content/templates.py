"""Templates over HTTP: one member of the staff proposes, another approves."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Path, Query, Request

from services.outreach.application import publish_templates
from services.outreach.application.ports import Resources
from services.outreach.domain.templates.version import CODE_PATTERN
from services.outreach.entrypoints.content import schemas
from shared.events.terms import Channel
from shared.service.staff import Staff, StaffMember


def get_resources(request: Request) -> Resources:
    return cast(Resources, request.app.state.resources)


Given = Annotated[Resources, Depends(get_resources)]
Code = Annotated[str, Path(pattern=CODE_PATTERN)]
Number = Annotated[int, Path(ge=1, le=999_999)]
LIST_MAX = 1_000
router = APIRouter(prefix="/v1/templates", dependencies=[Staff], tags=["templates"])


@router.get("", summary="Versions of templates, by code, the newest first")
async def get_templates(
    resources: Given,
    state: schemas.State | None = None,
    channel: Channel | None = None,
    code: Annotated[str | None, Query(pattern=CODE_PATTERN)] = None,
    limit: Annotated[int, Query(ge=1, le=LIST_MAX)] = LIST_MAX,
) -> schemas.TemplatesAnswer:
    found = await publish_templates.list_templates(resources, state=state, channel=channel, code=code, limit=limit)
    return schemas.TemplatesAnswer(templates=[schemas.template_answer(version) for version in found])


@router.post("", summary="Propose a version", status_code=201)
async def post_template(body: schemas.TemplateBody, resources: Given, who: StaffMember) -> schemas.TemplateAnswer:
    """422 names everything that the text lacks, and everything in it that may not be said, with pointers."""
    draft = await publish_templates.propose_template(
        resources,
        who,
        code=body.code,
        channel=body.channel,
        purpose=body.purpose,
        audience=body.audience,
        texts=body.as_texts(),
    )
    return schemas.template_answer(draft)


@router.get("/{code}/versions/{version}", summary="A version")
async def get_template(code: Code, version: Number, resources: Given) -> schemas.TemplateAnswer:
    return schemas.template_answer(await publish_templates.get_template(resources, code, version))


@router.post("/{code}/versions/{version}/approve", summary="Approve a draft of somebody else")
async def post_approve(code: Code, version: Number, resources: Given, who: StaffMember) -> schemas.TemplateAnswer:
    """It is sent from the next batch on; the version before it is retired."""
    return schemas.template_answer(await publish_templates.approve_template(resources, who, code, version))


@router.post("/{code}/versions/{version}/retire", summary="Retire a version")
async def post_retire(code: Code, version: Number, resources: Given, who: StaffMember) -> schemas.TemplateAnswer:
    return schemas.template_answer(await publish_templates.retire_template(resources, who, code, version))
