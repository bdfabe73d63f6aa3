"""Themes of two groups of documents: what is counted, what is tested, and what is refused."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from policy_themes.compare import Question, differences, rates
from policy_themes.compare.wording.asked import Folder
from policy_themes.config import Settings
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.lexicon import Lexicon, Theme
from policy_themes.lexicon.records import Label, Phrases
from policy_themes.schema import conform

THEMES = ("law", "peace", "rare", *(f"theme{number:02}" for number in range(17)))
LEXICON = Lexicon(tuple(Theme(name, Label(name, name), Phrases(zh=(), en=(name,))) for name in THEMES), "test")
LENGTH = 1_000


def folder(
    hits: np.ndarray, years: list[int], regions: list[str], *, settings: Mapping[str, Any], institution: str = "court"
) -> Folder:
    """Return documents with given hits (n_docs, n_themes), as much of a study as is asked for."""
    ids = [f"d{number:04}" for number in range(len(hits))]
    documents = pd.DataFrame(
        {"doc_id": ids, "year": years, "region_code": regions, "institution": institution, "language": "en",
         "n_units": LENGTH, "unit": "word", "duplicate_of": None, "region_en": regions}
    )  # fmt: skip
    table = conform(
        [
            {"doc_id": doc_id, "theme": theme, "facet": None, "n_hits": int(n), "n_excluded": 0, "n_units": LENGTH, "unit": "word"}
            for doc_id, own in zip(ids, hits, strict=True)
            for theme, n in zip(THEMES, own, strict=True)
        ],
        "theme_hits",
    )  # fmt: skip
    made = SimpleNamespace(
        settings=Settings(**{"collected": "census", **settings}), corpus=SimpleNamespace(unique=documents), languages=("en",),
        lexicon=LEXICON, hits=SimpleNamespace(table=table),
    )  # fmt: skip
    return cast("Folder", made)


def bursty(random: np.random.Generator, n_docs: int, mean: float) -> np.ndarray:
    """Return hits of documents that have a theme in bursts."""
    return random.poisson(random.gamma(0.7, mean / 0.7, (n_docs, len(THEMES))))


def two_regions(random: np.random.Generator, *, n: int = 24, times: float = 1.0, **settings: Any) -> Folder:
    """Return documents of two regions over the same years, the first of which has the first theme more often."""
    hits = bursty(random, 2 * n, 4.0)
    hits[:n, 0] = bursty(random, n, 4.0 * times)[:, 0]
    return folder(hits, [2010 + number % 6 for number in range(n)] * 2, ["a"] * n + ["b"] * n, settings=settings)


ASKED = Question("region_code", groups=("a",), against="b")


def test_the_two_sides_are_the_rows_of_rates() -> None:
    made = two_regions(np.random.default_rng(1), times=3)
    found = differences(made, Question("region_code", against="b")).set_index("theme")
    documents = made.corpus.unique
    table = rates(made.hits.table, documents, LEXICON, by=["region_code"]).set_index(["region_code", "theme"])
    for theme in THEMES:
        for side, region in (("group", "a"), ("other", "b")):
            cell = table.loc[(region, theme)]
            assert found.loc[theme, f"n_hits_{side}"] == cell["n_hits"]
            assert found.loc[theme, f"n_docs_with_{side}"] == cell["n_docs_with_theme"]
            assert found.loc[theme, f"n_units_{side}"] == cell["n_units"]
            assert found.loc[theme, f"value_{side}"] == pytest.approx(cell["rate_per_10k"])


def test_swapping_the_sides_turns_the_sign_and_nothing_else() -> None:
    made = two_regions(np.random.default_rng(2), times=2)
    one = differences(made, ASKED)
    other = differences(made, Question("region_code", groups=("b",), against="a"))
    np.testing.assert_allclose(one["difference"], -other["difference"])
    np.testing.assert_allclose(one["p"], other["p"], atol=0.02)


def test_a_planted_difference_is_found_and_the_family_is_its_size() -> None:
    found = differences(two_regions(np.random.default_rng(3), times=6), ASKED).set_index("theme")
    assert found.loc["law", "q"] < 0.05 and found["family"].eq(len(THEMES)).all()
    assert found.loc["law", "difference"] > found.loc["law", "detectable"] > 0
    assert "documents dealt out" in found.loc["law", "method"]


def test_the_share_speaks_where_a_document_has_a_theme_once() -> None:
    random = np.random.default_rng(4)
    hits = np.minimum(bursty(random, 40, 1.0), 1)
    found = differences(folder(hits, [2020] * 40, ["a"] * 20 + ["b"] * 20, settings={}), ASKED)
    assert found["measure"].eq("share").all()
    np.testing.assert_allclose(found["value_group"], found["n_docs_with_group"] / 20)


@pytest.mark.long
def test_of_nothings_at_most_six_in_a_hundred_are_called_something() -> None:
    """R3 for themes: bursts, 24 documents a side, tested one by one."""
    random = np.random.default_rng(5)
    p = np.concatenate(
        [differences(two_regions(random), ASKED)["p"].dropna().to_numpy(dtype=float) for _ in range(150)]
    )
    assert len(p) > 2_000
    assert (p <= 0.05).mean() <= 0.06 + 1.64 * np.sqrt(0.06 * 0.94 / len(p))


@pytest.mark.long
def test_the_interval_of_a_sample_holds_the_truth() -> None:
    """R1: two cells of 24 documents, .92 to .97 but for the error of so many draws."""
    random, held = np.random.default_rng(6), []
    for _ in range(200):
        made = two_regions(random, times=2, collected="search", search_terms=["nothing of it"])
        row = differences(made, ASKED).set_index("theme").loc["law"]
        held.append(row["low"] <= 10_000 * 4.0 / LENGTH <= row["high"])
    assert 0.89 <= np.mean(held) <= 0.99


def test_a_convenience_sample_gets_differences_and_no_test() -> None:
    found = differences(two_regions(np.random.default_rng(7), times=9, collected="convenience"), ASKED)
    assert found["p"].isna().all() and found["low"].isna().all() and found["difference"].notna().all()
    assert found["refused"].str.contains("convenience").all() and found["method"].eq("").all()


def test_a_theme_that_documents_were_searched_by_gets_no_test() -> None:
    made = two_regions(np.random.default_rng(8), times=9, collected="search", search_terms=["rule of law"])
    found = differences(made, ASKED).set_index("theme")
    assert found.loc["law", ["p", "low", "high", "q", "detectable"]].isna().all()
    assert "searched by this theme" in found.loc["law", "refused"]
    assert found.loc["peace", "p"] >= 0 and found["family"].dropna().eq(len(THEMES) - 1).all()


def test_one_region_against_the_rest_is_ranked_among_all() -> None:
    random = np.random.default_rng(9)
    regions = [f"r{number:02}" for number in range(12) for _ in range(10)]
    hits = bursty(random, 120, 3.0)
    hits[:10, 0] += 30
    found = differences(
        folder(hits, [2010 + number % 10 for number in range(120)], regions, settings={}),
        Question("region_code", groups=("r00",)),
    ).set_index("theme")
    assert found.loc["law", "p"] == pytest.approx(1 / 12) and "placebo" in found.loc["law", "method"]
    assert found["detectable"].isna().all()


def test_two_few_documents_carry_no_test_but_their_difference_stands() -> None:
    found = differences(two_regions(np.random.default_rng(10), n=3), ASKED)
    assert found["refused"].str.contains("too few").all() and found["difference"].notna().all()


def test_one_region_is_no_comparison_and_an_unknown_one_an_error() -> None:
    alone = folder(np.ones((9, len(THEMES)), dtype=int), [2020] * 9, ["a"] * 9, settings={})
    with pytest.raises(InsufficientDataError):
        differences(alone, Question("region_code"))
    with pytest.raises(UsageError, match="does not occur"):
        differences(alone, Question("region_code", groups=("z",)))
