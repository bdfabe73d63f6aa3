"""Of what a year's documents consist, and where the source itself changes.

A line over years compares documents; where one year holds work reports and the
next holds news, or another outlet's pages, it compares kinds of source instead,
and figures break it there.
"""

import pandas as pd

from policy_themes.schema import conform, rows

DIMENSIONS = ("kind", "institution", "outlet", "region_code")
# What makes two years two sources; institutions and regions differ within one source.
SOURCE = ("kind", "outlet")
MOST = 0.5  # a year is of the value that more than this share of its documents has


def composition(documents: pd.DataFrame) -> pd.DataFrame:
    """
    Count the documents of every year by kind, institution, outlet and region.

    Parameters
    ----------
    documents : DataFrame
        Table ``documents``; copies, and documents without a year, are left out.

    Returns
    -------
    DataFrame
        Table ``composition``; an unknown value is a row of its own.
    """
    once = documents[documents["duplicate_of"].isna() & documents["year"].notna() & documents["language"].notna()]
    parts = []
    for of in DIMENSIONS:
        counted = once.groupby(["language", "year", of], dropna=False).size().reset_index(name="n_docs")
        total = counted.groupby(["language", "year"])["n_docs"].transform("sum")
        parts.append(counted.rename(columns={of: "value"}).assign(of=of, share=counted["n_docs"] / total))
    return conform(pd.concat(parts, ignore_index=True), "composition")


def source_breaks(composed: pd.DataFrame) -> pd.DataFrame:
    """
    Return where most documents of a year are of another kind or outlet than those of the year before.

    Parameters
    ----------
    composed : DataFrame
        Table ``composition``.

    Returns
    -------
    DataFrame
        Table ``source_breaks``. The year before is the last that has documents; a
        year of which no kind (outlet) makes more than half, or an unknown one, breaks nothing.

    Examples
    --------
    >>> years = [(2020, "news"), (2021, "news"), (2023, "notice")]
    >>> composed = conform(
    ...     [{"language": "en", "year": year, "of": "kind", "value": kind, "n_docs": 1, "share": 1.0}
    ...      for year, kind in years], "composition")
    >>> source_breaks(composed)[["year", "of", "before", "after"]].values.tolist()
    [[2023, 'kind', 'news', 'notice']]
    """
    main = composed[composed["of"].isin(SOURCE) & composed["value"].notna() & (composed["share"] > MOST)]
    years = composed[["language", "year"]].drop_duplicates().sort_values(["language", "year"])
    records = []
    for of in SOURCE:
        own = years.merge(main[main["of"] == of][["language", "year", "value"]], how="left")
        own["before"] = own.groupby("language")["value"].shift()
        changed = own["value"].notna() & own["before"].notna() & (own["value"] != own["before"])
        records += [
            {"language": row.language, "year": row.year, "of": of, "before": row.before, "after": row.value}
            for row in rows(own[changed])
        ]
    return conform(sorted(records, key=lambda record: (record["language"], record["year"])), "source_breaks")
