"""The closed catalogue of clause kinds: those an agreement may have, and those it never has, with why.

An agreement's own words are in `domain/agreement`; here stands what each kind of clause says, so that a lender's form,
an adviser's proposal or a mistake of ours can be told by its code.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """`zh` and `en` say what such a clause says. `source` is empty for allowed kinds."""

    code: str
    is_allowed: bool
    en: str
    zh: str
    source: str = ""
    confidence: str = ""


def _allowed(code: str, en: str, zh: str) -> Clause:
    return Clause(code, True, en, zh)


def _never(code: str, en: str, zh: str, source: str, confidence: str) -> Clause:
    return Clause(code, False, en, zh, source, confidence)


ALLOWED: tuple[Clause, ...] = (
    _allowed("parties", "Who agrees with whom.", "协议双方是谁。"),
    _allowed("amount", "What is paid in all, and what is owed today.", "总共还多少，今天欠多少。"),
    _allowed("payments_one", "One payment and its date.", "一次还款及其日期。"),
    _allowed("payments_many", "The payments and their dates.", "每期还款及其日期。"),
    _allowed("discount", "What is given up when the plan is kept.", "按约还清后减免多少。"),
    _allowed("no_discount", "The debt is paid in full at the end.", "还完即全部结清。"),
    _allowed("pause", "Nothing is asked for before a day.", "某日之前不要求还款。"),
    _allowed("grace", "How many days late still count as on time.", "晚几天仍算按时。"),
    _allowed("no_grace", "Payments are on time on their date.", "到期日当天到账算按时。"),
    _allowed("late", "What happens when a payment stays missing.", "未按时还款会怎样。"),
    _allowed("change", "A change can be asked for; none happens alone.", "可以申请变更，不会单方变更。"),
    _allowed("cooling_off", "The agreement can be taken back for some days.", "若干天内可以撤回协议。"),
    _allowed("early", "Paying early is free.", "提前还款不收费。"),
    _allowed("rights", "Dispute, complaint and a representative stay possible.", "异议、投诉和委托他人的权利不变。"),
    _allowed("costs", "Nothing is charged for the agreement.", "订立协议不收费。"),
    _allowed("personal_data", "What personal data is used for.", "个人信息用于什么。"),
    _allowed("contacts", "How one keeps in touch.", "如何联系。"),
    _allowed("genuine", "How to check that the paper is genuine.", "如何核实文件真伪。"),
    _allowed(
        "time_barred",
        "The debt may be too old to be sued on, and paying may change that.",
        "该债务可能已过诉讼时效，还款可能改变这一点。",
    ),
    _allowed(
        "contract_interest", "The contract's own interest goes on, within the law.", "合同利息在法律限度内继续计算。"
    ),
    _allowed("contract_fee", "A fee that the contract names.", "合同写明的费用。"),
    _allowed(
        "restructuring",
        "New terms take the place of the old, with both total costs.",
        "新条件取代旧条件，并列出前后总成本。",
    ),
    _allowed("review", "Relief is looked at again on a day.", "某日重新评估帮扶措施。"),
    _allowed("overpaid", "What was paid too much is given back.", "多付的款项退还。"),
    _allowed("partial", "A part of a payment counts as a part.", "部分还款按部分计入。"),
    _allowed("credit_record", "What is reported to the credit bureau, and its correction.", "如何报送征信及更正。"),
)

FORBIDDEN: tuple[Clause, ...] = (
    _never(
        "fee_outside_contract",
        "A fee for collecting, reminding or agreeing that no contract names.",
        "收取合同未约定的催收费、提醒费或手续费。",
        "12 CFR 1006.22(b); CONC 7.7.5R",
        "primary",
    ),
    _never(
        "default_interest_unbounded",
        "Default interest without measure or above the cap.",
        "约定过高或无上限的罚息。",
        "93/13/EEC annex 1(e); 民间借贷规定 29",
        "primary",
    ),
    _never(
        "new_borrowing",
        "The borrower is to borrow elsewhere to pay.",
        "要求借款人借新还旧。",
        "CONC 7.3.10R; 中银协 2026",
        "primary",
    ),
    _never(
        "false_last_chance",
        "The offer is called the last while it stays open.",
        "声称最后机会而实际仍可获得。",
        "15 U.S.C. 1692e(10)",
        "primary",
    ),
    _never(
        "waive_limitation",
        "Limitation is given up in advance.",
        "预先放弃诉讼时效利益。",
        "CN Civil Code art. 197: void",
        "secondary",
    ),
    _never(
        "waive_dispute",
        "The debt may not be disputed any more.",
        "放弃对债务提出异议。",
        "15 U.S.C. 1692g; 93/13/EEC annex 1(q)",
        "secondary",
    ),
    _never(
        "waive_complaint",
        "No complaint to us, an authority or an ombudsman.",
        "放弃投诉或向监管机构举报。",
        "93/13/EEC annex 1(q); CRA 2015 sch. 2 para 20",
        "secondary",
    ),
    _never(
        "waive_data_rights",
        "Access, correction or erasure of data are given up.",
        "放弃查询、更正、删除个人信息的权利。",
        "PIPL arts 44-47; GDPR arts 12-22",
        "primary",
    ),
    _never(
        "waive_court",
        "No court, or arbitration alone.",
        "排除诉讼或只能仲裁。",
        "93/13/EEC annex 1(q); CRA 2015 sch. 2 para 20",
        "secondary",
    ),
    _never(
        "far_court",
        "A court far from the borrower's home.",
        "约定远离借款人住所地的法院。",
        "15 U.S.C. 1692i; CJEU C-240/98",
        "secondary",
    ),
    _never(
        "waive_defences",
        "All defences against the creditor are given up.",
        "放弃对债权人的一切抗辩。",
        "16 CFR 433; 93/13/EEC annex 1(b)",
        "secondary",
    ),
    _never(
        "exclude_liability",
        "We answer for nothing that we do.",
        "免除我方一切责任。",
        "CN Civil Code arts 497, 506; 93/13/EEC annex 1(a)(b)",
        "secondary",
    ),
    _never(
        "admit_time_barred",
        "A debt that may be too old is admitted, without saying what that means.",
        "未经说明即承认已过时效的债务。",
        "12 CFR 1006.26; CN Civil Code art. 192",
        "secondary",
    ),
    _never(
        "balloon",
        "Small payments and a last one that cannot be met.",
        "前低后高，末期无力承担。",
        "CONC 7.3.10R",
        "secondary",
    ),
    _never(
        "early_penalty",
        "Paying early costs something.",
        "提前还款收取违约金。",
        "CN Civil Code art. 677; Directive 2008/48/EC art. 16",
        "secondary",
    ),
    _never(
        "discount_lost_at_once",
        "One late day loses the whole discount.",
        "迟一天即取消全部减免。",
        "93/13/EEC annex 1(e)",
        "secondary",
    ),
    _never(
        "silence_accepts",
        "Saying nothing is agreeing.",
        "沉默视为同意。",
        "CN Civil Code arts 140, 480; 93/13/EEC annex 1(i)",
        "secondary",
    ),
    _never(
        "cross_default",
        "Another debt paid late breaks this agreement.",
        "其他债务逾期即视为本协议违约。",
        "CRA 2015 sch. 2 para 6",
        "memory",
    ),
    _never(
        "one_sided_change",
        "We change the terms alone.",
        "我方可单方变更条款。",
        "93/13/EEC annex 1(j)(k); CN Civil Code art. 543",
        "secondary",
    ),
    _never(
        "one_sided_end",
        "We end the agreement at will, the borrower cannot.",
        "只有我方可以任意解除协议。",
        "93/13/EEC annex 1(f); CRA 2015 sch. 2 para 7",
        "secondary",
    ),
    _never(
        "acceleration_for_little",
        "One small payment late makes everything due.",
        "少量迟延即全部到期。",
        "CJEU C-415/11; CN Civil Code art. 634 by analogy",
        "secondary",
    ),
    _never(
        "we_interpret",
        "We alone say what the words mean.",
        "最终解释权归我方。",
        "93/13/EEC annex 1(m); CN Civil Code art. 498",
        "secondary",
    ),
    _never(
        "burden_of_proof",
        "The borrower has to prove what the creditor should.",
        "将举证责任转给借款人。",
        "93/13/EEC annex 1(q)",
        "secondary",
    ),
    _never(
        "hidden_terms",
        "Terms that could not be read before agreeing.",
        "约束力来自未能事先阅读的条款。",
        "93/13/EEC annex 1(i); CN Civil Code art. 496",
        "secondary",
    ),
    _never(
        "confession_of_judgment",
        "A judgment is agreed to in advance.",
        "预先同意判决。",
        "16 CFR 444.2(a)(1)",
        "secondary",
    ),
    _never(
        "waive_exemption",
        "Goods and money that may not be seized are given up.",
        "放弃豁免执行的财产。",
        "16 CFR 444.2(a)(2)",
        "secondary",
    ),
    _never("wage_assignment", "Wages are made over in advance.", "预先转让工资。", "16 CFR 444.2(a)(3)", "secondary"),
    _never(
        "household_security",
        "Household goods become security.",
        "以日常家居物品作担保。",
        "16 CFR 444.2(a)(4)",
        "secondary",
    ),
    _never(
        "family_guarantee",
        "Family or friends have to answer for the debt.",
        "要求亲友为债务担保或代偿。",
        "15 U.S.C. 1692c(b); 中银协 2026",
        "secondary",
    ),
    _never(
        "contact_others",
        "Others may be told of the debt.",
        "同意向他人告知债务。",
        "12 CFR 1006.6(d); PIPL art. 25",
        "primary",
    ),
    _never(
        "publicity", "The debt may be made public.", "同意公开债务信息。", "PIPL art. 25; 15 U.S.C. 1692d(3)", "primary"
    ),
    _never(
        "device_access",
        "Contacts, photos or location of a device may be read.",
        "读取通讯录、相册或定位。",
        "PIPL arts 6, 16",
        "secondary",
    ),
    _never(
        "gag",
        "The borrower may not speak of the agreement or of our conduct.",
        "不得谈论协议或我方行为。",
        "15 U.S.C. 45b",
        "secondary",
    ),
    _never(
        "any_account",
        "We may take money from any account at any time.",
        "可随时从任何账户扣款。",
        "12 CFR 1005.10(e); CRA 2015 sch. 2 para 6",
        "secondary",
    ),
    _never(
        "postdated_cheque",
        "Post-dated cheques are given beforehand.",
        "预先交付远期支票。",
        "12 CFR 1006.22(c)",
        "primary",
    ),
    _never(
        "bar_advice",
        "No adviser, lawyer or debt service may help.",
        "不得寻求律师或债务咨询帮助。",
        "CONC 7.3 and 8; 15 U.S.C. 1692c(a)(2)",
        "secondary",
    ),
    _never(
        "waive_insolvency",
        "Insolvency and its moratorium are given up.",
        "放弃破产及延缓程序。",
        "11 U.S.C. 524(c) by analogy; SI 2020/1311",
        "memory",
    ),
    _never(
        "costs_in_advance",
        "The costs of a suit that nobody brought are owed.",
        "预先约定未发生的诉讼费用。",
        "12 CFR 1006.22(b)",
        "secondary",
    ),
    _never(
        "waive_withdrawal",
        "The days for taking the agreement back are given up.",
        "放弃冷静期。",
        "CCA 1974 s. 173",
        "secondary",
    ),
    _never(
        "bundled_product",
        "An insurance or a service has to be bought.",
        "搭售保险或其他服务。",
        "CN Consumer Protection Law art. 9; CONC 2.2",
        "memory",
    ),
)

CLAUSES: dict[str, Clause] = {clause.code: clause for clause in (*ALLOWED, *FORBIDDEN)}

ALWAYS_NEEDED = frozenset({"rights", "early", "cooling_off", "late"})
"""Rights that an agreement has to tell of, whatever it is about."""


def not_allowed(codes: Iterable[str]) -> tuple[Clause, ...]:
    """The forbidden ones among known codes, in their order."""
    return tuple(CLAUSES[code] for code in codes if code in CLAUSES and not CLAUSES[code].is_allowed)
