"""Texts of the first page, of offers and plans."""

from __future__ import annotations

HOME: dict[str, tuple[str, str]] = {
    "title": ("Your account", "您的账款"),
    "greeting": ("Hello {name}", "{name}，您好"),
    "on_behalf": ("We write on behalf of {creditor}.", "我们受{creditor}委托与您联系。"),
    "on_behalf_unknown": ("We write on behalf of your creditor.", "我们受您的债权人委托与您联系。"),
    "now": ("Where things stand", "目前情况"),
    "now_closed": (
        "Work on this debt has ended. You will not hear from us about it again.",
        "此案件已结束，我们不会再就此联系您。",
    ),
    "now_nothing": ("Nothing is owed. Thank you.", "已无欠款，谢谢。"),
    "now_blocked": (
        "Work on this debt is paused for now. You need not do anything. You can still pay if you want to.",
        "该债务的处理现已暂停，您无需采取任何行动；如您愿意，仍可付款。",
    ),
    "now_plan": ("Your plan is running.", "您的计划正在执行中。"),
    "next_due": ("Next payment: {amount} by {day}.", "下一期：{amount}，{day}前支付。"),
    "days_of_grace": (
        "If it comes up to {n} days later, the plan still stands.",
        "晚于该日期不超过 {n} 天到账，计划仍然有效。",
    ),
    "all_paid": ("All payments of the plan have come in.", "计划的各期款项均已到账。"),
    "now_offers": (
        "There are {n} ways to settle this that you can choose from. You need not decide today.",
        "您有 {n} 种解决方案可以选择，不必今天决定。",
    ),
    "now_open": (
        "We are looking at what would suit you. You can propose something yourself at any time.",
        "我们正在考虑适合您的方案，您也可以随时提出自己的方案。",
    ),
    "see_offers": ("Compare the offers", "比较方案"),
    "see_plan": ("See the plan", "查看计划"),
    "pay": ("Pay", "付款"),
    "propose": ("Propose something else", "提出自己的方案"),
    "owed": ("What is owed", "未还金额"),
    "overpaid": ("Paid too much, to be returned to you", "多付金额，将退还给您"),
    "bucket": ("Part of the debt", "款项"),
    "about": ("About this debt", "关于本笔债务"),
    "about_intro": (
        "This is what your creditor told us. If something is wrong, tell us: we stop, check and answer.",
        "以下为债权人提供的信息。如有错误请告诉我们，我们会暂停、核实并答复。",
    ),
    "creditor": ("Owed to", "债权人"),
    "product": ("Kind of contract", "合同类型"),
    "originated_on": ("Contract of", "合同日期"),
    "rate": ("Interest of the contract, a year", "合同年利率"),
    "oldest_due_on": ("Unpaid since", "逾期起始日"),
    "missed": ("Instalments missed", "逾期期数"),
    "paid_before": ("Instalments paid before", "此前已付期数"),
    "placed_on": ("Given to us on", "委托日期"),
    "case_number": ("Our number for it", "案件编号"),
    "payments": ("Payments received", "已收款项"),
    "no_payments": ("We have not received a payment yet.", "我们尚未收到款项。"),
    "received_on": ("Received on", "收款日"),
    "reversed": ("taken back", "已撤销"),
    "rights": ("Your rights", "您的权利"),
    "rights_text": (
        "If you think this debt is not yours or not right, or you are unhappy with how you are treated, say so in a "
        "reply to any of our messages: we stop, check and answer. You may also ask us to stop contacting you. Free, "
        "independent debt advice exists. We never ask you to borrow in order to pay.",
        "如果您认为该债务不属于您或金额有误，或对我们的服务不满，请回复我们的任何消息说明：我们会暂停、核实并答复。"
        "您也可以要求我们停止联系。您可以寻求免费、独立的法律援助或债务咨询；我们绝不会要求您借新还旧。",
    ),
    "product_personal_loan": ("Personal loan", "个人贷款"),
    "product_credit_card": ("Credit card", "信用卡"),
    "product_consumer_loan": ("Consumer loan", "消费贷款"),
}

TERMS: dict[str, tuple[str, str]] = {
    "form_lump_sum": ("One payment", "一次付清"),
    "form_level": ("Equal payments", "等额分期"),
    "form_step": ("Small payments first, larger ones later", "先少后多分期"),
    "form_deferral": ("Later start, then payments", "延后开始，再分期"),
    "form_interest_freeze": ("Payments, with no more interest", "停息分期"),
    "form_reduced": ("Smaller payments for a time", "降低还款额"),
    "form_restructured": ("A new schedule for the contract", "合同重组"),
    "form_pause": ("A pause, then payments", "暂停一段时间，再分期"),
    "every_once": ("once", "一次"),
    "every_weekly": ("every week", "每周"),
    "every_fortnightly": ("every two weeks", "每两周"),
    "every_monthly": ("every month", "每月"),
    "every_pay_day": ("every month on pay-day", "每月发薪日"),
    "you_pay": ("You pay in all", "您共需支付"),
    "each": ("Each payment", "每期金额"),
    "from_to": ("{first}, later {last}", "先 {first}，后 {last}"),
    "waived": ("Taken off the debt", "减免金额"),
    "first_payment": ("First payment", "首期"),
    "last_payment": ("Last payment", "末期"),
    "number_of_payments": ("Number of payments", "期数"),
    "pause_until": ("Nothing is asked before", "在此日期前无需还款"),
    "grace": ("Days of grace for each payment", "每期宽限天数"),
    "valid_until": ("Open through", "有效期至"),
    "before": ("You owe today", "目前欠款"),
    "after": ("You still pay", "此后共付"),
    "cost": ("It costs you on top", "额外费用"),
    "schedule": ("All payments", "还款明细"),
    "seal": ("Seal of the terms", "条款校验码"),
    "seal_about": (
        "This code belongs to these exact terms. If one word or figure changed, so would the code.",
        "该校验码对应以上条款；任何字词或数字改变，校验码都会不同。",
    ),
}
"""Words for terms, on every page that shows some."""

OFFERS: dict[str, tuple[str, str]] = {
    **TERMS,
    "title": ("Offers to you", "可选方案"),
    "intro": (
        "Compare them side by side, choose what suits you, or propose something else. You need not decide today. "
        "Looking costs nothing and decides nothing.",
        "您可以并排比较，选择适合您的方案，也可以提出自己的方案。不必今天决定；查看不会产生费用，也不代表同意。",
    ),
    "caption": ("The offers side by side", "方案对比"),
    "offer": ("Offer", "方案"),
    "look": ("Look at this offer", "查看此方案"),
    "none": ("There is no offer at this moment.", "目前没有可选方案。"),
    "none_plan": ("You have a running plan, so there is nothing to choose.", "您已有正在执行的计划，无需选择。"),
    "none_blocked": (
        "Work on this debt is paused for now, so nothing new can be agreed. You need not do anything.",
        "该债务的处理现已暂停，暂时不能达成新的安排，您无需采取任何行动。",
    ),
    "propose": ("Propose something else", "提出自己的方案"),
    "why": ("Why this offer", "为何提供此方案"),
    "one_title": ("Offer: {form}", "方案：{form}"),
    "promise": (
        "What we both promise: you pay on these days, and we leave you in peace as long as you do.",
        "双方承诺：您按期付款；您遵守期间，我们不再催收。",
    ),
    "agree_heading": ("If you want this", "如果您选择此方案"),
    "confirm": ("I have read these terms and agree to them.", "我已阅读并同意以上条款。"),
    "accept": ("Agree to this plan", "同意此方案"),
    "compare": ("Back to all offers", "返回全部方案"),
    "agreed": ("Thank you. The plan is agreed.", "谢谢，计划已达成。"),
}

PLAN: dict[str, tuple[str, str]] = {
    **TERMS,
    "title": ("Your plan", "您的计划"),
    "none": ("There is no plan yet. You can choose an offer or propose one.", "尚无计划。您可以选择方案或提出方案。"),
    "see_offers": ("Compare the offers", "比较方案"),
    "pay": ("Pay", "付款"),
    "agreed": (
        "Thank you. The plan is agreed. You find your copy under Documents.",
        "谢谢，计划已达成。您可以在“文件”中找到您的副本。",
    ),
    "agreed_on": ("Agreed on", "达成日期"),
    "plan_active": ("running", "执行中"),
    "plan_completed": ("completed", "已完成"),
    "plan_defaulted": ("not kept; you can start again with another one", "未能履行，您可以重新选择方案"),
    "plan_cancelled": ("ended", "已终止"),
    "plan_withdrawn": ("taken back by you", "您已撤回"),
    "instalment_paid": ("paid", "已付"),
    "instalment_partly_paid": ("partly paid", "部分支付"),
    "instalment_due": ("to come", "未到期"),
    "instalment_overdue": ("due, in the days of grace", "已到期，宽限期内"),
    "instalment_missed": ("missed", "逾期"),
    "trouble": (
        "Is it getting too much? Tell us before a payment is missed. Asking changes nothing for the worse.",
        "觉得吃力吗？请在错过付款之前告诉我们。询问不会给您带来任何不利。",
    ),
}

PROPOSE: dict[str, tuple[str, str]] = {
    **TERMS,
    "see_plan": ("See the plan", "查看计划"),
    "title": ("Propose something else", "提出自己的方案"),
    "intro": (
        "Tell us what you can keep up. You get an answer at once, with the reasons. A proposal binds you only if we "
        "both agree.",
        "请告诉我们您能够坚持的方案。我们会立即答复并说明理由。只有双方同意后，方案才对您有约束力。",
    ),
    "kind": ("What would you like?", "您希望："),
    "kind_instalments": ("Pay in parts", "分期还款"),
    "kind_lump_sum": ("Pay once, and settle the debt", "一次付清并结清"),
    "kind_hardship_pause": ("A pause first", "先暂停一段时间"),
    "amount": ("Amount of each payment, or of the one payment", "每期金额，或一次付清的金额"),
    "amount_hint": ("In {currency}. For example 120.50", "单位：{currency}，例如 120.50"),
    "months": ("Or: number of months (of payments, or of the pause)", "或：月数（分期或暂停）"),
    "months_hint": ("A whole number, for example 6", "整数，例如 6"),
    "frequency": ("How often", "还款频率"),
    "first": ("First payment on", "首期日期"),
    "pay_day": ("Your pay-day (day of the month)", "您的发薪日（每月几号）"),
    "pay_day_hint": ("Only if you chose pay-day", "仅在选择发薪日时填写"),
    "send": ("Send proposal", "提交方案"),
    "answer_accepted": ("Your proposal is agreed.", "您的方案已达成。"),
    "answer_countered": (
        "We cannot agree to this, but we can offer the following.",
        "我们无法同意该方案，但可以提供以下方案。",
    ),
    "answer_refused": ("We cannot agree to this.", "我们无法同意该方案。"),
    "answer_referred": (
        "Your creditor decides about this. We pass it on and tell you the answer.",
        "该方案需由债权人决定，我们会转交并告知您结果。",
    ),
    "why": ("Why", "理由"),
    "see_offer": ("Look at this offer", "查看此方案"),
    "again": ("Propose something else", "提出其他方案"),
    "budget": ("Not sure what you can afford? Work it out first.", "不确定能负担多少？先算一算。"),
}
