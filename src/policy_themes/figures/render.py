"""Charts into files: three formats and a small png, the same bytes from the same numbers."""

import os
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from multiprocessing import get_context, parent_process
from pickle import PicklingError
from threading import Thread
from typing import Self

import pypdfium2 as pdfium
from matplotlib.figure import Figure
from PIL import Image

from policy_themes.figures.chart import Chart
from policy_themes.figures.presets import Preset
from policy_themes.figures.style import drawable, drawing

# Nothing of the hour goes into a picture: the same numbers give the same bytes.
VECTORS: Mapping[str, Mapping[str, object]] = {
    "svg": {"metadata": {"Date": None}},
    "pdf": {"metadata": {"CreationDate": None}},
}
FORMATS = {*VECTORS, "png"}
DPI = 300
# Deeper compression takes three times as long and saves a tenth.
COMPRESSION = 3
# The page carries its pictures, of few colours: deeper, they are a sixth smaller, and the page of all chapters below 6 MB.
PAGE_COMPRESSION = 6


@dataclass(frozen=True)
class Pictures:
    """One chart in all formats; ``page`` is a small png for the report's page."""

    files: Mapping[str, bytes]
    page: bytes


class Renderer:
    """
    Draws charts into all formats, a helper process beginning while this one still computes.

    This process draws too, from the last chart backwards, until it meets what
    the helper has begun. Who draws what makes no difference to a single byte.

    Parameters
    ----------
    helper : bool, default True
        Whether to start it.
    """

    def __init__(self, *, helper: bool = True) -> None:
        self._charts: list[Chart] = []
        self._begun: dict[int, Future[Pictures]] = {}
        self._pool = None
        if helper and (os.cpu_count() or 1) > 1:
            # Spawned, not forked: a fork of a process with threads (BLAS) may hang.
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_serve)
            with _interrupts_held():
                self._pool.submit(drawable, "")  # it loads its libraries while this process reads

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def begin(self, chart: Chart) -> None:
        """Take a chart to draw."""
        self._charts.append(chart)
        if self._pool is not None:
            with suppress(BrokenProcessPool):
                self._begun[len(self._charts) - 1] = self._pool.submit(render, chart.figure, chart.preset)

    def finished(self) -> Iterator[tuple[int, Pictures]]:
        """Yield the number and the pictures of every chart, the last first."""
        for number, chart in reversed(list(enumerate(self._charts))):
            begun = self._begun.get(number)
            yield (
                number,
                _result(begun, chart)
                if begun is not None and not begun.cancel()
                else render(chart.figure, chart.preset),
            )


def _result(begun: Future[Pictures], chart: Chart) -> Pictures:
    """
    Return what the helper drew; where it died, or could not be handed the figure, this process draws.

    A figure goes to the helper while the next one is made, and matplotlib's figures
    share parts that know each of them: that one may change under the other. What is
    wrong with a figure itself shows here as well.
    """
    try:
        return begun.result()
    except (BrokenProcessPool, RuntimeError, TypeError, AttributeError, PicklingError):
        return render(chart.figure, chart.preset)


def _serve() -> None:
    """Let Ctrl-C reach the parent alone, which ends its workers; end with a parent that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the parent's end: a pool's process would go on waiting for work."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a process starts, which takes this over: it does not die of one before it is ready."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def render(figure: Figure, preset: Preset | None = None) -> Pictures:
    """Draw a figure into all formats, for its place in print or the one in force."""
    with drawing(preset):
        # Laid out once: all formats show the same picture, and layout is dear.
        engine = figure.get_layout_engine()
        if engine is not None:
            engine.execute(figure)
            figure.set_layout_engine(None)  # "none" leaves a placeholder, for which saving draws everything twice
        vectors = {name: _vector(figure, name) for name in VECTORS}
    png, page = _bitmaps(vectors["pdf"])
    return Pictures({**vectors, "png": png}, page)


def _vector(figure: Figure, name: str) -> bytes:
    """Save a figure in one of the formats for print."""
    stream = BytesIO()
    figure.savefig(stream, format=name, **VECTORS[name])  # type: ignore[arg-type]
    return stream.getvalue()


def _bitmaps(page: bytes) -> tuple[bytes, bytes]:
    """
    Return a png of the pdf, and the same picture of few flat colours as a palette png, a third of its size.

    Seeing the pdf takes a tenth of the time that drawing the figure once more would.
    """
    with pdfium.PdfDocument(page) as document:
        image = document[0].render(scale=DPI / 72).to_pil().convert("RGB")
    palette = image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    return _png(image), _png(palette, PAGE_COMPRESSION)


def _png(image: Image.Image, level: int = COMPRESSION) -> bytes:
    """Return a picture as png."""
    stream = BytesIO()
    image.save(stream, "png", dpi=(DPI, DPI), compress_level=level)
    return stream.getvalue()
