"""The guided conversation, rendered: read once, a closed list of variables, nothing undefined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from services.outreach.application.workbench_ports import ScriptStep

FILE = Path(__file__).parent / "call_scripts.yaml"
LANGUAGES = ("en", "zh")


class TemplateScripts:
    """Raises at the start for a step that is missing, lacks a language or does not parse."""

    def __init__(self, file: Path = FILE) -> None:
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        document = yaml.safe_load(file.read_text("utf-8"))
        self._titles = {code: (step["title"], step["hint"]) for code, step in document["steps"].items()}
        self._says = {
            (code, language): environment.from_string(step["say"][language])
            for code, step in document["steps"].items()
            for language in LANGUAGES
        }
        self._situations: dict[str, list[str]] = document["situations"]
        self._emergency: dict[str, str] = document["emergency"]
        for codes in self._situations.values():
            for code in codes:
                for language in LANGUAGES:
                    _ = self._says[code, language], self._titles[code][0][language], self._titles[code][1][language]

    def steps(self, situation: str, language: str, variables: Mapping[str, Any]) -> Sequence[ScriptStep]:
        reader = variables["reader_language"]
        known = {**variables, "emergency": self._emergency[variables["jurisdiction"]]}
        codes = self._situations.get(situation, self._situations["call"])
        if variables["is_bot"]:
            codes = ["machine", *codes]
        return [
            ScriptStep(
                code,
                self._titles[code][0][reader],
                self._titles[code][1][reader],
                self._says[code, language].render(known),
            )
            for code in codes
        ]
