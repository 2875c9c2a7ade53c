"""One click stops mail to an address (RFC 8058): a refusal like any other, in force from the next decision on."""

from __future__ import annotations

from services.outreach.application.ports import Resources
from shared.kernel.refusal import NotFound
from shared.service.links import read_token


async def unsubscribe(resources: Resources, token: str) -> None:
    """What is reserved and has not left is taken back. Twice is once. Raises `Unidentified` for a token not ours."""
    attempt_id = read_token(resources.ways_back.unsubscribe_key, token, resources.clock.now())
    async with resources.begin() as work:
        attempt = (await work.attempts.addressed([attempt_id])).get(attempt_id)
        if attempt is None:
            raise NotFound("link_unknown", "this link belongs to no message of ours")
        key = (await work.files.lock([attempt.case_id]))[attempt.case_id]
        await work.persons.add_opt_out(key.person_id, attempt.channel, attempt.contact_point_id, work.now)
        cases = await work.persons.cases_of([key.person_id])
        await work.attempts.withdraw(cases.get(key.person_id, [attempt.case_id]), work.now)
        await work.commit()


def check_token(resources: Resources, token: str) -> None:
    """Raises `Unidentified`. Changes nothing: mail filters open every link they find."""
    read_token(resources.ways_back.unsubscribe_key, token, resources.clock.now())
