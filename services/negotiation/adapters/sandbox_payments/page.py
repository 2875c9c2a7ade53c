"""Sandbox Pay's page in two languages: a plain form without script, which says on every line that it is not real."""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, StrictUndefined

from services.negotiation.adapters.sandbox_payments.house import CODES
from shared.kernel.money import EXPONENTS

STYLE = (
    "body{font:1.125rem/1.6 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;"
    "background:#fff}button,select{font:inherit;min-height:44px;padding:.4rem 1rem;margin:.3rem .6rem .3rem 0}"
    ".note{border-left:.4rem solid #6b5900;background:#fff8dc;padding:.6rem 1rem}dt{color:#555}dd{margin:0 0 .6rem}"
)
TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Sandbox Pay",
        "note": "This is a simulation. No money moves, and no card is asked for.",
        "amount": "Amount",
        "reference": "Payment for",
        "outcome": "What shall happen (for testers)",
        "pay": "Pay",
        "decline": "Let it be declined",
        "leave": "Leave without paying",
        "open": "Not paid yet",
        "succeeded": "Paid. You can close this page.",
        "declined": "Declined. Nothing was paid.",
        "expired": "This payment has run out. Nothing was paid.",
        "back": "Back",
        "gone": "There is no such payment.",
    },
    "zh": {
        "title": "沙盒支付",
        "note": "这是模拟页面：不会发生真实扣款，也不会询问任何银行卡信息。",
        "amount": "金额",
        "reference": "付款用途",
        "outcome": "模拟结果（供测试人员选择）",
        "pay": "付款",
        "decline": "模拟付款被拒",
        "leave": "不付款，离开",
        "open": "尚未付款",
        "succeeded": "已付款。您可以关闭此页面。",
        "declined": "付款被拒，没有扣款。",
        "expired": "该付款已过期，没有扣款。",
        "back": "返回",
        "gone": "没有这笔付款。",
    },
}
_PAGE = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string("""\
<!doctype html>
<html lang="{{ 'zh-Hans' if language == 'zh' else 'en' }}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ t.title }}</title><style>{{ style }}</style></head>
<body><main>
<h1>{{ t.title }}</h1>
<p class="note">{{ t.note }}</p>
{% if payment is none %}
<p role="alert">{{ t.gone }}</p>
{% else %}
<dl><dt>{{ t.amount }}</dt><dd><strong>{{ amount }} {{ payment.currency }}</strong></dd>
<dt>{{ t.reference }}</dt><dd>{{ payment.description }}</dd></dl>
<p role="status">{{ t[payment.state] }}</p>
{% if payment.state == "open" %}
<form method="post">
<p><label for="code">{{ t.outcome }}</label><br>
<select id="code" name="code">{% for code, meaning in codes.items() %}<option value="{{ code }}">{{ code or "-" }}: \
{{ meaning }}</option>{% endfor %}</select></p>
<button name="decision" value="pay">{{ t.pay }}</button>
<button name="decision" value="decline">{{ t.decline }}</button>
<button name="decision" value="leave">{{ t.leave }}</button>
</form>
{% elif payment.return_to %}
<p><a href="{{ payment.return_to }}">{{ t.back }}</a></p>
{% endif %}
{% endif %}
</main></body></html>
""")


def render(payment: dict[str, Any] | None, language: str) -> str:
    amount = ""
    if payment is not None:
        exponent = EXPONENTS[payment["currency"]]
        units = str(payment["amount"]).rjust(exponent + 1, "0")
        amount = f"{units[: len(units) - exponent]}.{units[len(units) - exponent :]}".rstrip(".")
    texts = TEXTS.get(language, TEXTS["en"])
    return _PAGE.render(payment=payment, t=texts, language=language, amount=amount, codes=CODES, style=STYLE)
