"""Whether a run would make what is there already: known before anything heavy is loaded."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from policy_themes.config import OWN_FILES, find_settings
from policy_themes.corpus.fingerprint import Listing
from policy_themes.report.manifest import is_as_written, read_manifest
from policy_themes.store.cache import digest, stage_key

if TYPE_CHECKING:
    from policy_themes.config import Settings


@dataclass(frozen=True)
class Wanted:
    """
    What a call asks for.

    Attributes
    ----------
    settings : Settings
    listing : Listing
        Of the folder.
    key : str
        Hash of all that the output hangs on: folder, settings and the files that they name, code, libraries, call.
    """

    settings: "Settings"
    listing: Listing
    key: str

    @classmethod
    def of(cls, folder: Path, study: Path | None, command: str, *more: object) -> Self:
        """
        Read the settings and list the folder.

        Parameters
        ----------
        folder : Path
        study : Path or None
            A study file; without it, one that lies in the folder is taken.
        command : str
            What was called; it is part of what is written.
        *more
            Plain values that decide what is written besides.

        Raises
        ------
        UsageError
        """
        settings = find_settings(folder, study)
        listing = Listing.of(folder, settings)
        own = {name: settings.file(name) for name in OWN_FILES}
        hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in own.items() if path}
        given = (listing.hashes, hashes, settings.model_dump(mode="json"), command, *more)
        return cls(settings, listing, stage_key(digest(*given)))

    def standing(self, out: Path) -> Mapping[str, Any]:
        """Return the manifest of an output that is what is wanted, every file as it was written; else nothing."""
        manifest = read_manifest(out)
        return manifest if manifest.get("key") == self.key and is_as_written(out, manifest) else {}


def first_files(out: Path) -> list[Path]:
    """Return what a person opens first of a report that is there."""
    return [out / name for name in ("report.html", "report.docx", "report.pdf") if (out / name).exists()]
