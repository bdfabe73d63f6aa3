"""The themes of a study: counted, compared, quoted."""

from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from policy_themes import compare, scale
from policy_themes.study.documents import By
from policy_themes.study.words import Words
from policy_themes.text.units import Language

FEATURED = 6


class Themes(Words):
    """Documents with the themes in them."""

    @cached_property
    def hits(self) -> compare.ThemeHits:
        """Theme hits with their places, and counted by document."""
        return compare.find_hits(self.corpus, self.lexicon)

    @cached_property
    def cells(self) -> compare.CellIndex:
        """Cells of theme, year and region with the documents behind them."""
        return compare.CellIndex.of(self.hits.table, self.corpus.documents)

    def rates(
        self, *, by: Sequence[str] = ("year",), facets: bool = False, interval: compare.IntervalKind | None = None
    ) -> pd.DataFrame:
        """Return table ``theme_rates`` by year, region, another column of the documents, or none."""

        def compared() -> pd.DataFrame:
            with self._parts() as parts:
                if parts is not None and (kind := compare.chosen_kind(interval, self.settings)) != "pooled":
                    return scale.rates(scale.Here(), parts, self._setup, by=by, facets=facets, interval=kind)
            whole = (self.hits, self.corpus, self.lexicon, self.settings)
            return compare.corpus_rates(*whole, by=by, facets=facets, interval=interval)

        return self._once(("rates", tuple(by), facets, interval), compared).copy()

    def trends(self, *, periods: tuple[range, range] | None = None) -> pd.DataFrame:
        """Return table ``trends``: how every theme changes over the years, or between two periods."""
        by_year, by_cell = (self.rates(by=by, interval="none") for by in (["year"], ["year", "region_code"]))
        return compare.corpus_trends(by_year, by_cell, self.hits, self.corpus, self.settings, periods=periods)

    @cached_property
    def aligned(self) -> pd.DataFrame:
        """Texts in both languages: of the file ``aligned`` in the settings, or documents with their translation; ``zh, en, year``."""
        return compare.aligned_texts(self.corpus, self.settings.file("aligned"))

    @cached_property
    def language_agreement(self) -> pd.DataFrame:
        """Table ``language_agreement`` of these texts."""
        return compare.language_agreement(self.aligned, self.lexicon)

    def surface(self, theme: str, language: Language) -> pd.DataFrame:
        """Return table ``surface``: a theme's smoothed rates by year and region, with intervals for its wording."""
        cells = self.rates(by=["year", "region_code"], interval="none")
        return compare.corpus_surface(cells, self.hits, self.corpus, theme=self.checked([theme])[0], language=language)

    def diffusion(self, theme: str) -> pd.DataFrame:
        """Return table ``diffusion``: where a theme was first mentioned, and whether it stayed."""
        quoted = self.evidence(themes=self.checked([theme]))
        return compare.diffusion(self.hits.table, self.corpus.documents, quoted, theme=theme)

    def adoption(self) -> pd.DataFrame:
        """Return table ``adoption``: in how many regions every theme stands, year by year."""
        return compare.adoption(self.hits.table, self.corpus.documents)

    def evidence(self, *, themes: Sequence[str] | None = None, window: int | None = None) -> pd.DataFrame:
        """Return table ``evidence``: every hit in its sentence, or with a window of characters around it."""
        copies, key = self.settings.copies == "weighted", ("evidence", window)

        def quoted(themes: Sequence[str] | None) -> pd.DataFrame:
            return compare.evidence(self.corpus, self.hits, themes=themes, copies=copies, window=window)

        with self._parts() as parts:
            if parts is not None:
                return scale.quotations(scale.Here(), parts, self._setup, themes=themes, window=window)
        if themes is None:
            return self._once(key, lambda: quoted(None)).copy()
        if key not in self._made:  # a few themes are quoted sooner than all
            return quoted(themes)
        table = self._once(key, lambda: quoted(None))
        return table[table["theme"].isin(themes)].reset_index(drop=True)

    def phrase_evidence(self, phrase: str, *, window: int | None = None) -> pd.DataFrame:
        """Return table ``evidence``: every occurrence of a phrase, in whatever spelling or case it stands."""
        with self._parts() as parts:
            if parts is not None:
                return scale.quotations(scale.Here(), parts, self._setup, phrase=phrase, window=window)
        return compare.phrase_evidence(self.corpus, phrase, window=window)

    def wordings(self, theme: str, *, by: By) -> pd.DataFrame:
        """Return table ``wordings``: which wordings of a theme each year or region uses."""
        return compare.wordings(self.hits, self.corpus.documents, theme=self.checked([theme])[0], by=by)

    def featured(self, language: Language) -> list[str]:
        """
        Return the themes that figures show: those of the settings, or the most frequent.

        The first two of the lexicon come first where they occur at all.
        """
        if self.settings.themes:
            return self.checked(self.settings.themes)
        total = self.rates(by=(), interval="none")
        own = total[(total["language"] == language) & (total["n_hits"] > 0)]
        order = list(own.sort_values(["n_hits", "theme"], ascending=[False, True])["theme"])
        first = [theme for theme in self.lexicon.ids[:2] if theme in order]
        return [*first, *(theme for theme in order if theme not in first)][:FEATURED]

    def contrasts(self, question: compare.Question) -> pd.DataFrame:
        """Return table ``contrasts``: words that tell groups of documents apart, or what they say around a theme."""
        return compare.answer(self, question)

    def effects(self, theme: str, formula: str, *, cluster: compare.Cluster | None = None) -> pd.DataFrame:
        """Return table ``effects``: what region, institution, year … do to a theme's rate, all at once."""
        parts = (self.hits, self.corpus, self.lexicon, self.settings)
        return compare.theme_effects(*parts, theme=self.checked([theme])[0], formula=formula, cluster=cluster)

    def differences(self, question: compare.Question) -> pd.DataFrame:
        """Return table ``differences``: by how much the themes of two groups of documents differ."""
        return compare.differences(self, question)
