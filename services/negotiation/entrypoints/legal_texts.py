"""What a step in law means for the person it is about, what they can do, and who helps for nothing. In two languages.

Our own words, in plain language; no advice on the single case, and never a threat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One information sheet. `advice`: where advice costs nothing."""

    title: str
    meaning: str
    choices: tuple[str, ...]
    advice: tuple[str, ...]


_ADVICE: Mapping[str, Mapping[Language, tuple[str, ...]]] = {
    "GB": {
        "en": ("Citizens Advice", "StepChange Debt Charity", "National Debtline", "a law centre near you"),
        "zh": ("Citizens Advice（公民咨询局）", "StepChange 债务慈善机构", "National Debtline", "您附近的法律中心"),
    },
    "CN": {
        "en": ("the legal aid centre of your district (12348)", "a people's mediation committee"),
        "zh": ("所在区县的法律援助中心（12348 公共法律服务热线）", "人民调解委员会"),
    },
    "US": {
        "en": ("your local legal aid office", "the court's self-help centre", "a non-profit credit counsellor"),
        "zh": ("当地法律援助机构", "法院自助服务中心", "非营利信贷咨询机构"),
    },
}
_OTHER_ADVICE: Mapping[Language, tuple[str, ...]] = {
    "en": ("legal aid where you live", "a debt advice charity"),
    "zh": ("居住地的法律援助机构", "债务咨询公益组织"),
}
_ALWAYS: Mapping[Language, tuple[str, ...]] = {
    "en": (
        "You can still agree a plan that you can keep. That stops this at once.",
        "If something is wrong, say so: the amount, the debt, or the person. Nothing goes on until it is looked at.",
        "If you are ill, in crisis or caring for somebody, tell us. That counts.",
    ),
    "zh": (
        "您仍然可以商定一个负担得起的还款计划，达成后程序立即停止。",
        "如果金额、债务或当事人有误，请告诉我们；查清之前不会继续。",
        "如果您生病、遇到危机或正在照顾他人，请告诉我们，我们会予以考虑。",
    ),
}

_SHEETS: Mapping[str, Mapping[Language, tuple[str, str, tuple[str, ...]]]] = {
    "pre_action": {
        "en": (
            "A lawyer is looking at your case",
            "No claim has been made. Somebody checks first whether a claim would be right, in time and fair.",
            (),
        ),
        "zh": ("律师正在审查您的个案", "目前没有提起任何请求。首先要审查请求是否正当、及时、公平。", ()),
    },
    "letter_before_action": {
        "en": (
            "You have been sent a letter before a claim",
            "It says what is claimed and why. You have time to answer; nothing is filed before that time is over.",
            ("Use the reply form: agree, disagree, or ask for time to get advice or documents.",),
        ),
        "zh": (
            "您会收到一封起诉前的信函",
            "信中写明请求的内容和理由。您有时间答复；期限届满之前不会提起诉讼。",
            ("请使用答复表：同意、不同意，或要求时间以取得咨询或文件。",),
        ),
    },
    "mediation": {
        "en": (
            "You have been offered mediation",
            "A neutral person helps both sides to find an agreement. It is voluntary and confidential.",
            ("Say yes or no. Saying no has no effect on what you owe.",),
        ),
        "zh": (
            "向您提出了调解",
            "由中立的第三方协助双方达成一致。调解自愿、保密。",
            ("您可以同意或不同意；不同意不影响债务本身。",),
        ),
    },
    "arbitration": {
        "en": (
            "A claim has been brought before arbitrators",
            "Arbitrators, instead of a judge, will decide. You are heard like the other side.",
            ("Answer in the time that the tribunal's letter names, also where you think nothing is owed.",),
        ),
        "zh": (
            "已提起仲裁",
            "由仲裁庭而非法官裁决。您与对方有同等的陈述机会。",
            ("请在仲裁通知写明的期限内答复，即使您认为不欠款。",),
        ),
    },
    "suit": {
        "en": (
            "A claim has been filed with a court",
            "A judge will decide whether the claim is right. The court writes to you itself.",
            ("Answer in the time that the court's letter names. Without an answer the court may decide without you.",),
        ),
        "zh": (
            "已向法院提起诉讼",
            "由法官裁判请求是否成立。法院会直接给您寄送文书。",
            ("请在法院文书写明的期限内答复；不答复，法院可能缺席判决。",),
        ),
    },
    "hearing": {
        "en": (
            "There is a hearing",
            "Both sides tell the court what happened. You may bring somebody to help you.",
            ("If you cannot come, tell the court before that day.",),
        ),
        "zh": ("即将开庭", "双方向法庭陈述。您可以带人协助。", ("如不能到庭，请提前告知法院。",)),
    },
    "judgment": {
        "en": (
            "There is a judgment",
            "It says what has to be paid and by when. You may be able to appeal, or to ask to pay in parts.",
            ("Look for the last day to appeal on the judgment.", "Ask the court or us for payment in parts."),
        ),
        "zh": (
            "已有判决",
            "判决写明应付金额和期限。您可能有权上诉，或请求分期支付。",
            ("请查看判决上的上诉期限。", "可向法院或我们申请分期。"),
        ),
    },
    "enforcement": {
        "en": (
            "The judgment is being enforced",
            "A court's officers may take steps to get what was awarded. What you need to live on is protected by law.",
            ("Show the court what you need for yourself and your family.", "Ask to pay in parts or for a stay."),
        ),
        "zh": (
            "判决进入执行",
            "执行机构可以依法采取措施。维持基本生活的财物受法律保护。",
            ("向法院说明您和家人的必要生活费用。", "可以申请分期或暂缓执行。"),
        ),
    },
    "time_barred": {
        "en": (
            "The time to claim this debt in court is over",
            "So much time has passed that nobody will file a claim for it. You need not pay because of this letter.",
            ("Before you pay or sign anything, ask for advice: in some places that starts the time anew.",),
        ),
        "zh": (
            "该债务的诉讼时效已经届满",
            "由于时间已过，不会就此提起诉讼。您无须因此付款。",
            ("在付款或签署任何文件之前请先咨询：在某些地方这会使时效重新计算。",),
        ),
    },
    "satisfied": {
        "en": ("It is settled", "What was owed has been paid. Nothing is pursued any more.", ()),
        "zh": ("已经了结", "欠款已清偿，不再追究。", ()),
    },
    "stopped": {
        "en": ("It has been stopped", "Nothing is pursued in court any more.", ()),
        "zh": ("已经停止", "不再通过法律程序追究。", ()),
    },
    "returned": {
        "en": (
            "The legal file has been closed",
            "A lawyer has looked at it, and it was given back. No claim is made.",
            (),
        ),
        "zh": ("法律案卷已关闭", "经律师审查后已退回，不提起请求。", ()),
    },
}
SHEET_CODES = tuple(_SHEETS)


def information_sheet(code: str, jurisdiction: str, language: str) -> Sheet:
    """The sheet for a state of a legal file, or for `time_barred`. Raises `KeyError` for another code."""
    spoken: Language = "zh" if language.startswith("zh") else "en"
    title, meaning, choices = _SHEETS[code][spoken]
    is_over = code in ("satisfied", "stopped", "returned", "time_barred")
    advice = _ADVICE.get(jurisdiction, {}).get(spoken, _OTHER_ADVICE[spoken])
    return Sheet(title, meaning, choices if is_over else (*choices, *_ALWAYS[spoken]), advice)


def sheet_text(sheet: Sheet) -> str:
    """The sheet as plain text: the annex that goes with a letter."""
    return "\n".join([sheet.title, "", sheet.meaning, "", *(f"- {line}" for line in (*sheet.choices, *sheet.advice))])
