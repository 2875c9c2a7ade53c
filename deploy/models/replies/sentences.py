"""The labelled sentences, all invented: written by hand, widened by variation; the held-out ones were written apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from deploy.models.replies.generators import generate
from services.outreach.domain.replies.meaning import INTENTS, plain

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh")
SEED = 20_260_301
GENERATED_EACH = 70
"""Sentences from the generators for each intent and language."""
VARIANTS_EACH = 2

_OPENINGS = {
    "en": ("hi, ", "hello, ", "sorry, ", "ok, ", "good morning, ", "dear sir or madam, ", "listen, ", "hey "),
    "zh": ("你好,", "您好,", "不好意思,", "喂,", "嗯,", "那个,", "你们好,"),
}
_CLOSINGS = {
    "en": (" please", " thanks", " thank you", "!", ".", "...", " regards", " ok", " - j"),
    "zh": ("。", "!", "谢谢", ",谢谢", "啊", "了", "...", ",麻烦了"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is plain, as the reader reads it."""

    text: str
    intent: str
    language: str


def read_file(path: Path, language: str) -> list[Sentence]:
    """Sections `## intent`, one sentence a line."""
    found, intent = [], ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            intent = line[3:].strip()
            assert intent in INTENTS, intent
        elif line.strip():
            found.append(Sentence(plain(line), intent, language))
    return found


def written() -> list[Sentence]:
    """Written by hand, for training."""
    return _unmeasured(s for language in LANGUAGES for s in read_file(HERE / f"sentences_{language}.txt", language))


def held_out() -> list[Sentence]:
    """Written by hand, apart, before the first training; no generator knows them."""
    return [s for language in LANGUAGES for s in read_file(HERE / f"heldout_{language}.txt", language)]


def generated() -> list[Sentence]:
    throw = Random(SEED)
    return _unmeasured(
        Sentence(plain(text), intent, language)
        for language in LANGUAGES
        for intent in INTENTS
        for text in generate(throw, language, intent, GENERATED_EACH)
    )


def _unmeasured(sentences: Iterable[Sentence]) -> list[Sentence]:
    """Without what is held out: short answers come to everybody's mind."""
    measured = {_bare(sentence.text) for sentence in held_out()}
    return [sentence for sentence in dict.fromkeys(sentences) if _bare(sentence.text) not in measured]


def _bare(text: str) -> str:
    return re.sub(r"[^\w]", "", text)


def varied(sentences: list[Sentence]) -> list[Sentence]:
    """The sentences with openings, closings and slips of the finger around them."""
    throw = Random(SEED + 1)
    variants = []
    for sentence in sentences:
        for _ in range(VARIANTS_EACH):
            text = sentence.text.rstrip(".!?。") if throw.random() < 0.5 else sentence.text
            if throw.random() < 0.6:
                text = throw.choice(_OPENINGS[sentence.language]) + text
            if throw.random() < 0.5:
                text += throw.choice(_CLOSINGS[sentence.language])
            if sentence.language == "en" and throw.random() < 0.35:
                text = text.replace("'", "")
            if sentence.language == "en" and throw.random() < 0.25:
                text = _slip(text, throw)
            variants.append(Sentence(plain(text), sentence.intent, sentence.language))
    return list(dict.fromkeys(sentences + variants))


def _slip(text: str, throw: Random) -> str:
    """One letter lost or two exchanged."""
    at = throw.randrange(len(text) - 1) if len(text) > 6 else 0
    if throw.random() < 0.5:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
