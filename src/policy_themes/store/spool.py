"""Byte strings by number: in memory while they are few, in a file that nobody else sees when they are many."""

from contextlib import AbstractContextManager
from tempfile import SpooledTemporaryFile
from typing import Self

import numpy as np

IN_MEMORY = 64 << 20


class Spool(AbstractContextManager["Spool"]):
    """
    A list of byte strings that takes no more memory than a few of them, however many there are.

    Parameters
    ----------
    in_memory : int, default 64 MiB
        Beyond so many bytes in all they lie in the folder of temporary files, which is free of them afterwards.

    Examples
    --------
    >>> with Spool() as spool:
    ...     numbers = [spool.add(b"one"), spool.add(b""), spool.add(b"three")]
    ...     spool[2], spool[0], len(spool)
    (b'three', b'one', 3)
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._file = SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115  # closed by `__exit__`
        self._ends = np.zeros(1024, dtype=np.int64)
        self._n = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return self._n

    def add(self, data: bytes) -> int:
        """Append a byte string and return its number."""
        if self._n + 1 == len(self._ends):
            self._ends = np.concatenate([self._ends, np.zeros_like(self._ends)])
        self._file.seek(int(self._ends[self._n]))
        self._file.write(data)
        self._ends[self._n + 1] = self._ends[self._n] + len(data)
        self._n += 1
        return self._n - 1

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < self._n:
            raise IndexError(number)
        begin, end = int(self._ends[number]), int(self._ends[number + 1])
        self._file.seek(begin)
        return self._file.read(end - begin)
