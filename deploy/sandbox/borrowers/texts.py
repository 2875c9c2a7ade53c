"""What borrowers write, in their own words; the sandbox speaks both languages of the cases it places."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

TEXTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "stop": ("STOP", "Please stop texting me.", "Unsubscribe me from these messages."),
        "cease": ("Do not contact me again.", "Stop contacting me."),
        "dispute": (
            "I dispute this debt. The amount is wrong.",
            "This is not my debt, I never took out this loan.",
            "I don't owe this. Please send me proof of the debt.",
        ),
        "hardship_job_loss": (
            "I lost my job last month and cannot pay right now.",
            "I was laid off and I have no income at the moment.",
        ),
        "hardship_illness": (
            "I have been in hospital and I cannot pay at the moment.",
            "I am seriously ill and off work, I can't afford this.",
        ),
        "hardship_bereavement": (
            "My husband passed away and I cannot pay now.",
            "There was a death in my family, I can't pay this month.",
        ),
        "complaint": (
            "I want to make a complaint about how often you call me.",
            "This is harassment, I want to file a complaint.",
        ),
        "promise": ("I will pay {amount} on {date}.", "I can pay {amount} on {date}, I promise."),
        "wrong_person": (
            "You have the wrong number, I don't know this person.",
            "Wrong person. That is not me.",
        ),
        "already_paid": ("I already paid this last week.", "This has already been paid."),
        "question": ("How much do I owe exactly?", "Can I pay this in instalments? What are my options?"),
    },
    "zh": {
        "stop": ("退订", "TD", "不要再给我发短信了"),
        "cease": ("请不要再联系我。", "停止联系我。"),
        "dispute": (
            "我对这笔债务有异议,金额不对。",
            "这不是我的贷款,我从来没有借过。",
            "我不认可这笔欠款,请提供证明。",
        ),
        "hardship_job_loss": ("我上个月失业了,现在没有能力还款。", "公司裁员,我没有收入,暂时还不上。"),
        "hardship_illness": ("我生病住院了,现在还不上。", "我得了重病在治疗,暂时没有能力还款。"),
        "hardship_bereavement": ("家人去世了,现在没有办法还款。", "我丈夫去世了,暂时还不上。"),
        "complaint": ("我要投诉,你们打电话太频繁了。", "你们这是骚扰,我要投诉。"),
        "promise": ("我{date}还{amount}。", "我承诺{date}还款{amount}。"),
        "wrong_person": ("你打错了,我不认识这个人。", "打错了,我不是本人。"),
        "already_paid": ("我上周已经还了。", "这笔钱我已经还清了。"),
        "question": ("请问我一共欠多少?", "可以分期吗?怎么还?"),
    },
}


def text_of(throw: Random, language: str, kind: str, *, amount_minor_units: int = 0, date: str = "") -> str:
    """One of the texts, with the promised amount and day where it names them."""
    units = f"{amount_minor_units // 100}.{amount_minor_units % 100:02d}"
    amount = f"{units}元" if language == "zh" else f"${units}"
    return throw.choice(TEXTS[language][kind]).format(amount=amount, date=date)
