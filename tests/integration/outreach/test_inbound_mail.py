"""Mail over HTTP: signed, bounded, mapped to its attempt, taken once; and what staff read over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from services.outreach.application.contact_ports import Match
from services.outreach.application.take_mail import MAIL_BYTES_MAX
from shared.kernel.identifiers import new_id
from shared.service.settings import SANDBOX_SECRET
from tests.integration.outreach.test_http import STAFF, Api, api
from tests.integration.outreach.test_replies import contacted

__all__ = ["api"]
PATH = "/v1/inbound-mail"


def mail(text: str, attempt_id: UUID | None = None, message_id: str = "one", **headers: str) -> bytes:
    lines = [
        "From: Avery Ashdown <avery@example.com>",
        f"Message-ID: <{message_id}@example.com>",
        *([f"In-Reply-To: <{attempt_id}@concord.invalid>"] if attempt_id else []),
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        "Content-Type: text/plain; charset=utf-8",
    ]
    return ("\r\n".join(lines) + f"\r\n\r\n{text}\r\n").encode()


def bounce(attempt_id: UUID, status: str, message_id: str = "dsn") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example.net\r\nMessage-ID: <{message_id}@mx.example.net>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{attempt_id}@concord.invalid>\r\n--b--\r\n"
    ).encode()


async def sent(api: Api, body: bytes, **changes: Any) -> dict[str, Any]:
    answer = await api.webhook(PATH, body, **changes)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def test_a_mail_takes_effect_once_however_often_it_comes(api: Api) -> None:
    _, attempt = await contacted(api.desk)
    body = mail("I dispute this debt\r\n\r\n> Dear Avery, stop", attempt["attempt_id"])
    first, second = await sent(api, body), await sent(api, b"Received: by mx2\r\n" + body)
    assert (first["kind"], first["outcome"], first["intent"]) == ("reply", "taken", "dispute")
    assert first["reply_id"] == second["reply_id"]
    assert len(await api.desk.said("dispute.opened")) == 1


async def test_a_mail_that_names_no_attempt_is_known_by_its_sender_or_not_at_all(api: Api) -> None:
    _, attempt = await contacted(api.desk)
    assert (await sent(api, mail("STOP")))["outcome"] == "sender_unknown"
    api.desk.vault.matches = [Match(attempt["contact_point_id"], new_id(), ())]
    assert (await sent(api, mail("STOP", message_id="two")))["intent"] == "stop"


async def test_a_permanent_failure_means_that_nothing_was_delivered_and_the_address_is_not_used_again(api: Api) -> None:
    _, attempt = await contacted(api.desk)
    await sent(api, bounce(attempt["attempt_id"], "4.4.1", "later"))
    assert [row["is_wrong"] for row in await points(api, attempt)] == [False]
    for _ in range(2):
        answer = await sent(api, bounce(attempt["attempt_id"], "5.1.1"))
        assert (answer["kind"], answer["outcome"]) == ("bounce", "not_delivered")
    assert [row["is_wrong"] for row in await points(api, attempt)] == [True]


async def points(api: Api, attempt: dict[str, Any]) -> list[dict[str, Any]]:
    return await api.desk.rows(
        "SELECT is_wrong FROM contact_points WHERE contact_point_id = $1", attempt["contact_point_id"]
    )


async def test_a_machines_answer_changes_nothing(api: Api) -> None:
    _, attempt = await contacted(api.desk)
    answer = await sent(api, mail("Stop contacting me", attempt["attempt_id"], Auto_Submitted="auto-replied"))
    assert (answer["kind"], answer["outcome"]) == ("automatic", "ignored")
    assert await api.desk.said("borrower.replied", "hold.applied") == []


async def test_unsigned_empty_or_endless_mail_is_refused(api: Api) -> None:
    assert (await api.webhook(PATH, mail("STOP"), secret=b"another secret of ours")).status_code == 401
    assert (await api.webhook(PATH, b"")).status_code == 422
    assert (await api.webhook(PATH, b"x" * (MAIL_BYTES_MAX + 1))).status_code in (413, 422)


async def test_staff_read_and_resolve_over_http_by_name(api: Api) -> None:
    _, attempt = await contacted(api.desk)
    await sent(api, mail("qwrtz plmkj", attempt["attempt_id"]))
    (review,) = (await api.staff("GET", "/v1/reply-reviews")).json()["reviews"]
    path = f"/v1/reply-reviews/{review['review_id']}"
    assert (await api.staff("GET", path)).json()["text"] == "qwrtz plmkj"
    assert (await api.staff("POST", f"{path}/resolve", {"intent": "question"})).status_code == 422
    named = {**STAFF, "X-Staff-Id": "dana"}
    answers: list[httpx.Response] = [
        await api.client.post(f"{path}/resolve", json={"intent": intent}, headers=named)
        for intent in ("question", "question", "dispute")
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert (await api.staff("GET", "/v1/reply-reviews")).json()["reviews"] == []
    (label,) = (await api.staff("GET", "/v1/reply-labels")).json()["labels"]
    assert label["meant"] == "question"
    assert SANDBOX_SECRET not in answers[0].text
    assert (await api.client.get("/v1/reply-reviews")).status_code == 401
