"""A trend under all ways of counting it: by hand, against the table of trends, and with known truth (R18)."""

import numpy as np
import pandas as pd
import pytest

from policy_themes.compare import rates, specification_summary, specifications
from policy_themes.compare.over_time.specifications import CHOICES
from policy_themes.compare.over_time.trends import trends
from policy_themes.lexicon import Facet, Lexicon, Theme
from policy_themes.lexicon.records import Label, Phrases
from policy_themes.schema import rows

NAME = Label("T", "题")
LEXICON = Lexicon((Theme("t", NAME, Phrases(), facets=(Facet("old", NAME, Phrases(), wide=True),)),), "1")


def corpus(rows_: list[dict[str, object]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return documents and their hits from ``year, region, hits`` and perhaps ``excluded, wide, copy_of, units``."""
    documents, hits = [], []
    for number, row in enumerate(rows_):
        doc_id = str(row.get("id", number))
        documents.append(
            {"doc_id": doc_id, "language": "zh", "duplicate_of": row.get("copy_of"), "year": row["year"],
             "region_code": row["region"], "region_en": row["region"], "n_units": row.get("units", 10_000)}
        )  # fmt: skip
        for facet, count, excluded in ((None, row["hits"], row.get("excluded", 0)), ("old", row.get("wide", 0), 0)):
            hits.append(
                {"doc_id": doc_id, "theme": "t", "facet": facet, "n_hits": count, "n_excluded": excluded,
                 "n_units": row.get("units", 10_000), "unit": "han"}
            )  # fmt: skip
    table = pd.DataFrame(documents).astype({"year": "Int64"})
    return pd.DataFrame(hits), table


def test_by_hand() -> None:
    """Raw and wide counts turn a falling theme into a rising one; copies pull it down."""
    plain = [{"year": 2000 + n, "region": "r", "hits": 10 - n, "excluded": 3 * n, "wide": 4 * n} for n in range(6)]
    copied = {"year": 2005, "region": "r", "hits": 0, "copy_of": "0"}
    hits, documents = corpus([*plain, copied])
    table = specifications(hits, documents, LEXICON, theme="t").set_index(list(CHOICES)).sort_index()
    assert len(table) == 32
    found = table["estimate"]
    assert found["out", "narrow", "one", "documents", "rate"] == pytest.approx(-1)
    assert found["in", "narrow", "one", "documents", "rate"] == pytest.approx(2)
    assert found["in", "wide", "one", "documents", "rate"] == pytest.approx(6)
    assert found["out", "narrow", "all", "documents", "rate"] < -1
    assert found["out", "narrow", "one", "documents", "share"] == pytest.approx(0)
    assert table.loc[("out", "narrow", "one", "regions"), "estimate"].isna().all()  # one region
    assert table.loc[("out", "narrow", "one", "documents", "rate"), "agrees"] == "yes"
    assert table.loc[("in", "wide", "one", "documents", "rate"), "agrees"] == "no"
    # Two rates fall, and so do four shares of documents, in which the copy without a hit counts.
    (summary,) = rows(specification_summary(table.reset_index()))
    assert summary.n_specifications == 16 and summary.share_agree == pytest.approx(6 / 16)


def drawn(seed: int, growth: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return eight regions over 16 years with common shocks of the years, their own levels, and copies."""
    random = np.random.default_rng(seed)
    level, shock = random.normal(0, 0.3, 8), random.normal(0, 0.2, 16)
    made: list[dict[str, object]] = []
    for region in range(8):
        for year in range(16):
            mean = 6 * np.exp(level[region] + shock[year] + growth * year)
            made.append(
                {"year": 2000 + year, "region": f"r{region}", "hits": int(random.poisson(random.gamma(4, mean / 4))),
                 "excluded": int(random.poisson(1)), "wide": int(random.poisson(1.5)),
                 "units": int(random.integers(8_000, 12_000))}
            )  # fmt: skip
            if random.random() < 0.1:
                made.append({**made[-1], "copy_of": str(len(made) - 1)})
    return corpus(made)


def test_the_first_is_the_row_of_trends() -> None:
    hits, documents = drawn(1, 0.05)
    by_year, by_cell = (rates(hits, documents, LEXICON, by=by) for by in (["year"], ["year", "region_code"]))
    expected = {row.basis: (row.estimate, row.p_value) for row in rows(trends(by_year, by_cell))}
    own = specifications(hits, documents, LEXICON, theme="t")
    own = own[(own["exclusions"] == "out") & (own["wording"] == "narrow") & (own["copies"] == "one")]
    for row in rows(own[own["measure"] == "rate"]):
        assert (row.estimate, row.p_value) == pytest.approx(expected[row.basis], rel=1e-9)


def test_order_of_documents_makes_no_difference() -> None:
    hits, documents = drawn(2, 0.05)
    turned = specifications(hits[::-1], documents[::-1].reset_index(drop=True), LEXICON, theme="t")
    first = specifications(hits, documents, LEXICON, theme="t")
    assert np.allclose(turned["estimate"].astype(float), first["estimate"].astype(float), rtol=1e-9, equal_nan=True)


@pytest.mark.long
def test_a_planted_trend_is_there_in_nearly_all() -> None:
    shares = []
    for seed in range(20):
        table = specifications(*drawn(seed, 0.08), LEXICON, theme="t")
        rate = table[table["measure"] == "rate"]  # nearly every document has the theme: its share cannot rise
        shares.append(float((rate["estimate"] > 0).mean()))
    assert np.mean(shares) >= 0.95


@pytest.mark.long
def test_nothing_is_significant_as_often_as_it_says() -> None:
    """R18: over null corpora the mean share of significant specifications; single ones would prove nothing."""
    shares = [
        specification_summary(specifications(*drawn(1_000 + seed, 0.0), LEXICON, theme="t"))["share_significant"].iloc[
            0
        ]
        for seed in range(200)
    ]
    assert np.mean([share for share in shares if not pd.isna(share)]) <= 0.06
