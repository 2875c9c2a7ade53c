"""What nobody is sure of waits for a person; what a person says it means takes effect as any reading."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from services.outreach.application.review_replies import (
    Reading,
    list_labels,
    list_reviews,
    resolve_review,
    show_review,
)
from services.outreach.application.send_answers import send_answers
from services.outreach.domain.holds import REVIEW_HOLD
from shared.kernel.identifiers import new_id
from shared.kernel.refusal import Conflict, Invalid, NotFound
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.test_replies import contacted

RIDDLE = "qwrtz plmkj"


async def unread(desk: Desk) -> tuple[UUID, UUID]:
    """A case with a reply that nobody could read, and its review."""
    case_id, attempt = await contacted(desk)
    await desk.reply(RIDDLE, to=attempt["attempt_id"], channel="email")
    (review,) = await list_reviews(desk.resources, is_open=True, limit=10)
    return case_id, review.review_id


async def test_an_unread_reply_is_announced_to_nobody_and_holds_its_case_until_somebody_looked(desk: Desk) -> None:
    case_id, review_id = await unread(desk)
    assert await desk.said("borrower.replied") == []
    (hold,) = await desk.said("hold.applied")
    assert (hold["case_id"], hold["kind"]) == (str(case_id), "verification")
    shown = await show_review(desk.resources, review_id)
    assert (shown.text, shown.channel, shown.review.reason) == (RIDDLE, "email", "unsure")
    await resolve_review(desk.resources, review_id, Reading("question"), "dana")
    assert [r["reason"] for r in await desk.said("hold.released")] == ["reply_read"]
    (replied,) = await desk.said("borrower.replied")
    assert (replied["intent"], replied["classified_by"]) == ("question", "staff.review")


async def test_the_pause_ends_after_two_days_though_nobody_looked(desk: Desk) -> None:
    await unread(desk)
    (hold,) = await desk.rows("SELECT until - applied_at AS length FROM holds")
    assert hold["length"] == REVIEW_HOLD
    desk.databases.clock.advance(REVIEW_HOLD - timedelta(minutes=1))
    await desk.sweep()
    assert len(await desk.said("contact.attempted")) == 1


async def test_a_resolved_reply_takes_effect_once_however_often_it_is_resolved(desk: Desk) -> None:
    _, review_id = await unread(desk)
    for _ in range(2):
        resolved = await resolve_review(desk.resources, review_id, Reading("dispute", category="amount"), "dana")
        assert (resolved.resolved_intent, resolved.resolved_by) == ("dispute", "dana")
    (opened,) = await desk.said("dispute.opened")
    assert opened["ground"] == "amount"
    with pytest.raises(Conflict):
        await resolve_review(desk.resources, review_id, Reading("promise"), "lee")
    assert len(await desk.said("borrower.replied")) == 1
    (label,) = await list_labels(desk.resources, None, 10)
    assert (label.meant, label.labelled_by, label.read_by) == ("dispute", "dana", "model.2026.2")
    assert await list_labels(desk.resources, label.label_id, 10) == []


async def test_a_longer_hold_of_the_same_kind_outlives_the_review(desk: Desk) -> None:
    case_id, review_id = await unread(desk)
    await desk.reply("I already paid", case_id=case_id)
    await resolve_review(desk.resources, review_id, Reading("other"), "dana")
    assert await desk.said("hold.released") == []


async def test_one_of_two_unread_replies_does_not_end_the_pause_of_the_other(desk: Desk) -> None:
    case_id, review_id = await unread(desk)
    await desk.reply("zzkrp wwq", case_id=case_id)
    await resolve_review(desk.resources, review_id, Reading("other"), "dana")
    assert await desk.said("hold.released") == []


async def test_distress_pauses_and_is_handed_over_in_the_same_transaction(desk: Desk) -> None:
    case_id, review_id = await unread(desk)
    await desk.reply("我活不下去了", case_id=case_id)
    first, second = await list_reviews(desk.resources, is_open=True, limit=10)
    assert (first.reason, first.priority) == ("distress", 0)
    assert second.review_id == review_id
    assert [h["kind"] for h in await desk.said("hold.applied")] == ["verification", "distress"]
    (replied,) = await desk.said("borrower.replied")
    assert replied["intent"] == "distress"
    desk.databases.clock.advance(timedelta(days=4))
    await desk.sweep()
    assert len(await desk.said("contact.attempted")) == 1


async def test_a_person_may_end_the_pause_for_distress_with_a_reason(desk: Desk) -> None:
    case_id = await desk.open_case()
    await desk.reply("我活不下去了", case_id=case_id)
    await desk.reply("真的活不下去了", case_id=case_id)
    first, second = await list_reviews(desk.resources, is_open=True, limit=10)
    await resolve_review(desk.resources, first.review_id, Reading("distress", release_reason="spoken_to"), "dana")
    assert await desk.said("hold.released") == []  # the other message is still unread
    await resolve_review(desk.resources, second.review_id, Reading("distress", release_reason="spoken_to"), "dana")
    (released,) = await desk.said("hold.released")
    assert (released["kind"], released["reason"]) == ("distress", "spoken_to")


async def test_a_resolved_review_alone_leaves_the_pause_for_distress(desk: Desk) -> None:
    case_id = await desk.open_case()
    await desk.reply("我活不下去了", case_id=case_id)
    (review,) = await list_reviews(desk.resources, is_open=True, limit=10)
    await resolve_review(desk.resources, review.review_id, Reading("distress"), "dana")
    assert await desk.said("hold.released") == []


async def test_another_review_ends_no_pause_for_distress(desk: Desk) -> None:
    _, review_id = await unread(desk)
    with pytest.raises(Invalid):
        await resolve_review(desk.resources, review_id, Reading("other", release_reason="spoken_to"), "dana")


async def test_who_writes_in_distress_gets_one_calm_answer_and_nothing_else(desk: Desk) -> None:
    await desk.open_case()
    await desk.sweep()
    (asked,) = await desk.attempts()
    desk.databases.clock.advance(timedelta(hours=2))
    await desk.reply("我活不下去了", to=asked["attempt_id"], channel=asked["channel"])
    for _ in range(3):
        await send_answers(desk.resources)
        await desk.sweep()
        desk.databases.clock.advance(timedelta(hours=1))
    first, *answers = await desk.attempts()
    assert first["attempt_id"] == asked["attempt_id"]
    assert [row["template"].split(".")[0].startswith("comfort") for row in answers] == [True]
    (decision,) = await desk.rows("SELECT verdict FROM decisions WHERE decision_id = $1", answers[0]["decision_id"])
    assert decision["verdict"] == "allow"


async def test_an_unknown_review_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        await resolve_review(desk.resources, new_id(), Reading("other"), "dana")
