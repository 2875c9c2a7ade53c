"""No parameter of any rule can move by one, and no rule can go, without a vector noticing."""

from __future__ import annotations

import pytest

from services.outreach.adapters.rule_packs import pack_documents
from services.outreach.adapters.vectors import our_files, read_vectors
from tests.unit.outreach.mutations import Mutant, mutants, survivors

DOCUMENTS = pack_documents()
VECTORS = read_vectors(our_files())


@pytest.fixture(scope="module")
def unnoticed() -> list[Mutant]:
    """Asked once for all packs: the vectors' answers to the packs as they are are the larger part of the work."""
    return survivors(DOCUMENTS, VECTORS)


def test_every_kind_of_parameter_is_moved_both_ways() -> None:
    (regulation_f,) = (document for document in DOCUMENTS if document["pack"] == "us-regulation-f")
    moved = {mutant.what for mutant in mutants(regulation_f)}
    assert {"at_most 7 -> 6", "at_most 7 -> 8", "opens 08:00 -> 07:59", "opens 08:00 -> 08:01", "left out"} <= moved


def test_a_change_that_nothing_notices_is_found() -> None:
    unwatched = [vector for vector in VECTORS if vector.pack == "us-dc"]
    alive = {str(mutant) for mutant in survivors(DOCUMENTS, unwatched, ["concord-floor"])}
    assert "concord-floor/messages_per_week: at_most 7 -> 8" in alive


@pytest.mark.parametrize("pack", [document["pack"] for document in DOCUMENTS])
def test_every_change_of_a_rule_breaks_a_vector(pack: str, unnoticed: list[Mutant]) -> None:
    alive = [str(mutant) for mutant in unnoticed if mutant.pack == pack]
    assert not alive, "\n".join(alive)
