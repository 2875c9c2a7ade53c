"""What people read: a sentence for every event in both languages, figures as they are written there, safe cells."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.application.record_events import fact_of
from services.reporting.entrypoints.console.charts import bars, nice_ceiling, plot, steps
from services.reporting.entrypoints.console.texts import duration
from services.reporting.entrypoints.csv_lines import csv_cell, csv_line
from services.reporting.entrypoints.narration import narrate
from services.reporting.entrypoints.wording import Language, money, percent
from shared.events.registry import EVENTS
from tests.conformance.lives import STORIES, lives

TOLD = {said.event.event_type: fact_of(said.event) for life in lives(7, len(STORIES)) for said in life.said}


@pytest.mark.parametrize("event_type", sorted(EVENTS))
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_event_is_told_in_a_sentence(event_type: str, language: Language) -> None:
    sentence = narrate(TOLD[event_type], language)
    assert sentence.endswith("." if language == "en" else "。")
    assert "{" not in sentence
    assert bool(re.search("[\u4e00-\u9fff]", sentence)) == (language == "zh")


def test_money_is_written_with_the_currencys_own_decimals() -> None:
    assert money(123_450, "USD", "en") == "US$1,234.50"
    assert money(123_450, "CNY", "zh") == "¥1,234.50"
    assert money(123_450, "VND", "en") == "₫123,450"
    assert percent(1, 3, "en") == "33.3%"
    assert percent(0, 0, "en") == "—"


@given(st.text(alphabet="=+-@\t\r\n\0＝＋－＠ \"',;abc|", max_size=12))
def test_no_text_cell_begins_a_formula_and_every_cell_reads_back(text: str) -> None:
    cell = csv_cell(text)
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"))
    assert cell.removeprefix("'") == text.removeprefix("'")
    if "\0" not in text:
        assert next(csv.reader(io.StringIO(csv_line([text, 7]), newline=""))) == [cell, "7"]


def test_a_negative_amount_stays_a_number() -> None:
    assert csv_line(["USD", -5_000, None]) == "USD,-5000,\r\n"


@pytest.mark.parametrize(("value", "ceiling"), [(0, 1), (0.07, 0.1), (0.383, 0.5), (1, 1), (1.01, 2), (23, 25)])
def test_an_axis_ends_at_a_figure_that_people_choose(value: float, ceiling: float) -> None:
    assert nice_ceiling(value) == pytest.approx(ceiling)


def test_bars_are_drawn_to_the_largest_and_something_is_never_nothing() -> None:
    drawn = bars({"largest": 10_000, "one": 1, "none": 0})
    assert [bar.length for bar in drawn] == [100.0, 0.6, 0.0]
    assert bars({}) == []


def test_a_plot_starts_at_zero_and_holds_its_highest_point() -> None:
    drawn = plot({"USD": [0.0, 0.2, 0.5]}, width=100, height=50)
    assert drawn.lines[0].path == "M0.0 50.0 L50.0 30.0 L100.0 0.0"
    assert plot({}).lines == ()


def test_a_balance_stays_until_it_changes() -> None:
    assert steps([(0, 100), (50, 50), (100, 50)], width=100, height=10) == "M0.0 0.0 H50.0 V5.0 H100.0 V5.0 H100.0"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "—"),
        (0.004, "4 ms"),
        (1, "1 s"),
        (59.9, "59.9 s"),
        (60, "1 min"),
        (86_400, "1 d"),
        (1e8, "1157 d"),
    ],
)
def test_a_duration_is_said_in_the_unit_that_people_would_use(seconds: float | None, said: str) -> None:
    assert duration(seconds, "en") == said
