"""Topics as people read them: words, exemplars, names, units; by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from policy_themes.corpus import Corpus
from policy_themes.errors import UsageError
from policy_themes.schema import conform
from policy_themes.topics import TopicFit, TopicSpec, Unit, exemplars, read_names, topic_correlations, topic_names
from policy_themes.topics.tables import lift, relevance, topic_terms
from policy_themes.vectorize import DocTerm, by_section

HAND = TopicFit(
    beta=np.array([[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]),
    gamma=np.array([[0.9, 0.1], [0.3, 0.7], [np.nan, np.nan], [0.2, 0.8]]),
    n_tokens=np.array([10, 30, 0, 20]),
    terms=("a", "b", "c"),
    doc_ids=("x", "x", "x", "y"),
    passages=(0, 1, 2, 0),
    language="en",
    spec=TopicSpec(2),
)
NO_LINKS = conform([], "theme_topics")


class TestWords:
    def test_lift_is_the_probability_by_the_share_of_all_words(self) -> None:
        # Topic 1 has 10 × .9 + 30 × .3 + 20 × .2 = 22 of 60 words.
        share = (22 * np.array([0.5, 0.3, 0.2]) + 38 * np.array([0.1, 0.3, 0.6])) / 60
        assert lift(HAND) == pytest.approx(HAND.beta / share)

    def test_relevance_weighs_probability_and_lift(self) -> None:
        assert relevance(HAND) == pytest.approx(0.6 * np.log(HAND.beta) + 0.4 * np.log(lift(HAND)))
        assert relevance(HAND, weight=1.0) == pytest.approx(np.log(HAND.beta))

    def test_table_has_both(self) -> None:
        row = topic_terms(HAND, top=1).iloc[0]
        assert (row["lift"], row["relevance"]) == pytest.approx((lift(HAND)[0, 0], relevance(HAND)[0, 0]))


def fit_of(corpus: Corpus, unit: Unit) -> TopicFit:
    """Make a fit whose topic 1 is the larger the later a unit stands."""
    passages = corpus.counted_passages()
    passages = passages[passages["doc_id"].map(corpus.languages) == "zh"]
    keys = list(zip(passages["doc_id"], passages["passage"], strict=True))
    if unit == "document":
        keys = [(doc_id, -1) for doc_id in dict.fromkeys(doc_id for doc_id, _ in keys)]
    share = np.linspace(0.1, 0.9, len(keys))
    return TopicFit(
        beta=np.array([[0.5, 0.5], [0.9, 0.1]]),
        gamma=np.column_stack([share, 1 - share]),
        n_tokens=np.full(len(keys), 20),
        terms=("a", "b"),
        doc_ids=tuple(doc_id for doc_id, _ in keys),
        passages=tuple(passage for _, passage in keys),
        language="zh",
        spec=TopicSpec(2, unit=unit),
    )


class TestExemplars:
    @pytest.mark.parametrize("unit", ["passage", "document"])
    def test_texts_with_most_of_a_topic_are_quoted_from_the_original(self, toy: Corpus, unit: Unit) -> None:
        fit = fit_of(toy, unit)
        table = exemplars(fit, toy, top=2)
        for row in table.itertuples():
            assert toy.original(row.doc_id)[row.start : row.end] == row.text
            assert row.gamma == fit.gamma[fit.row_of(row.doc_id, row.passage), row.topic - 1]
        first = table[(table["rank"] == 1) & (table["topic"] == 1)].iloc[0]
        assert first["gamma"] == pytest.approx(0.9)

    def test_one_of_a_document_first_and_short_texts_last(self) -> None:
        from policy_themes.topics.reading import _best

        assert _best(HAND, 0, 3) == [0, 3, 1]
        short = TopicFit(**{**HAND.__dict__, "n_tokens": np.array([9, 30, 0, 20])})
        assert _best(short, 0, 3) == [1, 3, 0]


def test_correlations_are_those_of_documents() -> None:
    fit = TopicFit(
        **{**HAND.__dict__, "doc_ids": ("w", "x", "y", "z"), "gamma": np.array([[0.9, 0.1], [0.3, 0.7], [np.nan] * 2, [0.2, 0.8]])}
    )  # fmt: skip
    table = topic_correlations(fit)
    assert len(table) == 1 and table["correlation"][0] == pytest.approx(-1) and table["n_docs"][0] == 3
    assert topic_correlations(HAND)["correlation"].isna().all()


class TestUnits:
    def test_sections_are_neighbouring_passages_under_one_heading(self) -> None:
        passages = pd.DataFrame(
            {
                "doc_id": ["x"] * 4 + ["y"] * 2,
                "passage": [0, 1, 2, 3, 0, 1],
                "section": ["I", "I", "II", "I", None, None],
            }
        )
        counts = DocTerm(
            sp.csr_array(np.arange(12).reshape(6, 2)),
            ("a", "b"),
            tuple(passages["doc_id"]),
            tuple(passages["passage"]),
            "en",
        )
        found = by_section(counts, passages)
        assert found.doc_ids == ("x", "x", "x", "y") and found.passages == (0, 2, 3, 0)
        assert found.counts.toarray().tolist() == [[2, 4], [4, 5], [6, 7], [18, 20]]

    @pytest.mark.parametrize(
        ("unit", "passages", "rows"),
        [("passage", (0, 2), [0, None, 1, None]), ("section", (0, 2), [0, 0, 1, 1]), ("document", (-1,), [0, 0, 0, 0])],
    )
    def test_a_passage_stands_in_the_unit_that_holds_it(
        self, unit: Unit, passages: tuple[int, ...], rows: list[int | None]
    ) -> None:
        n = len(passages)
        fit = TopicFit(
            np.eye(2), np.full((n, 2), 0.5), np.ones(n, np.int64), ("a", "b"), ("x",) * n, passages, "en", TopicSpec(2, unit=unit)
        )  # fmt: skip
        assert [fit.row_of("x", passage) for passage in range(4)] == rows
        assert fit.row_of("unknown", 0) is None


class TestNames:
    def test_a_name_goes_where_its_words_went(self) -> None:
        table = topic_names(HAND, NO_LINKS)
        assert table["terms"].tolist()[0] == "a=0.500000 b=0.300000 c=0.200000"
        table.loc[0, "name"] = "first"
        turned = TopicFit(**{**HAND.__dict__, "beta": HAND.beta[::-1]})
        again = topic_names(turned, NO_LINKS, table.dropna(subset=["name"]))
        assert again["name"].fillna("").tolist() == ["", "first"] and again["likeness"][1] == pytest.approx(1)

    def test_a_name_whose_words_are_gone_is_kept_without_a_topic(self) -> None:
        given = pd.DataFrame({"language": ["en", "zh"], "name": ["old", "别的"], "terms": ["q=0.5 r=0.5", "a=1"]})
        table = topic_names(HAND, NO_LINKS, given)
        assert len(table) == 3 and table["name"].dropna().tolist() == ["old"]
        assert pd.isna(table["topic"][2]) and table["terms"][2] == "q=0.5 r=0.5"

    def test_words_with_blanks_and_signs_of_equality_are_words(self) -> None:
        given = pd.DataFrame({"language": ["en"], "name": ["odd"], "terms": ["a b=0.500000 x=y=0.200000 c=0.1"]})
        odd = TopicFit(**{**HAND.__dict__, "terms": ("a b", "x=y", "c")})
        assert topic_names(odd, NO_LINKS, given)["name"].dropna().tolist() == ["odd"]

    def test_the_theme_with_most_hits_is_proposed(self) -> None:
        links = conform(
            [
                {"theme": theme, "topic": topic, "score": score, "n_passages": n, "language": "en"}
                for theme, score, n in (("law", 0.9, 5), ("safe", 0.6, 30), ("work", 0.2, 90))
                for topic, score in ((1, score), (2, 1 - score))
            ],
            "theme_topics",
        )
        assert topic_names(HAND, links)["proposed"].tolist() == ["safe", "work"]

    def test_what_was_written_is_read(self, tmp_path: Path) -> None:
        from policy_themes.store.table_file import csv_bytes

        table = topic_names(HAND, NO_LINKS)
        table.loc[1, "name"] = "名"
        (tmp_path / "names.csv").write_bytes(csv_bytes(table))
        assert read_names(tmp_path / "names.csv")["name"].tolist() == ["名"]

    @pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "language,name,terms\nen,x,words without numbers\n"])
    def test_another_file_is_refused(self, content: str, tmp_path: Path) -> None:
        (tmp_path / "names.csv").write_text(content)
        with pytest.raises(UsageError, match="no file of topic names"):
            read_names(tmp_path / "names.csv")
