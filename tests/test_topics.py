"""Topics: planted ones are found, the rest is arithmetic that can be done by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.topics import LdaSpec, TopicFit, default_k, doc_topics, fit_lda, topic_prevalence, topic_terms
from policy_themes.topics.tables import document_gamma, frex
from policy_themes.vectorize import DocTerm

Matrix = NDArray[np.float64]


def planted(seed: int, *, k: int, n_terms: int, n_docs: int, length: int = 120) -> tuple[DocTerm, Matrix, Matrix]:
    """Draw documents from known topics; return them, the topics and the documents' true proportions."""
    rng = np.random.default_rng(seed)
    beta = rng.dirichlet(np.full(n_terms, 0.05), size=k)
    theta = rng.dirichlet(np.full(k, 0.3), size=n_docs)
    sizes = rng.poisson(length, size=n_docs)
    rows = [rng.multinomial(size, share @ beta) for size, share in zip(sizes, theta, strict=True)]
    names = tuple(f"d{row:04d}" for row in range(n_docs))
    terms = tuple(f"w{term:04d}" for term in range(n_terms))
    return DocTerm(sp.csr_array(np.array(rows)), terms, names, (0,) * n_docs, "en"), beta, theta


def matched(found: Matrix, true: Matrix) -> tuple[Matrix, NDArray[np.int64]]:
    """Return the cosine of each true topic with the found one it is matched with, and the matching."""
    unit = [matrix / np.linalg.norm(matrix, axis=1, keepdims=True) for matrix in (true, found)]
    cosines = unit[0] @ unit[1].T
    rows, columns = linear_sum_assignment(-cosines)
    return cosines[rows, columns], columns


def recovered(cosines: Matrix) -> bool:
    """The bar: mean cosine .95, worst topic .90."""
    return bool(cosines.mean() >= 0.95 and cosines.min() >= 0.90)


@pytest.fixture(scope="module")
def small() -> tuple[DocTerm, Matrix, Matrix]:
    return planted(11, k=3, n_terms=90, n_docs=90, length=80)


@pytest.fixture(scope="module")
def small_fit(small: tuple[DocTerm, Matrix, Matrix]) -> TopicFit:
    return fit_lda(small[0], LdaSpec(3, seed=1))


class TestPlanted:
    def test_small_corpus_is_recovered(self, small: tuple[DocTerm, Matrix, Matrix], small_fit: TopicFit) -> None:
        cosines, order = matched(small_fit.beta, small[1])
        assert recovered(cosines)
        assert np.abs(small_fit.gamma[:, order] - small[2]).mean() < 0.06

    @pytest.mark.long
    @pytest.mark.parametrize("seed", range(5))
    def test_six_topics_are_recovered_and_gensim_by_default_does_not(self, seed: int) -> None:
        from gensim.matutils import Sparse2Corpus
        from gensim.models import LdaModel

        docterm, beta, _ = planted(seed, k=6, n_terms=800, n_docs=400)
        fit = fit_lda(docterm, LdaSpec(6, seed=seed))
        assert recovered(matched(fit.beta, beta)[0])
        bags = Sparse2Corpus(sp.csc_matrix(docterm.counts), documents_columns=False)
        stock = LdaModel(bags, id2word=dict(enumerate(docterm.terms)), num_topics=6, random_state=seed)
        assert not recovered(matched(stock.get_topics().astype(float), beta)[0])


class TestFit:
    def test_rows_are_probabilities(self, small_fit: TopicFit) -> None:
        assert small_fit.beta.shape == (3, 90) and small_fit.gamma.shape == (90, 3)
        assert np.allclose(small_fit.beta.sum(axis=1), 1, atol=1e-12) and (small_fit.beta > 0).all()
        assert np.allclose(small_fit.gamma.sum(axis=1), 1, atol=1e-12) and (small_fit.gamma > 0).all()

    def test_same_seed_same_bytes_and_another_seed_others(
        self, small: tuple[DocTerm, Matrix, Matrix], small_fit: TopicFit
    ) -> None:
        again, other = fit_lda(small[0], LdaSpec(3, seed=1)), fit_lda(small[0], LdaSpec(3, seed=2))
        assert again.beta.tobytes() == small_fit.beta.tobytes()
        assert again.gamma.tobytes() == small_fit.gamma.tobytes()
        assert other.gamma.tobytes() != small_fit.gamma.tobytes()

    def test_topics_descend_by_prevalence_in_words(self, small_fit: TopicFit) -> None:
        mass = (small_fit.gamma * small_fit.n_tokens[:, None]).sum(axis=0)
        assert (np.diff(mass) <= 0).all()

    @pytest.mark.parametrize("seed", range(3))
    def test_terms_and_proportions_of_a_topic_belong_together(self, seed: int) -> None:
        docterm = planted(seed, k=4, n_terms=90, n_docs=60, length=60)[0]
        fit = fit_lda(docterm, LdaSpec(4))
        words = fit.gamma.T @ docterm.counts.toarray()
        assert matched(words, fit.beta)[1].tolist() == [0, 1, 2, 3]

    def test_order_of_passages_is_no_matter_but_for_the_last_digits(
        self, small: tuple[DocTerm, Matrix, Matrix]
    ) -> None:
        docterm = small[0]
        order = np.random.default_rng(0).permutation(90)
        turned = DocTerm(
            docterm.counts[order], docterm.terms, tuple(docterm.doc_ids[n] for n in order), (0,) * 90, "en"
        )
        fits = [fit_lda(part, LdaSpec(3, seed=1)) for part in (docterm, turned)]
        assert matched(fits[1].beta, fits[0].beta)[0].min() > 0.999

    def test_passage_without_a_known_word_has_no_topics(self, small: tuple[DocTerm, Matrix, Matrix]) -> None:
        counts = small[0].counts.toarray()
        counts[[4, 7]] = 0
        docterm = DocTerm(sp.csr_array(counts), small[0].terms, small[0].doc_ids, small[0].passages, "en")
        fit = fit_lda(docterm, LdaSpec(3))
        assert np.flatnonzero(np.isnan(fit.gamma).any(axis=1)).tolist() == [4, 7]
        assert np.isnan(fit.gamma[4]).all() and not np.isnan(fit.beta).any()
        assert fit.n_tokens.tolist() == counts.sum(axis=1).tolist()

    @pytest.mark.parametrize(("k", "fits"), [(20, True), (21, False), (400, False)])
    def test_too_many_topics_names_the_largest_sensible_number(self, k: int, fits: bool) -> None:
        docterm = planted(1, k=3, n_terms=30, n_docs=20)[0]
        if fits:
            assert fit_lda(docterm, LdaSpec(k, passes=1)).beta.shape[0] == k
            return
        with pytest.raises(UsageError) as caught:
            fit_lda(docterm, LdaSpec(k))
        assert str(caught.value) == (
            f"`k` = {k} topics cannot be told apart in 20 passages and 30 terms. The largest sensible number here is 4."
        )

    @pytest.mark.parametrize(("n_docs", "n_terms"), [(9, 30), (30, 9)])
    def test_too_small_a_corpus_is_refused(self, n_docs: int, n_terms: int) -> None:
        docterm = planted(1, k=2, n_terms=n_terms, n_docs=n_docs)[0]
        with pytest.raises(InsufficientDataError) as caught:
            fit_lda(docterm, LdaSpec(2))
        assert f"there are {n_docs} and {n_terms} in en. Add documents." in str(caught.value)
        assert caught.value.exit_code == 4

    @pytest.mark.parametrize(("n", "k"), [(1, 2), (10, 2), (15, 3), (99, 19), (100, 20), (5000, 20)])
    def test_default_number(self, n: int, k: int) -> None:
        assert default_k(n) == k

    def test_saved_and_read_back(self, small_fit: TopicFit, tmp_path: Path) -> None:
        small_fit.save(tmp_path)
        back = TopicFit.load(tmp_path)
        assert {path.name for path in tmp_path.iterdir()} == {"arrays.npz", "names.json"}
        for name in ("beta", "gamma", "n_tokens"):
            assert getattr(back, name).tobytes() == getattr(small_fit, name).tobytes()
        for name in ("terms", "doc_ids", "passages", "language", "spec"):
            assert getattr(back, name) == getattr(small_fit, name)

    def test_pickled_array_is_not_read(self, small_fit: TopicFit, tmp_path: Path) -> None:
        small_fit.save(tmp_path)
        evil = np.array([{"a": 1}], dtype=object)
        np.savez(tmp_path / "arrays.npz", beta=evil, gamma=evil, n_tokens=evil)
        with pytest.raises(ValueError, match="allow_pickle"):
            TopicFit.load(tmp_path)


HAND = TopicFit(
    beta=np.array([[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]),
    gamma=np.array([[0.9, 0.1], [0.3, 0.7], [np.nan, np.nan], [0.2, 0.8], [np.nan, np.nan], [0.4, 0.6]]),
    n_tokens=np.array([10, 30, 0, 5, 0, 8]),
    terms=("a", "b", "c"),
    doc_ids=("x", "x", "x", "y", "z", "v"),
    passages=(0, 1, 2, 0, 0, 0),
    language="en",
    spec=LdaSpec(2),
)


class TestTables:
    def test_documents_are_their_passages_by_known_words(self) -> None:
        gamma = document_gamma(HAND)
        assert gamma.loc["x"].tolist() == pytest.approx([(10 * 0.9 + 30 * 0.3) / 40, (10 * 0.1 + 30 * 0.7) / 40])
        assert gamma.loc["y"].tolist() == [0.2, 0.8] and gamma.loc["z"].isna().all()

    def test_table_of_documents(self) -> None:
        table = doc_topics(HAND)
        assert len(table) == 8 and set(table["topic"]) == {1, 2}
        found = {(row.doc_id, row.topic): (row.gamma, row.n_passages) for row in table.itertuples()}
        assert found["x", 1] == (pytest.approx(0.45), 3) and found["v", 2] == (0.6, 1)
        assert pd.isna(found["z", 1][0])
        known = table.dropna(subset=["gamma"]).groupby("doc_id")["gamma"].sum()
        assert known.to_dict() == pytest.approx({"v": 1, "x": 1, "y": 1})

    def test_prevalence_is_the_mean_over_documents(self) -> None:
        table = topic_prevalence(HAND, {"x": "2021", "y": "2021", "z": "2021", "v": "2022"}, by="year")
        rows = {(row.group, row.topic): row for row in table.itertuples()}
        assert len(rows) == 4
        first = rows["2021", 1]
        assert (first.prevalence, first.low, first.high) == pytest.approx(((0.45 + 0.2) / 2, 0.2, 0.45))
        assert (first.n_docs, first.n_passages, first.by, first.language) == (2, 4, "year", "en")
        alone = rows["2022", 2]
        assert alone.prevalence == 0.6 and pd.isna(alone.low) and pd.isna(alone.high) and alone.n_docs == 1
        assert table.groupby("group")["prevalence"].sum().tolist() == pytest.approx([1, 1])

    def test_documents_without_a_group_stand_in_none(self) -> None:
        assert set(topic_prevalence(HAND, {"y": "2021"}, by="year")["n_docs"]) == {1}
        assert topic_prevalence(HAND, {}, by="year").empty

    def test_terms_by_probability(self) -> None:
        table = topic_terms(HAND, top=2)
        found = list(zip(table["topic"], table["rank"], table["term"], table["beta"], strict=True))
        assert found == [(1, 1, "a", 0.5), (1, 2, "b", 0.3), (2, 1, "c", 0.6), (2, 2, "b", 0.3)]

    def test_frex_by_hand(self) -> None:
        # Ranks of exclusivity (5/6, 1/2, 1/4) and of frequency in topic 1 are both 3, 2, 1 of 3.
        assert frex(HAND.beta)[0].tolist() == pytest.approx([1, 2 / 3, 1 / 3])
        # Topic 2: b is 2nd in both, so any weight gives 2/3; weight 1 leaves exclusivity alone.
        assert frex(HAND.beta, weight=1.0)[1].tolist() == pytest.approx([1 / 3, 2 / 3, 1])
        tied = np.array([[0.6, 0.2, 0.2], [0.1, 0.1, 0.8]])  # exclusivity 6/7, 2/3, 1/5; frequency ties at rank 1.5
        assert frex(tied)[0].tolist() == pytest.approx([1, 1 / (0.5 * 3 / 2 + 0.5 * 3 / 1.5), 1 / (0.5 * 3 + 0.5 * 2)])
