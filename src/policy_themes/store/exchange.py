"""The old files of a folder exchanged for the new ones: all of them or none, whatever breaks in between.

What is replaced is first put aside. If a move fails, everything goes back. If
the process is killed, or the power fails, the list of what was to be done
still lies there, and whoever opens the folder next carries it to its end.
"""

import json
import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

NEW, OLD, READY = "new", "old", "ready.json"


def carry_out(staging: Path, folder: Path, obsolete: Sequence[str]) -> None:
    """
    Move all that is staged into a folder, and what is obsolete out of it.

    Parameters
    ----------
    staging : Path
        On the same file system; the files lie in its ``new``.
    folder : Path
    obsolete : sequence of str
        Names in the folder.

    Raises
    ------
    OSError
        Everything is as it was.
    """
    for path in staged(staging):
        _to_disk(path)
    ready = staging / READY
    ready.write_text(json.dumps(list(obsolete)), encoding="utf-8")
    _to_disk(ready)
    moved: list[Path] = []
    try:
        _move(staging, folder, obsolete, moved)
    except OSError:
        _undo(staging, folder, moved)
        ready.unlink()
        raise
    with suppress(OSError):  # done all the same: the next run finds nothing left to move
        ready.unlink()


def finish(staging: Path, folder: Path) -> None:
    """
    Carry to its end what a killed run had begun to move; what was not ready is dropped.

    Raises
    ------
    OSError
        It can be tried again.
    """
    try:
        obsolete = json.loads((staging / READY).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):  # absent or half written: nothing was moved yet
        obsolete = None
    if obsolete is not None:
        _move(staging, folder, obsolete, [])
    shutil.rmtree(staging)


def staged(staging: Path) -> list[Path]:
    """Return every file that is staged: first what marks the folder as ours, last the manifest, which names the others."""
    files = (path for path in (staging / NEW).rglob("*") if path.is_file())
    return sorted(files, key=lambda path: (not path.name.startswith("."), path.name == "manifest.json", path))


def _move(staging: Path, folder: Path, obsolete: Sequence[str], moved: list[Path]) -> None:
    """Move what is left to move, and note what was moved."""
    for source in staged(staging):
        name = source.relative_to(staging / NEW)
        _put_aside(staging, folder, name)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, folder / name)
        moved.append(name)
    for gone in obsolete:
        _put_aside(staging, folder, Path(gone))
        if (folder / gone).is_file():
            (folder / gone).unlink()
            moved.append(Path(gone))


def _put_aside(staging: Path, folder: Path, name: Path) -> None:
    """Keep what is replaced until all is done; until then it stays in its place, too."""
    kept = staging / OLD / name
    if (folder / name).is_file() and not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(folder / name, kept)
        except OSError:  # a file system without links
            shutil.copy2(folder / name, kept)


def _undo(staging: Path, folder: Path, moved: Sequence[Path]) -> None:
    """Take back what was moved, and put back what was there before."""
    for name in moved:
        if (folder / name).exists():
            os.replace(folder / name, staging / NEW / name)
        if (staging / OLD / name).exists():
            os.replace(staging / OLD / name, folder / name)


def _to_disk(path: Path) -> None:
    """Make sure that a file outlives a power cut."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
