"""A document that orders its reader to misbehave: how the tests prove the isolation. Read only where they ask for it."""

import os
import time

HOARD: list[bytearray] = []


def misbehave(content: bytes) -> None:
    """Do what the first word says."""
    order = content.split()[0].decode("ascii")
    if order == "segfault":
        import ctypes

        ctypes.string_at(0)
    elif order == "exit":
        os._exit(0)
    elif order == "hang":
        time.sleep(3600)
    elif order == "spin":
        while True:
            pass
    elif order == "memory":
        _ = bytearray(8 << 30)
    elif order == "hoard":
        try:
            while True:
                HOARD.append(bytearray(1 << 20))
        except MemoryError:
            del HOARD[-4:]  # room to say so
            raise
    elif order == "raise":
        raise RuntimeError("as ordered")
    elif order == "recursion":
        misbehave(content)
