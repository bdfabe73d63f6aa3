"""The explorer in the browser: a server that lives as long as its terminal."""

import webbrowser
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
            webbrowser.open(address)

    serve(server, ready=ready)
