"""Folders of stages in the making: what a killed or interrupted run had finished of one serves the next.

Each is locked by the run that fills it, so that a living run's is never taken
for a dead one's.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from policy_themes.errors import OutputError
from policy_themes.store.lock import take

PREFIX, LOCK = ".new-", ".lock"


@contextmanager
def begun(root: Path | None, name: str) -> Iterator[Path]:
    """
    Give an empty folder to fill; it is gone afterwards, unless it was moved, or the run is interrupted.

    Parameters
    ----------
    root : Path or None
        Of the cache; where there is none, or it cannot be written, the folder lies among temporary files.
    name : str
        By which `left_over` finds it.
    """
    folder, lock, known = _made(root, name)
    try:
        yield folder
    except BaseException as error:
        if isinstance(error, Exception) or not known:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


@contextmanager
def left_over(root: Path | None, name: str) -> Iterator[list[Path]]:
    """Give the folders of that name that nobody fills any more; they are gone afterwards, unless something fails."""
    with ExitStack() as held:
        found = []
        for path in sorted(root.glob(f"{PREFIX}{name}-*")) if root is not None else []:
            with suppress(OSError, OutputError):
                # One without the file is being moved, or has just been made: it is its owner's.
                held.callback(os.close, take(path / LOCK, make=False))
                found.append(path)
        yield found
        for path in found:
            shutil.rmtree(path, ignore_errors=True)


def is_being_filled(folder: Path) -> bool:
    """Tell whether a living run holds a folder."""
    try:
        os.close(take(folder / LOCK, make=False))
    except OSError:
        return False
    except OutputError:
        return True
    return False


def finished(folder: Path) -> None:
    """Take the lock's file out of a folder that is filled, so that it can be moved."""
    (folder / LOCK).unlink(missing_ok=True)


def _made(root: Path | None, name: str) -> tuple[Path, int, bool]:
    """Make a folder and lock it, and tell whether it lies where the next run looks."""
    if root is not None:
        with suppress(OSError):
            root.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{name}-", dir=root))
            try:
                return folder, take(folder / LOCK), True
            except OSError:  # the disk is full to the last byte
                shutil.rmtree(folder, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="policy-themes-"))
    return folder, take(folder / LOCK), False
