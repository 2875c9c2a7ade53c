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
