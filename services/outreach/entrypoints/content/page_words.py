"""The words of the page on which codes are checked."""

from __future__ import annotations

WORDS = {
    "en": {
        "title": "Is this message really from us?",
        "other": "中文",
        "lead": "every message that we send carries a code. Type it here.",
        "code": "The code from the message",
        "text": "The text of the message (better: without it anybody could copy a code into another text)",
        "why": "We keep nothing of what you type. A code says nothing about a person or a debt.",
        "check": "Check",
        "offline": "You need not trust this page: codes can be checked without us, with the published key and lists:",
        "lists": "daily lists",
        "issued": "Issued on",
        "text_open": "Compare kind and day with your message, and paste its text below: that proves the text too.",
    },
    "zh": {
        "title": "这条信息真的出自我们吗?",
        "other": "English",
        "lead": "我们发出的每条信息都带有编码,请在此输入。",
        "code": "信息中的编码",
        "text": "信息的全文(建议填写:否则他人可能把编码抄到另一段文字里)",
        "why": "我们不保存您输入的内容。编码不含任何个人或债务信息。",
        "check": "核对",
        "offline": "您不必信任本页面:可用公布的公钥和清单离线核对:",
        "lists": "每日清单",
        "issued": "签发日期",
        "text_open": "请比对信息的种类和日期,并在下方粘贴全文:这样才能证明文字也出自我们。",
    },
}
ANSWERS = {
    "en": {
        "genuine": "Yes. We issued this code.",
        "not_readable": "This cannot be one of our codes. Please check for a slip of the pen.",
        "forged": "No. This code was not made by us.",
        "unknown_code": "No. We issued no such code.",
        "other_day": "The code is ours, but of another day than the message says.",
        "text_altered": "The code is ours, but the text is not the one that we sent with it.",
        "list_needed": "A short code can only be checked with the list of its day.",
        "list_forged": "The list is not signed by us.",
    },
    "zh": {
        "genuine": "是。该编码由我们签发。",
        "not_readable": "这不可能是我们的编码,请检查是否输错。",
        "forged": "否。该编码不是我们生成的。",
        "unknown_code": "否。我们没有签发过该编码。",
        "other_day": "编码是我们的,但日期与信息所称不符。",
        "text_altered": "编码是我们的,但文字不是我们所发的。",
        "list_needed": "短编码需要当日的清单才能核对。",
        "list_forged": "该清单不是我们签署的。",
    },
}
KINDS = {
    "en": {
        "email": "e-mail",
        "sms": "text message",
        "call": "call",
        "letter": "letter",
        "in_app": "message in an app",
        "visit": "visit",
        "validation_notice": "notice of the debt",
        "certificate": "certificate",
        "agreement": "agreement",
    },
    "zh": {
        "email": "电子邮件",
        "sms": "短信",
        "call": "电话",
        "letter": "信函",
        "in_app": "应用内消息",
        "visit": "上门",
        "validation_notice": "债权告知书",
        "certificate": "证明",
        "agreement": "还款协议",
    },
}
