"""Pytest in a process forked from this one: large libraries are imported once, the package anew in every process.

The child works in a copy of the repository, which stands before the installed package on the path, in workers that it
starts too.
"""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

Runs = dict[str, dict[str, list[str]]]


def copy_of(root: Path, place: Path) -> Path:
    """Copy what tests need, without what is made of it."""
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("src", "tests", "seeds", "notebooks"):
        shutil.copytree(root / name, place / name, ignore=ignore)
    for name in ("pyproject.toml", "README.md", "DESIGN.md", "run.py"):
        shutil.copy(root / name, place / name)
    return place


def forked(work: Callable[[], int], limit: float, log: Path) -> int | None:
    """Return with what a function ended in a process of its own, None where it did not in so many seconds."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = 99
        try:
            os.setsid()
            with log.open("wb") as stream:
                os.dup2(stream.fileno(), 1)
                os.dup2(stream.fileno(), 2)
            code = work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    try:
        return waited(child, limit)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # itself, where it is still there, and whatever it started and left


def waited(child: int, limit: float) -> int | None:
    """Return with what a process ended, None where it had to be ended; time in which this one is halted is none."""
    spent, last = 0.0, time.monotonic()
    while spent < limit:
        ended, raw = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(raw)
        time.sleep(0.01)
        now = time.monotonic()
        spent, last = spent + min(now - last, 1.0), now
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def pytest_in(copy: Path, arguments: Sequence[str], plugins: Sequence[object] = ()) -> int:
    """Run tests of the copy, the package imported from there; to be called in a process of its own."""
    os.chdir(copy)
    sys.path[:0] = [str(copy / "src"), str(copy)]
    # Other plugins double the time of a short call, and no test needs them.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    fixed = ("-q", "-p", "pytest_timeout", "-p", "no:cacheprovider", "--basetemp", str(copy.parent / "temp"))
    return int(pytest.main([*fixed, *arguments], plugins=list(plugins)))


class Recorder:
    """A plugin that writes which tests passed, how long each took, and which lines of the package each ran."""

    def __init__(self, copy: Path, modules: Sequence[str], out: Path) -> None:
        from coverage import Coverage  # comes with mutmut

        self.copy, self.modules, self.out = copy, modules, out
        self.coverage = Coverage(data_file=None, config_file=False, include=[str(copy / name) for name in modules])
        self.coverage.start()
        self.seconds: dict[str, float] = defaultdict(float)
        self.bad: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        # What runs in a fixture may be shared: it belongs to all tests of the file.
        self.coverage.switch_context("*" + item.nodeid.partition("::")[0])
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if not report.passed:
            self.bad.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        data, runs = self.coverage.get_data(), {}
        for module in self.modules:
            lines = data.contexts_by_lineno(str(self.copy / module))
            kept = {str(line): sorted(filter(None, contexts)) for line, contexts in lines.items()}
            runs[module] = {line: contexts for line, contexts in kept.items() if contexts}
        passed = {name: seconds for name, seconds in self.seconds.items() if name not in self.bad}
        self.out.write_text(json.dumps({"seconds": passed, "runs": runs}), encoding="utf-8")


def recorded(copy: Path, kept: Path, tests: Sequence[str], modules: Sequence[str]) -> tuple[dict[str, float], Runs]:
    """Return how long each test takes, and which tests run which lines; what is kept of the same files is not run."""
    kept.mkdir(parents=True, exist_ok=True)
    seconds: dict[str, float] = {}
    runs: Runs = {module: defaultdict(list) for module in modules}
    common = digest(
        [*(copy / "src").rglob("*.*"), *(p for p in (copy / "tests").glob("*.py") if p.stem[:5] != "test_")]
    )
    for name in tests:
        own = [*(p for p in [copy / name] if p.is_file())]
        out = kept / f"{Path(name).stem}-{digest(own)[:12]}-{common[:12]}.json"
        if not out.exists():
            arguments = (name, "-m", "not long")
            forked(lambda: pytest_in(copy, arguments, [Recorder(copy, modules, out)]), 600, kept / "log")  # noqa: B023
        if not out.exists():
            print(f"({name} did not come to its end and is left out)")
            continue
        found = json.loads(out.read_text(encoding="utf-8"))
        seconds |= found["seconds"]
        for module, lines in found["runs"].items():
            for line, contexts in lines.items():
                runs[module][line] += contexts
    return seconds, runs


def digest(paths: Sequence[Path]) -> str:
    """Return a hash of the content of files."""
    found = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file() and path.suffix != ".pyc"):
        found.update(path.read_bytes())
    return found.hexdigest()
