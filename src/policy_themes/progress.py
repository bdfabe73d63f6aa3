"""How far long work is, with an estimate of the time left; silent where nobody looks."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any, TypeVar

T = TypeVar("T")
PATIENCE = 1.0


def track(label: str, *, total: int | None = None) -> Callable[[Iterable[Any]], Iterable[Any]]:
    """
    Return a wrapper that shows progress over a sequence on a terminal.

    Nothing is shown before one second has passed, nothing where stderr is not
    a terminal, and nothing of it stays on the screen.

    Parameters
    ----------
    label : str
        What is being done.
    total : int, optional
        How many there are; needed where the items have no length.

    Examples
    --------
    >>> list(track("counting")([1, 2]))
    [1, 2]
    """
    return lambda items: _shown(items, label, total) if sys.stderr.isatty() else items


def _shown(items: Iterable[T], label: str, total: int | None) -> Iterator[T]:
    """Yield the items, showing progress once it is worth it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        count = len(items) if isinstance(items, Sized) else total
        task = bar.add_task(label, total=count, visible=False)
        start = time.monotonic()
        for item in items:
            yield item
            bar.update(task, advance=1, visible=time.monotonic() - start > PATIENCE)


def warn(message: str) -> None:
    """Say what a reader of the results must know, wherever stderr goes."""
    sys.stderr.write(f"{message}\n")


def say(message: str) -> None:
    """Tell a person at a terminal what is being done now."""
    if sys.stderr.isatty():
        sys.stderr.write(f"{message}\n")
