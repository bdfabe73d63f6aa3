"""Rows of the benchmarks: a command timed from outside with all its children, and the table that they stand in.

Memory is summed over the processes of a job; pages that they share count once (Linux; elsewhere they count each time).
"""

import csv
import os
import platform
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", ROOT.parent / "shared"))
CLI = (sys.executable, "-m", "policy_themes")
WIDTHS = {"job": 58, "bound": 26, "seconds": 8, "peak MiB": 8}


def memory(process: psutil.Process) -> int:
    """Return the bytes that a process holds, its part of shared pages included."""
    full = process.memory_full_info()
    return int(getattr(full, "pss", full.rss))


def measure(command: Sequence[str], cache: Path, said: Path | None = None) -> tuple[float, float]:
    """Return wall seconds and peak MiB of a command and its children together; what it prints goes into a file, if asked."""
    environment = dict(os.environ, POLICY_THEMES_CACHE=str(cache))
    start = time.perf_counter()
    with (
        Path(said or os.devnull).open("wb") as printed,
        subprocess.Popen(command, env=environment, stdout=printed, stderr=subprocess.PIPE) as process,
    ):
        peak, watched = 0, psutil.Process(process.pid)
        while process.poll() is None:
            looked = time.perf_counter()
            try:
                family = [watched, *watched.children(recursive=True)]
                peak = max(peak, sum(map(memory, family)))
            except psutil.Error:
                pass
            # Counting shared pages is dear; looking may take a tenth of a core at most, or it is measured as well.
            time.sleep(max(0.05, 9 * (time.perf_counter() - looked)))
        seconds = time.perf_counter() - start
        error = process.stderr.read().decode() if process.stderr else ""
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)} ended in {process.returncode}: {error}")
    return seconds, peak / 2**20


def machine() -> Mapping[str, object]:
    """Return what a row of numbers means nothing without."""
    return {
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "python": platform.python_version(),
    }


class Table:
    """
    Prints rows as they come, and keeps them.

    Parameters
    ----------
    only : sequence of str
        Rows whose job holds none of these are not measured; empty: all are.
    """

    def __init__(self, only: Sequence[str] = ()) -> None:
        self.only = only
        self._rows: list[Mapping[str, object]] = []
        print(", ".join(f"{name} {value}" for name, value in machine().items()) + "\n")
        print("| " + " | ".join(f"{name:<{width}}" for name, width in WIDTHS.items()) + " |")
        print(
            "|"
            + "|".join("-" * (width + 1) + ":" if width == 8 else "-" * (width + 2) for width in WIDTHS.values())
            + "|",
            flush=True,
        )

    def wants(self, job: str) -> bool:
        """Tell whether a job is to be measured."""
        return not self.only or any(name in job for name in self.only)

    def row(self, job: str, bound: str, seconds: float | None, peak: float | None = None) -> None:
        """Print a row."""
        self._rows.append({"job": job, "bound": bound, "seconds": seconds, "peak_mib": peak})
        shown = ["" if seconds is None else f"{seconds:.2f}", "" if peak is None else f"{peak:.0f}"]
        print(f"| {job:<58} | {bound:<26} | {shown[0]:>8} | {shown[1]:>8} |", flush=True)

    def write(self, path: Path) -> None:
        """Write all rows, each with the machine that it was measured on."""
        with path.open("w", newline="", encoding="utf-8") as stream:
            known = machine()
            writer = csv.DictWriter(stream, ["job", "bound", "seconds", "peak_mib", *known])
            writer.writeheader()
            writer.writerows({**row, **known} for row in self._rows)
