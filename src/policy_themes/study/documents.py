"""The documents of a study, and the data that they are read by: themes, regions, calendar."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Literal, Self, TypeVar, cast

import pandas as pd

from policy_themes import compare, scale
from policy_themes.calendar import Occasion, load_calendar
from policy_themes.config import Settings
from policy_themes.corpus import Corpus
from policy_themes.corpus.fingerprint import Listing
from policy_themes.corpus.sample import load_sample
from policy_themes.corpus.source import compared_part, stored_source
from policy_themes.corpus.stored import MANY_PARTS, load_corpus, n_parts
from policy_themes.lexicon import Lexicon, checked, load_lexicon
from policy_themes.progress import say
from policy_themes.regions import Regions, load_regions
from policy_themes.schema import rows
from policy_themes.store.cache import StageCache
from policy_themes.text.units import LANGUAGES, Language

By = Literal["year", "region_code"]
T = TypeVar("T")


class Documents:
    """
    A folder of documents.

    Parameters
    ----------
    folder : Path
    settings : Settings
    cache : StageCache
    listing : Listing, optional
        Of the folder, where it was listed already.
    """

    def __init__(self, folder: Path, settings: Settings, *, cache: StageCache, listing: Listing | None = None) -> None:
        self.folder = folder
        self.settings = settings
        self.cache = cache
        self.listing = listing
        self._made: dict[tuple[object, ...], object] = {}

    def _once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what was made under a key, the name of the stage first, or make it."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    @cached_property
    def lexicon(self) -> Lexicon:
        """The themes."""
        return load_lexicon(self.settings.file("lexicon"), replace=self.settings.lexicon_mode == "replace")

    @cached_property
    def regions(self) -> Regions:
        """The region scheme."""
        return load_regions(self.settings.file("regions"))

    @cached_property
    def calendar(self) -> tuple[Occasion, ...]:
        """Years of congresses, terms and plans."""
        return load_calendar(self.settings.file("calendar"))

    @contextmanager
    def stored(self) -> Iterator[Path]:
        """Give the documents as they lie on disk, in parts, for what is counted part by part."""
        with stored_source(self.folder, self.settings, self.regions, self.cache, self.listing) as place:
            yield place

    @cached_property
    def source(self) -> Corpus:
        """The documents as they were read, or a sample of them, each with the narrowest region it was found to be of."""
        with self.stored() as place:
            if self.settings.sample is not None:
                return load_sample(place, self.settings.sample, seed=self.settings.seed)
            if n_parts(place) > MANY_PARTS:
                say(f"loading {n_parts(place)} parts into memory; `sample: 5000` in study.yml takes some documents …")
            return load_corpus(place)

    @property
    def _setup(self) -> scale.Setup:
        """What is counted by, for the processes that count parts."""
        return replace(scale.Setup.of_study(self.settings), lexicon=self.lexicon)

    @property
    def _divisible(self) -> bool:
        """Whether what is counted part by part is what is asked for."""
        asked = self.settings
        return asked.part == "all" and asked.copies != "weighted" and asked.sample is None

    @contextmanager
    def _parts(self) -> Iterator[scale.Parts | None]:
        """Give the parts where there are too many documents to lie in memory, unless they do already or are a sample."""
        if "source" in self.__dict__ or not self._divisible:
            yield None
            return
        with self.stored() as place:
            yield scale.Parts(place) if n_parts(place) > MANY_PARTS else None

    @cached_property
    def corpus(self) -> Corpus:
        """The documents with the regions that are compared, and the ledger."""
        return compared_part(self.source, self.settings, self.regions)

    def part(self, part: Literal["review", "plan"]) -> Self:
        """Return the same study of what work reports review, or of what they plan."""
        return type(self)(
            self.folder, self.settings.model_copy(update={"part": part}), cache=self.cache, listing=self.listing
        )

    @cached_property
    def languages(self) -> tuple[Language, ...]:
        """Languages of the documents, the most frequent first."""
        counts = self.corpus.unique["language"].value_counts()
        return tuple(sorted((name for name in LANGUAGES if name in counts), key=lambda name: -int(counts[name])))

    def _n_docs(self, language: Language) -> int:
        """Return how many documents a language has."""
        return int((self.corpus.unique["language"] == language).sum())

    def groups(self, by: By) -> Mapping[str, str]:
        """Return the year or region of each document that has one, as text."""
        return {row.doc_id: str(getattr(row, by)) for row in rows(self.corpus.unique.dropna(subset=[by]))}

    def checked(self, themes: Sequence[str]) -> list[str]:
        """Return theme identifiers after making sure that the lexicon has them."""
        return checked(themes, self.lexicon)

    @cached_property
    def composition(self) -> pd.DataFrame:
        """Table ``composition``: of what the documents of each year consist."""
        return compare.composition(self.corpus.documents)

    @property
    def source_breaks(self) -> pd.DataFrame:
        """Table ``source_breaks``: years in which the kind of source changes."""
        return compare.source_breaks(self.composition)
