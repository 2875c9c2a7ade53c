"""Texts of the budget, step by step."""

from __future__ import annotations

BUDGET: dict[str, tuple[str, str]] = {
    "title": ("What can you afford?", "您能负担多少？"),
    "intro": (
        "Five short steps: who you live with, what comes in, what goes out. Each step is saved, so you can stop and "
        "come back. A rough figure is better than none. Nobody sees this but you and us.",
        "共五个简短步骤：家庭成员、收入和支出。每一步都会保存，您可以随时停下再回来。大致的数字也可以。只有您和我们能看到。",
    ),
    "start": ("Start", "开始"),
    "go_on": ("Go on where you were", "继续填写"),
    "newest": ("Your newest budget", "最近的收支表"),
    "newest_says": (
        "Of {day}. It leaves {amount} a month for this debt.",
        "日期：{day}。每月可用于本笔债务：{amount}。",
    ),
    "see_result": ("See it", "查看"),
    "step": ("Step {n} of {all}", "第 {n} 步，共 {all} 步"),
    "household_title": ("Who lives on this income?", "哪些人靠这份收入生活？"),
    "adults": ("Adults, you included", "成年人（包括您）"),
    "children": ("Children under 14", "14 岁以下子女"),
    "teenagers": ("Children of 14 to 17", "14 至 17 岁子女"),
    "income_title": ("What comes in?", "收入"),
    "income_intro": (
        "After tax. Leave empty what you do not have.",
        "请填写税后金额，没有的项目请留空。",
    ),
    "fixed_title": ("What must be paid?", "固定支出"),
    "fixed_intro": (
        "Housing, energy, care, travel and what else cannot wait. Leave empty what you do not have.",
        "住房、水电、照护、交通等必须支付的项目，没有的项目请留空。",
    ),
    "flexible_title": ("What does daily life cost?", "日常支出"),
    "flexible_intro": (
        "Food, clothes, telephone. Count what you really spend.",
        "饮食、衣物、通讯等，请按实际支出填写。",
    ),
    "rest_title": ("Savings, other debts, pay-day", "储蓄、其他债务与发薪日"),
    "rest_intro": (
        "Putting something aside is allowed, and we leave you a part for surprises.",
        "您可以储蓄，我们也会为您保留一部分应对意外支出。",
    ),
    "other_debts": ("What you owe to others in all", "您欠其他人的总额"),
    "pay_day": ("The day of the month when your main income comes", "主要收入的到账日（每月几号）"),
    "amount_of": ("{name}: amount", "{name}：金额"),
    "every_of": ("{name}: how often", "{name}：频率"),
    "save": ("Save and go on", "保存并继续"),
    "check_title": ("Is this right?", "请核对"),
    "check_intro": (
        "This is what your figures come to. You can go back and change them.",
        "以下是您所填数字的汇总，您可以返回修改。",
    ),
    "income_sum": ("Comes in, a month", "每月收入"),
    "essential_sum": ("Goes out, a month", "每月支出"),
    "surplus": ("Left over", "结余"),
    "reserve": ("Stays with you for surprises", "为您保留"),
    "affordable": ("Left for this debt, a month", "每月可用于本笔债务"),
    "above": (
        "{name} is more than most households spend ({guide}). That is fine. If there is a reason, choose it, so that "
        "we need not ask.",
        "{name}高于一般家庭（{guide}）。没有关系；如有原因请选择，以免我们再次询问。",
    ),
    "no_reason": ("I do not want to say", "不想说明"),
    "change": ("Change a step", "修改某一步"),
    "file": ("This is right", "确认无误"),
    "result_title": ("What is left", "可负担金额"),
    "result_some": ("You can put {amount} a month towards this debt.", "您每月可以用 {amount} 偿还本笔债务。"),
    "result_none": (
        "There is nothing left for this debt at the moment. That is no fault. You need not pay anything now; ask for "
        "relief, and speak with free debt advice.",
        "目前没有可用于本笔债务的余额，这不是您的过错。您现在无需付款，可以申请帮扶，也可以寻求免费的债务咨询。",
    ),
    "why": ("How we got there", "计算说明"),
    "valid": ("This counts through {day}. Tell us when something changes.", "有效期至 {day}；情况变化时请告诉我们。"),
    "propose": ("Propose {amount} {every}", "提议{every}还 {amount}"),
    "see_offers": ("See what we can offer now", "查看目前的方案"),
    "relief": ("Ask for relief", "申请帮扶"),
    "again": ("Make a new budget", "重新填写收支表"),
    "closed": ("Work on this debt has ended; no budget is needed.", "此案件已结束，无需填写收支表。"),
}
