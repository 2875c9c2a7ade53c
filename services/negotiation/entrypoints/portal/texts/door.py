"""Texts of the door: the question, wrong answers, used links."""

from __future__ import annotations

DOOR: dict[str, tuple[str, str]] = {
    "title": ("Is this you?", "请确认是您本人"),
    "intro": (
        "{agency} sent you this link. Before we show anything, please answer one question. It keeps your details from "
        "anybody else who may see the message.",
        "{agency}向您发送了此链接。在显示任何内容之前，请先回答一个问题，以免其他看到消息的人查看您的信息。",
    ),
    "born_on": ("When were you born?", "您的出生日期？"),
    "born_hint": ("For example 27 3 1985", "例如 1985年3月27日"),
    "day": ("Day", "日"),
    "month": ("Month", "月"),
    "year": ("Year", "年"),
    "account_number": ("What is the account number of your contract?", "您的合同账号是什么？"),
    "account_hint": (
        "The whole number, as on your contract or statement. Spaces and hyphens do not matter.",
        "请填写合同或账单上的完整账号，空格和连字符可省略。",
    ),
    "enter": ("Go on", "继续"),
    "once": (
        "This link opens once. After that, each message from us has a new one.",
        "此链接只能打开一次；之后我们的每条消息都会附上新的链接。",
    ),
    "not_you": (
        "If you are not the person we look for, close this page. Nothing has been shown to you.",
        "如果您不是我们要找的人，请关闭本页面，我们没有向您显示任何信息。",
    ),
    "doubt": (
        "Not sure that the message is from us? Call the number on your contract, or the one at the foot of this page.",
        "不确定消息是否来自我们？请拨打合同上的电话，或本页底部的电话。",
    ),
    "factor_wrong": (
        "That is not what we have on file. Please check it and try again.",
        "与我们记录的不一致，请核对后重试。",
    ),
    "factor_missing": ("Please answer the question.", "请回答该问题。"),
    "factor_paused": (
        "Please wait {wait} before you answer again. There is no hurry; this page stays here.",
        "请等待{wait}后再回答。不必着急，本页面会一直保留。",
    ),
    "locked_title": ("Let us help you another way", "让我们换一种方式帮助您"),
    "locked": (
        "The answer did not fit several times, so this link is closed for now. That is to protect you. Call us or "
        "write to us, and we will sort it out together. You lose nothing by it.",
        "多次回答与记录不符，为保护您，此链接暂时关闭。请致电或来信，我们会一起解决，您不会因此受到任何影响。",
    ),
    "used_title": ("This link has been used", "此链接已使用过"),
    "used": (
        "Each link opens once. If you opened it on this device a short while ago, you can go on. Otherwise ask for a "
        "new one.",
        "每个链接只能打开一次。如果您刚才在本设备上打开过，可以继续；否则请申请新的链接。",
    ),
    "go_on": ("Go on with my visit", "继续我的访问"),
    "new_link": ("Ask for a new link", "申请新链接"),
    "asked_title": ("We have noted it", "我们已记录"),
    "asked": (
        "We will send you a new link to the contact details we have for you, at a time when we may write to you. You "
        "can also call us.",
        "我们会在允许联系您的时间，将新链接发送到您登记的联系方式。您也可以致电我们。",
    ),
    "link_invalid_title": ("This link is not valid", "此链接无效"),
    "link_invalid": (
        "It may be old or incomplete. Open the newest message from us, or reply to any of our messages and we send a "
        "new link.",
        "链接已失效，可能已过期或不完整。请打开我们最新的消息，或回复我们的任何消息获取新链接。",
    ),
    "left_title": ("You have left", "您已退出"),
    "left": (
        "Nobody can go on from here on this device. You can close this page.",
        "本设备上已无法继续访问，您可以关闭本页面。",
    ),
    "seconds": ("{n} seconds", "{n}秒"),
    "minutes": ("{n} minutes", "{n}分钟"),
}
