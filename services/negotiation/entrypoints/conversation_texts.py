"""What the codes of a conversation mean, for whoever shows them to a person."""

from __future__ import annotations

from services.negotiation.entrypoints.wording import REASONS, REFUSALS

CODES: dict[str, tuple[str, str]] = {
    "your_acceptance": ("You accepted this offer.", "您接受了该方案。"),
    "open_offers": ("These offers are open to you now.", "目前可供您选择的方案如下。"),
    "nothing_can_be_offered_now": (
        "Nothing can be offered at the moment: a plan is running, nothing is owed, or work on the case has ended.",
        "目前没有可提供的方案：方案正在履行、已无欠款或案件已结束。",
    ),
    "offer_withdrawn_at_your_word": (
        "You declined this offer; it is off the table. You may ask for offers again.",
        "您拒绝了该方案，方案已撤下。您可以再次要求提供方案。",
    ),
}


def code_text(code: str, language: str) -> str | None:
    """The text of a code; None for one that speaks for itself to programs only."""
    texts = CODES.get(code) or REASONS.get(code) or REFUSALS.get(code)
    if texts is None:
        return None
    return texts[1] if language == "zh" else texts[0]
