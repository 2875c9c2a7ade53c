"""Dice that fall the same way in every run of the same seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def dice(seed: int, *words: str | int) -> random.Random:
    """A generator of its own for each purpose, so that one more throw here moves nothing there."""
    return random.Random(":".join(map(str, (seed, *words))))


def pick(throw: random.Random, weights: Mapping[T, float]) -> T:
    """One of the keys, by weight."""
    return throw.choices(list(weights), weights=list(weights.values()))[0]
