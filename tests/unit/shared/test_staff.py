"""Who of the staff acts."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from shared.kernel.refusal import Invalid
from shared.service.problems import install_problems
from shared.service.staff import StaffMember, staff_id_of


@pytest.mark.parametrize("given", ["ab", "agent.lin", "bot_7", "a" * 40])
def test_a_short_code_names_a_member_of_the_staff(given: str) -> None:
    assert staff_id_of(given) == given


@pytest.mark.parametrize("given", [None, "", "a", "a" * 41, "Agent.Lin", "agent lin", "agent@example.com", "林"])
def test_what_is_no_code_names_nobody(given: str | None) -> None:
    with pytest.raises(Invalid):
        staff_id_of(given)


async def test_who_acts_comes_in_a_header_and_is_required() -> None:
    app = FastAPI()
    install_problems(app)

    @app.get("/who")
    async def who(member: StaffMember) -> str:
        return member

    async with AsyncClient(transport=ASGITransport(app), base_url="http://desk") as client:
        assert (await client.get("/who", headers={"X-Staff-Id": "agent.lin"})).json() == "agent.lin"
        assert (await client.get("/who")).status_code == 422
        assert (await client.get("/who", headers={"X-Staff-Id": "Agent Lin"})).json()["code"] == "staff_id_wrong"
