"""Colours, signs and lines: told apart by readers who are colour-blind, on a grey print, and drawn where the values are."""

from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from policy_themes import figures
from policy_themes.figures import Chart, Labels
from policy_themes.figures.bivariate import CODES, COLOURS, ink_on
from policy_themes.figures.intervals import bounds
from policy_themes.figures.slope import QUIET
from policy_themes.figures.style import INK, MAIN, MUTED, PALE, SECOND, SEQUENTIAL
from policy_themes.study import open_study
from tests import made
from tests.sight import SIGHTS, apart, contrast, lab

PALETTE = {"main": MAIN, "second": SECOND, "muted": MUTED, "quiet": QUIET, "ink": INK}


def test_the_simulation_is_that_of_the_paper() -> None:
    # Grey stays grey, and red and green that differ as usual are nearly one for those who cannot tell them apart.
    for sight in SIGHTS:
        assert abs(lab("#808080", sight)[1:]).max() < 0.5
    for sight in ("protanopia", "deuteranopia"):
        assert apart("#b07000", "#6f8a00", sight) < 0.4 * apart("#b07000", "#6f8a00")
    assert lab("white").round(1).tolist() == [100.0, 0.0, 0.0]


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(("one", "other"), list(combinations(PALETTE, 2)))
def test_colours_of_the_palette_are_told_apart(one: str, other: str, sight: str) -> None:
    assert apart(PALETTE[one], PALETTE[other], sight) >= 15


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("name", [SEQUENTIAL, "Greys"])
def test_what_is_more_is_darker(name: str, sight: str) -> None:
    shades = [lab(colormaps[name](depth), sight)[0] for depth in np.linspace(0.08, 0.93, 30)]
    assert all(later < earlier for earlier, later in pairwise(shades))
    assert shades[0] - shades[-1] > 50
    assert lab("white", sight)[0] - shades[0] > 2  # the least is not white, which means zero


@pytest.mark.parametrize("sight", SIGHTS)
def test_nine_colours_of_two_measures_are_told_apart(sight: str) -> None:
    every = [colour for row in COLOURS for colour in row]
    assert min(apart(one, other, sight) for one, other in combinations(every, 2)) >= 15
    for at in range(3):
        for line in (COLOURS[at], [row[at] for row in COLOURS]):
            lightness = [lab(colour, sight)[0] for colour in line]
            assert all(earlier - later > 8 for earlier, later in pairwise(lightness))


def test_letters_stand_out_from_what_they_stand_on() -> None:
    for colour in (colour for row in COLOURS for colour in row):
        assert contrast(ink_on(colour), colour) >= 4.5
    for ink, ground in ((MAIN, PALE), (INK, PALE), (MUTED, "white"), (MAIN, "white")):
        assert contrast(ink, ground) >= 4.5


# Two measures on one schematic


def tiles(chart: Chart) -> tuple[list[Rectangle], dict[tuple[int, int], list[str]]]:
    ax = chart.figure.axes[0]
    texts: dict[tuple[int, int], list[str]] = {}
    for text in ax.texts:
        x, y = text.get_position()
        texts.setdefault((round(y), round(x)), []).append(text.get_text())
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)], texts


def test_tiles_say_class_and_values_and_all_are_there() -> None:
    labels = made.names(34, "zh")
    one, other = labels.lexicon.ids[:2]
    table = made.rates(labels)
    chart = figures.tile_pair(table, labels, theme=one, against=other, language="zh")
    boxes, texts = tiles(chart)
    assert len(boxes) == len(chart.values) == 34 and (chart.values["n_docs"] == 0).sum() == 3
    rates = table.set_index(["theme", "region_code"])
    for row, box in zip(chart.values.itertuples(), boxes, strict=True):
        said = texts[labels.regions.table[row.region_code].tile or (0, 0)]
        name = labels.regions.table[row.region_code].short_zh
        if row.n_docs == 0:
            assert box.get_hatch() and to_hex(box.get_facecolor()) == "#ffffff" and said == [name, ""]
            continue
        assert not box.get_hatch() and to_hex(box.get_facecolor()) == to_hex(COLOURS[row.class_one][row.class_other])
        rate, share = (
            rates.loc[(one, row.region_code), "rate_per_10k"],
            rates.loc[(other, row.region_code), "share_docs"],
        )
        assert (row.one, row.other) == (rate, share)
        values = said[2].split(" · ")
        assert said[:2] == [name, CODES[row.class_one][row.class_other]]
        assert float(values[0]) == pytest.approx(rate, rel=0.06) and float(values[1][:-1]) == pytest.approx(
            100 * share, abs=0.5
        )
    # A zero has a colour and a 0; where nothing is known there is neither.
    zero = chart.values[(chart.values["one"] == 0).fillna(False)]
    assert len(zero) and (zero["class_one"] == 0).all()


def test_classes_are_thirds_of_the_regions_that_have_any() -> None:
    labels = made.names(34, "en")
    chart = figures.tile_pair(made.rates(labels), labels, theme=labels.lexicon.ids[0], against="n_docs", language="zh")
    some = chart.values[(chart.values["one"] > 0).fillna(False)]
    sizes = some["class_one"].value_counts()
    assert set(sizes.index) == {0, 1, 2} and sizes.max() - sizes.min() <= 1
    low, high = chart.spec["thresholds"]["one"]  # type: ignore[index]
    assert (some.loc[some["class_one"] == 2, "one"] >= high).all() and (
        some.loc[some["class_one"] == 0, "one"] < low
    ).all()
    square = chart.figure.axes[1]
    assert sorted(text.get_text() for text in square.texts) == sorted(code for row in CODES for code in row)
    assert [label.get_text() for label in square.get_xticklabels()] == [f"{low:.2g}", f"{high:.2g}"]
    assert "Schematic, not a map" in chart.caption.en and "31 of 34 regions" in chart.caption.en
    both = chart.values[(chart.values["class_one"] == 2) & (chart.values["class_other"] == 2)]
    assert all(name in chart.says.en for name in both["region_en"].head(6))


def test_a_measure_that_is_the_same_nearly_everywhere_is_said_to_have_no_middle() -> None:
    labels = made.names(8, "en")
    table = made.rates(labels)
    table["rate_per_10k"] = table["rate_per_10k"].where(table["rate_per_10k"] == 0, 5.0)
    chart = figures.tile_pair(table, labels, theme=labels.lexicon.ids[0], against="n_docs", language="zh")
    assert set(chart.values["class_one"].dropna()) <= {0, 2} and "no class in the middle" in chart.caption.en


# Intervals beside ranges


def whisker(chart: Chart, place: int) -> set[tuple[float, ...]]:
    """Return the intervals of a panel."""
    lines = [line for line in chart.figure.axes[place].lines if line.get_marker() in "|_"]
    points = np.concatenate([np.asarray(line.get_xydata()) for line in lines]) if lines else np.empty((0, 2))
    return {
        tuple(np.round(points[at : at + 2].ravel(), 9))
        for at in range(0, len(points), 3)
        if np.isfinite(points[at]).all()
    }


@pytest.mark.parametrize("sampled", [True, False])
def test_intervals_of_a_sample_are_drawn_and_named_and_not_those_of_a_census(sampled: bool) -> None:
    labels = made.names(12, "en")
    themes = list(labels.lexicon.ids[:2])
    table = made.rates(labels, sampled=sampled)
    chart = figures.theme_regions(table, labels, themes=themes, language="zh")
    for place, theme in enumerate(themes):
        own = chart.values[chart.values["theme"] == theme].sort_values(
            ["estimate", "region_code"], ascending=[False, True]
        )
        low, high = bounds(own)
        expected = {
            tuple(np.round([one, at, other, at], 9))
            for at, (one, other) in enumerate(zip(low, high, strict=True))
            if one == one
        }
        assert whisker(chart, place) == expected and bool(expected) == sampled
        ax = chart.figure.axes[place]
        assert ax.get_xlim()[1] >= np.nanmax([*high, *own["range_high"].astype(float)])
    assert ("95 % interval (documents as a sample)" in chart.figure._supxlabel.get_text()) == sampled  # type: ignore[attr-defined]
    assert ("Thin lines with caps" in chart.caption.en) == sampled


def test_intervals_of_years_are_drawn_as_they_are(demo_folder: Path) -> None:
    study = open_study(demo_folder)
    labels = Labels("en", study.lexicon, study.regions)
    themes = ["modernization", "fengqiao_experience"]
    chart = figures.theme_trend(study.rates(by=["year"], interval="sample"), labels, themes=themes, language="zh")
    for place, theme in enumerate(themes):
        own = chart.values[chart.values["theme"] == theme]
        low, high = bounds(own)
        ends = zip(own["year"].astype(int), low, high, strict=True)
        expected = {tuple(np.round([year, one, year, other], 9)) for year, one, other in ends if one == one}
        assert whisker(chart, place) == expected != set()
    assert "bootstrap-t" in chart.caption.en and "├┤ 95 % interval" in chart.figure._supxlabel.get_text()  # type: ignore[attr-defined]
    without = figures.theme_trend(study.rates(by=["year"]), labels, themes=themes, language="zh")
    assert whisker(without, 0) == set() and "bootstrap" not in without.caption.en


def test_an_interval_is_no_range_in_grey_either() -> None:
    labels = made.names(5, "en")
    chart = figures.theme_regions(made.rates(labels), labels, themes=list(labels.lexicon.ids[:1]), language="zh")
    ax = chart.figure.axes[0]
    (line,) = [one for one in ax.lines if one.get_marker() == "|"]
    bar = next(one for one in ax.collections if isinstance(one, LineCollection) and one.get_linewidths()[0] == 3)
    assert line.get_linewidth() < bar.get_linewidths()[0] / 3  # type: ignore[index]
    assert lab(line.get_color())[0] < 25 and bar.get_alpha() == 0.3


def test_intervals_of_wording_are_named_as_such() -> None:
    labels = made.names(5, "en")
    table = made.rates(labels).assign(interval="95 %: wording variation, not political change (E1)")
    chart = figures.theme_regions(table, labels, themes=list(labels.lexicon.ids[:1]), language="zh")
    assert "variation of wording" in chart.figure._supxlabel.get_text()  # type: ignore[attr-defined]
    assert "not political change" in chart.caption.en and "as a sample" not in chart.caption.en


# Topics


def points(chart: Chart, place: int) -> list[tuple[float, float, str]]:
    """Return points of a panel with the colour of their faces."""
    found = []
    for spots in chart.figure.axes[place].collections:
        if isinstance(spots, PathCollection):
            faces = np.broadcast_to(spots.get_facecolor(), (len(spots.get_offsets()), 4))  # type: ignore[arg-type]
            found += [
                (round(float(x), 9), round(float(y), 9), to_hex(face))
                for (x, y), face in zip(np.asarray(spots.get_offsets()), faces, strict=True)
            ]
    return sorted(found)


@pytest.mark.parametrize("n", [1, 8, 20])
def test_what_other_fits_do_not_find_is_open(n: int) -> None:
    chart = figures.topic_stability(made.stability(n), made.names(5, "en"), language="zh", k=n)
    assert len(chart.values) == n  # the shuffled text is not among them
    expected = [
        (round(float(row.cosine), 9), float(at), MAIN if row.cosine >= 0.9 else "#ffffff")
        for at, row in enumerate(chart.values.itertuples())
    ]
    assert points(chart, 0) == sorted(expected)
    ax = chart.figure.axes[0]
    assert [text.get_text() for text in ax.texts] == [f"{value:.2f}" for value in chart.values["cosine"]]
    assert [label.get_text().split("  ")[0] for label in ax.get_yticklabels()] == [
        str(topic) for topic in chart.values["topic"]
    ]
    assert [line.get_xdata()[0] for line in ax.lines] == [0.9]  # type: ignore[index]
    n_found = int((chart.values["cosine"] >= 0.9).sum())
    assert chart.says.en.startswith(f"Other fits find {n_found} of {n} topics again")


@pytest.mark.parametrize(("by", "topics"), [("year", range(1, 6)), ("region_code", (2, 1))])
def test_shares_of_topics_have_their_intervals(by: str, topics: tuple[int, ...]) -> None:
    labels = made.names(9, "en")
    table = made.prevalence(labels, by=by, n_years=7)
    names = dict.fromkeys(range(1, 13), "words")
    chart = figures.topic_course(table, labels, by=by, topics=topics, names=names, language="zh")  # type: ignore[arg-type]
    assert len(chart.values) == len(topics) * table["group"].nunique()
    for place, topic in enumerate(topics):
        own = chart.values[chart.values["topic"] == topic]
        face = MAIN if topic % 2 == 0 else "#ffffff"
        if by == "year":
            spots = [(float(row.group), row.prevalence) for row in own.itertuples()]
            ends = [(float(row.group), row.ci_low, float(row.group), row.ci_high) for row in own.itertuples()]
        else:
            own = own.sort_values("prevalence", ascending=False)
            spots = [(row.prevalence, float(at)) for at, row in enumerate(own.itertuples())]
            ends = [(row.ci_low, at, row.ci_high, at) for at, row in enumerate(own.itertuples())]
        assert points(chart, place) == sorted((round(x, 9), round(y, 9), face) for x, y in spots)
        assert whisker(chart, place) == {tuple(np.round(one, 9)) for one in ends}


def test_every_new_chart_says_what_it_shows_in_both_languages() -> None:
    labels = made.names(12, "both")
    one, other = labels.lexicon.ids[:2]
    rates, names = made.rates(labels), dict.fromkeys(range(1, 13), "词")
    drawn = [
        figures.tile_pair(rates, labels, theme=one, against=other, language="zh"),
        figures.concordance(made.evidence(labels, 40), labels, theme=one, language="zh"),
        figures.topic_stability(made.stability(5), labels, language="zh", k=5),
    ]
    for by in ("year", "region_code"):
        words, shares = made.wordings(labels, by=by, n_years=3), made.prevalence(labels, by=by, n_years=3)
        drawn.append(figures.theme_wordings(words, labels, theme=one, by=by, language="zh"))  # type: ignore[arg-type]
        drawn.append(figures.topic_course(shares, labels, by=by, topics=[1], names=names, language="zh"))  # type: ignore[arg-type]
    for chart in drawn:
        for said in (chart.title, chart.caption, chart.alt, chart.says):
            assert said.en and any("一" <= letter <= "鿿" for letter in said.zh), chart.stem
        assert not any("一" <= letter <= "鿿" for letter in chart.title.en), chart.stem
        assert chart.spec["language"] == "zh"
    assert len({chart.stem for chart in drawn}) == len(drawn)
