"""Figures of two sides: what changed from one to the other, and what stands in both languages."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from policy_themes import figures
from policy_themes.compare import Question
from policy_themes.figures.slope import MOST, QUIET, apart
from policy_themes.figures.style import MAIN
from policy_themes.report import charts
from policy_themes.schema import conform
from policy_themes.study import Study, open_study


@pytest.fixture(scope="module")
def study(demo_folder: Path) -> Study:
    return open_study(demo_folder)


def test_lines_go_from_the_one_value_to_the_other(study: Study) -> None:
    chart = charts.slope(study, Question("year", at=2021), language="zh")
    drawn = []
    for ax in chart.figure.axes:
        drawn += [line.get_ydata() for line in ax.lines if line.get_marker() == "o"]
    np.testing.assert_allclose(np.array(drawn, float), chart.values[["value_other", "value_group"]].astype(float))
    assert chart.values.groupby("measure").size().max() <= MOST
    assert chart.title.zh == "2021 年以前与2021 年起"
    assert "No test" in chart.caption.en  # five years a side


def test_only_what_a_test_holds_is_coloured(study: Study) -> None:
    table = study.differences(Question("year", at=2021))
    own = table[(table["language"] == "zh") & (table["value_group"] + table["value_other"] > 0)].head(4)
    own = own.assign(p=[0.001, 0.2, 0.01, 0.9], q=[0.01, 0.3, 0.04, 0.9], refused=None)
    chart = figures.slope(own, charts.labels_of(study), language="zh", group=str(own["group"].iloc[0]))
    lines = [line for ax in chart.figure.axes for line in ax.lines if line.get_marker() == "o"]
    expected = [MAIN if q <= 0.05 else QUIET for q in chart.values["q"].astype(float)]
    assert [to_hex(line.get_color()) for line in lines] == expected
    assert "a family of 4 tests" in chart.caption.en


def test_names_of_lines_cover_none_other(study: Study) -> None:
    chart = charts.slope(study, Question("year", at=2021), language="zh")
    canvas = FigureCanvasAgg(chart.figure)
    canvas.draw()
    for ax in chart.figure.axes:
        boxes = [text.get_window_extent() for text in ax.texts]
        for number, one in enumerate(boxes):
            assert not any(one.overlaps(other) for other in boxes[number + 1 :])


@pytest.mark.parametrize("seed", range(20))
def test_places_are_moved_apart_in_their_order(seed: int) -> None:
    values = np.random.default_rng(seed).random(9)
    moved = apart(values.tolist(), 0.08)
    order = np.argsort(values)
    assert (np.diff(moved[order]) >= 0.08 - 1e-12).all()
    assert moved.mean() == pytest.approx(values.mean())
    assert apart([0.0, 1.0], 0.5).tolist() == [0.0, 1.0]


def test_agreement_is_drawn_as_counted(study: Study) -> None:
    rows = [
        {"theme": theme, "n_segments": 50, "n_both": both, "n_zh_only": zh, "n_en_only": en, "n_years": 6,
         "precision": both / (both + en) if both + en else None, "recall": both / (both + zh) if both + zh else None}
        for theme, both, zh, en in zip(study.lexicon.ids, (8, 0, 3), (1, 5, 0), (1, 0, 0), strict=False)
    ]  # fmt: skip
    rows.append(
        {"theme": study.lexicon.ids[5], "n_segments": 50, "n_both": 0, "n_zh_only": 0, "n_en_only": 0, "n_years": 6}
    )
    chart = figures.agreement_chart(conform(rows, "language_agreement"), charts.labels_of(study))
    assert len(chart.values) == 3  # a theme that no text has is left out
    bars = [patch for patch in chart.figure.axes[0].patches if isinstance(patch, Rectangle)]
    widths = np.array([bar.get_width() for bar in bars]).reshape(3, 3)
    counts = chart.values[["n_both", "n_zh_only", "n_en_only"]].to_numpy(dtype=float).T
    np.testing.assert_allclose(widths, counts / counts.sum(axis=0))
    assert chart.spec["usable"] == sorted([study.lexicon.ids[0], study.lexicon.ids[2]])
    assert "5 of 5" in chart.says.en


def test_without_pairs_the_chart_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("法治建设取得新成效。", encoding="utf-8")
    chart = charts.agreement(open_study(tmp_path))
    assert chart.stem == "language_agreement" and "No text stands in both" in chart.caption.en
    assert isinstance(chart.values, pd.DataFrame)
