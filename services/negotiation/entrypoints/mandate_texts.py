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
    "replan_limit_of_case": (
        "The creditor allows no further plan on this case without looking at it.",
        "未经债权人审查，本案件不能再达成新的计划。",
    ),
    "replan_limit_of_year": (
        "The creditor allows no further plan within twelve months of the last ones without looking at it.",
        "未经债权人审查，十二个月内不能再达成新的计划。",
    ),
}
MANDATE_REFUSALS: dict[str, tuple[str, str]] = {
    "unfair_terms": (
        "These terms would not be fair to you any more, so they cannot be agreed. Please look at the current offers.",
        "该条款对您已不再公平，因此不能达成。请查看当前的方案。",
    ),
}
