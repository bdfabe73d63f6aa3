"""How everything looks: one font that the installation brings, one palette, restored afterwards.

Chinese and Latin come from one embedded typeface, so a figure looks alike on
every machine and no character turns into a box. It lies in two files, because
a pdf takes as long as the fonts it embeds are large: one of the characters
that most figures need, and one of the rest to fall back on. The style holds
only inside `drawing`; nothing of the process is changed for good.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files

from matplotlib import font_manager, rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import LoadFlags

from policy_themes.figures.presets import Preset, current, fitting, printed_for

MM = 1 / 25.4
INK, MUTED, FAINT, PALE = "#1f2933", "#616e7c", "#cbd2d9", "#eef1f4"
MAIN, SECOND = "#0072b2", "#d55e00"
SEQUENTIAL = "Blues"
NOTE_COLUMNS, TITLE_COLUMNS = 114, 78
# A word with what follows it, or a Han character with the signs that may not begin a line.
BREAKS = re.compile(
    r"[\u2e80-\uffef][，。；：、！？）》」』”’]*\s*|[^\u2e80-\uffef\s]+[，。；：、！？）》」』]*\s*|\s+"
)
FONTS = ("NotoSansSC-Common.ttf", "NotoSansSC-Rare.ttf")

STYLE = {
    "font.family": ["Noto Sans SC", "Noto Sans SC Rare"],
    "axes.titlesize": "medium",
    "axes.titlelocation": "left",
    "axes.titlepad": 5.0,
    "axes.labelsize": "medium",
    "axes.labelcolor": MUTED,
    "axes.edgecolor": FAINT,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": False,
    "xtick.labelsize": "small",
    "ytick.labelsize": "small",
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "text.color": INK,
    "text.parse_math": False,
    # Hinted letters are of another width at every resolution: what fits on the screen would be cut in print.
    "text.hinting": "no_hinting",
    "grid.color": PALE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "hatch.linewidth": 0.5,
    "hatch.color": FAINT,
    "pdf.fonttype": 42,
    "svg.hashsalt": "policy-themes",
    "figure.dpi": 100,
    "savefig.dpi": 300,
    "figure.facecolor": "white",
}


@cache
def _font() -> frozenset[int]:
    """Register the fonts and return the code points that they draw."""
    known: set[int] = set()
    own: list[str] = []
    for name in FONTS:
        with as_file(files("policy_themes") / "data" / "fonts" / name) as path:
            font_manager.fontManager.addfont(str(path))
            known |= font_manager.get_font(str(path)).get_charmap().keys()
            own.append(str(path))
    # The machine may have one of the same name; of two that fit alike, the first is taken.
    font_manager.fontManager.ttflist.sort(key=lambda entry: entry.fname not in own)
    return frozenset(known)


@contextmanager
def drawing(preset: Preset | None = None) -> Iterator[None]:
    """Draw and save inside this, for a place in print or the one in force; the process's style is restored afterwards."""
    _font()
    held = preset or current()
    own = {"font.size": held.font, "svg.fonttype": "none" if held.svg == "text" else "path"}
    with printed_for(held), rc_context({**STYLE, **own}):  # type: ignore[dict-item]
        yield


def drawable(text: str) -> str:
    r"""
    Return a text with every character that the font lacks shown as its code.

    Examples
    --------
    >>> drawable("枫桥\U00020bb7")
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


def new_figure(height: float) -> Figure:
    """Return an empty figure of the width that is printed, and so many millimetres high in a report."""
    preset = current()
    return Figure(figsize=(preset.width * MM, height * preset.scale * MM), layout="constrained")


def panels(count: int, *, columns: int, panel_height: float, top: float = 20.0) -> tuple[Figure, list[Axes]]:
    """Return a figure of small multiples and its axes, the surplus ones removed."""
    columns = min(columns, count, current().columns)
    rows = -(-count // columns)
    figure = new_figure(top + rows * panel_height)
    axes = list(figure.subplots(rows, columns, squeeze=False).ravel())
    for spare in axes[count:]:
        spare.remove()
    return figure, axes[:count]


def tick_step(n: int, most: int, *, columns: int = 1) -> int:
    """
    Return the step of labels along an axis that has room for so many in a report's figure of so many panels across.

    Examples
    --------
    >>> tick_step(26, 14), tick_step(14, 14)
    (2, 1)
    """
    across = current().room * columns / min(columns, current().columns)
    return max(1, -(-n // max(2, int(most * across))))


@cache
def _advance(char: str) -> float:
    """Return the width of a character, the size of letters being 1; one that is drawn as its code is as wide as that."""
    for name in FONTS:
        with as_file(files("policy_themes") / "data" / "fonts" / name) as path:
            font = font_manager.get_font(str(path))
        if ord(char) in font.get_charmap():
            return float(font.load_char(ord(char), LoadFlags.NO_SCALE).horiAdvance / font.units_per_EM)
    return 4.0


@cache
def line_height() -> float:
    """Return how high a line of the typeface is, the size of letters being 1."""
    with as_file(files("policy_themes") / "data" / "fonts" / FONTS[0]) as path:
        font = font_manager.get_font(str(path))
    table = font.get_sfnt_table("OS/2") or {"sTypoAscender": 0.88, "sTypoDescender": -0.12}
    scale = font.units_per_EM if "version" in table else 1.0
    return float((table["sTypoAscender"] - table["sTypoDescender"]) / scale)


def width_of(*texts: str) -> float:
    r"""
    Return how wide the widest line of some texts is, the size of letters being 1.

    Examples
    --------
    >>> width_of("枫桥\n经验主义", "平安")
    4.0
    """
    return max((sum(map(_advance, line)) for text in texts for line in text.split("\n")), default=0.0)


def columns_of(text: str) -> int:
    """Return how many columns a text takes; a Han character takes two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def wrapped(text: str, most: int) -> list[str]:
    """
    Break a row of remarks, which `` · `` divides, into lines of at most so many columns.

    A remark longer than a line is broken between words, or at a Han character.

    Examples
    --------
    >>> wrapped("one · two · three", 10)
    ['one · two', 'three']
    >>> wrapped("two words", 5), wrapped("枫桥经验，平安", 8)
    (['two', 'words'], ['枫桥经', '验，平安'])
    """
    rows = [""]
    for part in text.split(" · "):
        longer = f"{rows[-1]} · {part}" if rows[-1] else part
        if columns_of(longer) <= most:
            rows[-1] = longer
        else:
            rows += _broken(part, most)
    return [row for row in rows if row] or [""]


def _broken(text: str, most: int) -> list[str]:
    """Break a text into lines of at most so many columns, no line beginning with a sign that closes."""
    rows = [""]
    for piece in BREAKS.findall(text):
        if rows[-1] and columns_of(rows[-1] + piece.rstrip()) > most:
            rows[-1] = rows[-1].rstrip()
            rows.append("")
        rows[-1] += piece
    return [rest for row in rows for rest in _cut(row.rstrip(), most)]


def _cut(word: str, most: int) -> list[str]:
    """Cut a single word that is longer than a line."""
    return [word] if columns_of(word) <= most else [word[at : at + most // 2] for at in range(0, len(word), most // 2)]


def entitle(figure: Figure, title: str) -> None:
    """Set a figure's title."""
    lines = wrapped(drawable(title), fitting(TITLE_COLUMNS))
    _heighten(figure, 4.2 * (len(lines) - 1))
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize="large", color=INK)


def footnote(figure: Figure, *lines: str) -> None:
    """Say below a figure what its unit and its marks are, a line each."""
    most = fitting(NOTE_COLUMNS)
    parts = [part for line in dict.fromkeys(lines) if line for part in wrapped(drawable(line), most)]
    _heighten(figure, 3.5 * max(0, len(parts) - 2))
    figure.supxlabel("\n".join(parts), x=0.01, ha="left", fontsize="small", color=MUTED, linespacing=1.5)


def _heighten(figure: Figure, more: float) -> None:
    """Give more lines of text room of their own, so many millimetres of a report's figure."""
    figure.set_figheight(float(figure.get_figheight()) + more * current().scale * MM)


def multiline(text: str) -> str:
    """Return a text of several lines with every line drawable."""
    return "\n".join(drawable(line) for line in text.split("\n"))
