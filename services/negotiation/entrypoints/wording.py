"""Every text that borrowers read, in English and Chinese: plain, polite, true."""

from __future__ import annotations

from services.negotiation.entrypoints.affordability_texts import STATEMENT_REFUSALS
from services.negotiation.entrypoints.mandate_texts import MANDATE_REASONS, MANDATE_REFUSALS
from services.negotiation.entrypoints.offers_texts import OFFER_REASONS

REASONS: dict[str, tuple[str, str]] = {
    **OFFER_REASONS,
    **MANDATE_REASONS,
    "settles_in_full": ("One payment settles the whole debt.", "一次付清，债务全部结清。"),
    "discount_by_stage_and_grade": (
        "The creditor allows a reduction in your situation; it counts when the payment is made.",
        "债权人同意在您目前的情况下给予减免，付款完成后生效。",
    ),
    "no_discount_at_this_stage": ("The creditor allows no reduction at this time.", "债权人目前不提供减免。"),
    "within_term": ("The plan stays within the longest term the creditor allows.", "期限在债权人允许的范围内。"),
    "fits_affordable_amount": (
        "The monthly amount fits what we believe you can afford.",
        "每月金额在我们估计您可负担的范围内。",
    ),
    "affordability_unknown": (
        "We do not know what you can afford, so we kept to the instalment of your contract. Tell us if it is too much.",
        "我们不了解您的负担能力，因此按合同原来的每期金额计算；如有困难请告诉我们。",
    ),
    "relief_granted": ("Your creditor agreed to the relief you asked for.", "债权人已同意您申请的帮扶。"),
    "hardship_job_loss": ("You have lost work: nothing is asked for some months.", "您失去了工作：几个月内无需还款。"),
    "hardship_illness": ("You are ill: nothing is asked for some months.", "您正在生病：几个月内无需还款。"),
    "hardship_bereavement": (
        "You have lost someone: nothing is asked for some months.",
        "您有亲人离世：几个月内无需还款。",
    ),
    "instalments_after_pause": (
        "After the pause come the smallest instalments allowed.",
        "暂停结束后，以允许的最低金额分期。",
    ),
    "gentlest_instalments": (
        "The smallest instalments the creditor allows. Tell us what happened, and a pause may be possible.",
        "债权人允许的最低分期金额。告诉我们发生了什么，也许可以暂停还款。",
    ),
    "answers_your_promise": ("This follows what you told us you can pay.", "依据您告诉我们的还款打算。"),
    "answers_your_hardship": ("You told us about difficulties.", "您告诉了我们您的困难。"),
    "answers_your_question": ("You asked us; this is the offer that fits best.", "回应您的询问，这是最合适的方案。"),
    "after_broken_plan": ("The last plan did not work out; this is a new start.", "上一个计划未能完成，这是新的安排。"),
    "your_proposal": ("This is what you proposed.", "这是您提出的方案。"),
    "nearest_to_your_proposal": (
        "The nearest to your proposal that we may agree to.",
        "这是我们可以同意的、最接近您提议的方案。",
    ),
    "inside_mandate": ("Your proposal is within what the creditor allows.", "您的提议在债权人允许的范围内。"),
    "discount_above_mandate": ("The reduction is larger than the creditor allows.", "减免超出了债权人允许的范围。"),
    "term_above_mandate": ("The plan would take longer than the creditor allows.", "期限超过了债权人允许的最长期限。"),
    "instalment_below_minimum": (
        "Each payment would be below the smallest instalment the creditor allows.",
        "每期金额低于债权人允许的最低金额。",
    ),
    "above_affordable_amount": (
        "It is more than we believe you can keep up. A smaller plan that you can keep is better.",
        "金额超出我们估计您可负担的范围；能够坚持的较小计划更好。",
    ),
    "no_affordable_instalments_in_mandate": (
        "No instalments that the creditor allows are affordable for you. Tell us about your difficulties.",
        "债权人允许的分期方案都超出您的负担能力，请告诉我们您的困难。",
    ),
    "pause_not_in_mandate": ("The creditor allows no pause.", "债权人不允许暂停还款。"),
    "pause_above_mandate": ("The pause is longer than the creditor allows.", "暂停时间超过债权人允许的期限。"),
    "hardship_cause_needed": (
        "A pause is possible after a loss of work, an illness or a bereavement. Tell us what happened.",
        "失业、患病或亲人离世时可以暂停还款，请告诉我们发生了什么。",
    ),
    "first_due_too_early": ("The first date has passed already.", "首期日期已经过去。"),
    "first_due_too_late": (
        "The first payment would be later than we may agree to.",
        "首期日期晚于我们可以同意的日期。",
    ),
}
"""Reason code -> (English, Chinese)."""

REFUSALS: dict[str, tuple[str, str]] = {
    **STATEMENT_REFUSALS,
    **MANDATE_REFUSALS,
    "case_closed": ("Work on this debt has ended. There is nothing to agree.", "此案件已结束，无需再作安排。"),
    "plan_exists": ("You have a running plan already.", "您已有正在执行的计划。"),
    "hold_stands": (
        "Work on this debt is paused for now. Nothing new can be agreed until that ends; you need not do anything.",
        "该债务的处理现已暂停，暂停期间不能达成新的安排，您无需采取任何行动。",
    ),
    "offer_ended": ("This offer has ended. Please look at the current offers.", "该方案已失效，请查看当前方案。"),
    "terms_changed": ("These are not the terms on offer any more. Please look again.", "条款已有变化，请重新查看。"),
    "rounds_exhausted": (
        "No more proposals for now. The offers below stand, and you can reply to any of our messages.",
        "目前不能再提出方案；下面的方案仍然有效，您也可以回复我们的任何消息。",
    ),
    "offer_not_found": ("There is no such offer.", "没有该方案。"),
    "invalid_request": ("Please check the figures.", "请检查所填内容。"),
    "idempotency_key_reused": (
        "This form was sent before with other figures. Please use the page again.",
        "该表单已用其他内容提交过，请重新填写。",
    ),
}


def reason_text(code: str, language: str) -> str:
    return _pick(REASONS[code], language)


def refusal_text(code: str, language: str) -> str:
    return _pick(REFUSALS.get(code, REFUSALS["invalid_request"]), language)


def _pick(texts: tuple[str, str], language: str) -> str:
    return texts[1] if language == "zh" else texts[0]
