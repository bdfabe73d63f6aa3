"""Four figures as they looked when somebody looked at them; POLICY_THEMES_WRITE_GOLD=1 writes them anew, to be looked at again."""

import os
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from policy_themes import figures
from policy_themes.compare import coverage, find_hits, rates
from policy_themes.corpus import Corpus
from policy_themes.figures import Chart, Labels
from policy_themes.figures.style import drawing
from policy_themes.lexicon import Lexicon
from policy_themes.regions import load_regions

GOLD = Path(__file__).parent / "gold" / "figures"
THEMES = ["modern", "safe", "fengqiao"]
# Of 255: letters are smoothed a little otherwise on another processor; a moved or missing one is far more.
MOST = 2.0


def picture(chart: Chart) -> np.ndarray:
    """Return a chart in grey, at a resolution that shows every letter."""
    stream = BytesIO()
    with drawing(chart.preset):
        chart.figure.savefig(stream, format="png", dpi=90, metadata={"Software": None})
    return np.asarray(Image.open(stream).convert("L"), dtype=float)


def differ(one: np.ndarray, other: np.ndarray) -> float:
    """Return the root of the mean squared difference; of other sizes, everything differs."""
    return float(np.sqrt(((one - other) ** 2).mean())) if one.shape == other.shape else 255.0


@pytest.fixture(scope="module")
def drawn(toy: Corpus, toy_lexicon: Lexicon) -> dict[str, Chart]:
    hits, labels = find_hits(toy, toy_lexicon).table, Labels("both", toy_lexicon, load_regions())
    table = {
        by: rates(hits, toy.documents, toy_lexicon, by=by.split()) for by in ("year", "region_code", "year region_code")
    }  # type: ignore[arg-type]
    charts = [
        figures.coverage_map(coverage(toy.documents), labels),
        figures.theme_trend(table["year"], labels, themes=THEMES, language="zh"),
        figures.theme_regions(table["region_code"], labels, themes=THEMES, language="zh"),
        figures.theme_grid(table["year region_code"], labels, theme="modern", language="zh"),
    ]
    return {chart.stem: chart for chart in charts}


@pytest.mark.parametrize("stem", ["coverage", "theme_trend_zh", "theme_regions_zh", "grid_modern_zh"])
def test_a_figure_looks_as_it_did(stem: str, drawn: dict[str, Chart]) -> None:
    path, found = GOLD / f"{stem}.png", picture(drawn[stem])
    if os.environ.get("POLICY_THEMES_WRITE_GOLD"):
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(found.astype("uint8")).save(path, optimize=True)
    expected = np.asarray(Image.open(path), dtype=float)
    assert differ(found, expected) <= MOST, f"{stem}: if it is meant, write it anew and look at it"


def test_a_missing_word_is_seen(drawn: dict[str, Chart]) -> None:
    chart = drawn["coverage"]
    before = picture(chart)
    label = chart.figure.axes[0].get_yticklabels()[0]
    text = label.get_text()
    with drawing(chart.preset):
        chart.figure.axes[0].set_yticks(
            chart.figure.axes[0].get_yticks(), ["", *[t.get_text() for t in chart.figure.axes[0].get_yticklabels()][1:]]
        )
    assert text
    assert differ(before, picture(chart)) > MOST
