"""Stage results remembered under a key of everything they depend on.

A key is a hash of the inputs, the settings, the code of the suite and the
versions of the libraries, so nothing stale can be found. A finished stage is a
folder renamed into place, with a manifest of the hashes of its files; a folder
whose files do not match is made anew. Only parquet and npz without objects are
read back, never a pickle.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from policy_themes.errors import OutputError
from policy_themes.store.files import sha256_of
from policy_themes.store.unfinished import PREFIX, begun, finished, is_being_filled, left_over

T = TypeVar("T")
LIBRARIES = (
    "ahocorasick-rs", "charset-normalizer", "fonttools", "gensim", "jieba", "jinja2", "lxml", "matplotlib", "nbclient", "nbconvert",
    "numpy", "opencc-purepy", "pandas", "pillow", "pyarrow", "pypandoc-binary", "pypdfium2", "python-calamine", "rensa", "rjieba",
    "scikit-learn", "scipy", "simplemma", "tomotopy", "topica", "trafilatura", "typst",
)  # fmt: skip
MAX_STAGES, MAX_BYTES = 40, 4 << 30
STAGE = re.compile(r"[a-z]{1,40}-[0-9a-f]{24}")
DAY = 86_400.0


def digest(*parts: object) -> str:
    """
    Hash plain values (text, numbers, lists, mappings) in a stable way.

    Examples
    --------
    >>> digest("a", 1) == digest("a", 1), digest("a", 1) == digest("a", "1")
    (True, False)
    """
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@cache
def code_digest() -> str:
    """Hash every file of the package: source, data, fonts, templates."""
    total = hashlib.sha256()
    root = Path(str(files("policy_themes")))
    for path in sorted(root.rglob("*")):
        if path.suffix != ".pyc" and path.is_file():
            total.update(path.relative_to(root).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()


def stage_key(key: str) -> str:
    """Return a key with the code and the libraries that make the result."""
    return digest(key, code_digest(), library_versions())


@cache
def library_versions() -> Mapping[str, str]:
    """Return the versions of the libraries that can change a result; some machines lack one that has a substitute."""
    return {name: version(name) for name in LIBRARIES if _is_installed(name)}


def _is_installed(name: str) -> bool:
    """Tell whether a distribution is there."""
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def default_root() -> Path | None:
    """
    Return the folder of the user's cache, or None where there is none.

    ``POLICY_THEMES_CACHE`` names another place; an empty value switches it off.
    """
    named = os.environ.get("POLICY_THEMES_CACHE")
    if named is not None:
        return Path(named) if named else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "policy-themes"
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", str(home))) / "policy-themes"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "policy-themes"


class StageCache:
    """
    Remembers the results of stages on disk.

    Parameters
    ----------
    root : Path or None
        Where they are kept; None remembers nothing.
    fresh : bool, default False
        Make every stage anew (and remember it).
    """

    def __init__(self, root: Path | None, *, fresh: bool = False) -> None:
        self.root = root
        self.fresh = fresh

    def get(
        self,
        stage: str,
        key: str,
        *,
        make: Callable[[], T],
        save: Callable[[T, Path], None],
        load: Callable[[Path], T],
        keep: Callable[[T], bool] = lambda _: True,
    ) -> T:
        """
        Return a stage's result, from disk if it is there, else made and kept.

        Parameters
        ----------
        stage : str
            Name of the stage, for the folder.
        key : str
            Hash of its inputs and settings; code and library versions are added.
        make, save, load : callable
            Compute the result; write it into an empty folder; read it back.
        keep : callable
            Whether a result is what its key says, and may be remembered.
        """
        found = self.find(stage, key, load=load)
        if found is not None:
            return found
        result = make()
        if keep(result):
            self.put(stage, key, result, save=save)
        return result

    @contextlib.contextmanager
    def folder(
        self, stage: str, key: str, *, whose: str, write: Callable[[Path, Sequence[Path]], bool]
    ) -> Iterator[Path]:
        """
        Yield the folder of a stage that is larger than memory.

        Parameters
        ----------
        stage, key
            As in `get`.
        whose : str
            Under which an interrupted run left what it had.
        write : callable
            Fills an empty folder, given what interrupted runs left; returns whether
            it is what its key says, and may be remembered. One that is not
            remembered is gone afterwards.

        Raises
        ------
        OutputError
            If there is no room for it.
        """
        there = self.standing(stage, key)
        if there is not None:
            yield there
            return
        name = f"{stage}-{stage_key(whose)[:24]}"
        with begun(self.root, name) as folder:
            with left_over(None if self.fresh else self.root, name) as left:
                try:
                    kept = write(folder, left)
                except OutputError as error:
                    variable = "TMPDIR" if folder.parent != self.root else "POLICY_THEMES_CACHE"
                    raise OutputError(
                        error.message, hint=f"Free some space, or name another place: {variable}."
                    ) from error
            yield (self._settled(folder, stage, key) if kept else None) or folder

    def _settled(self, folder: Path, stage: str, key: str) -> Path | None:
        """Move the folder of a stage to its place and return that; None where it cannot be moved."""
        if self.root is None:
            return None
        # Another run may have been faster, and reads there what would be taken away under it.
        there = self.standing(stage, key)
        if there is not None:
            return there
        finished(folder)
        place = self._place(self.root, stage, key)
        return place if _settle(folder, place) else None

    def standing(self, stage: str, key: str) -> Path | None:
        """Return the folder of a stage if it is there, its files as they were written."""
        if self.root is None or self.fresh:
            return None
        place = self._place(self.root, stage, key)
        if not _is_whole(place):
            return None
        with contextlib.suppress(OSError):  # a read-only cache serves as well
            os.utime(place)
        return place

    def find(self, stage: str, key: str, *, load: Callable[[Path], T]) -> T | None:
        """Return a stage's result if it is there, its files as they were written."""
        place = self.standing(stage, key)
        return None if place is None else load(place)

    def put(self, stage: str, key: str, result: T, *, save: Callable[[T, Path], None]) -> None:
        """Keep a stage's result in the place of what was there under its key."""
        if self.root is not None:
            self._keep(self._place(self.root, stage, key), result, save)

    @staticmethod
    def _place(root: Path, stage: str, key: str) -> Path:
        """Return the folder of a stage."""
        return root / f"{stage}-{stage_key(key)[:24]}"

    def _keep(self, place: Path, result: T, save: Callable[[T, Path], None]) -> None:
        """Write a stage beside its place and move it there; a full or read-only disk is no failure."""
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place.parent))
        except OSError:
            return
        try:
            save(result, temporary)
            _settle(temporary, place)
        except OSError:
            pass
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def _settle(temporary: Path, place: Path) -> bool:
    """Put a manifest into a finished stage and move it to its place; tell whether it is there."""
    try:
        sums = {name: sha256_of(path) for name, path in _files(temporary).items()}
        (temporary / "manifest.json").write_text(json.dumps(sums, sort_keys=True), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        os.replace(temporary, place)
    except OSError:
        return False
    with contextlib.suppress(OSError):
        _prune(place.parent)
    return True


def _files(folder: Path) -> dict[str, Path]:
    """Return the files of a stage under their names in it."""
    return {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}


def _is_whole(place: Path) -> bool:
    """Tell whether a stage is there with every file as it was written."""
    try:
        sums = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        found = _files(place)
        del found["manifest.json"]
        return set(sums) == set(found) and all(sha256_of(found[name]) == value for name, value in sums.items())
    except (OSError, ValueError, KeyError):
        return False


def _prune(root: Path) -> None:
    """Drop the stages that were not used for longest, and what a killed run left a day ago or more."""
    for path in root.glob(f"{PREFIX}*"):
        if path.stat().st_mtime < time.time() - DAY and not is_being_filled(path):
            shutil.rmtree(path, ignore_errors=True)
    ours = (path for path in root.iterdir() if STAGE.fullmatch(path.name) and (path / "manifest.json").is_file())
    held = 0
    for number, stage in enumerate(sorted(ours, key=lambda path: -path.stat().st_mtime)):
        held += sum(path.stat().st_size for path in _files(stage).values())
        if number and (number >= MAX_STAGES or held > MAX_BYTES):
            shutil.rmtree(stage, ignore_errors=True)
