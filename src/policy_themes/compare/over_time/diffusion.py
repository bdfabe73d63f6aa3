"""How a theme spreads over regions: first mentions, years with it since, drop-outs, returns.

"First mention" is what is meant, not adoption: a region may mention a theme once and
never again, so years are counted on after it, and what stands there now is told apart.
What cannot be known is said: a region that has the theme in its first year had
it perhaps before (left), one whose years before are missing, too (gap), and one
that never has it may get it later (right).

Whether a year is a wave shows against other themes. For every year the regions
with documents in it and in the year before are compared with themselves, so a year with a
handful of reports is no collapse; the greatest rise of any other theme in that
same year (the placebo) stands beside.
"""

from typing import Any

import numpy as np
import pandas as pd

from policy_themes.regions import NATIONAL
from policy_themes.schema import conform, rows

ENOUGH = 0.5  # share of all regions that a year must have documents of, for its share to be shown
FEWEST_BOTH = 5  # regions with documents in a year and in the year before, for a jump
FIRST_DOCUMENT, LARGEST_RISE = "first national document", "largest rise"


def presence(hits: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """
    Return whether each region has each theme in each year with documents.

    Parameters
    ----------
    hits, documents : DataFrame
        Tables ``theme_hits`` and ``documents``; copies, and documents without year or region, are left out.

    Returns
    -------
    DataFrame
        ``theme, language, region_code, year, has``: a row for every theme and every region's year with documents.
    """
    once = documents[documents["duplicate_of"].isna()].dropna(subset=["year", "region_code"])
    columns = ["doc_id", "language", "region_code", "year"]
    joined = hits.loc[hits["facet"].isna(), ["doc_id", "theme", "n_hits"]].merge(once[columns], on="doc_id")
    keys = ["theme", "language", "region_code", "year"]
    return joined.assign(has=joined["n_hits"] > 0).groupby(keys, sort=False)["has"].any().reset_index()


def diffusion(hits: pd.DataFrame, documents: pd.DataFrame, quoted: pd.DataFrame, *, theme: str) -> pd.DataFrame:
    """
    Return where a theme was first mentioned, and whether it stayed.

    Parameters
    ----------
    hits, documents : DataFrame
        Tables ``theme_hits`` and ``documents``.
    quoted : DataFrame
        Table ``evidence`` of the theme: gives the first document and its sentence.
    theme : str

    Returns
    -------
    DataFrame
        Table ``diffusion``: a row a region and language, in the order of first mention.
    """
    known = presence(hits[hits["theme"] == theme], documents)
    if known.empty:
        return conform([], "diffusion")
    english = documents.dropna(subset=["region_code"]).groupby("region_code")["region_en"].first()
    dates = documents.set_index("doc_id")["date"]
    first = quoted[quoted["counted"]].assign(_date=lambda table: table["doc_id"].map(dates))
    first = first.sort_values(["year", "_date", "path", "start"])
    records = []
    for (language, code), own in known.groupby(["language", "region_code"]):
        years = own.sort_values("year")
        record = _story(years["year"].to_numpy(dtype=int), years["has"].to_numpy(dtype=bool))
        found = first[(first["language"] == language) & (first["region_code"] == code)]
        # The sentence must be of the first year itself: a copy of an earlier year is no first mention.
        found = found[found["year"] == record["first_year"]] if record["first_year"] else found.head(0)
        hit: Any = next(rows(found.head(1)), None)
        source = {"first_doc": hit.doc_id, "first_start": hit.start, "first_sentence": hit.sentence} if hit else {}
        name = english.get(code)
        records.append(
            {"theme": theme, "language": language, "region_code": code, "region_en": name, **record, **source}
        )
    table = conform(records, "diffusion")
    return table.sort_values(["language", "first_year", "region_code"], ignore_index=True)


def _story(years: np.ndarray, has: np.ndarray) -> dict[str, Any]:
    """
    Return what one region's years say.

    Examples
    --------
    >>> story = _story(np.array([2018, 2019, 2020, 2022]), np.array([False, True, False, True]))
    >>> [story[name] for name in ("first_year", "censored", "kept", "dropped", "returned", "mark")]
    [2019, None, 0.5, 1, 1, 'returned']
    """
    base = {
        "first_observed": int(years[0]), "last_observed": int(years[-1]), "n_years": len(years),
        "n_years_with": int(has.sum()), "current": bool(has[-1]), "first_year": None, "kept": None,
        "dropped": 0, "returned": 0,
    }  # fmt: skip
    if not has.any():
        return {**base, "censored": "right", "mark": "never"}
    start = int(np.argmax(has))
    since, steps = has[start + 1 :], np.diff(has[start:].astype(int))
    dropped, returned = int((steps < 0).sum()), int((steps > 0).sum())
    gap = start > 0 and years[start] - years[start - 1] > 1
    mark = "dropped" if not has[-1] else "returned" if returned else "kept" if len(since) else "new"
    return {
        **base,
        "first_year": int(years[start]),
        "censored": "left" if start == 0 else "gap" if gap else None,
        "kept": float(since.mean()) if len(since) else None,
        "dropped": dropped,
        "returned": returned,
        "mark": mark,
    }


def adoption(hits: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """
    Return, by year, in how many regions every theme stands, beside the national signal and the other themes.

    Parameters
    ----------
    hits, documents : DataFrame
        Tables ``theme_hits`` and ``documents``.

    Returns
    -------
    DataFrame
        Table ``adoption``: a row a theme, language and year.
    """
    known = presence(hits, documents)
    parts = []
    for language, own in known.groupby("language"):
        regional = own[own["region_code"] != NATIONAL]
        if regional.empty:
            continue
        national = own[(own["region_code"] == NATIONAL) & own["has"]].groupby("theme")["year"].min()
        tables = {
            theme: _years(one.pivot_table(index="year", columns="region_code", values="has", aggfunc="first"))
            for theme, one in regional.groupby("theme", sort=False)
        }
        jumps = pd.DataFrame({theme: table["jump"] for theme, table in tables.items()})
        for theme, table in tables.items():
            others = jumps.drop(columns=theme)
            parts.append(
                table.assign(
                    theme=theme, language=language, others=others.max(axis=1), n_others=others.notna().sum(axis=1),
                    signal=pd.array(_signal(table["jump"], national.get(theme)), dtype="str"),
                ).reset_index()
            )  # fmt: skip
    return conform(pd.concat(parts, ignore_index=True) if parts else [], "adoption")


def _years(grid: pd.DataFrame) -> pd.DataFrame:
    """Return one theme's years from a grid of years and regions: True, False, or missing without documents."""
    full = grid.astype(float).reindex(range(int(grid.index.min()), int(grid.index.max()) + 1))
    full.index.name = "year"
    seen, has = full.notna(), full == 1
    both = seen & seen.shift(1, fill_value=False)
    n_regions, n_both = seen.sum(axis=1), both.sum(axis=1)
    rise = ((full - full.shift(1)).where(both).sum(axis=1) / n_both).where(n_both >= FEWEST_BOTH)
    enough = n_regions >= ENOUGH * len(full.columns)
    mark = np.where(n_regions == 0, "absent", np.where(enough, "value", "few regions"))
    return pd.DataFrame(
        {
            "n_regions": n_regions,
            "n_with": has.sum(axis=1),
            "n_first": (has & ~has.cummax().shift(1, fill_value=False)).sum(axis=1),
            "share": (has.sum(axis=1) / n_regions).where(enough),
            "n_both": n_both,
            "jump": rise,
            "mark": mark,
        }
    )


def _signal(jump: "pd.Series[float]", national: Any) -> "list[str | None]":  # noqa: ANN401  # a year, or None
    """Mark the year of the first national document, or without one the year of the largest rise."""
    if national is not None:
        return [FIRST_DOCUMENT if year == national else None for year in jump.index]
    largest = jump.idxmax() if (jump > 0).any() else None
    return [LARGEST_RISE if year == largest else None for year in jump.index]
