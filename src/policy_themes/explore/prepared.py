"""What is computed once for a study, so that a click only adds up and draws.

Documents are tallied in cells of year, region, outlet, institution and kind; any
selection is some of these cells, and `compare.rates` turns their sums into the
same table that it makes of the selected documents themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes import compare, topics
from policy_themes.compare import Tally, ThemeHits
from policy_themes.explore.selection import Selection
from policy_themes.lexicon.records import Lexicon
from policy_themes.schema import rows
from policy_themes.study import Study
from policy_themes.text.units import Language
from policy_themes.vectorize import DocTerm

KEYS = ("year", "region_code", "outlet", "institution", "kind")
COLUMNS = ("outlet", "institution", "kind")
Chosen = NDArray[np.bool_]


class Coded:
    """
    A table whose columns of text are numbers, so that a selection of its rows takes no time.

    Parameters
    ----------
    table : DataFrame
        With some of `KEYS`, and ``language``.
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._n = len(table)
        self._year = table["year"].to_numpy(dtype=np.float64, na_value=np.nan)
        self._columns: dict[str, tuple[NDArray[np.int64], dict[str, int]]] = {}
        for name in ("language", "region_code", *COLUMNS):
            if name in table:
                codes, values = pd.factorize(table[name])
                self._columns[name] = (codes, {str(value): number for number, value in enumerate(values)})

    def chosen(self, selection: Selection, language: str | None = None) -> Chosen:
        """Tell which rows are selected; what is unknown is in no narrower selection."""
        kept = np.full(self._n, True)
        wanted = [("language", language), ("region_code", selection.region)]
        for name, value in (*wanted, *((name, getattr(selection, name)) for name in COLUMNS)):
            if value:
                codes, numbers = self._columns[name]
                kept &= codes == numbers.get(value, -2)
        if selection.regions:
            codes, numbers = self._columns["region_code"]
            kept &= np.isin(codes, [numbers[code] for code in selection.regions if code in numbers])
        if selection.first is not None:
            kept &= self._year >= selection.first
        if selection.last is not None:
            kept &= self._year <= selection.last
        if selection.year is not None:
            kept &= self._year == selection.year
        return kept


def chosen(table: pd.DataFrame, selection: Selection, language: str | None = None) -> Chosen:
    """Tell which rows of a table are selected that is looked at once."""
    return Coded(table).chosen(selection, language)


@dataclass(frozen=True)
class Counted:
    """
    Themes that were looked for, tallied.

    Attributes
    ----------
    hits : ThemeHits
    sums : Tally
        In cells of `KEYS`, facets included.
    lexicon : Lexicon
        Of these themes.
    method : str
        As ``theme_rates`` names it.
    """

    hits: ThemeHits
    sums: Tally
    lexicon: Lexicon
    method: str

    @classmethod
    def of(cls, study: Study, hits: ThemeHits, lexicon: Lexicon) -> "Counted":
        """Tally the documents of a study."""
        weights = study.corpus.weights if study.settings.copies == "weighted" else None
        sums = compare.tally(hits.table, study.corpus.documents, lexicon, keys=KEYS, facets=True, weights=weights)
        return cls(hits, sums, lexicon, compare.method_of(weights))

    @cached_property
    def headlines(self) -> compare.Headlines:
        """What speaks for each series in the whole study: it does not flip while documents are selected."""
        table = compare.rates_of(self.sums, self.lexicon, by=())
        return {
            (language, theme, facet or ""): headline
            for language, theme, facet, headline in zip(
                table["language"], table["theme"], table["facet"].astype(object).where(table["facet"].notna(), None),
                table["headline"], strict=True,
            )
        }  # fmt: skip

    @cached_property
    def _cells(self) -> tuple[tuple[Tally, Coded], tuple[Tally, Coded]]:
        """The cells, and larger ones for what does not ask for outlet, institution or kind."""
        large = self.sums.rolled(("year", "region_code"))
        return (self.sums, Coded(self.sums.cells)), (large, Coded(large.cells))

    def rates(
        self,
        selection: Selection,
        *,
        by: Sequence[str],
        language: str | None = None,
        theme: str | None = None,
        facets: bool = False,
        held: bool = True,
    ) -> pd.DataFrame:
        """
        Return table ``theme_rates`` of selected documents.

        Parameters
        ----------
        selection : Selection
        by : sequence of {"year", "region_code"}
        language : {"zh", "en"}, optional
            One only.
        theme : str, optional
            One only.
        facets : bool, default False
            Rows for the facets as well.
        held : bool, default True
            Whether rate or share was settled by the whole study; else the selected documents say.
        """
        sums, coded = self._cells[not any(getattr(selection, name) for name in COLUMNS)]
        series = np.full(len(sums.series), True) if facets else (sums.series["facet"] == "").to_numpy(dtype=np.bool_)
        if theme is not None:
            series = series & (sums.series["theme"] == theme).to_numpy(dtype=np.bool_)
        sums = sums.of_series(series).only(coded.chosen(selection, language))
        said = self.headlines if held else None
        return compare.rates_of(sums, self.lexicon, by=by, method=self.method, headlines=said)


class Prepared:
    """
    A study with what a click needs.

    Parameters
    ----------
    study : Study
    """

    def __init__(self, study: Study) -> None:
        self.study = study

    @cached_property
    def counted(self) -> Counted:
        """The themes of the lexicon."""
        return Counted.of(self.study, self.study.hits, self.study.lexicon)

    @cached_property
    def documents(self) -> pd.DataFrame:
        """Documents that count, by their number."""
        return self.study.corpus.unique

    @cached_property
    def source_breaks(self) -> pd.DataFrame:
        """Table ``source_breaks``."""
        return self.study.source_breaks

    @cached_property
    def _terms(self) -> dict[Language, DocTerm]:
        """What was computed."""
        return {}

    def doc_term(self, language: Language) -> DocTerm:
        """Return documents × terms of one language."""
        if language not in self._terms:
            self._terms[language] = self.study.doc_term(language)
        return self._terms[language]

    @cached_property
    def _named(self) -> dict[Language, dict[int, Any]]:
        """What was computed."""
        return {}

    def topic_names(self, language: Language) -> dict[int, Any]:
        """Return the row of table ``topic_names`` of each topic."""
        if language not in self._named:
            study = self.study
            file = study.settings.file("topic_names")
            given = topics.read_names(file) if file else None
            table = topics.topic_names(study.topics(language), study.theme_topics(language), given)
            self._named[language] = {int(row.topic): row for row in rows(table) if row.topic is not None}
        return self._named[language]

    @cached_property
    def coded(self) -> Coded:
        """The same, to be selected from."""
        return Coded(self.documents)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of regions, those of the documents and those of the table."""
        return frozenset(self.study.regions.table) | frozenset(self.documents["region_code"].dropna())

    @cached_property
    def titles(self) -> dict[str, str]:
        """Title of each document that has one."""
        known = self.study.corpus.documents.dropna(subset=["title"])
        return dict(zip(known["doc_id"], known["title"], strict=True))

    def n_docs(self, selection: Selection, language: str) -> int:
        """Return how many documents are selected."""
        return int(self.coded.chosen(selection, language).sum())

    def ways_back(self, selection: Selection, language: str) -> list[tuple[str, int]]:
        """Return each field that narrows down, with how many documents there are without it."""
        found = [(name, self.n_docs(selection.without(name), language)) for name in selection.narrowing]
        return sorted((way for way in found if way[1] > 0), key=lambda way: -way[1])
