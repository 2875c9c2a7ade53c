"""The letter that answers a complaint or a dispute, in the person's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

OUTCOMES: dict[str, tuple[str, str]] = {
    "upheld": ("We find that you are right.", "经调查，您的投诉成立。"),
    "partly_upheld": ("We find that you are right in part.", "经调查，您的投诉部分成立。"),
    "not_upheld": ("We find that we acted as we have to.", "经调查，您的投诉不成立。"),
    "withdrawn": ("You have withdrawn it, and we close it.", "您已撤回，我们予以结案。"),
    "debt_verified": (
        "The creditor has confirmed the debt. The details are below.",
        "债权人已核实该笔债务，详情如下。",
    ),
    "debt_corrected": (
        "The amount was wrong. We have asked the creditor to correct it; the corrected amount counts.",
        "金额有误，我们已请债权人更正，以更正后的金额为准。",
    ),
    "debt_withdrawn": (
        "You do not owe this debt. We end our contact and return the case to the creditor.",
        "您不欠该笔债务。我们停止联系，并将案件退回债权人。",
    ),
}
REDRESS: dict[str, tuple[str, str]] = {
    "apology": ("We apologise.", "我们向您致歉。"),
    "correction": ("We correct our records.", "我们将更正相关记录。"),
    "money": ("We make good the money; a separate letter says how.", "我们将予以补偿，具体方式另行告知。"),
    "stop": ("We contact you no more about this debt.", "我们将不再就该笔债务与您联系。"),
}
_WORDS = {
    "en": {
        "complaint": "Our answer to your complaint",
        "dispute": "Our answer to your dispute",
        "opening": "You wrote to us on {received_on}. Our reference: {reference}.",
        "checked": "We have looked at every contact we made, and at the rules that apply to each.",
        "onward": "If you do not agree, answer this letter within six months, or turn to the authority or ombudsman "
        "that is responsible for us where you live. You lose no right by having complained.",
        "claim": "This letter asks for no payment.",
    },
    "zh": {
        "complaint": "投诉处理答复函",
        "dispute": "异议处理答复函",
        "opening": "我们于 {received_on} 收到您的意见，编号：{reference}。",
        "checked": "我们已逐一核查与您的每次联系及其适用的规则。",
        "onward": "如您对处理结果有异议，可在六个月内回复本函，或向您所在地的主管部门、调解机构反映。"
        "投诉不影响您的任何权利。",
        "claim": "本函不要求您付款。",
    },
}


@dataclass(frozen=True, slots=True)
class AnswerLetter:
    subject: str
    text: str


def answer_letter(
    kind: str, language: str, reference: str, received_on: date, outcome: str, redress: tuple[str, ...], words: str
) -> AnswerLetter:
    """`words`: what the person who investigated says in addition; checked for conduct before."""
    spoken = "zh" if language == "zh" else "en"
    said, position = _WORDS[spoken], 1 if spoken == "zh" else 0
    lines = [
        said["opening"].format(received_on=received_on.isoformat(), reference=reference),
        said["checked"],
        OUTCOMES[outcome][position],
        words.strip(),
        *(REDRESS[entry][position] for entry in redress),
        said["onward"],
        said["claim"],
    ]
    return AnswerLetter(said[kind], "\n\n".join(line for line in lines if line))
