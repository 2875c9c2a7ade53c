"""How long records must be kept at least, and how long they may be kept at most, outside the United States."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.outreach.domain.law.dates import Answer, Given, read_choice, read_day, text, years_after


@dataclass(frozen=True, slots=True)
class Keeping:
    """Years from the end of what the record is about."""

    years_min: int
    years_max: int | None
    clause: str
    confidence: str


RECORDS = {
    "CN/collection_record": Keeping(5, None, "NIFA 互联网金融逾期债务催收自律公约(试行) 2018", "official_secondary"),
    "CN/consumer_finance_record": Keeping(5, None, "消费金融公司管理办法 (2024)", "secondary"),
    "CN/impact_assessment": Keeping(3, None, "个人信息保护法 56", "primary"),
    "EU/servicing_record": Keeping(5, 10, "Directive (EU) 2021/2167 art. 11", "memory"),
}


def record_keeping(given: Given) -> Answer:
    """`record` (one of RECORDS), `ended_on`: the day from which the years run."""
    keeping = RECORDS[read_choice(given, "record", frozenset(RECORDS))]
    ended_on = read_day(given, "ended_on")
    return {
        "keep_until": text(years_after(ended_on, keeping.years_min)),
        "years_min": keeping.years_min,
        "delete_by": text(years_after(ended_on, keeping.years_max)) if keeping.years_max else None,
        "clause": keeping.clause,
        "confidence": keeping.confidence,
    }


QUESTIONS: dict[str, Callable[[Given], Answer]] = {"record_keeping": record_keeping}
