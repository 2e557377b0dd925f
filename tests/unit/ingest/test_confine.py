"""Run in processes of their own: what a process gives up it never gets back."""

from __future__ import annotations

import subprocess
import sys

import pytest

MEGABYTE = 1 << 20


def run(code: str) -> str:
    command = [
        sys.executable,
        "-c",
        f"import os, resource, sys\nfrom ingest import confine\n{code}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("had", "wanted", "has"), [(900, 600, 600), (600, 900, 600)])
def test_the_lower_of_two_limits_holds(had: int, wanted: int, has: int) -> None:
    had, wanted = had * MEGABYTE, wanted * MEGABYTE
    code = (
        f"resource.setrlimit(resource.RLIMIT_AS, ({had}, {had}))\n"
        f"confine.confine(os.getppid(), {wanted})\n"
        "print(*resource.getrlimit(resource.RLIMIT_AS))"
    )
    assert run(code) == f"{has * MEGABYTE} {has * MEGABYTE}"


def test_where_the_system_takes_no_limit_there_is_none() -> None:
    code = (
        "def refused(*_): raise ValueError('current limit exceeds maximum limit')\n"
        "resource.setrlimit, sys.platform = refused, 'darwin'\n"
        "confine.limit(resource.RLIMIT_AS, 1000)\n"
        "print('goes on')"
    )
    assert run(code) == "goes on"


def test_processor_time_is_limited_anew_within_what_the_process_may_have() -> None:
    code = (
        "resource.setrlimit(resource.RLIMIT_CPU, (600, 600))\n"
        "for seconds in (10, 20, 9_000):\n"
        "    confine.limit_cpu(seconds)\n"
        "    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)\n"
        "    print(seconds <= soft < seconds + 10 or soft, hard)"
    )
    assert run(code).splitlines() == ["True 600", "True 600", "600 600"]
