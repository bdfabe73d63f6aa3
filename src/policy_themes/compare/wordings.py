"""Which wordings of a theme each year or region uses: the renaming behind a trend.

社会管理 becomes 社会治理, 法制 becomes 法治: a rate of the theme alone would show
something new where there is a new word. So the wordings of wide facets
(predecessors among them) are counted beside those of the headline, and marked.
The denominator of a share is all hits of the theme in the group, wide ones included.
"""

from typing import Literal

import pandas as pd

from policy_themes.compare.hits import ThemeHits
from policy_themes.schema import conform

Group = Literal["year", "region_code"]


def wordings(hits: ThemeHits, documents: pd.DataFrame, *, theme: str, by: Group) -> pd.DataFrame:
    """
    Count the wordings of a theme by year or region, copies left out.

    Parameters
    ----------
    hits : ThemeHits
    documents : DataFrame
        Table ``documents``.
    theme : str
    by : {"year", "region_code"}
        Documents without one stand in no group.

    Returns
    -------
    DataFrame
        Table ``wordings``: every group × wording of a language, zeros included; years from the first to the last,
        those without documents too. Excluded hits are not in it.
    """
    columns = ["doc_id", "language", by]
    own = documents.loc[documents["duplicate_of"].isna(), columns].dropna(subset=[by])
    places = hits.places[(hits.places["theme"] == theme) & hits.places["excluded"].eq("")]
    found = places.merge(own, on="doc_id", how="inner")
    found["scope"] = found["wide"].astype(bool).map({True: "wide", False: "narrow"})
    parts = [
        _of_language(part, found[found["language"] == language], by).assign(by=by, language=language, theme=theme)
        for language, part in own.groupby("language")
    ]
    return conform(pd.concat(parts) if parts else [], "wordings")


def _of_language(documents: pd.DataFrame, found: pd.DataFrame, by: Group) -> pd.DataFrame:
    """Count the wordings of one language, the most frequent first; groups in their order."""
    scopes = found.groupby("term")["scope"].agg("min")  # a wording of both is one of the headline
    found = found.assign(scope=found["term"].map(scopes))
    total = (
        found.groupby(["term", "scope"])
        .size()
        .reset_index(name="n")
        .sort_values(["n", "term"], ascending=[False, True])
    )
    groups = pd.DataFrame({by: _groups(documents, by)}).astype(documents.dtypes[[by]].to_dict())
    n_docs = documents.groupby(by).size().rename("n_docs").reset_index()
    n_theme = found.groupby(by).size().rename("n_theme").reset_index()
    counted = (
        found.groupby([by, "term"]).agg(n_hits=("doc_id", "size"), n_docs_term=("doc_id", "nunique")).reset_index()
    )
    grid = groups.merge(total[["term", "scope"]], how="cross")
    for part, keys in ((n_docs, [by]), (n_theme, [by]), (counted, [by, "term"])):
        grid = grid.merge(part, on=keys, how="left")
    counts = ["n_docs", "n_theme", "n_hits", "n_docs_term"]
    grid[counts] = grid[counts].astype("Float64").fillna(0).astype("Int64")
    share = grid["n_hits"].div(grid["n_theme"]).where(grid["n_theme"] > 0)
    return grid.assign(share=share, group=grid[by].astype("str"))


def _groups(documents: pd.DataFrame, by: Group) -> list[object]:
    """Return all years from the first to the last, or the regions that occur."""
    values = documents[by]
    return list(range(int(values.min()), int(values.max()) + 1)) if by == "year" else sorted(set(values))
