"""Topics that are fitted before they are asked for are the same to the last bit, and nothing of it is left running."""

import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from policy_themes.config import find_settings
from policy_themes.store import crew
from policy_themes.store.cache import StageCache
from policy_themes.store.process import start_worker
from policy_themes.study import Study
from policy_themes.topics import (
    ENGINES,
    Begun,
    Engine,
    TopicFit,
    TopicSpec,
    ahead,
    begin_once,
    fit_once,
    fit_topics,
    refits_once,
)
from policy_themes.topics.draws import all_draws
from policy_themes.topics.fit import iterations_of
from policy_themes.topics.refits import refits
from policy_themes.vectorize.counts import DocTerm


def planted() -> DocTerm:
    """Draw documents of about 80 words from three known topics."""
    rng = np.random.default_rng(1)
    beta, theta = rng.dirichlet(np.full(60, 0.05), size=3), rng.dirichlet(np.full(3, 0.3), size=60)
    rows = np.array([rng.multinomial(80, share @ beta) for share in theta])
    return DocTerm(
        sp.csr_array(rows),
        tuple(f"w{n:02d}" for n in range(60)),
        tuple(f"d{n:02d}" for n in range(60)),
        (0,) * 60,
        "zh",
    )


TEXTS = planted()
NONE = pd.DataFrame({"doc_id": list(TEXTS.doc_ids)})


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list["subprocess.Popen[bytes]"]:
    """Every process that fits; a fit of any size is worth one."""
    found: list[subprocess.Popen[bytes]] = []

    def noted(module: str) -> "subprocess.Popen[bytes]":
        found.append(start_worker(module))
        return found[-1]

    monkeypatch.setattr(crew, "start_worker", noted)
    monkeypatch.setattr(ahead, "WORTHWHILE", 0)
    monkeypatch.setattr(ahead.os, "cpu_count", lambda: 2)
    return found


def same(one: TopicFit, other: TopicFit) -> None:
    """Compare two fits to the last bit."""
    for name in ("beta", "gamma", "n_tokens"):
        own, its = getattr(one, name), getattr(other, name)
        assert own.tobytes() == its.tobytes() and own.shape == its.shape and own.dtype == its.dtype, name
    for name in ("terms", "doc_ids", "passages", "language", "spec"):
        assert getattr(one, name) == getattr(other, name)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_was_begun_is_what_would_have_been_made(engine: Engine, started: list["subprocess.Popen[bytes]"]) -> None:
    spec = TopicSpec(3, engine=engine, iterations=20)
    begun = Begun(TEXTS, spec, ("topics", "refits"))
    fit = begun.fit(iter)
    same(fit, fit_topics(TEXTS, spec))
    known = refits(TEXTS, fit, documents=NONE, workers=1)
    pd.testing.assert_frame_equal(refits(TEXTS, fit, documents=NONE, fits=begun.refits(iter)), known)
    assert len(started) == 1 and started[0].poll() is not None  # all was asked for: it has ended by itself


def test_a_text_without_known_words_keeps_no_proportions(started: list["subprocess.Popen[bytes]"]) -> None:
    counts = TEXTS.counts.toarray()
    counts[5] = 0
    texts = DocTerm(sp.csr_array(counts), TEXTS.terms, TEXTS.doc_ids, TEXTS.passages, "zh")
    spec = TopicSpec(3, iterations=20)
    begun = Begun(texts, spec, ("topics",))
    found = begun.fit(iter)
    begun.end()
    same(found, fit_topics(texts, spec))
    assert np.isnan(found.gamma[5]).all()
    assert started[0].poll() is not None


def test_a_process_that_dies_costs_nothing_but_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(_: str) -> "subprocess.Popen[bytes]":
        process = start_worker("policy_themes.topics.no_such_module")
        process.wait()
        return process

    monkeypatch.setattr(crew, "start_worker", dying)
    spec = TopicSpec(3, iterations=20)
    begun = Begun(TEXTS, spec, ("topics",))
    same(begun.fit(iter), fit_topics(TEXTS, spec))
    begun.end()


def test_only_what_is_missing_is_begun(tmp_path: Path, started: list["subprocess.Popen[bytes]"]) -> None:
    cache, spec = StageCache(tmp_path), TopicSpec(3)

    def ask(spec: TopicSpec, texts: DocTerm = TEXTS) -> Begun | None:
        return begin_once(texts, spec, cache, documents=NONE)

    begun = ask(spec)
    assert begun is not None
    fit = fit_once(TEXTS, spec, cache, iter, documents=NONE, begun=begun)
    assert fit.spec.iterations == iterations_of(TEXTS, spec)
    begun.end()
    partly = ask(spec)
    assert partly is not None and not partly._shown and len(partly._others) == 3
    refits_once(TEXTS, fit, cache, iter, documents=NONE, begun=partly)
    partly.end()
    assert ask(spec) is None and len(started) == 2
    counts = TEXTS.counts.toarray()
    counts[0, 0] += 1
    more = DocTerm(sp.csr_array(counts), TEXTS.terms, TEXTS.doc_ids, TEXTS.passages, "zh")
    others = [ask(TopicSpec(3, seed=2)), ask(spec, more)]  # every setting and every count is in the key
    for other in others:
        assert other is not None
        other.end()
    assert ask(TopicSpec(10_000)) is None  # refused; whoever asks for it is told


def test_a_study_asks_for_what_was_begun(
    demo_folder: Path, tmp_path: Path, started: list["subprocess.Popen[bytes]"]
) -> None:
    settings = find_settings(demo_folder, None).with_topics(iterations=30, k=4)
    study = Study(demo_folder, settings, cache=StageCache(tmp_path / "one"))
    with study.topics_ahead():
        assert len(started) == len(study.languages)
        begun = [(study.topics(name), study.topic_stability(name)) for name in study.languages]
    assert len(started) == len(study.languages) and all(process.poll() is not None for process in started)
    alone = Study(demo_folder, settings, cache=StageCache(tmp_path / "two"))
    for language, (fit, found) in zip(study.languages, begun, strict=True):
        same(fit, alone.topics(language))
        pd.testing.assert_frame_equal(found, alone.topic_stability(language))
    again = Study(demo_folder, settings, cache=StageCache(tmp_path / "one"))
    n_before = len(started)
    with again.topics_ahead():
        assert len(started) == n_before  # both are remembered


def test_what_nobody_asked_for_is_ended(demo_folder: Path, started: list["subprocess.Popen[bytes]"]) -> None:
    settings = find_settings(demo_folder, None).with_topics(iterations=100_000, k=4)
    study = Study(demo_folder, settings, cache=StageCache(None))
    with pytest.raises(KeyboardInterrupt), study.topics_ahead():
        raise KeyboardInterrupt
    assert started and all(process.poll() is not None for process in started)


def test_draws_are_made_once_for_a_seed() -> None:
    fit = fit_topics(TEXTS, TopicSpec(3, iterations=20))
    first = all_draws(fit, seed=1)
    assert all_draws(fit, seed=1) is first
    fresh = fit_topics(TEXTS, TopicSpec(3, iterations=20))
    assert all_draws(fresh, seed=2).tobytes() != first.tobytes()
    assert all_draws(fresh, seed=1).tobytes() == first.tobytes()
