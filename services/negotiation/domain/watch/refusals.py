"""What the watch says no to.

Refusal
└── Conflict
    └── AlreadyDecided     somebody has decided otherwise, or there is nothing left to decide
"""

from __future__ import annotations

from shared.kernel.refusal import Conflict


class AlreadyDecided(Conflict):
    def __init__(self) -> None:
        super().__init__("already_decided", "this has been decided, or there is nothing left to decide")
