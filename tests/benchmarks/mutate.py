"""`python3 run.py bench --mutate [--sample=N] [--seed=N] [--only=PATTERN]`: do the tests notice a change of the code?

A seeded sample of mutants of `compare` and `tokenize` (`mutants.py`), each in a copy, against the fast tests that ran
the changed statement, the quickest first, until one fails; what survives them meets all fast tests that ran anything of
its file. A mutant that takes several times as long counts as killed. What is known of survivors stands in
`survivors.csv`, by its change. `--kept=FOLDER` keeps the record of which test runs what.
"""

import contextlib
import csv
import importlib
import os
import re
import signal
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench import ROOT, SHARED
from forked import Runs, copy_of, forked, pytest_in, recorded
from mutants import Mutant, sample, stretch

PACKAGES, PLACE = ("compare", "tokenize"), Path("src", "policy_themes")
FAST, AT_MOST = 10.0, 20.0  # seconds of one test, and of all tests that a mutant meets at once
# Not asked: what runs in processes of its own, and what only calls the packages on its way to something else.
ELSEWHERE = re.compile("test_(agreement|cli|corpus|explore_browser|figures|house|scale|seeds|vectorize)")
HEAVY = ("numpy", "pandas", "pyarrow.parquet", "scipy.stats", "scipy.optimize", "sklearn.decomposition", "pydantic")
LEFT = ("survived", "not run")
CONTROLS = 2  # files that are tried unchanged before
SURVIVORS = Path(__file__).with_name("survivors.csv")


def option(name: str, default: str) -> str:
    """Return what the command line says of an option."""
    return next((one.partition("=")[2] for one in sys.argv if one.startswith(f"--{name}=")), default)


def test_files(copy: Path) -> list[str]:
    """Return the files of tests that name one of the packages, and the packages themselves for their doctests."""
    named = re.compile(rf"policy_themes\.({'|'.join(PACKAGES)})\b|from policy_themes import .*({'|'.join(PACKAGES)})")
    files = [
        f"tests/{path.name}"
        for path in sorted((copy / "tests").glob("test_*.py"))
        if not ELSEWHERE.match(path.name) and named.search(path.read_text(encoding="utf-8"))
    ]
    return [*((PLACE / package).as_posix() for package in PACKAGES), *files]


def chosen(mutant: Mutant, source: str, seconds: Mapping[str, float], runs: Runs) -> tuple[list[str], list[str]]:
    """Return the tests that ran the changed statement, and all that ran any line of the file, the quickest first."""
    lines, imported = stretch(source, mutant.line)
    of_file = Counter(name for names in runs[mutant.module].values() for name in names)
    if not of_file:  # it runs in processes of its own: whatever ran its neighbours
        folder = mutant.module.rpartition("/")[0]
        of_file = Counter(
            name for module in runs if module.startswith(folder) for names in runs[module].values() for name in names
        )
    if imported:  # and those that ran nothing, but look at what was imported
        of_file += Counter(set(seconds) - {name for own in runs.values() for names in own.values() for name in names})
    near = of_file if imported else {name for line in lines for name in runs[mutant.module].get(str(line), ())}
    return tuple(quickest(names, seconds) for names in (near, of_file))  # type: ignore[return-value]


def quickest(names: Sequence[str], seconds: Mapping[str, float]) -> list[str]:
    """Return fast tests by time, `*file` standing for all of a file, until they take too long together."""
    whole = {name[1:] for name in names if name.startswith("*")}
    found = {name for name in seconds if name in names or name.partition("::")[0] in whole}
    result, total = [], 0.0
    for name in sorted((one for one in found if seconds[one] <= FAST), key=lambda one: (round(seconds[one], 1), one)):
        total += seconds[name]
        if total > AT_MOST:
            break
        result.append(name)
    return result


def fate(mutant: Mutant, copy: Path, seconds: Mapping[str, float], runs: Runs) -> str:
    """Return what becomes of a mutant: killed, timeout, survived, or not run by any test."""
    path = copy / mutant.module
    source = path.read_text(encoding="utf-8")
    near, wide = chosen(mutant, source, seconds, runs)
    path.write_text(mutant.code, encoding="utf-8")
    for cached in path.parent.glob(f"__pycache__/{path.stem}.*"):
        cached.unlink()  # it is known by size and second only
    try:
        for tests in (near, [name for name in wide if name not in near]):
            limit = 20 + 5 * sum(seconds[name] for name in tests)
            if tests:
                ended = forked(lambda: pytest_in(copy, ["-x", *tests]), limit, copy.parent / "log")  # noqa: B023
                if ended != 0:
                    return "timeout" if ended is None else "killed"
    finally:
        path.write_text(source, encoding="utf-8")
    return "survived" if near else "not run"


def known() -> dict[tuple[str, str, str], str]:
    """Return the kind of each survivor that was looked at."""
    with SURVIVORS.open(encoding="utf-8", newline="") as stream:
        return {(row["module"], row["before"], row["after"]): row["kind"] for row in csv.DictReader(stream)}


def main() -> None:
    """Make mutants, run tests against each, print."""
    from scipy.stats import binomtest

    size, seed, only = int(option("sample", "240")), int(option("seed", "1")), option("only", "")
    for name in HEAVY:
        importlib.import_module(name)
    paths = [path for package in PACKAGES for path in sorted((ROOT / PLACE / package).rglob("*.py"))]
    wanted = [path for path in paths if re.search(only, path.as_posix())]
    total, picked = sample(ROOT, [path for path in wanted if path.read_bytes().count(b"\n") > 1], size, seed)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started ends too
    os.environ["POLICY_THEMES_SHARED"] = str(SHARED)
    kinds, counts, left = known(), defaultdict(Counter), Counter()
    with tempfile.TemporaryDirectory() as name:
        copy = copy_of(ROOT, Path(name) / "copy")
        modules = [path.relative_to(ROOT).as_posix() for path in paths]
        kept = Path(option("kept", str(Path(name) / "kept"))).resolve()
        seconds, runs = recorded(copy, kept, test_files(copy), modules)
        os.environ["PYTHONDONTWRITEBYTECODE"], sys.dont_write_bytecode = "1", True
        print(f"{total} mutants, {len(picked)} of them by seed {seed}; {len(seconds)} tests\n", flush=True)
        for mutant in picked[:: -(-len(picked) // CONTROLS)]:
            same = replace(mutant, code=(ROOT / mutant.module).read_text(encoding="utf-8"))
            if (ended := fate(same, copy, seconds, runs)) in ("killed", "timeout"):
                raise SystemExit(f"{mutant.module} unchanged is {ended}: the tests fail without a mutant")
        with contextlib.suppress(KeyboardInterrupt):  # what was seen until then is a sample too
            for mutant in picked:
                ended = fate(mutant, copy, seconds, runs)
                counts[mutant.module][ended] += 1
                kind = kinds.get(mutant.key, "unexplained") if ended in LEFT else ""
                left.update([kind] if kind else [])
                if ended != "killed":
                    print(
                        f"{ended} {kind}: {mutant.module}:{mutant.line}\n- {mutant.before}\n+ {mutant.after}",
                        flush=True,
                    )
    table(counts)
    n = sum(sum(own.values()) for own in counts.values())
    interval = binomtest(left.total(), n).proportion_ci(method="wilson")
    print(
        f"\n{left.total()} of {n} survive: {left.total() / n:.1%} ({interval.low:.1%} to {interval.high:.1%}, Wilson)"
    )
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(left.items())))


def table(counts: Mapping[str, Counter[str]]) -> None:
    """Print what became of the mutants of each file, and of all."""
    ends = ("killed", "timeout", "survived", "not run")
    print(f"\n| {'file':<60} | {' | '.join(f'{end:>8}' for end in ends)} |")
    print(f"| {'-' * 60} | {' | '.join('-' * 7 + ':' for _ in ends)} |")
    for module, own in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        print(f"| {module.removeprefix('src/policy_themes/'):<60} | {' | '.join(f'{own[end]:>8}' for end in ends)} |")


if __name__ == "__main__":
    main()
