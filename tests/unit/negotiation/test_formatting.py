"""Amounts as people type and read them: exact, or not taken at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.negotiation.entrypoints.formatting import money_text, typed_amount


@pytest.mark.parametrize(
    ("text", "minor_units"),
    [
        ("150", 15_000),
        ("150.5", 15_050),
        (" $1,234.56 ", 123_456),
        ("￥1，234", 123_400),
        ("0.01", 1),
        ("0.001", None),
        ("0", None),
        ("-1", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e30", None),
        ("10000000000000", 10**15),
        ("10000000000000.01", None),
        ("9" * 21, None),
        ("abc", None),
        ("", None),
    ],
)
def test_a_typed_amount_is_exact_or_nothing(text: str, minor_units: int | None) -> None:
    assert typed_amount(text, "USD") == minor_units


@given(st.integers(1, 10**12), st.sampled_from(["USD", "CNY"]), st.sampled_from(["en", "zh"]))
def test_what_is_shown_can_be_typed_back(minor_units: int, currency: str, language: str) -> None:
    shown = money_text(minor_units, currency, language).removeprefix("CN")
    assert typed_amount(shown.removeprefix("US"), currency) == minor_units
