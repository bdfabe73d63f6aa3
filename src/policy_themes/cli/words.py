"""Commands about words: what the lexicon catches, what it lacks."""

from pathlib import Path
from typing import Annotated

import typer

from policy_themes.cli.options import Debug, Folder, OutFile, StudyFile, command_line
from policy_themes.errors import UsageError

lexicon = typer.Typer(help="The themes and their phrases. 主题词典。", no_args_is_help=True, rich_markup_mode=None)


@lexicon.callback()
def _lexicon() -> None:
    """Make `check` a command of its own, as more will come."""


@lexicon.command()
def check(
    paths: Annotated[
        list[Path], typer.Argument(metavar="[FILE] FOLDER", help="Your lexicon, if you have one, and the documents.")
    ],
    aligned: Annotated[
        Path | None, typer.Option(help="Aligned segments, jsonl or csv with `zh` and `en`: P and R between languages.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the tables: new, empty, or ours.")] = None,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """What each phrase catches, misses and overlaps in FOLDER. 词典体检：命中、剔除、重叠、中英对照。"""
    from policy_themes.lexicon import load_lexicon
    from policy_themes.report.lexicon import check_summary, check_tables, write_check
    from policy_themes.study import open_study

    if len(paths) > 2:
        raise UsageError(f"{len(paths)} paths are given.", hint="`policy-themes lexicon check [FILE] FOLDER`")
    folder = paths[-1]
    opened = open_study(folder, study)
    if len(paths) == 2:
        if not paths[0].is_file():
            raise UsageError(f"The lexicon {paths[0]} is not there.", hint="The lexicon comes first, then the folder.")
        opened.lexicon = load_lexicon(paths[0], replace=opened.settings.lexicon_mode == "replace")
    tables = check_tables(opened, aligned)
    if out is not None:
        write_check(opened, tables, out, command=command_line(folder, out, "lexicon check"))
    typer.echo(check_summary(tables))
    typer.echo(f"\nall tables in {out}" if out else "\n--out DIR writes every phrase, removed hit and overlap.")


def terms(
    folder: Folder,
    out: OutFile,
    top: Annotated[int, typer.Option(min=1, max=100_000, help="How many to propose in each language.")] = 1_000,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Propose terms that the lexicon lacks, to review; accepted rows are a dictionary. 发现新词，供人工取舍。"""
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    check_apart(folder, out)
    table = open_study(folder, study).candidate_terms(top=top)
    write_atomic(out, csv_bytes(table))
    typer.echo(
        f"{len(table)} terms in {out}: write yes under `accept` where one is a term, "
        f"then set `dictionary: {out.name}` in study.yml"
    )


def vocabulary(
    folder: Folder,
    out: OutFile,
    min_docs: Annotated[
        int | None, typer.Option(min=1, help="Documents that a term must stand in; by default `terms: min_docs`.")
    ] = None,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """In how many documents every term stands, of a folder of any size. 词表与文档频次。"""
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    check_apart(folder, out)
    table = open_study(folder, study).vocabulary(min_docs=min_docs)
    write_atomic(out, csv_bytes(table))
    typer.echo(f"{len(table)} terms of {' and '.join(table['language'].unique())}: {out}")
