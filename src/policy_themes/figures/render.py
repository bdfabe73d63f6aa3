"""Charts into files: three formats and a small png, the same bytes from the same numbers."""

import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from multiprocessing import get_context

from policy_themes.figures.chart import Chart
from policy_themes.figures.style import drawing

# Nothing of the hour goes into a picture: the same numbers give the same bytes.
FORMATS: Mapping[str, Mapping[str, object]] = {
    "svg": {"metadata": {"Date": None}},
    "pdf": {"metadata": {"CreationDate": None}},
    "png": {"dpi": 300, "metadata": {"Software": None}},
}


@dataclass(frozen=True)
class Pictures:
    """One chart in all formats; ``page`` is a small png for the report's page."""

    files: Mapping[str, bytes]
    page: bytes


def render_all(charts: Sequence[Chart], *, workers: int = 2) -> Iterator[Pictures]:
    """
    Draw charts into all formats, in order, in several processes where there is enough to do.

    Parameters
    ----------
    charts : sequence of Chart
    workers : int, default 2
        Their number makes no difference to a single byte.
    """
    if len(charts) < 4 or workers < 2 or (os.cpu_count() or 1) < 2:
        yield from map(render, charts)
        return
    # Spawned, not forked: a fork of a process with threads (BLAS) may hang.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_interrupts) as pool:
        yield from pool.map(render, charts)


def _leave_interrupts() -> None:
    """Let Ctrl-C reach the parent alone, which ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def render(chart: Chart) -> Pictures:
    """Draw a chart into all formats."""
    with drawing():
        # Laid out once: all formats show the same picture, and layout is the dear part.
        chart.figure.draw_without_rendering()
        chart.figure.set_layout_engine("none")
        files = {name: _saved(chart, name) for name in FORMATS}
    return Pictures(files, _small(files["png"]))


def _saved(chart: Chart, name: str) -> bytes:
    """Save a chart in one format."""
    stream = BytesIO()
    chart.figure.savefig(stream, format=name, **FORMATS[name])  # type: ignore[arg-type]
    return stream.getvalue()


def _small(png: bytes) -> bytes:
    """Return a picture of few flat colours as a palette png, a third of its size."""
    from PIL import Image

    stream = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(stream, "png")
    return stream.getvalue()
