"""Choices, trials of arms and their tallies in PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.outreach.application.harm_records import ArmReport, KeptChoice
from services.outreach.domain.choosing import Arm, Choice, Option, Tally
from services.outreach.domain.gate.canonical import canonical
from shared.db.transaction import Transaction

_COLUMNS = (
    "choice_id",
    "attempt_id",
    "case_id",
    "segment",
    "document",
    "snapshot_hash",
    "channel",
    "contact_at",
    "chosen_at",
)
# An attempt that was taken back and is chosen again tries another arm; one that was judged keeps what it was.
_TRY = """
INSERT INTO arm_pulls AS p (attempt_id, case_id, segment, channel, band, day, made_at, judge_at)
SELECT t.*, t.made_at + make_interval(days => $8)
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
     AS t (attempt_id, case_id, segment, channel, band, day, made_at)
ORDER BY t.attempt_id
ON CONFLICT (attempt_id) DO UPDATE SET channel = excluded.channel, band = excluded.band, day = excluded.day,
    made_at = excluded.made_at, judge_at = excluded.judge_at
    WHERE p.result IS NULL
"""
_POSTPONED = """
SELECT DISTINCT ON (attempt_id) attempt_id, channel FROM choices
WHERE attempt_id = ANY($1::uuid[]) AND contact_at > chosen_at ORDER BY attempt_id, chosen_at DESC, choice_id DESC
"""
# A signal answers the case's last contact before it, for some days. Harm weighs more than an answer, an answer more
# than silence; silence is known only when the days are over. What the tallies get is the difference to what was said
# before, so that they are always the sum over the trials, however often and in whatever order those are judged. A
# contact that did not leave is no trial: it is looked at again for a while.
_JUDGE = """
WITH due AS (
    SELECT * FROM arm_pulls WHERE judge_at <= $1 ORDER BY judge_at, attempt_id LIMIT $2 FOR UPDATE SKIP LOCKED),
spans AS (
    SELECT d.*, a.state = 'settled' AND a.counts AS has_left,
           least(d.made_at + make_interval(days => $3), (
               SELECT min(n.made_at) FROM arm_pulls n WHERE n.case_id = d.case_id AND n.made_at > d.made_at)) AS ends_at
    FROM due d LEFT JOIN attempts a USING (attempt_id)),
judged AS (
    SELECT s.attempt_id, s.segment, s.channel, s.band, s.day, s.result AS old,
           CASE WHEN s.has_left IS NOT TRUE THEN s.result
                WHEN bool_or(g.kind IN ('complaint', 'distress', 'opt_out', 'dispute')) THEN 'harm'
                WHEN bool_or(g.kind IN ('reply', 'payment')) THEN 'response'
                WHEN s.made_at + make_interval(days => $3) <= $1 THEN 'silence'
                ELSE s.result END AS new,
           CASE WHEN s.has_left IS NOT TRUE AND s.made_at + make_interval(days => $4) > $1
                THEN $1::timestamptz + interval '1 day'
                WHEN s.has_left AND s.made_at + make_interval(days => $3) > $1
                THEN s.made_at + make_interval(days => $3) END AS judge_at
    FROM spans s LEFT JOIN contact_signals g
         ON g.case_id = s.case_id AND g.kind <> 'contact' AND g.at >= s.made_at AND g.at < s.ends_at
    GROUP BY s.attempt_id, s.segment, s.channel, s.band, s.day, s.result, s.has_left, s.made_at),
kept AS (
    UPDATE arm_pulls p SET result = j.new, judge_at = j.judge_at FROM judged j WHERE p.attempt_id = j.attempt_id),
moved AS (
    SELECT segment, channel, band, day,
           sum((new IS NOT NULL)::int - (old IS NOT NULL)::int) AS trials,
           sum((new IS NOT DISTINCT FROM 'response')::int - (old IS NOT DISTINCT FROM 'response')::int) AS responses,
           sum((new IS NOT DISTINCT FROM 'harm')::int - (old IS NOT DISTINCT FROM 'harm')::int) AS harms
    FROM judged WHERE new IS DISTINCT FROM old GROUP BY 1, 2, 3, 4),
told AS (
    INSERT INTO arm_tallies AS t (segment, channel, band, day, trials, responses, harms)
    SELECT * FROM moved ORDER BY 1, 2, 3, 4
    ON CONFLICT (segment, channel, band, day) DO UPDATE SET trials = t.trials + excluded.trials,
        responses = t.responses + excluded.responses, harms = t.harms + excluded.harms)
SELECT count(*) FROM judged
"""
NEVER_LEFT_DAYS = 30
"""How long an attempt that has not left is looked at."""
_REPORT = """
SELECT * FROM arm_tallies WHERE ($1::text IS NULL OR segment = $1)
ORDER BY segment, channel, band, day LIMIT $2
"""


class ChoiceRepository:
    """`Work.choices`."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def keep(self, choices: Sequence[KeptChoice], judge_after_days: int) -> None:
        if not choices:
            return
        driver = await self._transaction.driver()
        await driver.copy_records_to_table("choices", columns=_COLUMNS, records=[_row(kept) for kept in choices])
        begun = [
            (k.attempt_id, k.case_id, k.choice.segment, arm.channel, arm.band, arm.day, k.choice.option.at)
            for k in choices
            if k.choice.option.at == k.chosen_at
            for arm in [k.choice.option.arm]
        ]
        if begun:
            await driver.execute(_TRY, *(list(column) for column in zip(*begun, strict=True)), judge_after_days)

    async def postponed(self, attempt_ids: Collection[UUID]) -> dict[UUID, str]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_POSTPONED, list(attempt_ids)) if attempt_ids else []
        return {row["attempt_id"]: row["channel"] for row in rows}

    async def tallies(self, segments: Collection[str]) -> dict[str, dict[Arm, Tally]]:
        driver = await self._transaction.driver()
        found: dict[str, dict[Arm, Tally]] = defaultdict(dict)
        for row in await driver.fetch("SELECT * FROM arm_tallies WHERE segment = ANY($1::text[])", list(segments)):
            found[row["segment"]][Arm(row["channel"], row["band"], row["day"])] = _tally(row)
        return found

    async def judge(self, limit: int, response_days: int) -> int:
        driver = await self._transaction.driver()
        now = self._transaction.now
        return int(await driver.fetchval(_JUDGE, now, limit, response_days, NEVER_LEFT_DAYS))

    async def of_attempt(self, attempt_id: UUID) -> list[KeptChoice]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(
            "SELECT * FROM choices WHERE attempt_id = $1 ORDER BY chosen_at, choice_id", attempt_id
        )
        return [
            KeptChoice(
                row["choice_id"], row["attempt_id"], row["case_id"], choice_from(row["document"]), row["chosen_at"]
            )
            for row in rows
        ]

    async def report(self, segment: str | None, limit: int) -> list[ArmReport]:
        driver = await self._transaction.driver()
        rows = await driver.fetch(_REPORT, segment, limit)
        return [ArmReport(row["segment"], Arm(row["channel"], row["band"], row["day"]), _tally(row)) for row in rows]


def _tally(row: Any) -> Tally:
    return Tally(row["trials"], row["responses"], row["harms"])


def _row(kept: KeptChoice) -> tuple[Any, ...]:
    choice = kept.choice
    document = canonical({**choice.inputs(), "chosen": choice.chosen, "why": choice.why})
    return (
        kept.choice_id,
        kept.attempt_id,
        kept.case_id,
        choice.segment,
        document,
        choice.snapshot_hash,
        choice.option.arm.channel,
        choice.option.at,
        kept.chosen_at,
    )


def choice_from(text: str) -> Choice:
    """A kept choice, to make it again."""
    document = orjson.loads(text)
    options = tuple(
        Option(Arm(**entry["arm"]), datetime.fromisoformat(entry["at"]), entry["contact_point_id"], entry["facts_hash"])
        for entry in document["options"]
    )
    return Choice(
        segment=document["segment"],
        options=options,
        tallies=tuple(Tally(**entry) for entry in document["tallies"]),
        seed=document["seed"],
        explore_percent=document["explore_percent"],
        chosen=document["chosen"],
        why=document["why"],
        algorithm=document["algorithm"],
    )
