"""Figures of topics: what other fits do not find is grey, and what is drawn is what the tables say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from policy_themes import figures
from policy_themes.compare import TopicQuestion
from policy_themes.errors import UsageError
from policy_themes.figures.style import MAIN, MUTED
from policy_themes.figures.triangulation import agreement
from policy_themes.report import charts
from policy_themes.report.topics import quality_of
from policy_themes.schema import conform
from policy_themes.study import Study, open_study

MARKS = ["stable", "unstable", "stable"]


@pytest.fixture(scope="module")
def study(demo_folder: Path) -> Study:
    return open_study(demo_folder).with_topics(k=5, iterations=50)


def prevalence(marks: list[str | None]) -> pd.DataFrame:
    rows = [
        {"by": "year", "group": group, "topic": topic, "prevalence": 0.2 * topic, "n_docs": 9, "n_passages": 99,
         "method": "m", "language": "zh", "interval": "i", "mark": mark}
        for group in ("2020", "2021") for topic, mark in enumerate(marks, start=1)
    ]  # fmt: skip
    return conform(rows, "topic_prevalence")


def coloured(chart: figures.Chart) -> np.ndarray:
    """Tell which cells have a colour, rows × columns."""
    boxes = [patch for patch in chart.figure.axes[0].patches if isinstance(patch, Rectangle)]
    return np.array([len(set(np.round(to_rgb(box.get_facecolor()), 3))) > 1 for box in boxes]).reshape(-1, 2)


@pytest.mark.parametrize("marks", [MARKS, ["stable"] * 3, [None] * 3, ["unstable"] * 3])
def test_topics_that_other_fits_do_not_find_are_grey(marks: list[str | None], study: Study) -> None:
    labels, names = charts.labels_of(study), dict.fromkeys(range(1, 4), "words")
    chart = figures.topic_prevalence(prevalence(marks), labels, by="year", names=names, language="zh")
    steady = [mark != "unstable" for mark in marks]
    assert coloured(chart).tolist() == [[one, one] for one in steady]
    assert ("grey" in chart.caption.en) == (not all(steady))
    # What is said of the largest topic is not said of one that is grey, if there is another.
    largest = max((number for number, one in enumerate(steady, start=1) if one), default=3)
    assert chart.says.en.startswith(f"Topic {largest} ")


def test_a_topic_that_is_not_found_again_does_not_count_among_three_measures(study: Study) -> None:
    values = pd.DataFrame(
        {"group": ["2020", "2021"], "rate": [1.0, 2.0], "tfidf": [0.1, 0.2], "topic": [0.9, 0.1], "n_docs": 4}
    )
    labels, theme = charts.labels_of(study), study.lexicon.ids[0]
    both = figures.triangulation(values, labels, theme=theme, topic=2, by="year", language="zh")
    assert both.says == agreement(values) and both.says.en.startswith("Two of the three")
    values.attrs["unstable"] = True
    without = figures.triangulation(values, labels, theme=theme, topic=2, by="year", language="zh")
    assert without.says.en.startswith("The two measures agree") and "Topic 2 does not count" in without.says.en
    points = [ax.collections[-1].get_edgecolor()[0] for ax in without.figure.axes]  # type: ignore[union-attr]
    assert [to_rgb(colour) for colour in points] == [to_rgb(MAIN), to_rgb(MAIN), to_rgb(MUTED)]


def test_quality_is_drawn_as_it_was_measured(study: Study) -> None:
    chart = charts.topic_quality(study, language="zh", ks=[3, 5], n_seeds=2)
    for ax, measure in zip(chart.figure.axes, ("perplexity", "npmi", "exclusivity", "cosine"), strict=True):
        np.testing.assert_allclose(ax.lines[0].get_xydata(), chart.values[["k", measure]].astype(float))
    last = chart.figure.axes[-1]
    written = [text.get_text() for text in last.texts]
    assert written == [f"{row.n_stable}/{row.k}" for row in chart.values.itertuples()]
    # Only the study's own K was fitted to the shuffled text.
    assert last.collections[-1].get_offsets().data[:, 0].tolist() == [5]  # type: ignore[attr-defined,union-attr]
    assert "No curve chooses" in chart.caption.en


def test_too_few_texts_for_topics_are_a_chart_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("法治建设取得新成效。", encoding="utf-8")
    few = open_study(tmp_path)
    for chart in (
        charts.topic_quality(few, language="zh"),
        charts.topic_effects(few, TopicQuestion("topic:1", "~ region"), language="zh"),
    ):
        assert "at least 10 passages" in chart.caption.en


def test_effects_on_topics_are_drawn_where_a_size_is_identified(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = TopicQuestion("topic:1", "~ region")
    found = study.topic_stability("zh")
    monkeypatch.setattr(study, "topic_stability", lambda *_, **__: found.assign(cosine=0.99))
    chart = charts.topic_effects(study, asked, language="zh")
    assert chart.stem == "effects_topic_1_zh" and chart.title.en.startswith("Topic 1")
    drawn = study.topic_effects(asked).effects.query("language == 'zh'")
    assert sorted(chart.values["estimate"]) == sorted(drawn["estimate"].dropna())
    monkeypatch.setattr(study, "topic_stability", lambda *_, **__: found.assign(cosine=0.5))
    refused = charts.topic_effects(study, replace(asked, outcome="topic:2"), language="zh")
    assert "other fits do not find topic 2 again" in refused.caption.en
    theme = study.featured("zh")[0]
    monkeypatch.setattr(study, "topic_stability", lambda *_, **__: found.assign(cosine=0.99))
    summed = charts.topic_effects(study, replace(asked, outcome=f"theme-topics:{theme}"), language="zh")
    assert summed.title.en.startswith(f"Topics of {study.lexicon.theme(theme).label.en}")


def test_another_setting_leaves_the_study_as_it_was(study: Study) -> None:
    first = study.topics("zh")
    other = study.with_topics(engine="nmf", k=3)
    assert other.topics("zh").spec.engine == "nmf" and other.words is study.words
    assert study.topics("zh") is first and study.settings.topics.engine == "tomotopy"
    with pytest.raises(UsageError, match="Known: k, engine"):
        study.with_topics(colour="red")


@pytest.mark.parametrize("formula", ["~ region + s(year)", "~ s(year)", "~ region"])
def test_predicted_shares_are_drawn_as_they_are(formula: str, study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = TopicQuestion("topic:1", formula, predict=True)
    found = study.topic_stability("zh")
    monkeypatch.setattr(study, "topic_stability", lambda *_, **__: found.assign(cosine=0.99))
    chart = charts.predicted(study, asked, language="zh")
    table = study.topic_effects(asked).predicted.query("language == 'zh'")
    assert sorted(chart.values["estimate"]) == sorted(table["estimate"])
    ax = chart.figure.axes[0]
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    if formula == "~ region":
        drawn = [spot.get_offsets().data[0][0] for spot in ax.collections]  # type: ignore[index,union-attr]
    elif formula == "~ s(year)":
        drawn = ax.lines[0].get_ydata().tolist()  # type: ignore[union-attr]
    else:
        grey = [len(set(np.round(to_rgb(box.get_facecolor()), 3))) == 1 for box in boxes]
        assert sum(grey) == (table["n_docs"] == 0).sum()
        drawn = sorted(table["estimate"])
        assert sorted(text.get_text() for text in ax.texts) == sorted(f"{value:.0%}" for value in drawn)
    assert sorted(drawn) == pytest.approx(sorted(table["estimate"].astype(float)))
    assert "No interval" in chart.caption.en  # nobody said how the demonstration was collected
    monkeypatch.setattr(study, "topic_stability", lambda *_, **__: found.assign(cosine=0.5))
    assert "do not find topic 1" in charts.predicted(study, asked, language="zh").caption.en


def test_quality_of_many_texts_is_that_of_some_drawn_by_lot(study: Study) -> None:
    some = quality_of(study, "zh", ks=[3], n_seeds=2, most=200)
    again = quality_of(study, "zh", ks=[3], n_seeds=2, most=200)
    assert some.quality["n_units"].tolist() == [180]  # a tenth is held out
    pd.testing.assert_frame_equal(some.quality, again.quality)
