"""Texts of asking for relief and of bringing papers."""

from __future__ import annotations

RELIEF: dict[str, tuple[str, str]] = {
    "title": ("Ask for relief", "申请帮扶"),
    "intro": (
        "Something has happened, and paying is hard now? Ask for relief. While somebody decides, nobody writes or "
        "calls you about payment. Asking costs nothing and is never held against you.",
        "遇到变故、还款困难？您可以申请帮扶。审核期间，不会就还款事宜联系您。申请免费，也不会对您产生不利影响。",
    ),
    "cause": ("What happened?", "发生了什么？"),
    "form": ("What would help?", "哪种方式对您有帮助？"),
    "months": ("For how many months?", "需要几个月？"),
    "months_hint": ("1 to {n}", "1 至 {n}"),
    "monthly": (
        "What could you pay a month meanwhile? Only for smaller payments",
        "期间每月能付多少？（仅减额还款填写）",
    ),
    "ask": ("Ask for relief", "提交申请"),
    "request": ("Your request of {day}", "您 {day} 的申请"),
    "asked_for": ("You asked for", "申请内容"),
    "decide_by": ("Decided by", "最迟答复日"),
    "until": ("Runs through", "有效至"),
    "months_granted": ("Months", "月数"),
    "missing": ("Please add one of these papers when you can:", "请在方便时补充以下任一材料："),
    "reasons": ("Why", "原因"),
    "alternatives": ("What else is possible", "其他可行办法"),
    "papers": ("Add a paper", "补充材料"),
    "papers_intro": (
        "A photograph or a scan is enough: PDF, JPEG or PNG, at most 5 MB. It is kept locked, used for this request "
        "only, and opened only by somebody who says why.",
        "照片或扫描件即可：PDF、JPEG 或 PNG，不超过 5 MB。材料加密保存，仅用于本申请，查阅须记录理由。",
    ),
    "kind": ("What is it?", "材料类型"),
    "file": ("The file", "文件"),
    "add": ("Add it", "提交"),
    "no_file": ("Choose a file.", "请选择文件。"),
    "given": ("Papers you gave us", "您已提交的材料"),
    "withdraw": ("I do not want relief any more", "撤回申请或结束帮扶"),
    "circumstances": ("How are things now?", "目前情况如何？"),
    "as_before": ("As before", "没有变化"),
    "better": ("Better", "好转"),
    "worse": ("Worse", "更困难"),
    "tell": ("Tell us", "告诉我们"),
    "thanks": ("Thank you. We have noted it.", "谢谢，我们已记录。"),
    "earlier": ("Earlier requests", "以往的申请"),
    "closed": ("Work on this debt has ended; there is nothing to ask for.", "此案件已结束，无需申请。"),
}
