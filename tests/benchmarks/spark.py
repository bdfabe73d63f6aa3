"""`python3 run.py bench --spark`: 100,000 generated documents read and counted on Spark and on one machine, each once.

The documents are rows of jsonl, a thousand a file. Spark is `local[2]`, with its start in its time; memory is that of all
processes of a job, Java's included. One machine looks for reprints as well, Spark only for copies word for word, and the
documents hold neither. `--documents=N` takes another number, `--long` documents of 10 kB in place of 2. `--costs` measures
the work of one worker on one part instead, without Spark: CPU seconds and bytes, from which DESIGN.md reckons.
"""

import hashlib
import json
import os
import platform
import random
import resource
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from timing import CLI, measure

from policy_themes.config import Settings
from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.fingerprint import list_documents
from policy_themes.corpus.stored import TABLES
from policy_themes.scale.copies import finish_part
from policy_themes.scale.look import look
from policy_themes.scale.plan import listed, plan, task_of
from policy_themes.scale.rates import count_part
from policy_themes.scale.read import read_piece
from policy_themes.scale.setup import Setup
from policy_themes.scale.words import words_of_part

BOUND, A_FILE = 1.5, 1_000
REGIONS = ("浙江省", "陕西省", "山西省", "江苏省", "四川省", "广东省", "青海省", "吉林省")
SAID = "，推进现代化，坚持枫桥经验。"


def rows(count: int, paragraphs: int) -> Iterator[Mapping[str, str]]:
    """Yield so many documents, no two alike."""
    chance = random.Random(7)
    words = [chr(chance.randrange(0x4E00, 0x9000)) + chr(chance.randrange(0x4E00, 0x9000)) for _ in range(3000)]
    for number in range(count):
        body = "\n".join("".join(chance.choices(words, k=50)) + SAID for _ in range(paragraphs))
        yield {
            "title": f"{REGIONS[number % 8]}召开第{number}次会议",
            "date": f"{2010 + number % 14}-{1 + number % 12:02d}-{1 + number % 28:02d}",
            "text": body,
        }


def generate(folder: Path, count: int, paragraphs: int) -> int:
    """Write them; return how many bytes that is."""
    folder.mkdir()
    lines: list[str] = []
    for number, row in enumerate(rows(count, paragraphs), start=1):
        lines.append(json.dumps(row, ensure_ascii=False))
        if number % A_FILE == 0 or number == count:
            (folder / f"{number:08}.jsonl").write_text("\n".join(lines), "utf-8")
            lines.clear()
    return sum(path.stat().st_size for path in folder.iterdir())


def costs(folder: Path, place: Path) -> None:
    """Print what each step costs on the documents of a folder, one process."""
    setup = Setup.of_study(Settings()).text
    files, entries = listed(list_documents(folder))
    pieces = plan(files, [look(task_of(file)) for file in files], entries, Columns(), sum(file.size for file in files))
    tasks, absolute = [str(piece.part) for piece in pieces], str(place)
    steps = {
        "look": lambda: [look(task_of(file)) for file in files],
        "read": lambda: [read_piece(setup, absolute, task_of(piece)) for piece in pieces],
        "mark copies": lambda: [finish_part(absolute, task) for task in tasks],
        "count themes": lambda: [count_part(setup, absolute, ("year", "region_code"), False, task) for task in tasks],
        "cut into words": lambda: [words_of_part(setup, absolute, str(place / "words"), task) for task in tasks],
    }
    size = sum(file.size for file in files)
    print(f"| {'step':<16} | {'CPU s a GB':>10} | {'peak MiB':>8} |\n| {'-' * 16} | {'-' * 9}: | {'-' * 7}: |")
    for step, work in steps.items():
        start = time.process_time()
        work()
        seconds, peak = time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"| {step:<16} | {seconds * 1e9 / size:>10.0f} | {peak:>8.0f} |", flush=True)
    for name in (*TABLES, "words"):
        own = sum(path.stat().st_size for path in (place / name).iterdir())
        print(f"{name:<16} {own / size:>8.2f} bytes a byte of rows")


def asked(name: str, default: int) -> int:
    """Return the number that an option gives."""
    return next((int(own.removeprefix(name)) for own in sys.argv if own.startswith(name)), default)


def main() -> None:
    """Measure and print."""
    if not (find_spec("pyspark") and shutil.which("java")):
        raise SystemExit("pyspark or Java is not installed here: pip install 'pyspark==4.3.0', and Java 17")
    count, paragraphs = asked("--documents=", 100_000), 26 if "--long" in sys.argv else 5
    with TemporaryDirectory() as name:
        place = Path(name)
        size = generate(place / "rows", count, paragraphs)
        if "--costs" in sys.argv:
            costs(place / "rows", place / "parts")
            return
        print(f"{platform.platform()}, {os.cpu_count()} cores; {count:,} documents, {size / 2**20:,.0f} MiB\n")
        print(f"| {'job':<28} | {'seconds':>8} | {'peak MiB':>8} |\n| {'-' * 28} | {'-' * 7}: | {'-' * 7}: |")
        taken: dict[str, float] = {}
        for engine, more in (("one machine", ()), ("spark local[2]", ("--engine", "spark", "--master", "local[2]"))):
            out, cache = place / engine, place / f"cache {engine}"
            jobs = {
                "ingest": ("ingest", place / "rows", "--out", out),
                "rates": ("rates", out, "--by", "year,region", "--out", place / f"{engine}.csv"),
            }
            for job, arguments in jobs.items():
                seconds, memory = measure((*CLI, *map(str, arguments), *more), cache)
                taken[engine] = taken.get(engine, 0.0) + seconds
                print(f"| {f'{engine}, {job}':<28} | {seconds:>8.1f} | {memory:>8.0f} |", flush=True)
        ratio = taken["spark local[2]"] / taken["one machine"]
        print(f"\nSpark takes {ratio:.2f} times as long (bound {BOUND} at 100,000 documents)")
        tables = {hashlib.sha256((place / f"{engine}.csv").read_bytes()).hexdigest() for engine in taken}
        print(f"rates are {'the same to the byte' if len(tables) == 1 else 'DIFFERENT'}")


if __name__ == "__main__":
    main()
