"""Critical conduct: what must stop everything at once, found in people's own words by rule, in English and Chinese.

Only what somebody of ours is said to have done: a person's own despair or anger is no alarm about us.
"""

from __future__ import annotations

import re

CATEGORIES = ("detention", "violence", "threats", "harassment", "third_party_disclosure", "impersonation")
SOURCES = ("reply", "call_note", "staff", "portal")

_WHO = (
    r"(?:you|your\s+(?:agents?|collectors?|people|men|staff|caller)|the\s+(?:agent|collector|caller)|(?:he|she|they))"
)
_WER = r"(?:你们|你方|催收(?:员|人员|的人)?|他们|她|他|对方)"
_PATTERNS: dict[str, tuple[str, ...]] = {
    "detention": (
        rf"\b{_WHO}\s+(?:have\s+)?(?:locked\s+(?:me|us)\s+(?:in|up)|held\s+(?:me|us)\s+(?:there|against)|"
        r"(?:would\s?n.t|did\s?n.t|won.t)\s+let\s+(?:me|us)\s+(?:leave|go|out))",
        rf"{_WER}.{{0,12}}(?:拘禁|关押|扣留|把我(?:关|锁)|不让我(?:走|离开|出去)|限制.{{0,3}}人身自由)",
    ),
    "violence": (
        rf"\b{_WHO}\s+(?:have\s+|came\b.{{0,30}}\band\s+)?"
        r"(?:hit|beat|punched|kicked|pushed|slapped|attacked|assaulted)\s+(?:me|us|my)\b",
        rf"{_WER}.{{0,8}}(?:打了我|殴打|动手打|打伤|推了我|踢了我|砸了我|打我)",
    ),
    "threats": (
        rf"\b{_WHO}\s+(?:have\s+|keep\s+)?(?:threatened|threatening|threaten)\b(?!\s+(?:legal|court))",
        rf"\b{_WHO}\s+(?:said|told\s+me|wrote)\b.{{0,40}}\b(?:hurt|kill|beat|harm)\s+(?:me|us|my)\b",
        rf"{_WER}.{{0,10}}(?:威胁|恐吓|恫吓|要弄死|要打死|要杀)",
    ),
    "harassment": (
        rf"\b{_WHO}\s+(?:have\s+|keep\s+|are\s+)?(?:harassed|harassing|stalked|stalking)\s+(?:me|us|my)\b",
        rf"{_WER}.{{0,10}}(?:骚扰我|骚扰我的?家人|轰炸|跟踪我|堵(?:我家)?门|泼漆)",
    ),
    "third_party_disclosure": (
        rf"\b{_WHO}\s+(?:have\s+)?(?:told|called|texted|phoned)\s+my\s+(?:boss|employer|mother|father|parents|family|"
        r"neighbou?rs?|colleagues|friends|children)\b.{0,40}\b(?:debt|owe|loan|money)",
        rf"{_WER}.{{0,14}}(?:告诉|打给|发给|联系|群发).{{0,8}}(?:我的?(?:同事|领导|老板|父母|家人|邻居|朋友|单位|通讯录)).{{0,14}}(?:欠|债|贷款|逾期)?",
    ),
    "impersonation": (
        rf"\b{_WHO}\s+(?:have\s+)?(?:said|claimed|pretended|told\s+me)\b.{{0,25}}\b(?:to\s+be|were|was|are|is|from|he.s|"
        r"she.s|they.re)\b.{0,15}\b(?:police|sheriff|court|judge|marshal|government|prosecutor)\b",
        rf"{_WER}.{{0,8}}(?:冒充|假冒|自称是?).{{0,6}}(?:警察|公安|法院|法官|检察|民警|政府|律师)",
    ),
}
_COMPILED = {name: tuple(re.compile(each, re.IGNORECASE) for each in entries) for name, entries in _PATTERNS.items()}
_DENIED = re.compile(r"\b(?:never|nobody|no one|did\s?n.t|has\s?n.t|have\s?n.t|not)\b|没有|从未|未曾", re.IGNORECASE)
TEXT_MAX = 20_000


def alarm_in(text: str) -> str | None:
    """The gravest category that the text speaks of; None where it speaks of none."""
    shortened = text[:TEXT_MAX].replace("’", "'")
    for name in CATEGORIES:
        for pattern in _COMPILED[name]:
            for found in pattern.finditer(shortened):
                if name == "detention" or _DENIED.search(found[0]) is None:
                    return name
    return None
