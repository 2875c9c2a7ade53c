"""Words that the law or a person's safety gives an effect of their own: found by rule, acted on at once, never guessed.

The order is the order of protection. All that are found take effect; the first one names the reply.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from services.outreach.domain.replies.meaning import DISTRESS, Meaning
from services.outreach.domain.replies.patterns import words

_OTHERS = (
    r"(?:\b(?:his|her|their|your|friend'?s?|brother'?s?|sister'?s?|neighbou?r'?s?|cousin'?s?|uncle'?s?|aunt'?s?|"
    r"colleague'?s?|boss'?s?|company'?s?|movie|news|book) (?:\w+ ){0,2}$)"
    r"|(?:他|她|他们|你们?|您|朋友|邻居|同事|同学|亲戚|别人|老板|公司|银行|电视|新闻)(?:的|家|也|都|已经?|要|会|刚|们){0,3}$"
)
"""Somebody else's lawyer, bankruptcy or despair."""

_SELF_HARM = words(
    r"kill(?:ing)? myself",
    r"end(?:ing)? (?:my (?:own )?life|it all)",
    r"tak(?:e|ing) my (?:own )?life",
    r"(?:i am|i'm|i feel|feeling|been) suicidal",
    r"suicidal thoughts",
    r"(?:want|wanted|going|ready|rather|wish i (?:was|were)) (?:to )?(?:die|be dead|dead)\b",
    r"better off (?:dead|without me)",
    r"(?:no|not any|nothing) (?:reason|point)? ?(?:left )?(?:in living|to live(?: for)?)\b",
    r"(?:can't|cannot|don't want to) (?:go on|live) (?:living|like this|any ?more|any longer)",
    r"hurt(?:ing)? myself",
    r"jump(?:ing)? off (?:a|the) (?:bridge|building|roof)",
    r"想不开",
    r"活不下去",
    r"不想活",
    r"活着(?:没|还有什么|有什么)意(?:思|义)",
    r"自杀|自尽|轻生|寻短见",
    r"(?:想|要|去|不如|逼我去?|只能|只有|只好)(?:一?死了?(?:算了|之|给你|了事)?|跳楼|跳河|上吊|割腕)(?!.{0,2}账)",
    r"一了百了",
    r"结束(?:自己的?)?生命",
    may_be_denied=False,
    not_after=_OTHERS,
)
_NOT_SELF_HARM = words(
    r"(?:not|n't|never) (?:be )?(?:going to |want to |thinking of |feeling )?(?:kill myself|hurt myself|suicidal|die)",
    r"(?:不会|没有?|不是)(?:想过?|要|去)?(?:自杀|轻生|想不开)",
    may_be_denied=False,
)
_DECEASED = words(
    r"(?:^|\b(?:he|she|they|who|borrower|account ?holder|customer|debtor|owner|mr\.? \w+|mrs\.? \w+|ms\.? \w+|"
    r"person you (?:are|were|'re) (?:looking for|trying to reach|calling|texting))) "
    r"(?:has |have |had |is |was |already |sadly |unfortunately |recently )*(?:passed away|died|deceased|dead)\b",
    r"\b(?:estate of|executor (?:of|for)|administrator of (?:the|his|her) estate|death certificate)\b",
    r"(?:passed away|died|is deceased|is dead).{0,40}\b(?:his|her|their) (?:debt|loan|account|phone|"
    r"number|card|bill)\b",
    r"(?:本人|机主|户主|借款人|贷款人|欠款人|债务人|他本人|她本人|你们?要找的(?:人)?|这个人|此人|该(?:人|客户)|(?<!其)(?<!吉)他|她)"
    r"(?:已经?|早就?|上个?月|去年|前年|不幸|刚刚?|都){0,3}(?:去世|过世|病故|身故|死了|不在人世|离世|死亡)",
    r"死亡证明|遗产管理人|遗嘱执行人",
    not_after=r"\bif $|如果|万一|假如",
)
_BANKRUPT = words(
    r"(?:filed|filing|file|declared|declaring|going through|went through|in|entered|protected by|chapter) "
    r"(?:for |into |my |a |personal )*bankruptcy",
    r"\bbankruptcy (?:case|court|petition|trustee|filing|order|estate|protection|discharge)",
    r"discharged in (?:my )?bankruptcy",
    r"\b(?:i am|i'm|we are|we're|been (?:made|declared)) bankrupt\b",
    r"\bchapter (?:7|11|13)\b",
    r"debt relief order|individual voluntary arrangement|\bsequestrat(?:ed|ion)\b|\bmy iva\b",
    r"个人破产|破产(?:申请|程序|管理人|清算|保护|案件)|(?:申请|宣告|进入|已经?|我)了?破产|个人债务(?:集中)?清理",
    not_after=_OTHERS,
)
_MORATORIUM = words(
    r"breathing space",
    r"debt respite",
    r"(?:mental health )?crisis moratorium",
    r"\bmoratorium\b",
    r"(?:statutory|scra|servicemembers).{0,24}(?:stay|protection|relief)",
    r"债务(?:喘息|宽限)|法定宽限期|延期还款令|中止(?:执行|催收)令",
    not_after=_OTHERS,
)
_LAWYER = words(
    r"\b(?:my|our) (?:own )?(?:lawyer|attorney|solicitor|counsel|barrister|legal (?:team|representative))\b(?! friend)",
    r"represented by (?:a |an |my )?(?:lawyer|attorney|solicitor|counsel|law firm|debt charity)",
    r"\bi(?:'ve| have)? (?:now |already )?(?:hired|retained|got|have|instructed|engaged) (?:a |"
    r"an )(?:lawyer|attorney|solicitor)\b",
    r"(?:talk|speak|write|direct .{0,30}|contact|go through) (?:only )?(?:to )?(?:my )(?:lawyer|attorney|solicitor)",
    r"我们?的?(?:代理|委托)?律师(?!朋友)",
    r"(?:委托|聘请|请|找)了(?:一?[个名位])?(?:代理)?律师",
    r"由律师(?:代理|处理|跟|和|与)",
    not_after=_OTHERS,
)
_WRONG_PERSON = words(
    r"wrong (?:number|person|guy|man|woman|address|e-?mail)",
    r"(?:no one|nobody) (?:here )?(?:by|with|of|called) (?:that|this) name",
    r"\bi(?: am|'m) not (?:him|her|that person|the person|who you)",
    r"(?:don't|do not) know (?:this|that|any such|anyone (?:by|called|named|with)) ?(?:person|man|woman|name|guy)?",
    r"打错|找错人|发错|认错人",
    r"不是本人",
    r"我不是(?:他|她|这个人|此人|你们?要找)",
    r"不认识(?:这个人|他|她|此人|你们?(?:说|找)的)",
    r"号码.{0,6}(?:换人|不是他|不是她|换主)",
)
_CEASE = words(
    r"\bstop (?:contacting|bothering|harassing|hounding|pestering)",
    r"(?:do not|don't|never) (?:ever )?(?:contact|bother|reach out to) (?:me|us)",
    r"\bcease (?:and desist|all|any|further|communication|contact)",
    r"\bleave (?:me|us) alone\b",
    r"(?:no|any) (?:further|more) (?:contact|communication)\b",
    r"(?:不要|别|请勿|停止|不许|禁止|不准)再?(?:继续)?(?:跟我|和我|与我|给我|对我)?(?:进行)?(?:联系|打扰|骚扰|催收|烦我)",
    may_be_denied=True,
    not_after=r"(?:他们|别人|骗子|诈骗电话)$|\b(?:them|him|her|it|scammers?) (?:to )?$",
)
_STOPS_ONLY = re.compile(
    r"^(?:please |pls |请)?(?:stop|stopall|stop all|unsubscribe|quit|end|cancel|revoke|opt[ -]?out|t|td|"
    r"退订|取消|停|停止)"
    r"(?: please| now)?[.!。!]*$"
)
_REMOVED = words(
    r"unsubscribe",
    r"\bopt(?:ing|ed)? (?:me )?out\b",
    r"退订",
    r"(?:remove|delete|take) (?:me|my (?:number|e-?mail|address)) (?:from|off)",
)
_CALLS = words(
    r"\bstop (?:calling|phoning|ringing)",
    r"(?:do not|don't|never) (?:ever )?(?:call|phone|ring) (?:me|us|this)",
    r"no (?:more )?(?:phone )?calls\b",
    r"(?:不要|别|请勿|停止|不许|不准)再?(?:给我|往我)?(?:打电话|打给我|致电|来电|打来)",
)
_TEXTS = words(
    r"\bstop (?:texting|messaging|sending (?:me )?(?:texts|messages|sms))",
    r"(?:do not|don't|never) (?:ever )?(?:text|message|sms) (?:me|us)",
    r"no (?:more )?(?:texts|text messages)\b",
    r"(?:不要|别|请勿|停止|不许|不准)再?(?:给我)?(?:发短信|发信息|发消息)",
)
_MAILS = words(
    r"\bstop e-?mailing",
    r"(?:do not|don't|never) (?:ever )?e-?mail (?:me|us)",
    r"no (?:more )?e-?mails\b",
    r"(?:不要|别|请勿|停止|不许|不准)再?(?:给我)?(?:发邮件|发电邮|发电子邮件)",
)
_AT_WORK = words(
    r"(?:stop (?:calling|contacting)|(?:do not|don't|never|can't|cannot|not allowed to) "
    r"(?:call|contact|phone|ring|take .{0,12}calls)).{0,24}"
    r"(?:at (?:my )?(?:work|job|office|workplace)|my (?:workplace|employer|office|job))",
    r"(?:employer|boss|work) (?:does not|doesn't|won't|forbids?|prohibits?).{0,32}calls?",
    r"(?:不要|别|请勿|不许|停止|不准)再?(?:往|打|给|到|联系|打电话到|打到).{0,8}(?:单位|公司|上班|工作的?地方|办公室)",
    r"(?:单位|公司|老板)不(?:让|允许|准)接?.{0,8}(?:电话|私人)",
    may_be_denied=False,
)
_CRITICAL = words(
    r"threaten(?:ed|ing|s)? (?:to )?(?:kill|hurt|beat|harm|rape|burn|my (?:kids|children|family|life)|violence)",
    r"(?:locked|held|kept) me (?:in|against|there|inside)",
    r"(?:hit|beat|punched|slapped|assaulted) (?:me|my)\b",
    r"非法拘禁|限制.{0,4}人身自由|不让我(?:离开|走)|关在",
    r"(?:打了|殴打|动手打|打伤)(?:我|人)?",
    r"(?:威胁|恐吓|扬言)(?:要)?.{0,6}(?:杀|打|砍|弄死|家人|孩子|父母|生命)",
    r"裸照|p图",
)
_COMPLAINT = words(
    r"\bcomplain(?:t|ts|ed|ing)?\b",
    r"\bharass(?:ment|ing|ed)?\b",
    r"\bcfpb\b|\bftc\b|\bfca\b|\bacma\b|\bocc\b",
    r"ombudsman",
    r"attorney general|regulator\b|better business bureau",
    r"report(?:ing|ed)? (?:you|this|your company) to\b|\breport(?:ing)? you\b",
    r"投诉|骚扰|举报|信访",
    r"12378|12363|12315|12345",
    r"金融监管|银保监|消费者协会|人民银行",
    r"态度(?:恶劣|很差|太差)",
    r"威胁|恐吓|辱骂|爆通讯录|暴力催收",
)
_FRAUD = words(
    r"identity theft", r"(?:stole|stolen|used) my (?:identity|id\b|name)", r"\bfraud(?:ulent|"
    r"ulently)?\b", r"\bscam(?:med)? me\b|\bwas scammed\b",
    r"冒名|冒用|被盗用|被骗(?:贷|借)|诈骗",
)  # fmt: skip
_AMOUNT_WRONG = words(
    r"(?:wrong|incorrect) (?:amount|balance|sum|figure)",
    r"(?:amount|balance|sum|figure|interest|fees?) (?:is|are|looks|look|seems) (?:wrong|not right|"
    r"incorrect|not correct)",
    r"owe (?:less|that much)",
    r"(?:金额|数额|余额|利息|费用).{0,6}(?:不对|有误|错|不符|算多)",
)
_DISPUTE = words(
    r"\bdisput(?:e|ed|ing)\b",
    r"not my (?:debt|loan|account)",
    r"(?:don't|do not|never) owe",
    r"never (?:borrowed|took (?:out)?|had|signed|opened) ",
    r"prove (?:it|this|that i)\b|proof of (?:the|this) debt",
    r"(?:verify|validate) (?:this|the|my) debt|debt validation|validation (?:notice|letter)",
    r"异议",
    r"没(?:有)?(?:借过|贷过|欠)",
    r"不是我(?:的(?!意思|错|本意)|借|欠|贷)",
    r"不认可|不承认",
    r"证明.{0,8}(?:债|欠|借)",
)

Rule = Callable[[str], Meaning | None]


def _distress(said: str) -> Meaning | None:
    if not _SELF_HARM.found(said) or _NOT_SELF_HARM.found(said):
        return None
    return Meaning("distress", "rule.distress", hold="distress", review=DISTRESS)


def _deceased(said: str) -> Meaning | None:
    return Meaning("other", "rule.deceased", hold="deceased") if _DECEASED.found(said) else None


def _wrong_person(said: str) -> Meaning | None:
    if not _WRONG_PERSON.found(said):
        return None
    return Meaning("wrong_person", "rule.wrong_person", hold="wrong_person", is_wrong_person=True)


def _represented(said: str) -> Meaning | None:
    if not _LAWYER.found(said):
        return None
    return Meaning("other", "rule.represented", hold="representation", is_represented=True)


def _bankrupt(said: str) -> Meaning | None:
    return Meaning("other", "rule.bankruptcy", hold="bankruptcy") if _BANKRUPT.found(said) else None


def _moratorium(said: str) -> Meaning | None:
    return Meaning("other", "rule.moratorium", hold="moratorium") if _MORATORIUM.found(said) else None


def _cease(said: str) -> Meaning | None:
    if not _CEASE.found(said) or _AT_WORK.found(said):
        return None
    return Meaning("stop", "rule.cease", hold="cease")


def _critical(said: str) -> Meaning | None:
    if not _CRITICAL.found(said):
        return None
    return Meaning("complaint", "rule.critical_conduct", hold="critical_conduct", category="critical_conduct")


def _complaint(said: str) -> Meaning | None:
    if not _COMPLAINT.found(said):
        return None
    is_about_contact = re.search(r"harass|骚扰|call|text|电话|短信", said)
    category = "contact_frequency" if is_about_contact else "conduct"
    return Meaning("complaint", "rule.complaint", hold="complaint", category=category)


def _work(said: str) -> Meaning | None:
    return Meaning("stop", "rule.not_at_work", refuses_work=True) if _AT_WORK.found(said) else None


def _stop(said: str) -> Meaning | None:
    if _AT_WORK.found(said):
        return None
    for channel, refusal in (("call", _CALLS), ("sms", _TEXTS), ("email", _MAILS)):
        if refusal.found(said):
            return Meaning("stop", "rule.stop", refused_channel=channel)
    if _STOPS_ONLY.search(said) or _REMOVED.found(said):
        return Meaning("stop", "rule.stop", refused_channel="this")
    return None


def _dispute(said: str) -> Meaning | None:
    if _FRAUD.found(said):
        return Meaning("dispute", "rule.dispute", hold="dispute", category="fraud", arrears_cause="fraud_victim")
    if _AMOUNT_WRONG.found(said):
        return Meaning("dispute", "rule.dispute", hold="dispute", category="amount", arrears_cause="dispute")
    if _DISPUTE.found(said):
        return Meaning("dispute", "rule.dispute", hold="dispute", category="not_owed", arrears_cause="dispute")
    return None


_RULES: tuple[Rule, ...] = (
    _distress,
    _deceased,
    _wrong_person,
    _represented,
    _bankrupt,
    _moratorium,
    _cease,
    _critical,
    _complaint,
    _work,
    _stop,
    _dispute,
)


def legal_meanings(said: str) -> list[Meaning]:
    """Everything that a rule finds in plain text, the most protective first; of two complaints the graver one."""
    found = [meaning for rule in _RULES if (meaning := rule(said)) is not None]
    complaints = [meaning for meaning in found if meaning.intent == "complaint"]
    return [meaning for meaning in found if meaning not in complaints[1:]]
