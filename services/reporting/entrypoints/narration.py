"""Every event in a plain sentence, in English and Chinese, from its body alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.reporting.domain.facts import Fact
from services.reporting.entrypoints.late_sentences import LATE_SENTENCES
from services.reporting.entrypoints.wording import LANGUAGES, Language, day, moment, money, word, words
from shared.kernel.rule_words import rule_word

__all__ = ["LANGUAGES", "narrate"]

Body = Mapping[str, Any]
Values = dict[str, str]


def narrate(fact: Fact, language: Language) -> str:
    """One sentence. An event type without a sentence yet is named by its type."""
    found = _SENTENCES.get(fact.type)
    if found is None:
        return fact.type
    english, chinese, values_of = found
    return (english if language == "en" else chinese).format(**values_of(fact.body, language))


def _total(balance: Body) -> int:
    return sum(balance.values())


def _received(body: Body, language: Language) -> Values:
    return {
        "amount": money(_total(body["balance"]), body["currency"], language),
        "days": str(body["days_past_due"]),
        "product": word(body["product"], language),
    }


def _rejected(body: Body, language: Language) -> Values:
    return {"number": str(body["record_number"]), "reasons": words([r["code"] for r in body["reasons"]], language)}


def _updated(body: Body, language: Language) -> Values:
    names = {
        "balance": ("balance", "余额"),
        "days_past_due": ("days past due", "逾期天数"),
        "contact_points": ("contact points", "联系方式"),
        "mandate": ("mandate", "授权条件"),
    }
    said = [texts[LANGUAGES.index(language)] for name, texts in names.items() if body[name] is not None]
    return {"what": ("、" if language == "zh" else ", ").join(said) or "—"}


def _assessed(body: Body, language: Language) -> Values:
    return {
        "ability": str(body["ability"]),
        "willingness": str(body["willingness"]),
        "grade": body["risk_grade"],
        "stage": word(body["stage"], language),
        "strategy": word(body["strategy"], language),
        "cause": word(body["arrears_cause"], language),
    }


def _attempted(body: Body, language: Language) -> Values:
    return {
        "channel": word(body["channel"], language),
        "rung": word(body["rung"], language),
        "outcome": word(body["outcome"], language),
        "packs": ", ".join(body["packs"]),
    }


def _denied(body: Body, language: Language) -> Values:
    marks = {"en": "{} ({}, {})", "zh": "{}（{}，{}）"}[language]
    rules = "; ".join(
        marks.format(rule_word(rule["rule"], language), rule["clause"], rule["rule"]) for rule in body["rules"]
    )
    until = moment(body["until"], language)
    waits = {
        "en": f" It may be asked again from {until} UTC." if body["until"] else " Waiting alone will not change it.",
        "zh": f"最早可于 {until}（UTC）再次申请。" if body["until"] else "仅靠等待不会改变结果。",
    }
    return {
        "channel": word(body["channel"], language),
        "verdict": word(body["verdict"], language),
        "rules": rules,
        "waits": waits[language],
    }


def _replied(body: Body, language: Language) -> Values:
    promise = ""
    if body["promised_on"]:
        promise = {"en": " ({})", "zh": "（{}）"}[language].format(day(body["promised_on"], language))
    return {"channel": word(body["channel"], language), "intent": word(body["intent"], language), "promise": promise}


def _held(body: Body, language: Language) -> Values:
    until = {"en": "until it is released", "zh": "直至解除"}[language]
    if body["until"]:
        until = {"en": "until {} UTC", "zh": "至 {}（UTC）"}[language].format(moment(body["until"], language))
    return {"kind": word(body["kind"], language), "until": until}


def _released(body: Body, language: Language) -> Values:
    return {"kind": word(body["kind"], language), "reason": word(body["reason"], language)}


def _terms(terms: Body, language: Language) -> Values:
    return {
        "kind": word(terms["kind"], language),
        "total": money(terms["total"], terms["currency"], language),
        "discount": money(terms["discount"], terms["currency"], language),
        "payments": _payments(len(terms["instalments"]), language),
    }


def _payments(count: int, language: Language) -> str:
    if language == "zh":
        return f"分 {count} 期" if count != 1 else "一次付清"
    return f"{count} payments" if count != 1 else "one payment"


def _proposed(body: Body, language: Language) -> Values:
    return _terms(body["terms"], language) | {
        "round": str(body["round"]),
        "reasons": words(body["reasons"], language),
        "expires": moment(body["expires_at"], language),
    }


def _countered(body: Body, language: Language) -> Values:
    return _terms(body["terms"], language) | {
        "round": str(body["round"]),
        "by": word(body["by"], language),
        "answer": word(body["answer"], language),
        "reasons": words(body["reasons"], language),
    }


def _agreed(body: Body, language: Language) -> Values:
    return _terms(body["terms"], language) | {"hash": body["terms_hash"][:12]}


def _plan_completed(body: Body, language: Language) -> Values:
    return {
        "paid": money(body["paid"], body["currency"], language),
        "waived": money(body["waived"], body["currency"], language),
    }


def _default(body: Body, language: Language) -> Values:
    return {
        "number": str(body["instalment_number"]),
        "kind": word(body["kind"], language),
        "due": money(body["due"], body["currency"], language),
        "paid": money(body["paid"], body["currency"], language),
        "due_on": day(body["due_on"], language),
        "times": str(body["defaults_on_case"]),
    }


def _reported(body: Body, language: Language) -> Values:
    takes_back = {"en": " It takes back an earlier payment.", "zh": "该笔撤销此前的一笔还款。"}[language]
    return {
        "amount": money(body["amount"], body["currency"], language),
        "on": day(body["received_on"], language),
        "reverses": takes_back if body["reverses_payment_id"] else "",
    }


def _posted(body: Body, language: Language) -> Values:
    parts = body["allocated"]
    return {
        "amount": money(body["amount"], body["currency"], language),
        "fees": money(parts["fees"], body["currency"], language),
        "interest": money(parts["interest"], body["currency"], language),
        "principal": money(parts["principal"], body["currency"], language),
        "balance": money(_total(body["balance"]), body["currency"], language),
    }


def _reversed(body: Body, language: Language) -> Values:
    return {
        "amount": money(body["amount"], body["currency"], language),
        "balance": money(_total(body["balance"]), body["currency"], language),
    }


def _complaint(body: Body, language: Language) -> Values:
    return {"category": word(body["category"], language), "due": moment(body["answer_due_at"], language)}


def _outcome(body: Body, language: Language) -> Values:
    return {"outcome": word(body["outcome"], language)}


def _dispute(body: Body, language: Language) -> Values:
    return {"ground": word(body["ground"], language)}


def _alarm(body: Body, language: Language) -> Values:
    return {"category": word(body["category"], language), "by": word(body["reported_by"], language)}


def _reason(body: Body, language: Language) -> Values:
    return {"reason": word(body["reason"], language)}


def _points(body: Body, language: Language) -> Values:
    return {"count": str(len(body["contact_points"]))}


def _nothing(body: Body, language: Language) -> Values:
    return {}


_SENTENCES: dict[str, tuple[str, str, Callable[[Body, Language], Values]]] = {
    "case.received": (
        "The lender placed this case ({product}): {amount} owed, {days} days past due.",
        "债权人委案（{product}）：欠款 {amount}，逾期 {days} 天。",
        _received,
    ),
    "case.rejected": (
        "Record {number} of the placement was refused: {reasons}.",
        "委案批次第 {number} 条记录被拒收：{reasons}。",
        _rejected,
    ),
    "case.recalled": ("The lender took the case back: {reason}.", "债权人退案：{reason}。", _reason),
    "case.updated": ("The lender updated: {what}.", "债权人更新了：{what}。", _updated),
    "case.assessed": (
        "Assessed: ability {ability}, willingness {willingness}, grade {grade}, {stage} stage, strategy {strategy}; "
        "cause of arrears: {cause}.",
        "评估完成：还款能力 {ability}，还款意愿 {willingness}，风险等级 {grade}，阶段 {stage}，"
        "策略 {strategy}；逾期原因：{cause}。",
        _assessed,
    ),
    "case.closed": ("The case was closed: {reason}.", "案件结案：{reason}。", _reason),
    "person.updated": (
        "The person's contact points were updated; {count} are on file.",
        "联系方式已更新，现有 {count} 个。",
        _points,
    ),
    "person.erased": (
        "The person's data were erased everywhere; the journal never held them.",
        "该人的个人信息已在各处删除；本日志从未保存过这些信息。",
        _nothing,
    ),
    "contact.attempted": (
        "Contact by {channel} ({rung}): {outcome}. Allowed under {packs}.",
        "通过{channel}联系（{rung}）：{outcome}。依据 {packs} 允许。",
        _attempted,
    ),
    "contact.denied": (
        "A contact by {channel} was not permitted ({verdict}): {rules}.{waits}",
        "通过{channel}的联系未获准（{verdict}）：{rules}。{waits}",
        _denied,
    ),
    "borrower.replied": (
        "The borrower answered by {channel}: {intent}{promise}.",
        "借款人通过{channel}回复：{intent}{promise}。",
        _replied,
    ),
    "hold.applied": (
        "Contact was put on hold ({kind}), {until}.",
        "已暂停联系（{kind}），{until}。",
        _held,
    ),
    "hold.released": ("The hold ({kind}) was released: {reason}.", "暂停联系（{kind}）已解除：{reason}。", _released),
    "plan.proposed": (
        "Offer made (round {round}): {kind}, {total} in {payments}, {discount} waived at the end; open until "
        "{expires} UTC. Reasons: {reasons}.",
        "提出方案（第 {round} 轮）：{kind}，共 {total}，{payments}，完成后减免 {discount}；"
        "有效期至 {expires}（UTC）。理由：{reasons}。",
        _proposed,
    ),
    "plan.countered": (
        "Counter-offer by the {by} (round {round}): {kind}, {total} in {payments}. Answer: {answer}; reasons: "
        "{reasons}.",
        "{by}还价（第 {round} 轮）：{kind}，共 {total}，{payments}。答复：{answer}；理由：{reasons}。",
        _countered,
    ),
    "plan.agreed": (
        "Plan agreed: {kind}, {total} in {payments}, {discount} waived on completion. Terms sealed as {hash}.",
        "达成方案：{kind}，共 {total}，{payments}，完成后减免 {discount}。条款封存校验值 {hash}。",
        _agreed,
    ),
    "plan.completed": (
        "The plan was kept to the end: {paid} paid, {waived} waived.",
        "方案履行完毕：已还 {paid}，减免 {waived}。",
        _plan_completed,
    ),
    "default.detected": (
        "Default: instalment {number}, due {due_on}, was {kind} ({paid} of {due}). Broken plans on this case: {times}.",
        "违约：第 {number} 期（{due_on} 到期）{kind}（应还 {due}，已还 {paid}）。本案累计违约 {times} 次。",
        _default,
    ),
    "payment.reported": (
        "The lender reported a payment of {amount}, received {on}.{reverses}",
        "债权人报告收到还款 {amount}，收款日 {on}。{reverses}",
        _reported,
    ),
    "payment.posted": (
        "{amount} booked: {fees} to fees, {interest} to interest, {principal} to principal. Balance {balance}.",
        "入账 {amount}：费用 {fees}，利息 {interest}，本金 {principal}。余额 {balance}。",
        _posted,
    ),
    "payment.reversed": (
        "A payment of {amount} was taken back. Balance {balance}.",
        "一笔 {amount} 的还款被冲正。余额 {balance}。",
        _reversed,
    ),
    "complaint.opened": (
        "A complaint was opened ({category}); an answer is due by {due} UTC.",
        "收到投诉（{category}）；须于 {due}（UTC）前答复。",
        _complaint,
    ),
    "complaint.closed": ("The complaint was closed: {outcome}.", "投诉已办结：{outcome}。", _outcome),
    "dispute.opened": ("The borrower disputes the debt ({ground}).", "借款人对债务提出异议（{ground}）。", _dispute),
    "conduct.alarmed": (
        "Serious misconduct was reported ({category}), by way of: {by}. Contact is frozen until two people release it.",
        "收到严重不当行为报告（{category}），来源：{by}。联系已冻结，须两人共同解除。",
        _alarm,
    ),
    "dispute.closed": ("The dispute was closed: {outcome}.", "异议已办结：{outcome}。", _outcome),
    **LATE_SENTENCES,
}
