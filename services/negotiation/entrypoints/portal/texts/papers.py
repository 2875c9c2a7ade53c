"""Texts of documents and of taking an agreement back."""

from __future__ import annotations

DOCUMENTS: dict[str, tuple[str, str]] = {
    "title": ("Documents", "文件"),
    "intro": (
        "Copies to keep. Each has a code and a seal, so that anybody you show it to can check that it is genuine.",
        "供您保存的文件。每份文件都有校验码和电子签章，您出示时对方可以核验真伪。",
    ),
    "none": (
        "There are no documents yet. When we agree on something, its copy is here.",
        "尚无文件。达成协议后，副本会显示在这里。",
    ),
    "kind": ("Document", "文件"),
    "kind_agreement": ("Agreement", "还款协议"),
    "made_on": ("Of", "日期"),
    "code": ("Code", "校验码"),
    "download": ("Download (PDF)", "下载（PDF）"),
    "check": ("Where to check a code", "校验地址"),
    "clearance": ("Certificate that the debt is cleared", "结清证明"),
    "clearance_withdrawn": (
        "The certificate does not hold any more, because a payment was taken back.",
        "因款项被撤回，该证明已失效。",
    ),
}

WITHDRAW: dict[str, tuple[str, str]] = {
    "title": ("Take the agreement back", "撤回协议"),
    "until": (
        "You can take this agreement back through {day}, without a reason and at no cost.",
        "您可以在 {day} 之前（含当日）无理由撤回本协议，不收取任何费用。",
    ),
    "what": (
        "The plan then ends as if it had never been. What you paid stays paid towards the debt, unless you want it "
        "back. You can choose another offer at any time.",
        "撤回后，计划视同从未达成。您已支付的款项仍计入还款，除非您要求退回。您可随时选择其他方案。",
    ),
    "confirm": ("Yes, I want to take the agreement back.", "是的，我要撤回协议。"),
    "refund": ("I want back what I paid under this plan.", "我要求退回按本计划已付的款项。"),
    "send": ("Take it back", "撤回"),
    "link": ("Take the agreement back", "撤回协议"),
    "done": (
        "The agreement has been taken back. Nothing is asked of you because of it.",
        "协议已撤回，您无需因此承担任何义务。",
    ),
    "refund_noted": (
        "You want back {amount}. We check this and tell you.",
        "您要求退回 {amount}，我们核对后会通知您。",
    ),
}

FRESH_START: dict[str, tuple[str, str]] = {
    "title": ("A fresh start", "重新开始"),
    "cleared": ("This debt is cleared.", "本笔债务已结清。"),
    "withdrawn": (
        "A payment was taken back after the debt had been cleared, so the certificate does not hold any more.",
        "债务结清后有款项被撤回，结清证明已失效。",
    ),
    "certificate": ("Your certificate", "您的结清证明"),
    "record": ("Your credit record", "您的信用记录"),
    "correction_requested": ("We ask your creditor to correct it.", "我们正在请债权人更正记录。"),
    "correction_sent": ("We have asked your creditor to correct it.", "我们已请债权人更正记录。"),
    "correction_answered": ("Your creditor has answered our request.", "债权人已答复我们的更正请求。"),
    "correction_failed": (
        "We could not hand our request over yet; somebody sees to it.",
        "更正请求尚未送达，已由专人处理。",
    ),
    "correction_cancelled": ("Our request was taken back.", "更正请求已撤回。"),
    "answer_corrected": ("It has been corrected.", "记录已更正。"),
    "answer_was_correct": ("It was right already.", "记录原本正确。"),
    "answer_refused": ("They do not want to correct it. You can complain.", "对方未同意更正，您可以投诉。"),
    "hints": ("What may help", "一些建议"),
    "question": ("How are things going?", "近况如何？"),
    "well": ("Well", "顺利"),
    "needs_help": ("I need help", "需要帮助"),
    "send": ("Tell us", "告诉我们"),
    "noted": ("Thank you. We have noted it.", "谢谢，我们已记录。"),
}
