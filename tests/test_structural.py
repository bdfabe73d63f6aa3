"""Structural and seeded models: planted topics, plain arrays on disk, and remedies where they cannot be fitted."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.topics import TopicFit, TopicSpec, doc_topics, topic_terms
from policy_themes.topics.draws import topic_draws
from policy_themes.topics.keywords import keyword_shares, keywords_of
from policy_themes.topics.quality import exclusivity, npmi
from policy_themes.topics.seeded import drop_one, fit_seeded
from policy_themes.topics.structural import fit_structural, topic_wording
from policy_themes.vectorize import DocTerm

K, TERMS = 4, 120
SPEC = TopicSpec(k=K, engine="structural", unit="document", prevalence="~ region + year", seed=3)


@pytest.fixture(autouse=True)
def _needs_topica(request: pytest.FixtureRequest) -> None:
    if "without" not in request.node.name:
        pytest.importorskip("topica", reason="topica is not installed: pip install 'policy-themes[structural]'")


def planted(seed: int = 1, *, worded: bool = False) -> tuple[DocTerm, pd.DataFrame, np.ndarray, np.ndarray]:
    """Draw documents whose first topic is more frequent in region 33, and perhaps worded apart there."""
    random = np.random.default_rng(seed)
    beta = random.dirichlet(np.full(TERMS, 0.05), size=K)
    n_docs = 240
    there = np.arange(n_docs) % 2 == 1
    theta = random.dirichlet(np.full(K, 0.4), size=n_docs)
    theta[there, 0] += 0.6
    theta /= theta.sum(axis=1, keepdims=True)
    own = beta.copy()
    if worded:
        own[0, [0, 1]] = own[0, 1], own[0, 0] + 0.3
        own[0] /= own[0].sum()
    shares = np.where(there[:, None], theta @ own, theta @ beta)
    counts = np.stack([random.multinomial(150, row) for row in shares])
    names = tuple(f"d{row:03d}" for row in range(n_docs))
    texts = DocTerm(sp.csr_array(counts), tuple(f"w{term:03d}" for term in range(TERMS)), names, (-1,) * n_docs, "en")
    documents = pd.DataFrame(
        {"doc_id": names, "region_code": np.where(there, "33", "11"), "year": pd.array(2000 + np.arange(n_docs) % 12, "Int64")}
    )  # fmt: skip
    return texts, documents, beta, theta


def cosines(found: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Cosine of each true topic with the nearest found one."""
    unit = [matrix / np.linalg.norm(matrix, axis=1, keepdims=True) for matrix in (true, found)]
    return np.asarray((unit[0] @ unit[1].T).max(axis=1))


@pytest.fixture(scope="module")
def fit() -> TopicFit:
    pytest.importorskip("topica", reason="topica is not installed: pip install 'policy-themes[structural]'")
    texts, documents, _, _ = planted()
    return fit_structural(texts, SPEC, documents)


def test_planted_topics_are_found_in_five_corpora() -> None:
    for seed in range(5):
        texts, documents, beta, _ = planted(seed)
        near = cosines(fit_structural(texts, replace(SPEC, seed=seed), documents).beta, beta)
        assert near.mean() >= 0.95 and near.min() >= 0.90


def test_it_serves_whatever_takes_a_topic_fit(fit: TopicFit) -> None:
    texts, _, _, theta = planted()
    assert topic_terms(fit, top=5)["term"].isin(fit.terms).all() and len(doc_topics(fit)) == K * len(texts.doc_ids)
    assert np.isfinite(exclusivity(fit.beta)).all() and np.isfinite(npmi(fit.beta, texts)).all()
    # Draws lie around the proportions, and their spread is not nothing.
    draws = topic_draws(fit, [1])
    truth = theta[:, np.corrcoef(fit.gamma[:, 0], theta.T)[0, 1:].argmax()]
    assert np.abs(draws.mean(axis=1).to_numpy() - fit.gamma[:, 0]).max() < 0.1
    inside = (draws.min(axis=1) <= truth) & (truth <= draws.max(axis=1))
    assert inside.mean() > 0.8 and draws.std(axis=1).min() > 0


def test_the_same_call_gives_the_same_bytes_and_they_come_back_from_disk(fit: TopicFit, tmp_path: Path) -> None:
    texts, documents, _, _ = planted()
    again = fit_structural(texts, SPEC, documents.sample(frac=1, random_state=1))
    assert again.draws is not None and fit.draws is not None
    assert np.array_equal(again.beta, fit.beta) and np.array_equal(again.draws, fit.draws)
    fit.save(tmp_path)
    loaded = TopicFit.load(tmp_path)
    assert loaded.spec == fit.spec and loaded.draws is not None and np.array_equal(loaded.draws, fit.draws)
    pd.testing.assert_frame_equal(topic_terms(loaded), topic_terms(fit))


def test_objects_among_the_draws_are_refused(fit: TopicFit, tmp_path: Path) -> None:
    fit.save(tmp_path)
    for bad in (np.array([{"run": "me"}], dtype=object), np.zeros((2, 3, K), dtype=np.float32)):
        np.savez(tmp_path / "arrays.npz", beta=fit.beta, gamma=fit.gamma, n_tokens=fit.n_tokens, draws=bad)
        with pytest.raises(UsageError, match="no topic model"):
            TopicFit.load(tmp_path)


def test_two_regions_word_one_topic_in_two_ways(tmp_path: Path) -> None:
    texts, documents, _, _ = planted(2, worded=True)
    found = fit_structural(texts, replace(SPEC, content="region"), documents)
    assert found.groups == ("11", "33")
    table = topic_wording(found, ("33", "11"), top=3)
    first = table[(table["group"] == "33") & (table["rank"] == 1)]
    assert "w001" in set(first["term"]) and first["log2_ratio"].gt(0).all()
    found.save(tmp_path)
    pd.testing.assert_frame_equal(topic_wording(TopicFit.load(tmp_path), ("33", "11"), top=3), table)
    with pytest.raises(UsageError, match="one of 11, 33"):
        topic_wording(found, ("33", "99"))


def test_documents_that_lack_a_column_or_a_word_have_no_proportions() -> None:
    texts, documents, _, _ = planted()
    documents.loc[:4, "year"] = None
    counts = texts.counts.toarray()
    counts[10] = 0
    texts = replace(texts, counts=sp.csr_array(counts))
    found = fit_structural(texts, SPEC, documents)
    missing = np.isnan(found.gamma).all(axis=1)
    assert np.flatnonzero(missing).tolist() == [0, 1, 2, 3, 4, 10]
    assert not set(topic_draws(found, [1]).index) & {"d000", "d010"}


@pytest.mark.parametrize(
    ("changed", "error", "said"),
    [
        ({"prevalence": "~ regionn"}, UsageError, "region"), ({"prevalence": "~ __import__('os')"}, UsageError, "columns joined"),
        ({"prevalence": None}, UsageError, "needs a formula"), ({"prevalence": "~ unit"}, UsageError, "same|has no effect"),
        ({"content": "unit"}, UsageError, "Leave it out"), ({"content": "outlett"}, UsageError, "column of the documents"),
        ({"k": 500}, UsageError, "cannot be told apart"),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_says_so(changed: dict[str, object], error: type[Exception], said: str) -> None:
    texts, documents, _, _ = planted()
    with pytest.raises(error, match=said):
        fit_structural(texts, replace(SPEC, **changed), documents.assign(unit="word", outlet="a"))  # type: ignore[arg-type]


def test_one_document_is_too_few() -> None:
    texts, documents, _, _ = planted()
    with pytest.raises(InsufficientDataError, match="at least 10"):
        fit_structural(texts.rows(np.array([0])), SPEC, documents)


def test_what_it_says_without_topica(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "topica", None)
    texts, documents, _, _ = planted()
    for fit_one in (lambda: fit_structural(texts, SPEC, documents), lambda: fit_seeded(texts, SPEC, documents)):
        with pytest.raises(UsageError, match=r"pip install 'policy-themes\[structural\]'"):
            fit_one()


def seeded_spec(beta: np.ndarray) -> TopicSpec:
    """Two themes with three first words each of planted topics."""
    words = [tuple(f"w{term:03d}" for term in np.argsort(-row)[:3]) for row in beta]
    return TopicSpec(
        k=K, engine="seeded", unit="document", iterations=200, keywords=(("law", words[0]), ("peace", words[1]))
    )


def test_seeded_topics_begin_with_their_words_and_come_back_from_disk(tmp_path: Path) -> None:
    texts, documents, beta, theta = planted()
    found = fit_seeded(texts, seeded_spec(beta), documents)
    assert sorted(found.themes) == ["", "", "law", "peace"]
    for number, theme in enumerate(("law", "peace")):
        topic = found.themes.index(theme)
        assert cosines(found.beta[[topic]], beta[[number]])[0] > 0.95
        assert np.corrcoef(found.gamma[:, topic], theta[:, number])[0, 1] > 0.95
    found.save(tmp_path)
    assert TopicFit.load(tmp_path).spec == found.spec and TopicFit.load(tmp_path).themes == found.themes
    again = fit_seeded(texts, seeded_spec(beta), documents)
    assert np.array_equal(again.beta, found.beta)


def test_leaving_a_keyword_out_shows_what_hangs_on_it() -> None:
    texts, documents, beta, _ = planted()
    found = fit_seeded(texts, seeded_spec(beta), documents)
    table = drop_one(texts, found, documents, theme="law")
    assert len(table) == 3 and table["cosine"].gt(0.9).all() and table["correlation"].gt(0.9).all()
    with pytest.raises(UsageError, match="Known: law, peace"):
        drop_one(texts, found, documents, theme="war")


def test_shares_of_keywords_are_known_before_fitting() -> None:
    texts = DocTerm(sp.csr_array([[30_000, 1, 3], [0, 0, 1]]), ("law", "peace", "tea"), ("a", "b"), (-1, -1), "en")
    table = keyword_shares(texts, {"rule": ["law", "court", "tea"], "calm": ["peace", "tea"], "none": ["sea"]})
    assert table["mark"].tolist() == ["", "absent", "shared", "weak", "shared", "absent"]
    assert table["n_docs"].tolist() == [1, 0, 2, 1, 2, 0]
    assert keywords_of(table) == (("rule", ("law", "tea")), ("calm", ("peace", "tea")))
    with pytest.raises(InsufficientDataError, match="No keyword"):
        keywords_of(table[table["theme"] == "none"])
    with pytest.raises(UsageError, match="cannot hold 2 themes"):
        given = (("a", ("w001",)), ("b", ("w002",)))
        fit_seeded(planted()[0], TopicSpec(1, engine="seeded", keywords=given), planted()[1])
