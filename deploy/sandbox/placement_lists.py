"""Which lender places what: the built-in lists, or the file that `--data` names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from deploy.sandbox.calendar import STARTS_AT
from deploy.sandbox.generated_cases import generated_records
from deploy.sandbox.lenders import HARBOUR_CREDIT, MORNING_LIGHT, Profile
from deploy.sandbox.lending_club import lending_club_records
from deploy.sandbox.mistakes import with_mistakes
from deploy.sandbox.placement_file import PlacementFile, lines_of, read_placement_file

Lists = Mapping[str, tuple[Profile, PlacementFile]]
"""Name of the lender -> the lender and its list."""

_HOMES = {"US": ZoneInfo("America/New_York"), "CN": ZoneInfo("Asia/Shanghai")}


def built_in_lists(seed: int, cases: int) -> Lists:
    """178 overdue LendingClub loans and `cases` generated Chinese ones; each list holds a few mistakes."""
    as_of = {country: STARTS_AT.astimezone(home).date() for country, home in _HOMES.items()}
    lists = (
        (HARBOUR_CREDIT, lending_club_records(seed, as_of["US"])),
        (MORNING_LIGHT, generated_records(seed, cases, as_of["CN"])),
    )
    return {profile.name: (profile, lines_of(with_mistakes(seed, profile.name, records))) for profile, records in lists}


def lists_from(path: Path) -> Lists:
    """The file's lines, each to the lender of its country; what names no country goes to the American one."""
    file = read_placement_file(path)
    chinese = [line for line in file.lines if (line.record or {}).get("jurisdiction") == "CN"]
    american = [line for line in file.lines if (line.record or {}).get("jurisdiction") != "CN"]
    return {
        profile.name: (profile, replace(file, lines=lines))
        for profile, lines in ((HARBOUR_CREDIT, american), (MORNING_LIGHT, chinese))
    }
