"""A folder's lock: taken at once or refused, held by an open file, so that a dead owner holds nothing."""

import os
from pathlib import Path

from policy_themes.errors import OutputError


def take(path: Path, *, make: bool = True) -> int:
    """
    Take the lock of a folder.

    Parameters
    ----------
    path : Path
        Of the lock file in the folder.
    make : bool, default True
        Whether to make the file where there is none; else that is an OSError.

    Returns
    -------
    int
        The open descriptor; to close it lets go.

    Raises
    ------
    OutputError
        If another process holds it, which is named.
    """
    flags = os.O_RDWR | (os.O_CREAT if make else 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        if os.name == "nt":  # pragma: no cover
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever held it may just have removed it: a lock on a file that is gone is none.
        if os.fstat(descriptor).st_ino != path.stat().st_ino:
            raise FileNotFoundError(path)
    except OSError as error:
        holder = os.read(descriptor, 100).decode("ascii", "replace").strip() or "another process"
        os.close(descriptor)
        raise OutputError(
            f"The output folder {path.parent} is locked by {holder}.",
            hint="Wait for that run to end, or name another place with --out.",
        ) from error
    os.ftruncate(descriptor, 0)
    os.write(descriptor, f"pid {os.getpid()}".encode())
    return descriptor
