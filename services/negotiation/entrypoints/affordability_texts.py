"""Texts of statements and means in English and Chinese: codes to plain words."""

from __future__ import annotations

MEANS_REASONS: dict[str, tuple[str, str]] = {
    "left_after_essentials": (
        "This is left of your income after what you need to live.",
        "这是您的收入扣除必要生活支出后的余额。",
    ),
    "nothing_left": (
        "Your essential spending takes all of your income: nothing can be asked for now. Free debt advice may help.",
        "您的必要支出已用尽全部收入，目前不应要求您还款。免费的债务咨询或许能帮助您。",
    ),
    "minimum_living_kept": (
        "You stated less than a household needs to live; we left you the minimum all the same.",
        "您填写的支出低于家庭基本生活所需，我们仍按最低生活标准为您保留。",
    ),
    "reserve_kept": ("A part stays with you for surprises.", "已为您保留一部分应对意外支出。"),
    "savings_above_allowance": (
        "You save more than we may leave out of account; the part above it counts as left over.",
        "您的储蓄超出可保留的范围，超出部分计入余额。",
    ),
    "shared_among_debts": (
        "You owe others as well: this debt gets its share and not more.",
        "您还有其他债务，本笔债务只占其应有的份额。",
    ),
    "spending_above_guide_explained": (
        "Some spending is above the guide, and you gave the reason.",
        "部分支出高于参考值，您已说明原因。",
    ),
    "spending_above_guide_to_explain": (
        "Some spending is above the guide. It counts; please choose the reason so that we need not ask.",
        "部分支出高于参考值。我们仍予以计入，请选择原因，以免我们再次询问。",
    ),
    "no_guide_figures": (
        "There are no guide figures for your case; nothing was questioned.",
        "没有适用的参考值，未作质疑。",
    ),
    "no_evidence_yet": (
        "You have not added proof. You may do so at any time; we take your word until then.",
        "您尚未提供证明材料，可随时补充；在此之前以您所述为准。",
    ),
}
"""Reason code of means -> (English, Chinese)."""

STATEMENT_REFUSALS: dict[str, tuple[str, str]] = {
    "statement_wrong": ("Please check the amounts of your budget.", "请检查收支表中的金额。"),
    "too_many_statements": (
        "No more budgets can be taken here. Please reply to us.",
        "收支表提交次数已满，请联系我们。",
    ),
    "currency_of_another_case": ("Please give amounts in the currency of the debt.", "请使用该债务的币种填写。"),
    "stated_in_the_future": ("The date of the budget is in the future.", "收支表的日期晚于今天。"),
    "statement_too_old": ("This budget is too old; please make a new one.", "该收支表已过期，请重新填写。"),
    "above_affordable_amount": (
        "This plan is more than your budget leaves. A smaller plan that you can keep is better.",
        "该计划超出您的收支余额；能够坚持的较小计划更好。",
    ),
}

CATEGORIES: dict[str, tuple[str, str]] = {
    "wages": ("Wages", "工资"),
    "partner_wages": ("Partner's wages", "配偶工资"),
    "self_employment": ("Self-employment", "经营收入"),
    "benefits": ("Benefits", "社会福利"),
    "state_pension": ("State pension", "国家养老金"),
    "private_pension": ("Private pension", "私人养老金"),
    "pension": ("Pension", "养老金"),
    "unemployment_insurance": ("Unemployment insurance", "失业保险金"),
    "minimum_living_allowance": ("Minimum living allowance", "低保金"),
    "child_support": ("Child support received", "收到的子女抚养费"),
    "boarders": ("Boarders and lodgers", "同住者分摊"),
    "student_support": ("Student support", "助学金"),
    "rent_received": ("Rent received", "租金收入"),
    "family_support": ("Support from family", "亲属给付"),
    "other_income": ("Other income", "其他收入"),
    "rent": ("Rent", "房租"),
    "mortgage": ("Mortgage", "房贷"),
    "ground_rent": ("Ground rent and service charges", "地租与物业服务费"),
    "council_tax": ("Council or local tax", "地方税"),
    "home_insurance": ("Home insurance", "家庭财产保险"),
    "gas_electricity": ("Gas and electricity", "燃气与电费"),
    "utilities": ("Water, power, gas, heating", "水电燃气取暖"),
    "property_fee": ("Property management fee", "物业费"),
    "water": ("Water", "水费"),
    "social_insurance": ("Social insurance (own part)", "社会保险（个人部分）"),
    "housing_fund": ("Housing fund", "住房公积金"),
    "childcare": ("Childcare", "托育"),
    "child_raising": ("Bringing up children", "子女抚养"),
    "adult_care": ("Care of adults", "成人照护"),
    "parents_support": ("Support of parents", "赡养老人"),
    "child_support_paid": ("Child support paid", "支付的抚养费"),
    "prescriptions": ("Prescriptions and medicines", "处方药"),
    "medical": ("Medical care", "医疗"),
    "education": ("Education", "教育"),
    "public_transport": ("Public transport", "公共交通"),
    "transport": ("Transport", "交通"),
    "car": ("Car", "汽车"),
    "school": ("School costs", "学校费用"),
    "pension_contributions": ("Pension contributions", "养老金缴费"),
    "life_insurance": ("Life insurance", "人寿保险"),
    "professional_fees": ("Professional fees", "职业费用"),
    "priority_arrears": ("Debts that come first", "优先债务"),
    "court_fines": ("Court fines", "法院罚款"),
    "other_essential": ("Other essential spending", "其他必需支出"),
    "communications_leisure": ("Communications and leisure", "通讯与休闲"),
    "communications": ("Communications", "通讯"),
    "food_housekeeping": ("Food and housekeeping", "食品与家务"),
    "food_daily": ("Food and daily goods", "饮食日用"),
    "clothing": ("Clothing", "衣着"),
    "personal": ("Personal", "个人支出"),
    "savings": ("Savings", "储蓄"),
}
SPENDING_REASON_TEXTS: dict[str, tuple[str, str]] = {
    "medical_need": ("A medical need", "医疗需要"),
    "disability": ("A disability", "残疾"),
    "special_diet": ("A special diet", "特殊饮食"),
    "long_journeys": ("Long journeys to work or care", "路途较远"),
    "childcare_for_work": ("Childcare so that somebody can work", "为工作而需托育"),
    "care_of_relative": ("Care of a relative", "照顾亲属"),
    "large_household": ("A large household", "家庭人口多"),
    "tied_contract": ("A contract that cannot be ended yet", "合同尚不能解除"),
    "moving_home": ("Moving home", "搬家"),
}
PERIOD_TEXTS: dict[str, tuple[str, str]] = {
    "weekly": ("each week", "每周"),
    "fortnightly": ("every two weeks", "每两周"),
    "four_weekly": ("every four weeks", "每四周"),
    "monthly": ("each month", "每月"),
    "quarterly": ("each quarter", "每季度"),
    "yearly": ("each year", "每年"),
}


def means_text(code: str, language: str) -> str:
    return MEANS_REASONS[code][1 if language == "zh" else 0]
