"""The staff, their certificates, and the question whether somebody may act now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.outreach.application.ports import Resources, Work
from services.outreach.application.workbench_ports import day_of
from services.outreach.application.workbench_records import Acting, CertificateRow, StaffMemberRow
from services.outreach.domain.case_file import CaseFile, ContactPoint
from services.outreach.domain.certificates import Certificate, Standing, form_errors, standing
from services.outreach.domain.gate.facts import Facts, Request
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotAllowed, NotFound, Reason

CERTIFICATES_MAX = 5_000


@dataclass(frozen=True, slots=True)
class MemberStanding:
    """Somebody of the staff with what their certificates amount to today."""

    member: StaffMemberRow
    standing: Standing
    expires_soon: bool


async def register_member(resources: Resources, member: StaffMemberRow) -> MemberStanding:
    """Add somebody, or change their languages, their capacity, whether they are here. A bot never becomes a person."""
    async with resources.begin() as work:
        known = await work.staff.get(member.staff_id, lock=True)
        if known is not None and known.kind != member.kind:
            raise Conflict("staff_kind_fixed", "this id belongs to a member of the other kind")
        await work.staff.save(member, work.now)
        found = (await _standings(work, [member]))[0]
        await work.commit()
    return found


async def list_members(resources: Resources) -> list[MemberStanding]:
    async with resources.begin() as work:
        return await _standings(work, await work.staff.all())


async def certify(
    resources: Resources, by: str, staff_id: str, kind: str, issued_on: date, valid_until: date
) -> CertificateRow:
    """Record a certificate. Nobody certifies themselves."""
    async with resources.begin() as work:
        errors = form_errors(kind, issued_on, valid_until, day_of(work.now))
        if errors:
            reasons = [Reason(code, "", "this certificate cannot be right") for code in errors]
            raise Invalid("certificate_wrong", "this certificate cannot be right", reasons)
        if by == staff_id:
            raise NotAllowed("certified_by_oneself", "somebody else has to certify")
        if await work.staff.get(staff_id) is None:
            raise NotFound("staff_unknown", "there is nobody of this id")
        certificate = CertificateRow(new_id(), staff_id, kind, issued_on, valid_until, by, work.now)
        await work.staff.add_certificate(certificate)
        await work.commit()
    return certificate


async def revoke_certificate(resources: Resources, by: str, certificate_id: UUID, reason: str) -> CertificateRow:
    """It ends today; twice is the same as once. The certificate itself stays on record."""
    async with resources.begin() as work:
        if await work.staff.certificate(certificate_id) is None:
            raise NotFound("certificate_unknown", "there is no such certificate")
        await work.staff.revoke(certificate_id, reason, by, work.now)
        revoked = await work.staff.certificate(certificate_id)
        await work.commit()
    assert revoked is not None
    return revoked


async def list_certificates(
    resources: Resources, staff_id: str | None, limit: int
) -> tuple[date, Sequence[CertificateRow]]:
    """Today, and the certificates."""
    async with resources.begin() as work:
        return day_of(work.now), await work.staff.certificates(staff_id, min(limit, CERTIFICATES_MAX))


async def acting(work: Work, staff_id: str) -> Acting:
    """Who acts, with their standing today. Raises `NotAllowed` for somebody who is not of the staff."""
    member = await work.staff.get(staff_id)
    if member is None or not member.is_active:
        raise NotAllowed("staff_unknown", "this id is not on the staff's register")
    found = await work.staff.certificates(staff_id, CERTIFICATES_MAX)
    return Acting(member, standing([_certificate(row) for row in found], day_of(work.now)))


def require_certified(who: Acting) -> None:
    """The second lock behind the gate's rule: who is not certified does not act, whatever the packs say."""
    if not who.standing.is_certified:
        said = "missing, expired or revoked"
        reasons = [Reason(f"certificate_missing.{kind}", "", said) for kind in who.standing.lacks]
        raise NotAllowed("not_certified", "a certificate is missing, expired or revoked", reasons)


def asked_by(
    who: Acting, file: CaseFile, point: ContactPoint | None, request: Request, *, bot_discloses: bool | None = None
) -> tuple[Request, Facts]:
    """The gate's question with who acts filled in: people and bots stand under one law (D19)."""
    facts = replace(
        file.facts(point),
        certificate_until=who.standing.valid_until,
        bot_discloses=bot_discloses if who.actor == "bot" else None,
    )
    return replace(request, actor=who.actor), facts


async def _standings(work: Work, members: Sequence[StaffMemberRow]) -> list[MemberStanding]:
    day = day_of(work.now)
    of: dict[str, list[Certificate]] = {member.staff_id: [] for member in members}
    only = members[0].staff_id if len(members) == 1 else None
    for row in await work.staff.certificates(only, CERTIFICATES_MAX):
        if row.staff_id in of:
            of[row.staff_id].append(_certificate(row))
    found = [(member, standing(of[member.staff_id], day)) for member in members]
    return [MemberStanding(member, stands, stands.expires_soon(day)) for member, stands in found]


def _certificate(row: CertificateRow) -> Certificate:
    return Certificate(row.kind, row.issued_on, row.valid_until, day_of(row.revoked_at) if row.revoked_at else None)
