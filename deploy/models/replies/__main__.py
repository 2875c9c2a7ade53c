"""`python -m deploy.models.replies`: train, write the weights and the card. `--check`: fail if they would differ."""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

from deploy.models.replies.card import card_of
from deploy.models.replies.sentences import generated, held_out, written
from deploy.models.replies.training import train
from deploy.models.replies.weights import document_of
from services.outreach.adapters.reply_model import FILE, parse_model

CARD = Path(__file__).parents[3] / "docs" / "models" / "replies.md"


def main() -> int:
    arguments = argparse.ArgumentParser(description="Train the reader of replies.")
    arguments.add_argument("--check", action="store_true", help="fail if weights or card would come out differently")
    is_check = arguments.parse_args().check
    by_hand, by_generator = written(), generated()
    document = document_of(train(by_hand, by_generator))
    digest = hashlib.sha256(document.encode()).hexdigest()
    card = card_of(parse_model(document), digest, by_hand + by_generator, held_out())
    stale = []
    for path, content in ((FILE, document), (CARD, card)):
        if path.exists() and path.read_text("utf-8") == content:
            continue
        stale.append(path.name)
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, "utf-8")
    print(card)
    print(f"{'stale' if is_check else 'written'}: {', '.join(stale) or 'nothing'}")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
