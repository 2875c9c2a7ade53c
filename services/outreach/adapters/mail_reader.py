"""Takes inbound mail apart: what a person wrote, what a machine answered, what came back, which attempt it is about.

RFC 5322 and MIME by the standard library; RFC 3464 delivery reports; RFC 3834 automatic answers; RFC 5965 feedback.
"""

from __future__ import annotations

import email
import email.policy
import hashlib
import html
import re
from email.message import EmailMessage, Message
from email.utils import parseaddr
from itertools import islice
from uuid import UUID

from mailparser_reply import EmailReplyParser  # type: ignore[import-untyped]  # ships no types

from services.outreach.application.reply_ports import MailReading

BODY_CHARACTERS_MAX = 200_000
PARTS_MAX = 100
ORIGINAL_CHARACTERS_MAX = 20_000
QUOTE_LANGUAGES = ["en", "de", "es", "fr", "it"]
ATTEMPT_HEADER = "X-Concord-Attempt"
_QUOTING = ("text/rfc822-headers", "message/rfc822", "message/feedback-report", "text/plain")

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_QUOTED_ID = re.compile(rf"(?:<|{ATTEMPT_HEADER}: ?|\+)({_UUID.pattern})", re.IGNORECASE)
_CHARSETS = {"gb2312": "gb18030", "gbk": "gb18030", "big5-hkscs": "big5hkscs", "x-gbk": "gb18030", "utf8": "utf-8"}
# How programs written in Chinese introduce what they quote; the library knows none of these forms.
_QUOTE_ZH = re.compile(
    r"^\s*(?:"
    r"(?:在|于|於)?\s?.{0,120}(?:写道|寫道|写到|来信|來信)\s?[::]?\s*$"
    r"|-{2,}\s?(?:原始邮件|原邮件|原始郵件|转发邮件|轉寄郵件|回复的原邮件|Original|Forwarded message)\s?-*.*$"
    r"|(?:发件人|寄件者|寄件人)\s?[::].*$"
    r"|_{10,}\s*$"
    r")",
    re.IGNORECASE,
)
_SIGNED_ZH = re.compile(r"^\s*(?:发自我的|從我的|从我的|来自我的|Sent from my|Get Outlook for).{0,40}$", re.IGNORECASE)
_TAGS = (
    (re.compile(r"<(script|style|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL), " "),
    (re.compile(r"<blockquote\b.*", re.IGNORECASE | re.DOTALL), " "),
    (
        re.compile(r"<div[^>]{0,200}class=[\"']?(?:gmail_quote|moz-cite-prefix|OutlookMessageHeader).*", re.I | re.S),
        " ",
    ),
    (re.compile(r"<(?:br|/p|/div|/tr|/li)\b[^>]{0,500}>", re.IGNORECASE), "\n"),
    (re.compile(r"<[^<>]{0,2000}>"), ""),
)
_OUT_OF_OFFICE = re.compile(
    r"^(?:auto(?:matic|mated)?[- ]?(?:reply|response)|out of (?:the )?office|自动回复|自動回覆|外出)", re.I
)


class MimeMailReader:
    """`MailReader` of whatever strangers send: bounded, never raising for a malformed mail."""

    def __init__(self) -> None:
        self._quotes = EmailReplyParser(languages=QUOTE_LANGUAGES)

    def read(self, raw: bytes) -> MailReading:
        mail_key = hashlib.sha256(raw).hexdigest()
        try:
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            return self._read(mail, mail_key)
        except Exception:
            # The standard parser raises many kinds for hostile headers; whatever it is, nobody can read this mail.
            return MailReading(mail_key, "unreadable", None, None, "", False, 0)

    def _read(self, mail: EmailMessage, mail_key: str) -> MailReading:
        message_id = str(mail.get("Message-ID", "")).strip()
        if message_id:
            mail_key = hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()
        attempt_id = _attempt_of(mail)
        sender = parseaddr(str(mail.get("From", "")))[1].lower() or None
        parts = _parts(mail)
        attachments = sum(part.get_content_disposition() == "attachment" for part in parts)
        kind = mail.get_content_type()
        report = str(mail.get_param("report-type", "")).lower() if kind == "multipart/report" else ""
        if report == "feedback-report":
            return MailReading(
                mail_key, "feedback", attempt_id or _original_attempt(parts), sender, "", True, attachments
            )
        if report == "delivery-status" or _is_from_mailer(mail, sender):
            status = _delivery_status(parts)
            return MailReading(
                mail_key, "bounce", attempt_id or _original_attempt(parts), sender, "", status, attachments
            )
        if _is_automatic(mail):
            return MailReading(mail_key, "automatic", attempt_id, sender, "", False, attachments)
        return MailReading(mail_key, "reply", attempt_id, sender, self._new_text(parts), False, attachments)

    def _new_text(self, parts: list[Message]) -> str:
        """What is new in this mail: without what it quotes and without the telephone's own line."""
        text = _body(parts)
        lines: list[str] = []
        for line in text.splitlines():
            if _QUOTE_ZH.match(line) and (lines or "写道" in line or "寫道" in line or line.strip().startswith("-")):
                break
            if not _SIGNED_ZH.match(line):
                lines.append(line)
        kept = "\n".join(lines).strip()
        latest = str(self._quotes.parse_reply(text=kept) or "").strip()
        unquoted = "\n".join(line for line in (latest or kept).splitlines() if not line.lstrip().startswith(">"))
        return unquoted.strip()


def _attempt_of(mail: Message) -> UUID | None:
    """By the id in what it answers, in the address it was sent to (VERP: notices+<attempt>@), or in our own header."""
    for header in ("In-Reply-To", "References", "To", "Delivered-To", "X-Original-To", "Envelope-To", ATTEMPT_HEADER):
        for value in mail.get_all(header, []):
            if match := _UUID.search(str(value).lower()):
                return UUID(match[0])
    return None


def _original_attempt(parts: list[Message]) -> UUID | None:
    """In a report the headers of our own mail are attached."""
    for part in parts:
        if part.get_content_type() in (
            "text/rfc822-headers",
            "message/rfc822",
            "message/feedback-report",
            "text/plain",
        ):
            match = _QUOTED_ID.search(str(part)[:ORIGINAL_CHARACTERS_MAX])
            if match:
                return UUID(match[1].lower())
    return None


def _parts(mail: Message) -> list[Message]:
    """All parts, bounded."""
    return list(islice(mail.walk(), PARTS_MAX))


def _is_from_mailer(mail: Message, sender: str | None) -> bool:
    if str(mail.get("Return-Path", "")).strip() == "<>" and not mail.get("Auto-Submitted"):
        return bool(mail.get("X-Failed-Recipients"))
    return bool(mail.get("X-Failed-Recipients")) or (sender or "").startswith(("mailer-daemon@", "postmaster@"))


def _is_automatic(mail: Message) -> bool:
    """RFC 3834, and what programs do that do not know it."""
    submitted = str(mail.get("Auto-Submitted", "no")).split(";")[0].strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return (
        submitted != "no"
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress-Reply", "List-Id"))
        or _OUT_OF_OFFICE.search(str(mail.get("Subject", "")).strip()) is not None
    )


def _delivery_status(parts: list[Message]) -> bool:
    """Whether a report says "never": class 5 with action `failed`. 5.2.2 (mailbox full) passes: it is for now."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            text = str(part).lower()
            action = re.search(r"^action:\s*(\w+)", text, re.MULTILINE)
            status = re.search(r"^status:\s*(\d)\.(\d{1,3})\.(\d{1,3})", text, re.MULTILINE)
            if status is not None:
                is_full = (status[2], status[3]) == ("2", "2")
                return status[1] == "5" and (action is None or action[1] == "failed") and not is_full
    text = "\n".join(_decoded(part)[:4_000] for part in parts if part.get_content_type() == "text/plain")
    return re.search(r"\b5\d\d[ -]5\.[01]\.\d|\b550\b.{0,60}(?:no such|unknown|not exist)", text, re.I) is not None


def _body(parts: list[Message]) -> str:
    """The plain text; from HTML where there is no other. Attachments are never opened."""
    shown = [p for p in parts if not p.is_multipart() and p.get_content_disposition() != "attachment"]
    plain = [_decoded(part) for part in shown if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n".join(plain)[:BODY_CHARACTERS_MAX]
    return "\n".join(_from_html(_decoded(p)) for p in shown if p.get_content_type() == "text/html")[
        :BODY_CHARACTERS_MAX
    ]


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    named = str(part.get_content_charset() or "utf-8").lower()
    for charset in (_CHARSETS.get(named, named), "utf-8", "gb18030"):
        try:
            return payload.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return payload.decode("utf-8", "replace")


def _from_html(text: str) -> str:
    text = text[:BODY_CHARACTERS_MAX]
    for pattern, instead in _TAGS:
        text = pattern.sub(instead, text)
    return html.unescape(text)
