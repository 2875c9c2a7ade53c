"""Where free, independent help is found, and what may help first for the cause of the arrears."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml
from fastapi import Request, Response

from services.negotiation.entrypoints.identity import ResourcesOf
from services.negotiation.entrypoints.portal.frame import Section, language_of, render, section_router
from services.negotiation.entrypoints.portal.texts.guidance import ANYBODY, CAUSES, HELP
from services.negotiation.entrypoints.portal.visitor import Visitor

PATH = "/portal/help"
DIRECTORY = Path(__file__).parent / "data" / "help.yaml"
KINDS = ("debt_advice", "legal_aid", "crisis", "complaints")

router = section_router()
SECTION = Section(PATH, "Help", "帮助", router)


@dataclass(frozen=True, slots=True)
class Place:
    """One place that helps. `web` is a host without a scheme; nothing here is a link that leaves these pages."""

    kind: str
    en: str
    zh: str
    phone: str | None
    web: str | None


@lru_cache(maxsize=1)
def directory() -> dict[str, tuple[Place, ...]]:
    """By jurisdiction. Raises ValueError for a directory that cannot be used."""
    document = yaml.safe_load(DIRECTORY.read_text(encoding="utf-8"))
    del document["provenance"]
    places = {where: tuple(Place(**entry) for entry in entries) for where, entries in document.items()}
    wrong = [place for entries in places.values() for place in entries if place.kind not in KINDS]
    if wrong or not places:
        raise ValueError(f"{DIRECTORY.name}: {len(wrong)} entries are of no known kind")
    return places


@router.get(PATH)
async def see_help(request: Request, visit: Visitor, resources: ResourcesOf) -> Response:
    async with resources.begin(visit.case_id) as work:
        case = await work.cases.read(visit.case_id)
    cause = case.assessment.arrears_cause if case.assessment is not None else "unknown"
    places = directory().get(case.jurisdiction, ())
    index = 1 if language_of(request, visit) == "zh" else 0
    return render(
        request,
        visit,
        "help.html",
        texts=HELP,
        case=case,
        groups=[(kind, found) for kind in KINDS if (found := [place for place in places if place.kind == kind])],
        for_you=[texts[index] for texts in CAUSES.get(cause, ())],
        for_anybody=[texts[index] for texts in ANYBODY],
        name=lambda place: place.zh if index else place.en,
    )
