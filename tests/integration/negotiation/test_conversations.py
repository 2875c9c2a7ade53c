"""The negotiation protocol: two clients that share no code with us, and everything that does not belong into a talk."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from playwright._impl._driver import compute_driver_executable

from services.negotiation.domain.conversation import FIRST, GRANTS_MAX, first_break
from shared.events.plan_agreed import PlanAgreed
from shared.events.plan_countered import PlanCountered
from tests.integration.negotiation.office import STAFF, Office
from tests.integration.outreach.fakes.serving import served

SIGNED = b"concord-negotiation/1\n"
CLIENT = Path(__file__).parent / "clients" / "adviser.mjs"
CLIENT_WITHIN_S = 60
ALL = ["read", "propose", "accept"]


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))


@dataclass
class Voice:
    """A client of the protocol with a key of its own."""

    office: Office
    case_id: UUID
    key: Ed25519PrivateKey
    token: str
    head: str = FIRST

    @classmethod
    async def of(cls, office: Office, case_id: UUID, scopes: list[str] | None = None, **more: Any) -> Voice:
        key = Ed25519PrivateKey.generate()
        answer = await give(office, case_id, key, scopes or ALL, **more)
        assert answer.status_code == 201, answer.text
        return cls(office, case_id, key, answer.json()["token"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def message(self, kind: str, **content: Any) -> dict[str, Any]:
        return {
            "protocol": "concord-negotiation/1",
            "message_id": str(uuid4()),
            "case_id": str(self.case_id),
            "after": self.head,
            "sent_at": self.office.now.isoformat(),
            "kind": kind,
            **content,
        }

    def signed(self, message: dict[str, Any]) -> dict[str, Any]:
        public = self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        value = self.key.sign(SIGNED + rfc8785.dumps(message))
        return {
            "message": message,
            "signature": {"key_id": hashlib.sha256(public).hexdigest()[:16], "value": text(value)},
        }

    async def post(self, document: dict[str, Any]) -> httpx.Response:
        return await self.office.api.post("/v1/negotiation/messages", json=document, headers=self.headers)

    async def say(self, kind: str, **content: Any) -> dict[str, Any]:
        document = self.signed(self.message(kind, **content))
        answer = await self.post(document)
        assert answer.status_code == 200, answer.text
        [said] = answer.json()["messages"]
        await self.check(document, said)
        message: dict[str, Any] = said["message"]
        return message

    async def check(self, document: dict[str, Any], said: dict[str, Any]) -> None:
        keys = (await self.office.api.get("/v1/negotiation/keys")).json()["keys"]
        agency = Ed25519PublicKey.from_public_bytes(raw(keys[0]["public_key"]))
        agency.verify(raw(said["signature"]["value"]), SIGNED + rfc8785.dumps(said["message"]))
        assert said["message"]["reasons"], "an answer without a reason"
        ours = hashlib.sha256(self.head.encode() + rfc8785.dumps(document)).hexdigest()
        theirs = rfc8785.dumps({"message": said["message"], "signature": said["signature"]})
        self.head = hashlib.sha256(ours.encode() + theirs).hexdigest()
        assert said["hash"] == self.head


async def give(
    office: Office, case_id: UUID, key: Ed25519PrivateKey, scopes: list[str], holder: str = "software", days: int = 30
) -> httpx.Response:
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    body = {"holder": holder, "scopes": scopes, "public_key": text(public), "days": days}
    return await office.api.post("/v1/borrower/grants", json=body, headers=await office.enter(case_id))


async def test_the_borrowers_own_software_reaches_a_plan(office: Office) -> None:
    case_id = await office.take_on()
    software = await Voice.of(office, case_id)
    offers = await software.say("ask")
    assert offers["kind"] == "offers"
    offer = next(o for o in offers["offers"] if o["terms"]["kind"] == "lump_sum")
    assert (await software.say("decline", offer_id=offer["offer_id"], reasons=["too_much"]))["kind"] == "noted"
    answer = await software.say("propose", wish={"kind": "lump_sum", "lump_sum_minor_units": 1})
    assert (answer["verdict"], answer["reasons"]) == ("countered", ["discount_above_mandate"])
    accepted = answer["offer"]
    agreed = await software.say("accept", offer_id=accepted["offer_id"], terms_hash=accepted["terms_hash"])
    assert agreed["kind"] == "agreed"
    [said] = await office.said(PlanAgreed)
    assert (str(said.plan_id), said.terms_hash) == (agreed["plan_id"], accepted["terms_hash"])
    assert [c.spoken_by for c in await office.said(PlanCountered)] == ["software"]


@pytest.fixture
async def address(office: Office) -> AsyncIterator[str]:
    """The office over a real socket, for a client in another process."""
    async with served(office.transport.app) as url:
        yield url


async def test_an_adviser_with_a_program_of_their_own_reaches_a_plan(office: Office, address: str) -> None:
    case_id = await office.take_on()
    adviser = await Voice.of(office, case_id, holder="adviser")
    order = {
        "url": address,
        "token": adviser.token,
        "private_key_pkcs8_base64": base64.b64encode(
            adviser.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ).decode(),
        "monthly_minor_units": 1,
    }
    node = compute_driver_executable()[0]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(node, str(CLIENT), stdin=pipe, stdout=pipe, stderr=pipe)
    out, err = await asyncio.wait_for(process.communicate(json.dumps(order).encode()), CLIENT_WITHIN_S)
    assert process.returncode == 0, err.decode()
    result = json.loads(out)
    assert result["rounds"] == ["answer", "agreed"]
    [said] = await office.said(PlanAgreed)
    assert (str(said.plan_id), said.terms_hash) == (result["plan_id"], result["terms_hash"])
    assert [c.spoken_by for c in await office.said(PlanCountered)] == ["adviser"]


async def test_the_same_message_twice_gets_the_same_answer_and_one_round(office: Office) -> None:
    software = await Voice.of(office, await office.take_on())
    document = software.signed(software.message("propose", wish={"kind": "lump_sum", "lump_sum_minor_units": 1}))
    first, second = await software.post(document), await software.post(document)
    assert first.content == second.content
    assert len(await office.said(PlanCountered)) == 1


async def test_two_at_once_that_answer_the_same_message_are_not_both_heard(office: Office) -> None:
    software = await Voice.of(office, await office.take_on())
    wish = {"kind": "lump_sum", "lump_sum_minor_units": 1}
    documents = [software.signed(software.message("propose", wish=wish)) for _ in range(2)]
    answers = await asyncio.gather(*(software.post(document) for document in documents))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert next(a for a in answers if a.status_code == 409).json()["code"] == "history_moved"


async def test_another_message_under_the_same_id_is_refused(office: Office) -> None:
    software = await Voice.of(office, await office.take_on())
    message = software.message("ask")
    assert (await software.post(software.signed(message))).status_code == 200
    other = {**message, "kind": "propose", "wish": {"kind": "lump_sum", "lump_sum_minor_units": 5}}
    assert (await software.post(software.signed(other))).json()["code"] == "message_differs"


async def test_a_message_changed_after_signing_is_refused(office: Office) -> None:
    software = await Voice.of(office, await office.take_on())
    document = software.signed(software.message("propose", wish={"kind": "lump_sum", "lump_sum_minor_units": 9_000}))
    document["message"]["wish"]["lump_sum_minor_units"] = 9_001
    answer = await software.post(document)
    assert (answer.status_code, answer.json()["code"]) == (422, "signature_wrong")


async def test_a_stranger_with_the_token_but_not_the_key_says_nothing(office: Office) -> None:
    software = await Voice.of(office, await office.take_on())
    thief = Voice(office, software.case_id, Ed25519PrivateKey.generate(), software.token)
    assert (await thief.post(thief.signed(thief.message("ask")))).json()["code"] == "signature_wrong"


async def test_a_grant_speaks_for_its_case_alone(office: Office) -> None:
    software, other = await Voice.of(office, await office.take_on()), await office.take_on()
    software.case_id = other
    assert (await software.post(software.signed(software.message("ask")))).json()["code"] == "another_case"


@pytest.mark.parametrize(
    ("scopes", "kind", "status"),
    [(["read"], "propose", 403), (["read", "propose"], "accept", 403), (["read"], "ask", 200)],
)
async def test_a_grant_says_no_more_than_it_may(office: Office, scopes: list[str], kind: str, status: int) -> None:
    voice = await Voice.of(office, await office.take_on(), scopes)
    content: dict[str, dict[str, Any]] = {
        "ask": {},
        "propose": {"wish": {"kind": "lump_sum", "lump_sum_minor_units": 1}},
        "accept": {"offer_id": str(uuid4()), "terms_hash": "0" * 64},
    }
    assert (await voice.post(voice.signed(voice.message(kind, **content[kind])))).status_code == status


async def test_a_grant_that_was_taken_back_opens_nothing(office: Office) -> None:
    case_id = await office.take_on()
    software = await Voice.of(office, case_id)
    headers = await office.enter(case_id)
    [grant] = (await office.api.get("/v1/borrower/grants", headers=headers)).json()["grants"]
    url = f"/v1/borrower/grants/{grant['grant_id']}"
    assert (await office.api.delete(url, headers=headers)).status_code == 204
    assert (await office.api.delete(url, headers=headers)).status_code == 404
    assert (await office.api.get("/v1/negotiation", headers=software.headers)).status_code == 401


async def test_a_grant_ends_at_its_end(office: Office) -> None:
    software = await Voice.of(office, await office.take_on(), days=3)
    office.advance(days=3, seconds=-1)
    assert (await office.api.get("/v1/negotiation", headers=software.headers)).status_code == 200
    office.advance(seconds=1)
    assert (await office.api.get("/v1/negotiation", headers=software.headers)).status_code == 401


@pytest.mark.parametrize("token", ["", "ncg_", "ncg_AAAA", "x" * 200, "ncg_" + "A" * 64])
async def test_a_token_that_is_none_opens_nothing(office: Office, token: str) -> None:
    answer = await office.api.get("/v1/negotiation", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_no_more_grants_than_may_stand_at_once(office: Office) -> None:
    case_id = await office.take_on()
    for _ in range(GRANTS_MAX):
        await Voice.of(office, case_id)
    answer = await give(office, case_id, Ed25519PrivateKey.generate(), ALL)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_grants")


async def test_what_cannot_be_is_answered_with_its_reason_and_taken_down(office: Office) -> None:
    software = await Voice.of(office, await office.take_on())
    refusal = await software.say("accept", offer_id=str(uuid4()), terms_hash="0" * 64)
    assert refusal["kind"] == "refusal"
    assert (await software.say("ask"))["kind"] == "offers"
    log = (await office.api.get("/v1/negotiation/messages", headers=software.headers)).json()["messages"]
    assert [each["message"]["kind"] for each in log] == ["accept", "refusal", "ask", "offers"]
    assert [each["position"] for each in log] == [1, 2, 3, 4]


async def test_what_was_said_cannot_be_changed_and_a_change_would_be_found(office: Office) -> None:
    software = await Voice.of(office, await office.take_on())
    await software.say("ask")
    await software.say("ask")
    with pytest.raises(Exception, match=r"permission denied|append-only|refuse"):
        await office.rows("UPDATE conversation_messages SET document = document")
    async with office.worker.begin(software.case_id) as work:
        messages = await work.conversations.read(software.case_id, after_position=0, limit=100)
    assert first_break(messages) is None
    assert first_break([messages[0], *messages[2:]]) == 1
    assert first_break(messages[1:]) == 0


async def test_staff_read_the_log(office: Office) -> None:
    software = await Voice.of(office, await office.take_on())
    await software.say("ask")
    answer = await office.api.get(f"/v1/cases/{software.case_id}/negotiation", headers=STAFF)
    assert [each["message"]["from"] for each in answer.json()["messages"] if "from" in each["message"]] == ["agency"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"\xff", b'{"message": {"kind": "ask"}, "signature": {}}', b"{" * 20_000]
)
async def test_what_is_no_message_is_refused_with_reasons(office: Office, body: bytes) -> None:
    software = await Voice.of(office, await office.take_on())
    answer = await office.api.post("/v1/negotiation/messages", content=body, headers=software.headers)
    assert answer.status_code == 422
