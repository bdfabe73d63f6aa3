"""Topics: planted ones are found, the rest is arithmetic that can be done by hand."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.topics import (
    ENGINES,
    Engine,
    TopicFit,
    TopicSpec,
    default_k,
    doc_topics,
    fit_topics,
    topic_prevalence,
    topic_terms,
)
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


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def small_fit(small: tuple[DocTerm, Matrix, Matrix], engine: Engine) -> TopicFit:
    return fit_topics(small[0], TopicSpec(3, engine=engine, seed=1))


class TestPlanted:
    def test_small_corpus_is_recovered(self, small: tuple[DocTerm, Matrix, Matrix], small_fit: TopicFit) -> None:
        cosines, order = matched(small_fit.beta, small[1])
        assert recovered(cosines)
        assert np.abs(small_fit.gamma[:, order] - small[2]).mean() < 0.06

    @pytest.mark.long
    @pytest.mark.parametrize("seed", range(5))
    def test_six_topics_are_recovered_by_every_engine(self, seed: int, engine: Engine) -> None:
        docterm, beta, _ = planted(seed, k=6, n_terms=800, n_docs=400)
        fit = fit_topics(docterm, TopicSpec(6, engine=engine, seed=seed))
        assert recovered(matched(fit.beta, beta)[0])

    @pytest.mark.long
    @pytest.mark.parametrize("seed", range(5))
    def test_gensim_by_default_recovers_none_of_them(self, seed: int) -> None:
        from gensim.matutils import Sparse2Corpus
        from gensim.models import LdaModel

        docterm, beta, _ = planted(seed, k=6, n_terms=800, n_docs=400)
        bags = Sparse2Corpus(sp.csc_matrix(docterm.counts), documents_columns=False)
        stock = LdaModel(bags, id2word=dict(enumerate(docterm.terms)), num_topics=6, random_state=seed)
        assert not recovered(matched(stock.get_topics().astype(float), beta)[0])


class TestFit:
    def test_rows_are_probabilities(self, small_fit: TopicFit) -> None:
        assert small_fit.beta.shape == (3, 90) and small_fit.gamma.shape == (90, 3)
        assert np.allclose(small_fit.beta.sum(axis=1), 1, atol=1e-12) and (small_fit.beta > 0).all()
        assert np.allclose(small_fit.gamma.sum(axis=1), 1, atol=1e-12) and (small_fit.gamma > 0).all()

    def test_same_seed_same_bytes(
        self, small: tuple[DocTerm, Matrix, Matrix], small_fit: TopicFit, engine: Engine
    ) -> None:
        again = fit_topics(small[0], TopicSpec(3, engine=engine, seed=1))
        assert again.beta.tobytes() == small_fit.beta.tobytes()
        assert again.gamma.tobytes() == small_fit.gamma.tobytes()
        assert again.spec == small_fit.spec and again.spec.iterations

    @pytest.mark.parametrize("engine", ["tomotopy", "gensim"])
    def test_another_seed_gives_other_bytes(self, small: tuple[DocTerm, Matrix, Matrix], engine: Engine) -> None:
        # The factorisation alone starts from singular vectors, and hangs on the seed in no digit that counts.
        one, other = (fit_topics(small[0], TopicSpec(3, engine=engine, seed=seed)) for seed in (1, 2))
        assert other.gamma.tobytes() != one.gamma.tobytes()

    def test_progress_is_told_and_what_it_raises_ends_the_fit(
        self, small: tuple[DocTerm, Matrix, Matrix], engine: Engine
    ) -> None:
        told: list[object] = []

        def interrupted(rounds: Iterable[object]) -> Iterator[object]:
            for number, item in enumerate(rounds):
                told.append(item)
                if number == 1:
                    raise KeyboardInterrupt
                yield item

        with pytest.raises(KeyboardInterrupt):
            fit_topics(small[0], TopicSpec(3, engine=engine), progress=interrupted)
        assert len(told) == 2

    def test_topics_descend_by_prevalence_in_words(self, small_fit: TopicFit) -> None:
        mass = (small_fit.gamma * small_fit.n_tokens[:, None]).sum(axis=0)
        assert (np.diff(mass) <= 0).all()

    @pytest.mark.parametrize("seed", range(3))
    def test_terms_and_proportions_of_a_topic_belong_together(self, seed: int, engine: Engine) -> None:
        docterm = planted(seed, k=4, n_terms=90, n_docs=60, length=60)[0]
        fit = fit_topics(docterm, TopicSpec(4, engine=engine))
        words = fit.gamma.T @ docterm.counts.toarray()
        assert matched(words, fit.beta)[1].tolist() == [0, 1, 2, 3]

    def test_order_of_passages_is_no_matter_but_for_the_last_digits(
        self, small: tuple[DocTerm, Matrix, Matrix], engine: Engine
    ) -> None:
        docterm = small[0]
        order = np.random.default_rng(0).permutation(90)
        turned = DocTerm(
            docterm.counts[order], docterm.terms, tuple(docterm.doc_ids[n] for n in order), (0,) * 90, "en"
        )
        fits = [fit_topics(part, TopicSpec(3, engine=engine, seed=1)) for part in (docterm, turned)]
        # A sampler takes other chances in another order.
        assert matched(fits[1].beta, fits[0].beta)[0].min() > (0.99 if engine == "tomotopy" else 0.999)

    def test_passage_without_a_known_word_has_no_topics(
        self, small: tuple[DocTerm, Matrix, Matrix], engine: Engine
    ) -> None:
        counts = small[0].counts.toarray()
        counts[[4, 7]] = 0
        docterm = DocTerm(sp.csr_array(counts), small[0].terms, small[0].doc_ids, small[0].passages, "en")
        fit = fit_topics(docterm, TopicSpec(3, engine=engine))
        assert np.flatnonzero(np.isnan(fit.gamma).any(axis=1)).tolist() == [4, 7]
        assert np.isnan(fit.gamma[4]).all() and not np.isnan(fit.beta).any()
        assert fit.n_tokens.tolist() == counts.sum(axis=1).tolist()

    @pytest.mark.parametrize(("k", "fits"), [(20, True), (21, False), (400, False)])
    def test_too_many_topics_names_the_largest_sensible_number(self, k: int, fits: bool, engine: Engine) -> None:
        docterm = planted(1, k=3, n_terms=30, n_docs=20)[0]
        if fits:
            assert fit_topics(docterm, TopicSpec(k, engine=engine, iterations=1)).beta.shape[0] == k
            return
        with pytest.raises(UsageError) as caught:
            fit_topics(docterm, TopicSpec(k))
        assert str(caught.value) == (
            f"`k` = {k} topics cannot be told apart in 20 passages and 30 terms. The largest sensible number here is 4."
        )

    def test_more_topics_than_anybody_reads_are_refused_though_there_are_texts_enough(self, engine: Engine) -> None:
        counts = sp.csr_array(sp.eye_array(600, dtype=np.int64))
        names = tuple(f"d{row}" for row in range(600))
        texts = DocTerm(counts, tuple(f"w{row}" for row in range(600)), names, (0,) * 600, "en")
        with pytest.raises(UsageError, match="at most 500") as caught:
            fit_topics(texts, TopicSpec(501, engine=engine))
        assert "sensible number here is 20" in str(caught.value)

    @pytest.mark.parametrize(("n_docs", "n_terms"), [(9, 30), (30, 9)])
    def test_too_small_a_corpus_is_refused(self, n_docs: int, n_terms: int) -> None:
        docterm = planted(1, k=2, n_terms=n_terms, n_docs=n_docs)[0]
        with pytest.raises(InsufficientDataError) as caught:
            fit_topics(docterm, TopicSpec(2))
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

    def test_pickled_array_is_not_read(self, tmp_path: Path) -> None:
        HAND.save(tmp_path)
        evil = np.array([{"a": 1}], dtype=object)
        np.savez(tmp_path / "arrays.npz", beta=evil, gamma=evil, n_tokens=evil)
        with pytest.raises(UsageError, match="allow_pickle"):
            TopicFit.load(tmp_path)

    def test_pickle_under_the_name_of_the_arrays_is_not_read(self, tmp_path: Path) -> None:
        HAND.save(tmp_path)
        (tmp_path / "arrays.npz").write_bytes(pickle.dumps({"beta": 1}))
        with pytest.raises(UsageError, match="Fit it anew"):
            TopicFit.load(tmp_path)

    @pytest.mark.parametrize(
        "changed",
        [
            {"beta": np.eye(3)},
            {"beta": np.array([[0.5, 0.3, 0.2], [0.1, 0.3, 0.9]])},
            {"beta": np.array([[1.5, -0.3, -0.2], [0.1, 0.3, 0.6]])},
            {"gamma": np.full((6, 2), 0.9)},
            {"gamma": np.full((6, 2), 0.5, dtype=np.float32)},
            {"n_tokens": np.zeros(5, dtype=np.int64)},
        ],
    )
    def test_tampered_arrays_are_refused(self, changed: dict[str, Matrix], tmp_path: Path) -> None:
        HAND.save(tmp_path)
        arrays = {name: getattr(HAND, name) for name in ("beta", "gamma", "n_tokens")}
        np.savez(tmp_path / "arrays.npz", **(arrays | changed))
        with pytest.raises(UsageError, match="Fit it anew"):
            TopicFit.load(tmp_path)

    @pytest.mark.parametrize(
        ("key", "value"),
        [("terms", ["a"]), ("doc_ids", ["x"]), ("passages", [1]), ("spec", {"k": 3}), ("spec", {"k": 2, "engine": "os"}),
         ("spec", {"k": 2, "code": "x"})],
    )  # fmt: skip
    def test_tampered_names_are_refused(self, key: str, value: object, tmp_path: Path) -> None:
        HAND.save(tmp_path)
        names = json.loads((tmp_path / "names.json").read_text(encoding="utf-8"))
        (tmp_path / "names.json").write_text(json.dumps(names | {key: value}), encoding="utf-8")
        with pytest.raises(UsageError, match="Fit it anew"):
            TopicFit.load(tmp_path)

    @pytest.mark.parametrize("name", ["arrays.npz", "names.json"])
    def test_missing_and_truncated_files_are_refused(self, name: str, tmp_path: Path) -> None:
        HAND.save(tmp_path)
        (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:40])
        with pytest.raises(UsageError, match="Fit it anew"):
            TopicFit.load(tmp_path)
        (tmp_path / name).unlink()
        with pytest.raises(UsageError, match="Fit it anew"):
            TopicFit.load(tmp_path)


HAND = TopicFit(
    beta=np.array([[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]]),
    gamma=np.array([[0.9, 0.1], [0.3, 0.7], [np.nan, np.nan], [0.2, 0.8], [np.nan, np.nan], [0.4, 0.6]]),
    n_tokens=np.array([10, 30, 0, 5, 0, 8]),
    terms=("a", "b", "c"),
    doc_ids=("x", "x", "x", "y", "z", "v"),
    passages=(0, 1, 2, 0, 0, 0),
    language="en",
    spec=TopicSpec(2),
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


FIT = """
import sys
import numpy as np
import scipy.sparse as sp
from policy_themes.topics import ENGINES, TopicSpec, fit_topics
from policy_themes.vectorize import DocTerm

random = np.random.default_rng(1)
beta = random.dirichlet(np.full(300, 0.05), size=5)
rows = [random.multinomial(80, share @ beta) for share in random.dirichlet(np.full(5, 0.3), size=150)]
texts = DocTerm(sp.csr_array(np.array(rows)), tuple(map(str, range(300))), tuple(map(str, range(150))), (-1,) * 150, "en")
np.savez(sys.argv[1], **{engine: fit_topics(texts, TopicSpec(5, engine=engine, iterations=60)).beta for engine in ENGINES})
"""


@pytest.mark.long
def test_another_processor_gives_the_same_numbers_to_a_millionth(tmp_path: Path) -> None:
    """The linear algebra is told to take another processor's way; which one it took stands on stderr."""
    cores = []
    for core in ("Prescott", "Haswell"):
        environment = os.environ | {"OPENBLAS_CORETYPE": core, "OPENBLAS_VERBOSE": "2"}
        done = subprocess.run(
            [sys.executable, "-c", FIT, tmp_path / f"{core}.npz"],
            capture_output=True,
            text=True,
            env=environment,
            check=True,
        )
        cores.append(done.stderr)
    if cores[0] == cores[1]:
        pytest.skip("this machine's linear algebra knows one way only")
    one, other = (np.load(tmp_path / f"{core}.npz", allow_pickle=False) for core in ("Prescott", "Haswell"))
    for engine in ENGINES:
        cosines, order = matched(other[engine], one[engine])
        assert cosines.min() > 0.999
        np.testing.assert_allclose(other[engine][order], one[engine], rtol=1e-6)
    assert not np.array_equal(one["gensim"], other["gensim"])  # so it was another way indeed
