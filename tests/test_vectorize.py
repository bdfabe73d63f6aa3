"""Counts and weights, against numbers worked out by hand and a plain loop."""

from collections.abc import Sequence
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from policy_themes.errors import InsufficientDataError
from policy_themes.regions import load_regions
from policy_themes.text.units import Language
from policy_themes.tokenize import Tokens
from policy_themes.tokenize.names import place_words
from policy_themes.vectorize import count_terms, document_weights, term_weights


def tokens(*rows: tuple[str, str], language: Language = "en") -> Tokens:
    """One passage a row: document and its words."""
    numbers = [sum(doc == other for other, _ in rows[:n]) for n, (doc, _) in enumerate(rows)]
    return Tokens.of_words(
        [doc for doc, _ in rows], numbers, [language] * len(rows), [text.split() for _, text in rows]
    )


FOUR = tokens(("a", "law law court"), ("a", "reform"), ("b", "law reform"), ("c", "court court"), ("d", "rare"))


def loop_weights(documents: Sequence[Sequence[str]]) -> list[dict[str, float]]:
    """TF-IDF without a library: (1 + log count) × (log((1 + n) / (1 + df)) + 1), each document to length one."""
    df: dict[str, int] = {}
    for words in documents:
        for word in set(words):
            df[word] = df.get(word, 0) + 1
    result = []
    for words in documents:
        raw = {
            word: (1 + log(words.count(word))) * (log((1 + len(documents)) / (1 + df[word])) + 1) for word in set(words)
        }
        length = sqrt(sum(value * value for value in raw.values()))
        result.append({word: value / length for word, value in raw.items()})
    return result


class TestCounts:
    def test_documents_by_hand(self) -> None:
        counted = count_terms(FOUR, "en", min_docs=1)
        assert counted.terms == ("court", "law", "rare", "reform")
        assert counted.doc_ids == ("a", "b", "c", "d") and counted.passages == (-1,) * 4
        assert counted.counts.toarray().tolist() == [[1, 2, 0, 1], [0, 1, 0, 1], [2, 0, 0, 0], [0, 0, 1, 0]]

    def test_passages_are_pruned_by_documents(self) -> None:
        twice = tokens(("a", "law court"), ("a", "law court"), ("b", "court rare"), ("c", ""))
        counted = count_terms(twice, "en", unit="passage", min_docs=2)
        assert counted.terms == ("court",)  # law stands in two passages of one document
        assert counted.counts.toarray().tolist() == [[1], [1], [1], [0]]
        assert (counted.doc_ids, counted.passages) == (("a", "a", "b", "c"), (0, 1, 0, 0))

    def test_masked_words_are_gone_from_both_units(self) -> None:
        for unit in ("document", "passage"):
            counted = count_terms(FOUR, "en", unit=unit, min_docs=1, masked=["law", "rare"])  # type: ignore[arg-type]
            assert counted.terms == ("court", "reform") and counted.counts.sum() == 5

    @given(st.lists(st.tuples(st.sampled_from("abc"), st.text("xyz ", max_size=20)), min_size=1, max_size=8))
    def test_counts_as_scikit_learn_does(self, rows: list[tuple[str, str]]) -> None:
        joined = {doc: " ".join(text for other, text in rows if other == doc).split() for doc, _ in rows}
        vectorizer = CountVectorizer(analyzer=lambda words: words)
        try:
            expected = vectorizer.fit_transform(joined.values())
        except ValueError:  # no word at all
            return
        counted = count_terms(tokens(*rows), "en", min_docs=1)
        assert counted.terms == tuple(vectorizer.get_feature_names_out()) and counted.doc_ids == tuple(joined)
        assert (counted.counts.toarray() == expected.toarray()).all()

    def test_other_language_is_left_out(self) -> None:
        mixed = Tokens.of_words(("a", "b"), (0, 0), ("en", "zh"), (("law",), ("法治", "law")))
        counted = count_terms(mixed, "zh", min_docs=1)
        assert counted.terms == ("law", "法治") and counted.doc_ids == ("b",) and counted.language == "zh"

    @pytest.mark.parametrize("rows", [(("a", "law"), ("b", "court")), (("a", "law"),), ()])
    def test_no_term_left_says_what_to_set(self, rows: tuple[tuple[str, str], ...]) -> None:
        with pytest.raises(InsufficientDataError) as caught:
            count_terms(tokens(*rows), "en")
        assert str(caught.value) == (
            f"No en term stands in at least 2 of {len(rows)} documents. "
            "Set `terms: min_docs: 1` in study.yml, or add documents."
        )
        assert caught.value.exit_code == 4


class TestWeights:
    def test_by_hand(self) -> None:
        # n = 4; df: court 2, law 2, rare 1, reform 2 → idf ln(5/3) + 1 = 1.5108256, rare ln(5/2) + 1 = 1.9162907.
        weights = document_weights(count_terms(FOUR, "en", min_docs=1)).toarray()
        # Document a: court 1, law 1 + ln 2 = 1.6931472, reform 1, all of one idf; length sqrt(2 + 1.6931472²) = 2.2060708.
        one, law, half = 1 / sqrt(2 + (1 + log(2)) ** 2), (1 + log(2)) / sqrt(2 + (1 + log(2)) ** 2), 1 / sqrt(2)
        expected = [[one, law, 0, one], [0, half, 0, half], [1, 0, 0, 0], [0, 0, 1, 0]]
        assert np.allclose(weights, expected, atol=1e-9)

    def test_idf_by_hand(self) -> None:
        weights = document_weights(count_terms(tokens(("a", "law rare"), ("b", "law")), "en", min_docs=1)).toarray()
        rare = log(3 / 2) + 1  # 1.4054651; law is in both and weighs 1
        assert weights[0] == pytest.approx([1 / sqrt(1 + rare**2), rare / sqrt(1 + rare**2)], abs=1e-12)
        assert weights[0] == pytest.approx([0.5797386715, 0.8148024746], abs=1e-9)

    @settings(deadline=None, max_examples=60)
    @given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=12), min_size=1, max_size=8))
    def test_agrees_with_a_plain_loop(self, documents: list[list[str]]) -> None:
        counted = count_terms(
            tokens(*((f"{n}", " ".join(words)) for n, words in enumerate(documents))), "en", min_docs=1
        )
        weights = document_weights(counted).toarray()
        for row, expected in zip(weights, loop_weights(documents), strict=True):
            assert row == pytest.approx([expected.get(term, 0.0) for term in counted.terms], abs=1e-9)

    def test_document_without_terms_weighs_nothing(self) -> None:
        counted = count_terms(tokens(("a", "law"), ("b", "law"), ("c", "")), "en")
        assert document_weights(counted).toarray().tolist() == [[1], [1], [0]]


GROUPS = {"a": "2021", "b": "2021", "c": "2022"}


class TestGroups:
    def test_group_is_the_mean_of_its_documents(self) -> None:
        table = term_weights(count_terms(FOUR, "en", min_docs=1), GROUPS, by="year", min_docs=1)
        found = {(row.group, row.term): (row.tf_idf, row.rank) for row in table.itertuples()}
        one, law, half = (
            1 / sqrt(2 + (1 + log(2)) ** 2),
            (1 + log(2)) / sqrt(2 + (1 + log(2)) ** 2),
            1 / sqrt(2),
        )  # document a and b, as above
        expected = {
            ("2021", "law"): ((law + half) / 2, 1),
            ("2021", "reform"): ((one + half) / 2, 2),
            ("2021", "court"): (one / 2, 3),
            ("2022", "court"): (1.0, 1),
        }
        assert found.keys() == expected.keys()
        for key, (weight, rank) in expected.items():
            assert found[key] == (pytest.approx(weight, abs=1e-9), rank)
        assert set(table["by"]) == {"year"} and set(table["language"]) == {"en"}

    def test_counts_beside_the_weights(self) -> None:
        table = term_weights(count_terms(FOUR, "en", min_docs=1), GROUPS, by="year", min_docs=1)
        row = table[(table["group"] == "2021") & (table["term"] == "law")].iloc[0]
        assert (row["n_group"], row["n_docs_group"], row["n_docs"]) == (3, 2, 2)
        row = table[(table["group"] == "2021") & (table["term"] == "court")].iloc[0]
        assert (row["n_group"], row["n_docs_group"], row["n_docs"]) == (1, 1, 2)

    def test_term_needs_documents_in_the_group_as_far_as_it_has_them(self) -> None:
        table = term_weights(count_terms(FOUR, "en", min_docs=1), GROUPS, by="year", min_docs=2)
        assert table.groupby("group")["term"].agg(list).to_dict() == {"2021": ["law", "reform"], "2022": ["court"]}

    def test_top_and_ties_by_term(self) -> None:
        counted = count_terms(tokens(("a", "d c b a"), ("b", "d c b a")), "en")
        table = term_weights(counted, {"a": "x", "b": "x"}, by="year", top=3)
        assert list(zip(table["rank"], table["term"], strict=True)) == [(1, "a"), (2, "b"), (3, "c")]

    def test_long_document_weighs_no_more_than_a_short_one(self) -> None:
        counted = count_terms(tokens(("a", "law " * 50), ("b", "court")), "en", min_docs=1)
        table = term_weights(counted, {"a": "x", "b": "x"}, by="year", min_docs=1)
        assert table["tf_idf"].tolist() == pytest.approx([0.5, 0.5])

    def test_order_of_documents_does_not_matter(self) -> None:
        rows = [("a", "law court x"), ("b", "law reform x"), ("c", "court y y"), ("d", "x reform"), ("e", "law z")]
        groups = {"a": "1", "b": "2", "c": "1", "d": "2", "e": "1"}
        tables = [
            term_weights(count_terms(tokens(*order), "en", min_docs=1), groups, by="g", min_docs=1).round(12)
            for order in (rows, rows[::-1], rows[2:] + rows[:2])
        ]
        assert tables[0].equals(tables[1]) and tables[0].equals(tables[2])


def test_places_and_outlets_are_masked_and_the_country_is_not() -> None:
    masked = place_words(load_regions(), ["qinghai daily"])
    assert {"zhejiang", "浙江", "浙江省", "北京市", "杭州", "mongolia", "qinghai daily"} <= masked
    assert not masked & {"中国", "国家", "law", "autonomous", "province", "法治"}
