"""Writing that never leaves half a file, into a folder that is ours alone.

`OutputFolder` is the one way by which the suite writes results: it locks the
folder, collects a whole run in a staging place inside it, and only when the
run has succeeded moves every file to where it belongs. A run that fails or is
interrupted leaves the last good output as it was; one that is killed while it
moves is carried to its end by the next. A folder that holds foreign files is
refused; in a folder of ours, foreign files stay, and one that bears the name
of a file that we never wrote is a reason to stop.
"""

import contextlib
import hashlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, TracebackType

from policy_themes.errors import OutputError, UsageError
from policy_themes.store import exchange
from policy_themes.store.lock import take

MARKER = ".policy-themes"
MARKER_TEXT = "Written by policy-themes. The next run replaces the files named here, and no others."
LOCK = ".policy-themes.lock"
STAGING = ".policy-themes.staging-"


def write_atomic(path: Path, content: bytes) -> None:
    """
    Write a file so that it is either the old one or the new one, never half.

    Raises
    ------
    OutputError
        If the place is full or unwritable; the old file is intact.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=path.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        raise _output_error(path, error) from error
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _output_error(path: Path, error: OSError) -> OutputError:
    """Say which place cannot be written and what to do."""
    return OutputError(
        f"{path} cannot be written: {error.strerror or error}.",
        hint="Free some space, or name another place with --out.",
    )


def sha256_of(path: Path) -> str:
    """
    Hash a file of any size.

    Raises
    ------
    OSError
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_apart(folder: Path, out: Path) -> None:
    """
    Refuse an output inside the input, or the input inside the output.

    Raises
    ------
    UsageError
    """
    source, target = folder.resolve(), out.resolve()
    if target.is_relative_to(source):
        raise UsageError(
            f"The output {out} lies inside the folder that is read, {folder}.",
            hint="Results would be read as documents; name a place outside it with --out.",
        )
    if source.is_relative_to(target):
        raise UsageError(f"The folder {folder} lies inside the output {out}.", hint="Name another place with --out.")


class OutputFolder:
    r"""
    A locked output folder whose files change all together, at the end.

    Parameters
    ----------
    path : Path
        Made where it is absent. Must be empty or carry our marker.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "out"
    >>> with OutputFolder(place) as out:
    ...     out.write("tables/a.csv", b"x\n")
    ...     out.commit()
    >>> (place / "tables" / "a.csv").read_bytes()
    b'x\n'
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None
        self._staging: Path | None = None

    def __enter__(self) -> "OutputFolder":
        if self.path.exists() and not self.path.is_dir():
            raise UsageError(f"The output {self.path} is a file.", hint="Name a folder with --out.")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._refuse_foreign()
            self._lock = take(self.path / LOCK)
            for stale in self.path.glob(f"{STAGING}*"):
                exchange.finish(stale, self.path)
            self._staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=self.path))
            self.staging.mkdir()
        except OSError as error:
            self._release()
            raise _output_error(self.path, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._release()

    def _release(self) -> None:
        """Drop the lock, and the staging place unless it holds what the next run has to finish."""
        if self._staging is not None and not (self._staging / exchange.READY).exists():
            shutil.rmtree(self._staging, ignore_errors=True)
        if self._lock is not None:
            with contextlib.suppress(OSError):  # the lock is held by the open file, not by its name
                (self.path / LOCK).unlink()
            os.close(self._lock)

    def _refuse_foreign(self) -> None:
        """Raise unless the folder is empty or ours."""
        inside = [entry.name for entry in self.path.iterdir() if not entry.name.startswith(MARKER)]
        if inside and not (self.path / MARKER).exists():
            raise OutputError(
                f"The output folder {self.path} holds files that are not ours (for example {sorted(inside)[0]!r}).",
                hint="Nothing was touched; name an empty or new folder with --out.",
            )

    @property
    def staging(self) -> Path:
        """The place where this run collects its files."""
        if self._staging is None:
            raise RuntimeError("the folder is not open")
        return self._staging / exchange.NEW

    @contextlib.contextmanager
    def filling(self) -> Iterator[Path]:
        """Give `staging` to whoever writes there; a lack of room is told as one of the output."""
        try:
            yield self.staging
        except OSError as error:
            raise _output_error(self.path, error) from error

    def write(self, name: str, content: bytes) -> None:
        """Stage one file under its name relative to the folder."""
        place = self.staging / name
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        except OSError as error:
            raise _output_error(self.path / name, error) from error

    def commit(self, *, obsolete: tuple[str, ...] = ()) -> None:
        """
        Move everything that was staged into place and remove what is obsolete.

        Parameters
        ----------
        obsolete : tuple of str
            Names that an earlier run of ours wrote and this one did not.
        """
        written = {path.relative_to(self.staging).as_posix() for path in exchange.staged(self.staging.parent)}
        gone = [name for name in obsolete if self._is_inside(name)]
        ours = self._ours()
        self._refuse_to_replace(written - ours)
        try:
            self.write(MARKER, "\n".join([MARKER_TEXT, *sorted(ours - {*gone} | written), ""]).encode())
            with _uninterrupted():
                exchange.carry_out(self.staging.parent, self.path, gone)
        except OSError as error:
            raise _output_error(self.path, error) from error

    def _is_inside(self, name: str) -> bool:
        """Tell whether a name, which a manifest held that anybody may have changed, is one in the folder."""
        return (self.path / name).resolve().is_relative_to(self.path.resolve())

    def _ours(self) -> set[str]:
        """Return the names of the files that runs of ours wrote."""
        with contextlib.suppress(FileNotFoundError):
            return set((self.path / MARKER).read_text(encoding="utf-8").splitlines()[1:])
        return set()

    def _refuse_to_replace(self, names: set[str]) -> None:
        """Raise if a file is there that we never wrote."""
        foreign = sorted(name for name in names if (self.path / name).exists())
        if foreign:
            raise OutputError(
                f"{self.path / foreign[0]} is there, and no run of ours wrote it.",
                hint="Nothing was touched; move it away, or name another place with --out.",
            )


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back until the block is done (main thread only; elsewhere nothing is held)."""
    pending: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        pending.append(number)

    try:
        before = signal.signal(signal.SIGINT, hold)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pending:
            raise KeyboardInterrupt
