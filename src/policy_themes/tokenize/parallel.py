"""Cutting a large corpus in several processes; how many makes no difference to the result.

Each process is `policy_themes.tokenize.worker`. It gets every n-th batch, so
that what each one does is settled beforehand. One that dies costs time only:
its batches are cut here.
"""

import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from policy_themes.store.process import get, put, start_worker
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.batch import BatchCutter, Tally
from policy_themes.tokenize.dictionary import UserDictionary
from policy_themes.tokenize.recall import Recall
from policy_themes.tokenize.segment import Engine

Batch = tuple[Language, int, str]
Progress = Callable[[list[Any]], Iterable[Any]]
# Starting a process costs more than it gives for fewer characters.
WORTHWHILE, MOST = 20_000_000, 8


def default_workers(n_characters: int) -> int:
    """Return how many processes a corpus is worth."""
    return min(os.cpu_count() or 1, MOST) if n_characters >= WORTHWHILE else 1


def cut_apart(
    joined: list[Batch],
    dictionary: UserDictionary,
    keep: Mapping[Language, Sequence[str]],
    engine: Engine,
    *,
    workers: int,
    progress: Progress,
) -> tuple[list[NDArray[np.int32]], list[Tally]]:
    """
    Cut batches in several processes.

    Returns
    -------
    rows : list of ndarray of int
        Of each batch, the numbers of its surfaces in the tallies put together (`merged`).
    tallies : list of Tally
        One a process.
    """
    crew = _Crew({"words": dictionary.words, "keep": keep, "engine": engine})
    parts = [joined[first::workers] for first in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        jobs = [pool.submit(crew.serve, part) for part in parts]
        try:
            for _ in progress(joined):
                if not crew.done.get():
                    break
            results = [job.result() for job in jobs]
        except BaseException:
            crew.stop()
            raise
    rows: list[NDArray[np.int32]] = [np.zeros(0, np.int32)] * len(joined)
    before = 0
    for first, (own, tally) in enumerate(results):
        # 0 stands between passages in all of them.
        rows[first::workers] = [np.where(row > 0, row + np.int32(before), row) for row in own]
        before += len(tally.lengths) - 1
    return rows, [tally for _, tally in results]


def merged(tallies: Sequence[Tally]) -> Tally:
    """Return the tallies of several processes as one, surfaces in the order of the processes."""
    if len(tallies) == 1:
        return tallies[0]
    whole = Tally({language: Recall(tallies[0].recall[language].phrases) for language in LANGUAGES})
    for tally in tallies:
        whole.lengths.extend(tally.lengths[1:])
        whole.words.extend(tally.words[1:])
        for language in LANGUAGES:
            whole.recall[language].join(tally.recall[language])
            whole.forced[language].update(tally.forced[language])
    return whole


class _Crew:
    """The processes, each with a thread here that talks to it; ``done`` gets True for each batch, False for a failure."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        self._setup = setup
        self.done: SimpleQueue[bool] = SimpleQueue()
        self._processes: list[subprocess.Popen[bytes]] = []
        self._stopped = False

    def stop(self) -> None:
        """End all of them."""
        self._stopped = True
        for process in self._processes:
            process.kill()

    def serve(self, part: list[Batch]) -> tuple[list[NDArray[np.int32]], Tally]:
        """Have one process cut its batches, or cut them here if it fails."""
        rows: list[NDArray[np.int32]] = []
        try:
            try:
                tally = self._asked(part, rows)
            except (OSError, EOFError, ValueError):
                tally = self._cut_here(part, rows)
        except BaseException:
            self.done.put(False)
            raise
        return rows, tally

    def _asked(self, part: list[Batch], rows: list[NDArray[np.int32]]) -> Tally:
        """Have a process cut batches."""
        process = start_worker("policy_themes.tokenize.worker")
        self._processes.append(process)
        given, answers = cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)
        try:
            put(given, json.dumps(self._setup).encode())
            for language, _, text in part:
                if self._stopped:
                    raise EOFError
                put(given, language.encode() + text.encode())
                rows.append(np.frombuffer(_answer(answers), np.int32))
                self.done.put(True)
            put(given, b"")
            return _tally(json.loads(_answer(answers)))
        finally:
            for stream in (given, answers):
                with suppress(OSError):
                    stream.close()
            process.kill()
            process.wait()

    def _cut_here(self, part: list[Batch], rows: list[NDArray[np.int32]]) -> Tally:
        """Cut batches in this process; of those that were told to be done, nothing more is told."""
        told = len(rows)
        rows.clear()
        words = tuple((word, frequency) for word, frequency in self._setup["words"])
        cutter = BatchCutter(UserDictionary(words), self._setup["keep"], self._setup["engine"])
        for number, (language, _, text) in enumerate(part):
            if self._stopped:
                raise EOFError
            rows.append(cutter.cut(text, language))
            if number >= told:
                self.done.put(True)
        return cutter.tally


def _answer(stream: BinaryIO) -> bytes:
    """Read an answer; raises `EOFError` where the process has died."""
    message = get(stream)
    if message is None:
        raise EOFError
    return message


def _tally(told: Mapping[str, Any]) -> Tally:
    """Read what a worker found out."""
    recall = {}
    for language in LANGUAGES:
        phrases, n_text, n_kept = told["recall"][language]
        recall[language] = Recall(phrases, n_text, n_kept)
    forced = {language: Counter({(a, b): n for a, b, n in told["forced"][language]}) for language in LANGUAGES}
    return Tally(recall, told["lengths"], told["words"], forced)
