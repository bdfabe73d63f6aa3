"""The whole pipeline over one folder: every stage computed once, when it is first asked for.

A `Study` is the one thing that a notebook, the report and the command line
hold. Its attributes are the records and tables of the stages; it computes
nothing of its own. What it can be asked for stands in four modules, each
building on the one before: documents, words, themes, topics.
"""

from pathlib import Path

from policy_themes.config import find_settings
from policy_themes.corpus.fingerprint import Listing
from policy_themes.store.cache import StageCache, default_root
from policy_themes.study.documents import By
from policy_themes.study.topics import Topics

__all__ = ["By", "Study", "open_study"]


class Study(Topics):
    """A folder of documents and everything computed from it."""


def open_study(
    folder: Path | str, settings: Path | str | None = None, *, fresh: bool = False, listing: Listing | None = None
) -> Study:
    """
    Open a folder of documents.

    Parameters
    ----------
    folder : path
        Documents, or what ``policy-themes ingest`` wrote.
    settings : path, optional
        A ``study.yml``; without it, one that lies in the folder is taken.
    fresh : bool, default False
        Compute every stage anew.
    listing : Listing, optional
        Of the folder, where it was listed already.

    Returns
    -------
    Study
    """
    place = Path(folder)
    named = Path(settings) if settings else None
    return Study(place, find_settings(place, named), cache=StageCache(default_root(), fresh=fresh), listing=listing)
