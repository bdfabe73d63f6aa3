"""A folder's documents, read, or remembered: all of them where nothing has changed, else those that have not."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from policy_themes.corpus.again import Before
from policy_themes.corpus.audit import audit
from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.fingerprint import Listing, reading_key, source_key
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.overrides import load_overrides
from policy_themes.corpus.read import read_parts
from policy_themes.corpus.stored import is_of, is_stored, load_corpus
from policy_themes.errors import InsufficientDataError
from policy_themes.progress import track
from policy_themes.regions import Regions
from policy_themes.store.cache import StageCache, digest

if TYPE_CHECKING:
    from policy_themes.config import Settings
    from policy_themes.corpus.records import Corpus

STAGE, LATEST = "corpus", "key.txt"


def read_source(
    folder: Path, settings: "Settings", regions: Regions, cache: StageCache, listing: Listing | None = None
) -> "Corpus":
    """
    Read a folder into memory, or load what ``policy-themes ingest`` wrote into it.

    Parameters
    ----------
    folder, settings, regions, cache, listing
        As in `stored_source`.

    Returns
    -------
    Corpus
        Each document with the narrowest region it was found to be of.
    """
    with stored_source(folder, settings, regions, cache, listing) as place:
        return load_corpus(place)


@contextmanager
def stored_source(
    folder: Path, settings: "Settings", regions: Regions, cache: StageCache, listing: Listing | None = None
) -> Iterator[Path]:
    """
    Read a folder into parts on disk, or find them there; the memory it takes does not grow with the folder.

    Parameters
    ----------
    folder : Path
        Of documents, or what ``policy-themes ingest`` wrote.
    settings : Settings
    regions : Regions
    cache : StageCache
    listing : Listing, optional
        Of the folder, where it was listed already.

    Yields
    ------
    Path
        Of a stored corpus, only to be read.
    """
    if folder.is_dir() and is_stored(folder):
        yield folder
        return
    overrides, columns = load_overrides(settings.file("overrides")), Columns(**settings.columns.model_dump())
    met = listing or Listing.of(folder, settings)
    key, whose = source_key(met, settings), digest(str(folder.resolve()), reading_key(settings))

    def write(place: Path, left: Sequence[Path]) -> bool:
        last = cache.find("latest", whose, load=lambda known: (known / LATEST).read_text(encoding="ascii"))
        earlier = None if last is None else cache.standing(STAGE, last)
        known = [*left, *([] if earlier is None else [earlier])]
        read_parts(
            folder,
            regions,
            place,
            overrides=overrides,
            columns=columns,
            listed=met.found,
            before=Before(known, met.hashes) if known else None,
            progress=lambda items, total: track("reading", total=total)(items),
        )
        kept = is_of(audit(place), met.hashes)
        if kept:
            cache.put("latest", whose, key, save=_note)
        return kept

    with cache.folder(STAGE, key, whose=whose, write=write) as place:
        yield place


def _note(key: str, folder: Path) -> None:
    """Write down under which key a folder was read last."""
    (folder / LATEST).write_text(key, encoding="ascii")


def compared_part(source: "Corpus", settings: "Settings", regions: Regions) -> "Corpus":
    """
    Return what is compared of the documents that were read: copies, part and regions as the settings say.

    Raises
    ------
    InsufficientDataError
        If no document has the part.
    """
    corpus = source.with_copies() if settings.copies == "all" else source
    if settings.part != "all":
        corpus = corpus.of_part(settings.part)
    if corpus.documents.empty:
        raise InsufficientDataError(
            f"No document has a part `{settings.part}`.",
            hint="Only work reports with chapters have; set `part: all`.",
        )
    return corpus.at_level(settings.region_level, Gazetteer(regions))
