"""The words of a clearance certificate in English and Chinese."""

from __future__ import annotations

TITLES = {"en": "Certificate: this debt is cleared", "zh": "债务结清证明"}
WITHDRAWN_TITLES = {"en": "Withdrawn certificate", "zh": "已撤销的结清证明"}

STATEMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "paid_in_full": (
            "The debt of the case named above has been paid in full.",
            "Nothing more is owed on it, and nobody may collect it.",
        ),
        "plan_completed": (
            "The plan that was agreed for the case named above has been kept.",
            "What was not to be paid under it has been given up.",
            "Nothing more is owed on this debt, and nobody may collect it.",
        ),
        "withdrawn": (
            "A certificate was given for the case named above.",
            "A payment behind it was later taken back, so it holds no more.",
            "Write to us if you believe that this is wrong.",
        ),
    },
    "zh": {
        "paid_in_full": ("上述案件的债务已全部还清。", "该债务不再有任何欠款，任何人不得再行催收。"),
        "plan_completed": (
            "上述案件约定的还款计划已履行完毕。",
            "计划之外的部分已予免除。",
            "该债务不再有任何欠款，任何人不得再行催收。",
        ),
        "withdrawn": (
            "上述案件曾出具结清证明。",
            "其后有一笔款项被撤回，该证明不再有效。",
            "如您认为有误，请与我们联系。",
        ),
    },
}
HEADINGS = {"en": "What this certifies", "zh": "证明内容"}
CHECK_HEADINGS = {"en": "How to check it", "zh": "如何核验"}
CHECKS = {
    "en": (
        "Type the code above at {check_page}. The answer says whether the certificate still holds.",
        "This file is sealed: any PDF reader that shows signatures tells you if it was changed.",
        "Keep it. You may show it to a lender or a credit bureau.",
    ),
    "zh": (
        "请在 {check_page} 输入上方编码，即可知道证明是否仍然有效。",
        "本文件带有电子签章，能显示签名的阅读器会告诉您文件是否被改动。",
        "请妥善保存，可向贷款机构或征信机构出示。",
    ),
}
LABELS = {
    "en": {"name": "Name", "cleared": "Cleared on", "withdrawn": "Withdrawn on", "state": "State", "made": "Made on"},
    "zh": {"name": "姓名", "cleared": "结清时间", "withdrawn": "撤销时间", "state": "状态", "made": "出具时间"},
}
STATES = {"en": {"valid": "valid", "withdrawn": "withdrawn"}, "zh": {"valid": "有效", "withdrawn": "已撤销"}}
