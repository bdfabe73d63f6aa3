"""The suite's notebooks executed on a folder: in order, without a network port, in bounded time.

Only the notebooks of the package are run. The folder and the study file go in
through one tagged cell whose names are fixed here: a parameter's *name* would
be code, so none comes from outside.
"""

import asyncio
import os
import re
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policy_themes.errors import NotebookError, UsageError

SECONDS = 600
MOST_PRINTED = 100_000
WORKERS = 2
TAG = "parameters"
WIDGET = "application/vnd.jupyter.widget-view+json"
# The template brings require, jQuery, MathJax and Mermaid from the web; none is needed.
SCRIPT = re.compile(r"<script\b.*?</script>\s*", re.DOTALL | re.IGNORECASE)
POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">"
)
TABLES = "<style>.rendered_html td, .rendered_html th {text-align: left !important; vertical-align: top}</style>"


@dataclass(frozen=True)
class Executed:
    """One executed notebook as ipynb and as a page."""

    stem: str
    notebook: bytes
    page: bytes


def notebook_paths() -> list[Path]:
    """
    Return the suite's notebooks in the order they are read.

    Examples
    --------
    >>> notebook_paths()[0].stem
    '00_start'
    """
    packaged = Path(str(files("policy_themes"))) / "notebooks"
    # In a checkout they stand beside src.
    folder = packaged if packaged.is_dir() else Path(__file__).parents[2] / "notebooks"
    paths = sorted(folder.glob("[0-9][0-9]_*.ipynb"))
    if not paths:
        raise UsageError(f"There are no notebooks in {folder}.", hint="Install the package anew.")
    return paths


def execute_notebooks(folder: Path, study_file: Path | None, *, paths: Sequence[Path] | None = None) -> list[Executed]:
    """
    Execute notebooks on a folder.

    Parameters
    ----------
    folder : Path
        Documents.
    study_file : Path or None
        A ``study.yml``.
    paths : sequence of Path, optional
        Some of the suite's notebooks; all of them unless named.

    Returns
    -------
    list of Executed

    Raises
    ------
    NotebookError
        Naming notebook and cell.
    UsageError
        If the libraries for notebooks are not installed.
    """
    try:
        import nbclient  # noqa: F401
        import nbconvert  # noqa: F401
    except ImportError as error:
        raise UsageError(
            "The libraries for notebooks are not installed.", hint="pip install 'policy-themes[notebooks]'"
        ) from error
    chosen = list(paths or notebook_paths())
    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(lambda path: _execute(path, folder, study_file), chosen))


def _execute(path: Path, folder: Path, study_file: Path | None) -> Executed:
    """Execute one notebook and turn it into a page."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellControlSignal, CellExecutionError, CellTimeoutError, DeadKernelError

    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    _set_parameters(notebook, folder, study_file)
    begun: list[int] = []
    try:
        with TemporaryDirectory(prefix="policy-themes-") as sockets:
            client = NotebookClient(
                notebook,
                timeout=SECONDS,
                kernel_name="python3",
                record_timing=False,
                km=_kernel_manager(Path(sockets)),
                resources={"metadata": {"path": str(path.parent)}},
                on_cell_start=lambda cell, cell_index: begun.append(cell_index + 1),
            )
            # A manager of ours is not shut down unless asked for: the kernel would live on until the process ends.
            asyncio.run(client.async_execute(env=_environment(), cleanup_kc=True))
    except CellExecutionError as error:
        said = f"{path.name}, cell {begun[-1]}, failed: {error.ename}: {error.evalue}."
        raise NotebookError(said, hint="Open it and run that cell.") from error
    except (CellTimeoutError, DeadKernelError, CellControlSignal, RuntimeError) as error:
        # RuntimeError: the kernel did not answer in time, or died while starting.
        where = f"{path.name}, cell {begun[-1]}" if begun else path.name
        raise NotebookError(f"{where}: {type(error).__name__} ({str(error).partition(chr(10))[0]}).") from error
    _settle(notebook)
    text = str(nbformat.writes(notebook))  # type: ignore[no-untyped-call]
    return Executed(path.stem, text.encode(), _page(notebook, path.stem))


def _kernel_manager(sockets: Path) -> Any:  # noqa: ANN401 (jupyter_client has no useful types)
    """Return a manager whose kernel listens on sockets of the file system, not on a port, where there are such."""
    from jupyter_client.manager import AsyncKernelManager

    manager = AsyncKernelManager(kernel_name="python3")
    if os.name != "nt":
        manager.transport = "ipc"
        # A full path: a relative one would be looked for in the kernel's working directory and in ours.
        manager.ip = str(sockets / "kernel")
    # The kernel is this very Python, whatever kernels the user has registered.
    if manager.kernel_spec is not None:
        manager.kernel_spec.argv[0] = sys.executable
    return manager


def _environment() -> dict[str, str]:
    """Return the kernel's environment: ours, quiet, with Python's hash seed fixed."""
    return dict(os.environ, PYTHONHASHSEED="0", PYTHONWARNINGS="ignore", PYDEVD_DISABLE_FILE_VALIDATION="1")


def _set_parameters(notebook: Any, folder: Path, study_file: Path | None) -> None:  # noqa: ANN401
    """Fill the cell that is tagged for parameters; values go in as Python literals."""
    cells = [cell for cell in notebook.cells if TAG in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise NotebookError(f"A notebook needs one cell tagged `{TAG}`, and one has {len(cells)}.")
    study = str(study_file.resolve()) if study_file else None
    cells[0].source = f"FOLDER = {str(folder.resolve())!r}\nSTUDY = {study!r}"


def _settle(notebook: Any) -> None:  # noqa: ANN401
    """Leave out what differs from machine to machine, and what nobody would read to its end."""
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET, None)  # nothing without its kernel, and of another name in every run
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if len(output.get("text", "")) > MOST_PRINTED:
                output["text"] = f"{output['text'][:MOST_PRINTED]}\n… (cut after {MOST_PRINTED:,} characters)\n"


def _page(notebook: Any, title: str) -> bytes:  # noqa: ANN401
    """Return a notebook as one html page that loads nothing and runs nothing."""
    from nbconvert import HTMLExporter

    # Not sanitized: that escapes headings and table heads; POLICY and the missing scripts do what it is for.
    exporter = HTMLExporter(template_name="classic")  # type: ignore[no-untyped-call]
    page, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": title}})
    return SCRIPT.sub("", str(page)).replace("</head>", f"{POLICY}{TABLES}</head>", 1).encode()
