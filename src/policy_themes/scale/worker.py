"""
The process in which parts are counted on this machine.

It is started by `here` as ``python -m policy_themes.scale.worker``. The
greeting names a function of this package and what it is given besides the
task, in JSON; every message is a task, answered by what the function returns
of it: a table as an Arrow stream, anything else as JSON.
"""

import json
from functools import partial
from importlib import import_module
from typing import Any

import pandas as pd
import pyarrow as pa

from policy_themes.store.process import get, own_pipes, put

OURS = "policy_themes.scale."


def work_text(work: "partial[Any]") -> bytes:
    """Return some work as a greeting: a function of this package, and plain values."""
    return json.dumps({"module": work.func.__module__, "name": work.func.__name__, "given": work.args}).encode()


def work_of(text: bytes) -> "partial[Any]":
    """Return the work of a greeting."""
    told = json.loads(text)
    if not told["module"].startswith(OURS):
        raise ValueError(told["module"])
    return partial(getattr(import_module(told["module"]), told["name"]), *told["given"])


def answer(work: "partial[Any]", task: str) -> bytes:
    """Do some work on a task and return what comes of it as bytes."""
    found = work(task)
    if not isinstance(found, pd.DataFrame):
        return json.dumps(found, ensure_ascii=False).encode()
    table = pa.Table.from_pandas(found, preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def main() -> None:
    """Serve until there are no more tasks."""
    given, answers = own_pipes()
    work = work_of(get(given) or b"{}")
    while message := get(given):
        put(answers, answer(work, message.decode()))


if __name__ == "__main__":
    main()
