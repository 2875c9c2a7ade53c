"""Writes the model as one JSON document: small numbers in base64, every byte determined by the training."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

from deploy.models.replies.training import BUCKETS, Trained
from services.outreach.adapters.reply_model import FORM
from services.outreach.domain.replies.meaning import INTENTS

VERSION = "2026.2"
STEPS = 127
"""Weights are rounded to so many steps each side of zero, by intent."""


def document_of(trained: Trained) -> str:
    coefficients = np.asarray(trained.classifier.coef_)
    scales = [float(f"{np.abs(row).max() / STEPS:.9g}") for row in coefficients]
    idf = np.asarray(trained.transformer.idf_)
    idf_scale = float(f"{idf.max() / 65_535:.9g}")
    document = {
        "form": FORM,
        "version": VERSION,
        "intents": list(INTENTS),
        "buckets": BUCKETS,
        "temperature": trained.temperature,
        "threshold": trained.threshold,
        "intercepts": [float(f"{value:.4f}") for value in trained.classifier.intercept_],
        "idf": {"scale": idf_scale, "uint16": _packed(np.rint(idf / idf_scale).clip(0, 65_535), "<u2")},
        "weights": [
            {"scale": scale, "int8": _packed(np.rint(row / scale), "i1")}
            for scale, row in zip(scales, coefficients, strict=True)
        ],
    }
    return json.dumps(document, indent=0, sort_keys=True) + "\n"


def _packed(values: Any, kind: str) -> str:
    return base64.b64encode(values.astype(kind).tobytes()).decode()
