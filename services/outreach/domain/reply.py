"""What a borrower's message means, decided by rules in Chinese and English, the most protective meaning first."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

from services.outreach.domain.promise import promised_amount, promised_day

TEXT_LENGTH_MAX = 4_000


@dataclass(frozen=True, slots=True)
class Meaning:
    """The intent of a message, the rule that found it, and what it said besides."""

    intent: str
    rule: str
    hold: str | None = None
    refused_channel: str | None = None
    """The channel that is not wanted any more; `this`: the one the message came by."""
    is_wrong_person: bool = False
    is_represented: bool = False
    arrears_cause: str | None = None
    promised_on: date | None = None
    promised_minor_units: int | None = None
    category: str | None = None
    """Ground of a dispute, category of a complaint."""


def understand(text: str, today: date, exponent: int = 2) -> Meaning:
    """Classify one message. `today` is the borrower's business date, for "tomorrow" and "on Friday".

    The order of the rules is the order of protection: where a message says two things, the safer one decides. Only the
    first 4,000 characters are read.
    """
    said = re.sub(r"\s+", " ", normalize("NFKC", text[:TEXT_LENGTH_MAX])).strip().lower()
    for rule in _RULES:
        meaning = rule(said, today, exponent)
        if meaning is not None:
            return meaning
    return Meaning("other", "rule.other")


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


# Simple alternations without nested repetition: their time grows with the text's length alone.
_WRONG_PERSON = _any(
    r"wrong (?:number|person|guy|man|woman)",
    r"(?:no one|nobody) (?:here )?(?:by|with|of) that name",
    r"you have the wrong",
    r"i(?: am|'m) not (?:him|her|that person|the person)",
    r"(?:don't|do not) know (?:this|that|any such) person",
    r"打错",
    r"找错人",
    r"发错",
    r"不是本人",
    r"我不是(?:他|她|这个人|你们?要找)",
    r"不认识(?:这个人|他|她|此人)",
    r"号码.{0,6}(?:换人|不是他|不是她)",
)
_REPRESENTED = _any(
    r"(?:my|our) (?:lawyer|attorney|solicitor|counsel)",
    r"represented by (?:a lawyer|an attorney|counsel)",
    r"我的?(?:代理)?律师",
)
_CEASE = _any(
    r"stop (?:contacting|bothering|harassing)",
    r"(?:do not|don't|never) (?:ever )?contact me",
    r"cease (?:and desist|all|any|communication|contact)",
    r"leave me alone",
    r"(?:不要|别|请勿|停止|不许|禁止)再?(?:跟我|和我|与我|给我)?(?:联系|打扰|骚扰)",
)
_NO_CALLS = _any(
    r"stop calling",
    r"(?:do not|don't|never) (?:ever )?call me",
    r"(?:不要|别|请勿|停止|不许)再?(?:给我)?(?:打电话|打给我|致电|来电)",
)
_NO_TEXTS = _any(
    r"stop (?:texting|messaging)",
    r"(?:do not|don't|never) (?:ever )?(?:text|message) me",
    r"(?:不要|别|请勿|停止|不许)再?(?:给我)?(?:发短信|发信息|发消息)",
)
_NO_MAIL = _any(
    r"stop e-?mailing",
    r"(?:do not|don't|never) (?:ever )?e-?mail me",
    r"(?:不要|别|请勿|停止|不许)再?(?:给我)?(?:发邮件|发电邮)",
)
_STOP = _any(
    r"^(?:stop|stopall|unsubscribe|quit|end|cancel|opt[ -]?out|t|td|退订|取消|停)[.!。]?$",
    r"unsubscribe",
    r"opt(?:ing|ed)? (?:me )?out",
    r"退订",
    r"remove me from",
)
_COMPLAINT = _any(
    r"complain",
    r"harass",
    r"cfpb",
    r"ombudsman",
    r"attorney general",
    r"report(?:ing)? you",
    r"投诉",
    r"骚扰",
    r"举报",
    r"12378",
    r"12363",
    r"态度(?:恶劣|很差|太差)",
    r"威胁",
)
_FRAUD = _any(r"identity theft", r"stole my identity", r"fraud", r"冒名", r"冒用", r"被盗用", r"诈骗")
_AMOUNT_WRONG = _any(
    r"(?:wrong|incorrect) (?:amount|balance|sum)",
    r"(?:amount|balance) is (?:wrong|not right|incorrect|not correct)",
    r"owe (?:less|that much)",
    r"(?:金额|数额|余额|利息).{0,6}(?:不对|有误|错|不符)",
)
_DISPUTE = _any(
    r"disput",
    r"not my (?:debt|loan|account)",
    r"(?:don't|do not|never) owe",
    r"never (?:borrowed|took|had|signed)",
    r"prove (?:it|this|that i)",
    r"verify (?:this|the) debt",
    r"validat(?:e|ion) (?:this|the|of)",
    r"异议",
    r"没(?:有)?(?:借过|贷过|欠)",
    r"不是我(?:的|借|欠|贷)",
    r"不认可",
    r"不承认",
    r"证明.{0,8}(?:债|欠|借)",
)
_CAUSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "bereavement",
        _any(
            r"passed away", r"\bdied\b", r"funeral", r"death (?:of|in)", r"bereave", r"去世", r"过世", r"丧事", r"病故"
        ),
    ),
    (
        "illness",
        _any(
            r"hospital",
            r"surgery",
            r"\bsick\b",
            r"\bill(?:ness)?\b",
            r"cancer",
            r"disabled",
            r"住院",
            r"生病",
            r"手术",
            r"患病",
            r"重病",
            r"治病",
        ),
    ),
    (
        "job_loss",
        _any(
            r"(?:lost|lose|losing) my job",
            r"laid off",
            r"unemploy",
            r"out of work",
            r"got fired",
            r"no job",
            r"失业",
            r"下岗",
            r"被裁",
            r"裁员",
            r"没有?工作",
            r"丢了工作",
            r"公司倒闭",
        ),
    ),
    (
        "cash_flow_gap",
        _any(
            r"(?:can't|cannot|can not|unable to) (?:afford|pay)",
            r"hardship",
            r"struggling",
            r"no money",
            r"hours (?:were |got )?cut",
            r"困难",
            r"没钱",
            r"还不[起上]",
            r"没有?(?:能力|办法)还",
            r"周转不",
            r"无力偿还",
        ),
    ),
)
_ALREADY_PAID = _any(
    r"already (?:been )?paid",
    r"(?:i|i've|i have) (?:just )?paid (?:it|this|that|last|yesterday|on|in full)",
    r"paid (?:this|it) off",
    r"已经?(?:还|付|结清|转账)",
    r"还过(?:了|款)",
    r"还清",
    r"刚还",
)
_PROMISE = _any(
    r"(?:i will|i'll|i can|i could|i shall|going to|gonna|promise to|able to) (?:pay|send|transfer|make)",
    r"(?:will|can) (?:pay|send|transfer)",
    r"(?:会|能|可以|打算|准备|承诺|一定|保证|就|先|再).{0,10}(?:还|付|转)",
    r"发工资.{0,8}(?:还|付)",
    r"(?:还|付)款?\s?¥?\d",
    r"(?:号|日|天|周[一二三四五六日天]|月底).{0,6}(?:还|付)",
)
_QUESTION = _any(
    r"\?",
    r"^(?:how|what|why|when|where|who|which|can i|could i|is there|do you)\b",
    r"多少",
    r"怎么",
    r"为什么",
    r"如何",
    r"能不能",
    r"可不可以",
    r"吗$",
)


def _wrong_person(said: str, today: date, exponent: int) -> Meaning | None:
    if not _WRONG_PERSON.search(said):
        return None
    return Meaning("wrong_person", "rule.wrong_person", hold="wrong_person", is_wrong_person=True)


def _represented(said: str, today: date, exponent: int) -> Meaning | None:
    return Meaning("other", "rule.represented", is_represented=True) if _REPRESENTED.search(said) else None


def _complaint(said: str, today: date, exponent: int) -> Meaning | None:
    if not _COMPLAINT.search(said):
        return None
    is_about_contact = re.search(r"harass|骚扰|call|text|电话|短信", said)
    category = "contact_frequency" if is_about_contact else "conduct"
    return Meaning("complaint", "rule.complaint", hold="complaint", category=category)


def _cease(said: str, today: date, exponent: int) -> Meaning | None:
    return Meaning("stop", "rule.cease", hold="cease") if _CEASE.search(said) else None


def _stop(said: str, today: date, exponent: int) -> Meaning | None:
    for channel, pattern in (("call", _NO_CALLS), ("sms", _NO_TEXTS), ("email", _NO_MAIL), ("this", _STOP)):
        if pattern.search(said):
            return Meaning("stop", "rule.stop", refused_channel=channel)
    return None


def _dispute(said: str, today: date, exponent: int) -> Meaning | None:
    if _FRAUD.search(said):
        return Meaning("dispute", "rule.dispute", hold="dispute", category="fraud", arrears_cause="fraud_victim")
    if _AMOUNT_WRONG.search(said):
        return Meaning("dispute", "rule.dispute", hold="dispute", category="amount", arrears_cause="dispute")
    if _DISPUTE.search(said):
        return Meaning("dispute", "rule.dispute", hold="dispute", category="not_owed", arrears_cause="dispute")
    return None


def _hardship(said: str, today: date, exponent: int) -> Meaning | None:
    for cause, pattern in _CAUSES:
        if pattern.search(said):
            return Meaning("hardship", f"rule.hardship_{cause}", hold="hardship", arrears_cause=cause)
    return None


def _already_paid(said: str, today: date, exponent: int) -> Meaning | None:
    return Meaning("already_paid", "rule.already_paid", hold="verification") if _ALREADY_PAID.search(said) else None


def _promise(said: str, today: date, exponent: int) -> Meaning | None:
    if not _PROMISE.search(said) or (
        _QUESTION.search(said) and not (promised_day(said, today) and promised_amount(said, exponent))
    ):
        return None
    return Meaning(
        "promise",
        "rule.promise",
        promised_on=promised_day(said, today),
        promised_minor_units=promised_amount(said, exponent),
    )


def _question(said: str, today: date, exponent: int) -> Meaning | None:
    return Meaning("question", "rule.question") if _QUESTION.search(said) else None


_RULES: tuple[Callable[[str, date, int], Meaning | None], ...] = (
    _wrong_person,
    _represented,
    _cease,
    _complaint,
    _stop,
    _dispute,
    _hardship,
    _already_paid,
    _promise,
    _question,
)
