"""Invented people: names, numbers and addresses that belong to nobody.

United States numbers are 555-0100 to 555-0199 of an area code, the range that the numbering plan keeps for fiction
(NANPA, "555 line numbers"). China has no such range, so its invented numbers begin with 142, which is assigned to no
operator. Mail addresses are below example.com and its sisters (RFC 2606, section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from deploy.sandbox.seeded import dice

AREA_CODES: Mapping[str, str] = {
    "AL": "205", "AK": "907", "AZ": "602", "AR": "501", "CA": "213", "CO": "303", "CT": "203", "DE": "302",
    "DC": "202", "FL": "305", "GA": "404", "HI": "808", "ID": "208", "IL": "312", "IN": "317", "IA": "515",
    "KS": "316", "KY": "502", "LA": "504", "ME": "207", "MD": "410", "MA": "617", "MI": "313", "MN": "612",
    "MS": "601", "MO": "314", "MT": "406", "NE": "402", "NV": "702", "NH": "603", "NJ": "201", "NM": "505",
    "NY": "212", "NC": "704", "ND": "701", "OH": "216", "OK": "405", "OR": "503", "PA": "215", "RI": "401",
    "SC": "803", "SD": "605", "TN": "615", "TX": "214", "UT": "801", "VT": "802", "VA": "804", "WA": "206",
    "WV": "304", "WI": "414", "WY": "307",
}  # fmt: skip
"""A large area code of each state, so that the time zone of an invented number is the state's."""

_LINES_PER_AREA = 100
_US_GIVEN = (
    "Avery", "Blake", "Casey", "Dana", "Ellis", "Frankie", "Gray", "Harper", "Indigo", "Jules", "Kendall", "Logan",
    "Morgan", "Noel", "Oakley", "Parker", "Quinn", "Reese", "Sage", "Tatum", "Umber", "Vesper", "Winter", "Yael",
)  # fmt: skip
_US_FAMILY = (
    "Ashdown", "Birchley", "Coldbrook", "Dunmere", "Elmstead", "Fairholt", "Greywater", "Hollowell", "Ivorson",
    "Jesswick", "Kettlewell", "Larkmoor", "Millbank", "Northgate", "Oxenford", "Pennyroyal", "Quillfeather",
    "Rosethorn", "Silverlake", "Thistledown", "Underhay", "Valewood", "Westerby", "Yarrowby",
)  # fmt: skip
_CN_FAMILY = {
    "王": "wang", "李": "li", "张": "zhang", "刘": "liu", "陈": "chen", "杨": "yang", "赵": "zhao", "黄": "huang",
    "周": "zhou", "吴": "wu", "徐": "xu", "孙": "sun", "胡": "hu", "朱": "zhu", "高": "gao", "林": "lin",
}  # fmt: skip
_CN_GIVEN = {
    "样例": "yangli", "示安": "shian", "虚云": "xuyun", "拟舟": "nizhou", "测宁": "cening", "例清": "liqing",
    "模远": "moyuan", "构文": "gouwen", "演思": "yansi", "范秋": "fanqiu", "仿山": "fangshan", "试然": "shiran",
}  # fmt: skip
_CN_CITIES = ("上海市", "杭州市", "成都市", "武汉市", "西安市", "长沙市", "青岛市", "广州市", "南京市", "郑州市")


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person. `number` is 1, 2, 3... within a lender and makes every value unique."""

    name: str
    mobile: str
    email: str
    postal: str
    identity_number: str | None


def american(seed: int, number: int, state: str, line: int) -> Person:
    """`line`: the how-manieth invented line of the state's area code, from 0 to 99."""
    if not 0 <= line < _LINES_PER_AREA:
        raise ValueError("an area code has a hundred lines for fiction")
    throw = dice(seed, "american", number)
    given, family = throw.choice(_US_GIVEN), throw.choice(_US_FAMILY)
    return Person(
        name=f"{given} {family}",
        mobile=f"+1{AREA_CODES[state]}55501{line:02d}",
        email=f"{given}.{family}.{number:04d}@example.com".lower(),
        postal=f"{number} Invented Street, Sampleton, {state}",
        identity_number=None,
    )


def chinese(seed: int, number: int) -> Person:
    """Marked in itself as invented: the given names read "sample", "trial", "made up"."""
    throw = dice(seed, "chinese", number)
    family, given = throw.choice(list(_CN_FAMILY)), throw.choice(list(_CN_GIVEN))
    city = throw.choice(_CN_CITIES)
    return Person(
        name=family + given,
        mobile=f"+86142{number:08d}",
        email=f"{_CN_FAMILY[family]}.{_CN_GIVEN[given]}.{number:04d}@example.net",
        postal=f"{city}示例区虚构路{number}号",
        identity_number=f"INVENTED-{number:06d}",
    )
