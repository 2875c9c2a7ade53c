"""Texts of the frame, of forms and of what goes wrong."""

from __future__ import annotations

FRAME: dict[str, tuple[str, str]] = {
    "skip": ("Skip to content", "跳到正文"),
    "menu": ("Pages", "页面"),
    "leave": ("Leave", "退出"),
    "language": ("中文", "English"),
    "private": ("These pages are private. Only you and we can see them.", "本页面为私密页面，仅您和我们可以查看。"),
    "collector": (
        "We are a debt collector. What you enter here is used to find an arrangement for this debt.",
        "我们是受托催收机构，您填写的信息仅用于商定本笔债务的还款安排。",
    ),
    "reach_us": ("Call {telephone} or write to {post}.", "请致电 {telephone}，或来信寄至 {post}。"),
    "error_title": ("Please check this", "请检查以下内容"),
    "error_prefix": ("Error:", "错误："),
    "optional": ("optional", "可不填"),
    "back": ("Back", "返回"),
    "next": ("Continue", "继续"),
    "principal": ("Principal", "本金"),
    "interest": ("Interest", "利息"),
    "fees": ("Fees", "费用"),
    "total": ("Total", "合计"),
    "amount": ("Amount", "金额"),
    "status": ("Status", "状态"),
    "number": ("No.", "期次"),
    "due_on": ("Due on", "到期日"),
    "paid": ("Paid", "已付"),
}

FAULTS: dict[str, tuple[str, str]] = {
    "session_ended_title": ("Your visit has ended", "您的访问已结束"),
    "session_ended": (
        "To keep your details safe, a visit ends after half an hour without use. Nothing is lost. Open the newest "
        "message from us and use its link.",
        "为保护您的信息，半小时未操作后访问会自动结束，您填写的内容不会丢失。请打开我们最新发送的消息，使用其中的链接。",
    ),
    "form_expired_title": ("Please send that once more", "请重新提交"),
    "form_expired": (
        "This form was opened in another visit or another window. Go back, open the page again and send it once more.",
        "该表单来自其他访问或其他窗口。请返回并重新打开页面，再次提交。",
    ),
    "away_title": ("Please try again soon", "请稍后再试"),
    "away": (
        "One of our systems is resting. Nothing of yours is lost, and nothing has changed. Please try again in a few "
        "minutes.",
        "我们的一个系统暂时无法使用。您的内容没有丢失，也没有任何变化。请几分钟后再试。",
    ),
    "not_found_title": ("This page is not here", "页面不存在"),
    "not_found": (
        "There is nothing at this address. Use the pages listed above.",
        "该地址没有内容，请使用上方列出的页面。",
    ),
    "refused_title": ("This is not possible now", "目前无法进行"),
    "refused": (
        "Something has changed, or it is not time for this yet. Nothing of yours is lost. Please look at the overview.",
        "情况已有变化，或尚未到可操作的时间。您的内容没有丢失，请查看概览页面。",
    ),
    "invalid_title": ("We could not read that", "无法读取所填内容"),
    "invalid": ("Please go back and check what you entered.", "请返回并检查所填内容。"),
    "too_large": ("The file is too large.", "文件过大。"),
}

FIELD_FAULTS: dict[str, tuple[str, str]] = {
    "missing": ("Enter this.", "请填写此项。"),
    "not_an_amount": ("Enter an amount, such as 120.50.", "请输入金额，例如 120.50。"),
    "not_a_number": ("Enter a whole number, such as 3.", "请输入整数，例如 3。"),
    "not_a_date": ("Enter a date.", "请输入日期。"),
    "not_a_choice": ("Choose one of these.", "请选择其中一项。"),
    "not_confirmed": ("Tick the box to go on.", "请勾选后继续。"),
}
"""Code -> what is written beside the field."""
