"""The paths of a folder: every one met is yielded once, with what it is by name and kind alone."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

IGNORED = frozenset({".git", ".svn", ".ds_store", "thumbs.db", "desktop.ini", "__macosx", ".ipynb_checkpoints",
                     "study.yml", "readme.md"})  # fmt: skip
MAX_BYTES = 50_000_000
PAGES = (".html", ".htm", ".xhtml", ".shtml")
PAGE_FOLDERS = ("_files", ".files", "_file", ".fld")


@dataclass(frozen=True)
class Found:
    """
    A path met.

    Attributes
    ----------
    path : Path
    shown : str
        Relative to the folder, with forward slashes, always printable as UTF-8.
    outcome, reason : str or None
        What is settled without reading it; None: it is to be read.
    size : int
    """

    path: Path
    shown: str
    outcome: str | None = None
    reason: str | None = None
    size: int | None = None


def walk(folder: Path) -> Iterator[Found]:
    """Yield every path that is no folder, links not followed; and folders that are left out or cannot be listed."""
    closed: list[str] = []
    for place, folders, names in os.walk(folder, onerror=lambda error: closed.append(error.filename)):
        pages = {Path(name).stem for name in names if name.lower().endswith(PAGES)}
        apart = {name: reason for name in folders if (reason := _left_out(Path(place, name), pages))}
        folders[:] = sorted(name for name in folders if name not in apart)
        for name in sorted([*names, *apart]):
            path = Path(place, name)
            if name in apart:
                yield Found(path, shown(path, folder), "skipped", apart[name])
            else:
                yield _file(path, folder)
    for name in closed:
        yield Found(Path(name), shown(Path(name), folder), "quarantined", "unreadable")


def _left_out(path: Path, pages: set[str]) -> str | None:
    """Return why a folder is not entered."""
    if path.is_symlink():
        return "symlink"
    if path.name.lower() in IGNORED:
        return "ignored"
    if any(path.name.endswith(end) and path.name[: -len(end)] in pages for end in PAGE_FOLDERS):
        return "page_files"
    return None


def _file(path: Path, folder: Path) -> Found:
    """Look at one file without opening it."""
    name = shown(path, folder)
    if is_ignored(path):
        return Found(path, name, "skipped", "ignored")
    try:
        status = path.lstat()
    except OSError:
        return Found(path, name, "quarantined", "unreadable")
    if stat.S_ISLNK(status.st_mode):
        return Found(path, name, "skipped", "symlink")
    if not stat.S_ISREG(status.st_mode):
        return Found(path, name, "skipped", "not_regular")
    if status.st_size > MAX_BYTES:
        return Found(path, name, "quarantined", "too_large", status.st_size)
    return Found(path, name, None, None, status.st_size)


def is_ignored(path: PurePath) -> bool:
    """Tell whether a name is one that programs leave behind."""
    return any(part.lower() in IGNORED for part in path.parts[-2:]) or path.name.startswith(("~$", "._"))


def shown(path: Path, folder: Path) -> str:
    """Return a path as text; a name that is no UTF-8 gets codes and a hash, so that no two fall together."""
    relative = path.relative_to(folder).as_posix()
    try:
        relative.encode()
    except UnicodeEncodeError:
        content = relative.encode("utf-8", "surrogateescape")
        name = PurePosixPath(content.decode("utf-8", "backslashreplace"))
        return str(name.with_name(f"{name.stem}#{hashlib.sha256(content).hexdigest()[:8]}{name.suffix}"))
    return relative


def read_bytes(path: Path) -> bytes | None:
    """
    Read a regular file without following a link or waiting for a pipe; None if it changed meanwhile.

    Raises
    ------
    OSError
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags)
    with os.fdopen(handle, "rb") as stream:
        before = os.fstat(handle)
        content = stream.read(MAX_BYTES + 1)
        after = os.fstat(handle)
    same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
    return content if same and len(content) == after.st_size and stat.S_ISREG(after.st_mode) else None
