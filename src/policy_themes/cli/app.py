"""What the command line offers. Each command imports what it needs when it runs, so that --help is quick."""

import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from policy_themes import __version__
from policy_themes.errors import PolicyThemesError, UsageError, invalid

app = typer.Typer(
    help="Compare policy themes across years and regions, in Chinese and English. 政策主题的年份与地区比较。",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

INTERRUPTED = "Interrupted; the last good results are as they were."
Folder = Annotated[Path, typer.Argument(help="Documents, or what `ingest` wrote.", show_default=False)]
StudyFile = Annotated[Path | None, typer.Option("--study", help="A study.yml; one inside FOLDER is found.")]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder for the results: new, empty, or ours.")]
OutFile = Annotated[Path, typer.Option("--out", help="csv file to write.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Compute every stage anew.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 if a single file could not be used.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
Themes = Annotated[list[str] | None, typer.Option("--theme", help="Theme identifier; may be repeated.")]


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


def _command(folder: Path, out: Path, verb: str = "report") -> str:
    """Return the call as it goes on record, without this machine's paths."""
    called = f"policy-themes {verb} {folder.resolve().name} --out {out.name}"
    return called.encode("utf-8", "backslashreplace").decode()


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
    """Figures, tables, report.html and report.docx: the main job. 图、表与报告。"""
    from policy_themes.execute import execute_notebooks
    from policy_themes.report.manifest import check_quarantine, inputs_of
    from policy_themes.report.run import write_report
    from policy_themes.study import open_study

    opened = open_study(folder, study, fresh=fresh)
    run = (lambda: execute_notebooks(folder, study)) if notebooks else None
    for path in write_report(opened, out, command=_command(folder, out), notebooks=run):
        typer.echo(path)
    check_quarantine(inputs_of(opened), opened.settings, strict=strict)


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
    study: StudyFile = None,
    strict: Strict = False,
    fresh: Fresh = False,
    debug: Debug = False,
) -> None:
    """Read, clean, date and place the documents; a ledger of every file. 读入、清洗、定年、定地。"""
    from policy_themes.report.ingest import ingest as write
    from policy_themes.report.manifest import check_quarantine

    if out is None and explain is None:
        raise UsageError("Neither --out nor --explain is given.", hint="--out DIR writes, --explain PATH tells.")
    if explain is not None:
        from policy_themes.cli.summaries import explanation
        from policy_themes.study import open_study

        typer.echo(explanation(open_study(folder, study, fresh=fresh).source, explain))
    if out is not None:
        done = write(folder, study, out, command=_command(folder, out, "ingest"), fresh=fresh)
        typer.echo(done.summary if done.changed else f"{done.summary}\nnothing has changed since; {out} is as it was")
        check_quarantine(done.inputs, done.settings, strict=strict)


@app.command()
def rates(
    folder: Folder,
    out: OutFile,
    theme: Themes = None,
    by: Annotated[str, typer.Option(help="year, region, or year,region.")] = "year",
    facets: Annotated[bool, typer.Option("--facets", help="Rows for the parts of a theme as well.")] = False,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Rates of themes by year and region, with denominators. 各年各地区主题频率。"""
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    check_apart(folder, out)
    groups = _groups(by)
    opened = open_study(folder, study)
    wanted = opened.checked(theme) if theme else opened.lexicon.ids
    table = opened.rates(by=groups, facets=facets)
    write_atomic(out, csv_bytes(table[table["theme"].isin(wanted)]))
    typer.echo(out)


def _groups(by: str) -> list[Literal["year", "region_code"]]:
    """Read the value of --by."""
    names: dict[str, Literal["year", "region_code"]] = {"year": "year", "region": "region_code"}
    given = by.split(",")
    if not set(given) <= set(names) or len(set(given)) != len(given):
        raise invalid("--by", by, "`year`, `region` or `year,region`")
    return [names[name] for name in given]


@app.command()
def kwic(
    folder: Folder,
    out: OutFile,
    theme: Annotated[str | None, typer.Option(help="Theme identifier.")] = None,
    phrase: Annotated[str | None, typer.Option(help="Any text.")] = None,
    year: Annotated[int | None, typer.Option(help="Only this year.")] = None,
    region: Annotated[str | None, typer.Option(help="Only this region: its code or name.")] = None,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Every occurrence of a theme or a phrase in its sentence. 逐条原文。"""
    from policy_themes.compare import phrase_evidence
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    if (theme is None) == (phrase is None) or (phrase is not None and not phrase.strip()):
        raise invalid("--theme / --phrase", phrase if theme is None else theme, "exactly one of them, and not empty")
    check_apart(folder, out)
    opened = open_study(folder, study)
    code = opened.region_code(region) if region else None
    table = opened.evidence(themes=opened.checked([theme])) if theme else phrase_evidence(opened.corpus, phrase or "")
    chosen = (table["year"] == year) if year is not None else table["counted"].notna()
    chosen &= (table["region_code"] == code) if code else True
    table = table[chosen.fillna(False).astype(bool)]
    write_atomic(out, csv_bytes(table))
    typer.echo(f"{len(table)} occurrences in {table['path'].nunique()} documents: {out}")


@app.command()
def topics(
    folder: Folder,
    out: OutFolder,
    k: Annotated[int | None, typer.Option("--k", help="Number of topics; without it min(20, passages // 5).")] = None,
    seed: Annotated[int | None, typer.Option(help="Of everything random.")] = None,
    engine: Annotated[str, typer.Option(help="gensim.")] = "gensim",
    study: StudyFile = None,
    fresh: Fresh = False,
    debug: Debug = False,
) -> None:
    """LDA topics with their terms, and their share by document, year and region. 话题模型。"""
    from policy_themes.cli.summaries import topic_summary
    from policy_themes.report.run import write_topics
    from policy_themes.study import open_study

    if k is not None and k < 2:
        raise invalid("--k", k, "a whole number of at least 2")
    if engine != "gensim":
        raise invalid("--engine", engine, "`gensim`", hint="Further engines are not in this version.")
    opened = open_study(folder, study, fresh=fresh)
    if seed is not None:
        if not 0 <= seed <= 2**31:
            raise invalid("--seed", seed, "a whole number from 0 to 2147483648")
        opened.settings = opened.settings.model_copy(update={"seed": seed})
    tables = write_topics(opened, out, k=k, command=_command(folder, out, "topics"))
    typer.echo(topic_summary(tables["topic_terms"]))


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
    from policy_themes.demo import demo_documents
    from policy_themes.errors import OutputError, UsageError
    from policy_themes.store.files import write_atomic

    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file.", hint="Name a new folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise OutputError(f"The folder {folder} is not empty.", hint="Nothing was touched; name a new folder.")
    documents = demo_documents(seed=seed)
    for document in documents:
        write_atomic(folder / document.path, document.content)
    typer.echo(f"{len(documents)} files in {folder}; next: policy-themes report {folder} --out {folder.name}-report")


@app.command()
def doctor(
    themes: Annotated[bool, typer.Option("--themes", help="List the built-in themes instead.")] = False,
    debug: Debug = False,
) -> None:
    """What works here and what does not: fonts, libraries, cache, locale. 环境自检。"""
    from policy_themes.cli.doctor import examine, list_themes

    typer.echo(list_themes() if themes else examine())


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
