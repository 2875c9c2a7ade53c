"""The publish checker: everything that keeps a template from being used, at once and with pointers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.outreach.domain.conduct.checker import ConductChecker
from services.outreach.domain.templates.requirements import Item, Requirements, Scenario
from services.outreach.domain.templates.version import LANGUAGES, TemplateVersion
from shared.kernel.refusal import Reason


@dataclass(frozen=True, slots=True)
class Sample:
    """The body of one language, rendered for one scenario, with sentinels for the values."""

    language: str
    scenario: Scenario
    text: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A template as its engine reads it: the variables by place (`/texts/en/body`), or what is wrong with the place."""

    variables: Mapping[str, frozenset[str]]
    faults: Mapping[str, str]
    samples: Sequence[Sample]


def check_template(
    version: TemplateVersion, parsed: Parsed, requirements: Requirements, conduct: ConductChecker
) -> list[Reason]:
    """Empty where the template may be published."""
    reasons = [
        Reason("template_lacks_language", f"/texts/{language}", "a template is written in every language")
        for language in LANGUAGES
        if language not in version.texts
    ]
    reasons += [Reason("template_unreadable", pointer, fault) for pointer, fault in sorted(parsed.faults.items())]
    reasons += _foreign_variables(version, parsed, requirements)
    items = requirements.required(version.audience, version.channel, version.purpose)
    if items is None:
        kind = f"{version.audience} {version.channel} {version.purpose}"
        reasons.append(Reason("template_kind_unknown", "/purpose", f"no requirements are laid down for: {kind}"))
    reasons += _missing_items(parsed.samples, items or ())
    return reasons + _conduct_findings(version, parsed.samples, conduct)


def _foreign_variables(version: TemplateVersion, parsed: Parsed, requirements: Requirements) -> list[Reason]:
    allowed = requirements.allowed(version.audience, version.purpose)
    return [
        Reason("template_variable_forbidden", pointer, f"`{name}` may not be named in a text for: {version.audience}")
        for pointer, names in sorted(parsed.variables.items())
        for name in sorted(names - allowed)
    ]


def _missing_items(samples: Sequence[Sample], items: Sequence[Item]) -> list[Reason]:
    """Each missing item once per language, with the scenario in which it is missing."""
    missing: dict[tuple[str, str], Reason] = {}
    for sample in samples:
        for item in items:
            key = (sample.language, item.id)
            if key in missing or not item.applies_to(sample.scenario) or item.is_said_in(sample.text, sample.language):
                continue
            where = ", ".join(f"{name}={value}" for name, value in sample.scenario.items())
            pointer = f"/texts/{sample.language}/body"
            missing[key] = Reason(f"template_lacks.{item.id}", pointer, f"{item.because} (missing for {where})")
    return [missing[key] for key in sorted(missing)]


def _conduct_findings(version: TemplateVersion, samples: Sequence[Sample], conduct: ConductChecker) -> list[Reason]:
    found: dict[tuple[str, str], Reason] = {}
    for sample in samples:
        for finding in conduct.check(sample.text, version.audience):
            pointer = f"/texts/{sample.language}/body"
            found.setdefault((pointer, finding.rule), Reason(f"conduct.{finding.category}", pointer, finding.reason_en))
    return list(found.values())
