"""Codes, amounts and dates as people say them, in English and Chinese. A code without words is shown as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal, format_percent

from shared.kernel.money import EXPONENTS

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
_LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN"}

_WORDS: dict[str, tuple[str, str]] = {
    # channels
    "email": ("e-mail", "电子邮件"),
    "sms": ("text message", "短信"),
    "call": ("call", "电话"),
    "letter": ("letter", "信函"),
    # rungs of the ladder
    "reminder": ("reminder", "提醒"),
    # outcomes of a contact
    "sent": ("sent", "已发送"),
    "delivered": ("delivered", "已送达"),
    "conversation": ("a conversation took place", "已通话"),
    "no_answer": ("nobody answered", "无人接听"),
    "not_connected": ("not connected", "未接通"),
    "failed": ("failed", "发送失败"),
    "unknown": ("not known", "未知"),
    # replies
    "stop": ("stop contacting me this way", "要求停止此方式联系"),
    "dispute": ("dispute", "异议"),
    "hardship": ("hardship", "经济困难"),
    "complaint": ("complaint", "投诉"),
    "promise": ("promise to pay", "承诺还款"),
    "wrong_person": ("wrong person", "非本人"),
    "already_paid": ("already paid", "已还款"),
    "question": ("question", "咨询"),
    "other": ("something else", "其他"),
    # holds
    "cease": ("cease request", "停止联系请求"),
    "default_playbook": ("default playbook", "违约处置"),
    "quarantine": ("quarantine", "数据隔离"),
    "verification": ("verification", "信息核实"),
    # plans
    "lump_sum": ("lump sum", "一次性结清"),
    "instalments": ("instalments", "分期还款"),
    "hardship_pause": ("hardship pause", "困难延期"),
    "none": ("no plan", "无方案"),
    "active": ("being kept", "履约中"),
    "completed": ("completed", "已完成"),
    "defaulted": ("broken", "已违约"),
    "missed": ("missed", "未还"),
    "partial": ("paid in part", "部分还款"),
    "accepted": ("accepted", "已接受"),
    "refused": ("refused", "已拒绝"),
    "countered": ("answered with another offer", "已还价"),
    "agency": ("agency", "机构"),
    "borrower": ("borrower", "借款人"),
    # case status
    "received": ("received", "已接收"),
    "assessed": ("assessed", "已评估"),
    "in_contact": ("in contact", "联系中"),
    "negotiating": ("negotiating", "协商中"),
    "plan_active": ("plan being kept", "方案履约中"),
    "closed": ("closed", "已结案"),
    "recalled": ("recalled", "已退案"),
    "unplaced": ("not placed", "未委案"),
    # stages
    "early": ("early", "初期"),
    "mid": ("middle", "中期"),
    "late": ("late", "后期"),
    # causes of arrears
    "oversight": ("oversight", "疏忽遗忘"),
    "cash_flow_gap": ("cash-flow gap", "资金周转不足"),
    "job_loss": ("job loss", "失业"),
    "illness": ("illness", "疾病"),
    "bereavement": ("bereavement", "亲人离世"),
    "over_borrowing": ("over-borrowing", "过度借贷"),
    "fraud_victim": ("victim of fraud", "遭遇诈骗"),
    "refuses": ("refuses to pay", "拒绝还款"),
    # ends
    "paid_in_full": ("paid in full", "全额结清"),
    "plan_completed": ("plan completed", "方案履行完毕"),
    "paid_creditor": ("paid to the creditor", "已直接还款给债权人"),
    "placed_in_error": ("placed in error", "误委案"),
    "sold": ("sold", "债权转让"),
    "legal_action": ("legal action", "进入法律程序"),
    "borrower_request": ("at the borrower's request", "借款人要求"),
    "upheld": ("upheld", "投诉成立"),
    "partly_upheld": ("upheld in part", "部分成立"),
    "not_upheld": ("not upheld", "不成立"),
    "withdrawn": ("withdrawn", "已撤回"),
    "debt_verified": ("debt verified", "债务核实无误"),
    "debt_corrected": ("debt corrected", "债务已更正"),
    "debt_withdrawn": ("debt withdrawn", "债务已撤销"),
    "deny": ("denied", "拒绝"),
    "review": ("needs a person's review", "需人工复核"),
    # products
    "personal_loan": ("personal loan", "个人贷款"),
    "consumer_loan": ("consumer loan", "消费贷款"),
    "credit_card": ("credit card", "信用卡"),
}


def word(code: str | None, language: Language) -> str:
    if code is None:
        return "—"
    known = _WORDS.get(code)
    return known[LANGUAGES.index(language)] if known else code


def words(codes: list[str] | tuple[str, ...], language: Language) -> str:
    return ("、" if language == "zh" else ", ").join(word(code, language) for code in codes)


def money(minor_units: int, currency: str, language: Language) -> str:
    """`$1,234.50`, `¥1,234.50`; the currency's own number of decimals."""
    exponent = EXPONENTS.get(currency, 2)
    amount = Decimal(minor_units).scaleb(-exponent)
    return str(format_currency(amount, currency, locale=_LOCALES[language]))


def number(value: float, language: Language) -> str:
    return str(format_decimal(value, locale=_LOCALES[language]))


def percent(part: int, whole: int, language: Language) -> str:
    if not whole:
        return "—"
    return str(format_percent(Decimal(part) / Decimal(whole), format="#,##0.0%", locale=_LOCALES[language]))


def day(value: date | str | None, language: Language) -> str:
    if value is None:
        return "—"
    on = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return str(format_date(on, format="medium", locale=_LOCALES[language]))


def moment(value: datetime | str | None, language: Language) -> str:
    """To the minute, UTC: the pages say so once."""
    if value is None:
        return "—"
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    pattern = "y年M月d日 HH:mm" if language == "zh" else "d MMM y HH:mm"
    return str(format_datetime(at.astimezone(UTC), pattern, locale=_LOCALES[language]))
