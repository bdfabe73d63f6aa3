"""What every figure function returns: the picture, its numbers, and its words."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure

from policy_themes.figures.labels import Labels
from policy_themes.figures.presets import Preset, current, fitting
from policy_themes.figures.spots import Mark
from policy_themes.figures.style import INK, MUTED, drawable, drawing, entitle, multiline, new_figure, wrapped
from policy_themes.lexicon.records import Label


@dataclass(frozen=True, repr=False)
class Chart:
    """
    A figure and the values it shows.

    Attributes
    ----------
    stem : str
        File name without ending.
    figure : Figure
        Drawn, not saved.
    values : DataFrame
        Exactly the drawn numbers.
    title, caption, alt : Label
        In both languages; the caption says denominator, range and limits.
    spec : mapping of str to object
        Filters, method and settings, for the record beside the picture.
    says : Label
        One or two sentences with the numbers, ready to paste.
    refused : bool
        Whether the chart says why there is nothing to draw.
    preset : Preset
        For what it is printed.
    marks : tuple of Mark
        Where rows of ``values`` are drawn, where the drawing says so.
    """

    stem: str
    figure: Figure
    values: pd.DataFrame
    title: Label
    caption: Label
    alt: Label
    spec: Mapping[str, object] = field(default_factory=dict)
    says: Label = field(default_factory=lambda: Label("", ""))
    refused: bool = False
    preset: Preset = field(default_factory=current)
    marks: tuple[Mark, ...] = ()

    def __repr__(self) -> str:
        return f"Chart({self.stem!r}, {len(self.values)} values)"

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        """Show the picture in a notebook, with its text for those who cannot see it."""
        from io import BytesIO

        stream = BytesIO()
        with drawing(self.preset):
            self.figure.savefig(stream, format="png", dpi=120, metadata={"Software": None})
        return stream.getvalue(), {"alt": f"{self.alt.en} {self.alt.zh}"}


def refusal(stem: str, title: Label, reason: Label, labels: Labels) -> Chart:
    """
    Return a chart that says why something cannot be said.

    Parameters
    ----------
    stem : str
    title : Label
        Of the chart that was asked for.
    reason : Label
        What is missing.
    labels : Labels
    """
    with drawing():
        figure = new_figure(36)
        entitle(figure, labels.join(title, between=" · "))
        axes = figure.subplots()
        axes.set_axis_off()
        said = wrapped(drawable(labels.word("refused", between=" · ")), fitting(78))
        axes.text(0.0, 0.9, "\n".join(said), color=INK, va="top", fontsize="large")
        text = multiline(
            "\n".join(part for line in labels.lines(reason) for part in wrapped(drawable(line), fitting(90)))
        )
        axes.text(0.0, 0.45, text, color=MUTED, va="top")
    return Chart(
        stem=stem,
        figure=figure,
        values=pd.DataFrame({"reason": [reason.en]}),
        title=title,
        caption=reason,
        alt=reason,
        spec={"refused": reason.en},
        says=reason,
        refused=True,
    )
