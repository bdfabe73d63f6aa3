"""`python3 run.py bench`: how long the main jobs take and how much memory, in one table.

Each job is a process of its own, timed from outside with all its children, with a fresh cache unless its name says
otherwise; the first ones are medians of three runs, those on the work reports and on generated folders are run once.
Rows that need the shared corpora are left out, with a word, where these are absent.
"""

import argparse
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import again
import grow
from timing import CLI, ROOT, SHARED, Table, measure

RUNS = 3
PARTS = {
    "words": "segmentation and counting beside jieba",
    "compare": "rates, trends and contrasts",
    "topics": "the topic engines beside each other",
    "figures": "figures and the report",
    "explore": "the explorer",
    "spark": "a cluster's engine beside this machine",
    "mutate": "how many small changes of the code the tests notice",
    "again": "a report made again and again, and the jobs of a stock script",
}
SIZES = (100, 1_000, 10_000, 100_000)


def asked() -> argparse.Namespace:
    """Return what the command line asks for; a part of its own is given the rest."""
    parser = argparse.ArgumentParser(prog="run.py bench", description=__doc__.split("\n\n", 1)[1])
    for name, what in PARTS.items():
        parser.add_argument(f"--{name}", action="store_true", help=f"{what}, and nothing else")
    parser.add_argument(
        "--all", action="store_true", help="and reports on the demonstration corpus and every 13th work report"
    )
    parser.add_argument(
        "--large", action="store_true", help="generated folders of up to 100,000 documents, and of 1 GB of text"
    )
    parser.add_argument("--million", action="store_true", help="a generated folder of 1,000,000 documents, for hours")
    parser.add_argument(
        "--only", action="append", default=[], metavar="WORDS", help="the jobs of that name; may be repeated"
    )
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write the rows there too, each with the machine")
    known, rest = parser.parse_known_args()
    if rest and not any(getattr(known, name) for name in PARTS):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return known


def main() -> None:
    """Measure and print."""
    wanted = asked()
    for name in PARTS:
        if name != "again" and getattr(wanted, name):
            script = Path(__file__).with_name(f"{name}.py")
            raise SystemExit(subprocess.call((sys.executable, str(script), *sys.argv[1:])))
    table = Table(wanted.only)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        if not wanted.again:
            _small(table, place, more=wanted.all)
        if (SHARED / "corpora" / "prov_gwr").is_dir():
            again.rows(table, place)
        else:
            print(f"(no corpora in {SHARED}: the rows for work reports are left out)")
        if not wanted.again:
            _growth(table, place, SIZES if wanted.large else SIZES[:-1])
            if wanted.large:
                _flat(table, place, 100_000, lines=30)
            if wanted.million:
                _flat(table, place, 1_000_000, lines=5)
    if wanted.csv:
        table.write(wanted.csv)


def _small(table: Table, place: Path, *, more: bool) -> None:
    """Measure what takes seconds, three times."""
    seeds = str(ROOT / "seeds")

    def report(folder: str) -> Callable[[Path], Sequence[str]]:
        return lambda out: (*CLI, "report", folder, "--out", str(out))

    jobs: list[tuple[str, str, Callable[[Path], Sequence[str]]]] = [
        ("--help", "0.5 s", lambda _: (*CLI, "--help")),
        ("import policy_themes", "nothing heavy", lambda _: (sys.executable, "-c", "import policy_themes")),
        ("report seeds, cold", "20 s", report(seeds)),
        ("report seeds with notebooks", "90 s, 1024 MiB", lambda out: (*report(seeds)(out), "--notebooks")),
    ]
    if more:
        demo, some = place / "demo", place / "reports"
        subprocess.run((*CLI, "demo", str(demo)), check=True, stdout=subprocess.DEVNULL)
        jobs.append(("report demo (190 documents)", "", report(str(demo))))
        every = sorted((SHARED / "corpora" / "prov_gwr").rglob("*.txt"))[::13]
        some.mkdir()
        for path in every:
            shutil.copy(path, some / path.name)
        if every:
            jobs.append((f"report {len(every)} work reports", "", report(str(some))))
    for job, bound, command in jobs:
        if not table.wants(job):
            continue
        results = []
        for run in range(RUNS):
            inner = place / f"small-{run}"
            results.append(measure(command(inner / "out"), inner / "cache"))
            shutil.rmtree(inner, ignore_errors=True)
        table.row(job, bound, *(statistics.median(values) for values in zip(*results, strict=True)))
    unchanged = "report seeds, again (nothing changed)"
    if table.wants(unchanged):
        command, cache = report(seeds)(place / "kept"), place / "kept-cache"
        measure(command, cache)
        results = [measure(command, cache) for _ in range(RUNS)]
        table.row(unchanged, "", *(statistics.median(values) for values in zip(*results, strict=True)))


def _growth(table: Table, place: Path, sizes: Sequence[int]) -> None:
    """Measure reading, cutting and counting of generated folders, each ten times the one before, and say how they grow."""
    if not table.wants("generated"):
        return
    found: dict[str, list[tuple[int, float]]] = {}
    for count in sizes:
        folder = place / f"generated-{count}"
        grow.generate(folder, count)
        seconds, peak = grow.measured(folder, place / f"cache-{count}")
        for stage, taken in seconds.items():
            found.setdefault(stage, []).append((count, taken))
            table.row(f"{stage} {count:,} generated", "", taken, peak)
        shutil.rmtree(folder)
    for stage, points in found.items():
        # What a small folder takes is mostly the start of the processes, and would make growth look better than it is.
        power = exponent([point for point in points if point[0] >= 1_000])
        table.row(f"{stage} of generated folders: grows with the power {power:.2f}", "1.05", None)


def _flat(table: Table, place: Path, count: int, *, lines: int) -> None:
    """Measure the commands that take flat memory on a generated folder."""
    if not table.wants("flat"):
        return
    folder, out, cache = place / f"flat-{count}", place / "flat-out", place / "flat-cache"
    grow.generate(folder, count, lines=lines)
    n_bytes = sum(path.stat().st_size for path in folder.rglob("*.txt"))
    for name, rest in (
        ("ingest", (folder, "--out", out)),
        ("rates", (out, "--by", "year,region", "--out", place / "rates.csv")),
        ("vocabulary", (out, "--out", place / "vocabulary.csv")),
    ):
        job = f"{name}, flat: {count:,} documents, {n_bytes / 1e9:.2f} GB"
        table.row(job, "2048 MiB", *measure([*CLI, name, *map(str, rest)], cache))


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """
    Return the power of the number of documents with which time grows, by least squares of the logarithms.

    Examples
    --------
    >>> exponent([(10, 2.0), (100, 20.0), (1000, 200.0)]), exponent([(10, 1.0), (100, 100.0)])
    (1.0, 2.0)
    """
    logs = [(math.log(count), math.log(taken)) for count, taken in points]
    return round(statistics.linear_regression(*zip(*logs, strict=True)).slope, 6)


if __name__ == "__main__":
    main()
