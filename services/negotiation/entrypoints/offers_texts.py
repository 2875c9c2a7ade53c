"""Texts of the forms of offer in English and Chinese: reasons, and what each form is called."""

from __future__ import annotations

OFFER_REASONS: dict[str, tuple[str, str]] = {
    "settles_in_parts": (
        "A few payments settle the whole debt, with a reduction.",
        "分少数几次付清，债务全部结清，并给予减免。",
    ),
    "low_first": (
        "Small payments first, larger ones later, when you expect more money.",
        "先少还，待您资金宽裕后再多还。",
    ),
    "token_amount_first": (
        "A small amount for some months, so that you can get back on your feet.",
        "最初几个月只还少量金额，让您先渡过难关。",
    ),
    "starts_later": ("The first payment comes later than usual.", "首期还款时间推后。"),
    "interest_frozen": (
        "No interest is added while you pay, so smaller payments over a longer time cost nothing more.",
        "还款期间不再计收利息，因此每期少还、时间更长也不会多花钱。",
    ),
    "longer_term_lower_payments": (
        "A longer term, so that each month is lighter than under your contract.",
        "期限更长，每月负担比原合同更轻。",
    ),
    "paid_weekly": ("Paid every week, as your income comes.", "按周还款，与您的收入周期一致。"),
    "paid_fortnightly": ("Paid every two weeks, as your income comes.", "每两周还款，与您的收入周期一致。"),
    "paid_pay_day": ("Paid on your pay day.", "在您的发薪日还款。"),
    "drawn_up_for_you": (
        "We drew up what you asked for; look at the figures before you agree.",
        "我们已按您的要求拟好方案，同意前请查看具体金额。",
    ),
    "form_not_possible": (
        "What you asked for is not possible here; this is the nearest we may agree to.",
        "您要求的方式在此不可行，这是我们可以同意的最接近方案。",
    ),
    "steps_do_not_pay_the_debt": (
        "The steps you gave do not add up to what is owed.",
        "您给出的各阶段金额合计与所欠金额不符。",
    ),
    "frequency_not_in_mandate": (
        "The creditor does not take payments in this rhythm.",
        "债权人不接受这种还款周期。",
    ),
    "no_frequency_in_mandate": ("The creditor takes no instalments.", "债权人不接受分期还款。"),
    "relief_not_in_mandate": ("The creditor allows no such relief.", "债权人不提供此类减负安排。"),
    "relief_above_mandate": ("The relief is longer than the creditor allows.", "减负期限超过债权人允许的范围。"),
    "restructuring_not_in_mandate": ("The creditor offers no new term.", "债权人不提供重组期限。"),
    "discount_not_for_this_form": (
        "The creditor gives no reduction on this kind of plan.",
        "债权人对此类计划不提供减免。",
    ),
}
"""Reason code -> (English, Chinese)."""

FORMS: dict[str, tuple[str, str]] = {
    "lump_sum": ("Settlement", "一次或分次结清"),
    "level": ("Even payments", "等额分期"),
    "step": ("Small payments first", "先少后多"),
    "deferral": ("Start later", "延后开始"),
    "interest_freeze": ("Interest stopped", "停止计息"),
    "reduced": ("A small amount for a time", "暂时少还"),
    "restructured": ("A longer term", "延长期限"),
    "pause": ("A pause", "暂停还款"),
}
FREQUENCIES: dict[str, tuple[str, str]] = {
    "once": ("one payment", "一次"),
    "weekly": ("every week", "每周"),
    "fortnightly": ("every two weeks", "每两周"),
    "monthly": ("every month", "每月"),
    "pay_day": ("on your pay day", "每个发薪日"),
}
