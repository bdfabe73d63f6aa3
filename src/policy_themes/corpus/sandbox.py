"""Worker processes with a clock: files go in, rows come out, and one bad file costs one ledger row.

A thread for each worker hands it one path at a time and takes its rows. A
worker that is silent for too long is killed; one that dies is replaced; the
file it had is quarantined with the reason. The clock begins anew with every
record: a table of a hundred thousand news items is long, not stuck.
"""

import hashlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.walk import Found, read_bytes
from policy_themes.corpus.worker import receive, rows_of, send
from policy_themes.regions import Regions
from policy_themes.store.process import start_worker

SECONDS, START_SECONDS = 20, 120
FILES_A_WORKER = 20
# Files whose rows may wait to be taken: whoever puts them into tables may be slower than many workers.
AHEAD = 500


class Clock:
    """
    Calls for an end when nothing has begun it anew for so many seconds; `late` says whether it did.

    Parameters
    ----------
    seconds : float
    end : callable
    """

    def __init__(self, seconds: float, end: Callable[[], object]) -> None:
        self.late = self._stopped = False
        self._seconds, self._end = seconds, end
        self.begin()
        self._wait(seconds)

    def begin(self) -> None:
        """Begin anew; it costs nothing, as it is done for every record."""
        self._until = time.monotonic() + self._seconds

    def stop(self) -> None:
        """Let it call for nothing any more."""
        self._stopped = True
        self._timer.cancel()

    def _wait(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        left = self._until - time.monotonic()
        if self._stopped:
            return
        if left > 0:
            self._wait(left)
        else:
            self.late = True
            self._end()


class Sandbox:
    """
    Parses files in processes of their own.

    Parameters
    ----------
    regions, columns, overrides
        What describing a document needs.
    workers : int, optional
        Default: one for every twenty files, at most one a core. 0 parses in this
        process, without its protection: for texts of one's own making.
    """

    def __init__(self, regions: Regions, columns: Columns, overrides: Overrides, *, workers: int | None = None) -> None:
        self._regions, self._columns, self._overrides = regions, columns, overrides
        self._setup = {
            "regions": [(code, asdict(region)) for code, region in regions.table.items()],
            "columns": asdict(columns),
            "overrides": overrides.rows,
            "seconds": int(os.environ.get("POLICY_THEMES_TEST_SECONDS", SECONDS)),
            "mock": os.environ.get("POLICY_THEMES_TEST_READER") == "1",
        }
        self._workers = workers
        self._stopped = threading.Event()
        self._room = threading.Semaphore(AHEAD)
        self._processes: set[subprocess.Popen[bytes]] = set()

    def read(self, files: Sequence[Found]) -> Iterator[tuple[int, list[Mapping[str, Any]]]]:
        """
        Yield the number of each file and the rows of its records, as they are done.

        Parameters
        ----------
        files : sequence of Found
        """
        if self._workers == 0:
            yield from self._unprotected(files)
            return
        tasks: queue.SimpleQueue[tuple[int, Found]] = queue.SimpleQueue()
        done: queue.SimpleQueue[tuple[int, list[Mapping[str, Any]]] | BaseException] = queue.SimpleQueue()
        for number, found in enumerate(files):
            tasks.put((number, found))
        count = self._workers or min(os.cpu_count() or 1, 1 + len(files) // FILES_A_WORKER)
        threads = [threading.Thread(target=self._serve, args=(tasks, done), daemon=True) for _ in range(count)]
        try:
            for thread in threads:
                thread.start()
            for _ in files:
                item = done.get()
                if isinstance(item, BaseException):
                    raise item
                yield item
                self._room.release()
        finally:
            self._stopped.set()
            self._room.release(count)
            for process in list(self._processes):
                process.kill()
            for thread in threads:
                thread.join()

    def _unprotected(self, files: Sequence[Found]) -> Iterator[tuple[int, list[Mapping[str, Any]]]]:
        """Parse in this process."""
        gazetteer = Gazetteer(self._regions)
        for number, found in enumerate(files):
            task = {"path": str(found.path), "shown": found.shown}
            yield number, list(rows_of(task, self._columns, gazetteer, self._overrides))

    def _serve(self, tasks: "queue.SimpleQueue[tuple[int, Found]]", done: "queue.SimpleQueue[Any]") -> None:
        """Hand files to one worker after another until none is left."""
        process: subprocess.Popen[bytes] | None = None
        try:
            while self._room.acquire() and not self._stopped.is_set():
                try:
                    number, found = tasks.get_nowait()
                except queue.Empty:
                    break
                if process is not None and process.poll() is not None:
                    self._end(process)
                    process = None
                process = process or self._start()
                rows = self._ask(process, found)
                done.put((number, rows))
                if rows[-1]["entry"].get("reason") == "limit_memory":
                    # What it could not let go of the next file would lack.
                    self._end(process)
                    process = None
        except BaseException as error:  # told to the reading thread, which raises it
            done.put(error)
        finally:
            if process is not None:
                self._end(process)

    def _start(self) -> "subprocess.Popen[bytes]":
        """Start a worker."""
        process = start_worker("policy_themes.corpus.worker")
        self._processes.add(process)
        # Loading its libraries is no part of the first file's time. If it dies, the first file finds out.
        clock = threading.Timer(START_SECONDS, process.kill)
        clock.start()
        with suppress(OSError, ValueError, EOFError):
            send(process.stdin, self._setup)  # type: ignore[arg-type]
            receive(process.stdout)  # type: ignore[arg-type]
        clock.cancel()
        return process

    def _ask(self, process: "subprocess.Popen[bytes]", found: Found) -> list[Mapping[str, Any]]:
        """Return the rows of one file, or the row that says what became of its worker."""
        clock = Clock(float(str(self._setup["seconds"])), process.kill)
        rows: list[Mapping[str, Any]] = []
        try:
            send(process.stdin, {"path": str(found.path), "shown": found.shown})  # type: ignore[arg-type]
            while (message := receive(process.stdout)) is not None:  # type: ignore[arg-type]
                if message.get("end"):
                    return rows
                rows.append(message)
                clock.begin()
        except (OSError, ValueError, EOFError):
            process.kill()
        finally:
            clock.stop()
        entry = {"path": found.shown, "bytes": found.size, "outcome": "quarantined", "sha256": _hash(found)}
        return [{"entry": {**entry, "reason": "limit_time" if clock.late else _cause(process.wait())}}]

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        """End a worker that is no longer needed."""
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        try:
            process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._processes.discard(process)


def _hash(found: Found) -> str | None:
    """Return the hash of a file that no worker could read."""
    with suppress(OSError):
        content = read_bytes(found.path)
        return None if content is None else hashlib.sha256(content).hexdigest()
    return None


def _cause(code: int) -> str:
    """Return why a worker ended, by its exit code."""
    if code >= 0:
        return "exit"
    if code == -getattr(signal, "SIGXCPU", 0):
        return "limit_time"
    return "limit_memory" if code == -getattr(signal, "SIGKILL", 9) else "crash"
