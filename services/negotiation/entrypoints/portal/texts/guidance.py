"""Texts of the help pages, and what may help first, by the cause of the arrears."""

from __future__ import annotations

Texts = dict[str, tuple[str, str]]

HELP: Texts = {
    "title": ("Help", "帮助"),
    "intro": (
        "These are free and independent of us and of your creditor. If you are in danger now, call the emergency "
        "number.",
        "以下机构免费，且独立于我们和债权人。如您正处于危险之中，请立即拨打紧急电话。",
    ),
    "kind_debt_advice": ("Debt advice", "债务咨询"),
    "kind_legal_aid": ("Legal help", "法律援助"),
    "kind_crisis": ("Somebody to talk to", "情绪支持与危机援助"),
    "kind_complaints": ("Complain to somebody else than us", "向外部机构投诉"),
    "phone": ("Telephone", "电话"),
    "web": ("Web", "网站"),
    "other_countries": ("In other countries", "其他国家"),
    "learn": ("What may help first", "首先可以做什么"),
    "for_you": ("Because of what you told us or your creditor did", "根据您或债权人告知的情况"),
    "for_anybody": ("For anybody", "适用于所有人"),
    "stress": (
        "Money trouble is heavy, and it can be put in order step by step. Nobody may threaten or shame you.",
        "经济压力令人沉重，但可以一步步理顺。任何人都不得威胁或羞辱您。",
    ),
}
CAUSES: dict[str, tuple[tuple[str, str], ...]] = {
    "job_loss": (
        (
            "Claim unemployment benefit at once: it often starts on the day you ask, not on the day you lost work.",
            "尽快申请失业保险金：通常自申请之日起算，而非失业之日。",
        ),
        (
            "Ask us for a pause (page Relief). We stop asking for money while your lender decides.",
            "请在“帮扶”页面申请暂缓；在债权人决定期间，我们不会催款。",
        ),
        (
            "Rent, food, heat, water and taxes come before this debt.",
            "房租、食物、取暖、水电和税费应优先于本笔债务。",
        ),
    ),
    "illness": (
        ("Ask your employer and your insurance about sick pay.", "向雇主和保险机构了解病假工资或津贴。"),
        (
            "You may name somebody who speaks to us for you (page Who acts for you).",
            "您可以在“代理人”页面指定他人代您与我们沟通。",
        ),
        ("A doctor's letter is enough proof for relief.", "医生证明即可作为申请帮扶的材料。"),
    ),
    "bereavement": (
        (
            "Take your time. Tell us once, and we leave you in peace for a while (page Relief).",
            "请不必着急。只需告知一次（“帮扶”页面），我们会在一段时间内不再打扰您。",
        ),
        (
            "You do not owe the debts of somebody who died unless you signed for them or inherit and accept.",
            "除非您曾共同签字或接受继承，否则无需偿还逝者的债务。",
        ),
    ),
    "cash_flow_gap": (
        (
            "Choose weekly payments or your pay-day (page Propose), so that money goes out when it has come in.",
            "在“提议”页面选择每周或发薪日还款，使支出与收入时间一致。",
        ),
        (
            "List what comes in and goes out for one month (page Budget): small leaks show quickly.",
            "在“预算”页面列出一个月的收支，零散的开销很快就会显现。",
        ),
    ),
    "over_borrowing": (
        (
            "Do not borrow in order to pay us. A debt adviser can bring all creditors to one table.",
            "请勿借新还旧。债务顾问可以帮您与所有债权人统一协商。",
        ),
        (
            "Write down every debt with its rate, and pay what costs most first once the essentials are paid.",
            "列出每笔债务及其利率；在保障基本生活后，优先偿还成本最高的债务。",
        ),
    ),
    "oversight": (
        (
            "A standing order on the day after pay-day keeps it from being forgotten.",
            "在发薪日次日设置自动转账，可避免遗忘。",
        ),
    ),
    "dispute": (
        (
            "Tell us what is wrong (page Something is wrong): we stop and check before anything else.",
            "请在“异议与投诉”页面说明问题，我们会先暂停并核查。",
        ),
    ),
    "fraud_victim": (
        (
            "Report it to the police and keep the number of the report; tell us, and we stop at once.",
            "请向警方报案并保留回执编号；告知我们后，我们会立即停止。",
        ),
        (
            "Ask the credit bureau for a note on your file.",
            "请向征信机构申请在您的报告中添加说明。",
        ),
    ),
}
ANYBODY: tuple[tuple[str, str], ...] = (
    ("Pay for home, food, heat, water and taxes first.", "首先保障住房、食物、取暖、水电和税费。"),
    (
        "Offer only what you can keep. A small payment that comes every month is worth more than a large promise.",
        "只承诺您能做到的。每月小额按时还款，胜过无法兑现的大额承诺。",
    ),
    ("Never pay to a private account, and never send a password.", "切勿向个人账户付款，切勿发送密码。"),
)
