"""The explorer in the browser: a server that lives as long as its terminal."""

import html
import os
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer


def explore_in_browser(folder: Path, study: Path | None, *, out: Path | None, port: int, browser: bool) -> None:
    """
    Serve the explorer of a folder until it is ended.

    Parameters
    ----------
    folder : Path
    study : Path or None
        The study file.
    out : Path or None
        Folder for saved views.
    port : int
        0: any that is free.
    browser : bool
        Whether to open the page.

    Raises
    ------
    OutputError, UsageError
    """
    parent = os.getppid()  # reading may take minutes, in which a terminal can be closed
    from policy_themes.explore.server import Server, serve
    from policy_themes.explore.session import Session
    from policy_themes.progress import say
    from policy_themes.store.files import check_apart
    from policy_themes.study import open_study

    if out is not None:
        check_apart(folder, out)
    opened = open_study(folder, study)
    session = Session(opened, out=out, study_file=study)
    say("Reading the documents …")
    session.warm()
    server = Server(session, port)

    def ready(address: str) -> None:
        typer.echo(f"The explorer of {folder} is at {address}")
        typer.echo("It is for this machine alone, and ends with Ctrl-C or with this terminal.", err=True)
        if browser:
            webbrowser.open(door.as_uri())

    with door_to(server.address) as door:
        serve(server, ready=ready, parent=parent)


@contextmanager
def door_to(address: str) -> Iterator[Path]:
    """
    Yield a page that leads to an address, readable by this user alone.

    A browser is opened with it: an address on a command line, with the token in
    it, is seen by every user of the machine.
    """
    with tempfile.TemporaryDirectory(prefix="policy-themes-") as name:  # of mode 0700
        door = Path(name) / "explore.html"
        door.write_text(f'<!doctype html><meta http-equiv="refresh" content="0; url={html.escape(address)}">', "utf-8")
        yield door
