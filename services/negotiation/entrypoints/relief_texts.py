"""What is told about relief, in both languages: states, causes, forms, evidence, reasons, and what else is possible."""

from __future__ import annotations

STATES: dict[str, tuple[str, str]] = {
    "requested": (
        "We have your request. Nobody will write or call about payment meanwhile.",
        "已收到您的申请，期间不会就还款事宜联系您。",
    ),
    "needs_evidence": ("We need a paper that shows what happened.", "需要一份能说明情况的材料。"),
    "with_lender": ("Your creditor is deciding. You need not do anything.", "债权人正在审核，您无需操作。"),
    "granted": ("Relief has been granted.", "帮扶申请已获同意。"),
    "refused": (
        "Your creditor has said no. The reasons and what else is possible are below.",
        "债权人未同意，原因及其他可行办法见下文。",
    ),
    "withdrawn": ("You have taken your request back.", "您已撤回申请。"),
    "lapsed": (
        "Nobody decided in time. That is not your fault: you can ask again with the same papers.",
        "未能在期限内作出决定，这不是您的责任；您可以用同样的材料再次申请。",
    ),
    "ended": ("The relief has ended.", "帮扶已结束。"),
}
CAUSES: dict[str, tuple[str, str]] = {
    "job_loss": ("I lost my work", "失业"),
    "illness": ("I am ill, or somebody I care for is", "本人或家人患病"),
    "disaster": ("A disaster: fire, flood, earthquake", "遭遇灾害（火灾、水灾、地震等）"),
    "bereavement": ("Somebody close to me died", "亲人离世"),
}
FORMS: dict[str, tuple[str, str]] = {
    "pause": ("Nothing to pay for some months", "若干个月内暂停还款"),
    "deferral": ("The same payments, later", "同样的还款，延后开始"),
    "interest_freeze": ("No further interest", "停止计息"),
    "reduced": ("Smaller payments for some months", "若干个月内减额还款"),
}
EVIDENCE: dict[str, tuple[str, str]] = {
    "termination_letter": ("Letter that ended your work", "离职证明或解除劳动合同通知"),
    "unemployment_registration": ("Registration as unemployed", "失业登记证明"),
    "medical_certificate": ("Medical certificate", "诊断证明"),
    "hospital_record": ("Paper from a hospital", "住院或就诊材料"),
    "official_notice": ("Notice of an authority", "政府或主管部门的通知"),
    "insurance_report": ("Report to an insurer", "保险报案材料"),
    "photographs": ("Photographs", "照片"),
    "death_certificate": ("Death certificate", "死亡证明"),
    "family_register": ("Family register", "户口簿或亲属关系证明"),
    "other": ("Something else", "其他材料"),
}
REASONS: dict[str, tuple[str, str]] = {
    "evidence_does_not_show_cause": ("The papers do not show what happened.", "材料未能说明所述情况。"),
    "evidence_missing": ("The papers that are needed are not there.", "缺少所需材料。"),
    "income_unchanged": ("What you have to live on has not changed.", "收入状况没有变化。"),
    "months_above_mandate": ("So many months are not possible.", "申请的月数超出可同意的范围。"),
    "form_not_offered": ("Your creditor does not offer this kind of relief.", "债权人不提供此种帮扶方式。"),
    "relief_used_up": ("The longest relief has been used already.", "可享受的最长帮扶期已用完。"),
}
ALTERNATIVES: dict[str, tuple[str, str]] = {
    "smaller_payments": ("Smaller payments: propose what you can keep up.", "减额还款：请提出您能够坚持的金额。"),
    "other_form": ("Another kind of relief: you can ask for it now.", "其他帮扶方式：您可以现在提出申请。"),
    "shorter_relief": ("The same for fewer months.", "同样的帮扶，缩短月数。"),
    "ask_again_with_evidence": ("Ask again with another paper.", "补充新材料后再次申请。"),
    "debt_advice": ("Free debt advice that does not work for us.", "寻求独立的免费债务咨询。"),
    "complaint": ("You can complain about this decision.", "您可以就此决定投诉。"),
}
REFUSALS: dict[str, tuple[str, str]] = {
    "relief_not_now": ("This is not possible any more, or not yet.", "目前不能进行此操作。"),
    "relief_open": ("You have an open request, or relief runs already.", "您已有进行中的申请或帮扶。"),
    "relief_requests_exhausted": (
        "No more requests for now. Please speak with us.",
        "目前不能再次申请，请与我们联系。",
    ),
    "relief_nothing_new": ("Please add a paper that we have not seen yet.", "请补充此前未提交过的材料。"),
    "file_empty": ("The file is empty.", "文件为空。"),
    "file_too_large": ("The file is larger than 5 MB.", "文件超过5MB。"),
    "file_kind": ("Only PDF, JPEG and PNG can be kept.", "仅接受PDF、JPEG和PNG文件。"),
    "files_too_many": ("There are 20 files already.", "文件数量已达20个上限。"),
    "replan_limit": (
        "Some plans could not be kept. A person looks at what would help before there is another one.",
        "此前的计划未能坚持，将由专人了解情况后再商定新的安排。",
    ),
}
"""Code -> (English, Chinese)."""


def told(words: dict[str, tuple[str, str]], code: str, language: str) -> str:
    """The text for a code; the code itself where a lender used one that we have no words for."""
    english, chinese = words.get(code, (code, code))
    return chinese if language == "zh" else english
