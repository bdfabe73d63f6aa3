"""Nine colours for three classes of one measure by three of another, and the square that explains them.

They are two ramps laid over one another, blue for the one measure and yellow
for the other, so that they stay apart for readers who cannot tell red from
green, and darken along both. In grey they do not all stay apart: so whoever
draws with them writes the class, a letter and a digit, on what has the colour.
"""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from policy_themes.figures.style import INK, drawable, shorten

BLUES = ("#f3f3f3", "#8ebbe4", "#1f78c8")
YELLOWS = ("#ffffff", "#ffd98a", "#e29c12")
COLOURS = tuple(tuple(tuple(np.multiply(to_rgb(one), to_rgb(other))) for other in YELLOWS) for one in BLUES)
CODES = tuple(tuple(f"{letter}{digit}" for digit in "123") for letter in "ABC")


def ink_on(face: tuple[float, float, float]) -> str:
    """
    Return the ink, dark or white, that stands out more from a colour.

    References
    ----------
    Web Content Accessibility Guidelines 2.2: relative luminance. https://www.w3.org/TR/WCAG22/#dfn-relative-luminance

    Examples
    --------
    >>> ink_on((1.0, 1.0, 1.0)) == INK, ink_on((0.1, 0.3, 0.1))
    (True, 'white')
    """
    return "white" if luminance(face) + 0.05 < ((1.0 + 0.05) * (luminance(to_rgb(INK)) + 0.05)) ** 0.5 else INK


def luminance(colour: tuple[float, float, float]) -> float:
    """Return the relative luminance of a colour, 0 to 1."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def number(value: float, *, percent: bool) -> str:
    """Return a value as it is written."""
    return f"{value:.0%}" if percent else f"{value:.0f}" if float(value).is_integer() else f"{value:.2g}"


def square(ax: Axes, edges: list[tuple[float, float]], percent: list[bool], names: list[str]) -> None:
    """Draw the legend: nine colours with their classes, and where these part."""
    for one, other in np.ndindex(3, 3):
        face = COLOURS[one][other]
        ax.add_patch(Rectangle((one - 0.5, other - 0.5), 1, 1, facecolor=face, edgecolor="white", linewidth=0.8))
        ink = ink_on(face)
        ax.text(one, other, CODES[one][other], ha="center", va="center", fontsize="small", color=ink)
    said = [[number(value, percent=share) for value in pair] for pair, share in zip(edges, percent, strict=True)]
    for axis, texts, name in zip((ax.xaxis, ax.yaxis), said, names, strict=True):
        axis.set_ticks([0.5, 1.5], texts, fontsize="x-small")
        axis.set_label_text(
            "\n".join(shorten(drawable(part), 26) for part in f"{name} →".split("\n")), fontsize="x-small"
        )
    ax.set_xlim(-0.5, 2.5)
    ax.set_ylim(-0.5, 2.5)
    ax.set_aspect("equal")
    ax.tick_params(length=0)
    for spine in ax.spines.values():
        spine.set_visible(False)
