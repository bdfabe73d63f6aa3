"""The marks of a picture in words, and what choosing each of them narrows the view to."""

from base64 import b64encode
from collections.abc import Mapping
from io import BytesIO
from typing import Any, NamedTuple

from policy_themes.figures import Chart, Labels
from policy_themes.figures.presets import printed_for
from policy_themes.figures.says import UNIT
from policy_themes.figures.spots import Spot, spots
from policy_themes.figures.style import drawing
from policy_themes.figures.terms import readable
from policy_themes.schema import rows

MOST_OUTLINES = 250  # of more cells the outlines of their texts would be megabytes
DPI = 180


class Picture(NamedTuple):
    """A picture for the screen, as an address that holds all of it, and where its marks lie."""

    address: str
    spots: tuple[Spot, ...]


def drawn(chart: Chart) -> Picture:
    """Lay a chart out once, and draw it: sharp at every size, but one of very many marks as so many pixels."""
    stream = BytesIO()
    with printed_for(chart.preset), drawing(chart.preset):
        engine = chart.figure.get_layout_engine()
        if engine is not None:
            engine.execute(chart.figure)
            chart.figure.set_layout_engine(None)
        places = spots(chart.figure, chart.marks)
        kind = "png" if len(chart.marks) > MOST_OUTLINES else "svg+xml"
        if kind == "png":
            chart.figure.savefig(stream, format="png", dpi=DPI, pil_kwargs={"compress_level": 1})
        else:
            chart.figure.savefig(stream, format="svg", metadata={"Date": None})
    return Picture(f"data:image/{kind};base64,{b64encode(stream.getvalue()).decode()}", places)


def pointed(chart: Chart, labels: Labels, places: tuple[Spot, ...]) -> list[Mapping[str, object]]:
    """Return each mark with its place, what it says and what choosing it narrows to."""
    every = list(rows(chart.values))
    found: list[Mapping[str, object]] = []
    for spot in places:
        row = every[spot.row]
        found.append(
            {
                "row": spot.row,
                "box": [round(value, 5) for value in (spot.x0, spot.y0, spot.x1, spot.y1)],
                "label": label_of(row, labels),
                "choose": choice_of(row),
            }
        )
    return found


def choice_of(row: Any) -> Mapping[str, object]:  # noqa: ANN401  # a row of a table
    """Return what choosing a mark narrows the view to: a year, a region, both, a word or a topic."""
    if hasattr(row, "log_odds"):
        return {"phrase": readable(str(row.term))}
    if hasattr(row, "prevalence"):
        return {"year": int(row.group)} if row.by == "year" else {"region": row.group}
    found: dict[str, object] = {}
    if getattr(row, "year", None) is not None:
        found["year"] = int(row.year)
    if getattr(row, "region_code", None) is not None:
        found["region"] = row.region_code
    return found


def label_of(row: Any, labels: Labels) -> str:  # noqa: ANN401
    """Return what a mark says: "2019, Zhejiang: 3 of 5 documents, 60 %"."""
    chinese = labels.mode == "zh"
    if hasattr(row, "log_odds"):
        return f"{readable(str(row.term))}: {row.n_group} : {row.n_other}"
    if hasattr(row, "prevalence"):
        name = row.group if row.by == "year" else labels.region(row.group)
        return f"{name}: {row.prevalence:.1%}, n={row.n_docs}"
    region = getattr(row, "region_code", None)
    parts = [str(row.year) if row.year is not None else "", labels.region(region) if region else ""]
    name = ("，" if chinese else ", ").join(filter(None, parts))
    if row.n_docs == 0:
        return f"{name}：无文献" if chinese else f"{name}: no document"
    few = ("，字数过少" if chinese else ", too little text") if row.mark == "too few" else ""
    if row.headline == "share":
        said = (
            f"{row.n_docs} 篇中 {row.n_docs_with_theme} 篇，{row.share_docs:.0%}"
            if chinese
            else f"{row.n_docs_with_theme} of {row.n_docs} documents, {row.share_docs:.0%}"
        )
    else:
        unit = UNIT[row.unit]
        rate = f"{row.rate_per_10k:.3g}" if row.rate_per_10k is not None else "–"
        said = (
            f"每万{unit.zh[-1]} {rate} 次，{row.n_docs} 篇"
            if chinese
            else f"{rate} per 10,000 {unit.en}, {row.n_docs} document{'s' if row.n_docs != 1 else ''}"
        )
    return f"{name}{'：' if chinese else ': '}{said}{few}"
