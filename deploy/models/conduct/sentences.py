"""The labelled sentences, all invented. A line may hold choices, `(this|that)`, that are filled by a seeded throw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from services.outreach.adapters.conduct.held_out import FRESH, HELD_OUT, read_held_out
from services.outreach.adapters.conduct.lexicon import normaliser
from services.outreach.adapters.conduct.model import CLASSES
from services.outreach.adapters.conduct.report import read_sentences
from services.outreach.domain.conduct.reader import CLEAN

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")
FILLINGS_EACH = 5
"""Of a line with choices; a line without any is one sentence."""
NEAR = 0.5
"""Share of common four-letter pieces from which on a sentence is too near to a held-out one to be trained on."""
_CHOICE = re.compile(r"\(([^()]*)\)(\?)?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` in normal spelling, as the checker reads it. `line`: what it was made of, for folds without twins."""

    text: str
    category: str
    language: str
    line: str


def written() -> list[Sentence]:
    """Lines of the two files with their fillings, and the sentences that the rules are measured by."""
    found = [
        sentence
        for language in LANGUAGES
        for category, line in _lines(HERE / f"sentences_{language}.txt")
        for sentence in _filled(category, line, language)
    ]
    # What only a third party may not hear is for rules alone: the model does not know who listens.
    found += [
        Sentence(_normal(entry.text), entry.category or CLEAN, entry.language, entry.text)
        for entry in read_sentences()
        if entry.audience == "borrower"
    ]
    measured = [_pieces(_normal(entry.text)) for file in (HELD_OUT, FRESH) for entry in read_held_out(file)]
    return [sentence for sentence in dict.fromkeys(found) if not _is_near(_pieces(sentence.text), measured)]


def _lines(path: Path) -> list[tuple[str, str]]:
    found, category = [], ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            category = line[3:].strip()
            assert category in CLASSES, category
        elif line.strip():
            found.append((category, line.strip()))
    return found


def _filled(category: str, line: str, language: str) -> list[Sentence]:
    throw = Random(sha256(line.encode()).hexdigest())
    wanted = FILLINGS_EACH if _CHOICE.search(line) else 1
    texts = dict.fromkeys(_CHOICE.sub(lambda choice: _chosen(choice, throw), line) for _ in range(wanted))
    return [Sentence(_normal(text), category, language, line) for text in texts]


def _chosen(choice: re.Match[str], throw: Random) -> str:
    """`(this)?` may be left out."""
    options: list[str] = choice[1].split("|") + ([""] if choice[2] else [])
    return throw.choice(options)


def _normal(text: str) -> str:
    normal: str = normaliser().normalise(text).text
    return normal.strip()


def _pieces(text: str) -> frozenset[str]:
    bare = re.sub(r"\W", "", text)
    size = 4 if bare.isascii() else 2
    return frozenset(bare[at : at + size] for at in range(max(1, len(bare) - size + 1)))


def _is_near(pieces: frozenset[str], measured: list[frozenset[str]]) -> bool:
    return any(len(pieces & other) >= NEAR * len(pieces | other) for other in measured)


def varied(sentences: list[Sentence]) -> list[Sentence]:
    """The sentences, and each once more with a slip of the finger or without its marks."""
    throw = Random(20_261_124)
    variants = []
    for sentence in sentences:
        text = sentence.text.rstrip(".!?。") if throw.random() < 0.7 else sentence.text
        if sentence.language == "en" and throw.random() < 0.5:
            text = _slip(text.replace("'", ""), throw)
        if sentence.language == "zh" and throw.random() < 0.5:
            text = text.replace(",", " ").replace("您", "你")
        variants.append(Sentence(text, sentence.category, sentence.language, sentence.line))
    return list(dict.fromkeys(sentences + variants))


def _slip(text: str, throw: Random) -> str:
    """One letter lost or two exchanged."""
    at = throw.randrange(len(text) - 1) if len(text) > 6 else 0
    if throw.random() < 0.5:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
