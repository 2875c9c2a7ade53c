"""The workbench's pages without a browser: sign-in, forms, headers, filters, and what leaves no trace in an address."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.outreach.application.feed_queue import feed_queue
from services.outreach.entrypoints.desk.texts import TEXTS
from services.outreach.main import create_service
from shared.service.app import build_app
from shared.service.service import Platform
from shared.service.settings import SANDBOX_SECRET
from tests.integration.outreach.desk import Desk
from tests.integration.outreach.workbench import hire


@dataclass
class Visitor:
    """Somebody with a browser that keeps cookies and follows redirects."""

    desk: Desk
    client: httpx.AsyncClient
    form_token: str = ""

    async def sign_in(self, staff_id: str, token: str = SANDBOX_SECRET) -> httpx.Response:
        answer = await self.client.post("/desk/login", data={"staff_id": staff_id, "token": token})
        found = re.search(r'name="form_token" value="([^"]+)"', answer.text)
        self.form_token = found[1] if found else ""
        return answer

    async def submit(self, path: str, **fields: str) -> httpx.Response:
        return await self.client.post(path, data={"form_token": self.form_token, **fields})


@pytest.fixture
async def visitor(desk: Desk) -> AsyncIterator[Visitor]:
    await hire(desk, "agent.lin", languages=("en", "zh"))
    async with desk.as_api():
        platform = Platform("api", desk.databases.clock, desk.databases.api)
        app = build_app(create_service(), platform, resources=desk.resources)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://outreach", follow_redirects=True
            ) as client,
        ):
            yield Visitor(desk, client)


async def _distress(desk: Desk) -> UUID:
    case_id = await desk.open_case()
    await desk.run(
        "INSERT INTO holds (hold_id, case_id, creditor_id, kind, applied_at) "
        "SELECT gen_random_uuid(), case_id, creditor_id, 'distress', $2 FROM cases WHERE case_id = $1",
        case_id,
        desk.now,
    )
    await feed_queue(desk.resources)
    return case_id


async def test_a_session_is_a_cookie_that_no_script_and_no_other_site_can_use(visitor: Visitor) -> None:
    visitor.client.follow_redirects = False
    answer = await visitor.sign_in("agent.lin")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "agent.lin" not in cookie
    tampered = visitor.client.cookies["concord_desk"][:-2] + "AA"
    fresh = await visitor.client.get("/desk", headers={"cookie": f"concord_desk={tampered}"})
    assert fresh.headers["location"] == "/desk/login?next=%2Fdesk"


async def test_a_sign_in_form_of_another_site_signs_nobody_in(visitor: Visitor) -> None:
    answer = await visitor.client.post(
        "/desk/login",
        data={"staff_id": "agent.lin", "token": SANDBOX_SECRET},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


async def test_a_bot_does_not_sign_in_and_nobody_is_led_elsewhere(visitor: Visitor) -> None:
    await hire(visitor.desk, "bot.seven", kind="bot")
    assert (await visitor.sign_in("bot.seven")).status_code == 401
    visitor.client.follow_redirects = False
    for target in ("https://example.com/", "//example.com", "/desk\\..\\example.com"):
        answer = await visitor.client.post(
            "/desk/login", data={"staff_id": "agent.lin", "token": SANDBOX_SECRET, "next": target}
        )
        assert answer.headers["location"] == "/desk"


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_no_page_holds_a_script_or_a_style_of_its_own(visitor: Visitor, language: str) -> None:
    case_id = await _distress(visitor.desk)
    await visitor.sign_in("agent.lin")
    (item,) = await visitor.desk.rows("SELECT item_id FROM work_items")
    paths = ("/desk", "/desk/people", f"/desk/cases/{case_id}", f"/desk/items/{item['item_id']}", "/desk/items/none")
    for path in paths:
        answer = await visitor.client.get(path, params={"lang": language})
        assert "<script" not in answer.text
        assert "style=" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
    assert "/desk" not in (await visitor.client.get("/openapi.json")).text


def test_every_text_is_there_in_both_languages() -> None:
    for key, (english, chinese) in TEXTS.items():
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", chinese)), key
        assert english.strip(), key
        assert chinese.strip(), key


async def test_filters_and_pages_show_each_item_once(visitor: Visitor) -> None:
    for _ in range(30):
        await _distress(visitor.desk)
    await visitor.sign_in("agent.lin")
    first = await visitor.client.get("/desk", params={"kind": "distress"})
    after = re.search(r"after=([0-9a-f-]{36})", first.text)
    assert after is not None
    second = await visitor.client.get("/desk", params={"kind": "distress", "after": after[1]})
    shown = [re.findall(r"/desk/items/([0-9a-f-]{36})", page.text) for page in (first, second)]
    assert (len(shown[0]), len(shown[1])) == (25, 5)
    assert len(set(shown[0]) | set(shown[1])) == 30
    for nothing in ({"kind": "review"}, {"language": "zh"}, {"jurisdiction": "CN"}, {"overdue": "1"}):
        assert "Nothing matches" in (await visitor.client.get("/desk", params=nothing)).text
    visitor.desk.databases.clock.advance(timedelta(hours=4))
    assert "overdue" in (await visitor.client.get("/desk", params={"overdue": "1"})).text


async def test_an_unclear_reply_is_read_by_its_holder_and_takes_effect(visitor: Visitor) -> None:
    desk = visitor.desk
    case_id = await desk.open_case()
    await desk.reply("Well, you know how it is.", case_id=case_id)
    await desk.run("DELETE FROM reply_reviews")
    await desk.run(
        "INSERT INTO reply_reviews (review_id, reply_id, case_id, creditor_id, reason, priority, suggestions, read_by, "
        "opened_at) SELECT gen_random_uuid(), reply_id, case_id, (SELECT creditor_id FROM cases LIMIT 1), 'unsure', 5, "
        "'[]', 'rule.other', $1 FROM replies",
        desk.now,
    )
    await feed_queue(desk.resources)
    (item,) = await desk.rows("SELECT item_id FROM work_items WHERE kind = 'unclear_reply'")
    await visitor.sign_in("agent.lin")
    path = f"/desk/items/{item['item_id']}"
    assert (await visitor.submit(f"{path}/reading", intent="hardship")).status_code == 409
    await visitor.submit(f"{path}/claim")
    assert (await visitor.submit(f"{path}/reading", intent="nonsense")).status_code == 422
    assert "The item is done" in (await visitor.submit(f"{path}/reading", intent="hardship")).text
    (review,) = await desk.rows("SELECT resolved_intent, resolved_by FROM reply_reviews")
    assert (review["resolved_intent"], review["resolved_by"]) == ("hardship", "agent.lin")
    assert [hold["kind"] for hold in await desk.rows("SELECT kind FROM holds WHERE kind = 'hardship'")] == ["hardship"]
    (done,) = await desk.rows("SELECT outcome FROM work_items WHERE kind = 'unclear_reply'")
    assert done["outcome"] == "handled"


async def test_what_was_unmasked_is_in_the_answer_and_in_no_address(visitor: Visitor) -> None:
    case_id = await visitor.desk.open_case()
    await visitor.desk.reply("My sister Mara pays for me.", case_id=case_id)
    (reply,) = await visitor.desk.rows("SELECT reply_id FROM replies")
    await visitor.sign_in("agent.lin")
    assert "Mara" not in (await visitor.client.get(f"/desk/cases/{case_id}")).text
    refused = await visitor.submit(f"/desk/replies/{reply['reply_id']}/unmask", reason="")
    assert "Mara" not in refused.text
    shown = await visitor.submit(f"/desk/replies/{reply['reply_id']}/unmask", reason="answer_question")
    assert "Mara" in shown.text
    assert "Mara" not in str(shown.url)
    assert shown.headers["cache-control"] == "no-store"
