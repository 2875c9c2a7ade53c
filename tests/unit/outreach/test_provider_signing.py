"""Signatures of providers against the worked examples that they have published."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

import pytest

from services.outreach.adapters.channels.aliyun import AliyunKey, acs3_authorization
from services.outreach.adapters.channels.aliyun_sms import AliyunReports, domestic
from services.outreach.adapters.channels.aliyun_templates import RegisteredText, RegisteredTexts
from services.outreach.adapters.channels.pace import TokenBucket
from services.outreach.adapters.channels.routes import load_routes
from services.outreach.adapters.channels.twilio import TwilioAccount, TwilioReports, twilio_signature
from services.outreach.application.channel_ports import ReportRequest
from shared.kernel.refusal import Invalid, Refusal, Unidentified
from tests.integration.outreach.fakes import twilio as fake

ATTEMPT = UUID("0192f0c1-2b3c-7d4e-8f5a-6b7c8d9e0f10")
PUBLIC = "https://outreach.example.com"
TARGET = f"/v1/receipts/twilio?attempt={ATTEMPT}"
ACCOUNT = TwilioAccount(fake.SID, fake.TOKEN, "+12125550100", PUBLIC)
TEXT = "【协和】受${creditor}委托:您的账户逾期应还${total}。详情:${link} 退订请回复退订。"


@pytest.mark.parametrize(
    ("caller", "signature"),
    [("+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="), ("+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ=")],
)
def test_twilios_own_examples_come_out_as_published(caller: str, signature: str) -> None:
    form = {"CallSid": "CA1234567890ABCDE", "Caller": caller, "Digits": "1234", "From": caller, "To": "+18005551212"}
    assert twilio_signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form) == signature


def test_alibabas_own_example_comes_out_as_published() -> None:
    query = {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com",
        "x-acs-action": "RunInstances",
        "x-acs-content-sha256": sha256(b"").hexdigest(),
        "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
        "x-acs-version": "2014-05-26",
    }
    said = acs3_authorization(AliyunKey("YourAccessKeyId", "YourAccessKeySecret"), "POST", "/", query, headers)
    assert said == (
        "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;"
        "x-acs-signature-nonce;x-acs-version,"
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def twilio_report(form: dict[str, str], target: str = TARGET, token: str = fake.TOKEN) -> ReportRequest:
    body, headers = fake.report(PUBLIC + TARGET, form, token)
    return ReportRequest(target, {name.lower(): value for name, value in headers.items()}, body)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"MessageStatus": "queued"}, "sent"),
        ({"MessageStatus": "delivered"}, "delivered"),
        ({"MessageStatus": "undelivered", "ErrorCode": "30003"}, "failed"),
        ({"CallStatus": "completed"}, "conversation"),
        ({"CallStatus": "completed", "AnsweredBy": "machine_start"}, "no_answer"),
        ({"CallStatus": "busy"}, "no_answer"),
        ({"CallStatus": "failed"}, "not_connected"),
    ],
)
def test_what_twilio_reports_becomes_our_word_for_it(form: dict[str, str], status: str) -> None:
    assert TwilioReports(ACCOUNT).read(twilio_report(form)) == [(ATTEMPT, status)]


def test_a_state_that_is_new_to_us_says_nothing() -> None:
    assert TwilioReports(ACCOUNT).read(twilio_report({"MessageStatus": "teleported"})) == []


@pytest.mark.parametrize(
    "spoilt",
    [
        twilio_report({"MessageStatus": "delivered"}, token="another"),
        twilio_report({"MessageStatus": "delivered"}, target=TARGET.replace("10", "11")),
        ReportRequest(TARGET, {}, b"MessageStatus=delivered"),
        ReportRequest(TARGET, twilio_report({}).headers, b"AccountSid=x&MessageStatus=delivered"),
        ReportRequest(TARGET, twilio_report({}).headers, b"\xff\xfe"),
        ReportRequest(TARGET, {"x-twilio-signature": "é"}, b"a=b"),
        twilio_report({"AccountSid": "AC" + "1" * 32, "MessageStatus": "delivered"}),
    ],
)
def test_a_report_that_is_not_signed_as_documented_is_refused(spoilt: ReportRequest) -> None:
    with pytest.raises(Unidentified):
        TwilioReports(ACCOUNT).read(spoilt)


def test_a_parameter_that_stands_twice_in_a_report_is_refused() -> None:
    genuine = twilio_report({"MessageStatus": "failed"})
    doubled = ReportRequest(TARGET, genuine.headers, b"MessageStatus=delivered&" + genuine.body)
    with pytest.raises(Unidentified):
        TwilioReports(ACCOUNT).read(doubled)


def aliyun_report(body: bytes, key: str = "k" * 32) -> ReportRequest:
    return ReportRequest(f"/v1/receipts/aliyun_sms?key={key}", {}, body)


def test_alibabas_reports_are_read_and_what_others_sent_by_the_account_is_passed_over() -> None:
    body = (
        b'[{"out_id": "%s", "success": true, "err_code": "DELIVERED"}, {"out_id": "another system", "success": true},'
        b' {"success": true}, 7, {"out_id": null, "success": false}]' % str(ATTEMPT).encode()
    )
    assert AliyunReports("k" * 32).read(aliyun_report(body)) == [(ATTEMPT, "delivered")]


@pytest.mark.parametrize(
    ("request_", "refusal"),
    [
        (aliyun_report(b"[]", key="wrong"), Unidentified),
        (ReportRequest("/v1/receipts/aliyun_sms", {}, b"[]"), Unidentified),
        (aliyun_report(b"{}"), Invalid),
        (aliyun_report(b"[" * 20), Invalid),
        (aliyun_report(b"[" + b"1," * 2_000 + b"1]"), Invalid),
    ],
)
def test_a_report_at_the_wrong_address_or_out_of_form_is_refused(
    request_: ReportRequest, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        AliyunReports("k" * 32).read(request_)


@pytest.mark.parametrize(
    ("number", "expected"),
    [("+8613900000001", "13900000001"), ("+12125550123", None), ("13900000001", None), ("+86139000", None)],
)
def test_a_domestic_number_goes_without_its_countrys_code(number: str, expected: str | None) -> None:
    assert domestic(number) == expected


def registered(text: str = TEXT) -> RegisteredTexts:
    return RegisteredTexts([RegisteredText.read({"template_code": "SMS_1", "sign_name": "协和", "text": text})])


def test_a_registered_text_goes_out_only_where_it_says_exactly_what_was_decided() -> None:
    said = "【协和】受晨光委托:您的账户逾期应还¥1,200.00。详情:https://example.com/b/x 退订请回复退订。"
    filled = registered().find(said)
    assert filled is not None
    assert filled.values == {"creditor": "晨光", "total": "¥1,200.00", "link": "https://example.com/b/x"}
    assert registered().find(said.replace("逾期应还", "立即归还")) is None
    assert registered().find(said + "否则起诉") is None


@pytest.mark.parametrize("text", ["没有签名 ${a}", "【协和】${a}${b}", "【协和】${a} 与 ${a}", "【别家】${a}"])
def test_a_registered_text_that_could_be_filled_in_two_ways_or_has_no_signature_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"registered text"):
        registered(text)


async def test_more_than_the_burst_waits_and_more_than_can_wait_is_not_handed_over() -> None:
    clock = [0.0]
    bucket = TokenBucket(1.0, 2, now=lambda: clock[0])
    assert [await bucket.take(0.5) for _ in range(3)] == [True, True, False]
    clock[0] = 0.4
    assert not await bucket.take(0.5)
    clock[0] = 1.0
    assert await bucket.take(0.0)
    assert not await bucket.take(0.9)
    clock[0] = 100.0
    assert [await bucket.take(0.0) for _ in range(3)] == [True, True, False]


def test_the_shipped_routes_lead_every_channel_somewhere_and_letters_to_one_place_alone() -> None:
    routes = load_routes()
    everything = {"smtp", "inbox", "print_folder", "gateway", "twilio", "aliyun_sms"}
    assert routes.of("sms", "US", everything) == ("twilio", "gateway")
    assert routes.of("sms", "CN", everything) == ("aliyun_sms", "gateway")
    assert routes.of("sms", "GB", everything) == ("gateway",)
    assert routes.of("sms", "US", {"gateway"}) == ("gateway",)
    assert routes.of("letter", "US", everything) == ("print_folder",)
    assert routes.of("in_app", "CN", {"inbox"}) == ("inbox",)
    assert routes.of("sms", "US", {"smtp"}) == ()
