"""What a view asks about: a theme, a part of one, or a phrase of one's own, each with its tally and its name.

A part and a phrase stand in as themes with names of their own, so that the figures
draw them as they draw any theme.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from policy_themes import compare
from policy_themes.errors import UsageError, closest
from policy_themes.explore.prepared import Counted, Prepared
from policy_themes.explore.selection import Selection
from policy_themes.explore.view import View
from policy_themes.figures import Labels
from policy_themes.lexicon.records import Label, Lexicon, Phrases, Theme
from policy_themes.study import Study
from policy_themes.text.normalize import normalize

Rows = NDArray[np.int64]
PHRASE = "own_phrase"
PART = "part"


@dataclass(frozen=True)
class Asked:
    """
    What a view asks about.

    Attributes
    ----------
    counted : Counted
        Its tally.
    theme : str
        Under which the tables know it.
    facet : str
        Part of it; empty: the whole.
    lexicon : Lexicon
        That names it as figures do.
    """

    counted: Counted
    theme: str
    facet: str
    lexicon: Lexicon

    @property
    def name(self) -> str:
        """The theme under which figures draw it."""
        return PART if self.facet else self.theme

    def labels(self, study: Study, view: View) -> Labels:
        """Return the names of everything that is drawn, in the language of the view."""
        return Labels(view.lang, self.lexicon, study.regions)

    def rates(self, view: View, selection: Selection, by: tuple[str, ...]) -> pd.DataFrame:
        """Return table ``theme_rates`` of what is asked about, in one language, measured as the view says."""
        table = self.counted.rates(
            selection, by=by, language=view.language, theme=self.theme, facets=bool(self.facet)
        )  # fmt: skip
        if self.facet:
            table = table[table["facet"] == self.facet].assign(theme=self.name, facet=None)
            table["facet"] = table["facet"].astype("str")
        if view.measure in ("rate", "share"):
            table["headline"] = view.measure
        return table.reset_index(drop=True)

    def hits(self, view: View, *, removed: bool = False) -> Rows:
        """Return which rows of the places of hits are asked about: those that count, or those that were taken out."""
        places = self.counted.hits.places
        own = (places["theme"] == self.theme).to_numpy()
        rows: Rows = np.flatnonzero(own)
        some = places.iloc[rows]
        excluded = some["excluded"].ne("").to_numpy()
        if removed:
            return np.asarray(rows[excluded])
        if self.facet:
            return np.asarray(
                rows[~excluded & np.fromiter((self.facet in names for names in some["facets"]), np.bool_, len(some))]
            )
        return np.asarray(rows[~excluded & ~some["wide"].to_numpy(dtype=np.bool_)])


def check(prepared: Prepared, view: View) -> None:
    """
    Make sure that a view names what the study has.

    Raises
    ------
    UsageError
        Of the first name that it has not.
    """
    study = prepared.study
    if view.theme and not view.phrase:
        study.checked([view.theme])
        known = [facet.id for facet in study.lexicon.theme(view.theme).facets]
        if view.facet and view.facet not in known:
            raise UsageError(
                f"The theme `{view.theme}` has no part `{view.facet}`. {closest(view.facet, known)}".strip(),
                hint=f"It has: {', '.join(known) or 'none'}.",
            )
    for selection in filter(None, (view.selection, view.against)):
        for code in filter(None, (*selection.regions, selection.region)):
            if code not in prepared.codes:
                raise UsageError(f"The region `{code}` is unknown.", hint="Regions are named by their codes.")


def own_theme(phrase: str) -> Theme:
    """Return a phrase as a theme, looked for in both languages."""
    text = normalize(phrase).text
    text = " ".join(text.split())
    shown = Label(f"“{text}”", f"“{text}”")
    return Theme(PHRASE, shown, Phrases(zh=(text,), en=(text.lower(),)))


def find_phrase(study: Study, phrase: str) -> Counted:
    """
    Count a phrase of one's own in all documents.

    Raises
    ------
    UsageError
        If there is nothing to look for.
    """
    theme = own_theme(phrase)
    if not theme.count.zh[0]:
        raise UsageError("The phrase is empty.", hint="Type what you look for.")
    lexicon = Lexicon((theme,), study.lexicon.version)
    return Counted.of(study, compare.find_hits(study.corpus, lexicon), lexicon)


def asked(prepared: Prepared, view: View, phrases: Mapping[str, Counted]) -> Asked:
    """
    Return what a view asks about.

    Parameters
    ----------
    prepared : Prepared
    view : View
    phrases : mapping of str to Counted
        Phrases that were counted.
    """
    study = prepared.study
    if view.phrase:
        counted = phrases[view.phrase]
        return Asked(
            counted, PHRASE, "", Lexicon((*study.lexicon.themes, *counted.lexicon.themes), study.lexicon.version)
        )
    theme = view.theme or default_theme(prepared, view)
    if not view.facet:
        return Asked(prepared.counted, theme, "", study.lexicon)
    whole = study.lexicon.theme(theme)
    part = next(facet for facet in whole.facets if facet.id == view.facet)
    label = Label(f"{whole.label.en}: {part.label.en}", f"{whole.label.zh}：{part.label.zh}")
    named = replace(whole, id=PART, label=label)
    return Asked(prepared.counted, theme, view.facet, Lexicon((*study.lexicon.themes, named), study.lexicon.version))


def default_theme(prepared: Prepared, view: View) -> str:
    """Return the first of the themes that figures show, or of the lexicon."""
    study = prepared.study
    return next(iter(study.featured(view.language)), study.lexicon.ids[0])
