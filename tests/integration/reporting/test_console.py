"""The console's pages: who gets in, what they say, and what they never do."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import httpx
import pytest

from shared.service.settings import SANDBOX_SECRET
from tests.conformance.lives import STORIES, lives
from tests.integration.reporting.conftest import Desk

LIVES = lives(41, 3 * len(STORIES))
VOID = {"meta", "link", "input", "br", "img", "path", "circle", "rect", "line"}


async def signed_in(desk: Desk) -> httpx.AsyncClient:
    answer = await desk.client.post("/login", data={"token": SANDBOX_SECRET})
    assert answer.status_code == 303, answer.text
    return desk.client


class Page(HTMLParser):
    """Whether tags are closed, ids are unique, controls are labelled, headings are in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.controls: list[str] = []
        self.headings: list[int] = []
        self.problems: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(given["id"] or "")
        if tag == "label":
            self.labels.add(given.get("for") or "")
        if tag in ("input", "select") and given.get("type") != "hidden" and "hidden" not in given:
            self.controls.append(given.get("id") or "?")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        self.problems += [f"{tag} has {name}" for name in given if name.startswith("on") or name == "style"]
        if tag == "script":
            self.problems.append("script")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"unexpected </{tag}>")

    def assert_is_sound(self) -> None:
        assert not self.problems
        assert not self.open
        assert len(self.ids) == len(set(self.ids))
        assert set(self.controls) <= self.labels
        assert self.headings.count(1) == 1
        assert all(after - before <= 1 for before, after in zip(self.headings, self.headings[1:], strict=False))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_every_page_is_sound_in_both_languages(desk: Desk, language: str) -> None:
    await desk.hear(LIVES)
    client = await signed_in(desk)
    paths = [
        "/",
        "/?status=closed&currency=USD&grade=A&hold=1",
        "/?case_id=nonsense",
        "/events",
        "/events?verify=1",
        "/login",
    ]
    paths += [f"/cases/{life.case_id}" for life in LIVES[: len(STORIES)]]
    for path in paths:
        answer = await client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200, path
        assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in answer.text
        assert bool(re.search("[\u4e00-\u9fff]{3}", answer.text)) == (language == "zh"), path
        Page(answer.text).assert_is_sound()
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"


async def test_an_empty_portfolio_says_what_will_come(desk: Desk) -> None:
    client = await signed_in(desk)
    page = await client.get("/")
    assert "Nothing has been placed yet" in page.text
    Page(page.text).assert_is_sound()
    Page((await client.get("/events")).text).assert_is_sound()


async def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_and_back(desk: Desk) -> None:
    away = await desk.client.get("/events?verify=1")
    assert (away.status_code, away.headers["location"]) == (303, "/login?next=%2Fevents%3Fverify%3D1")
    form = await desk.client.get(away.headers["location"])
    assert 'name="next" value="/events?verify=1"' in form.text
    back = await desk.client.post("/login", data={"token": SANDBOX_SECRET, "next": "/events?verify=1"})
    assert back.headers["location"] == "/events?verify=1"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example.org", "//evil.example.org", "/\\evil.example.org", "", "x"]
)
async def test_the_sign_in_leads_nowhere_else(desk: Desk, elsewhere: str) -> None:
    answer = await desk.client.post("/login", data={"token": SANDBOX_SECRET, "next": elsewhere})
    assert answer.headers["location"] == "/"


async def test_a_session_is_kept_from_scripts_and_other_sites(desk: Desk) -> None:
    answer = await desk.client.post("/login", data={"token": SANDBOX_SECRET})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert SANDBOX_SECRET not in cookie


async def test_signing_out_ends_the_session_here(desk: Desk) -> None:
    client = await signed_in(desk)
    assert (await client.post("/logout")).status_code == 303
    assert (await client.get("/")).status_code == 303


async def test_guessing_is_answered_with_words_and_then_with_waiting(desk: Desk) -> None:
    for _ in range(5):
        wrong = await desk.client.post("/login", data={"token": "a guess"})
        assert wrong.status_code == 401
        assert 'role="alert"' in wrong.text
    refused = await desk.client.post("/login", data={"token": SANDBOX_SECRET})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 301
    assert "set-cookie" not in refused.headers


async def test_a_case_that_is_not_there_has_a_page_that_says_so(desk: Desk) -> None:
    client = await signed_in(desk)
    for path in ("/cases/nonsense", "/cases/01900000-0000-7000-8000-000000000000", "/cases/<script>"):
        answer = await client.get(path)
        assert answer.status_code == 404
        Page(answer.text).assert_is_sound()


async def test_what_is_asked_for_is_never_taken_for_markup(desk: Desk) -> None:
    client = await signed_in(desk)
    answer = await client.get("/", params={"case_id": '"><script>alert(1)</script>', "lender": "<b>"})
    assert answer.status_code == 200
    assert "<script>" not in answer.text
    Page(answer.text).assert_is_sound()


async def test_the_timeline_leads_to_the_trace(desk: Desk) -> None:
    await desk.hear(LIVES)
    life = LIVES[0]
    client = await signed_in(desk)
    page = (await client.get(f"/cases/{life.case_id}")).text
    first = life.said[0].event
    assert first.traceparent is not None
    assert f"http://traces.example.org/zipkin/traces/{first.traceparent.split('-')[1]}" in page
    assert page.count('class="sentence"') == len(life.said)


async def test_the_chosen_language_stays(desk: Desk) -> None:
    client = await signed_in(desk)
    assert 'lang="zh-CN"' in (await client.get("/?lang=zh")).text[:200]
    assert 'lang="zh-CN"' in (await client.get("/events", headers={"Accept-Language": "en"})).text[:200]
