"""Texts cut to the room that they have, measured in the letters that are drawn: a cell, a line of context.

Columns of characters (`style.shorten`) are enough where a little more or less does
no harm. Where the next text begins right behind, or the page ends, the width is measured.
"""

from collections.abc import Callable

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

SPARE = 0.97  # of the room: letters are a little wider in print than where they are measured
LONGEST = 400  # characters: no page is wider, and measuring long texts takes long
Measure = Callable[[str], float]


def measure(figure: Figure, size: str) -> Measure:
    """
    Return what tells how wide a text is drawn, in pixels of the figure.

    Parameters
    ----------
    figure : Figure
    size : str
        Of the letters, relative to the style (``small``).
    """
    renderer, letters = FigureCanvasAgg(figure).get_renderer(), FontProperties(size=size)  # type: ignore[no-untyped-call]

    def width(text: str) -> float:
        measured: tuple[float, float, float] = renderer.get_text_width_height_descent(text, letters, ismath=False)
        return measured[0] / SPARE

    return width


def fitted(text: str, room: float, width: Measure, *, end: bool = False, words: bool = False) -> str:
    """
    Cut a text to a width: its beginning, or its end, with an ellipsis where it was cut.

    Parameters
    ----------
    text : str
    room : float
    width : callable
        How wide a text is.
    end : bool, default False
        Keep the end.
    words : bool, default False
        Cut between words.

    Examples
    --------
    >>> fitted("rule of law", 9, len, words=True), fitted("rule of law", 9, len, end=True), fitted("法治", 9, len)
    ('rule of…', '…e of law', '法治')
    """
    if len(text) <= LONGEST and width(text) <= room:
        return text

    def cut(length: int) -> str:
        part = text[len(text) - length :] if end else text[:length]
        if words and 0 < length < len(text) and " " not in (text[-length - 1] if end else text[length]):
            part = (part.partition(" ")[2] if end else part.rpartition(" ")[0]) or part
        return f"…{part.lstrip()}" if end else f"{part.rstrip()}…"

    low, high = 0, min(len(text) - 1, LONGEST)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(cut(middle)) <= room else (low, middle - 1)
    return cut(low)
