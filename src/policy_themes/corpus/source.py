"""A folder's documents, read, or remembered: all of them where nothing has changed, else those that have not."""

from pathlib import Path
from typing import TYPE_CHECKING

from policy_themes.corpus.again import unchanged
from policy_themes.corpus.extract.records import Columns
from policy_themes.corpus.fingerprint import Listing, reading_key, source_key
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.overrides import load_overrides
from policy_themes.corpus.read import audited, read_files
from policy_themes.corpus.stored import is_of, is_stored, load_corpus, save_corpus
from policy_themes.errors import InsufficientDataError
from policy_themes.progress import track
from policy_themes.regions import Regions
from policy_themes.store.cache import StageCache, digest

if TYPE_CHECKING:
    from policy_themes.config import Settings
    from policy_themes.corpus.records import Corpus


def read_source(
    folder: Path, settings: "Settings", regions: Regions, cache: StageCache, listing: Listing | None = None
) -> "Corpus":
    """
    Read a folder, or load what ``policy-themes ingest`` wrote into it.

    Parameters
    ----------
    folder : Path
    settings : Settings
    regions : Regions
    cache : StageCache
    listing : Listing, optional
        Of the folder, where it was listed already.

    Returns
    -------
    Corpus
        Each document with the narrowest region it was found to be of.
    """
    if folder.is_dir() and is_stored(folder):
        return load_corpus(folder)
    overrides, columns = load_overrides(settings.file("overrides")), Columns(**settings.columns.model_dump())
    met = listing or Listing.of(folder, settings)
    whose = digest(str(folder.resolve()), reading_key(settings))

    def read() -> "Corpus":
        before = cache.find("readings", whose, load=load_corpus)
        found = read_files(
            folder,
            regions,
            overrides=overrides,
            columns=columns,
            listed=met.found,
            before=None if before is None else unchanged(before, met.hashes),
            progress=lambda items, total: track("reading", total=total)(items),
        )
        if is_of(found, met.hashes):
            cache.put("readings", whose, found, save=save_corpus)
        return audited(found)

    return cache.get(
        "corpus",
        source_key(met, settings),
        make=read,
        save=save_corpus,
        load=load_corpus,
        keep=lambda corpus: is_of(corpus, met.hashes),
    )


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
