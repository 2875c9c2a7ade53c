"""The described platform, built once."""

from __future__ import annotations

import pytest

from docs.generators.platform import DescribedPlatform, describe_platform


@pytest.fixture(scope="session")
def platform() -> DescribedPlatform:
    return describe_platform()
