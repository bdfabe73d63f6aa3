"""How everything looks: one font that the installation brings, one palette, restored afterwards.

Chinese and Latin come from one embedded typeface, so a figure looks alike on
every machine and no character turns into a box. It lies in two files, because
a pdf takes as long as the fonts it embeds are large: one of the characters
that most figures need, and one of the rest to fall back on. The style holds
only inside `drawing`; nothing of the process is changed for good.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

MM = 1 / 25.4
WIDTH = 160.0
INK, MUTED, FAINT, PALE = "#1f2933", "#616e7c", "#cbd2d9", "#eef1f4"
MAIN, SECOND = "#0072b2", "#d55e00"
SEQUENTIAL = "Blues"
NOTE_COLUMNS = 118
FONTS = ("NotoSansSC-Common.ttf", "NotoSansSC-Rare.ttf")

STYLE = {
    "font.family": ["Noto Sans SC", "Noto Sans SC Rare"],
    "font.size": 8.0,
    "axes.titlesize": 8.5,
    "axes.titlelocation": "left",
    "axes.titlepad": 5.0,
    "axes.labelsize": 7.5,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "xtick.labelsize": 7.0,
    "ytick.labelsize": 7.0,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "text.color": INK,
    "text.parse_math": False,
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "hatch.linewidth": 0.5,
    "hatch.color": FAINT,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "policy-themes",
    "figure.dpi": 100,
    "savefig.dpi": 300,
    "figure.facecolor": "white",
}


@cache
def _font() -> frozenset[int]:
    """Register the fonts and return the code points that they draw."""
    known: set[int] = set()
    for name in FONTS:
        with as_file(files("policy_themes") / "data" / "fonts" / name) as path:
            font_manager.fontManager.addfont(str(path))
            known |= font_manager.get_font(str(path)).get_charmap().keys()
    return frozenset(known)


@contextmanager
def drawing() -> Iterator[None]:
    """Draw and save inside this; the process's style is restored afterwards."""
    _font()
    with rc_context(STYLE):  # type: ignore[arg-type]
        yield


def drawable(text: str) -> str:
    """
    Return a text with every character that the font lacks shown as its code.

    Examples
    --------
    >>> drawable("枫桥\\U00020bb7")
    '枫桥‹U+20BB7›'
    """
    known = _font()
    flat = " ".join(text.split())
    return "".join(char if ord(char) in known else f"‹U+{ord(char):04X}›" for char in flat)


def shorten(text: str, longest: int) -> str:
    """
    Return a text of at most so many columns (a Han character takes two), cut with an ellipsis.

    Examples
    --------
    >>> shorten("modernization of everything", 14), shorten("枫桥经验", 14)
    ('modernization…', '枫桥经验')
    """
    width, kept = 0, ""
    for char in text:
        width += 2 if ord(char) > 0x2E7F else 1
        if width > longest - 1 and kept != text[:-1]:
            return kept.rstrip() + "…"
        kept += char
    return kept


def new_figure(height: float, *, width: float = WIDTH) -> Figure:
    """Return an empty figure of an exact size in millimetres."""
    return Figure(figsize=(width * MM, height * MM), layout="constrained")


def panels(count: int, *, columns: int, panel_height: float, top: float = 20.0) -> tuple[Figure, list[Axes]]:
    """Return a figure of small multiples and its axes, the surplus ones removed."""
    columns = min(columns, count)
    rows = -(-count // columns)
    figure = new_figure(top + rows * panel_height)
    axes = list(figure.subplots(rows, columns, squeeze=False).ravel())
    for spare in axes[count:]:
        spare.remove()
    return figure, axes[:count]


def columns_of(text: str) -> int:
    """Return how many columns a text takes; a Han character takes two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def wrapped(text: str, most: int) -> list[str]:
    """
    Break a row of remarks, which `` · `` divides, into lines of at most so many columns.

    Examples
    --------
    >>> wrapped("one · two · three", 10)
    ['one · two', 'three']
    """
    rows = [""]
    for part in text.split(" · "):
        longer = f"{rows[-1]} · {part}" if rows[-1] else part
        if columns_of(longer) <= most or not rows[-1]:
            rows[-1] = longer
        else:
            rows.append(part)
    return rows


def entitle(figure: Figure, title: str) -> None:
    """Set a figure's title."""
    figure.suptitle(drawable(title), x=0.01, ha="left", fontsize=9.5, color=INK)


def footnote(figure: Figure, *lines: str) -> None:
    """Say below a figure what its unit and its marks are, a line each."""
    parts = [part for line in dict.fromkeys(lines) if line for part in wrapped(drawable(line), NOTE_COLUMNS)]
    text = "\n".join(parts)
    figure.supxlabel(text, x=0.01, ha="left", fontsize=6.5, color=MUTED, linespacing=1.5)


def multiline(text: str) -> str:
    """Return a text of several lines with every line drawable."""
    return "\n".join(drawable(line) for line in text.split("\n"))
