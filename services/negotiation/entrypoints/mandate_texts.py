"""Texts about mandates, approvals and fairness in English and Chinese."""

from __future__ import annotations

MANDATE_REASONS: dict[str, tuple[str, str]] = {
    "approved_by_lender": (
        "The creditor approved this offer for you in particular.",
        "债权人专门为您批准了该方案。",
    ),
    "approved_by_name": (
        "A named member of our staff approved this offer after looking at your situation.",
        "我们的一名具名员工在了解您的情况后批准了该方案。",
    ),
    "within_authority": ("A member of our staff made you this offer.", "我们的工作人员为您提出了该方案。"),
}
MANDATE_REFUSALS: dict[str, tuple[str, str]] = {
    "unfair_terms": (
        "These terms would not be fair to you any more, so they cannot be agreed. Please look at the current offers.",
        "该条款对您已不再公平，因此不能达成。请查看当前的方案。",
    ),
}
