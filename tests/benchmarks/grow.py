"""How reading, cutting into words and counting grow with a folder: `bench.py` calls this for generated folders.

As a program it measures one folder, in this process, and prints the seconds of each stage; what is loaded once
(libraries, dictionaries, the lexicon) is loaded before.
"""

import json
import random
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from timing import measure


def generate(folder: Path, count: int, lines: int = 5) -> None:
    """Write so many Chinese pages of lines of about 112 characters, no two alike, a thousand to a folder."""
    chance = random.Random(7)
    regions = ("浙江省", "陕西省", "山西省", "江苏省", "四川省", "广东省", "青海省", "吉林省")
    words = [chr(chance.randrange(0x4E00, 0x9000)) + chr(chance.randrange(0x4E00, 0x9000)) for _ in range(3000)]
    for number in range(count):
        inner = folder / f"{number // 1000:03d}"
        inner.mkdir(parents=True, exist_ok=True)
        body = "\n".join("".join(chance.choices(words, k=50)) + "，推进现代化，坚持枫桥经验。" for _ in range(lines))
        date = f"{2010 + number % 14}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        (inner / f"{number}.txt").write_text(f"{regions[number % 8]}召开第{number}次会议\n{date}\n{body}\n", "utf-8")


def measured(folder: Path, cache: Path) -> tuple[dict[str, float], float]:
    """Return the seconds of each stage, and the peak MiB of all of them."""
    said = cache.with_suffix(".json")
    _, peak = measure((sys.executable, __file__, str(folder)), cache, said)
    return json.loads(said.read_text("utf-8")), peak


def stages(folder: Path) -> dict[str, float]:
    """Return the seconds that reading, cutting and counting take."""
    from policy_themes.study import open_study

    taken: dict[str, float] = {}
    study = open_study(folder, fresh=True)
    for stage, work in (
        ("ingest", lambda: study.corpus),
        ("segment", lambda: study.tokens),
        ("count themes and rates of", lambda: (study.hits, study.rates(by=["year", "region_code"], interval="none"))),
    ):
        start = time.perf_counter()
        work()
        taken[stage] = time.perf_counter() - start
    return taken


def main() -> None:
    """Measure one folder."""
    with TemporaryDirectory() as name:
        generate(Path(name), 10)
        stages(Path(name))
    print(json.dumps(stages(Path(sys.argv[1]))))


if __name__ == "__main__":
    main()
