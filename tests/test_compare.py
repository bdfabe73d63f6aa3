"""Rates, evidence and links, against a corpus that was counted by hand (conftest.TOY)."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import log, sqrt

import numpy as np
import pandas as pd
import pytest

from policy_themes.compare import (
    ThemeHits,
    coverage,
    evidence,
    find_hits,
    main_topic,
    phrase_evidence,
    rates,
    theme_topics,
    theme_weights,
    triangulate,
)
from policy_themes.corpus import Corpus
from policy_themes.errors import InsufficientDataError
from policy_themes.lexicon import Facet, Lexicon, Theme
from policy_themes.lexicon.records import Label, Phrases
from policy_themes.schema import TABLES, conform
from policy_themes.tokenize import Tokens
from policy_themes.topics import TopicFit, TopicSpec
from policy_themes.vectorize import count_terms

CorpusOf = Callable[[Mapping[str, str | bytes]], Corpus]
ZHEJIANG, SHAANXI, SHANXI = "330000", "610000", "140000"


@pytest.fixture(scope="module")
def hits(toy: Corpus, toy_lexicon: Lexicon) -> ThemeHits:
    return find_hits(toy, toy_lexicon)


@pytest.fixture(scope="module")
def table(toy: Corpus, toy_lexicon: Lexicon, hits: ThemeHits) -> Callable[..., pd.DataFrame]:
    def build(*by: str, facets: bool = False) -> pd.DataFrame:
        return rates(hits.table, toy.documents, toy_lexicon, by=by, facets=facets)

    return build


def cell(frame: pd.DataFrame, **wanted: object) -> "pd.Series[float]":
    rows = frame
    for name, value in wanted.items():
        rows = rows[rows[name].isna() if value is None else rows[name] == value]
    assert len(rows) == 1, rows
    return rows.iloc[0]


@pytest.mark.parametrize("package", ["compare", "tokenize", "tokenize.discover"])
def test_what_a_package_says_it_has_is_there(package: str) -> None:
    module = importlib.import_module(f"policy_themes.{package}")
    assert [name for name in module.__all__ if not hasattr(module, name)] == []


class TestHits:
    # path: modern, its facets work and wide, safe (and excluded), fengqiao
    HAND: Mapping[str, Sequence[int]] = {
        "zh/a.txt": (1, 0, 0, 0, 0, 1),
        "zh/b.txt": (2, 1, 0, 1, 1, 0),
        "zh/c.txt": (0, 0, 1, 0, 0, 0),
        "zh/d.txt": (3, 0, 0, 0, 0, 0),
        "zh/e.txt": (0, 0, 0, 0, 0, 1),
        "zh/copy_of_b.txt": (2, 1, 0, 1, 1, 0),
        "zh/undated.txt": (1, 0, 0, 0, 0, 0),
        "en/h.txt": (1, 1, 0, 0, 0, 1),
        "en/i.txt": (0, 0, 1, 1, 0, 0),
        "en/j.txt": (2, 0, 0, 0, 0, 0),
        "en/k.txt": (0, 0, 0, 0, 0, 0),
    }

    @pytest.mark.parametrize("path", HAND)
    def test_counted_by_hand(self, path: str, toy: Corpus, hits: ThemeHits) -> None:
        doc_id = toy.documents.set_index("path").loc[path, "doc_id"]
        own = hits.table[hits.table["doc_id"] == doc_id]
        found = [
            cell(own, theme="modern", facet=None)["n_hits"],
            cell(own, theme="modern", facet="work")["n_hits"],
            cell(own, theme="modern", facet="wide")["n_hits"],
            cell(own, theme="safe", facet=None)["n_hits"],
            cell(own, theme="safe", facet=None)["n_excluded"],
            cell(own, theme="fengqiao", facet=None)["n_hits"],
        ]
        assert found == list(self.HAND[path])

    def test_every_document_theme_and_facet_has_a_row(self, toy: Corpus, hits: ThemeHits) -> None:
        assert len(hits.table) == 11 * 5
        assert not hits.table.duplicated(["doc_id", "theme", "facet"]).any()

    def test_places_stand_in_the_normalised_text(self, toy: Corpus, hits: ThemeHits) -> None:
        for row in hits.places.itertuples():
            text = toy.normalized(row.doc_id)[row.start : row.end]
            assert " ".join(text.lower().split()) == row.term
        assert len(hits.places) == 22


class TestRates:
    # Hits of `modern`, units and documents by hand; c has one wide hit, copy_of_b repeats b.
    def test_by_year(self, table: Callable[..., pd.DataFrame]) -> None:
        frame = table("year")
        row = cell(frame, language="zh", theme="modern", year=2021)  # a and c
        assert (row["n_docs"], row["n_docs_with_theme"], row["n_hits"], row["n_units"]) == (2, 1, 1, 31)
        assert row["rate_per_10k"] == pytest.approx(10_000 / 31)
        assert (row["low"], row["high"]) == pytest.approx((10_000 / 31, 20_000 / 31))
        assert (row["share_docs"], row["share_low"], row["share_high"]) == (0.5, 0.5, 1.0)
        row = cell(frame, language="zh", theme="modern", year=2022)  # b and e, b twice at most
        assert (row["n_docs"], row["n_hits"], row["n_units"], row["unit"]) == (2, 2, 39, "han")
        assert (row["low"], row["high"]) == pytest.approx((20_000 / 39, 40_000 / 65))
        assert (row["share_docs"], row["share_low"], row["share_high"]) == pytest.approx((1 / 2, 1 / 2, 2 / 3))
        row = cell(frame, language="zh", theme="safe", year=2022)
        assert row["rate_per_10k"] == pytest.approx(10_000 / 39)
        assert (row["low"], row["high"]) == pytest.approx((10_000 / 39, 40_000 / 65))  # exclusions and copies
        row = cell(frame, language="en", theme="modern", year=2022)  # i and j
        assert (row["n_docs"], row["n_hits"], row["n_units"], row["unit"]) == (2, 2, 20, "word")
        assert (row["rate_per_10k"], row["low"], row["high"]) == pytest.approx((1000, 1000, 1500))

    def test_by_region(self, table: Callable[..., pd.DataFrame]) -> None:
        frame = table("region_code")
        row = cell(frame, language="zh", theme="modern", region_code=SHANXI)  # e and the undated one
        assert (row["n_docs"], row["n_hits"], row["n_units"], row["region_en"]) == (2, 1, 23, "Shanxi")
        row = cell(frame, language="zh", theme="modern", region_code=SHAANXI)  # c and d
        assert (row["n_hits"], row["n_units"]) == (3, 31)
        assert (row["low"], row["high"]) == pytest.approx((30_000 / 31, 40_000 / 31))
        row = cell(frame, language="zh", theme="modern", region_code=ZHEJIANG)  # a, b and the copy
        assert (row["n_docs"], row["n_hits"], row["n_units"]) == (2, 3, 44)
        assert (row["low"], row["high"]) == pytest.approx((30_000 / 44, 50_000 / 70))

    def test_by_both_with_absent_cells(self, table: Callable[..., pd.DataFrame]) -> None:
        frame = table("year", "region_code")
        assert len(frame) == 2 * 3 * 9 and not frame.duplicated(["language", "theme", "year", "region_code"]).any()
        zh = frame[(frame["language"] == "zh") & (frame["theme"] == "modern")]
        absent = zh[zh["mark"] == "absent"]
        assert set(zip(absent["year"], absent["region_code"], strict=True)) == {
            (2021, SHANXI),
            (2022, SHAANXI),
            (2023, ZHEJIANG),
            (2023, SHANXI),
        }
        assert (absent["n_docs"] == 0).all() and absent[["rate_per_10k", "low", "share_docs"]].isna().all(axis=None)
        row = cell(zh, year=2022, region_code=ZHEJIANG)
        assert (row["n_docs"], row["n_hits"], row["n_units"], row["n_regions"]) == (1, 2, 26, 1)

    def test_whole_corpus_holds_the_undated(self, table: Callable[..., pd.DataFrame]) -> None:
        row = cell(table(), language="zh", theme="modern")
        assert (row["n_docs"], row["n_hits"], row["n_units"]) == (6, 7, 18 + 26 + 13 + 18 + 13 + 10)
        by_year = table("year")
        own = by_year[(by_year["language"] == "zh") & (by_year["theme"] == "modern")]
        assert (own["n_docs"].sum(), own["n_hits"].sum()) == (5, 6)

    def test_facets_have_rows_of_their_own(self, table: Callable[..., pd.DataFrame]) -> None:
        frame = table("year", facets=True)
        assert cell(frame, language="zh", theme="modern", facet="work", year=2022)["n_hits"] == 1
        wide = cell(frame, language="zh", theme="modern", facet="wide", year=2021)
        assert (wide["n_hits"], wide["low"], wide["high"]) == (
            1,
            pytest.approx(10_000 / 31),
            pytest.approx(10_000 / 31),
        )
        assert frame[frame["facet"].isna()].reset_index(drop=True).equals(table("year"))

    def test_headline_is_the_share_where_documents_have_it_once(self, table: Callable[..., pd.DataFrame]) -> None:
        found = table().set_index(["language", "theme"])["headline"].to_dict()
        assert found == {
            ("zh", "modern"): "rate",  # 1, 2, 3, 1 in those that have it: median 1.5
            ("zh", "safe"): "share",
            ("zh", "fengqiao"): "share",
            ("en", "modern"): "rate",  # 1, 2
            ("en", "safe"): "share",
            ("en", "fengqiao"): "share",
        }

    def test_range_holds_the_rate_everywhere(self, table: Callable[..., pd.DataFrame]) -> None:
        for by in ((), ("year",), ("region_code",), ("year", "region_code")):
            known = table(*by, facets=True).dropna(subset=["rate_per_10k"])
            assert ((known["low"] <= known["rate_per_10k"]) & (known["rate_per_10k"] <= known["high"])).all()
            assert ((known["share_low"] <= known["share_docs"]) & (known["share_docs"] <= known["share_high"])).all()

    def test_themes_stand_in_the_order_of_the_lexicon(self, table: Callable[..., pd.DataFrame]) -> None:
        assert list(table()["theme"]) == ["modern", "safe", "fengqiao"] * 2

    def test_order_of_documents_does_not_matter(self, toy: Corpus, toy_lexicon: Lexicon, hits: ThemeHits) -> None:
        for by in (("year",), ("year", "region_code")):
            frames = [
                rates(part, documents, toy_lexicon, by=by, facets=True)
                for part, documents in (
                    (hits.table, toy.documents),
                    (hits.table[::-1], toy.documents.sample(frac=1, random_state=1)),
                )
            ]
            pd.testing.assert_frame_equal(frames[0], frames[1])


FLAT = Lexicon((Theme("law", Label("Law", "法"), Phrases()),), "1")


def typed(*rows: tuple[int, str, int, int], language: str = "zh") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of hits and documents from (year, region, hits, units)."""
    unit = {"zh": "han", "en": "word"}[language]
    documents = [
        {
            "doc_id": f"d{n}",
            "content_sha256": f"{n}",
            "year": year,
            "region_code": region,
            "region_en": region.title(),
            "language": language,
            "n_units": units,
            "unit": unit,
            "path": f"{n}.txt",
            "encoding": "utf-8",
        }
        for n, (year, region, _, units) in enumerate(rows)
    ]
    found = [
        {"doc_id": f"d{n}", "theme": "law", "n_hits": count, "n_excluded": 0, "n_units": units, "unit": unit}
        for n, (_, _, count, units) in enumerate(rows)
    ]
    return conform(found, "theme_hits"), conform(documents, "documents")


class TestFixedRegions:
    ROWS = (
        (2021, "a", 2, 10_000),
        (2021, "b", 6, 20_000),
        (2022, "a", 4, 10_000),
        (2022, "b", 1, 10_000),
        (2022, "b", 2, 10_000),
        (2021, "c", 30, 10_000),
        (2022, "c", 90, 10_000),
        (2022, "d", 7, 10_000),  # not in every year
        (2022, "000000", 50, 10_000),  # no region
    )

    def test_equal_weight_mean_by_hand(self) -> None:
        frame = rates(*typed(*self.ROWS), FLAT, by=["year"])
        assert frame["rate_fixed_regions"].tolist() == pytest.approx([(2 + 3 + 30) / 3, (4 + 1.5 + 90) / 3])
        assert frame["n_fixed_regions"].tolist() == [3, 3]
        assert frame["rate_per_10k"].tolist() == pytest.approx([38 / 4, 154 / 6])

    def test_no_value_where_fewer_than_two_regions_run_through(self) -> None:
        frame = rates(*typed(*self.ROWS[:3]), FLAT, by=["year"])
        assert frame["rate_fixed_regions"].isna().all() and frame["n_fixed_regions"].tolist() == [0, 0]

    def test_gap_year_breaks_the_set(self) -> None:
        rows = [(year, region, 1, 10_000) for year in (2021, 2023) for region in "ab"]
        frame = rates(*typed(*rows), FLAT, by=["year"])
        assert frame["year"].tolist() == [2021, 2022, 2023] and frame["mark"].tolist() == ["value", "absent", "value"]
        assert frame["rate_fixed_regions"].isna().all()

    def test_doubling_one_years_documents_leaves_its_rate(self) -> None:
        once = rates(*typed(*self.ROWS), FLAT, by=["year"])
        twice = rates(*typed(*self.ROWS, *[row for row in self.ROWS if row[0] == 2022]), FLAT, by=["year"])
        for column in ("rate_per_10k", "low", "high", "share_docs", "rate_fixed_regions"):
            assert twice[column].tolist() == pytest.approx(once[column].tolist())
        assert twice["n_docs"].tolist() == [3, 12]


class TestWeightedCopies:
    def test_a_text_and_its_reprints_weigh_one_together_by_hand(self) -> None:
        hits, documents = typed(
            (2021, "a", 4, 10_000), (2021, "b", 4, 10_000), (2022, "a", 4, 10_000), (2022, "a", 0, 10_000)
        )  # fmt: skip
        documents.loc[[1, 2], "duplicate_of"] = "d0"
        third = 1 / 3
        frame = rates(hits, documents, FLAT, by=["year"], weights={"d0": third, "d1": third, "d2": third, "d3": 1.0})
        assert frame["rate_per_10k"].tolist() == pytest.approx([4.0, 4 * third / (1 + third)])
        assert frame["share_docs"].tolist() == pytest.approx([1.0, third / (1 + third)])
        assert frame["n_docs"].tolist() == [2, 2] and frame["n_hits"].tolist() == [8, 4]
        # 2022: the reprint counted in full gives 2.
        assert (frame["low"].tolist(), frame["high"].tolist()) == (pytest.approx([4.0, 1.0]), pytest.approx([4.0, 2.0]))
        assert frame["method"].str.contains("weight of one").all()

    def test_without_copies_nothing_changes(self) -> None:
        hits, documents = typed(*TestFixedRegions.ROWS)
        plain = rates(hits, documents, FLAT, by=["year"])
        weighted = rates(hits, documents, FLAT, by=["year"], weights=dict.fromkeys(documents["doc_id"], 1.0))
        pd.testing.assert_frame_equal(plain.drop(columns="method"), weighted.drop(columns="method"))

    def test_the_weights_of_a_corpus(self, corpus_of: CorpusOf) -> None:
        text = "依法治国，推进平安建设。" * 9
        corpus = corpus_of({"a.txt": text, "b.txt": text, "c.txt": text, "d.txt": "高质量发展，改善营商环境。" * 9})
        assert sorted(corpus.weights.values()) == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1.0])


class TestMarks:
    @pytest.mark.parametrize(
        ("language", "units", "count", "mark"),
        [
            ("zh", 1_000, 1, "value"),
            ("zh", 1_000, 0, "zero"),
            ("zh", 999, 1, "too few"),
            ("zh", 999, 0, "too few"),
            ("en", 300, 1, "value"),
            ("en", 300, 0, "zero"),
            ("en", 299, 1, "too few"),
        ],
    )
    def test_value_zero_too_few(self, language: str, units: int, count: int, mark: str) -> None:
        frame = rates(*typed((2021, "a", count, units), language=language), FLAT, by=["year"])
        assert frame["mark"].tolist() == [mark]
        assert frame["rate_per_10k"].tolist() == pytest.approx([10_000 * count / units])

    def test_absent_is_not_zero(self) -> None:
        frame = rates(*typed((2021, "a", 0, 5_000), (2023, "b", 1, 5_000)), FLAT, by=["year", "region_code"])
        found = {(row.year, row.region_code): row.mark for row in frame.itertuples()}
        assert found == {
            (2021, "a"): "zero",
            (2021, "b"): "absent",
            (2022, "a"): "absent",
            (2022, "b"): "absent",
            (2023, "a"): "absent",
            (2023, "b"): "value",
        }

    def test_nothing_dated_gives_no_row(self) -> None:
        hits, documents = typed((2021, "a", 1, 10))
        assert rates(hits, documents.assign(year=pd.array([None], "Int64")), FLAT, by=["year"]).empty

    def test_copy_in_a_cell_of_its_own_fills_no_cell(self) -> None:
        hits, documents = typed((2021, "a", 1, 5_000), (2022, "a", 1, 5_000))
        documents.loc[1, "duplicate_of"] = "d0"
        frame = rates(hits, documents, FLAT, by=["year"])
        assert frame["mark"].tolist() == ["value", "absent"] and frame["n_docs"].tolist() == [1, 0]


class TestEvidence:
    def test_counted_rows_are_the_hits_of_every_cell(
        self, toy: Corpus, hits: ThemeHits, table: Callable[..., pd.DataFrame]
    ) -> None:
        quoted = evidence(toy, hits)
        counted = quoted[quoted["counted"]]
        sizes = counted.groupby(["language", "theme", "year", "region_code"]).size().to_dict()
        for row in table("year", "region_code").itertuples():
            assert sizes.get((row.language, row.theme, row.year, row.region_code), 0) == row.n_hits
        whole = counted.groupby(["language", "theme"]).size().to_dict()
        assert {(row.language, row.theme): row.n_hits for row in table().itertuples() if row.n_hits} == whole

    def test_quotes_stand_in_the_original_where_they_say(self, toy: Corpus, hits: ThemeHits) -> None:
        for row in evidence(toy, hits, copies=True).itertuples():
            original = toy.original(row.doc_id)
            assert original[row.start : row.end] == row.match
            assert row.left + row.match + row.right == row.sentence  # all shorter than the window
            assert row.sentence in original
            assert " ".join(row.match.lower().split()) == row.term

    def test_quote_from_a_page_whose_characters_change_length(self, corpus_of: CorpusOf, toy_lexicon: Lexicon) -> None:
        page = "省裡召開會議\r\n\r\n　　首先…其次。堅持　楓\u200b橋經驗，推進ＡＩ。末了。\r\n"
        corpus = corpus_of({"a.txt": page})
        row = evidence(corpus, find_hits(corpus, toy_lexicon)).iloc[0]
        assert (row["match"], row["term"]) == ("楓\u200b橋經驗", "枫桥经验")
        assert row["sentence"] == "堅持　楓\u200b橋經驗，推進ＡＩ。"
        assert page[row["start"] : row["end"]] == row["match"]

    def test_excluded_and_wide_are_shown_and_not_counted(self, toy: Corpus, hits: ThemeHits) -> None:
        quoted = evidence(toy, hits)
        rest = quoted[~quoted["counted"]]
        found = {(row.theme, row.term, row.path) for row in rest.itertuples()}
        assert found == {
            ("safe", "平安", "zh/b.txt"),
            ("modern", "现代服务", "zh/c.txt"),
            ("modern", "modern services", "en/i.txt"),
        }
        assert cell(rest, theme="safe")["excluded_by"] == "水平安全"
        assert rest[rest["theme"] == "modern"]["facet"].tolist() == ["wide", "wide"]

    def test_a_hit_is_of_its_passages_part_section_and_point(self, toy: Corpus, hits: ThemeHits) -> None:
        known = {"part": "plan", "section": "总体要求", "point": "3"}
        quoted = evidence(replace(toy, passages=toy.passages.assign(**known)), hits)
        for name, value in known.items():
            assert quoted[name].eq(value).all(), quoted[[*known]]

    def test_only_some_themes_and_copies_on_request(self, toy: Corpus, hits: ThemeHits) -> None:
        assert set(evidence(toy, hits, themes=["fengqiao"])["theme"]) == {"fengqiao"}
        assert len(evidence(toy, hits, copies=True)) - len(evidence(toy, hits)) == 4  # b: 2 modern, 2 safe
        assert evidence(toy, hits, themes=[]).empty

    def test_long_context_is_cut_at_sixty_characters(self, corpus_of: CorpusOf, toy_lexicon: Lexicon) -> None:
        corpus = corpus_of({"a.txt": "题目如此\n" + "甲" * 100 + "枫桥经验" + "乙" * 100 + "。"})
        row = evidence(corpus, find_hits(corpus, toy_lexicon)).iloc[0]
        assert (row["left"], row["right"]) == ("甲" * 60, "乙" * 60) and len(row["sentence"]) == 205

    def test_any_phrase_in_any_spelling(self, toy: Corpus) -> None:
        quoted = phrase_evidence(toy, "ZHEJIANG  Province")
        assert list(quoted["match"]) == ["Zhejiang Province"] * 2 and set(quoted["theme"]) == {"ZHEJIANG  Province"}
        assert len(phrase_evidence(toy, "現代化")) == 7 and len(phrase_evidence(toy, "现代化", copies=True)) == 9
        assert phrase_evidence(toy, " ").empty


class TestCoverage:
    def test_unknown_is_a_row_and_copies_are_none(self, toy: Corpus) -> None:
        frame = coverage(toy.documents)
        assert list(frame.columns) == list(TABLES["coverage"])
        assert frame["n_docs"].sum() == 10
        assert frame[frame["year"].isna()][["region_en", "n_docs", "n_units"]].to_numpy().tolist() == [
            ["Shanxi", 1, 10]
        ]
        row = frame[(frame["year"] == 2021) & (frame["region_code"] == ZHEJIANG)]
        assert (row["n_docs"].sum(), row["n_units"].sum()) == (2, 33)


class TestLinks:
    FIT = TopicFit(
        beta=np.full((2, 2), 0.5),
        gamma=np.array([[0.9, 0.1], [0.3, 0.7], [np.nan, np.nan], [0.5, 0.5]]),
        n_tokens=np.array([5, 5, 0, 5]),
        terms=("a", "b"),
        doc_ids=("x", "x", "y", "z"),
        passages=(0, 1, 0, 0),
        language="zh",
        spec=TopicSpec(2),
    )

    def places(self, *rows: tuple[str, int, str, str, bool]) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=["doc_id", "passage", "theme", "excluded", "wide"])

    def test_scores_are_hits_by_the_topics_of_their_passages(self) -> None:
        places = self.places(
            ("x", 0, "law", "", False),
            ("x", 0, "law", "", False),
            ("x", 1, "law", "", False),
            ("x", 1, "law", "水平安全", False),
            ("x", 1, "law", "", True),
            ("y", 0, "law", "", False),  # no known word
            ("copy", 0, "law", "", False),  # not in the model
            ("z", 0, "safe", "", False),
            ("y", 0, "lost", "", False),
        )
        found = theme_topics(places, self.FIT)
        scores = found.set_index(["theme", "topic"])["score"].to_dict()
        assert scores == pytest.approx(
            {("law", 1): (2 * 0.9 + 0.3) / 3, ("law", 2): (2 * 0.1 + 0.7) / 3, ("safe", 1): 0.5, ("safe", 2): 0.5}
        )
        assert found.groupby("theme")["score"].sum().tolist() == pytest.approx([1, 1])
        assert found.set_index("theme")["n_passages"].to_dict() == {"law": 2, "safe": 1}

    def test_no_hit_gives_no_row(self) -> None:
        assert theme_topics(self.places(), self.FIT).empty

    def test_weight_of_a_theme_is_that_of_its_phrases(self) -> None:
        words = (("rule_of_law", "court"), ("court", "court"), ("rule_of_law", "legality"))
        tokens = Tokens.of_words(("a", "b", "c"), (0, 0, 0), ("en",) * 3, words)
        phrases = Phrases(en=("rule of law", "legality", "never"))
        lexicon = Lexicon((Theme("law", Label("L", "法"), phrases), Theme("none", Label("N", "无"), Phrases())), "1")
        groups = {"a": "2021", "b": "2021", "c": "2022"}
        found = theme_weights(count_terms(tokens, "en", min_docs=1), lexicon, groups)
        common, rare = log(4 / 3) + 1, log(4 / 2) + 1
        third = (common + rare) / sqrt(common**2 + rare**2)
        assert found[["theme", "group", "n_docs"]].to_numpy().tolist() == [
            ["law", "2021", 2],
            ["law", "2022", 1],
            ["none", "2021", 2],
            ["none", "2022", 1],
        ]
        assert found["tf_idf"].tolist() == pytest.approx([(1 / sqrt(2) + 0) / 2, third, 0, 0])

    def test_three_measures_of_a_theme_stand_side_by_side_where_all_are_there(self) -> None:
        counted = pd.DataFrame(
            {"theme": "law", "year": [2020, 2021, 2022, 2023], "rate_per_10k": [1.0, 2.0, 3.0, np.nan], "n_docs": [4, 5, 6, 0]}
        )  # fmt: skip
        weights = pd.DataFrame(
            {"theme": ["law"] * 3 + ["peace"], "group": ["2020", "2021", "2023", "2022"], "tf_idf": 0.5}
        )
        prevalence = pd.DataFrame(
            {"topic": [1, 2] * 2, "group": ["2020", "2020", "2022", "2022"], "prevalence": [0.1, 0.9] * 2}
        )
        found = triangulate(counted, weights, prevalence, topic=2, by="year")
        assert found.to_dict("records") == [{"group": "2020", "rate": 1.0, "tfidf": 0.5, "topic": 0.9, "n_docs": 4}]
        assert found.attrs["topic"] == 2

    def test_the_main_topic_of_a_theme_has_most_of_its_hits(self) -> None:
        scores = pd.DataFrame({"theme": ["law"] * 3 + ["peace"], "topic": [1, 2, 3, 1], "score": [0.2, 0.5, 0.3, 1.0]})
        assert [main_topic(scores, theme) for theme in ("law", "peace")] == [2, 1]
        with pytest.raises(InsufficientDataError, match="`safe`"):
            main_topic(scores, "safe")


def test_two_wide_facets_add_up_in_the_range() -> None:
    wide = tuple(Facet(name, Label(name, name), Phrases(), wide=True) for name in ("w1", "w2"))
    lexicon = Lexicon((Theme("law", Label("Law", "法"), Phrases(), facets=wide),), "1")
    _, documents = typed((2021, "a", 1, 10_000))
    base = {"doc_id": "d0", "theme": "law", "n_units": 10_000, "unit": "han"}
    hits = conform(
        [
            {**base, "n_hits": 1, "n_excluded": 5},
            {**base, "facet": "w1", "n_hits": 2, "n_excluded": 30},
            {**base, "facet": "w2", "n_hits": 4, "n_excluded": 0},
        ],
        "theme_hits",
    )
    row = rates(hits, documents, lexicon, by=["year"]).iloc[0]
    assert (row["rate_per_10k"], row["low"], row["high"]) == (1, 1, 12)
