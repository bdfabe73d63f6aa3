"""Sheets for people: drawn as they say, read back into scores and shares that hold the truth."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from policy_themes.compare import find_hits
from policy_themes.compare.checks.coded import coding_scores, corrected_contrast, corrected_shares, read_codes
from policy_themes.compare.checks.coding import coding_sheet, coding_texts
from policy_themes.corpus import Corpus
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.lexicon import load_lexicon
from policy_themes.schema import conform

CorpusOf = Callable[[Mapping[str, str | bytes]], Corpus]


@pytest.fixture
def corpus(corpus_of: CorpusOf) -> Corpus:
    page = "{}年1月5日\n今天推进第{}项工作，继续开会讨论经济问题。{}"
    texts = {f"{n:02}.txt": page.format(2010 + n % 4, n, "建设法治社会。" * (n % 3)) for n in range(60)}
    return corpus_of(texts)


class TestSheet:
    def test_drawn_from_both_kinds_in_an_order_that_tells_nothing(self, corpus: Corpus) -> None:
        drawn = coding_sheet(corpus, find_hits(corpus, load_lexicon()), "rule_of_law", n=20, top=5)
        key = drawn.key
        random = key[key["sample"] == "random"]
        assert random["machine"].value_counts().to_dict() == {True: 10, False: 10}
        assert dict(zip(random["machine"], random["n_stratum"], strict=True)) == {True: 40, False: 20}
        top = key[key["sample"] == "top"]
        assert len(top) == 5 and (top["n_hits"] == 2).all() and not set(top["doc_id"]) & set(random["doc_id"])
        assert not {"machine", "n_hits", "sample", "doc_id"} & set(drawn.sheet.columns)
        assert drawn.sheet["row"].tolist() == key["row"].tolist() == list(range(1, 26))
        order = key["machine"].tolist()
        assert order != sorted(order) and order != sorted(order, reverse=True)

    def test_the_same_seed_draws_the_same_whatever_the_order(self, corpus: Corpus) -> None:
        hits = find_hits(corpus, load_lexicon())
        one = coding_sheet(corpus, hits, "rule_of_law", n=20)
        turned = replace(corpus, passages=corpus.passages[::-1], documents=corpus.documents[::-1])
        assert coding_sheet(turned, hits, "rule_of_law", n=20).key.equals(one.key)
        assert not coding_sheet(corpus, hits, "rule_of_law", n=20, seed=2).key.equals(one.key)

    def test_of_each_group(self, corpus: Corpus) -> None:
        key = coding_sheet(corpus, find_hits(corpus, load_lexicon()), "rule_of_law", n=6, top=0, by="year").key
        assert key.groupby(["group", "machine"]).size().to_dict() == {
            (str(year), machine): 3 for year in range(2010, 2014) for machine in (True, False)
        }

    def test_however_few_one_of_each_kind(self, corpus: Corpus) -> None:
        key = coding_sheet(corpus, find_hits(corpus, load_lexicon()), "rule_of_law", n=1, top=0).key
        assert sorted(key["machine"]) == [False, True]

    def test_passages_of_long_documents_and_whole_short_ones(self, corpus: Corpus) -> None:
        hits = find_hits(corpus, load_lexicon())
        assert set(coding_sheet(corpus, hits, "rule_of_law").key["passage"]) == {-1}
        assert -1 not in set(coding_sheet(corpus, hits, "rule_of_law", unit="passage").key["passage"])

    def test_too_few_texts(self, corpus_of: CorpusOf) -> None:
        small = corpus_of({"a.txt": "2019年1月5日\n推进法治建设，明天继续开会讨论问题。"})
        with pytest.raises(InsufficientDataError, match="1 text"):
            coding_sheet(small, find_hits(small, load_lexicon()), "rule_of_law")


def key_of(*rows: tuple[bool, int]) -> pd.DataFrame:
    """Return a key: what the machine found, and the size of the stratum."""
    records = [
        {"row": n, "theme": "law", "doc_id": str(n), "passage": -1, "sample": "random", "group": "",
         "machine": machine, "n_hits": int(machine), "n_stratum": size, "n_drawn": 1}
        for n, (machine, size) in enumerate(rows, start=1)
    ]  # fmt: skip
    return conform(records, "coding_key")


class TestScores:
    def test_by_hand(self) -> None:
        key = key_of(*[(True, 40)] * 10, *[(False, 100)] * 10)
        sheet = pd.DataFrame({"row": range(1, 21), "coder_1": ["yes"] * 9 + ["no"] + ["x"] + ["否"] * 9})
        scores = coding_scores(read_codes(sheet, key)).set_index("measure")
        assert scores.loc["precision", "value"] == pytest.approx(0.9)
        # 36 of 40 found have it, and 10 of 100 not found.
        assert scores.loc["recall", "value"] == pytest.approx(36 / 46)
        assert "kappa" not in scores.index

    def test_groups_count_by_their_size(self) -> None:
        key = key_of(*[(True, 40)] * 10, *[(False, 100)] * 10, *[(True, 20)] * 10, *[(False, 50)] * 10)
        key["group"] = ["a"] * 20 + ["b"] * 20
        coded = [*[1] * 9, 0, 1, *[0] * 9, *[1] * 5, *[0] * 15]
        scores = coding_scores(read_codes(pd.DataFrame({"row": range(1, 41), "coder_1": coded}), key))
        values = scores.set_index("measure")["value"]
        # Found with it: 36 of 40 and 10 of 20; not found with it: 10 of 100 and none of 50.
        assert values["precision"] == pytest.approx(46 / 60)
        assert values["recall"] == pytest.approx(46 / 56)

    def test_one_text_may_be_all_that_is_coded_of_a_stratum(self) -> None:
        codes = read_codes(pd.DataFrame({"row": [1, 2], "coder_1": [1, 1]}), key_of((True, 30), (False, 10)))
        scores = coding_scores(codes).set_index("measure")
        assert scores.loc["recall", "value"] == pytest.approx(30 / 40)

    def test_kappa_is_that_of_scikit_learn(self) -> None:
        random = np.random.default_rng(1)
        one, other = random.integers(0, 2, 50), random.integers(0, 2, 50)
        other[:30] = one[:30]
        key = key_of(*[(True, 50)] * 50)
        sheet = pd.DataFrame({"row": range(1, 51), "coder_1": one, "coder_2": other})
        kappa = coding_scores(read_codes(sheet, key)).set_index("measure").loc["kappa"]
        assert kappa["value"] == pytest.approx(cohen_kappa_score(one, other), abs=1e-12)
        assert kappa["ci_low"] < kappa["value"] < kappa["ci_high"]

    def test_the_interval_of_kappa_is_that_of_its_derivatives(self) -> None:
        """The delta method over the four cells, its slopes taken by small steps."""
        counts = np.array([120, 60, 20, 200])
        coded = {"coder_1": np.repeat([1, 1, 0, 0], counts), "coder_2": np.repeat([1, 0, 1, 0], counts)}
        key = key_of(*[(True, 400)] * 400)
        kappa = (
            coding_scores(read_codes(pd.DataFrame({"row": range(1, 401), **coded}), key))
            .set_index("measure")
            .loc["kappa"]
        )

        def of(cells: np.ndarray) -> float:
            agreed, rows, columns = cells[0] + cells[3], cells[:2].sum(), cells[::2].sum()
            chance = rows * columns + (cells.sum() - rows) * (cells.sum() - columns)
            return float((agreed - chance) / (1 - chance))

        cells, step = counts / 400, 1e-6 * np.eye(4)
        slopes = np.array([(of(cells + one) - of(cells - one)) / 2e-6 for one in step])
        half = 1.959964 * np.sqrt((cells @ slopes**2 - (cells @ slopes) ** 2) / 400)
        assert kappa["value"] == pytest.approx(of(cells))
        assert [kappa["value"] - kappa["ci_low"], kappa["ci_high"] - kappa["value"]] == pytest.approx(
            [half, half], rel=1e-5
        )

    @pytest.mark.parametrize(
        ("sheet", "said"),
        [
            (pd.DataFrame({"row": [1], "coder_1": ["perhaps"]}), "Row 1"),
            (pd.DataFrame({"row": [1, 1], "coder_1": ["yes", "no"]}), "not those of its key"),
            (pd.DataFrame({"row": [7], "coder_1": ["yes"]}), "not those of its key"),
            (pd.DataFrame({"text": ["a"]}), "columns"),
        ],
    )
    def test_a_sheet_that_cannot_be_read(self, sheet: pd.DataFrame, said: str) -> None:
        with pytest.raises(UsageError, match=said):
            read_codes(sheet, key_of((True, 5)))

    def test_nothing_coded(self) -> None:
        codes = read_codes(pd.DataFrame({"row": [1], "coder_1": [None]}), key_of((True, 5)))
        with pytest.raises(InsufficientDataError):
            coding_scores(codes)

    @pytest.mark.long
    def test_intervals_of_precision_and_recall_hold_the_truth(self) -> None:
        held = {"precision": 0, "recall": 0}
        runs = 600
        for seed in range(runs):
            codes, all_ = simulated(seed, n=100, sizes=(3_000,), prevalence=(0.3,), right=((0.85, 0.95),))
            scores = coding_scores(codes).set_index("measure")
            true, machine = all_["true"], all_["machine"]
            truth = {"precision": true[machine].mean(), "recall": machine[true].mean()}
            for measure, value in truth.items():
                held[measure] += scores.loc[measure, "ci_low"] <= value <= scores.loc[measure, "ci_high"]
        assert all(0.93 <= count / runs <= 0.98 for count in held.values()), held


def simulated(
    seed: int,
    *,
    n: int,
    sizes: tuple[int, ...],
    prevalence: tuple[float, ...],
    right: tuple[tuple[float, float], ...],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return codes, and all texts with ``true, machine, group``: the machine errs differently in each group."""
    random = np.random.default_rng(seed)
    parts, drawn = [], []
    for group, (size, share, (sensitivity, specificity)) in enumerate(zip(sizes, prevalence, right, strict=True)):
        true = random.random(size) < share
        machine = np.where(true, random.random(size) < sensitivity, random.random(size) > specificity)
        parts.append(pd.DataFrame({"true": true, "machine": machine, "group": str(group)}))
        for kind in (True, False):
            places = np.flatnonzero(machine == kind)
            chosen = random.choice(places, min(len(places), n // 2), replace=False)
            drawn.append(
                pd.DataFrame(
                    {"theme": "law", "group": str(group), "machine": kind, "sample": "random",
                     "n_stratum": len(places), "coder_1": true[chosen].astype(float), "coder_2": np.nan}
                )
            )  # fmt: skip
    return pd.concat(drawn, ignore_index=True), pd.concat(parts, ignore_index=True)


class TestCorrection:
    @pytest.mark.long
    @pytest.mark.parametrize("census", [True, False])
    def test_contrast_holds_the_truth_where_the_machine_errs_by_region(self, census: bool) -> None:
        """R16, with its meta-test: the machine's own shares hold it far less often."""
        runs, held, naive = 700, 0, 0
        shape = {"sizes": (1_500, 1_200), "prevalence": (0.35, 0.25), "right": ((0.9, 0.97), (0.7, 0.88))}
        for seed in range(runs):
            codes, all_ = simulated(seed, n=60, **shape)  # type: ignore[arg-type]
            shares = corrected_shares(codes, all_["machine"], all_["group"], census=census)
            one, other = (all_[all_["group"] == group] for group in "01")
            truth = float(one["true"].mean() - other["true"].mean()) if census else 0.35 - 0.25
            _, low, high = corrected_contrast(shares, "0", "1")
            held += low <= truth <= high
            difference = float(one["machine"].mean() - other["machine"].mean())
            error = float(np.sqrt(one["machine"].var() / len(one) + other["machine"].var() / len(other)))
            naive += abs(difference - truth) <= 1.96 * error
        assert 0.93 <= held / runs <= 0.97, held / runs
        assert naive / runs < 0.8

    def test_a_machine_that_is_right_is_left_as_it_is(self) -> None:
        codes, all_ = simulated(1, n=60, sizes=(500, 400), prevalence=(0.3, 0.6), right=((1.0, 1.0), (1.0, 1.0)))
        shares = corrected_shares(codes, all_["machine"], all_["group"], census=True)
        assert shares["share_corrected"].tolist() == pytest.approx(shares["share_machine"].tolist())
        assert (shares["ci_low"] < shares["share_corrected"]).all()  # some codes might still have been wrong

    def test_a_group_that_was_not_coded_is_left_out(self) -> None:
        codes, all_ = simulated(1, n=60, sizes=(500, 400), prevalence=(0.3, 0.6), right=((0.9, 0.9), (0.9, 0.9)))
        own = codes[codes["group"] == "0"]
        assert corrected_shares(own, all_["machine"], all_["group"], census=True)["group"].tolist() == ["0"]


def test_every_text_is_there_once_with_its_hits(corpus: Corpus) -> None:
    hits = find_hits(corpus, load_lexicon())
    texts = coding_texts(corpus, hits, "rule_of_law", "passage", None)
    own = hits.table[hits.table["theme"].eq("rule_of_law") & hits.table["facet"].isna()].set_index("doc_id")["n_hits"]
    assert texts.groupby("doc_id")["n_hits"].sum().to_dict() == own.to_dict()
    assert all(row.text.count("法治") == row.n_hits for row in texts.itertuples())


@pytest.mark.long
def test_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for n in range(30):
        text = f"2019年1月{n + 1}日\n今天推进第{n}项工作，继续开会讨论经济问题。{'建设法治社会。' * (n % 2)}"
        (tmp_path / "docs" / f"{n}.txt").write_text(text, encoding="utf-8")

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        run = [sys.executable, "-m", "policy_themes", "coding", *arguments]
        return subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=False, env=os.environ)

    drawn = call("sheet", "docs", "--theme", "rule_of_law", "--n", "10", "--top", "3", "--out", "s.csv")
    assert drawn.returncode == 0, drawn.stderr
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == ["s.csv", "s.key.csv"]
    sheet = pd.read_csv(tmp_path / "s.csv", encoding="utf-8-sig")
    sheet["coder_1"] = ["yes" if "法治" in text else "no" for text in sheet["text"]]
    sheet.to_csv(tmp_path / "s.csv", index=False, encoding="utf-8-sig")
    scored = call("read", "s.csv")
    assert scored.returncode == 0, scored.stderr
    assert "precision  1.00" in scored.stdout and "recall     1.00" in scored.stdout and "13 of 13" in scored.stdout
    (tmp_path / "s.key.csv").unlink()
    refused = call("read", "s.csv")
    assert refused.returncode == 2 and "s.key.csv" in refused.stderr
    assert call("sheet", "docs", "--theme", "rule_of_law", "--by", "month", "--out", "t.csv").returncode == 2
