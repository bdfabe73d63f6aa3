"""Figures of spread, change and difference: what is drawn is what the tables say."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from policy_themes import figures
from policy_themes.compare import Question
from policy_themes.errors import InsufficientDataError
from policy_themes.figures.style import MAIN, drawable, shorten
from policy_themes.regions import Regions, load_regions
from policy_themes.report import charts
from policy_themes.study import Study, open_study

THEME = "fengqiao_experience"


@pytest.fixture(scope="module")
def study(demo_folder: Path) -> Study:
    return open_study(demo_folder)


def boxes(ax: Axes) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def test_all_divisions_have_a_tile_of_their_own() -> None:
    tiles = [region.tile for region in load_regions().table.values() if region.level == "province"]
    assert len(tiles) == len(set(tiles)) == 34 and None not in tiles


def test_every_panel_shows_every_region_and_its_own_numbers(study: Study) -> None:
    chart = charts.tiles(study, theme=THEME, language="zh")
    shown = chart.spec["years"]
    assert isinstance(shown, list) and len(chart.figure.axes) == len(shown) <= 6
    for ax, year in zip(chart.figure.axes, shown, strict=True):
        own = chart.values[chart.values["year"] == year]
        assert len(boxes(ax)) == 34
        assert sum(box.get_hatch() is not None for box in boxes(ax)) == 34 - (own["n_docs"] > 0).sum()
        coloured = sum(to_hex(box.get_facecolor()) != "#ffffff" for box in boxes(ax))
        assert coloured == (own["n_hits"] > 0).sum()
        arrows = [line.get_marker() for line in ax.lines]
        assert arrows.count("^") == (own["change"] == "new").sum()
        assert arrows.count("v") == (own["change"] == "dropped").sum()


def test_new_and_dropped_are_told_only_where_both_years_have_documents(study: Study) -> None:
    chart = charts.tiles(study, theme=THEME, language="zh")
    values, shown = chart.values, list(chart.spec["years"])  # type: ignore[call-overload]
    has = {(row.region_code, row.year): row.n_hits > 0 for row in values.itertuples() if row.n_docs > 0}
    for row in values.itertuples():
        place = shown.index(row.year)
        then = has.get((row.region_code, shown[place - 1])) if place else None
        now = has.get((row.region_code, row.year))
        expected = None if then is None or now is None or then == now else "new" if now else "dropped"
        assert (row.change if isinstance(row.change, str) else None) == expected


def test_a_scheme_without_tiles_is_refused_with_the_remedy(study: Study) -> None:
    labels = charts.labels_of(study)
    bare = Regions(
        {code: region.__class__(**{**vars(region), "tile": None}) for code, region in labels.regions.table.items()}
    )
    with pytest.raises(InsufficientDataError, match="no tiles"):
        figures.tile_map(
            study.rates(by=["year", "region_code"]),
            labels.__class__("en", labels.lexicon, bare),
            theme=THEME,
            language="zh",
        )


def test_the_ladder_is_filled_where_the_theme_is(study: Study) -> None:
    chart = charts.ladder(study, theme=THEME, language="zh")
    (ax,) = chart.figure.axes
    filled = [box for box in boxes(ax) if to_hex(box.get_facecolor()) == MAIN]
    assert len(filled) == chart.values["has"].sum() > 0
    assert len(boxes(ax)) == len(chart.values)
    assert sum(box.get_hatch() is not None for box in boxes(ax)) == (chart.values["n_docs"] == 0).sum()
    assert len(ax.lines) == chart.values.loc[chart.values["has"], "region_code"].nunique()


def test_the_curve_is_the_table(study: Study) -> None:
    chart = charts.adoption(study, theme=THEME, language="zh")
    above, below = chart.figure.axes
    np.testing.assert_allclose(above.lines[0].get_ydata(), chart.values["share"].astype(float), equal_nan=True)
    np.testing.assert_allclose(below.lines[0].get_ydata(), chart.values["others"].astype(float), equal_nan=True)
    heights = [box.get_height() for box in boxes(below)]
    np.testing.assert_allclose(heights, chart.values["jump"].astype(float).fillna(0))


@pytest.mark.parametrize("draw", [charts.tiles, charts.ladder, charts.adoption])
def test_a_folder_without_regions_gets_a_reason(draw: object, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("会议召开\n2021年3月5日\n坚持枫桥经验。\n", encoding="utf-8")
    chart = draw(open_study(tmp_path), theme=THEME, language="zh")  # type: ignore[operator]
    assert chart.refused and "region" in chart.says.en


QUESTION = Question("region_code", groups=("330000",), top=20)


def test_estimates_are_points_and_intervals_are_bars(study: Study) -> None:
    drawn = [
        charts.trends(study, language="zh"),
        charts.differences(study, QUESTION, language="zh"),
        charts.effects(study, theme="modernization", formula="~ region + year", language="zh"),
    ]
    for chart in drawn:
        assert not chart.refused
        parts = [part for _, part in chart.values.groupby("measure", sort=True)]
        for ax, part in zip(chart.figure.axes, parts, strict=True):
            points = {
                (round(float(x), 9), int(y))
                for one in ax.collections
                if isinstance(one, PathCollection)
                for x, y in np.asarray(one.get_offsets())
            }
            assert points == {(round(float(value), 9), place) for place, value in enumerate(part["estimate"])}
            bars = [line for one in ax.collections if isinstance(one, LineCollection) for line in one.get_segments()]
            assert len(bars) == (part["low"].notna() & part["high"].notna()).sum()
            assert [label.get_text() for label in ax.get_yticklabels()] == [
                shorten(drawable(text), 46) for text in part["label"]
            ]


def test_names_of_words_cover_nothing(study: Study) -> None:
    chart = charts.contrast(study, QUESTION, language="zh")
    (ax,) = chart.figure.axes
    words = [text for text in ax.texts if isinstance(text, Annotation)]
    assert len(words) == chart.values["named"].sum() > 0
    renderer = FigureCanvasAgg(chart.figure).get_renderer()  # type: ignore[no-untyped-call]
    boxes = [text.get_window_extent(renderer) for text in words]
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    points = {
        (int(x), round(float(y), 9))
        for one in ax.collections
        if isinstance(one, PathCollection)
        for x, y in np.asarray(one.get_offsets())
    }
    assert points == {(row.total, round(row.log_odds, 9)) for row in chart.values.itertuples()}


def test_a_question_that_cannot_be_answered_becomes_a_chart_that_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("浙江省召开会议\n2021年3月5日\n推进现代化。\n", encoding="utf-8")
    study = open_study(tmp_path)
    for chart in (
        charts.trends(study, language="zh"),
        charts.differences(study, Question("region_code"), language="zh"),
        charts.contrast(study, Question("region_code"), language="zh"),
    ):
        assert chart.refused and chart.says.en and chart.says.zh
