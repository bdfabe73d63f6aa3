"""Whether a chart can be read: nothing outside the page, nothing over anything else."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from policy_themes.figures import Chart
from policy_themes.figures.style import drawing


def boxes_of(chart: Chart) -> tuple[Figure, Any]:
    figure = chart.figure
    FigureCanvasAgg(figure)
    figure.draw_without_rendering()
    return figure, figure.canvas.get_renderer()  # type: ignore[attr-defined]


def drawn_ticks(axis: Axis) -> list[Text]:
    """Return the labels of the ticks that lie in view; matplotlib keeps others that it does not draw."""
    low, high = sorted(axis.get_view_interval())
    slack = 1e-9 + 1e-6 * (high - low)
    ticks = axis.get_major_ticks(len(axis.get_majorticklocs()))
    located = zip(ticks, axis.get_majorticklocs(), strict=True)
    inside = [tick.label1 for tick, place in located if low - slack <= place <= high + slack]
    return [label for label in inside if label.get_visible() and label.get_text().strip()]


def visible_texts(figure: Figure) -> list[Text]:
    ticks = {
        id(tick) for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for tick in axis.get_ticklabels(which="both")
    }
    others = [text for text in figure.findobj(Text) if id(text) not in ticks]
    kept = [label for ax in figure.axes if ax.axison for axis in (ax.xaxis, ax.yaxis) for label in drawn_ticks(axis)]
    return [text for text in [*others, *kept] if text.get_visible() and text.get_text().strip()]


def overlap(first: Bbox, second: Bbox) -> bool:
    slack = 0.5
    return (
        first.x0 < second.x1 - slack
        and second.x0 < first.x1 - slack
        and first.y0 < second.y1 - slack
        and second.y0 < first.y1 - slack
    )


def faults(chart: Chart) -> list[str]:
    """Return what of a chart cannot be read."""
    with drawing(chart.preset):
        figure, renderer = boxes_of(chart)
        page, found = figure.bbox, []
        for text in visible_texts(figure):
            box = text.get_window_extent(renderer)
            beyond = max(page.x0 - box.x0, page.y0 - box.y0, box.x1 - page.x1, box.y1 - page.y1)
            if beyond > 1:
                found.append(f"{chart.stem}: {text.get_text()!r} is {beyond:.0f} px outside")
        groups = [drawn_ticks(axis) for ax in figure.axes if ax.axison for axis in (ax.xaxis, ax.yaxis)]
        groups.append([ax.title for ax in figure.axes] + [ax._left_title for ax in figure.axes])  # type: ignore[attr-defined]
        groups += [[text for text in ax.texts if text.get_text()] for ax in figure.axes]
        for group in groups:
            boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in group if text.get_text().strip()]
            for (one, first), (other, second) in combinations(boxes, 2):
                if overlap(first, second):
                    found.append(f"{chart.stem}: {one!r} over {other!r}")
        around = [text for text in (figure._suptitle, figure._supxlabel) if text is not None]  # type: ignore[attr-defined]
        for outer in around:
            box = outer.get_window_extent(renderer)
            for text in visible_texts(figure):
                if text not in around and overlap(box, text.get_window_extent(renderer)):
                    found.append(f"{chart.stem}: {outer.get_text()[:30]!r} over {text.get_text()!r}")
    return found


def check_legible(charts: Sequence[Chart]) -> None:
    found = [fault for chart in charts for fault in faults(chart)]
    assert not found, "\n".join(found[:20])
