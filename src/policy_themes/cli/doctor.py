"""What works on this machine: each line a fact, a problem with what to do about it."""

import locale
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from policy_themes import __version__
from policy_themes.lexicon import load_lexicon
from policy_themes.store.cache import LIBRARIES, default_root

EXTRAS = {
    "nbclient": "notebooks: pip install 'policy-themes[notebooks]'",
    "anywidget": "the explorer in notebooks: pip install 'policy-themes[notebooks]'",
    "pypandoc": "report.docx and report.pdf: pip install 'policy-themes[report]'",
    "typst": "report.pdf: pip install 'policy-themes[report]'",
    "pyspark": "--engine spark, with Java 17: pip install 'policy-themes[spark]'",
}


def examine() -> str:
    """Return a line for every thing that was looked at."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    """Look at each thing."""
    yield f"policy-themes {__version__}, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    for name in LIBRARIES:
        try:
            yield f"  ok       {name} {version(name)}"
        except PackageNotFoundError:
            yield f"  MISSING  {name}: install the package anew"
    for module, remedy in EXTRAS.items():
        yield f"  ok       {module}" if find_spec(module) else f"  absent   {module} (for {remedy})"
    yield _font()
    root = default_root()
    yield f"  ok       cache in {root}" if root else "  absent   no folder for the cache: every run computes anew"
    encoding = locale.getpreferredencoding(False)
    unicode = "utf" in encoding.lower() and "utf" in (sys.stdout.encoding or "").lower()
    note = "" if unicode else " (Chinese may show as codes here; files are UTF-8 all the same)"
    yield f"  {'ok ' if unicode else 'note'}{'     ' if not unicode else '      '}locale {encoding}{note}"


def _font() -> str:
    """Draw Chinese with the font that the installation brings."""
    from policy_themes.figures.style import drawable, drawing

    with drawing():
        drawn = drawable("枫桥经验 现代化")
    return (
        "  ok       font Noto Sans SC draws Chinese"
        if "‹" not in drawn
        else "  MISSING  the font: install the package anew"
    )


def list_themes() -> str:
    """Return the built-in themes with their names."""
    return "\n".join(f"{theme.id:<30}{theme.label.en} {theme.label.zh}" for theme in load_lexicon().themes)
