"""How many processors there are to work with."""

from __future__ import annotations

import os
import sys


def usable_processors() -> int:
    """Count the processors that this process may use, which may be fewer than the machine has."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
