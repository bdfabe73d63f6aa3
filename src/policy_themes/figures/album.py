"""Pictures that were drawn before: a figure that is the same as in the last report of a folder is not drawn again.

A picture lies under a hash of the whole figure, of the style in force and of what
draws it; the code of the suite and the libraries are in the cache's own key. The
figure is hashed as it would be sent to the process that draws it, and nothing of
it is ever read back: only the pictures are kept.
"""

import hashlib
import pickle
import zlib
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib import ft2font, rcParams
from matplotlib.transforms import TransformNode

from policy_themes.figures.chart import Chart
from policy_themes.figures.render import FORMATS, Pictures
from policy_themes.figures.style import drawing
from policy_themes.store.cache import StageCache, digest

STAGE, PAGE = "pictures", "page"
# They lay out and draw as well, and the cache's key does not name them.
BESIDES = ("contourpy", "kiwisolver")


class Album:
    """
    The pictures of the last report of a folder.

    Parameters
    ----------
    cache : StageCache
    folder : Path
        Of the documents.
    """

    def __init__(self, cache: StageCache, folder: Path) -> None:
        self._cache = cache
        self._key = digest("pictures of", str(folder.resolve()))
        self._place = cache.find(STAGE, self._key, load=lambda place: place)

    def find(self, name: str | None) -> Pictures | None:
        """Return the pictures of the figure of that name, if they are there."""
        if self._place is None or name is None:
            return None
        with suppress(OSError):  # another report of the folder has put its own there
            found = {path.suffix[1:]: path.read_bytes() for path in sorted(self._place.glob(f"{name}.*"))}
            page = found.pop(PAGE, None)
            return Pictures(found, page) if page is not None and found.keys() == FORMATS else None
        return None

    def keep(self, pictures: Mapping[str, Pictures]) -> None:
        """Keep the pictures of a report, in the place of those before."""
        if self._place is None or any(not (self._place / f"{name}.{PAGE}").is_file() for name in pictures):
            self._cache.put(STAGE, self._key, pictures, save=_save)


def _save(pictures: Mapping[str, Pictures], folder: Path) -> None:
    """Write pictures under their names."""
    for name, own in pictures.items():
        for kind, content in {**own.files, PAGE: own.page}.items():
            (folder / f"{name}.{kind}").write_bytes(content)


def name_of(chart: Chart) -> str | None:
    """Return the hash of all that a chart's pictures hang on; None where a part of it is not plain data."""
    total, stream = hashlib.sha256(), BytesIO()
    try:
        _Hashed(stream, protocol=5).dump(chart.figure)
    except (pickle.PicklingError, TypeError, AttributeError, RuntimeError):
        return None  # as `render.Renderer`: parts that figures share may change meanwhile
    total.update(stream.getbuffer())
    with drawing(chart.preset):
        style = {name: str(rcParams[name]) for name in rcParams if not name.startswith("backend")}
    makers = {name: version(name) for name in BESIDES}
    total.update(
        digest(str(chart.preset), style, makers, ft2font.__freetype_version__, zlib.ZLIB_RUNTIME_VERSION).encode()
    )
    return total.hexdigest()[:32]


class _Hashed(pickle.Pickler):
    """Writes a figure for its hash: without which transforms hang on a transform, as that names objects by their address."""

    def reducer_override(self, obj: Any) -> Any:  # noqa: ANN401  # any part of a figure
        if isinstance(obj, TransformNode):
            state = {name: value for name, value in vars(obj).items() if name != "_parents"}
            return object.__new__, (type(obj),), state
        return NotImplemented
