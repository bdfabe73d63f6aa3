"""Do topics hold up: the measures by hand, the bars of stability with their opposite, the sheets for people."""

import gzip
import itertools
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from math import exp, lgamma
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from scipy import stats

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.schema import conform
from policy_themes.topics import ENGINES, Engine, TopicFit, TopicSpec, fit_topics
from policy_themes.topics.inference import proportions
from policy_themes.topics.intrusion import intrusion_scores, intrusion_sheet
from policy_themes.topics.many import Job, fit_many
from policy_themes.topics.page import quality_page
from policy_themes.topics.quality import completion, exclusivity, hold_out, npmi
from policy_themes.topics.records import Matrix
from policy_themes.topics.stability import match, shuffled, stability
from policy_themes.vectorize import DocTerm


def planted(seed: int, *, k: int = 6, n_terms: int = 800, n_docs: int = 400) -> tuple[DocTerm, Matrix]:
    """Draw documents of about 120 words from known topics."""
    rng = np.random.default_rng(seed)
    beta = rng.dirichlet(np.full(n_terms, 0.05), size=k)
    theta = rng.dirichlet(np.full(k, 0.3), size=n_docs)
    rows = [rng.multinomial(size, share @ beta) for size, share in zip(rng.poisson(120, n_docs), theta, strict=True)]
    names = tuple(f"d{row:04d}" for row in range(n_docs))
    return DocTerm(
        sp.csr_array(np.array(rows)), tuple(f"w{n:04d}" for n in range(n_terms)), names, (0,) * n_docs, "en"
    ), beta


class TestMeasures:
    def test_the_truth_completes_better_than_other_topics_and_those_better_than_none(self) -> None:
        texts, beta = planted(1, n_docs=100)
        other = planted(2, n_docs=10)[1]
        flat = np.full((6, 800), 1 / 800)
        found = [completion(topics, texts.counts) for topics in (beta, 0.5 * beta + 0.5 * other, flat)]
        assert found[0] < found[1] < found[2] == pytest.approx(800)

    def test_one_topic_is_the_perplexity_of_its_words(self) -> None:
        held = sp.csr_array([[400, 200]])
        asked = held.toarray()[0] - np.random.default_rng(1).binomial([400, 200], 0.5)
        assert completion(np.array([[0.8, 0.2]]), held) == pytest.approx(
            exp(-(asked @ np.log([0.8, 0.2])) / asked.sum())
        )

    def test_a_tenth_is_held_out(self) -> None:
        texts = planted(1, n_docs=50)[0]
        left, held = hold_out(texts)
        assert held.shape[0] == 5 and len(left.doc_ids) == 45
        assert left.counts.sum() + held.sum() == texts.counts.sum()

    def test_npmi_by_hand(self) -> None:
        # Documents: {a, b}, {a}, {c}, {a, b}; passages of the last are two rows.
        rows = [[1, 1, 0], [2, 0, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0]]
        texts = DocTerm(sp.csr_array(rows), ("a", "b", "c"), ("w", "x", "y", "z", "z"), (0, 0, 0, 0, 1), "en")
        ab = np.log(0.5 / (0.75 * 0.5)) / -np.log(0.5)
        assert npmi(np.array([[0.5, 0.4, 0.1]]), texts) == pytest.approx([(ab - 1 - 1) / 3])

    def test_exclusivity_agrees_with_stm(self, shared: Path) -> None:
        folder = shared / "reference" / "stm"
        with gzip.open(folder / "poliblog5k_k20_topic_word.csv.gz", "rt") as stream:
            beta = pd.read_csv(stream).to_numpy().T
        known = pd.read_csv(folder / "poliblog5k_k20_quality.csv")["exclusivity"]
        assert exclusivity(beta) == pytest.approx(known.to_numpy(), abs=1e-6)


class TestInference:
    def test_two_clear_topics(self) -> None:
        beta = np.array([[0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5]])
        assert proportions(beta, sp.csr_array([[3, 3, 0, 0], [3, 0, 0, 3]])) == pytest.approx(
            np.array([[6.1 / 6.2, 0.1 / 6.2], [0.5, 0.5]]), abs=1e-6
        )

    PHI = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
    ALPHA = 0.5

    def pinned(self, counts: sp.csr_array):  # type: ignore[no-untyped-def]
        """Return tomotopy's sampler with known topics: priors so large that no text moves them."""
        import tomotopy

        from policy_themes.topics.engines.tomotopy_lda import feed

        model = tomotopy.LDAModel(k=2, alpha=self.ALPHA, seed=3)
        model.optim_interval = 0
        for term in range(3):
            model.set_word_prior(str(term), (self.PHI[:, term] * 1e6).tolist())
        feed(model, counts)
        model.train(50, workers=1)
        return model

    def test_expected_proportions_are_those_of_exact_enumeration(self) -> None:
        from policy_themes.topics.engines.tomotopy_lda import average

        words, a = [0, 0, 2, 1, 2, 0], self.ALPHA
        weights, shares = [], []
        for topics in itertools.product((0, 1), repeat=6):
            n = np.bincount(topics, minlength=2)
            prior = exp(sum(lgamma(m + a) - lgamma(a) for m in n) + lgamma(2 * a) - lgamma(6 + 2 * a))
            weights.append(prior * np.prod([self.PHI[topic, word] for topic, word in zip(topics, words, strict=True)]))
            shares.append((n[0] + a) / (6 + 2 * a))
        exact = np.average(shares, weights=weights)
        assert exact == pytest.approx(0.610377, abs=1e-6)
        counts = sp.csr_array(np.tile(np.bincount(words, minlength=3), (400, 1)))
        found = average(self.pinned(counts), 3, [5] * 50).gamma
        assert (found[:, 0] / found.sum(axis=1)).mean() == pytest.approx(exact, abs=0.005)

    @pytest.mark.long
    def test_true_proportions_stand_anywhere_among_the_sampled_ones(self) -> None:
        """Simulation-based calibration: the rank of the truth among 19 draws is uniform."""
        from policy_themes.topics.engines.tomotopy_lda import average

        rng = np.random.default_rng(5)
        theta = rng.dirichlet([self.ALPHA] * 2, size=2_000)
        counts = sp.csr_array(np.array([rng.multinomial(30, share @ self.PHI) for share in theta]))
        model = self.pinned(counts)
        drawn = []
        for _ in range(19):
            units = rng.gamma(average(model, 3, [10]).gamma)
            drawn.append(units[:, 0] / units.sum(axis=1))
        ranks = (np.array(drawn) < theta[:, 0]).sum(axis=0)
        assert stats.chisquare(np.bincount(ranks, minlength=20)).pvalue > 0.01


class TestStability:
    def test_matching_undoes_an_order(self) -> None:
        beta = planted(1)[1]
        order = [3, 1, 0, 5, 4, 2]
        found = match(beta, beta[order])
        assert [order[place] for place in found.other] == list(range(6))
        assert found.cosine == pytest.approx(np.ones(6)) and found.jaccard == pytest.approx(np.ones(6))

    def test_the_medoid_is_the_one_that_resembles_the_others(self) -> None:
        one, other = planted(1)[1], planted(2)[1]
        found = stability([other, one, 0.9 * one + 0.1 * other])
        assert found.reference == 2 and found.mean_cosine < 0.9
        shown = stability([one, one], reference=other)
        assert shown.reference == -1 and not shown.stable.any() and shown.mean_cosine == pytest.approx(1)

    def test_dealing_words_keeps_lengths_and_frequencies(self) -> None:
        texts = planted(1, n_docs=50)[0]
        dealt = shuffled(texts)
        for axis in (0, 1):
            assert dealt.counts.sum(axis=axis).tolist() == texts.counts.sum(axis=axis).tolist()
        assert (dealt.counts != texts.counts).sum() > 1_000
        assert (shuffled(texts).counts != dealt.counts).sum() == 0

    @pytest.mark.long
    @pytest.mark.parametrize("engine", ENGINES)
    def test_planted_topics_are_found_by_other_seeds_and_shuffled_words_are_flagged(self, engine: Engine) -> None:
        texts = planted(1)[0]
        page = quality_page(
            texts, TopicSpec(6, engine=engine), [6], shown=fit_topics(texts, TopicSpec(6, engine=engine))
        )
        row = page.quality.iloc[0]
        assert row["cosine"] >= 0.90 and row["n_stable"] == 6
        assert row["cosine_shuffled"] <= 0.60
        assert row["n_stable_shuffled"] == 0
        marks = page.stability.groupby("text")["mark"].unique()
        assert marks["as it is"].tolist() == ["stable"] and marks["shuffled"].tolist() == ["unstable"]

    def test_topics_that_are_each_the_language_as_a_whole_are_not_found_again(self) -> None:
        """Their plain cosine is that of stable topics: the frequent words are in all of them."""
        random = np.random.default_rng(1)
        zipf = 1 / np.arange(1, 801)
        counts = random.multinomial(60, zipf / zipf.sum(), size=1_500)
        texts = DocTerm(
            sp.csr_array(counts), tuple(map(str, range(800))), tuple(map(str, range(1_500))), (-1,) * 1_500, "en"
        )
        fits = [fit_topics(texts, TopicSpec(10, seed=seed, iterations=30)).beta for seed in (1, 2, 3)]
        found = stability(fits)
        assert found.mean_cosine < 0.3 and not found.stable.any()
        unit = [beta / np.linalg.norm(beta, axis=1, keepdims=True) for beta in fits]
        assert (unit[0] @ unit[1].T).max(axis=1).mean() > 0.9

    @pytest.mark.long
    @pytest.mark.parametrize("engine", ["structural", "seeded"])
    def test_so_do_models_of_columns_and_keywords(self, engine: Engine) -> None:
        pytest.importorskip("topica", reason="topica is not installed: pip install 'policy-themes[structural]'")
        texts, beta = planted(1)
        first = [tuple(texts.terms[term] for term in np.argsort(-row)[:3]) for row in beta]
        spec = TopicSpec(6, engine=engine, unit="document", prevalence="~ region + s(year)", iterations=200)
        if engine == "seeded":
            spec = replace(spec, keywords=(("law", first[0]), ("peace", first[1])))
        rows = np.arange(len(texts.doc_ids))
        documents = pd.DataFrame(
            {"doc_id": texts.doc_ids, "region_code": np.where(rows % 2, "33", "11"), "year": 2000 + rows % 10}
        )
        page = quality_page(texts, spec, [6], documents=documents, n_seeds=5)
        row = page.quality.iloc[0]
        sys.stdout.write(f"{engine}: cosine {row['cosine']:.3f}, dealt out anew {row['cosine_shuffled']:.3f}\n")
        assert row["cosine"] >= 0.90 and row["n_stable"] == 6
        assert row["cosine_shuffled"] <= 0.85 and row["n_stable_shuffled"] == 0
        # As well as the truth completes them, but for a tenth.
        _, held = hold_out(texts, seed=spec.seed)
        assert row["perplexity"] <= 1.1 * completion(beta, held, seed=spec.seed)

    @pytest.mark.long
    def test_seeds_alone_would_call_the_noise_of_an_engine_without_chance_stable(self) -> None:
        dealt = shuffled(planted(1)[0])
        fits = [fit_topics(dealt, TopicSpec(6, engine="nmf", seed=seed)).beta for seed in (1, 2, 3)]
        assert stability(fits).stable.sum() >= 4

    @pytest.mark.long
    def test_the_planted_k_is_stable_and_others_are_not(self) -> None:
        page = quality_page(planted(1)[0], TopicSpec(6), [4, 6, 9])
        share = (page.quality["n_stable"] / page.quality["k"]).tolist()
        assert share[1] == 1 and share[0] < 1 and share[2] < 1
        assert page.quality["perplexity"].astype(float).argmin() == 1
        assert page.quality["cosine_shuffled"].notna().tolist() == [False, True, False]

    @pytest.mark.parametrize("engine", ENGINES)
    def test_processes_make_no_difference(self, engine: Engine) -> None:
        texts = planted(1, k=3, n_terms=60, n_docs=60)[0]
        jobs = [
            Job(TopicSpec(3, engine=engine, iterations=20, seed=seed), deal) for seed in (1, 2) for deal in (None, 1)
        ]
        one, two = (fit_many(texts, jobs, workers=workers) for workers in (1, 2))
        assert [beta.tobytes() for beta in one] == [beta.tobytes() for beta in two]

    def test_a_process_that_dies_costs_nothing_but_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from policy_themes.store import crew
        from policy_themes.store.process import start_worker

        def dying(_: str):  # type: ignore[no-untyped-def]
            process = start_worker("policy_themes.topics.no_such_module")
            process.wait()
            return process

        texts = planted(1, k=3, n_terms=60, n_docs=60)[0]
        jobs = [Job(TopicSpec(3, iterations=5, seed=seed)) for seed in (1, 2)]
        known = fit_many(texts, jobs, workers=1)
        monkeypatch.setattr(crew, "start_worker", dying)
        assert [beta.tobytes() for beta in fit_many(texts, jobs, workers=2)] == [beta.tobytes() for beta in known]

    def test_interruption_ends_the_processes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from policy_themes.store import crew
        from policy_themes.store.process import start_worker

        started = []

        def noted(module: str):  # type: ignore[no-untyped-def]
            started.append(start_worker(module))
            return started[-1]

        def interrupted(_: object) -> Iterator[object]:
            raise KeyboardInterrupt
            yield

        monkeypatch.setattr(crew, "start_worker", noted)
        texts = planted(1)[0]
        jobs = [Job(TopicSpec(6, iterations=100_000, seed=seed)) for seed in range(4)]
        with pytest.raises(KeyboardInterrupt):
            fit_many(texts, jobs, workers=2, progress=interrupted)
        assert len(started) == 2 and all(process.poll() is not None for process in started)

    @pytest.mark.parametrize("engine", ENGINES)
    def test_texts_without_known_words_count_for_no_k(self, engine: Engine) -> None:
        counts = planted(1, k=3, n_terms=60, n_docs=24)[0].counts.toarray()
        counts[12:] = 0
        names = tuple(f"d{n}" for n in range(24))
        texts = DocTerm(sp.csr_array(counts), tuple(f"w{n}" for n in range(60)), names, (0,) * 24, "en")
        assert fit_topics(texts, TopicSpec(12, engine=engine, iterations=5)).beta.shape == (12, 60)
        with pytest.raises(UsageError, match="12 passages"):
            fit_topics(texts, TopicSpec(13, engine=engine))

    def test_a_k_that_the_nine_tenths_do_not_carry_is_refused(self) -> None:
        texts = planted(1, k=3, n_terms=60, n_docs=20)[0]
        with pytest.raises(UsageError, match="cannot be told apart"):
            quality_page(texts, TopicSpec(3), [3, 19], n_seeds=2)


def fit(k: int = 5) -> TopicFit:
    """Make a fit of clearly different topics."""
    beta = np.full((k, 20 * k), 0.1 / (20 * k))
    for topic in range(k):
        beta[topic, 20 * topic : 20 * topic + 20] += 0.9 * np.arange(20, 0, -1) / 210
    gamma = np.full((k, k), 0.1 / k) + 0.9 * np.eye(k)
    names = tuple(f"w{n:03d}" for n in range(20 * k))
    ids = tuple(f"d{n}" for n in range(k))
    return TopicFit(beta, gamma, np.full(k, 50), names, ids, (0,) * k, "en", TopicSpec(k))


def texts_of(of: TopicFit) -> pd.DataFrame:
    """Make a text for each topic."""
    known = {"passage": 0, "gamma": 0.9, "n_tokens": 50, "start": 0, "end": 4, "path": "p", "language": "en", "rank": 1}
    return conform(
        [{"topic": n + 1, "doc_id": doc_id, "text": f"text {doc_id}", **known} for n, doc_id in enumerate(of.doc_ids)],
        "exemplars",
    )


class TestIntrusion:
    def test_the_intruder_is_of_another_topic_and_the_sheet_does_not_tell(self) -> None:
        of = fit()
        drawn = intrusion_sheet(of, texts_of(of), names={1: "First"})
        assert (
            list(drawn.sheet["row"]) == list(range(1, 11))
            and "topic" not in drawn.sheet
            and "intruder" not in drawn.sheet
        )
        tasks = drawn.sheet.merge(drawn.key, on=["row", "kind"])
        for task in tasks[tasks["kind"] == "word"].itertuples():
            options = [getattr(task, f"option_{n}") for n in range(1, 7)]
            own = {int(word[1:]) // 20 == task.topic - 1 for n, word in enumerate(options, 1) if n != task.intruder}
            assert own == {True} and int(options[task.intruder - 1][1:]) // 20 != task.topic - 1
        labels = tasks[tasks["kind"] == "label"]
        assert labels["option_5"].isna().all() and (
            labels[["option_1", "option_2", "option_3", "option_4"]] == "First"
        ).any(axis=None)
        for task in labels.itertuples():
            assert of.gamma[int(task.text[-1]), task.topic - 1] < 0.1
        # Every place holds the intruder about as often as chance would have it.
        places = [intrusion_sheet(of, texts_of(of), seed=seed).key["intruder"].to_numpy() for seed in range(40)]
        assert set(np.concatenate(places).tolist()) == {1, 2, 3, 4, 5, 6}

    def test_the_same_seed_draws_the_same_sheet(self) -> None:
        of = fit()
        one, again = (intrusion_sheet(of, texts_of(of), seed=3) for _ in range(2))
        assert one.sheet.equals(again.sheet) and one.key.equals(again.key)

    def test_three_topics_are_too_few(self) -> None:
        with pytest.raises(InsufficientDataError, match="shows 4 topics; there are 3"):
            intrusion_sheet(fit(3), texts_of(fit(3)))

    def test_scores_by_hand(self) -> None:
        drawn = intrusion_sheet(fit(), texts_of(fit()))
        sheet = drawn.sheet.astype(object)
        sheet["coder_1"] = drawn.key["intruder"]
        first = drawn.key[drawn.key["kind"] == "word"].index[0]
        sheet.loc[first, "coder_1"] = 1 + drawn.key.loc[first, "intruder"] % 6
        table = intrusion_scores(sheet, drawn.key)
        whole = table[table["topic"].isna()].set_index("kind")
        assert (whole.loc["word", "n"], whole.loc["word", "n_right"], whole.loc["label", "value"]) == (5, 4, 1)
        # Wilson's interval of 4 of 5.
        assert (whole.loc["word", "ci_low"], whole.loc["word", "ci_high"]) == pytest.approx(
            (0.375535, 0.963776), abs=1e-5
        )
        assert whole["chance"].to_dict() == pytest.approx({"word": 1 / 6, "label": 1 / 4})

    @pytest.mark.long
    def test_intervals_hold_the_truth_of_a_simulated_coder(self) -> None:
        rng = np.random.default_rng(4)
        key = pd.DataFrame(
            {"row": range(1, 41), "kind": "word", "topic": 1, "intruder": rng.integers(1, 7, 40), "language": "en"}
        )
        held = []
        for _ in range(400):
            right = rng.random(40) < 0.7
            answers = np.where(right, key["intruder"], key["intruder"] % 6 + 1)
            row = intrusion_scores(pd.DataFrame({"row": key["row"], "coder_1": answers}), key).iloc[0]
            held.append(row["ci_low"] <= 0.7 <= row["ci_high"])
        assert 0.92 <= np.mean(held) <= 0.98

    def test_answers_that_are_none_are_refused(self) -> None:
        drawn = intrusion_sheet(fit(), texts_of(fit()))
        sheet = drawn.sheet.astype(object)
        with pytest.raises(InsufficientDataError, match="No task is answered"):
            intrusion_scores(sheet, drawn.key)
        for wrong in (0, 7, 2.5, "x"):
            with pytest.raises(UsageError, match="is no option"):
                intrusion_scores(sheet.assign(coder_1=[wrong] + [None] * 9), drawn.key)
        with pytest.raises(UsageError, match="not those of its key"):
            intrusion_scores(sheet.assign(row=range(5, 15), coder_1=1), drawn.key)


def test_a_spec_is_plain_data() -> None:
    assert asdict(TopicSpec(3)) == {
        "k": 3,
        "engine": "tomotopy",
        "unit": "passage",
        "iterations": None,
        "seed": 1,
        "prevalence": None,
        "content": None,
        "keywords": (),
        "width": 1,
    }
