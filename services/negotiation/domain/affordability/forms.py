"""The two forms of a statement: its categories, in sections, and the closed words it uses.

`sfs` has the sections of the United Kingdom's Standard Financial Statement; `cn` is laid out for households in
mainland China. A category is a code: there is no free text in a statement, so nothing personal gets into it by the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

FormName = Literal["sfs", "cn"]
Section = Literal["income", "fixed", "flexible", "savings"]
Every = Literal["weekly", "fortnightly", "four_weekly", "monthly", "quarterly", "yearly"]

_SFS: Mapping[Section, tuple[str, ...]] = {
    "income": (
        "wages",
        "partner_wages",
        "self_employment",
        "benefits",
        "state_pension",
        "private_pension",
        "child_support",
        "boarders",
        "student_support",
        "other_income",
    ),
    "fixed": (
        "rent",
        "mortgage",
        "ground_rent",
        "council_tax",
        "home_insurance",
        "gas_electricity",
        "water",
        "childcare",
        "adult_care",
        "child_support_paid",
        "prescriptions",
        "public_transport",
        "car",
        "school",
        "pension_contributions",
        "life_insurance",
        "professional_fees",
        "priority_arrears",
        "court_fines",
        "other_essential",
    ),
    "flexible": ("communications_leisure", "food_housekeeping", "personal"),
    "savings": ("savings",),
}
_CN: Mapping[Section, tuple[str, ...]] = {
    "income": (
        "wages",  # 工资
        "partner_wages",  # 配偶工资
        "self_employment",  # 经营收入
        "pension",  # 养老金
        "unemployment_insurance",  # 失业保险金
        "minimum_living_allowance",  # 低保金
        "rent_received",  # 租金收入
        "family_support",  # 亲属给付
        "other_income",  # 其他收入
    ),
    "fixed": (
        "rent",  # 房租
        "mortgage",  # 房贷
        "utilities",  # 水电燃气取暖
        "property_fee",  # 物业费
        "social_insurance",  # 社会保险（个人缴纳部分）
        "housing_fund",  # 住房公积金
        "child_raising",  # 子女抚养
        "parents_support",  # 赡养老人
        "medical",  # 医疗
        "education",  # 教育
        "transport",  # 交通
        "priority_arrears",  # 优先债务
        "other_essential",  # 其他必需支出
    ),
    "flexible": (
        "food_daily",  # 饮食日用
        "communications",  # 通讯
        "clothing",  # 衣着
        "personal",  # 个人支出
    ),
    "savings": ("savings",),
}
SECTIONS: Mapping[FormName, Mapping[Section, tuple[str, ...]]] = {"sfs": _SFS, "cn": _CN}
SECTION_OF: Mapping[FormName, Mapping[str, Section]] = {
    form: {category: section for section, categories in sections.items() for category in categories}
    for form, sections in SECTIONS.items()
}

SPENDING_REASONS = frozenset(
    {
        "medical_need",
        "disability",
        "special_diet",
        "long_journeys",
        "childcare_for_work",
        "care_of_relative",
        "large_household",
        "tied_contract",
        "moving_home",
    }
)
"""Why spending may be above the guide: codes, never words."""
EVIDENCE_KINDS = frozenset(
    {
        "payslip",
        "benefit_letter",
        "bank_statement",
        "tax_return",
        "tenancy_or_mortgage",
        "medical_bill",
        "school_bill",
        "household_register",
        "low_income_certificate",
        "debt_statement",
    }
)
"""What an uploaded file proves; the statement holds the file's id alone."""

PERIODS: Mapping[Every, tuple[int, int]] = {
    "weekly": (52, 12),
    "fortnightly": (26, 12),
    "four_weekly": (13, 12),
    "monthly": (1, 1),
    "quarterly": (1, 3),
    "yearly": (1, 12),
}
"""How many a month, as a fraction: amounts are summed exactly and rounded once."""
