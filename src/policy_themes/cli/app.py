"""What the command line offers. Each command imports what it needs when it runs, so that --help is quick."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from policy_themes import __version__
from policy_themes.cli import change, measure, topics, words
from policy_themes.cli.coding import coding
from policy_themes.cli.options import (
    CountedOn,
    Debug,
    Folder,
    Fresh,
    Master,
    OutFolder,
    Strict,
    StudyFile,
    command_line,
    spark_master,
)
from policy_themes.cli.spark import ingest_on_spark
from policy_themes.errors import PolicyThemesError, UsageError, invalid

if TYPE_CHECKING:
    from policy_themes.report.unchanged import Wanted

app = typer.Typer(
    help="Compare policy themes across years and regions, in Chinese and English. 政策主题的年份与地区比较。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

INTERRUPTED = "Interrupted; the last good results are as they were."


def _version(wanted: bool) -> None:
    """Print the version."""
    if wanted:
        typer.echo(f"policy-themes {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Take the options that belong to no command."""


@app.command()
def report(
    folder: Folder,
    out: OutFolder,
    study: StudyFile = None,
    notebooks: Annotated[bool, typer.Option("--notebooks", help="Execute the notebooks as well.")] = False,
    strict: Strict = False,
    fresh: Fresh = False,
    debug: Debug = False,
) -> None:
    """Figures, tables, report.html, report.docx and report.pdf: the main job. 图、表与报告。"""
    from policy_themes.report.manifest import check_quarantine
    from policy_themes.report.unchanged import Wanted, first_files

    called = command_line(folder, out)
    wanted = Wanted.of(folder, study, called, notebooks)
    there = {} if fresh else wanted.standing(out)
    inputs = there["inputs"] if there else _report(wanted, folder, study, out, called, notebooks=notebooks, fresh=fresh)
    for path in first_files(out):
        typer.echo(path)
    if there:
        typer.echo(f"nothing has changed since; {out} is as it was")
    check_quarantine(inputs, wanted.settings, strict=strict)


def _report(
    wanted: "Wanted", folder: Path, study: Path | None, out: Path, called: str, *, notebooks: bool, fresh: bool
) -> "Sequence[Mapping[str, object]]":
    """Make a report and return what became of the files."""
    from policy_themes.execute import execute_notebooks
    from policy_themes.report.manifest import inputs_of
    from policy_themes.report.run import write_report
    from policy_themes.study import open_study

    opened = open_study(folder, study, fresh=fresh, listing=wanted.listing)
    run = (lambda: execute_notebooks(folder, study)) if notebooks else None
    write_report(opened, out, command=called, notebooks=run, key=wanted.key)
    return inputs_of(opened.corpus)


@app.command()
def notebooks(folder: Folder, out: OutFolder, study: StudyFile = None, debug: Debug = False) -> None:
    """The suite's notebooks executed on FOLDER, as .ipynb and .html. 在该文件夹上运行全部笔记本。"""
    from policy_themes.execute import execute_notebooks
    from policy_themes.store.files import OutputFolder, check_apart
    from policy_themes.study import open_study

    check_apart(folder, out)
    _ = open_study(folder, study).corpus
    with OutputFolder(out) as target:
        for executed in execute_notebooks(folder, study):
            target.write(f"{executed.stem}.ipynb", executed.notebook)
            target.write(f"{executed.stem}.html", executed.page)
        target.commit()
    typer.echo(out)


@app.command()
def ingest(
    folder: Folder,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the results: new, empty, or ours.")] = None,
    explain: Annotated[str | None, typer.Option(metavar="PATH", help="Tell all about one file of FOLDER.")] = None,
    engine: CountedOn = None,
    master: Master = None,
    study: StudyFile = None,
    strict: Strict = False,
    fresh: Fresh = False,
    debug: Debug = False,
) -> None:
    """Read, clean, date and place the documents; a ledger of every file. 读入、清洗、定年、定地。"""
    from policy_themes.report.ingest import ingest as write
    from policy_themes.report.manifest import check_quarantine

    if engine not in (None, "spark"):
        raise invalid("--engine", engine, "`spark`, or left out")
    place = spark_master(engine, master)
    if place is not None:
        if out is None or explain is not None:
            raise UsageError("On Spark, --out is needed and --explain is not there.", hint="Add --out DIR.")
        ingest_on_spark(folder, study, out, place, strict=strict)
        return
    if out is None and explain is None:
        raise UsageError("Neither --out nor --explain is given.", hint="--out DIR writes, --explain PATH tells.")
    if explain is not None:
        from policy_themes.cli.summaries import explanation
        from policy_themes.study import open_study

        typer.echo(explanation(open_study(folder, study, fresh=fresh).source, explain))
    if out is not None:
        done = write(folder, study, out, command=command_line(folder, out, "ingest"), fresh=fresh)
        typer.echo(done.summary if done.changed else f"{done.summary}\nnothing has changed since; {out} is as it was")
        check_quarantine(done.inputs, done.settings, strict=strict)


@app.command()
def init(folder: Annotated[Path, typer.Argument(help="Where the study file goes.")], debug: Debug = False) -> None:
    """Write a commented study.yml. 写出带注释的设置文件。"""
    from policy_themes.config import template
    from policy_themes.errors import OutputError, UsageError
    from policy_themes.store.files import write_atomic

    target = folder / "study.yml"
    if not folder.is_dir():
        raise UsageError(f"The folder {folder} is not there.", hint="Make it first.")
    if target.exists():
        raise OutputError(f"{target} is there already and was left as it is.", hint="Edit it, or remove it first.")
    write_atomic(target, template().encode())
    typer.echo(target)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(help="New or empty folder.")],
    seed: Annotated[int, typer.Option(help="Of the generator.")] = 1,
    debug: Debug = False,
) -> None:
    """Write a bilingual demonstration corpus of about 200 documents. 写出双语演示语料。"""
    from policy_themes.demo import write_demo
    from policy_themes.errors import OutputError, UsageError

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file.", hint="Name a new folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise OutputError(f"The folder {folder} is not empty.", hint="Nothing was touched; name a new folder.")
    documents = write_demo(folder, seed=seed)
    typer.echo(f"{len(documents)} files in {folder}; next: policy-themes report {folder} --out {folder.name}-report")


@app.command()
def doctor(
    themes: Annotated[bool, typer.Option("--themes", help="List the built-in themes instead.")] = False,
    debug: Debug = False,
) -> None:
    """What works here and what does not: fonts, libraries, cache, locale. 环境自检。"""
    from policy_themes.cli.doctor import examine, list_themes

    typer.echo(list_themes() if themes else examine())


@app.command()
def explore(
    folder: Folder,
    study: StudyFile = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="To listen on; 0: any that is free.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for saved views; by default FOLDER-views beside FOLDER.")
    ] = None,
    debug: Debug = False,
) -> None:
    """Explore FOLDER in the browser: from any point on a figure back to the sentence. 在浏览器中交互浏览。"""
    from policy_themes.cli.exploring import explore_in_browser

    explore_in_browser(folder, study, out=out, port=port, browser=browser)


for _asked in (
    measure.rates, change.trends, change.surface, change.diffusion, change.effects, measure.contrast, measure.kwic,
    topics.topics, topics.drift, topics.quality, words.terms, words.vocabulary,
):  # fmt: skip
    app.command()(_asked)
app.add_typer(words.lexicon, name="lexicon")
app.add_typer(coding, name="coding")
app.add_typer(topics.intrusion, name="intrusion")


def main() -> NoReturn:
    """Run the command line; every expected failure is one message and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character gets its code, not a traceback.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    debug = "--debug" in sys.argv
    try:
        code = app(standalone_mode=False)
    except PolicyThemesError as error:
        _complain(str(error), debug)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        _complain(INTERRUPTED, debug)
        sys.exit(130)
    except typer.TyperException as error:
        _complain(f"{error.format_message()} `policy-themes --help` lists what there is.", debug)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        _complain(
            f"This is a bug: {type(error).__name__}: {error}. Please report it with the output of --debug.", debug
        )
        sys.exit(1)
    if code == 130:  # typer has caught Ctrl-C itself
        _complain(INTERRUPTED, debug)
    sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str, debug: bool) -> None:
    """Print one message on stderr, with the traceback on request."""
    if debug:
        import traceback

        traceback.print_exc()
    typer.echo(f"policy-themes: {message}", err=True)
