"""What is said after a fresh start: the calm question, hints by the cause of arrears, and the letter to the lender."""

from __future__ import annotations

QUESTIONS = {
    "en": (
        "Your debt is cleared. How are things going?",
        "You need not answer. Nobody calls or writes to you about it.",
        "If payments are getting hard again, tell us early: help is easier then.",
    ),
    "zh": (
        "您的债务已结清，近况如何？",
        "可以不回答。我们不会为此打电话或写信给您。",
        "如果还款又变得困难，请尽早告诉我们，那时更容易帮上忙。",
    ),
}
HINTS: dict[str, dict[str, tuple[str, ...]]] = {
    "oversight": {
        "en": ("Set a standing order or a reminder for the day after you are paid.",),
        "zh": ("在发薪次日设置自动还款或提醒。",),
    },
    "cash_flow_gap": {
        "en": ("Ask lenders to move due dates to just after your pay-day.", "Put a little aside first for bills."),
        "zh": ("可请贷款机构把还款日调到发薪日之后。", "领到收入后，先留出账单的钱。"),
    },
    "job_loss": {
        "en": ("Keep any first income for rent, food and power.", "Ask about benefits and retraining in your area."),
        "zh": ("有收入时，先保住房租、饮食和水电。", "可咨询当地的失业保障与职业培训。"),
    },
    "illness": {
        "en": ("Ask your clinic about help with bills.", "Tell lenders early if an illness comes back."),
        "zh": ("可向医院咨询费用减免。", "病情反复时，请尽早告知贷款机构。"),
    },
    "bereavement": {
        "en": ("Let one person you trust look through letters with you.",),
        "zh": ("请信任的人陪您一起处理信件。",),
    },
    "over_borrowing": {
        "en": ("Take no new loan to pay an old one.", "A free debt adviser can look at all of it with you."),
        "zh": ("不要借新债还旧债。", "可请免费的债务咨询机构与您一起梳理。"),
    },
    "fraud_victim": {
        "en": ("Check your credit record for loans you did not take.",),
        "zh": ("请查询信用报告，看是否有并非您本人办理的贷款。",),
    },
}
GENERAL_HINTS = {
    "en": ("Keep your certificate.", "Look at your credit record in two months: the entry should say that it is paid."),
    "zh": ("请保存好结清证明。", "两个月后可查询信用报告，记录应显示已结清。"),
}
LETTER = {
    "en": {
        "title": "Please correct a credit record",
        "to": "To",
        "why": "What we ask",
        "ask": (
            "You placed this case with us. The debt is cleared, as stated above.",
            "Please update what you have reported about it to credit bureaus: nothing is owed, nothing is past due.",
            "Please answer by {answer_by}. Basis: {source}.",
        ),
        "paid_for_less": "It was settled for less than the full balance under a plan that you allowed.",
        "paid_in_full": "It was paid in full.",
        "special_comment": "In Metro 2 terms the special comment for this is AU.",
        "owed": "Owed now",
        "waived": "Given up",
        "outcome": "How it was cleared",
        "request": "Request",
    },
    "zh": {
        "title": "请更正信用记录",
        "to": "致",
        "why": "我们的请求",
        "ask": (
            "本案件由贵方委托我们办理，债务已如上结清。",
            "请更新贵方向征信机构报送的信息：无欠款，无逾期。",
            "请在 {answer_by} 前答复。依据：{source}。",
        ),
        "paid_for_less": "按贵方同意的还款计划，以低于全额的金额结清。",
        "paid_in_full": "已全额还清。",
        "special_comment": "",
        "owed": "目前欠款",
        "waived": "已免除",
        "outcome": "结清方式",
        "request": "请求编号",
    },
}


def hints(cause: str, language: str) -> tuple[str, ...]:
    return (*HINTS.get(cause, {}).get(language, ()), *GENERAL_HINTS[language])
