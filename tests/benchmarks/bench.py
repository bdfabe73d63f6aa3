"""`python3 run.py bench`: how long the main jobs take and how much memory, medians of three runs.

Each job is a process of its own, timed from outside with all its children, with a fresh cache unless said otherwise.
Memory is summed over the processes of a job; pages that they share count once (Linux; elsewhere they count each time).
`--words` measures segmentation and counting beside jieba (`words.py`), `--compare` rates, trends and contrasts
(`compare.py`), `--topics` the topic engines beside each other (`topics.py`), `--figures` figures and the report (`figures.py`), `--explore` the explorer (`explore.py`), `--again` a whole report made again and again (`again.py`), `--spark` a cluster's engine beside this machine (`spark.py`), `--mutate` how many small changes of the code the tests notice (`mutate.py`), and nothing else; `--only=WORDS` measures the jobs of that name; `--all` adds larger folders, `--large` generated ones of up to 100,000 documents (measured once); rows that need the shared corpora are left out, with a word, where these are absent.
"""

import os
import platform
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", ROOT.parent / "shared"))
RUNS = 3
CLI = (sys.executable, "-m", "policy_themes")


def memory(process: psutil.Process) -> int:
    """Return the bytes that a process holds, its part of shared pages included."""
    full = process.memory_full_info()
    return int(getattr(full, "pss", full.rss))


def measure(command: Sequence[str], cache: Path) -> tuple[float, float]:
    """Return wall seconds and peak MiB of a command and its children together."""
    environment = dict(os.environ, POLICY_THEMES_CACHE=str(cache))
    start = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        peak, watched = 0, psutil.Process(process.pid)
        while process.poll() is None:
            try:
                family = [watched, *watched.children(recursive=True)]
                peak = max(peak, sum(map(memory, family)))
            except psutil.Error:
                pass
            time.sleep(0.05)
        error = process.stderr.read().decode() if process.stderr else ""
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(command)} ended in {process.returncode}: {error}")
    return time.perf_counter() - start, peak / 2**20


def jobs(place: Path) -> list[tuple[str, str, Callable[[Path], Sequence[str]], bool]]:
    """Return name, bound, command by output folder, and whether the cache starts empty."""
    seeds = str(ROOT / "seeds")
    found = [
        ("--help", "<= 0.5 s", lambda out: (*CLI, "--help"), False),
        ("import policy_themes", "nothing heavy", lambda out: (sys.executable, "-c", "import policy_themes"), False),
        ("report seeds, cold", "<= 20 s", lambda out: (*CLI, "report", seeds, "--out", str(out)), True),
        ("report seeds, again", "", lambda out: (*CLI, "report", seeds, "--out", str(out)), False),
        (
            "report seeds with notebooks",
            "<= 90 s, <= 1024 MiB",
            lambda out: (*CLI, "report", seeds, "--notebooks", "--out", str(out)),
            True,
        ),
    ]
    if "--all" not in sys.argv:
        return found
    demo = place / "demo"
    subprocess.run((*CLI, "demo", str(demo)), check=True, stdout=subprocess.DEVNULL)
    found.append(("report demo (190 documents)", "", lambda out: (*CLI, "report", str(demo), "--out", str(out)), True))
    reports = SHARED / "corpora" / "prov_gwr"
    if reports.is_dir():
        some = place / "reports"
        some.mkdir()
        for path in sorted(reports.rglob("*.txt"))[::13]:
            shutil.copy(path, some / path.name)
        n = len(list(some.iterdir()))
        found += [
            (f"report {n} work reports", "", lambda out: (*CLI, "report", str(some), "--out", str(out)), True),
            (
                "ingest 395 work reports",
                "<= 12 s, <= 600 MiB",
                lambda out: (*CLI, "ingest", str(reports), "--out", str(out)),
                True,
            ),
            (
                "ingest 395, another place",
                "",
                lambda out: (*CLI, "ingest", str(reports), "--out", str(out)),
                False,
            ),
            (
                "ingest 395, nothing changed",
                "<= 10 % of the first",
                lambda _: (*CLI, "ingest", str(reports), "--out", str(place / "kept")),
                False,
            ),
        ]
    else:
        print(f"(no corpora in {SHARED}: the rows for work reports are left out)")
    return found


def large(place: Path) -> list[tuple[str, str, Callable[[Path], Sequence[str]], bool]]:
    """Return ingests of generated folders, each ten times the one before."""
    found: list[tuple[str, str, Callable[[Path], Sequence[str]], bool]] = []
    for count in (1_000, 10_000, 100_000):
        folder = place / f"generated-{count}"
        generate(folder, count)
        name = f"ingest {count:,} generated"
        found.append((name, "grows linearly", lambda out, f=folder: (*CLI, "ingest", str(f), "--out", str(out)), True))
    return found


def generate(folder: Path, count: int) -> None:
    """Write so many short Chinese pages, no two alike, a thousand to a folder."""
    chance = random.Random(7)
    regions = ("浙江省", "陕西省", "山西省", "江苏省", "四川省", "广东省", "青海省", "吉林省")
    words = [chr(chance.randrange(0x4E00, 0x9000)) + chr(chance.randrange(0x4E00, 0x9000)) for _ in range(3000)]
    for number in range(count):
        inner = folder / f"{number // 1000:03d}"
        inner.mkdir(parents=True, exist_ok=True)
        body = "\n".join("".join(chance.choices(words, k=50)) + "，推进现代化，坚持枫桥经验。" for _ in range(5))
        date = f"{2010 + number % 14}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        (inner / f"{number}.txt").write_text(f"{regions[number % 8]}召开第{number}次会议\n{date}\n{body}\n", "utf-8")


def main() -> None:
    """Measure and print."""
    for name in ("words", "compare", "topics", "figures", "explore", "spark", "again", "mutate"):
        if f"--{name}" in sys.argv:
            raise SystemExit(
                subprocess.call((sys.executable, str(Path(__file__).with_name(f"{name}.py")), *sys.argv[1:]))
            )
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}; medians of {RUNS} runs\n"
    )
    print(f"| {'job':<30} | {'bound':<20} | {'seconds':>8} | {'peak MiB':>8} |")
    only = [name.removeprefix("--only=") for name in sys.argv if name.startswith("--only=")]
    print(f"| {'-' * 30} | {'-' * 20} | {'-' * 7}: | {'-' * 7}: |")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for number, (job, bound, command, cold) in enumerate(
            [*jobs(place), *(large(place) if "--large" in sys.argv else [])]
        ):
            if only and not any(name in job for name in only):
                continue
            results = []
            for run in range(1 if "generated" in job else RUNS):
                cache = place / (f"cache-{number}-{run}" if cold else "cache")
                out = place / f"out-{number}-{run}"
                results.append(measure(command(out), cache))
                shutil.rmtree(out, ignore_errors=True)
            seconds, memory = (statistics.median(values) for values in zip(*results, strict=True))
            print(f"| {job:<30} | {bound:<20} | {seconds:>8.2f} | {memory:>8.0f} |", flush=True)


if __name__ == "__main__":
    main()
