"""Sentences for what comes late in a case's life: relief, the law, money paid over, arrears after a cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from services.reporting.entrypoints.wording import Language, day, moment, money, word, words

Body = Mapping[str, Any]
Values = dict[str, str]


def _withdrawn(body: Body, language: Language) -> Values:
    wish = {"en": " The money paid under it is asked back.", "zh": "并要求退还已付款项。"}[language]
    return {"refund": wish if body["is_refund_asked"] else ""}


def _slipped(body: Body, language: Language) -> Values:
    return {"signal": word(body["signal"], language), "count": str(body["count"])}


def _asked(body: Body, language: Language) -> Values:
    return {
        "cause": word(body["cause"], language),
        "months": str(body["months_asked"]),
        "by": moment(body["decide_by"], language),
    }


def _granted(body: Body, language: Language) -> Values:
    return {
        "form": word(body["form"], language),
        "cause": word(body["cause"], language),
        "until": moment(body["until"], language),
        "review": day(body["review_on"], language),
    }


def _ended(body: Body, language: Language) -> Values:
    return {"outcome": word(body["outcome"], language), "reasons": words(body["reasons"], language)}


def _opened(body: Body, language: Language) -> Values:
    last = day(body["limitation_ends_on"], language) if body["limitation_ends_on"] else word("unknown", language)
    return {"last": last}


def _advanced(body: Body, language: Language) -> Values:
    answer = ""
    if body["respond_by"]:
        marks = {"en": " The borrower may answer until {}.", "zh": "借款人可在{}前答复。"}[language]
        answer = marks.format(day(body["respond_by"], language))
    signature = body["counsel_signature_hash"]
    return {
        "step": word(body["step"], language),
        "signature": signature[:12] if signature else word("not_needed", language),
        "answer": answer,
    }


def _remitted(body: Body, language: Language) -> Values:
    return {name: money(body[name], body["currency"], language) for name in ("gross", "commission", "set_off")}


def _adjusted(body: Body, language: Language) -> Values:
    owed, currency = sum(body["balance"].values()), body["currency"]
    return {
        "kind": word(body["kind"], language),
        "balance": money(owed, currency, language),
        "overpaid": money(body["overpaid"], currency, language),
    }


def _again(body: Body, language: Language) -> Values:
    return {
        "months": str(body["within_months"]),
        "cause": word(body["arrears_cause"], language),
        "treatment": word(body["treatment"], language),
    }


LATE_SENTENCES: dict[str, tuple[str, str, Callable[[Body, Language], Values]]] = {
    "plan.withdrawn": (
        "The borrower withdrew from the plan in time; it is as if it had not been agreed.{refund}",
        "借款人在冷静期内撤回方案，视同未达成。{refund}",
        _withdrawn,
    ),
    "plan.slipped": (
        "An early sign of trouble: {signal} ({count} in a row).",
        "出现履约偏离迹象：{signal}（连续 {count} 次）。",
        _slipped,
    ),
    "relief.requested": (
        "The borrower asked for relief ({cause}) for {months} months; to be decided by {by} UTC.",
        "借款人申请困难帮扶（{cause}），期限 {months} 个月；须于 {by}（UTC）前决定。",
        _asked,
    ),
    "relief.granted": (
        "Relief granted ({form}; {cause}) until {until} UTC; to be reviewed on {review}.",
        "已批准困难帮扶（{form}；{cause}），至 {until}（UTC）；复核日 {review}。",
        _granted,
    ),
    "relief.ended": ("Relief ended: {outcome} ({reasons}).", "困难帮扶结束：{outcome}（{reasons}）。", _ended),
    "legal.opened": (
        "A legal file was opened on proof of the softer steps. Last day for a claim: {last}.",
        "已凭温和步骤的证据建立法律档案。诉讼时效末日：{last}。",
        _opened,
    ),
    "legal.advanced": (
        "Legal step: {step}. Counsel's signature: {signature}.{answer}",
        "法律步骤：{step}。法务签字：{signature}。{answer}",
        _advanced,
    ),
    "legal.closed": (
        "The legal file was closed: {outcome} ({reasons}).",
        "法律档案结案：{outcome}（{reasons}）。",
        _ended,
    ),
    "books.adjusted": (
        "Books adjusted ({kind}); owed {balance}, overpaid {overpaid}.",
        "账目调整（{kind}）；现欠 {balance}，多付 {overpaid}。",
        _adjusted,
    ),
    "payment.remitted": (
        "{gross} was paid over to the lender; commission {commission}, set off {set_off}.",
        "已向债权人划付 {gross}；佣金 {commission}，抵扣 {set_off}。",
        _remitted,
    ),
    "re_default.detected": (
        "In arrears again within {months} months of the cure (cause then: {cause}; cured by: {treatment}).",
        "回正后 {months} 个月内再次逾期（当时原因：{cause}；处置方式：{treatment}）。",
        _again,
    ),
}
