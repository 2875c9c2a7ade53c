"""The texts registered with Alibaba Cloud: which of them says, filled in, exactly what is to be sent.

A provider in mainland China sends registered texts alone. So a message goes out only where a registered text with
values for its `${variables}` gives the very text that was decided about, checked for conduct, and proven by its hash.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.outreach.adapters.plain_yaml import read_yaml_file

TEMPLATES_MAX = 200
TEXT_LENGTH_MAX = 1_000
VALUE_LENGTH_MAX = 200
_VARIABLE = re.compile(r"\$\{([A-Za-z][A-Za-z0-9_]{0,31})\}")


@dataclass(frozen=True, slots=True)
class Filled:
    template_code: str
    sign_name: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class RegisteredText:
    """`text` is what the person receives, the signature in its brackets 【】 included."""

    template_code: str
    sign_name: str
    pattern: re.Pattern[str]

    @classmethod
    def read(cls, entry: dict[str, Any]) -> RegisteredText:
        """Raises ValueError or KeyError where the entry is out of form."""
        text, sign_name = str(entry["text"]).strip(), str(entry["sign_name"])
        if not text.startswith(f"【{sign_name}】") or len(text) > TEXT_LENGTH_MAX:
            raise ValueError("a registered text begins with its signature in 【】")
        parts = _VARIABLE.split(text)
        if len(set(parts[1::2])) != len(parts[1::2]):
            raise ValueError("a variable stands twice in a registered text")
        if any(not part for part in parts[2:-1:2]):
            # Two values with nothing between them could be told apart in many ways.
            raise ValueError("two variables touch each other in a registered text")
        pattern = "".join(
            re.escape(part) if index % 2 == 0 else f"(?P<{part}>[^\\n]{{1,{VALUE_LENGTH_MAX}}}?)"
            for index, part in enumerate(parts)
        )
        return cls(str(entry["template_code"]), sign_name, re.compile(pattern))

    def fill(self, text: str) -> Filled | None:
        match = self.pattern.fullmatch(text)
        return Filled(self.template_code, self.sign_name, match.groupdict()) if match else None


class RegisteredTexts:
    """All of them, in the order of the file."""

    def __init__(self, texts: Sequence[RegisteredText]) -> None:
        self._texts = tuple(texts)

    def find(self, text: str) -> Filled | None:
        if len(text) > TEXT_LENGTH_MAX:
            return None
        return next((filled for each in self._texts if (filled := each.fill(text)) is not None), None)


def load_registered_texts(file: Path) -> RegisteredTexts:
    """A YAML list of `template_code`, `sign_name`, `text`. Raises ValueError, KeyError or OSError."""
    entries = read_yaml_file(file)
    if not isinstance(entries, list) or len(entries) > TEMPLATES_MAX:
        raise ValueError(f"a list of at most {TEMPLATES_MAX} registered texts is needed")
    return RegisteredTexts([RegisteredText.read(entry) for entry in entries])
