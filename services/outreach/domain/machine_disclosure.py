"""A machine says that it is one before it says anything else (D19)."""

from __future__ import annotations

import re
from unicodedata import normalize

DISCLOSURES = {
    "en": "This is an automated assistant, not a person.",
    "zh": "我是自动语音助手，不是真人。",
}
"""What a bot's script begins with where nobody wrote a better opening."""

_GREETING = r"(?:(?:hello|hi|good (?:morning|afternoon|evening))[,.!]? |(?:您好|你好|早上好|下午好|晚上好)[,。!] ?)?"
_MACHINE = re.compile(
    _GREETING
    + r"(?:(?:this is|i am|i'm|you are speaking (?:to|with)) (?:an?|the) (?:\w+ ){0,2}"
    + r"(?:automated|ai|virtual|robot|machine|computer|digital)\b"
    + r"|(?:我|这)(?:里)?是.{0,12}?(?:自动|人工智能|ai|智能|机器人|虚拟).{0,6}?(?:助手|客服|语音|机器人|程序))"
)


def discloses_machine(text: str) -> bool:
    """Whether the text begins, after a greeting at most, with the sentence that it is a machine speaking."""
    said = " ".join(normalize("NFKC", text[:400]).split()).lower()
    return _MACHINE.match(said) is not None
