"""Processes that answer one message at a time, whichever is free; one that has died is told from one that answers."""

import subprocess
from contextlib import suppress
from queue import SimpleQueue
from typing import BinaryIO, Self, cast

from policy_themes.store.process import get, put, start_worker


class Crew:
    """
    Some processes of one module of ours.

    Parameters
    ----------
    module : str
        It reads messages from `policy_themes.store.process.own_pipes`, the greeting first, and answers each other one.
    greeting : bytes
        Goes to a process before its first message: whoever starts a crew does not wait for it.
    workers : int
    """

    def __init__(self, module: str, greeting: bytes, workers: int) -> None:
        self._idle: SimpleQueue[tuple[subprocess.Popen[bytes], bytes]] = SimpleQueue()
        self._processes = [start_worker(module) for _ in range(workers)]
        for process in self._processes:
            self._idle.put((process, greeting))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """End all of them, whatever they are doing."""
        for process in self._processes:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    cast("BinaryIO", stream).close()

    def ask(self, message: bytes) -> bytes:
        """
        Return the answer of a process to a message; for several threads at once.

        Raises
        ------
        EOFError, OSError, ValueError
            If the process has died.
        """
        process, greeting = self._idle.get()
        try:
            if greeting:
                put(cast("BinaryIO", process.stdin), greeting)
            put(cast("BinaryIO", process.stdin), message)
            answer = get(cast("BinaryIO", process.stdout))
            if answer is None:
                raise EOFError
            return answer
        finally:
            self._idle.put((process, b""))
