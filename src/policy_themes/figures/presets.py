"""For what a figure is printed: its exact width, the size of its letters, how many panels stand side by side."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType

from policy_themes.config import PresetName, SvgLetters

REPORT_WIDTH, REPORT_FONT = 160.0, 8.0


@dataclass(frozen=True)
class Preset:
    """
    A place in print.

    Attributes
    ----------
    name : str
    width : float
        Of the page's figure, in millimetres.
    font : float
        Size of plain text, in points; notes are smaller, titles larger.
    columns : int
        Most panels side by side.
    svg : {"paths", "text"}
        Whether an svg holds letters as drawings or as text.
    """

    name: PresetName
    width: float
    font: float
    columns: int
    svg: SvgLetters = "paths"

    @property
    def scale(self) -> float:
        """Return how large everything is, a report's figure being 1."""
        return self.font / REPORT_FONT

    @property
    def room(self) -> float:
        """Return how much text fits across, a report's figure being 1."""
        return self.width / self.scale / REPORT_WIDTH


_LIST = (
    Preset("report", REPORT_WIDTH, REPORT_FONT, 4),
    Preset("report_half", 78.0, 7.0, 1),
    Preset("journal", 174.0, 8.0, 4),
    Preset("journal_column", 85.0, 7.0, 1),
    Preset("slide", 254.0, 13.0, 4),
)
PRESETS: Mapping[PresetName, Preset] = MappingProxyType({preset.name: preset for preset in _LIST})
_current: ContextVar[Preset] = ContextVar("preset", default=PRESETS["report"])


def current() -> Preset:
    """Return the preset in force."""
    return _current.get()


@contextmanager
def printed_for(preset: Preset) -> Iterator[None]:
    """
    Draw for a place in print inside this.

    Examples
    --------
    >>> with printed_for(PRESETS["journal_column"]):
    ...     current().width
    85.0
    >>> current().name
    'report'
    """
    token = _current.set(preset)
    try:
        yield
    finally:
        _current.reset(token)


def fitting(columns: int, *, panels: int = 1) -> int:
    """
    Return how many columns of text fit where a report's figure of so many panels across has room for so many.

    Examples
    --------
    >>> with printed_for(PRESETS["report_half"]):
    ...     fitting(46)
    25
    """
    across = current().room * panels / min(panels, current().columns)
    return max(6, int(columns * across))
