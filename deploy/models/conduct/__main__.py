"""`python -m deploy.models.conduct`: train, write the weights and the card. `--check`: fail if they would differ."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from deploy.models.conduct.card import card_of
from deploy.models.conduct.sentences import written
from deploy.models.conduct.training import document_of, train
from services.outreach.adapters.conduct.model import FILE, parse_conduct_model

CARD = Path(__file__).parents[3] / "docs" / "models" / "conduct.md"


def main() -> int:
    arguments = argparse.ArgumentParser(description="Train the reader of conduct.")
    arguments.add_argument("--check", action="store_true", help="fail if weights or card would come out differently")
    is_check = arguments.parse_args().check
    sentences = written()
    trained = train(sentences)
    document = document_of(trained)
    digest = hashlib.sha256(document.encode()).hexdigest()
    card = card_of(parse_conduct_model(document), digest, sentences, trained.found_unseen)
    stale = [path for path, content in ((FILE, document), (CARD, card)) if _differs(path, content)]
    if not is_check:
        for path, content in ((FILE, document), (CARD, card)):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
    print(card)
    print(f"{'stale' if is_check else 'written'}: {', '.join(path.name for path in stale) or 'nothing'}")
    return 1 if is_check and stale else 0


def _differs(path: Path, content: str) -> bool:
    return not path.exists() or path.read_text("utf-8") != content


if __name__ == "__main__":
    sys.exit(main())
