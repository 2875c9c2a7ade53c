"""Inbound mail: what a person wrote, without what was quoted; machines and failures are told apart."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.outreach.adapters.mail_reader import MimeMailReader

ATTEMPT = UUID("0199a000-0000-7000-8000-00000000abcd")
READER = MimeMailReader()


def mail(text: str = "I will pay on Friday", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Avery Ashdown <avery@example.com>"
    message["To"] = "notices@collections.example.com"
    message["Message-ID"] = "<one@example.com>"
    message["In-Reply-To"] = f"<{ATTEMPT}@concord.invalid>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


def raw(message: EmailMessage) -> bytes:
    return message.as_bytes(policy=SMTP)


def test_a_reply_names_its_attempt_and_its_sender() -> None:
    reading = READER.read(raw(mail()))
    assert (reading.kind, reading.attempt_id, reading.sender) == ("reply", ATTEMPT, "avery@example.com")
    assert reading.text == "I will pay on Friday"


@pytest.mark.parametrize(
    ("headers", "attempt"),
    [
        ({"In_Reply_To": "<other@example.com>", "References": f"<a@example.com> <{ATTEMPT}@concord.invalid>"}, ATTEMPT),
        ({"In_Reply_To": "<x@example.com>", "To": f"notices+{ATTEMPT}@collections.example.com"}, ATTEMPT),
        ({"In_Reply_To": "<x@example.com>"}, None),
    ],
)
def test_the_attempt_is_found_by_reference_or_by_the_address(headers: dict[str, str], attempt: UUID | None) -> None:
    assert READER.read(raw(mail(**headers))).attempt_id == attempt


@pytest.mark.parametrize(
    "quoted",
    [
        "On Mon, Mar 2, 2026 at 9:00 AM Concord <notices@collections.example.com> wrote:\n> stop contacting me",
        "在 2026年3月2日,协和催收服务 <notices@collections.example.com> 写道:\n> 停止联系我",
        "协和催收服务 <notices@collections.example.com> 于2026年3月2日周一 09:00写道:\n\n停止联系我",
        '------------------ 原始邮件 ------------------\n发件人: "协和" <notices@collections.example.com>\n停止联系我',
        "-----Original Message-----\nFrom: Concord\nstop contacting me",
        "发件人: 协和催收服务\n发送时间: 2026年3月2日\n停止联系我",
    ],
)
def test_what_is_quoted_is_not_what_the_person_says(quoted: str) -> None:
    assert READER.read(raw(mail(f"OK, 周五还500元\n\n{quoted}\n"))).text == "OK, 周五还500元"


@pytest.mark.parametrize("charset", ["gb18030", "gbk", "gb2312", "big5", "utf-8"])
def test_chinese_is_read_in_every_charset(charset: str) -> None:
    text = "我明天付款"
    body = text.encode(charset)
    head = f"From: a@example.com\r\nMessage-ID: <c@example.com>\r\nContent-Type: text/plain; charset={charset}\r\n\r\n"
    assert READER.read(head.encode() + body).text == text


def test_html_alone_is_read_without_its_markup_and_quotes() -> None:
    message = mail()
    message.set_content(
        "<html><head><style>p{}</style></head><body><p>I dispute &amp; object</p>"
        "<blockquote>You owe us</blockquote></body></html>",
        subtype="html",
    )
    assert READER.read(raw(message)).text == "I dispute & object"


def test_attachments_are_counted_and_never_read() -> None:
    message = mail("see attached")
    message.add_attachment("stop contacting me", filename="a.txt")
    message.add_attachment(b"\x00\x01", maintype="application", subtype="pdf", filename="b.pdf")
    reading = READER.read(raw(message))
    assert (reading.text, reading.attachments) == ("see attached", 2)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x@example.com"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"Subject": "Out of office: Re: Your account"},
        {"Subject": "自动回复: 您的账户"},
    ],
)
def test_a_machines_answer_is_no_reply(headers: dict[str, str]) -> None:
    assert READER.read(raw(mail("stop contacting me", **headers))).kind == "automatic"


def test_a_person_who_sends_by_hand_is_no_machine() -> None:
    assert READER.read(raw(mail(Auto_Submitted="no"))).kind == "reply"


def report(status: str, action: str, kind: str = "delivery-status") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.net\r\nMessage-ID: <dsn@mx.example.net>\r\nAuto-Submitted: auto-replied\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        f"--b\r\nContent-Type: message/{'delivery-status' if kind == 'delivery-status' else 'feedback-report'}\r\n\r\n"
        f"Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; a@example.com\r\n"
        f"Action: {action}\r\nStatus: {status}\r\n"
        "\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: <{ATTEMPT}@concord.invalid>\r\nX-Concord-Attempt: {ATTEMPT}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("status", "action", "is_permanent"),
    [
        ("5.1.1", "failed", True),
        ("5.7.1", "failed", True),
        ("4.4.1", "delayed", False),
        ("4.2.2", "failed", False),
        ("5.2.2", "failed", False),
        ("5.1.1", "delayed", False),
    ],
)
def test_a_report_says_whether_it_is_for_good(status: str, action: str, is_permanent: bool) -> None:
    reading = READER.read(report(status, action))
    assert (reading.kind, reading.attempt_id, reading.is_permanent) == ("bounce", ATTEMPT, is_permanent)


def test_feedback_of_a_provider_is_told_apart() -> None:
    reading = READER.read(report("5.0.0", "x", kind="feedback-report"))
    assert (reading.kind, reading.attempt_id) == ("feedback", ATTEMPT)


def test_the_same_mail_has_the_same_key_whatever_way_it_took() -> None:
    once, again = raw(mail()), b"Received: by mx2.example.net\r\n" + raw(mail())
    assert READER.read(once).mail_key == READER.read(again).mail_key
    assert READER.read(raw(mail(Message_ID="<two@example.com>"))).mail_key != READER.read(once).mail_key


@given(st.binary(max_size=2_000))
def test_nothing_that_strangers_send_raises(sent: bytes) -> None:
    READER.read(sent)


@pytest.mark.parametrize(
    "sent",
    [
        b"Content-Type: text/plain; charset=nonsense\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"From: =?utf-8?q?=FF?= <\xe4@example.com>\r\nIn-Reply-To: <<>>\r\n\r\nhello",
        b"Content-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Content-Type: text/html\r\n\r\n" + b"<div" * 50_000,
    ],
)
def test_malformed_mail_is_read_as_far_as_it_goes(sent: bytes) -> None:
    assert READER.read(sent).kind in ("reply", "unreadable")
