"""Key words in context and wordings as figures: what is drawn is what the tables say."""

from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from policy_themes import figures
from policy_themes.figures import Chart
from policy_themes.figures.concordance import HIT, MOST, spread
from policy_themes.figures.style import MAIN, drawable
from policy_themes.figures.wordings import MOST_TERMS, REST, WIDE
from policy_themes.report import charts
from policy_themes.study import Study, open_study
from tests import made
from tests.legible import check_legible

LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def study(demo_folder: Path) -> Study:
    return open_study(demo_folder)


def written(chart: Chart) -> list[list[Text]]:
    """Return the texts of every line of a concordance, from left to right."""
    lines: dict[float, list[Text]] = {}
    for text in chart.figure.axes[0].texts:
        lines.setdefault(text.get_position()[1], []).append(text)
    return [sorted(lines[place], key=lambda text: text.get_window_extent().x0) for place in sorted(lines)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_are_the_evidence_aligned_at_the_hit(language: str, study: Study) -> None:
    chart = charts.concordance(study, theme="rule_of_law", language=language)  # type: ignore[arg-type]
    evidence = study.evidence(themes=["rule_of_law"])
    counted = evidence[(evidence["language"] == language) & evidence["counted"]]
    assert len(chart.values) == len(written(chart)) == MOST
    assert f"{MOST} of {len(counted)} counted hits" in chart.caption.en
    pd.testing.assert_frame_equal(
        chart.values[counted.columns].merge(counted, how="inner"), chart.values[counted.columns], check_dtype=False
    )
    for line, row in zip(written(chart), chart.values.itertuples(), strict=True):
        _, when, left, hit, right, source = line
        assert hit.get_text() == drawable(row.match) and hit.get_position()[0] == HIT
        assert to_hex(hit.get_color()) == MAIN
        assert (left.get_text(), right.get_text()) == (row.left_shown, row.right_shown)
        assert drawable(row.left).endswith(left.get_text().lstrip("…").strip())
        assert drawable(row.right).startswith(right.get_text().rstrip("…").strip())
        assert row.path.endswith(source.get_text().lstrip("…"))
        assert when.get_text().split()[0] == ("–" if pd.isna(row.year) else str(row.year))
    behind = [patch for patch in chart.figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert len(behind) == MOST  # a hit is told from its context in grey too


def test_the_first_and_the_last_year_are_kept_and_every_year_has_its_share(study: Study) -> None:
    chart = charts.concordance(study, theme="rule_of_law", language="en")
    evidence = study.evidence(themes=["rule_of_law"])
    years = evidence.loc[evidence["counted"] & (evidence["language"] == "en"), "year"].dropna()
    drawn = chart.values["year"].dropna()
    assert (drawn.min(), drawn.max()) == (years.min(), years.max())
    assert drawn.value_counts().max() - drawn.value_counts().min() <= 1 or drawn.nunique() == years.nunique()
    table = made.evidence(made.names(5, "en"), 700, n_years=70)
    known = spread(table[table["year"].notna()], 24)["year"].astype(int).tolist()
    assert known == sorted(set(known)) and (known[0], known[-1], len(known)) == (1950, 2019, 24)
    assert max(later - earlier for earlier, later in pairwise(known)) <= 3
    shuffled = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(spread(shuffled, 24), spread(table, 24))


def test_hits_that_were_taken_out_are_drawn_only_when_asked_for(study: Study) -> None:
    kept = charts.concordance(study, theme="safe_china", language="zh")
    out = charts.concordance(study, theme="safe_china", language="zh", removed=True)
    assert kept.values["counted"].all() and kept.values["excluded_by"].isna().all()
    assert out.values["excluded_by"].notna().all() and out.stem == "removed_safe_china_zh"
    n_out = int(study.evidence(themes=["safe_china"])["excluded_by"].notna().sum())
    assert f"{n_out:,} hits inside excluded contexts are not among them" in kept.caption.en
    assert [line[-1].get_text() for line in written(out)] == [f"← {why}" for why in out.values["excluded_by"]]


def test_a_year_or_a_region_can_be_asked_for_and_none_is_said(study: Study) -> None:
    table = study.evidence(themes=["modernization"])
    counted = table[table["counted"] & (table["language"] == "zh") & (table["region_code"] == "330000")]
    year = int(counted["year"].mode().iloc[0])
    one = charts.concordance(study, theme="modernization", language="zh", year=year, region="浙江")
    assert set(one.values["year"]) == {year} and set(one.values["region_code"]) == {"330000"}
    assert len(one.values) == (counted["year"] == year).sum()
    none = charts.concordance(study, theme="modernization", language="zh", year=1900)
    assert none.refused and "No hit of `modernization`" in none.caption.en


def test_machine_translations_are_marked() -> None:
    labels = made.names(5, "en")
    table = made.evidence(labels, 8)
    chart = figures.concordance(table, labels, theme=labels.lexicon.ids[0], language="zh", machine=["d0", "d3"])
    marked = {row.doc_id for line, row in zip(written(chart), chart.values.itertuples(), strict=True)
              if line[-1].get_text().startswith("†")}  # fmt: skip
    assert marked == {"d0", "d3"} and "† machine translation" in chart.figure._supxlabel.get_text()  # type: ignore[attr-defined]


def cells(chart: Chart) -> dict[tuple[str, str], tuple[str, str, bool]]:
    """Read number, colour and hatch of every cell of a figure of wordings, by group and wording."""
    found = {}
    for ax in chart.figure.axes:
        across = [label.get_text() for label in ax.get_xticklabels()]
        down = [label.get_text() for label in ax.get_yticklabels()]
        for text, box in zip(ax.texts, ax.patches, strict=True):
            column, line = across[round(text.get_position()[0])], down[round(text.get_position()[1])]
            term, group = (column, line.split("  n=")[0]) if "n=" in down[0] else (line, column.split("\n")[0])
            found[group, term] = (text.get_text(), to_hex(box.get_facecolor()), box.get_hatch() is not None)
    return found


@pytest.mark.parametrize(("by", "n_years"), [("year", 3), ("year", 30), ("region_code", 1)])
def test_cells_are_the_hits_and_shares_of_the_table(by: str, n_years: int) -> None:
    labels = made.names(12, "en")
    table = made.wordings(labels, by=by, n_years=n_years, n_terms=14)
    theme = labels.lexicon.ids[0]
    chart = figures.theme_wordings(table, labels, theme=theme, by=by, language="zh")  # type: ignore[arg-type]
    found = cells(chart)
    assert len(found) == len(chart.values) == (MOST_TERMS + 1) * table["group"].nunique()
    totals = chart.values.groupby("group")["n_hits"].sum()
    assert (
        totals.to_dict() == table.groupby("group")["n_hits"].sum().to_dict()
    )  # the rare ones are one row, none is lost
    shades: dict[float, str] = {}
    for row in chart.values.itertuples():
        name = "others (5)" if row.term == REST else f"{row.term} {WIDE}" if row.scope == "wide" else row.term
        said, colour, hatched = found[row.group if by == "year" else labels.region(row.group), name]
        assert said == ("" if row.n_docs == 0 else str(row.n_hits))
        assert hatched == (row.n_docs == 0)  # no document, and documents without it, never look alike
        assert (colour == "#ffffff") == (row.n_hits == 0)
        if row.n_hits:
            shades[float(row.share)] = colour
    order = [to_hex(shades[share])[1:3] for share in sorted(shades)]
    assert order == sorted(order, reverse=True)  # less red, the larger the share


def test_a_renaming_reads_from_top_left_to_bottom_right(study: Study) -> None:
    chart = charts.wordings(study, theme="social_governance", by="year", language="zh")
    assert list(dict.fromkeys(chart.values["term"])) == ["社会管理", "社会治理"]
    assert "社会管理 22 of 22 in 2016; 社会治理 36 of 36 in 2025" in chart.says.en
    n_wide = chart.values.loc[chart.values["scope"] == "wide", "n_hits"].sum()
    assert f"{n_wide} of the hits are of wide wordings" in chart.caption.en
    table = study.wordings("social_governance", by="year")
    assert f"{table.loc[table['language'] == 'zh'].drop_duplicates('group')['n_theme'].sum()} hits" in chart.caption.en


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mode", ["both", "en", "zh"])
def test_figures_of_the_demo_are_legible(language: str, mode: str, study: Study) -> None:
    own = open_study(study.folder)
    own.settings = own.settings.model_copy(update={"labels": mode})
    own.__dict__["corpus"], own.__dict__["hits"] = study.corpus, study.hits
    drawn = [
        charts.concordance(own, theme=theme, language=language) for theme in ("modernization", "fengqiao_experience")
    ]  # type: ignore[arg-type]
    drawn += [charts.wordings(own, theme="modernization", by=by, language=language) for by in ("year", "region_code")]  # type: ignore[arg-type]
    drawn.append(charts.tile_pair(own, theme="modernization", against="n_docs", language=language))  # type: ignore[arg-type]
    assert not any(chart.refused for chart in drawn)
    check_legible(drawn)


def test_without_hits_the_chart_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("浙江省召开会议\n2021年3月5日\n无。\n", encoding="utf-8")
    few = open_study(tmp_path)
    for chart in (
        charts.concordance(few, theme="modernization", language="zh"),
        charts.wordings(few, theme="modernization", by="year", language="zh"),
        charts.tile_pair(few, theme="modernization", against="n_docs", language="zh"),
        charts.topic_stability(few, language="zh"),
        charts.topic_course(few, by="year", language="zh"),
    ):
        assert chart.refused
    check_legible([chart])
