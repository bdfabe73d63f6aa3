"""Whatever breaks, the old results or the new ones are there, never half of each; and nothing is left running."""

import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from policy_themes.errors import OutputError
from policy_themes.report.manifest import is_as_written, read_manifest
from policy_themes.store.exchange import READY
from policy_themes.store.files import MARKER, STAGING, OutputFolder

OLD = {"a.csv": b"old a", "tables/b.csv": b"old b", "gone.csv": b"old c", "manifest.json": b"old"}
NEW = {"a.csv": b"new a", "tables/b.csv": b"new b", "d/e.csv": b"new e", "manifest.json": b"new"}
# What a run does to the disk: every call of these may fail, or be the last thing the process does.
TOUCHING = (
    (os, "replace"),
    (os, "link"),
    (os, "fsync"),
    (os, "mkdir"),
    (os, "unlink"),
    (Path, "write_bytes"),
    (Path, "write_text"),
)
RUN = "POLICY_THEMES_TEST_RUN"
KILLS = 20


def made(place: Path) -> Path:
    """Make an output as an earlier run left it."""
    with OutputFolder(place) as out:
        for name, content in OLD.items():
            out.write(name, content)
        out.commit()
    return place


def renew(place: Path) -> None:
    """Run once more, with one file less and one more."""
    with OutputFolder(place) as out:
        for name, content in NEW.items():
            out.write(name, content)
        out.commit(obsolete=("gone.csv",))


def content_of(place: Path) -> Mapping[str, bytes]:
    """Read what a person finds there."""
    files = (path for path in sorted(place.rglob("*")) if path.is_file())
    found = {path.relative_to(place).as_posix(): path.read_bytes() for path in files}
    return {name: content for name, content in found.items() if not name.startswith(MARKER)}


@contextmanager
def breaking(monkeypatch: pytest.MonkeyPatch, at: int, *, lasting: bool) -> Iterator[list[str]]:
    """Let one call that touches the disk fail, or that and all after it."""
    calls: list[str] = []

    def wrapped(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def done(*given: object, **named: object) -> object:
            calls.append(name)
            if len(calls) == at or (lasting and len(calls) > at):
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*given, **named)

        return done

    with monkeypatch.context() as patch:
        for owner, name in TOUCHING:
            patch.setattr(owner, name, wrapped(name, getattr(owner, name)))
        yield calls


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_every_single_write_may_fail(lasting: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """T86."""
    seen = set()
    for at in range(1, 200):
        place = made(tmp_path / str(at))
        with breaking(monkeypatch, at, lasting=lasting) as calls:
            try:
                renew(place)
            except OutputError as error:
                assert error.exit_code == 6
        if len(calls) < at:
            break
        if not any(place.glob(f"{STAGING}*/{READY}")):
            assert content_of(place) in (OLD, NEW), (at, calls[-1])
        with OutputFolder(place):
            pass
        assert content_of(place) in (OLD, NEW), (at, calls[-1])
        assert not list(place.glob(f"{STAGING}*"))
        seen.add(calls[at - 1])
        renew(place)
        assert content_of(place) == NEW
    assert content_of(place) == NEW
    assert {"replace", "link", "fsync", "mkdir", "unlink", "write_bytes", "write_text"} <= seen
    assert at > 15


DYING = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from test_crash import TOUCHING, renew

at, calls = int(sys.argv[2]), 0

def wrapped(real):
    def done(*given, **named):
        global calls
        calls += 1
        if calls == at:
            os._exit(9)
        return real(*given, **named)
    return done

for owner, name in TOUCHING:
    setattr(owner, name, wrapped(getattr(owner, name)))
renew(Path(sys.argv[1]))
"""


@pytest.mark.long
def test_a_process_may_die_at_every_single_write(tmp_path: Path) -> None:
    """T85, at every moment at which the disk changes."""
    results = []
    for at in range(1, 200):
        place = made(tmp_path / str(at))
        arguments = [sys.executable, "-c", DYING, str(place), str(at), str(Path(__file__).parent)]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=60)
        if done.returncode == 0:
            break
        assert done.returncode == 9, done.stderr
        with OutputFolder(place):
            pass
        assert content_of(place) in (OLD, NEW), at
        results.append(content_of(place) == NEW)
    assert True in results and False in results
    assert results == sorted(results)  # from the moment on at which all is ready it goes forward


# The command line


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, toy_files: Mapping[str, str]) -> Path:
    place = tmp_path_factory.mktemp("crash") / "docs"
    for name, content in toy_files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(content, encoding="utf-8")
    (place / "study.yml").write_text("sections: [corpus, years, evidence, methods]\n", encoding="utf-8")
    return place


def start(
    folder: Path, out: Path, *options: str, command: str = "report", **environment: str
) -> "subprocess.Popen[bytes]":
    """Start a report, or an ingest, whose processes can be told by their environment."""
    return subprocess.Popen(
        [sys.executable, "-m", "policy_themes", command, folder, "--out", out, *options],
        env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def family(name: str) -> list[psutil.Process]:
    """Return the processes of one run."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(RUN) == name and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found


def left_after(name: str, seconds: float = 15.0) -> list[str]:
    """Return what of a run is still there after so many seconds: what still loads its libraries ends when it has them."""
    until = time.monotonic() + seconds
    while (alive := family(name)) and time.monotonic() < until:
        time.sleep(0.1)
    return [" ".join(process.cmdline()) for process in alive]


@pytest.mark.long
def test_twenty_killed_runs_leave_old_or_new_and_nothing_running(folder: Path, tmp_path: Path) -> None:
    """T85: by turns a report and an ingest into one output."""
    took = {}
    for command in ("ingest", "report"):
        whole = tmp_path / command / "out"
        began = time.monotonic()
        with start(folder, whole, command=command, POLICY_THEMES_CACHE="") as run:
            assert run.wait(timeout=240) == 0
        took[command] = time.monotonic() - began
    expected, chance = content_of(whole), random.Random(7)
    out, cache = tmp_path / "out", tmp_path / "cache"
    for number in range(KILLS):
        name, command = f"{os.getpid()} kill {number}", ("report", "ingest")[number % 2]
        with start(folder, out, "--fresh", command=command, POLICY_THEMES_CACHE=str(cache), **{RUN: name}) as run:
            time.sleep(chance.uniform(0.2, took[command]))
            run.send_signal(signal.SIGKILL)
            run.wait(timeout=30)
        assert not left_after(name), name
        assert not (out / "manifest.json").exists() or is_as_written(out, read_manifest(out)), name
    with start(folder, out, POLICY_THEMES_CACHE=str(cache)) as run:
        assert run.wait(timeout=240) == 0
    assert content_of(out) == expected


@pytest.mark.long
def test_a_killed_run_leaves_no_kernel(folder: Path, tmp_path: Path) -> None:
    """T85: notebooks are executed by processes of their own."""
    name = f"{os.getpid()} kernels"
    with start(folder, tmp_path / "out", "--notebooks", **{RUN: name}) as run:
        until = time.monotonic() + 120
        while not any("ipykernel" in " ".join(process.cmdline()) for process in family(name)):
            assert run.poll() is None and time.monotonic() < until
            time.sleep(0.2)
        run.send_signal(signal.SIGKILL)
        run.wait(timeout=30)
    assert not left_after(name)


def small_files() -> None:
    """Let no file grow beyond 16 kB: what a full disk does, on any machine."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))


@pytest.mark.parametrize("call", [("ingest", "--out", "out"), ("kwic", "--theme", "modernization", "--out", "k.csv")])
def test_a_full_disk_ends_in_6_and_leaves_the_old_results(
    call: tuple[str, ...], toy_files: Mapping[str, str], tmp_path: Path
) -> None:
    """T87."""
    docs = tmp_path / "docs"
    for number in range(6):
        for name, content in toy_files.items():
            path = docs / str(number) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{content}\n第{number}份", encoding="utf-8")
    (docs / "study.yml").write_text("copies: all\n", encoding="utf-8")
    verb, *options = call
    command = [sys.executable, "-m", "policy_themes", verb, "docs", *options]
    environment = {**os.environ, "POLICY_THEMES_CACHE": str(tmp_path / "cache")}
    first = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert first.returncode == 0, first.stderr
    results = tmp_path / options[-1]
    before = results.read_bytes() if results.is_file() else content_of(results)
    (docs / "0" / "new.txt").write_text("推进现代化。" * 3_000, encoding="utf-8")
    second = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, preexec_fn=small_files
    )
    assert second.returncode == 6, second.stderr
    assert "File too large" in second.stderr and "Traceback" not in second.stderr
    assert (results.read_bytes() if results.is_file() else content_of(results)) == before
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith((STAGING, ".k.csv-", ".new-"))]


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_disk_of_one_megabyte(folder: Path, tmp_path: Path) -> None:
    """T87."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr.decode()}")
    try:
        with start(folder, disk / "out") as run:
            _, said = run.communicate(timeout=240)
        assert run.returncode == 6, said.decode()
        assert b"No space left" in said and b"Traceback" not in said
        assert content_of(disk / "out") == {}
    finally:
        subprocess.run(["umount", disk], check=True)


def tables(out: Path) -> Mapping[str, bytes]:
    """Return the tables of an ingest, without what says when and with what it was made."""
    return {name: content for name, content in content_of(out).items() if name.endswith((".csv", ".parquet"))}


def ingest(docs: Path, out: Path, **environment: str) -> Mapping[str, bytes]:
    """Read a folder."""
    command = [sys.executable, "-m", "policy_themes", "ingest", docs, "--out", out]
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return tables(out)


def test_what_is_changed_or_removed_is_read_anew_and_times_say_nothing(folder: Path, tmp_path: Path) -> None:
    """T94, T95."""
    docs, cache = tmp_path / "docs", {"POLICY_THEMES_CACHE": str(tmp_path / "cache")}
    shutil.copytree(folder, docs)
    first = ingest(docs, tmp_path / "out", **cache)
    names = sorted(path for path in docs.rglob("*.txt"))
    for place, moment in zip(names, [0, 4_102_444_800] * len(names), strict=False):
        os.utime(place, (moment, moment))
    assert ingest(docs, tmp_path / "again", **cache) == first
    assert first == ingest(docs, tmp_path / "elsewhere", POLICY_THEMES_CACHE="")
    names[0].unlink()
    names[1].write_text(f"{names[1].read_text(encoding='utf-8')}\n坚持枫桥经验。", encoding="utf-8")
    os.utime(names[1], (0, 0))
    changed = ingest(docs, tmp_path / "out", **cache)
    assert changed != first
    assert changed == ingest(docs, tmp_path / "fresh", POLICY_THEMES_CACHE="")


@pytest.mark.long
def test_neither_hashes_nor_order_nor_threads_change_a_byte(folder: Path, tmp_path: Path) -> None:
    """T96."""
    found = []
    for seed, backwards in (("0", False), ("1", True)):
        place = tmp_path / seed
        for path in sorted((path for path in folder.rglob("*") if path.is_file()), reverse=backwards):
            target = place / "docs" / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        environment = {"PYTHONHASHSEED": seed, "OMP_NUM_THREADS": str(1 + int(seed)), "POLICY_THEMES_CACHE": ""}
        with start(place / "docs", place / "out", **environment) as run:
            _, said = run.communicate(timeout=240)
        assert run.returncode == 0, said.decode()
        found.append(content_of(place / "out"))
    assert found[0] == found[1]


def test_no_home_no_temporary_folder_no_language(folder: Path, tmp_path: Path) -> None:
    """T90."""
    bare = {"HOME": "/nonexistent", "TMPDIR": "/nonexistent", "LANG": "C", "LC_ALL": "C", "POLICY_THEMES_CACHE": ""}
    assert ingest(folder, tmp_path / "bare", **bare) == ingest(folder, tmp_path / "usual", POLICY_THEMES_CACHE="")
