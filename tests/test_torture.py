"""The torture list, from outside: `policy-themes ingest` on awkward folders, and what the tables say of each file.

Cases of one family share one call. Every call is watched: nothing outside the
folder is opened, nothing inside is changed, no connection is made, no process
stays behind. `pytest -s` prints what became of each case.
"""

import ctypes
import json
import os
import resource
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
import pytest

from tests.torture_cases import (
    ANY,
    CANARY,
    CASES,
    GOOD,
    Allowed,
    Case,
    Pair,
    Result,
    Run,
    put,
    quarantined,
    sha256,
    squash,
)
from tests.torture_files import article

pytestmark = pytest.mark.skipif(os.name == "nt", reason="pipes, links and permissions of POSIX")

AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
MARK = "POLICY_THEMES_TORTURE"
IN_ACCESS, IN_OPEN, IN_CLOSE, IN_ISDIR = 0x1, 0x20, 0x10, 0x40000000
# Where one of these is the reason, the bytes need not have been read.
UNREAD = {"unreadable", "too_large", "changed_during_read", "symlink", "not_regular", "ignored", "page_files",
          "unsupported_format"}  # fmt: skip
CODES = {
    "empty_file", "empty_text", "unreadable", "changed_during_read", "too_large", "symlink", "not_regular", "ignored",
    "page_files", "type_mismatch", "unsupported_format", "encrypted", "no_text_layer", "garbled_text", "zip_ratio",
    "zip_entries", "zip_size", "corrupt_zip", "corrupt", "xml_entity", "limit_time", "limit_memory", "crash", "exit",
    "extraction_empty", "boilerplate_only", "encoding_uncertain", "truncated_encoding", "bad_unicode", "bad_json",
    "csv_quote", "csv_row", "bad_row", "language", "no_text_column",
}  # fmt: skip


# Calling and watching


class Watch:
    """What is opened in a folder, by the kernel's own account; nothing where there is no inotify."""

    def __init__(self, folder: Path, mask: int = IN_OPEN | IN_ACCESS) -> None:
        self.descriptor = -1
        if sys.platform == "linux":
            library = ctypes.CDLL(None, use_errno=True)
            self.descriptor = library.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            library.inotify_add_watch(self.descriptor, os.fsencode(folder), mask)

    def seen(self) -> list[tuple[int, str]]:
        """Return the events since the last call: mask and name."""
        events: list[tuple[int, str]] = []
        with suppress(OSError):
            while self.descriptor >= 0 and (content := os.read(self.descriptor, 65_536)):
                at = 0
                while at < len(content):
                    _, mask, _, size = struct.unpack_from("iIII", content, at)
                    name = content[at + 16 : at + 16 + size].rstrip(b"\0")
                    events.append((mask, os.fsdecode(name)))
                    at += 16 + size
        return events

    def close(self) -> None:
        """Stop watching."""
        if self.descriptor >= 0:
            os.close(self.descriptor)


@contextmanager
def counting_port() -> Iterator[tuple[int, list[object]]]:
    """Listen on a port of this machine and collect who connects."""
    met: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with suppress(OSError):
            while True:
                connection, address = server.accept()
                met.append(address)
                connection.close()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server.getsockname()[1], met
    finally:
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        server.close()


@dataclass(frozen=True)
class Done:
    """A call that has ended."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float
    peak_mb: float
    left_over: tuple[str, ...]


def call(
    *arguments: object,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    prefix: Sequence[str] = (),
    limit: float = 500,
    meanwhile: Callable[[], None] | None = None,
) -> Done:
    """Call the command line and measure it with all its children."""
    environment = {**os.environ, **(env or {}), MARK: str(cwd)}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "policy_themes", *map(str, arguments)],
            cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err, start_new_session=True,
        )  # fmt: skip
        try:
            if meanwhile is not None:
                meanwhile()
            while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
                if time.monotonic() - start > limit:
                    raise TimeoutError(f"{arguments} has not ended after {limit} s")
                time.sleep(0.02)
            process.returncode = os.waitstatus_to_exitcode(ended[1])
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        seconds = time.monotonic() - start
        out.seek(0)
        err.seek(0)
        peak = ended[2].ru_maxrss / (1_000 if sys.platform == "linux" else 1_000_000)
        said = [os.fsdecode(stream.read()) for stream in (out, err)]
        # Between fork and exec a child counts the pages of this process: below that, its peak is not known.
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1_000 if sys.platform == "linux" else 1_000_000)
        peak = peak if peak > 1.05 * own else 0.0
        return Done(process.returncode, *said, seconds, peak, tuple(left_over(str(cwd))))


def left_over(mark: str, patience: float = 5) -> list[str]:
    """Return the processes that a call left behind, ended within some seconds or not."""
    wanted = f"{MARK}={mark}\0".encode()
    deadline = time.monotonic() + patience
    found = ["?"]
    while found and time.monotonic() < deadline:
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if wanted in (place / "environ").read_bytes() + b"\0":
                    found.append((place / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        if found:
            time.sleep(0.1)
    return found


def anybody() -> Sequence[str]:
    """Return what makes root an ordinary user."""
    if os.geteuid() != 0:
        return ()
    if not shutil.which(AS_ANYBODY[0]) or subprocess.run([*AS_ANYBODY, "true"], capture_output=True).returncode:
        pytest.skip("root reads everything")
    return AS_ANYBODY


def state(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return what can be seen of a folder without opening a file."""
    found = {}
    for place, folders, names in os.walk(folder):
        for name in [*folders, *names, "."]:
            seen = os.lstat(os.path.join(place, name))
            found[os.path.join(place, name)] = (seen.st_mode, seen.st_size, seen.st_mtime_ns, seen.st_ino)
    return found


# One run for each family


def group(case: Case) -> str:
    """Return the name of the run that a case is part of."""
    return case.family or case.id


def ingest(place: Path, cases: Sequence[Case]) -> Run:
    """Write some cases into one folder and read it."""
    docs, out, beyond = place / "docs", place / "out", place / "outside"
    docs.mkdir(parents=True)
    beyond.mkdir()
    with counting_port() as (port, met):
        put(beyond, {"canary.txt": f"{CANARY}\n{article('outside')}", "port": str(port)})
        if all(case.good for case in cases):
            put(docs, {"good.txt": GOOD})
        for case in cases:
            (docs / case.id).mkdir()
            case.make(docs / case.id)
        before, watch = state(docs), Watch(beyond)
        address = f"http://127.0.0.1:{port}"
        proxies = {f"{kind}_proxy": address for kind in ("http", "https", "ftp", "all")}
        proxies |= {name.upper(): address for name in proxies} | {"no_proxy": "", "NO_PROXY": ""}
        env = {name: value for case in cases for name, value in case.env.items()}
        prefix = anybody() if any(case.unprivileged for case in cases) else ()
        limit = 1_700 if any(case.long for case in cases) else 500
        done = call("ingest", "docs", "--out", "out", cwd=place, env={**proxies, **env}, prefix=prefix, limit=limit)
        opened = tuple(sorted({name or "." for _, name in watch.seen()}))
        watch.close()
        after = state(docs)
    changed = tuple(sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path)))
    for path, (mode, *_) in before.items():
        if stat.S_IMODE(mode) == 0 and not stat.S_ISLNK(mode):
            Path(path).chmod(0o700)
    beside = tuple(sorted({path.name for path in place.iterdir()} - {"docs", "out", "outside"}))
    return Run(
        docs, out, done.returncode, done.stdout, done.stderr, done.seconds, done.peak_mb, len(met), opened,
        done.left_over, changed, beside,
    )  # fmt: skip


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock that other workers of pytest-xdist wait for."""
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@pytest.fixture(scope="session")
def run_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Run]:
    """Run a family once, whichever worker asks first."""
    base = tmp_path_factory.getbasetemp()
    base = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "torture"
    base.mkdir(exist_ok=True)
    known: dict[str, Run] = {}

    def run(name: str) -> Run:
        if name in known:
            return known[name]
        note = base / f"{name}.json"
        with alone(base / f"{name}.lock"):
            if note.exists():
                content = json.loads(note.read_text(encoding="utf-8"))
                paths = {key: Path(content[key]) for key in ("folder", "out")}
                many = {key: tuple(content[key]) for key in ("opened", "left_over", "changed", "beside")}
                known[name] = Run(**{**content, **paths, **many})
            else:
                known[name] = ingest(base / name, [case for case in CASES if group(case) == name])
                note.write_text(json.dumps(asdict(known[name]), default=str), encoding="utf-8")
        return known[name]

    return run


Line = tuple[str, str, str, float]


@pytest.fixture(scope="session")
def summary() -> Iterator[list[Line]]:
    """Collect a line for each case and print them at the end."""
    lines: list[Line] = []
    yield lines
    sys.stdout.write("\n" + "".join(f"{i:<5} {t:<72.72} {s:6.1f} s  {o}\n" for i, t, o, s in lines))


# What must hold of a case


def fits(pair: Pair, allowed: Allowed) -> bool:
    """Tell whether an outcome is allowed; `*` stands for any reason."""
    return pair in allowed or (pair[0], "*") in allowed


def outcome_faults(case: Case, result: Result) -> Iterator[str]:
    """Compare the ledger with what a case expects."""
    covered = set()
    for key, allowed in case.outcomes.items():
        path = key if isinstance(key, str) else key[0] if isinstance(key, tuple) else ""
        if path in case.optional and not os.path.lexists(result.run.folder / case.id / path):
            continue
        try:
            pair = result.outcome(key)
        except AssertionError as error:
            yield str(error)
            continue
        if not fits(pair, allowed):
            yield f"{key}: {pair}, and {sorted(allowed)} is allowed"
        covered |= {(row.path, row.record) for row in result.find(key)}
        if pair[0] == "rows":
            covered |= {(row.path, row.record) for row in result.ledger if row.path == key}
    tables = {row.path for row in result.ledger if row.record is not None}
    for row in result.ledger:
        if (row.path, row.record) in covered or (row.record is None and row.path in tables):
            continue
        if not fits((row.outcome, row.reason or ""), case.others):
            yield f"{row.path} [{row.record}]: ({row.outcome}, {row.reason}) was not expected"


def ledger_faults(case: Case, result: Result) -> Iterator[str]:
    """Check that every path stands in the ledger, no other does, and that hashes are right."""
    folder = result.run.folder / case.id
    made = {
        path.relative_to(folder).as_posix(): path
        for place, folders, names in os.walk(folder)
        for path in (Path(place, name) for name in [*folders, *names])
    }
    listed = {row.path for row in result.ledger}
    patterns = [key for key in case.outcomes if hasattr(key, "fullmatch")]
    for path, place in made.items():
        within = {path, *(parent.as_posix() for parent in Path(path).parents)}
        folder_only = place.is_dir() and not place.is_symlink()
        escaped = any(key.fullmatch(path) and result.find(key) for key in patterns)
        archived = path.endswith(".zip") and any(one.startswith(path) for one in listed)
        if not (folder_only or within & listed or escaped or archived):
            yield f"{path!r} is not in the ledger"
    for row in result.ledger:
        known = row.path in made or any(key.fullmatch(row.path) for key in patterns)
        if not known and not any(row.path.startswith(path) for path in made if path.endswith(".zip")):
            yield f"the ledger has {row.path!r}, which nobody made"
        place = made.get(row.path)
        if row.record is None and place and stat.S_ISREG(place.lstat().st_mode):
            if row.sha256 is None and row.reason not in UNREAD:
                yield f"{row.path}: no sha256"
            if row.sha256 is not None and row.sha256 != sha256(place):
                yield f"{row.path}: the sha256 is wrong"
            if row.bytes is not None and row.bytes != place.stat().st_size:
                yield f"{row.path}: {row.bytes} bytes, and it has {place.stat().st_size}"


def faults_of(case: Case, result: Result) -> list[str]:
    """Return everything that is wrong with a case."""
    faults = []
    if result.run.returncode not in case.exits:
        faults.append(f"exit {result.run.returncode}: {result.run.stderr[-600:]}")
    if "Traceback" in result.run.stderr:
        faults.append(result.run.stderr[-2_000:])
    if result.run.returncode in (0, 3):
        faults += [*outcome_faults(case, result), *ledger_faults(case, result)]
        try:
            case.check(result)
        except AssertionError as error:
            faults.append(str(error))
    return faults


PARAMETERS = [
    pytest.param(
        case,
        id=case.id,
        marks=[pytest.mark.long, pytest.mark.timeout(1_800)] if case.long else [],
    )
    for case in CASES
]


@pytest.mark.parametrize("case", PARAMETERS)
def test_case(case: Case, run_of: Callable[[str], Run], summary: list[Line]) -> None:
    result = Result(run_of(group(case)), f"{case.id}/")
    counts = Counter(f"{row.outcome} {row.reason or ''}".strip() for row in result.ledger)
    said = ", ".join(f"{count} {name}" for name, count in counts.most_common()) or f"exit {result.run.returncode}"
    summary.append((case.id, case.title, said, result.run.seconds))
    faults = faults_of(case, result)
    assert not faults, "\n" + "\n".join(faults)


RUNS = [
    pytest.param(name, marks=[pytest.mark.long, pytest.mark.timeout(1_800)] if name in ("T12L", "T46L") else [])
    for name in dict.fromkeys(map(group, CASES))
]


@pytest.mark.parametrize("name", RUNS)
def test_one_bad_file_costs_no_other_and_nothing_is_touched(name: str, run_of: Callable[[str], Run]) -> None:
    run = run_of(name)
    faults = []
    if run.returncode in (0, 3):
        faults += corpus_faults(run)
        if all(case.good for case in CASES if group(case) == name):
            faults += good_faults(run)
    for what, found in (
        ("changed in the input", run.changed),
        ("opened outside the input", run.opened),
        ("written beside the output", run.beside),
        ("processes left behind", run.left_over),
    ):
        if found:
            faults.append(f"{what}: {list(found)[:5]}")
    if run.connections:
        faults.append(f"{run.connections} connections")
    said = run.stdout + run.stderr + "".join(str(table) for table in run.tables.values())
    if CANARY in said:
        faults.append("the text of a file outside is in the output")
    assert not faults, "\n" + "\n".join(faults)


def good_faults(run: Run) -> Iterator[str]:
    """Check that the healthy document is there, whole, dated and placed."""
    result = Result(run, "")
    try:
        if result.outcome("good.txt")[0] != "kept":
            yield f"good.txt: {result.outcome('good.txt')}"
            return
        row = result.document("good.txt")
        if (row["date"], row["region_code"]) != ("2024-01-15", "330000"):
            yield f"good.txt: {row['date']}, {row['region_code']}"
        if squash(result.original("good.txt")) != squash(GOOD):
            yield "good.txt: its text changed"
    except AssertionError as error:
        yield str(error)


def corpus_faults(run: Run) -> Iterator[str]:
    """Check that the tables of a run agree with each other."""
    doubled = [key for key, count in Counter((row.path, row.record) for row in run.ledger).items() if count > 1]
    if doubled:
        yield f"twice in the ledger: {doubled[:5]}"
    outcomes = {row.outcome for row in run.ledger} - {"kept", "duplicate", "quarantined", "skipped"}
    if outcomes:
        yield f"unknown outcomes: {outcomes}"
    unexplained = [row.path for row in run.ledger if row.outcome in ("quarantined", "skipped") and not row.reason]
    if unexplained:
        yield f"without a reason: {unexplained[:5]}"
    ids = [row["doc_id"] for row in run.tables["documents"]]
    if len(ids) != len(set(ids)):
        yield "doc_id is not unique"
    if {row.doc_id for row in run.ledger if row.outcome in ("kept", "duplicate")} != set(ids):
        yield "the documents are not those of the ledger"
    if {row["doc_id"] for row in run.tables["texts"]} != set(ids):
        yield "the texts are not those of the documents"
    empty = [row["path"] for row in run.tables["documents"] if not row["n_units"]]
    if empty:
        yield f"empty documents: {empty[:5]}"
    for name in ("documents", "ledger", "removed"):
        read = pd.read_csv(run.out / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
        if len(read) != len(run.tables[name]):
            yield f"{name}.csv has {len(read)} rows, and {name}.parquet {len(run.tables[name])}"


def test_reasons_are_those_of_the_contract() -> None:
    used = {
        reason
        for case in CASES
        for allowed in [*case.outcomes.values(), case.others - ANY]
        for outcome, reason in allowed
        if outcome in ("quarantined", "skipped")
    }
    # Alternatives that are only tolerated.
    assert used - CODES <= {"mojibake", "duplicate_id", "empty", "bad_header", "limit_size", "*"}, used - CODES
    missing = CODES - used - {"changed_during_read", "truncated_encoding"}
    assert not missing, f"no case expects {missing}"


# The instruments themselves


@pytest.mark.skipif(sys.platform != "linux", reason="needs inotify and /proc")
def test_what_watches_sees(tmp_path: Path) -> None:
    put(tmp_path, {"canary.txt": CANARY})
    watch = Watch(tmp_path)
    assert watch.seen() == []
    subprocess.run(["cat", tmp_path / "canary.txt"], capture_output=True, check=True)
    assert {name for _, name in watch.seen()} == {"canary.txt"}
    assert list(os.scandir(tmp_path))
    assert {name for mask, name in watch.seen() if mask & IN_ISDIR} == {""}
    watch.close()
    with counting_port() as (port, met):
        socket.create_connection(("127.0.0.1", port)).close()
        time.sleep(0.2)
    assert len(met) == 1
    waiting = [sys.executable, "-c", "print(flush=True); input()"]
    with subprocess.Popen(
        waiting, env={**os.environ, MARK: "sleeper"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as run:
        # It is seen once it runs: /proc tells no environment of a process that is only just made.
        assert run.stdout is not None and run.stdout.readline()
        assert left_over("sleeper", 0.5) == ["".join(f"{part} " for part in waiting)]
        run.kill()
    assert left_over("sleeper", 5) == []


# Refusals of a whole folder


@dataclass(frozen=True)
class Refusal:
    """A call that ends with one message."""

    id: str
    folder: str
    out: str
    exit: int
    says: tuple[str, ...]
    make: Callable[[Path], None]
    unprivileged: bool = False


def _shut(place: Path) -> None:
    put(place, {"docs/good.txt": GOOD})
    (place / "docs").chmod(0)


def _good(where: str) -> Callable[[Path], None]:
    return lambda place: put(place, {f"{where}/good.txt": GOOD})


REFUSALS = (
    Refusal("T01 empty", "docs", "out", 4, ("no files",), lambda place: (place / "docs").mkdir()),
    Refusal(
        "T01 empty folders", "docs", "out", 4, ("no files",), lambda place: (place / "docs/a/b").mkdir(parents=True)
    ),
    Refusal("T02 missing", "gone", "out", 2, ("gone",), lambda place: None),
    Refusal("T02 file", "docs/good.txt", "out", 2, ("good.txt",), _good("docs")),
    Refusal("T02 unreadable", "docs", "out", 2, ("docs",), _shut, unprivileged=True),
    Refusal("T13 output inside input", "docs", "docs/out", 2, ("inside",), _good("docs")),
    Refusal("T13 the same", "docs", "docs", 2, ("docs",), _good("docs")),
    Refusal("T14 input inside output", "out/docs", "out", 2, ("inside",), _good("out/docs")),
)


@pytest.mark.parametrize("refusal", REFUSALS, ids=[refusal.id for refusal in REFUSALS])
def test_refusal(refusal: Refusal, tmp_path: Path, summary: list[Line]) -> None:
    refusal.make(tmp_path)
    before = state(tmp_path)
    prefix = anybody() if refusal.unprivileged else ()
    done = call("ingest", refusal.folder, "--out", refusal.out, cwd=tmp_path, prefix=prefix)
    summary.append((refusal.id[:3], refusal.id[4:], f"exit {done.returncode}", done.seconds))
    changed = {path for path, seen in state(tmp_path).items() if seen != before.get(path)}
    for path, (mode, *_) in before.items():
        if stat.S_IMODE(mode) == 0:
            Path(path).chmod(0o700)
    assert done.returncode == refusal.exit, done.stderr
    assert "Traceback" not in done.stderr
    assert [said for said in refusal.says if said not in done.stderr] == []
    assert not [path for path in changed if path.endswith((".parquet", ".csv"))], changed


# What needs more than a folder


@pytest.mark.skipif(sys.platform != "linux", reason="needs inotify")
def test_t08_files_that_change_between_listing_and_reading(tmp_path: Path, summary: list[Line]) -> None:
    """Readers are held up by hanging documents; meanwhile, once the folder is listed, two files change."""
    docs = tmp_path / "docs"
    hanging = {f"a{number}.mock": "hang\n" for number in range(2 * (os.cpu_count() or 1) + 2)}
    files = {"z_gone.txt": article("T08 gone"), "z_grown.txt": article("T08 grown"), "z_same.txt": article("T08 same")}
    put(docs, {"good.txt": GOOD, **hanging, **files})
    watch = Watch(docs, IN_OPEN | IN_CLOSE)
    opened: Counter[str] = Counter()

    def meddle() -> None:
        deadline = time.monotonic() + 120
        listed = False
        while not listed and time.monotonic() < deadline:
            for mask, name in watch.seen():
                listed |= bool(mask & IN_ISDIR and mask & IN_CLOSE)
                opened.update([name] if mask & IN_OPEN and not mask & IN_ISDIR else ())
            time.sleep(0.005)
        time.sleep(0.3)
        opened.update(name for mask, name in watch.seen() if mask & IN_OPEN)
        (docs / "z_gone.txt").unlink()
        with (docs / "z_grown.txt").open("a", encoding="utf-8") as stream:
            stream.write("后来又补写了一句。\n")

    env = {"POLICY_THEMES_TEST_READER": "1", "POLICY_THEMES_TEST_SECONDS": "10"}
    done = call("ingest", "docs", "--out", "out", cwd=tmp_path, env=env, meanwhile=meddle)
    watch.close()
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr
    run = Run(
        docs, tmp_path / "out", done.returncode, done.stdout, done.stderr, done.seconds, done.peak_mb, 0, (), (), (), ()
    )
    result = Result(run, "")
    found = {name: result.outcome(name) for name in files}
    summary.append(("T08", "deleted and grown between listing and reading", str(found), done.seconds))
    assert found["z_same.txt"][0] == "kept"
    assert result.outcome("good.txt")[0] == "kept"
    if max(opened["z_gone.txt"], opened["z_grown.txt"]) > 1:  # once to hash them, once more to read them
        pytest.skip("they were read before they could be changed")
    assert fits(found["z_gone.txt"], quarantined("changed_during_read"))
    if found["z_grown.txt"][0] == "kept":  # read as a whole, after it had grown
        assert result.one("z_grown.txt").sha256 == sha256(docs / "z_grown.txt")
    else:
        assert fits(found["z_grown.txt"], quarantined("changed_during_read"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory has no limit")
def test_a_file_that_takes_all_memory_leaves_the_next_one_its_own(tmp_path: Path) -> None:
    long = GOOD + "推进现代化，坚持枫桥经验。\n" * 50_000
    put(tmp_path / "docs", {"a.mock": b"hoard", "b.txt": long})
    done = call("ingest", "docs", "--out", "out", cwd=tmp_path, env={"POLICY_THEMES_TEST_READER": "1"})
    assert done.returncode == 3, done.stderr
    found = pd.read_csv(tmp_path / "out" / "ledger.csv").set_index("path")
    assert found.loc["a.mock", "reason"] == "limit_memory"
    assert found.loc["b.txt", "outcome"] == "kept"


def test_t80_a_stored_ingest_with_doubled_ids_ends_in_2(tmp_path: Path, summary: list[Line]) -> None:
    put(tmp_path / "docs", {"good.txt": GOOD, "b.txt": article("T80 stored")})
    assert call("ingest", "docs", "--out", "out", cwd=tmp_path).returncode == 0
    place = tmp_path / "out" / "documents.parquet"
    table = pd.read_parquet(place)
    table["doc_id"] = table["doc_id"].iloc[0]
    table.to_parquet(place, index=False)
    done = call("rates", "out", "--out", "rates.csv", cwd=tmp_path)
    summary.append(("T80", "a stored ingest with doubled ids", f"exit {done.returncode}", done.seconds))
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "rates.csv").exists()


def test_strict_ends_in_3_for_one_bad_file_among_many(tmp_path: Path) -> None:
    rows = {f"{number:02d}.txt": article(f"strict {number}") for number in range(30)}
    put(tmp_path / "docs", {**rows, "bad.docx": b"PK\3\4"})
    assert call("ingest", "docs", "--out", "out", cwd=tmp_path).returncode == 0
    assert call("ingest", "docs", "--out", "out", "--strict", cwd=tmp_path).returncode == 3
