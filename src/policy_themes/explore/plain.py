"""Questions and answers in what JSON knows: names and texts checked on the way in, numbers and tables plain on the way out."""

import json
from collections.abc import Mapping
from typing import Any, get_args

import numpy as np

from policy_themes.errors import invalid
from policy_themes.explore.view import PANELS, PanelName, View
from policy_themes.figures import Chart
from policy_themes.lexicon.records import Label
from policy_themes.schema import rows

Answer = Mapping[str, object]
MOST_ROWS = 400  # of a table on the screen; the saved csv has all


def to_json(answer: Answer) -> bytes:
    """Return an answer as JSON; a lone half of a character, which no page can show, as its code."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, default=_plain).encode("utf-8", "backslashreplace")


def _plain(value: object) -> object:
    """Return a number of numpy's as one of Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is no JSON")


def panel_name(question: Mapping[str, Any]) -> PanelName:
    """Return the panel that is asked for."""
    name = question.get("panel")
    for known in get_args(PanelName):
        if name == known:
            return known  # type: ignore[no-any-return]
    raise invalid("panel", name, " or ".join(f"`{one}`" for one in PANELS))


def word(question: Mapping[str, Any], name: str, *, longest: int = 200) -> str:
    """Return a text of a question."""
    text = question.get(name)
    if not isinstance(text, str) or len(text) > longest:
        raise invalid(name, str(text)[:40], f"text of at most {longest} characters")
    return text


def one_of(label: Label, view: View) -> str:
    """Return a label in the language of the view."""
    return label.zh if view.lang == "zh" else label.en


def table_of(chart: Chart) -> Mapping[str, object]:
    """Return the drawn numbers as columns and rows of text."""
    shown = [name for name in chart.values if chart.values[name].notna().any()]
    table = chart.values[shown]
    return {
        "columns": shown,
        "rows": [[_cell(value) for value in row] for row in rows(table.head(MOST_ROWS))],
        "n": len(table),
    }


def _cell(value: object) -> str:
    """Return a value of a table as it is read."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
