"""The two sides of a contrast of words: what is in focus and the rest of its scope, or two selections."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from policy_themes.explore.prepared import Prepared
from policy_themes.explore.selection import Selection
from policy_themes.explore.view import View


class Sides(NamedTuple):
    """How the two sides of a contrast are told apart, and their names; "rest" is everything else."""

    by: str
    first: str
    second: str


def sides_of(prepared: Prepared, selection: Selection, view: View) -> Sides:
    """Return the names of the two sides of a contrast."""
    if view.against is not None:
        return Sides("selection", "A", "B")
    if selection.region and selection.year is None:
        return Sides("region_code", selection.region, "rest")
    region = prepared.study.regions.name(selection.region, view.lang) if selection.region else ""
    return Sides("selection", " ".join(filter(None, [region, str(selection.year or "")])), "rest")


def two_sides(prepared: Prepared, view: View, selection: Selection) -> pd.Series:
    """Return the side of each document of a contrast: the focus and the rest of the scope, or two selections."""
    documents = prepared.documents
    first, second = sides_of(prepared, selection, view)[1:]
    focus = prepared.coded.chosen(selection, view.language)
    other = selection.without("year", "region") if view.against is None else view.against
    rest = prepared.coded.chosen(other, view.language) & ~focus
    if view.against is None and not first:
        return pd.Series(dtype=object)
    sides = pd.Series(np.where(focus, first, second), index=documents["doc_id"], dtype=object)
    return sides[focus | rest]
