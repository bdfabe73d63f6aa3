"""Spark as an engine: a session on a master, tasks handed out, tables that come back.

A task is a line of text and names a part of the corpus; the work on it is a
function of this package with its setup in JSON. Workers write parts of tables
to the folder that all of them see, each under its own name and moved into
place whole, so that a task that is done twice leaves what it left the first
time.
"""

import json
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pandas as pd
import pyarrow as pa

from policy_themes.errors import UsageError
from policy_themes.scale.engine import Told, as_pandas

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MASTER = "local[*]"
LOOPBACK = "127.0.0.1"
# Partitions a core, and tasks a partition at most where there are more than those; partitions added up in one piece.
A_CORE, TOGETHER, ADDED, MOST_PIECES = 16, 8, 4, 1_000
INSTALL = "pip install 'policy-themes[spark]'"
TOLD = pa.schema([("told", pa.string())])


@dataclass(frozen=True)
class Spark:
    """A running session."""

    session: "SparkSession"

    def tables(self, work: Callable[[str], pd.DataFrame], tasks: Sequence[str], schema: pa.Schema) -> "DataFrame":
        """
        Return what some work makes of tasks as one table of Spark's, a few tasks a partition, done when it is asked for.

        Parameters
        ----------
        work : callable
            Takes a task; returns a table with the columns of the schema.
        tasks : sequence of str
        schema : pyarrow.Schema
        """
        from pyspark.sql.pandas.types import from_arrow_schema

        # A partition costs a tenth of a second whatever is in it, and is lost whole with its worker; with some of them a
        # core, all cores end together.
        enough = max(A_CORE * self.session.sparkContext.defaultParallelism, len(tasks) // TOGETHER)
        count = max(1, min(len(tasks), enough))
        self.session.conf.set("spark.sql.shuffle.partitions", str(min(MOST_PIECES, 1 + count // ADDED)))
        # Numbers, made where they are needed: a table of the tasks would go through Python once more.
        numbers = self.session.range(0, len(tasks), 1, count)
        made: DataFrame = numbers.mapInArrow(partial(_each, work, tuple(tasks), schema), from_arrow_schema(schema))
        return made

    def summed(
        self, work: Callable[[str], pd.DataFrame], tasks: Sequence[str], schema: pa.Schema, keys: Sequence[str]
    ) -> "SparkSums":
        """Do some work on every task, and add up the rows that are alike in some columns; the others are numbers."""
        from pyspark.sql import functions as sql

        added = [sql.sum(name).alias(name) for name in schema.names if name not in keys]
        return SparkSums(self.tables(work, tasks, schema).groupBy(*keys).agg(*added).cache())

    def told(self, work: Callable[[str], Told], tasks: Sequence[str]) -> list[Told]:
        """Do some work on every task, and return what it tells of each, in their order: a few lines, never documents."""
        found = self.tables(partial(_as_json, work), tasks, TOLD).toArrow()
        return [json.loads(text) for text in found.column("told").to_pylist()]


@contextmanager
def spark(master: str = MASTER) -> Iterator[Spark]:
    """
    Open a session on a master, and end it.

    Parameters
    ----------
    master : str
        ``local[N]``, or the address of a cluster. What else Spark is to be told
        stands in its own configuration (``SPARK_CONF_DIR``).

    Raises
    ------
    UsageError
        If pyspark or Java is missing, the master is not there, or a job fails.
    """
    if find_spec("pyspark") is None:
        raise UsageError("`--engine spark` needs pyspark, which is not installed.", hint=f"Call {INSTALL}.")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise UsageError("`--engine spark` needs Java, and there is none.", hint="Install Java 17, or set JAVA_HOME.")
    with warnings.catch_warnings():
        # Said whenever pandas 3 is there; what is used of pyspark is Arrow, not its pandas.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        warnings.simplefilter("ignore", ResourceWarning)
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            session = _session(master)
            try:
                yield Spark(session)
            finally:
                session.stop()
        except (PySparkException, Py4JError) as error:
            raise UsageError(
                f"Spark could not do it on {master}: {_first_line(error)}",
                hint="Every worker needs this package, the folder and the output under the same paths.",
            ) from error


@dataclass(frozen=True)
class SparkSums:
    """What Spark added up; it stays there until it is asked for."""

    frame: "DataFrame"

    def rows(self, where: str = "") -> pd.DataFrame:
        """Return those of which a condition holds."""
        return as_pandas((self.frame.where(where) if where else self.frame).toArrow())

    def forget(self) -> None:
        """Let Spark free it."""
        self.frame.unpersist()


def _each(
    work: Callable[[str], pd.DataFrame], tasks: Sequence[str], schema: pa.Schema, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Do the work on every task of a partition."""
    for batch in batches:
        for number in batch.column(0).to_pylist():
            yield from pa.Table.from_pandas(work(tasks[number]), schema, preserve_index=False).to_batches()


def _as_json(work: Callable[[str], Told], task: str) -> pd.DataFrame:
    """Return what some work tells as a table of one line."""
    return pd.DataFrame({"told": [json.dumps(work(task), ensure_ascii=False)]})


def _session(master: str) -> "SparkSession":
    """Start a session that listens to this machine only, unless its master is elsewhere."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    here = "" if "://" not in master else str(urlsplit(master).hostname or "")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": str(sys.stderr.isatty()).lower(),
        "spark.log.level": "ERROR",
        "spark.executorEnv.OMP_NUM_THREADS": "1",
    }
    if here in ("", LOOPBACK, "localhost"):
        settings |= {"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK}
        os.environ.setdefault("SPARK_LOCAL_IP", LOOPBACK)
    if os.environ.get("PYTHONPATH"):
        given = os.environ["PYTHONPATH"].split(os.pathsep)
        settings["spark.executorEnv.PYTHONPATH"] = os.pathsep.join(str(Path(place).resolve()) for place in given)
    builder = SparkSession.builder.master(master).appName("policy-themes")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session: SparkSession = builder.getOrCreate()
    return session


def _first_line(error: Exception) -> str:
    """Return what an error of Spark's says, without its stack."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith(("at ", "File ", "Traceback"))]
    return (told or ["no reason given"])[0][:300]
