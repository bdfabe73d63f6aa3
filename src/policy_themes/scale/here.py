"""The processes of this machine as an engine: parts are counted side by side, and what comes of them is added up as it comes."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import pandas as pd
import pyarrow as pa

from policy_themes.progress import track
from policy_themes.scale.engine import Told, as_pandas
from policy_themes.scale.worker import answer, work_text
from policy_themes.store.crew import Crew

WORKER = "policy_themes.scale.worker"
MOST, TOGETHER = 8, 8


@dataclass(frozen=True)
class Here:
    """
    The processes of one machine.

    Attributes
    ----------
    workers : int, optional
        Processes; by default one a core. Their number makes no difference to the result.
    """

    workers: int | None = None

    def told(self, work: Callable[[str], Told], tasks: Sequence[str]) -> list[Told]:
        """Do some work on every task, and return what it tells of each, in their order."""
        return [json.loads(text) for text in self._answers(work, tasks)]

    def tables(self, work: Callable[[str], pd.DataFrame], tasks: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Do some work on every task, and yield the table that it makes of each, in their order."""
        for text in self._answers(work, tasks):
            yield as_pandas(pa.ipc.open_stream(text).read_all())

    def summed(
        self, work: Callable[[str], pd.DataFrame], tasks: Sequence[str], schema: pa.Schema, keys: Sequence[str]
    ) -> "Table":
        """Do some work on every task, and add up the rows that are alike in some columns; the others are numbers."""
        added = [name for name in schema.names if name not in keys]
        total, waiting = schema.empty_table(), 0
        for text in self._answers(work, tasks):
            found = pa.ipc.open_stream(text).read_all().select(schema.names).cast(schema)
            total, waiting = pa.concat_tables([total, found]), waiting + 1
            if waiting == TOGETHER:
                total, waiting = _added(total, keys, added), 0
        return Table(as_pandas(_added(total, keys, added)))

    def _answers(self, work: Callable[[str], Any], tasks: Sequence[str]) -> Iterator[bytes]:
        """Yield what comes of each task, in their order; what a process fails at is done here, where it can say why."""
        given = cast("partial[Any]", work)
        count = min(self.workers or min(os.cpu_count() or 1, MOST), len(tasks))
        stopped = False

        def asked(task: str) -> bytes:
            try:
                return crew.ask(task.encode())
            except (OSError, EOFError, ValueError):
                if stopped:
                    raise
                return answer(given, task)

        if count <= 1:
            yield from (answer(given, task) for task in track("counting")(tasks))
            return
        with Crew(WORKER, work_text(given), count) as crew, ThreadPoolExecutor(count) as pool:
            # No more than are worked on and the next of each: answers do not pile up behind a slow part.
            ahead = [pool.submit(asked, task) for task in tasks[: 2 * count]]
            try:
                for number, _ in enumerate(track("counting")(tasks)):
                    if number + 2 * count < len(tasks):
                        ahead.append(pool.submit(asked, tasks[number + 2 * count]))
                    yield ahead.pop(0).result()
            except BaseException:
                stopped = True
                pool.shutdown(wait=False, cancel_futures=True)
                crew.end()  # the pool waits for its threads, and these for the processes
                raise


@dataclass(frozen=True)
class Table:
    """What was added up, in memory."""

    whole: pd.DataFrame

    def rows(self, where: str = "") -> pd.DataFrame:
        """Return those of which a condition holds."""
        return self.whole.query(where).reset_index(drop=True) if where else self.whole

    def forget(self) -> None:
        """Let it go; here nothing is held elsewhere."""


def _added(table: pa.Table, keys: Sequence[str], added: Sequence[str]) -> pa.Table:
    """Add up the rows that are alike in some columns, in the order in which they first stand."""
    grouped = table.group_by(list(keys), use_threads=False).aggregate([(name, "sum") for name in added])
    return grouped.rename_columns(
        [name.removesuffix("_sum") if name not in keys else name for name in grouped.column_names]
    ).select(table.schema.names)
