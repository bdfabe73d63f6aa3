"""Figures: what is drawn is what the values say, in letters that the font has, inside the page, the same every time."""

import hashlib
import os
import pickle
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from itertools import pairwise, product
from operator import attrgetter
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
import pypdfium2
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import Rectangle
from PIL import Image

from policy_themes import figures
from policy_themes.compare import coverage, find_hits, rates
from policy_themes.corpus import Corpus
from policy_themes.figures import PRESETS, Chart, Labels, Preset, printed_for
from policy_themes.figures.render import Pictures, Renderer, render
from policy_themes.figures.style import drawable, drawing, new_figure, shorten
from policy_themes.figures.terms import readable
from policy_themes.figures.topics import WORD, WORDS
from policy_themes.lexicon import Lexicon, Theme, load_lexicon
from policy_themes.lexicon.records import Label, Phrases
from policy_themes.regions import Region, Regions, load_regions
from policy_themes.report import charts as study_charts
from policy_themes.report.catalogue import catalogue
from policy_themes.schema import conform
from policy_themes.study import Study, open_study
from tests.legible import check_legible

MODES = ("both", "en", "zh")
TITLE = "a $\\frac{1}{$ b"


def charts_of(study: Study, mode: str) -> dict[str, Chart]:
    study.settings = study.settings.model_copy(update={"labels": mode})
    drawn = [draw() for section in catalogue(study) for draw in section.draw]
    assert len({chart.stem for chart in drawn}) == len(drawn)
    return {chart.stem: chart for chart in drawn}


@pytest.fixture(scope="module")
def seed_study(seeds: Path) -> Study:
    return open_study(seeds)


@pytest.fixture(scope="module")
def demo_study(demo_folder: Path) -> Study:
    return open_study(demo_folder)


@pytest.fixture(scope="module")
def seed_charts(seed_study: Study) -> dict[str, Chart]:
    return charts_of(seed_study, "both")


@pytest.fixture(scope="module")
def demo_charts(demo_study: Study) -> dict[str, Chart]:
    return charts_of(demo_study, "both")


@pytest.fixture(scope="module")
def drawn(seed_charts: dict[str, Chart], demo_charts: dict[str, Chart]) -> list[Chart]:
    return [*seed_charts.values(), *demo_charts.values()]


@pytest.fixture(scope="module")
def labels(toy_lexicon: Lexicon) -> Labels:
    return Labels("both", toy_lexicon, load_regions())


@pytest.fixture(scope="module")
def toy_rates(toy: Corpus, toy_lexicon: Lexicon) -> Callable[..., pd.DataFrame]:
    hits = find_hits(toy, toy_lexicon)
    return lambda *by: rates(hits.table, toy.documents, toy_lexicon, by=by)


def toy_charts(toy: Corpus, table: Callable[..., pd.DataFrame], labels: Labels) -> list[Chart]:
    themes = ["modern", "safe", "fengqiao"]
    return [
        figures.coverage_map(coverage(toy.documents), labels),
        figures.theme_trend(table("year"), labels, themes=themes, language="zh"),
        figures.theme_regions(table("region_code"), labels, themes=themes, language="zh"),
        figures.theme_grid(table("year", "region_code"), labels, theme="modern", language="zh"),
    ]


def kind(charts: Sequence[Chart], stem: str) -> list[Chart]:
    found = [chart for chart in charts if chart.stem.startswith(stem) and not chart.refused]
    assert found
    return found


# Artists are values


def offsets(ax: Axes) -> set[tuple[float, float]]:
    spots = [one for one in ax.collections if isinstance(one, PathCollection)]
    return {(round(float(x), 9), round(float(y), 9)) for one in spots for x, y in np.asarray(one.get_offsets())}


def segments(ax: Axes) -> set[tuple[float, ...]]:
    lines = [one for one in ax.collections if isinstance(one, LineCollection)]
    return {tuple(np.round(np.asarray(part, dtype=float).ravel(), 9)) for one in lines for part in one.get_segments()}


def rounded(*values: Any) -> tuple[float, ...]:
    return tuple(round(float(value), 9) for value in values)


def panels(chart: Chart, column: str) -> Iterator[tuple[Axes, pd.DataFrame]]:
    names = list(dict.fromkeys(chart.values[column]))
    assert len(chart.figure.axes) == len(names)
    for ax, name in zip(chart.figure.axes, names, strict=True):
        yield ax, chart.values[chart.values[column] == name]


def test_points_of_trends_are_the_values(drawn: list[Chart]) -> None:
    for chart in kind(drawn, "theme_trend"):
        for ax, rows in panels(chart, "theme"):
            known = rows[rows["n_docs"] > 0]
            assert offsets(ax) == {rounded(row.year, row.estimate) for row in known.itertuples()}
            bars = {rounded(row.year, row.range_low, row.year, row.range_high) for row in known.itertuples()}
            assert segments(ax) == bars
            dotted = [one for one in ax.lines if one.get_linestyle() == ":"]
            joined = np.concatenate([np.asarray(one.get_xydata(), dtype=float) for one in dotted])
            np.testing.assert_allclose(joined, rows[["year", "estimate"]].to_numpy(dtype=float), equal_nan=True)
            broken = rows["source_break"].notna() | rows["few_regions"] | rows["few_regions"].shift(fill_value=False)
            assert len(dotted) == 1 + broken.iloc[1:].sum()
            assert rows["mark"].eq("absent").equals(rows["estimate"].isna())
            said = [label.get_text() for label in ax.get_xticklabels()]
            assert set(said) <= {f"{row.year}\nn={row.n_docs}" for row in rows.itertuples()}
            assert ax.get_ylim()[0] == 0


def test_points_of_regions_are_the_values_from_high_to_low(drawn: list[Chart]) -> None:
    for chart in kind(drawn, "theme_regions"):
        for ax, rows in panels(chart, "theme"):
            ranked = rows.sort_values(["estimate", "region_code"], ascending=[False, True])
            assert offsets(ax) == {rounded(value, place) for place, value in enumerate(ranked["estimate"])}
            names = [label.get_text().split(" ")[0] for label in ax.get_yticklabels()]
            assert names == [row.region_en.split(" ")[0] for row in ranked.itertuples()]
            said = [text.get_text() for text in ax.texts if text.get_text().startswith("n=")]
            assert said == [f"n={n}" for n in ranked["n_docs"]]


def cells(ax: Axes) -> dict[tuple[int, int], str]:
    """Read the text of every cell of a matrix, by column and row."""
    found = {(round(text.get_position()[0]), round(text.get_position()[1])): text.get_text() for text in ax.texts}
    boxes = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert len(boxes) == len(found)
    return found


def test_cells_of_grids_are_the_values_with_their_n(drawn: list[Chart]) -> None:
    for chart in kind(drawn, "grid_"):
        years = sorted(set(chart.values["year"]))
        codes = sorted(set(chart.values["region_code"]))
        found = cells(chart.figure.axes[0])
        assert len(found) == len(chart.values) == len(years) * len(codes)
        for row in chart.values.itertuples():
            said = found[years.index(row.year), codes.index(row.region_code)]
            if row.n_docs == 0:
                assert said == ""
                continue
            number, n = said.split("\n")
            assert n == f"n={row.n_docs}"
            share = row.headline == "share"
            assert number.endswith("*") == (row.mark == "too few")
            assert float(number.rstrip("%*")) / (100 if share else 1) == pytest.approx(
                row.estimate, abs=0.005, rel=0.005
            )


def test_a_zero_and_a_gap_look_different(drawn: list[Chart]) -> None:
    seen = set()
    for chart in kind(drawn, "grid_"):
        years, codes = sorted(set(chart.values["year"])), sorted(set(chart.values["region_code"]))
        boxes = {
            (round(box.get_x() + 0.5), round(box.get_y() + 0.5)): box
            for box in chart.figure.axes[0].patches
            if isinstance(box, Rectangle)
        }
        for row in chart.values.itertuples():
            box = boxes[years.index(row.year), codes.index(row.region_code)]
            seen.add(row.mark)
            assert (box.get_hatch() is not None) == (row.mark == "absent")
            if row.mark == "zero":
                assert box.get_facecolor() == (1, 1, 1, 1)
            if row.mark == "value":
                assert box.get_facecolor() != (1, 1, 1, 1)
    assert seen == {"absent", "too few", "zero", "value"}


def test_cells_of_the_coverage_are_the_documents(drawn: list[Chart]) -> None:
    for chart in kind(drawn, "coverage"):
        found = [text for text in cells(chart.figure.axes[0]).values() if text]
        assert sorted(map(int, found)) == sorted(chart.values["n_docs"])


def bars(ax: Axes) -> list[float]:
    return [float(bar.get_width()) for bar in ax.patches if isinstance(bar, Rectangle)]


def test_bars_of_terms_are_the_weights(drawn: list[Chart]) -> None:
    for chart in kind(drawn, "terms_by"):
        groups = sorted(set(chart.values["group"]))
        for ax, group in zip(chart.figure.axes, groups, strict=True):
            rows = chart.values[chart.values["group"] == group]
            assert bars(ax) == pytest.approx(rows["tf_idf"].astype(float).tolist())
            said = [label.get_text() for label in ax.get_yticklabels()]
            assert [text.rsplit(" ", 1)[1] for text in said] == [f"({n})" for n in rows["n_group"]]


def test_bars_of_topics_are_the_probabilities_of_probable_and_of_exclusive_words(drawn: list[Chart]) -> None:
    for chart in kind(drawn, "topic_words"):
        topics = sorted(set(chart.values["topic"]))
        for (topic, order), ax in zip(product(topics, ("rank", "frex_rank")), chart.figure.axes, strict=True):
            own = chart.values[chart.values["topic"] == topic]
            rows = own[own[order] <= WORDS].sort_values(order)
            assert bars(ax) == pytest.approx(rows["beta"].astype(float).tolist())
            said = [label.get_text() for label in ax.get_yticklabels()]
            assert said == [shorten(readable(term), WORD) for term in rows["term"]]
            measure = rows["beta" if order == "rank" else "frex"]
            assert measure.is_monotonic_decreasing
        assert (chart.values[["rank", "frex_rank"]].min(axis=1) <= WORDS).all()


def test_cells_of_prevalence_and_of_themes_are_the_values(drawn: list[Chart]) -> None:
    for stem, value in (("topic_prevalence", "prevalence"), ("theme_topics", "score")):
        for chart in kind(drawn, stem):
            found = cells(chart.figure.axes[0])
            assert len(found) == len(chart.values)
            least = 0.0 if value == "prevalence" else 0.005
            expected = [f"{one:.0%}" if one >= least else "" for one in chart.values[value].astype(float)]
            assert sorted(found.values()) == sorted(expected)


def test_points_of_the_triangulation_are_the_values(drawn: list[Chart]) -> None:
    for chart in kind(drawn, "triangulation"):
        for ax, measure in zip(chart.figure.axes, ("rate", "tfidf", "topic"), strict=True):
            values = chart.values[measure].astype(float)
            assert offsets(ax) == {rounded(value, place) for place, value in enumerate(values)}


def test_every_chart_says_what_it_shows_in_both_languages(drawn: list[Chart]) -> None:
    han = re.compile("[\u4e00-\u9fff]")
    for chart in drawn:
        assert len(chart.values), chart.stem
        for label in (chart.title, chart.caption, chart.alt):
            assert label.en, chart.stem
            assert han.search(label.zh), chart.stem
        assert not han.search(chart.title.en), chart.stem
        assert re.fullmatch(r"[a-z0-9_]+", chart.stem)


# Everything legible: nothing outside the page, nothing over anything else


@pytest.mark.parametrize("mode", MODES)
def test_charts_of_the_seeds_are_legible(mode: str, seed_study: Study) -> None:
    check_legible([chart for stem, chart in charts_of(seed_study, mode).items() if "topic_words" not in stem])


def test_charts_of_the_demo_are_legible(demo_charts: dict[str, Chart]) -> None:
    check_legible([chart for stem, chart in demo_charts.items() if "topic_words" not in stem])


def test_words_of_topics_are_legible(drawn: list[Chart]) -> None:
    check_legible(kind(drawn, "topic_words"))


@pytest.mark.long
@pytest.mark.parametrize("mode", ["en", "zh"])
def test_charts_of_the_demo_are_legible_in_one_language(mode: str, demo_study: Study) -> None:
    check_legible([chart for stem, chart in charts_of(demo_study, mode).items() if "topic_words" not in stem])


def wide_regions(n_regions: int) -> Regions:
    """The provinces, or a scheme of someone's own with more regions."""
    regions = load_regions()
    if n_regions < len(regions.table):
        return regions
    own = {
        str(n): Region(str(n), "county", f"Long County {n}", f"某某县{n}", f"某某县{n}", ())
        for n in range(500_000, 500_000 + n_regions)
    }
    return Regions(own)


def wide_corpus(n_regions: int, n_years: int) -> tuple[pd.DataFrame, pd.DataFrame, Lexicon]:
    """One document for every region and year, its hits a hash of both."""
    lexicon, regions = load_lexicon(), wide_regions(n_regions)
    codes = [code for code in sorted(regions.table) if code != "000000"][:n_regions]
    assert len(codes) == n_regions
    documents, hits = [], []
    for code in codes:
        for year in range(2000, 2000 + n_years):
            doc_id, region = f"{code}-{year}", regions.table[code]
            common = {"doc_id": doc_id, "n_units": 12_345, "unit": "han"}
            documents.append(
                {
                    **common,
                    "content_sha256": doc_id,
                    "language": "zh",
                    "path": doc_id,
                    "encoding": "utf-8",
                    "year": year,
                }
                | {"region_code": code, "region_en": region.name_en, "region_zh": region.name_zh}
            )
            for number, theme in enumerate(lexicon.ids[:2]):
                n = int(hashlib.sha256(f"{doc_id}{theme}".encode()).hexdigest(), 16) % (400 if number == 0 else 2)
                hits.append({**common, "theme": theme, "n_hits": n, "n_excluded": n % 3})
    return conform(documents, "documents"), conform(hits, "theme_hits"), lexicon


def smoothed(grid: pd.DataFrame) -> pd.DataFrame:
    """Return a surface with rates of every size, every other cell uncertain, every seventh a gap."""
    number = np.arange(len(grid))
    smooth, gap = 10.0 ** (number % 6 - 3), number % 7 == 6
    return conform(
        grid.assign(
            smooth=smooth, smooth_low=smooth / (1.2 + number % 2), smooth_high=smooth * (1.2 + number % 2),
            mark=np.where(gap, "gap", "observed"), method="m",
        ),
        "surface",
    )  # fmt: skip


def test_a_surface_shows_what_is_uncertain_and_leaves_gaps_empty() -> None:
    documents, hits, lexicon = wide_corpus(4, 5)
    grid = rates(hits, documents, lexicon, by=["year", "region_code"])
    table = smoothed(grid[grid["theme"] == lexicon.ids[0]])
    chart = figures.theme_surface(table, Labels("en", lexicon, load_regions()))
    seen = table[table["mark"] == "observed"]
    wide = seen["smooth_high"] > 4 * seen["smooth_low"]
    (axes,) = chart.figure.axes
    boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert sum(box.get_hatch() is not None for box in boxes) == len(boxes) - len(seen)
    assert len(axes.patches) - len(boxes) == wide.sum() > 0
    assert [text.get_text() for text in axes.texts].count("") == len(boxes) - len(seen)
    assert f"{len(seen)} cells with documents, of which {wide.sum()}" in chart.caption.en


def wide_charts(n_regions: int, n_years: int, mode: str) -> list[Chart]:
    documents, hits, lexicon = wide_corpus(n_regions, n_years)
    names = Labels(mode, lexicon, wide_regions(n_regions))  # type: ignore[arg-type]
    themes = list(lexicon.ids[:2])
    charts = [figures.coverage_map(coverage(documents), names)]
    by_year, by_region, grid = (
        rates(hits, documents, lexicon, by=by) for by in (["year"], ["region_code"], ["year", "region_code"])
    )
    charts.append(figures.theme_trend(by_year, names, themes=themes, language="zh"))
    charts.append(figures.theme_regions(by_region, names, themes=themes, language="zh"))
    charts += [figures.theme_grid(grid, names, theme=theme, language="zh") for theme in themes]
    charts.append(figures.theme_surface(smoothed(grid[grid["theme"] == themes[0]]), names))
    for by, table in (("year", by_year), ("region_code", by_region)):
        groups = sorted(set(table[by].astype(str)))
        shares = [
            {"by": by, "group": group, "topic": topic, "prevalence": 0.05, "n_docs": 26, "n_passages": 99,
             "method": "m", "language": "zh", "interval": "i", "mark": "unstable" if topic % 2 else "stable"}
            for group in groups for topic in range(20)
        ]  # fmt: skip
        topics = dict.fromkeys(range(20), "社会主义现代化, 治理体系, 法治")
        prevalence = conform(shares, "topic_prevalence")
        charts.append(figures.topic_prevalence(prevalence, names, by=by, names=topics, language="zh"))  # type: ignore[arg-type]
        three = pd.DataFrame({"group": groups, "rate": 1.0, "tfidf": 0.5, "topic": 0.25, "n_docs": 26})
        charts.append(figures.triangulation(three, names, theme=themes[0], topic=3, by=by, language="zh"))  # type: ignore[arg-type]
        weights = [
            {"by": by, "group": group, "language": "zh", "term": "社会主义现代化建设", "tf_idf": 0.1 * rank,
             "n_group": 1234, "n_docs_group": 1, "n_docs": 2, "rank": rank}
            for group in groups for rank in range(1, 11)
        ]  # fmt: skip
        charts.append(figures.group_terms(conform(weights, "term_weights"), names, by=by, language="zh"))  # type: ignore[arg-type]
    return charts


@pytest.mark.parametrize("mode", MODES)
def test_one_year_and_one_region_are_legible(mode: str) -> None:
    check_legible(wide_charts(1, 1, mode))


@pytest.mark.long
@pytest.mark.parametrize("mode", MODES)
def test_thirty_four_regions_and_twenty_six_years_are_legible(mode: str) -> None:
    check_legible(wide_charts(34, 26, mode))


@pytest.mark.long
@pytest.mark.parametrize(
    "preset", [preset for name, preset in PRESETS.items() if name != "report"], ids=attrgetter("name")
)
def test_figures_are_legible_wherever_they_are_printed(preset: Preset, seed_study: Study, demo_study: Study) -> None:
    # In the narrowest place with both languages; elsewhere the seeds are enough. A journal's page is nearly the report's.
    for study in (seed_study, demo_study) if preset.name == "report_half" else (seed_study,):
        drawn = charts_of(study.with_preset(preset.name), "both").values()
        assert {chart.preset for chart in drawn} == {preset}
        check_legible([chart for chart in drawn if "topic_words" not in chart.stem])
    if preset.name != "journal":
        with printed_for(preset):
            check_legible(wide_charts(34, 26, "both"))


def test_figures_are_exactly_as_wide_as_their_place(labels: Labels) -> None:
    for preset in PRESETS.values():
        with printed_for(preset):
            chart = figures.refusal("a", Label("A", "甲"), Label("B", "乙"), labels)
        pictures = render(chart.figure, chart.preset).files
        document = pypdfium2.PdfDocument(pictures["pdf"])
        assert document[0].get_width() / 72 * 25.4 == pytest.approx(preset.width, abs=0.05)
        document.close()
        svg = re.search(rb'<svg [^>]*width="([\d.]+)pt"', pictures["svg"])
        assert svg
        assert float(svg[1]) / 72 * 25.4 == pytest.approx(preset.width, abs=0.05)
        png = Image.open(BytesIO(pictures["png"]))
        assert png.width / png.info["dpi"][0] * 25.4 == pytest.approx(preset.width, abs=0.1)


def test_text_is_as_wide_at_every_resolution() -> None:
    widths = []
    with drawing():
        for dpi in (72, 100, 300):
            figure = new_figure(30)
            figure.set_dpi(dpi)
            text = figure.text(0, 0, "Modernization of Zhejiang 浙江现代化 1,234", fontsize="small")
            FigureCanvasAgg(figure)
            widths.append(text.get_window_extent(figure.canvas.get_renderer()).width / dpi)  # type: ignore[attr-defined]
    assert widths == pytest.approx([widths[0]] * 3, rel=0.005)


@pytest.mark.long
def test_two_hundred_regions_and_forty_years_are_legible_and_what_is_left_out_is_said() -> None:
    charts = wide_charts(200, 40, "both")
    check_legible([chart for chart in charts if not chart.stem.startswith("triangulation")])
    grid = next(chart for chart in charts if chart.stem.startswith("grid_"))
    said = grid.figure._supxlabel.get_text()  # type: ignore[attr-defined]
    assert "40 of 200 regions" in said
    assert grid.values["region_code"].nunique() == 40
    boxes = [len(cells(ax)) for ax in grid.figure.axes]
    assert sum(boxes) == 40 * 40
    assert len(boxes) > 1
    collected = charts[0]
    assert collected.values["n_docs"].sum() == 200 * 40
    assert "160 other regions" in [text.get_text() for text in collected.figure.axes[0].get_yticklabels()][-1]


def test_groups_that_are_not_drawn_are_counted_and_said_where_they_are() -> None:
    chart = next(chart for chart in wide_charts(34, 1, "en") if chart.stem.startswith("terms_by_region"))
    further = re.search(r"(\d+) further groups are in tables/term_weights\.csv", chart.caption.en)
    assert further
    assert len(chart.figure.axes) + int(further[1]) == 34


# Letters


def test_the_font_has_every_name_and_every_common_character() -> None:
    lexicon, regions = load_lexicon(), load_regions()
    common = [bytes([high, low]) for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    level_1 = "".join(pair.decode("gb2312", "ignore") for pair in common)
    assert len(level_1) == 3_755
    names = [name for region in regions.table.values() for name in (region.name_en, region.name_zh, region.short_zh)]
    names += [name for theme in lexicon.themes for name in (theme.label.en, theme.label.zh)]
    names += [name for theme in lexicon.themes for facet in theme.facets for name in (facet.label.en, facet.label.zh)]
    marks = "，。、；：？！“”‘’（）《》〈〉【】—…·–－％％○×▨│─┄—≥≤±°"
    rows = [level_1[start : start + 80] for start in range(0, len(level_1), 80)] + names + [marks]
    assert [row for row in rows if drawable(row) != " ".join(row.split())] == []
    with drawing():
        figure = new_figure(400)
        for place, row in enumerate(rows):
            figure.text(0, place / len(rows), row)
        FigureCanvasAgg(figure).draw()  # "Glyph … missing" is a warning, and warnings are errors here


def test_a_character_that_the_font_lacks_is_shown_as_its_code() -> None:
    assert drawable("\U00020bb7") == "‹U+20BB7›"
    assert drawable("镕\U00020bb7 a\tb\n\x1b") == "镕‹U+20BB7› a b ‹U+001B›"


@pytest.mark.parametrize("text", ["", "a", "法", "a b"])
def test_what_is_short_enough_is_not_shortened(text: str) -> None:
    assert shorten(text, 4) == text


def strange(labels: Labels) -> Labels:
    label = Label(TITLE, f"{TITLE} \U00020bb7 {{0}} <b>")
    themes = (Theme("modern", label, Phrases(zh=("现代化",))), *labels.lexicon.themes[1:])
    return Labels("both", Lexicon(themes, "strange"), labels.regions)


def test_dollars_braces_and_rare_characters_in_names_are_drawn_as_they_are(
    toy: Corpus, toy_rates: Callable[..., pd.DataFrame], labels: Labels
) -> None:
    odd = strange(labels)
    for chart in toy_charts(toy, toy_rates, odd):
        assert set(render(chart.figure, chart.preset).files) == {"svg", "pdf", "png"}
    assert odd.pair("grid_title", theme=TITLE).en == f"{TITLE} by year and region"


def test_a_refusal_says_dollars_as_they_are(labels: Labels) -> None:
    refused = figures.refusal("odd", Label(TITLE, TITLE), Label(TITLE, TITLE), labels)
    assert refused.refused
    assert render(refused.figure, refused.preset).files["svg"]


def test_every_figure_can_go_to_the_helper_that_draws(
    seed_charts: dict[str, Chart], demo_charts: dict[str, Chart]
) -> None:
    for chart in [*seed_charts.values(), *demo_charts.values()]:
        assert pickle.dumps((chart.figure, chart.preset)), chart.stem


def test_nothing_of_the_process_is_changed(toy: Corpus, toy_rates: Callable[..., pd.DataFrame], labels: Labels) -> None:
    before = dict(mpl.rcParams)
    for chart in toy_charts(toy, toy_rates, labels):
        render(chart.figure, chart.preset)
        picture, shown = chart._repr_png_()
        assert picture.startswith(b"\x89PNG")
        assert shown["alt"] == f"{chart.alt.en} {chart.alt.zh}"
    assert dict(mpl.rcParams) == before


def test_the_style_is_restored_after_an_error() -> None:
    before = dict(mpl.rcParams)
    with pytest.raises(RuntimeError), drawing():
        raise RuntimeError
    assert dict(mpl.rcParams) == before


# Files


def test_the_text_of_a_pdf_can_be_read_and_its_font_is_inside(
    toy: Corpus, toy_rates: Callable[..., pd.DataFrame], labels: Labels
) -> None:
    named = Lexicon(tuple(load_lexicon().theme(name) for name in ("modernization",)), "one")
    table = toy_rates("year")
    table = table[table["theme"] == "modern"].assign(theme="modernization")
    own = Labels("both", named, labels.regions)
    content = render(figures.theme_trend(table, own, themes=["modernization"], language="zh").figure).files["pdf"]
    document = pypdfium2.PdfDocument(content)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    assert "现代化" in text
    assert "Modernization" in text
    assert b"FontFile2" in content
    assert b"/Type3" not in content
    assert b"CreationDate" not in content


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="pdffonts (Debian's poppler-utils) is not installed")
def test_another_program_finds_every_font_of_a_pdf_inside(seed_charts: dict[str, Chart], tmp_path: Path) -> None:
    place = tmp_path / "a.pdf"
    place.write_bytes(render(seed_charts["theme_trend_en"].figure).files["pdf"])
    listed = subprocess.run(["pdffonts", place], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert listed
    for line in listed:
        embedded, _, unicode = line.split()[-5:-2]
        assert (embedded, unicode) == ("yes", "yes"), line
        assert "NotoSansSC" in line


PROCESS = """
import sys
sys.path.insert(0, {here!r})
from conftest import TOY_LEXICON, TOY, _write
from pathlib import Path
from hashlib import sha256
from policy_themes import figures
from policy_themes.compare import find_hits, rates
from policy_themes.corpus import read_corpus
from policy_themes.figures.render import render
from policy_themes.regions import Region, Regions, load_regions
corpus = read_corpus(Path({folder!r}), load_regions())
table = rates(find_hits(corpus, TOY_LEXICON).table, corpus.documents, TOY_LEXICON, by=["year"])
labels = figures.Labels("both", TOY_LEXICON, load_regions())
pictures = render(figures.theme_trend(table, labels, themes=["modern", "safe"], language="zh").figure)
for name, content in [*pictures.files.items(), ("page", pictures.page)]:
    print(name, sha256(content).hexdigest())
"""


def test_letters_of_an_svg_are_drawn_or_can_be_edited(
    tmp_path: Path, write_files: Callable[[Path, Mapping[str, str]], Path], toy_files: Mapping[str, str]
) -> None:
    found = {}
    for letters in ("paths", "text"):
        folder = write_files(tmp_path / letters, {**toy_files, "study.yml": f"svg: {letters}\n"})
        chart = study_charts.coverage(open_study(folder))
        found[letters] = render(chart.figure, chart.preset).files["svg"].decode()
    assert "<text" not in found["paths"] and "浙江" not in re.sub(r"<!--.*?-->", "", found["paths"])
    assert re.search(r"<text[^>]*Noto Sans SC[^>]*>[^<]*浙江", found["text"])


def test_two_processes_give_the_same_bytes(
    tmp_path: Path, write_files: Callable[[Path, Mapping[str, str]], Path], toy_files: Mapping[str, str]
) -> None:
    folder = write_files(tmp_path / "toy", toy_files)
    code = PROCESS.format(here=str(Path(__file__).parent), folder=str(folder))
    said = []
    for seed in ("0", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed[0]}", "SOURCE_DATE_EPOCH": ""}
        environment.pop("SOURCE_DATE_EPOCH")
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    assert said[0] == said[1]
    assert [line.split()[0] for line in said[0].splitlines()] == ["svg", "pdf", "png", "page"]


def _pictures(charts: Sequence[Chart], *, helper: bool) -> list[Pictures]:
    """Draw charts and put them in order."""
    with Renderer(helper=helper) as renderer:
        for chart in charts:
            renderer.begin(chart)
        drawn = dict(renderer.finished())
    return [drawn[number] for number in range(len(charts))]


def test_the_number_of_workers_makes_no_difference(
    toy: Corpus, toy_rates: Callable[..., pd.DataFrame], labels: Labels
) -> None:
    charts = toy_charts(toy, toy_rates, labels)
    two, one, again = (_pictures(charts, helper=helper) for helper in (True, False, False))
    assert all(isinstance(pictures, Pictures) for pictures in one)
    assert one == two
    assert again == one
    for first, second in pairwise(one):
        assert first != second


# The pool's own thread stumbles over a drawing that was taken back from the dead helper (CPython 3.11); nobody waits for it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_a_helper_that_dies_costs_time_only(labels: Labels) -> None:
    charts = [figures.refusal(f"c{number}", Label("A", "甲"), Label("B", "乙"), labels) for number in range(3)]
    expected = [
        render(figures.refusal(f"c{number}", Label("A", "甲"), Label("B", "乙"), labels).figure) for number in range(3)
    ]
    with Renderer() as renderer:
        assert renderer._pool is not None
        renderer.begin(charts[0])
        for helper in list(renderer._pool._processes.values()):
            os.kill(helper.pid, signal.SIGKILL)
        for chart in charts[1:]:
            renderer.begin(chart)
        found = dict(renderer.finished())
    assert [found[number] for number in range(3)] == expected


def test_a_figure_that_cannot_be_handed_on_is_drawn_here(labels: Labels) -> None:
    charts = [figures.refusal(f"c{number}", Label("A", "甲"), Label("B", "乙"), labels) for number in range(3)]
    expected = render(figures.refusal("c", Label("A", "甲"), Label("B", "乙"), labels).figure)
    charts[0].figure.never = lambda: None  # type: ignore[attr-defined]  # no process can be sent this
    with Renderer() as renderer:
        for chart in charts:
            renderer.begin(chart)
        assert renderer._begun[0].exception(timeout=60) is not None
        found = dict(renderer.finished())
    assert [found[number] for number in range(3)] == [expected] * 3


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals of POSIX")
def test_a_helper_does_not_die_of_ctrl_c_before_it_is_ready(labels: Labels) -> None:
    with Renderer() as renderer:
        assert renderer._pool is not None
        (helper,) = renderer._pool._processes.values()
        os.kill(helper.pid, signal.SIGINT)
        renderer.begin(figures.refusal("c", Label("A", "甲"), Label("B", "乙"), labels))
        assert renderer._begun[0].result(timeout=60).page.startswith(b"\x89PNG")
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
