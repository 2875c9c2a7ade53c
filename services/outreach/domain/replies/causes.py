"""Why somebody cannot pay, as far as the words say it, and what a dispute is about."""

from __future__ import annotations

from services.outreach.domain.replies.patterns import Words, words

_CAUSES: tuple[tuple[str, Words], ...] = (
    (
        "bereavement",
        words(
            r"passed away|\bdied\b|funeral|death (?:of|in)|bereave|lost my (?:husband|wife|mother|father|mum|mom|dad|"
            r"son|daughter|brother|sister|partner)",
            r"去世|过世|丧事|病故|走了.{0,4}(?:办|后事)|后事|葬礼",
        ),
    ),
    (
        "illness",
        words(
            r"hospital|surgery|\bsick\b|\bill(?:ness)?\b|cancer|disab(?:led|ility)|chemo|\bstroke\b|operation|medical|"
            r"broke my (?:leg|arm|back|hip)|heart attack|injur",
            r"住院|生病|手术|患病|重病|治病|化疗|癌|骨折|看病|医药费|病倒|瘫痪|透析|得了.{0,4}病|出了?车祸|受伤|工伤",
        ),
    ),
    (
        "job_loss",
        words(
            r"(?:lost|lose|losing) (?:my|the) job|laid off|lay-?offs?\b|unemploy|out of (?:work|a job)|"
            r"got (?:fired|sacked)|made redundant|redundancy|\bno job\b|between jobs|"
            r"(?:factory|plant|shop|store|company|business) (?:has |was )?(?:closed|shut|went under)|"
            r"let (?:me )?go (?:from|by|at)|(?:was|been|got) let go|furlough|terminated",
            r"失业|下岗|被裁|裁员|没有?工作|丢了工作|倒闭|被辞|辞退|待业|工作(?:没了|丢了)|停工|停产|关门|找不到工作|开除",
        ),
    ),
)
_AMOUNT = words(
    r"\b(?:amount|balance|interest|fees?|charges?|total|sum|figure)\b", r"金额|利息|余额|费用|罚息|本金|数字|多算"
)


def cause_of(said: str) -> str | None:
    return next((cause for cause, phrases in _CAUSES if phrases.found(said)), None)


def is_about_amount(said: str) -> bool:
    return _AMOUNT.found(said)
