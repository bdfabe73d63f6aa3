"""Topics over time: planted words that move are found in their years, what does not move stays, and chance is told."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from policy_themes import figures
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.figures import Labels
from policy_themes.lexicon import load_lexicon
from policy_themes.regions import load_regions
from policy_themes.store.cache import StageCache
from policy_themes.topics import Drift, TopicFit, TopicSpec, drift_once, fit_once, fit_topics, topic_terms
from policy_themes.topics.drift import TABLES, cosine, most_moved
from policy_themes.topics.engines import topica_dynamic
from policy_themes.topics.over_time import fit_over_time
from policy_themes.topics.records import Matrix
from policy_themes.topics.slices import Slices, dealt_out, slices_of
from policy_themes.topics.stability import match
from policy_themes.vectorize import DocTerm

K, TERMS, YEARS, PER_YEAR = 4, 200, 10, 40
SPEC = TopicSpec(k=K, engine="dynamic", unit="document")


@pytest.fixture(autouse=True)
def _needs_topica(request: pytest.FixtureRequest) -> None:
    if "without" not in request.node.name:
        pytest.importorskip("topica", reason="topica is not installed: pip install 'policy-themes[structural]'")


def planted(
    seed: int, *, moved: bool = True, years: Sequence[int] = range(YEARS), per_year: int = PER_YEAR
) -> tuple[DocTerm, pd.DataFrame, Matrix, tuple[set[str], set[str]]]:
    """Draw documents of 80 words; five words of the first topic give way to five others, year by year."""
    rng = np.random.default_rng(seed)
    start = rng.dirichlet(np.full(TERMS, 0.05), size=K)
    went, came = np.argsort(-start[0])[:5], np.argsort(start.max(axis=0))[:5]
    end = start.copy()
    if moved:
        end[0, came], end[0, went] = start[0, went], start[0, came]
    paths = np.array([start + (end - start) * year / (YEARS - 1) for year in range(YEARS)])
    theta = rng.dirichlet(np.full(K, 0.3), size=(YEARS, per_year))
    rows = [rng.multinomial(rng.poisson(80), share @ paths[year]) for year in range(YEARS) for share in theta[year]]
    of_row = np.repeat(np.arange(YEARS), per_year)
    kept = np.flatnonzero(np.isin(of_row, years))
    names = tuple(f"d{row:03d}" for row in kept)
    texts = DocTerm(
        sp.csr_array(np.array(rows)[kept]), tuple(f"w{n:03d}" for n in range(TERMS)), names, (-1,) * len(kept), "en"
    )
    documents = pd.DataFrame({"doc_id": names, "year": pd.array(2010 + of_row[kept], "Int64")})
    words = [{f"w{n:03d}" for n in group} for group in (went, came)]
    return texts, documents, paths, (words[0], words[1])


def slices(texts: DocTerm, documents: pd.DataFrame, spec: TopicSpec = SPEC) -> Slices:
    return slices_of(texts, documents, spec)


def fitted(texts: DocTerm, documents: pd.DataFrame, spec: TopicSpec = SPEC) -> TopicFit:
    return fit_over_time(texts, spec, slices(texts, documents, spec))


def in_order(wording: Matrix | None, paths: Matrix) -> Matrix:
    """Return found topics in the order of the planted ones."""
    assert wording is not None
    return np.asarray(wording[:, match(paths.mean(axis=0), wording.mean(axis=0)).other])


def movement(wording: Matrix) -> Matrix:
    """How unlike the first slice's words the last one's are, of each topic."""
    return 1 - cosine(wording[0], wording[-1])


@pytest.fixture(scope="module")
def found() -> Drift:
    pytest.importorskip("topica", reason="topica is not installed: pip install 'policy-themes[structural]'")
    texts, documents, _, _ = planted(1)
    return drift_once(texts, SPEC, StageCache(None), iter, documents=documents, refits=4)


class TestPlanted:
    def test_words_are_found_in_their_years_and_other_topics_stay(self, capsys: pytest.CaptureFixture[str]) -> None:
        for seed in range(4):
            texts, documents, paths, _ = planted(seed)
            wording = in_order(fitted(texts, documents).wording, paths)
            near, true = cosine(wording, paths), movement(paths)[0]
            moves = movement(wording)
            with capsys.disabled():
                sys.stdout.write(
                    f"\nseed {seed}: worst slice {near.min():.3f}; of its movement the moved topic shows "
                    f"{moves[0] / true:.2f}, the others move by at most {moves[1:].max():.3f} "
                )
            assert near.min() >= 0.98
            assert 0.7 * true <= moves[0] <= 1.1 * true
            assert moves[1:].max() <= 0.05

    def test_a_word_is_half_way_in_the_year_in_which_it_was(self) -> None:
        texts, documents, paths, (went, came) = planted(1)
        wording = in_order(fitted(texts, documents).wording, paths)[:, 0]
        for word in went | came:
            column = texts.terms.index(word)
            true, seen = paths[:, 0, column], wording[:, column]
            if np.ptp(true) < 0.05:
                continue
            half = true.mean()
            years = [int(np.flatnonzero((path > half) != (path[0] > half))[0]) for path in (true, seen)]
            assert abs(years[0] - years[1]) <= 1, word

    def test_what_cannot_move_fails_the_same_bar(self) -> None:
        """The bar of the moved topic is met neither by LDA, nor where years are dealt out anew."""
        texts, documents, paths, _ = planted(1)
        bar = 0.7 * movement(paths)[0]
        static = fit_topics(texts, replace(SPEC, engine="tomotopy", iterations=200)).beta
        assert movement(np.stack([static, static])).max() < bar
        dealt = dealt_out(slices(texts, documents), texts.doc_ids, seed=1)
        assert movement(in_order(fit_over_time(texts, SPEC, dealt).wording, paths)).max() <= 0.1 < bar

    def test_the_default_of_topica_smooths_half_of_it_away(self) -> None:
        texts, documents, paths, _ = planted(1)
        rows = slices(texts, documents).of_unit
        shares = []
        for variance in (0.005, topica_dynamic.VARIANCE):
            seen = topica_dynamic.dynamic(texts.counts, K, rows, rounds=20, seed=1, variance=variance)
            shares.append(movement(in_order(seen.wording, paths))[0] / movement(paths)[0])
        assert shares[0] <= 0.6 and shares[1] >= 0.75

    @pytest.mark.long
    def test_the_model_of_tomotopy_does_not_find_them(self) -> None:
        import tomotopy

        texts, documents, paths, _ = planted(1)
        rows, counts = slices(texts, documents).of_unit.tolist(), texts.counts.toarray()
        for rate in (0.01, 0.1, 0.5):
            model = tomotopy.DTModel(k=K, t=YEARS, seed=1, lr_a=rate)
            for row, line in zip(rows, counts, strict=True):
                model.add_doc([str(n) for n in np.repeat(np.arange(TERMS), line)], timepoint=row)
            model.train(1_000, workers=1)
            wording = np.zeros((YEARS, K, TERMS))
            columns = [int(name) for name in model.used_vocabs]
            for year in range(YEARS):
                for topic in range(K):
                    wording[year, topic, columns] = model.get_topic_word_dist(topic, timepoint=year)
            assert cosine(in_order(wording, paths), paths).min() < 0.9


class TestChance:
    def test_marked_words_are_those_that_were_planted(self, found: Drift) -> None:
        _, _, _, (went, came) = planted(1)
        table = found.word_movement
        moved = most_moved(found)
        for mark, true in (("went", went), ("came", came)):
            marked = table[table["mark"] == mark]
            assert set(marked["topic"]) == {moved} and set(marked["term"]) <= true and len(marked) >= 3
        assert (table["low"] <= table["change"]).all() and (table["change"] <= table["high"]).all()

    def test_the_topic_moved_farther_than_chance_and_slices_have_it_by_themselves(self, found: Drift) -> None:
        own = found.topic_slices
        last = own.groupby("topic")["cosine_first"].last()
        assert (last < own["cosine_chance"].iloc[0]).sum() == 1
        # Of forty documents a fit may miss a topic; of ten years it may not miss it in more than one.
        assert (own["cosine_alone"] >= 0.9).groupby(own["topic"]).sum().min() >= YEARS - 1
        assert own["cosine_halves"].min() >= 0.9
        # From year to year, too, it moves most.
        assert own.groupby("topic")["cosine_before"].mean().idxmin() == most_moved(found)
        # Without any smoothness the same words move.
        ends = found.slice_terms.groupby(["topic", "term"])["beta_alone"].agg(["first", "last"])
        marked = found.word_movement[found.word_movement["mark"].isin(["came", "went"])].set_index(["topic", "term"])
        alone = (ends["last"] - ends["first"]).loc[marked.index]
        assert (np.sign(alone) == np.sign(marked["change"])).all()

    def test_shares_of_a_slice_sum_to_one_and_words_to_all_words(self, found: Drift) -> None:
        texts = planted(1)[0]
        assert found.topic_slices.groupby("slice")["share"].sum().to_numpy() == pytest.approx(np.ones(YEARS))
        assert found.topic_slices["n_words"].sum() == pytest.approx(texts.counts.sum())

    @pytest.mark.long
    def test_where_nothing_moves_few_corpora_have_a_marked_word(self, capsys: pytest.CaptureFixture[str]) -> None:
        """With four refits at most one in five; of 20, with the error of 20, at most nine."""
        false = 0
        for seed in range(20):
            texts, documents, _, _ = planted(seed, moved=False, per_year=25)
            table = drift_once(texts, SPEC, StageCache(None), iter, documents=documents, refits=4).word_movement
            false += bool(table["mark"].isin(["came", "went"]).any())
        with capsys.disabled():
            sys.stdout.write(f"\n{false} of 20 corpora in which nothing moves have a marked word ")
        assert false <= 9


class TestSlices:
    GAP = (0, 1, 2, 3, 6, 7, 8, 9)

    def test_a_year_without_documents_is_a_step_and_not_a_row(self) -> None:
        texts, documents, paths, _ = planted(1, years=self.GAP)
        given = slices(texts, documents)
        assert given.table["mark"].tolist() == ["fitted"] * 4 + ["absent"] * 2 + ["fitted"] * 4 + ["no year"]
        fit = fit_over_time(texts, SPEC, given)
        assert fit.groups == tuple(str(2010 + year) for year in self.GAP)
        wording = in_order(fit.wording, paths[list(self.GAP)])
        assert cosine(wording, paths[list(self.GAP)]).min() >= 0.98
        # The years beside the gap are three steps apart, not one.
        steps = cosine(wording[:-1, 0], wording[1:, 0])
        assert steps.argmin() == 3 and steps[3] < np.delete(steps, 3).min() - 0.05

    def test_thin_and_unknown_years_take_no_part_and_are_counted(self) -> None:
        texts, documents, _, _ = planted(1)
        documents["year"] = documents["year"].where(documents.index != 0)
        documents.loc[documents["year"] == 2014, "year"] = 2013
        documents.loc[5, "year"] = 2014
        given = slices(texts, documents)
        table = given.table.set_index("slice")
        assert table.loc["2014", "mark"] == "too few" and table.loc["2014", "n_docs"] == 1
        assert given.table["n_docs"].sum() == len(documents) and given.table["n_docs"].iloc[-1] == 1
        fit = fit_over_time(texts, SPEC, given)
        assert np.isnan(fit.gamma[[0, 5]]).all() and not np.isnan(np.delete(fit.gamma, [0, 5], axis=0)).any()

    def test_years_may_be_joined(self) -> None:
        texts, documents, _, _ = planted(1)
        assert slices(texts, documents, replace(SPEC, width=4)).table["slice"].tolist()[:3] == [
            "2010–2013", "2014–2017", "2018–2019",
        ]  # fmt: skip

    def test_dealing_keeps_how_many_documents_a_slice_has(self) -> None:
        texts, documents, _, _ = planted(1)
        given = slices(texts, documents)
        dealt = dealt_out(given, texts.doc_ids, seed=3).of_unit
        assert sorted(dealt) == sorted(given.of_unit) and (dealt != given.of_unit).any()


class TestFiles:
    def test_the_same_call_gives_the_same_bytes_and_they_come_back(self, tmp_path: Path) -> None:
        texts, documents, _, _ = planted(2, per_year=20)
        fit, again = fitted(texts, documents), fitted(texts, documents.sample(frac=1, random_state=1))
        assert fit.wording is not None and again.wording is not None
        assert fit.wording.tobytes() == again.wording.tobytes() and fit.gamma.tobytes() == again.gamma.tobytes()
        fit.save(tmp_path)
        loaded = TopicFit.load(tmp_path)
        assert loaded.spec == fit.spec and loaded.groups == fit.groups
        pd.testing.assert_frame_equal(topic_terms(loaded), topic_terms(fit))

    def test_it_is_fitted_once_until_a_year_changes(self, tmp_path: Path) -> None:
        texts, documents, _, _ = planted(2, per_year=20)
        cache = StageCache(tmp_path)
        made = [
            drift_once(texts, SPEC, cache, iter, documents=given, refits=1)
            for given in (documents, documents, documents.assign(year=documents["year"].iloc[::-1].to_numpy()))
        ]
        for name in TABLES:
            pd.testing.assert_frame_equal(getattr(made[0], name), getattr(made[1], name))
        assert not made[0].word_movement.equals(made[2].word_movement)
        assert sorted(path.name.split("-")[0] for path in tmp_path.iterdir()) == ["drift"] * 2 + ["topics"] * 2


class TestRefusals:
    def test_one_year_has_no_movement(self) -> None:
        texts, documents, _, _ = planted(1, years=[3])
        with pytest.raises(
            InsufficientDataError, match=r"1 of 1 slices of 1 year in en hold 20 passages.*further years"
        ):
            slices(texts, documents)

    def test_no_year_at_all(self) -> None:
        texts, documents, _, _ = planted(1, years=[3])
        with pytest.raises(InsufficientDataError, match="No en document has a year"):
            slices(texts, documents.assign(year=pd.array([None] * len(documents), "Int64")))

    def test_thin_years_name_the_width_that_would_do(self) -> None:
        texts, documents, _, _ = planted(1, per_year=6)
        with pytest.raises(InsufficientDataError, match=r"0 of 10 slices .* Set --width 4\."):
            slices(texts, documents)
        assert len(slices(texts, documents, replace(SPEC, width=4)).fitted) == 2
        with pytest.raises(InsufficientDataError, match=r"Set --k 6\."):
            slices(*planted(1, years=[0, 1], per_year=30)[:2], replace(SPEC, k=9))

    def test_more_topics_than_passages(self) -> None:
        texts, documents, _, _ = planted(1)
        with pytest.raises(UsageError, match="`k` = 999"):
            fit_once(texts, replace(SPEC, k=999), StageCache(None), iter, documents=documents)

    def test_what_it_says_without_topica(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "topica", None)
        texts, documents, _, _ = planted(1)
        with pytest.raises(UsageError, match=r"pip install 'policy-themes\[structural\]'"):
            fitted(texts, documents)


@pytest.fixture(scope="module")
def gapped() -> Drift:
    pytest.importorskip("topica", reason="topica is not installed: pip install 'policy-themes[structural]'")
    texts, documents, _, _ = planted(2, years=TestSlices.GAP)
    return drift_once(texts, SPEC, StageCache(None), iter, documents=documents, refits=2)


class TestFigure:
    @pytest.mark.parametrize("mode", ["en", "zh", "both"])
    def test_it_shows_what_went_first_and_leaves_gaps_empty(self, mode: str, gapped: Drift) -> None:
        _, _, _, (went, came) = planted(2)
        labels = Labels(mode, load_lexicon(), load_regions())  # type: ignore[arg-type]
        chart = figures.topic_drift(gapped, labels, topic=most_moved(gapped))
        above, cells = chart.figure.axes
        words = [tick.get_text() for tick in cells.get_yticklabels()]
        assert words[0].split()[0] in went and words[-1].split()[0] in came
        hatched = [box for box in cells.patches if box.get_hatch()]
        assert len(hatched) == 2 * len(words)
        assert all(np.isnan(line.get_ydata()[[4, 5]].astype(float)).all() for line in above.lines)
        assert set(chart.values["mark_slice"]) == {"fitted", "absent"} and chart.alt.zh and chart.says.en
        drawn = chart.values.dropna(subset=["term"])
        assert set(drawn["slice"]) == set(gapped.topic_slices["slice"]) and len(drawn) == 8 * len(words)
        with pytest.raises(UsageError, match="from 1 to 4"):
            figures.topic_drift(gapped, labels, topic=5)
