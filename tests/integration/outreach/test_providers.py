"""The providers by name, each against a fake that verifies what its documents say; and the way from one to the next."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from services.outreach.adapters.channels import line
from services.outreach.adapters.channels.aliyun import AliyunApi, AliyunKey
from services.outreach.adapters.channels.aliyun_sms import VERSION, AliyunSms
from services.outreach.adapters.channels.aliyun_templates import RegisteredText, RegisteredTexts
from services.outreach.adapters.channels.carrier import Carrier, Router
from services.outreach.adapters.channels.circuit import Circuit
from services.outreach.adapters.channels.pace import Pace
from services.outreach.adapters.channels.provider import HttpProvider
from services.outreach.adapters.channels.routes import load_routes
from services.outreach.adapters.channels.simulator import SimulatedCarrier
from services.outreach.adapters.channels.twilio import Twilio, TwilioAccount
from services.outreach.application.channel_ports import Asked
from services.outreach.application.contact_ports import NOT_ACCEPTED, UNCLEAR, Message
from shared.kernel.clock import FrozenClock
from shared.kernel.identifiers import new_id
from tests.integration.outreach.fakes import aliyun as fake_aliyun
from tests.integration.outreach.fakes import twilio as fake_twilio
from tests.integration.outreach.fakes.aliyun import FakeAliyun
from tests.integration.outreach.fakes.serving import served
from tests.integration.outreach.fakes.twilio import FakeTwilio
from tests.integration.outreach.outside import serve_outside

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
FAST = Pace(1_000.0, 1_000, 8)
US_NUMBER, CN_NUMBER = "+12125550123", "+8613900000001"
"""Invented."""
ZH = "【协和】受${creditor}委托:您的账户逾期应还${total}。退订请回复退订。"
ZH_SAID = "【协和】受晨光委托:您的账户逾期应还¥1,200.00。退订请回复退订。"
TEXTS = RegisteredTexts([RegisteredText.read({"template_code": "SMS_1", "sign_name": "协和", "text": ZH})])


def sms(to: str = US_NUMBER, text: str = "A 样例 text & more", market: str = "US") -> Message:
    return Message(new_id(), "sms", to, "en", "", text, AT, market=market)


def sms_cn(to: str = CN_NUMBER, text: str = ZH_SAID) -> Message:
    return replace(sms(to, text, "CN"), language="zh")


@contextlib.asynccontextmanager
async def twilio(pace: Pace = FAST, **more: str) -> AsyncIterator[tuple[FakeTwilio, Twilio]]:
    fake = FakeTwilio()
    account = TwilioAccount(
        fake_twilio.SID, more.get("token", fake_twilio.TOKEN), "+12125550100", "https://o.example.com", "+12125550101"
    )
    async with served(fake.app()) as url, httpx.AsyncClient(base_url=url) as client:
        yield fake, Twilio(client, account, pace)


@contextlib.asynccontextmanager
async def aliyun(secret: str = fake_aliyun.SECRET, drift_s: int = 0) -> AsyncIterator[tuple[FakeAliyun, AliyunSms]]:
    fake = FakeAliyun(lambda: AT, {"SMS_1": ZH})
    key = AliyunKey(fake_aliyun.KEY_ID, secret)
    async with served(fake.app()) as url, httpx.AsyncClient(base_url=url) as client:
        api = AliyunApi(client, key, VERSION, lambda: AT + timedelta(seconds=drift_s))
        yield fake, AliyunSms(api, TEXTS, FAST)


@dataclass
class Place:
    """A carrier with messages that fit it."""

    carrier: Carrier
    fitting: list[Message]
    fails: Message | None


@contextlib.asynccontextmanager
async def place(name: str) -> AsyncIterator[Place]:
    if name == "twilio":
        async with twilio() as (_, carrier):
            yield Place(carrier, [sms() for _ in range(5)], sms("+12125550199"))
    elif name == "aliyun_sms":
        async with aliyun() as (_, texts):
            yield Place(texts, [sms_cn() for _ in range(5)], sms_cn(US_NUMBER))
    elif name == "gateway":
        async with serve_outside(FrozenClock(AT)) as outside, httpx.AsyncClient(base_url=outside.url) as client:
            yield Place(HttpProvider(client), [sms() for _ in range(5)], None)
    else:
        yield Place(SimulatedCarrier(), [sms() for _ in range(5)], None)


CARRIERS = pytest.mark.parametrize("name", ["simulated", "gateway", "twilio", "aliyun_sms"])


@CARRIERS
async def test_every_message_gets_one_answer_that_the_outreach_knows(name: str) -> None:
    async with place(name) as there:
        answers = await there.carrier.send(there.fitting)
    assert set(answers) == {message.attempt_id for message in there.fitting}
    assert set(answers.values()) <= {"sent", "delivered", "failed"}


@CARRIERS
async def test_nothing_to_send_is_no_trouble(name: str) -> None:
    async with place(name) as there:
        assert await there.carrier.send([]) == {}


@CARRIERS
async def test_asked_about_what_it_never_had_no_carrier_claims_to_have_it(name: str) -> None:
    async with place(name) as there:
        known = await there.carrier.look_up([never := new_id()])
    assert known is None or known.get(never, UNCLEAR) in (NOT_ACCEPTED, UNCLEAR)


@pytest.mark.parametrize("name", ["twilio", "aliyun_sms"])
async def test_a_number_that_is_none_is_a_proven_failure_of_that_message_alone(name: str) -> None:
    async with place(name) as there:
        assert there.fails is not None
        answers = await there.carrier.send([*there.fitting, there.fails])
    assert answers.pop(there.fails.attempt_id) == "failed"
    assert set(answers.values()) == {"sent"}


async def test_twilio_is_told_where_to_report_each_attempt_and_nothing_of_it_stands_in_the_address() -> None:
    async with twilio() as (fake, carrier):
        message = sms()
        await carrier.send([message])
    (form,) = fake.taken
    assert form["Body"] == message.text
    assert form["StatusCallback"] == f"https://o.example.com/v1/receipts/twilio?attempt={message.attempt_id}"
    assert fake.refused == []


async def test_a_call_by_twilio_connects_to_the_desk_and_says_nothing_of_the_debt() -> None:
    async with twilio() as (fake, carrier):
        (answer,) = (await carrier.send([replace(sms(text="You owe $1,200"), channel="call")])).values()
    (form,) = fake.taken
    assert answer == "sent"
    assert form["Twiml"] == "<Response><Dial>+12125550101</Dial></Response>"
    assert "1,200" not in str(form)


async def test_a_wrong_secret_is_refused_and_so_nothing_was_taken() -> None:
    async with twilio(token="wrong") as (fake, carrier):
        assert set((await carrier.send([sms()])).values()) == {NOT_ACCEPTED}
        assert fake.taken == []
    async with aliyun(secret="wrong") as (theirs, texts):
        assert set((await texts.send([sms_cn()])).values()) == {NOT_ACCEPTED}
        assert theirs.refused == ["SignatureDoesNotMatch"]


async def test_alibaba_refuses_a_clock_that_is_a_quarter_of_an_hour_off() -> None:
    async with aliyun(drift_s=901) as (fake, texts):
        assert set((await texts.send([sms_cn()])).values()) == {NOT_ACCEPTED}
        assert fake.refused == ["InvalidTimeStamp.Expired"]


async def test_what_people_in_china_receive_is_the_text_that_was_decided_about() -> None:
    async with aliyun() as (fake, texts):
        fine, other = sms_cn(), sms_cn(text="【协和】请立即还款。")
        answers = await texts.send([fine, other])
    assert answers == {fine.attempt_id: "sent", other.attempt_id: NOT_ACCEPTED}
    assert fake.delivered == [ZH_SAID]
    assert fake.taken[0]["OutId"] == str(fine.attempt_id)


@pytest.mark.parametrize(
    ("code", "answer"),
    [("isp.SYSTEM_ERROR", UNCLEAR), ("isv.OUT_OF_SERVICE", NOT_ACCEPTED), ("isv.BUSINESS_LIMIT_CONTROL", line.NOT_NOW)],
)
async def test_alibabas_refusal_is_a_refusal_and_its_own_fault_is_unclear(code: str, answer: str) -> None:
    async with aliyun() as (fake, texts):
        fake.code = code
        assert set((await texts.send([sms_cn()])).values()) == {answer}


async def test_alibaba_is_asked_by_number_and_day_and_a_detail_that_is_missing_proves_nothing() -> None:
    async with aliyun() as (fake, texts):
        message = sms_cn()
        await texts.send([message])
        asked = Asked(message.attempt_id, "sms", "aliyun_sms", CN_NUMBER, AT)
        assert await texts.find([asked, replace(asked, attempt_id=new_id())]) == {message.attempt_id: "delivered"}
        fake.forgets_details = True
        assert await texts.find([asked]) == {}


@pytest.mark.parametrize(
    ("status", "answer"), [(429, NOT_ACCEPTED), (503, NOT_ACCEPTED), (500, UNCLEAR), (502, UNCLEAR)]
)
async def test_busy_has_taken_nothing_and_broken_is_unclear(status: int, answer: str) -> None:
    async with twilio() as (fake, carrier):
        fake.status = status
        assert set((await carrier.send([sms()])).values()) == {answer}
    async with aliyun() as (theirs, texts):
        theirs.status = status
        assert set((await texts.send([sms_cn()])).values()) == {answer}


async def test_a_provider_that_took_it_and_never_answers_is_unclear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "TIMEOUT_S", 0.3)
    async with twilio() as (fake, carrier):
        fake.hangs = True
        assert set((await carrier.send([sms()])).values()) == {UNCLEAR}
        assert len(fake.taken) == 1
        fake.go_on.set()


async def test_a_provider_that_keeps_failing_is_left_alone() -> None:
    async with twilio() as (fake, carrier):
        fake.status = 503
        for _ in range(4):
            await carrier.send([sms()])
        assert carrier.circuit.is_open
        assert len(fake.refused) == 3


async def test_no_more_are_under_way_than_agreed_and_what_finds_no_token_waits_for_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line, "WAIT_S", 0.3)
    async with twilio(Pace(0.001, 6, 2)) as (fake, carrier):
        answers = await carrier.send([sms() for _ in range(9)])
    assert sorted(answers.values()) == [line.NOT_NOW] * 3 + ["sent"] * 6
    assert fake.under_way_max <= 2


@dataclass
class Scripted:
    """A carrier that says what it is told, and keeps what it was given."""

    says: str
    given: list[UUID] = field(default_factory=list)

    async def send(self, messages: Sequence[Message]) -> dict[UUID, str]:
        self.given += [message.attempt_id for message in messages]
        return dict.fromkeys((message.attempt_id for message in messages), self.says)

    async def look_up(self, attempt_ids: Sequence[UUID]) -> dict[UUID, str] | None:
        return dict.fromkeys(attempt_ids, self.says)


@dataclass
class Book:
    """Who was given what, in the order in which it was kept."""

    kept: list[Mapping[UUID, str]] = field(default_factory=list)
    withdrawn: set[UUID] = field(default_factory=set)

    async def __call__(self, providers: Mapping[UUID, str]) -> set[UUID]:
        self.kept.append(dict(providers))
        return set(providers) - self.withdrawn


@pytest.mark.parametrize(
    ("first", "answer", "goes_on"),
    [
        (NOT_ACCEPTED, "delivered", True),
        (UNCLEAR, UNCLEAR, False),
        ("failed", "failed", False),
        ("sent", "sent", False),
        (line.NOT_NOW, NOT_ACCEPTED, False),
    ],
)
async def test_only_what_is_proven_not_taken_goes_to_the_next_provider(first: str, answer: str, goes_on: bool) -> None:
    twilio_, gateway, book = Scripted(first), Scripted("delivered"), Book()
    message = sms()
    answers = await Router({"twilio": twilio_, "gateway": gateway}, load_routes()).send([message], book)
    assert answers == {message.attempt_id: answer}
    assert gateway.given == ([message.attempt_id] if goes_on else [])
    assert book.kept[-1] == {message.attempt_id: "gateway" if goes_on else "twilio"}


async def test_what_was_withdrawn_before_the_next_provider_is_given_to_nobody() -> None:
    gateway, message = Scripted("sent"), sms()

    class Overtaken(Book):
        async def __call__(self, providers: Mapping[UUID, str]) -> set[UUID]:
            return set() if "gateway" in providers.values() else await super().__call__(providers)

    router = Router({"twilio": Scripted(NOT_ACCEPTED), "gateway": gateway}, load_routes())
    assert await router.send([message], Overtaken()) == {message.attempt_id: NOT_ACCEPTED}
    assert gateway.given == []


async def test_what_cannot_be_kept_is_not_handed_over() -> None:
    async def broken(providers: Mapping[UUID, str]) -> set[UUID]:
        raise ConnectionError

    carrier, message = Scripted("sent"), sms()
    assert await Router({"gateway": carrier}, load_routes()).send([message], broken) == {
        message.attempt_id: NOT_ACCEPTED
    }
    assert carrier.given == []


async def test_markets_have_their_own_providers_and_without_any_nothing_is_sent() -> None:
    ours, theirs = Scripted("sent"), Scripted("delivered")
    router = Router({"twilio": ours, "aliyun_sms": theirs}, load_routes())
    us, cn, gb = sms(), sms_cn(), sms(market="GB")
    answers = await router.send([us, cn, gb], Book())
    assert answers == {us.attempt_id: "sent", cn.attempt_id: "delivered", gb.attempt_id: NOT_ACCEPTED}


async def test_the_provider_that_has_it_is_asked_and_not_the_first_choice() -> None:
    router = Router({"twilio": Scripted(NOT_ACCEPTED), "gateway": Scripted("delivered")}, load_routes())
    ask = Asked(new_id(), "sms", "gateway", None, AT)
    assert await router.look_up([ask]) == {ask.attempt_id: "delivered"}
    closed = replace(ask, provider="aliyun_sms")
    assert await router.look_up([closed]) == {closed.attempt_id: "unknown"}


async def test_a_circuit_that_is_open_sends_its_messages_to_the_next_provider() -> None:
    circuit = Circuit(failures_max=1)
    circuit.failed()
    async with httpx.AsyncClient(base_url="http://127.0.0.1:1") as client:
        account = TwilioAccount(fake_twilio.SID, fake_twilio.TOKEN, "+12125550100", "https://o.example.com")
        closed = Twilio(client, account, FAST, circuit)
        message = sms()
        router = Router({"twilio": closed, "gateway": Scripted("sent")}, load_routes())
        assert await router.send([message], Book()) == {message.attempt_id: "sent"}
