"""One region or two hundred, one year or seventy, names that nobody would choose: what is drawn stays legible and inert."""

from collections.abc import Iterator
from io import BytesIO
from xml.etree import ElementTree

import pytest

from policy_themes import figures
from policy_themes.config import Labels as Mode
from policy_themes.errors import InsufficientDataError
from policy_themes.figures import Chart, Labels
from policy_themes.figures.style import drawing
from tests import made
from tests.legible import check_legible

MODES: tuple[Mode, ...] = ("both", "en", "zh")


def sizes(few: set[tuple[int, Mode]], *every: int) -> pytest.MarkDecorator:
    """Return all sizes in all modes, all but a few of them long."""
    cases = [pytest.param(n, mode, marks=() if (n, mode) in few else pytest.mark.long) for n in every for mode in MODES]
    return pytest.mark.parametrize(("n", "mode"), cases)


WORDS = dict.fromkeys(range(1, 21), "社会主义现代化, 治理体系, 法治")


def by_region(labels: Labels) -> Iterator[Chart]:
    """Draw every figure here that has regions in it."""
    one, other = labels.lexicon.ids[:2]
    table = made.rates(labels)
    yield figures.theme_regions(table, labels, themes=[one, other], language="zh")
    yield figures.theme_wordings(
        made.wordings(labels, by="region_code"), labels, theme=one, by="region_code", language="zh"
    )
    shares = made.prevalence(labels, by="region_code")
    yield figures.topic_course(shares, labels, by="region_code", topics=[1, 2], names=WORDS, language="zh")
    yield figures.concordance(made.evidence(labels, 99), labels, theme=one, language="zh")
    if len(labels.regions.table) > 2:
        yield figures.tile_pair(table, labels, theme=one, against=other, language="zh")
        yield figures.tile_pair(table, labels, theme=other, against=figures.N_DOCS, language="zh")


def by_year(labels: Labels, n_years: int) -> Iterator[Chart]:
    """Draw every figure here that has years in it."""
    theme = labels.lexicon.ids[0]
    table = made.wordings(labels, by="year", n_years=n_years)
    yield figures.theme_wordings(table, labels, theme=theme, by="year", language="zh")
    shares = made.prevalence(labels, by="year", n_years=n_years)
    yield figures.topic_course(shares, labels, by="year", topics=range(1, 13), names=WORDS, language="zh")
    quoted = made.evidence(labels, 400, n_years=n_years)
    for removed in (False, True):
        yield figures.concordance(quoted, labels, theme=theme, language="zh", removed=removed, machine=["d0", "d4"])


@sizes({(1, "both"), (5, "zh"), (34, "both"), (200, "en")}, *made.SIZES)
def test_any_number_of_regions_is_legible(n: int, mode: Mode) -> None:
    charts = list(by_region(made.names(n, mode)))
    check_legible(charts)
    # A page is 297 mm high; the caption stands below the figure.
    assert [chart.stem for chart in charts if chart.figure.get_figheight() * 25.4 > 260] == []


@sizes({(1, "both"), (26, "zh"), (70, "both")}, 1, 2, 12, 26, 70)
def test_any_number_of_years_is_legible(n: int, mode: Mode) -> None:
    charts = list(by_year(made.names(5, mode), n))
    check_legible(charts)
    assert [chart.stem for chart in charts if chart.figure.get_figheight() * 25.4 > 260] == []


@sizes({(1, "both"), (20, "en"), (40, "both")}, 1, 5, 20, 40)
def test_any_number_of_topics_is_legible(n: int, mode: Mode) -> None:
    check_legible([figures.topic_stability(made.stability(n), made.names(5, mode), language="zh", k=n)])


@pytest.mark.parametrize("mode", ["both", pytest.param("zh", marks=pytest.mark.long)])
def test_names_that_nobody_would_choose_are_legible_and_inert(mode: Mode) -> None:
    labels = made.names(34, mode, hostile=True)
    words = {topic: made.HOSTILE[topic % len(made.HOSTILE)] for topic in range(1, 13)}
    one, other = labels.lexicon.ids[:2]
    charts = [figures.theme_regions(made.rates(labels), labels, themes=[one, other], language="zh")]
    charts += [figures.topic_stability(made.stability(5, name), labels, language="zh", k=5) for name in made.HOSTILE]
    for by in ("year", "region_code"):
        table = made.wordings(labels, by=by, n_years=12, hostile=True)
        charts.append(figures.theme_wordings(table, labels, theme=one, by=by, language="zh"))  # type: ignore[arg-type]
        shares = made.prevalence(labels, by=by, n_years=12)
        charts.append(
            figures.topic_course(shares, labels, by=by, topics=[1, 2, 3, 4, 5, 6], names=words, language="zh")  # type: ignore[arg-type]
        )
    for text in made.HOSTILE:
        quoted = made.evidence(labels, 40, text=text, language="en")
        charts.append(figures.concordance(quoted, labels, theme=one, language="en", removed=text == made.HOSTILE[0]))
    rates = made.rates(labels)
    for theme, against in ((one, other), (other, one)):
        charts.append(figures.tile_pair(rates, labels, theme=theme, against=against, language="zh"))
    check_legible(charts)
    for chart in charts[::5]:
        drawing_of = BytesIO()
        with drawing():
            chart.figure.savefig(drawing_of, format="svg")
        tree = ElementTree.fromstring(drawing_of.getvalue())
        assert not [part for part in tree.iter() if part.tag.endswith(("script", "foreignObject"))]
        assert not any(name.startswith("on") for part in tree.iter() for name in part.attrib)


@pytest.mark.parametrize("theme", range(len(made.HOSTILE)))
def test_titles_stay_on_the_page_whatever_a_theme_is_called(theme: int) -> None:
    labels = made.names(5, "both", hostile=True)
    name = labels.lexicon.ids[theme]
    table = made.wordings(labels, by="year", n_years=3).assign(theme=name)
    quoted = made.evidence(labels, 9).assign(theme=name)
    rates = made.rates(labels)
    rates = rates[rates["theme"] == labels.lexicon.ids[0]].assign(theme=name)
    check_legible(
        [
            figures.theme_wordings(table, labels, theme=name, by="year", language="zh"),
            figures.concordance(quoted, labels, theme=name, language="zh"),
            figures.tile_pair(rates, labels, theme=name, against="n_docs", language="zh"),
        ]
    )


def test_thirds_of_two_regions_are_refused() -> None:
    labels = made.names(2, "en")
    with pytest.raises(InsufficientDataError, match="2 regions have documents: at least 3"):
        figures.tile_pair(made.rates(labels), labels, theme=labels.lexicon.ids[0], against="n_docs", language="zh")


@pytest.mark.parametrize("n", [34, 200])
def test_regions_that_are_not_drawn_are_counted_on_the_figure(n: int) -> None:
    labels = made.names(n, "en")
    one, other = labels.lexicon.ids[:2]
    table = made.rates(labels)
    chart = figures.theme_regions(table, labels, themes=[one, other], language="zh")
    said = chart.figure._supxlabel.get_text()  # type: ignore[attr-defined]
    assert ("160 more are in the csv" in said) == (n == 200)
    assert len(chart.values) == 2 * n
    assert chart.values.groupby("theme")["drawn"].sum().tolist() == [min(n, 40)] * 2
    left = chart.values[~chart.values["drawn"]]
    assert not (left["estimate"] > chart.values.loc[chart.values["drawn"], "estimate"].max()).any()
    words = figures.theme_wordings(
        made.wordings(labels, by="region_code"), labels, theme=one, by="region_code", language="zh"
    )
    assert ("164 more are in the csv" in words.figure._supxlabel.get_text()) == (n == 200)  # type: ignore[attr-defined]
