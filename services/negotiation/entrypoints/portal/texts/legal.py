"""Texts of the page about legal steps. What each step means is said in `legal_texts.py`."""

from __future__ import annotations

Texts = dict[str, tuple[str, str]]

STEPS: Texts = {
    "letter_before_action": ("the letter before a claim", "起诉前的信函"),
    "arbitration": ("the claim before arbitrators", "仲裁申请"),
    "suit": ("the claim before a court", "起诉"),
    "enforcement": ("the enforcement of the judgment", "判决的执行"),
}
DECISIONS: Texts = {
    "approve": ("found it right", "同意"),
    "return": ("gave it back to be put right", "退回补正"),
    "refuse": ("refused it", "不同意"),
}
PLACES: Texts = {
    "court": ("at the court", "在法院"),
    "tribunal": ("before the arbitrators", "在仲裁庭"),
    "mediation_centre": ("at the mediation centre", "在调解中心"),
    "by_telephone": ("by telephone", "电话方式"),
    "by_video": ("by video", "视频方式"),
    "on_paper": ("in writing, you need not come", "书面审理，无须到场"),
}
LEGAL: Texts = {
    "title": ("Legal steps", "法律程序"),
    "nothing": ("Nothing is going on in law about this debt.", "本笔债务目前没有任何法律程序。"),
    "nothing_more": (
        "If that ever changes, you read it here first, with what it means and what you can do. A lawyer looks at "
        "every step before it is taken.",
        "如有变化，会先在这里说明其含义以及您可以怎么做。每一步都须先经律师审查。",
    ),
    "halted": (
        "This stands still now. No further step of ours is taken while it does.",
        "程序目前暂停。暂停期间我们不会采取任何进一步的行动。",
    ),
    "respond_by": ("You can answer up to and including {day}.", "您可以在 {day}（含当日）之前答复。"),
    "pay_by": ("The judgment names this day to pay: {day}.", "判决写明的付款期限：{day}。"),
    "hearing": ("Hearing on {day}, {place}.", "开庭：{day}，{place}。"),
    "choices": ("What you can do", "您可以做什么"),
    "advice": ("Where advice costs nothing", "哪里可以免费咨询"),
    "counsel": ("What a lawyer has looked at", "律师审查过的内容"),
    "no_counsel": (
        "No lawyer has decided about a step yet. Without that, none is taken.",
        "律师尚未对任何步骤作出决定；未经律师决定，不会采取任何步骤。",
    ),
    "looked": ("{step}, {decision}", "{step}：{decision}"),
    "opened": ("This file was opened on {day}.", "本案卷建立于 {day}。"),
    "offers": ("See what you could agree", "查看可以商定的方案"),
    "object": ("Say that something is wrong", "提出异议"),
}
