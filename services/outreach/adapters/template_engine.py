"""Jinja2 in its sandbox: parses templates, names their variables, renders them. Nothing undefined is ever rendered."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, meta, nodes
from jinja2.sandbox import SandboxedEnvironment

from services.outreach.domain.templates.publishing import Parsed, Sample
from services.outreach.domain.templates.requirements import Requirements, sentinel
from services.outreach.domain.templates.version import TemplateVersion, Text

_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.And, nodes.Or, nodes.Not)
"""Values and conditions. No loops, calls, filters or sums: a text cannot run away, and everything it says is seen."""
YES_OR_NO = ("is_us", "is_first", "has_offer", "is_machine")


class TemplateEngine:
    """One environment for all texts. Templates are written by people, so their code is not trusted."""

    def __init__(self) -> None:
        self._environment = SandboxedEnvironment(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
        )

    def compile(self, text: Text) -> tuple[Template, Template]:
        """Subject and body. Raises `TemplateError`."""
        return self._environment.from_string(text.subject), self._environment.from_string(text.body)

    def parse(self, version: TemplateVersion, requirements: Requirements) -> Parsed:
        """Never raises: what is wrong with a place is told by the place."""
        variables: dict[str, frozenset[str]] = {}
        faults: dict[str, str] = {}
        for language, text in version.texts.items():
            for place, source in (("subject", text.subject), ("body", text.body)):
                pointer = f"/texts/{language}/{place}"
                try:
                    tree = self._environment.parse(source)
                    variables[pointer] = frozenset(meta.find_undeclared_variables(tree))
                    if any(not isinstance(node, _ALLOWED) for node in tree.find_all(nodes.Node)):
                        faults[pointer] = "uses more than variables and conditions"
                except TemplateError as error:
                    faults[pointer] = f"does not parse: {error.message}"
        values = {name: sentinel(name) for name in requirements.allowed(version.audience, version.purpose)}
        samples = [] if faults else self._samples(version, values, faults)
        return Parsed(variables, faults, samples)

    def _samples(self, version: TemplateVersion, values: Mapping[str, str], faults: dict[str, str]) -> list[Sample]:
        samples = []
        for language, text in version.texts.items():
            subject, body = self.compile(text)
            for choice in product((True, False), repeat=len(YES_OR_NO)):
                scenario: dict[str, Any] = dict(zip(YES_OR_NO, choice, strict=True))
                known = {**values, **{name: scenario[name] for name in YES_OR_NO if name in values}}
                try:
                    subject.render(known)
                    samples.append(Sample(language, scenario, body.render(known)))
                except Exception as error:
                    # Whatever a template does when it is rendered is a fault of its own.
                    faults[f"/texts/{language}/body"] = f"does not render: {type(error).__name__}"
                    break
        return samples
