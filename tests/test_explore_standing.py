"""What is said of a picture does not say more than its numbers."""

import pandas as pd
import pytest

from policy_themes.explore.standing import _apart, _of_effects
from policy_themes.figures.labels import Labels
from policy_themes.figures.says import region_sentences, trend_sentences
from policy_themes.lexicon import load_lexicon
from policy_themes.lexicon.records import Label
from policy_themes.regions import load_regions
from policy_themes.schema import rows

LABELS = Labels("both", load_lexicon(), load_regions())


def table(hits: list[int]) -> pd.DataFrame:
    """Return shares of documents, ten in each cell."""
    n = len(hits)
    return pd.DataFrame(
        {
            "theme": "modernization", "headline": "share", "unit": "han", "n_docs": 10, "n_docs_with_theme": hits,
            "n_hits": hits, "n_units": 5_000, "estimate": [one / 10 for one in hits],
            "range_low": [one / 10 for one in hits], "range_high": [one / 10 for one in hits],
            "year": range(2019, 2019 + n), "region_code": ["110000", "330000", "610000"][:n],
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("hits", "said"),
    [([1, 5, 2], "highest in 2020, in 5 of 10 documents"), ([5, 5, 2], "the highest value is shared by 2")],
)
def test_a_peak_is_named_where_it_is_one(hits: list[int], said: str) -> None:
    assert said in trend_sentences(table(hits), LABELS).en


@pytest.mark.parametrize(("hits", "said"), [([1, 5, 2], "most by Zhejiang, in 5"), ([5, 5, 5], "shared by 3")])
def test_the_first_of_regions_is_named_where_there_is_one(hits: list[int], said: str) -> None:
    assert said in region_sentences(table(hits), LABELS).en


def test_equal_values_are_said_to_be_equal() -> None:
    one, other = rows(table([5, 5]))
    assert _apart(one, other, Label("a", "a"), Label("b", "b")).why.en == "All values are equal."


def test_effects_without_intervals_say_nothing_of_chance() -> None:
    values = pd.DataFrame({"term": ["a", "b"], "estimate": [0.5, -0.5], "low": None, "high": None, "note": "none: x"})
    found = _of_effects(values)
    assert found.word == "cannot" and "none: x" in found.why.en
    sure = _of_effects(values.assign(low=[0.1, -0.9], high=[0.9, 0.2]))
    assert sure.word == "uncertain" and sure.why.en == "1 of 2 intervals leave out zero."
