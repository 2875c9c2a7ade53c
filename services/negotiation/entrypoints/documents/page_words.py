"""The words of the page on which documents are checked."""

from __future__ import annotations

WORDS = {
    "en": {
        "title": "Is this document really from us?",
        "other": "中文",
        "lead": "every agreement and certificate of ours carries a code. Type it here, or scan the picture on it.",
        "code": "The code from the document",
        "why": "We keep nothing of what you type. A code says nothing about a person or a debt.",
        "check": "Check",
        "issued": "Issued on",
        "withdrawn": "Withdrawn on",
        "hash": "Fingerprint of the file (SHA-256). Compare it with your copy:",
        "offline": "You need not trust this page. The file itself is sealed, and codes can be checked with these keys:",
        "seal": "certificate of the seal",
    },
    "zh": {
        "title": "这份文件真的出自我们吗?",
        "other": "English",
        "lead": "我们的每份协议和证明都带有编码。请在此输入,或扫描文件上的图码。",
        "code": "文件上的编码",
        "why": "我们不保存您输入的内容。编码不含任何个人或债务信息。",
        "check": "核对",
        "issued": "签发日期",
        "withdrawn": "撤销日期",
        "hash": "文件指纹(SHA-256),请与您的文件比对:",
        "offline": "您不必信任本页面:文件本身带有签章,编码也可用以下公钥核对:",
        "seal": "签章证书",
    },
}
ANSWERS = {
    "en": {
        "genuine": "Yes. We issued this document, and it has not been withdrawn.",
        "withdrawn": "We issued this document, but it holds no more.",
        "not_readable": "This cannot be one of our codes. Please check for a slip of the pen.",
        "forged": "No. This code was not made by us.",
        "unknown_code": "No. We issued no such code.",
    },
    "zh": {
        "genuine": "是。该文件由我们签发,未被撤销。",
        "withdrawn": "该文件由我们签发,但已不再有效。",
        "not_readable": "这不可能是我们的编码,请检查是否输错。",
        "forged": "否。该编码不是我们生成的。",
        "unknown_code": "否。我们没有签发过该编码。",
    },
}
KINDS = {
    "en": {"agreement": "payment agreement", "certificate": "certificate that a debt is cleared"},
    "zh": {"agreement": "还款协议", "certificate": "债务结清证明"},
}
