"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Folder = Annotated[Path, typer.Argument(help="Documents, or what `ingest` wrote.", show_default=False)]
StudyFile = Annotated[Path | None, typer.Option("--study", help="A study.yml; one inside FOLDER is found.")]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder for the results: new, empty, or ours.")]
OutFile = Annotated[Path, typer.Option("--out", help="csv file to write.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Compute every stage anew.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 if a single file could not be used.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Themes = Annotated[list[str] | None, typer.Option("--theme", help="Theme identifier; may be repeated.")]


def command_line(folder: Path, out: Path, verb: str = "report") -> str:
    """Return the call as it goes on record, without this machine's paths."""
    called = f"policy-themes {verb} {folder.resolve().name} --out {out.name}"
    return called.encode("utf-8", "backslashreplace").decode()
