"""Processes of our own beside this one: how they are started, and how messages go through their pipes."""

import os
import subprocess
import sys
from typing import BinaryIO

_LENGTH = 8


def start_worker(module: str) -> "subprocess.Popen[bytes]":
    """
    Start a module in a process of its own: the modules of this one, none of the working folder's.

    Its pipes carry messages (`put`, `get`). The main program is not imported,
    as `multiprocessing` would.
    """
    path = os.pathsep.join(place for place in sys.path if place)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        # Ctrl-C goes to this process alone, which ends its workers.
        start_new_session=os.name == "posix",
    )


def own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take standard input and output for messages, in a worker; a library that prints writes to nowhere."""
    given, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    return given, answers


def put(stream: BinaryIO, message: bytes) -> None:
    """Write a message, its length before it."""
    stream.write(len(message).to_bytes(_LENGTH, "big") + message)
    stream.flush()


def get(stream: BinaryIO) -> bytes | None:
    """
    Read a message; None where there is none left.

    Raises
    ------
    EOFError
        If it does not come whole.
    """
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    message = stream.read(int.from_bytes(head, "big"))
    if len(message) < int.from_bytes(head, "big"):
        raise EOFError
    return message
