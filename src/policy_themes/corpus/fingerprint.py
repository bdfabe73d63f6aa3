"""What a reading depends on, as hashes: the folder, and the files of the user's own that decide what is read how."""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from policy_themes.config import OWN_FILES
from policy_themes.corpus.walk import Found, read_bytes, walk
from policy_themes.errors import UsageError
from policy_themes.store.cache import digest

if TYPE_CHECKING:
    from policy_themes.config import Settings


def list_folder(folder: Path) -> list[Found]:
    """
    List every path of a folder.

    Raises
    ------
    UsageError
        If it is no folder that may be read.
    """
    if not folder.exists():
        raise UsageError(f"The folder {folder} is not there.", hint="Check the path.")
    if not folder.is_dir():
        raise UsageError(f"{folder} is a file, and a folder of documents is needed.", hint="Name its folder.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise UsageError(f"The folder {folder} may not be read.", hint="Check its permissions.")
    return list(walk(folder))


@dataclass(frozen=True)
class Listing:
    """
    A folder as it was met, once: every path, and a hash of its content or why it has none.

    Attributes
    ----------
    found : tuple of Found
    hashes : mapping of str to str
        By path as shown.
    """

    found: tuple[Found, ...]
    hashes: Mapping[str, str]

    @classmethod
    def of(cls, folder: Path, settings: "Settings | None" = None) -> "Listing":
        """
        List and hash a folder; the files that the settings name (a dictionary, a lexicon) are no documents.

        Raises
        ------
        UsageError
            If it is none that may be read, or a file that the settings name is not there.
        """
        found = tuple(list_documents(folder, settings))
        return cls(found, {item.shown: _content(item) for item in found})


def list_documents(folder: Path, settings: "Settings | None" = None) -> list[Found]:
    """
    List every path of a folder; the files that the settings name are skipped.

    Raises
    ------
    UsageError
        As `list_folder`, and where a file that the settings name is not there.
    """
    own = {path for name in OWN_FILES if settings and (path := settings.file(name))}
    return [
        replace(item, outcome="skipped", reason="study_file") if own and item.path.resolve() in own else item
        for item in list_folder(folder)
    ]


def _content(item: Found) -> str:
    """Return the hash of a file, or what else is known of it."""
    if item.outcome is None:
        with suppress(OSError):
            return hashlib.sha256(read_bytes(item.path) or b"").hexdigest()
    return f"{item.outcome} {item.reason} {item.size}"


def source_key(listing: Listing, settings: "Settings") -> str:
    """Return the key of a reading: the folder, and what decides how it is read."""
    return digest(listing.hashes, reading_key(settings))


def reading_key(settings: "Settings") -> str:
    """Return the key of how files are read, whatever they are: the user's own regions, corrections and columns."""
    own = {name: settings.file(name) for name in ("regions", "overrides")}
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in own.items() if path}
    return digest(hashes, settings.columns.model_dump())
