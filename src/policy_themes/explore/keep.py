"""What stays of a view: the figure with all that travels with it, the cell of a notebook, a file to share."""

import hashlib
import re
import unicodedata
from pathlib import Path

from policy_themes.errors import UsageError
from policy_themes.explore.asked import asked, check, find_phrase
from policy_themes.explore.pictures import draw, renamed
from policy_themes.explore.prepared import Prepared
from policy_themes.explore.view import PanelName, View
from policy_themes.figures import Chart
from policy_themes.report.save import write_charts
from policy_themes.store.files import write_atomic
from policy_themes.study import Study

LONGEST = 60


def chart(study: Study, view: View, panel: PanelName = "trend", *, other: bool = False) -> Chart:
    """
    Draw one panel of a view: what `copy as code` calls.

    Parameters
    ----------
    study : Study
    view : View
    panel : {"trend", "map", "ranking", "grid", "contrast", "topics", "passages"}
    other : bool, default False
        Of the second selection.

    Returns
    -------
    Chart

    Raises
    ------
    UsageError
        If the view names what the study has not.
    """
    prepared = Prepared(study)
    check(prepared, view)
    phrases = {view.phrase: find_phrase(study, view.phrase)} if view.phrase else {}
    one = asked(prepared, view, phrases)
    return renamed(draw(prepared, one, view, panel, other=other), stem_of(view, panel, other=other), view)


def code(study: Study, view: View, panel: PanelName, *, other: bool = False) -> str:
    """Return the cell of a notebook that draws a panel of a view again."""
    content = {key: value for key, value in view.content().items() if key not in ("page", "panel", "document")}
    side = ", other=True" if other else ""
    return (
        "from policy_themes.explore import View, chart\n"
        "from policy_themes.study import open_study\n\n"
        f"study = open_study({study.folder.name!r})\n"
        f"view = View.of({content!r})\n"
        f"chart(study, view, {panel!r}{side})\n"
    )


def save(
    study: Study, drawn: Chart, view: View, panel: PanelName, out: Path, *, name: str = "", other: bool = False
) -> list[Path]:
    """
    Save a panel of a view as svg, pdf, png, csv and json, and the view itself beside them.

    Parameters
    ----------
    study : Study
    drawn : Chart
    view : View
    panel : str
    out : Path
        Folder of saved views, never inside the documents.
    name : str
        What it is to be called; by default after what it shows.
    other : bool, default False
        Of the second selection.

    Returns
    -------
    list of Path

    Raises
    ------
    OutputError, UsageError
    """
    stem = slug(name) or stem_of(view, panel, other=other)
    charted = renamed(drawn, stem, view)
    path = out / f"{stem}.view.json"
    if path.is_file() and path.read_text(encoding="utf-8") != view.to_json():
        raise UsageError(f"Another view is saved as {stem}.", hint="Choose another name.")
    paths = write_charts([charted], out, study, command=code(study, view, panel, other=other))
    write_atomic(path, view.to_json().encode())
    return [*paths, path]


def stem_of(view: View, panel: PanelName, *, other: bool = False) -> str:
    """
    Return the name of the files of a view, the same for the same view.

    Examples
    --------
    >>> stem_of(View(theme="safe_china"), "trend")
    'trend_safe_china_2622'
    """
    kept = {name: value for name, value in view.content().items() if name not in ("panel", "document", "page")}
    told = hashlib.sha256(repr((sorted(kept.items(), key=str), other)).encode()).hexdigest()[:4]
    named = slug(view.phrase) or "_".join(filter(None, (view.theme, view.facet)))
    return "_".join(filter(None, (panel, named, told)))


def slug(name: str) -> str:
    """
    Return a name as a file may bear it: letters, digits, hyphens and underscores of any script.

    Examples
    --------
    >>> slug("../../etc/passwd"), slug("枫桥 2019!"), slug("CON"), slug("..")
    ('etc_passwd', '枫桥_2019', 'CON_', '')
    """
    flat = unicodedata.normalize("NFKC", name)
    kept = re.sub(r"[^\w-]+", "_", flat).strip("_-")[:LONGEST].rstrip("_-")
    # Names that Windows keeps for devices.
    reserved = re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", kept)
    return f"{kept}_" if reserved else kept
