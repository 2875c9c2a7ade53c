"""Propose, approve and retire versions of templates. Who makes one never approves it."""

from __future__ import annotations

from collections.abc import Mapping

from services.outreach.application.content_ports import Templates
from services.outreach.application.ports import Resources
from services.outreach.domain.templates import version as versions
from services.outreach.domain.templates.publishing import check_template
from services.outreach.domain.templates.version import Audience, TemplateVersion, Text
from shared.kernel.refusal import Invalid, NotFound


async def propose_template(
    resources: Resources,
    maker: str,
    *,
    code: str,
    channel: str,
    purpose: str,
    audience: Audience,
    texts: Mapping[str, Text],
) -> TemplateVersion:
    """A draft with the next number. Raises `Invalid` with everything that the text lacks."""
    async with resources.begin() as work:
        number = await work.templates.newest(code) + 1
        draft = TemplateVersion(code, number, channel, purpose, audience, texts, made_by=maker, made_at=work.now)
        _require_publishable(resources, draft)
        await work.templates.add(draft)
        await work.commit()
    return draft


async def approve_template(resources: Resources, checker: str, code: str, number: int) -> TemplateVersion:
    """From the next batch on it is what is sent; the version before it is retired by the same hand."""
    async with resources.begin() as work:
        await work.templates.newest(code)
        draft = await _known(work.templates, code, number)
        approved = versions.approve(draft, checker, work.now)
        # The lexicon or the requirements may have grown since it was proposed.
        _require_publishable(resources, approved)
        for old in await work.templates.find(state="approved", channel=None, code=code, limit=1):
            await work.templates.save(versions.retire(old, checker, work.now))
        await work.templates.save(approved)
        await work.commit()
    return approved


async def retire_template(resources: Resources, by: str, code: str, number: int) -> TemplateVersion:
    """Where nothing else is approved for its step, the step waits for a person."""
    async with resources.begin() as work:
        await work.templates.newest(code)
        retired = versions.retire(await _known(work.templates, code, number), by, work.now)
        await work.templates.save(retired)
        await work.commit()
    return retired


async def get_template(resources: Resources, code: str, number: int) -> TemplateVersion:
    async with resources.begin() as work:
        return await _known(work.templates, code, number)


async def list_templates(
    resources: Resources, *, state: str | None, channel: str | None, code: str | None, limit: int
) -> list[TemplateVersion]:
    async with resources.begin() as work:
        return await work.templates.find(state=state, channel=channel, code=code, limit=limit)


def _require_publishable(resources: Resources, version: TemplateVersion) -> None:
    content = resources.content
    parsed = content.reader.parse(version, content.requirements)
    reasons = check_template(version, parsed, content.requirements, content.conduct)
    if reasons:
        raise Invalid("template_not_publishable", "the template lacks something, or says what may not be said", reasons)


async def _known(templates: Templates, code: str, number: int) -> TemplateVersion:
    found = await templates.get(code, number, lock=True)
    if found is None:
        raise NotFound("template_unknown", "there is no such version")
    return found
