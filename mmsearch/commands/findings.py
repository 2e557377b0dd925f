"""One thing that mmsearch doctor has looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: What.
        value: What was found.
        remedy: What to do; empty when all is well.
    """

    name: str
    value: str
    remedy: str = ""
