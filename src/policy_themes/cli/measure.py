"""Commands that answer one question: rates, quotations, contrasts."""

from typing import Annotated, Literal

import typer

from policy_themes.cli.options import CountedOn, Debug, Folder, Master, OutFile, StudyFile, Themes, spark_master
from policy_themes.cli.spark import rates_on_spark
from policy_themes.errors import closest, invalid


def rates(
    folder: Folder,
    out: OutFile,
    theme: Themes = None,
    by: Annotated[
        str,
        typer.Option(help="year, region, another column of the documents (institution, kind, outlet …), or several."),
    ] = "year",
    facets: Annotated[bool, typer.Option("--facets", help="Rows for the parts of a theme as well.")] = False,
    interval: Annotated[
        str | None,
        typer.Option(help="none, sample (of documents) or pooled (wording); without it by `collected` in study.yml."),
    ] = None,
    engine: CountedOn = None,
    master: Master = None,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Rates of themes by year, region and more, with denominators. 各年各地区主题频率。"""
    from policy_themes.compare import KINDS
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    check_apart(folder, out)
    groups = _groups(by)
    kinds = {kind: kind for kind in KINDS}
    if interval is not None and interval not in kinds:
        raise invalid("--interval", interval, "`none`, `sample` or `pooled`")
    if engine not in (None, "spark"):
        raise invalid("--engine", engine, "`spark`, or left out")
    place = spark_master(engine, master)
    if place is not None:
        rates_on_spark(folder, study, out, place, by=groups, themes=theme or [], facets=facets, interval=interval)
        return
    opened = open_study(folder, study)
    wanted = opened.checked(theme) if theme else opened.lexicon.ids
    table = opened.rates(by=groups, facets=facets, interval=kinds[interval] if interval else None)
    write_atomic(out, csv_bytes(table[table["theme"].isin(wanted)]))
    typer.echo(out)


def _groups(by: str) -> list[str]:
    """Read the value of --by."""
    from policy_themes.schema import TABLES

    given = ["region_code" if name == "region" else name for name in by.split(",")]
    columns = [name for name in TABLES["documents"] if name != "doc_id"]
    others = [name for name in given if name not in ("year", "region_code")]
    if not set(given) <= set(columns) or len(set(given)) != len(given) or len(others) > 1:
        raise invalid(
            "--by", by, "`year`, `region`, or one other column of the documents, or `year,region` and such a column",
            hint=" ".join(filter(None, (closest(name, ["region", *columns]) for name in others))),
        )  # fmt: skip
    return given


def kwic(
    folder: Folder,
    out: OutFile,
    theme: Annotated[str | None, typer.Option(help="Theme identifier.")] = None,
    phrase: Annotated[str | None, typer.Option(help="Any text.")] = None,
    year: Annotated[int | None, typer.Option(help="Only this year.")] = None,
    region: Annotated[str | None, typer.Option(help="Only this region: its code or name.")] = None,
    window: Annotated[
        int | None,
        typer.Option(min=0, max=10_000, help="Characters on each side; without it up to 60 of the sentence."),
    ] = None,
    sort: Annotated[str, typer.Option(help="text, left or right: by what stands before or after.")] = "text",
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Every occurrence of a theme or a phrase in its sentence. 逐条原文。"""
    from policy_themes.compare import in_order
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    if (theme is None) == (phrase is None) or (phrase is not None and not phrase.strip()):
        raise invalid("--theme / --phrase", phrase if theme is None else theme, "exactly one of them, and not empty")
    orders: dict[str, Literal["text", "left", "right"]] = {"text": "text", "left": "left", "right": "right"}
    if sort not in orders:
        raise invalid("--sort", sort, "`text`, `left` or `right`")
    check_apart(folder, out)
    opened = open_study(folder, study)
    code = opened.regions.code(region) if region else None
    if theme:
        table = opened.evidence(themes=opened.checked([theme]), window=window)
    else:
        table = opened.phrase_evidence(phrase or "", window=window)
    chosen = (table["year"] == year) if year is not None else table["counted"].notna()
    chosen &= (table["region_code"] == code) if code else True
    table = in_order(table[chosen.fillna(False).astype(bool)], orders[sort])
    write_atomic(out, csv_bytes(table))
    typer.echo(f"{len(table)} occurrences in {table['path'].nunique()} documents: {out}")


def contrast(
    folder: Folder,
    out: OutFile,
    by: Annotated[str, typer.Option(help="region or year.")] = "region",
    group: Annotated[
        list[str] | None, typer.Option(help="Only this region (code or name) or year; may be repeated.")
    ] = None,
    against: Annotated[str | None, typer.Option(help="One region or year instead of all others.")] = None,
    at: Annotated[int | None, typer.Option(help="With --by year: from this year on against before it.")] = None,
    around: Annotated[str | None, typer.Option(metavar="THEME", help="Only the words around this theme.")] = None,
    window: Annotated[
        int, typer.Option(min=0, max=1_000, help="Words on each side of the theme; 0 for its passage.")
    ] = 10,
    word: Annotated[list[str] | None, typer.Option(help="Test only this word, named beforehand; repeatable.")] = None,
    of: Annotated[
        str, typer.Option(help="words, or themes: the rates of all themes, or those named by --theme.")
    ] = "words",
    theme: Themes = None,
    split: Annotated[bool, typer.Option("--split", help="Find words on one half, test them on the other.")] = False,
    top: Annotated[int, typer.Option(min=1, max=100_000, help="Words listed for each side.")] = 50,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Words, or themes, that set a region, a year or a period apart; words around a theme. 各地各年用词与主题差异。"""
    from policy_themes.cli.summaries import contrast_summary, difference_summary
    from policy_themes.compare import Question
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    columns = _groups(by)
    if len(columns) != 1:
        raise invalid("--by", by, "`year` or `region`")
    if of not in ("words", "themes"):
        raise invalid("--of", of, "`words` or `themes`")
    if of == "themes" and (word or around or split):
        raise invalid("--of", of, "used without --word, --around and --split")
    if of == "words" and theme:
        raise invalid("--theme", ", ".join(theme), "used with `--of themes`", hint="`--around THEME` for its words.")
    if split and word:
        raise invalid("--split", "", "used without --word: named words are tested on all documents")
    if at is not None and (columns != ["year"] or group or against):
        raise invalid("--at", at, "used with `--by year`, without --group and --against")
    check_apart(folder, out)
    opened = open_study(folder, study)
    named = opened.regions.code if columns == ["region_code"] else str
    question = Question(
        columns[0],
        groups=tuple(map(named, group or ())),
        against=named(against) if against else "",
        at=at,
        around=opened.checked([around])[0] if around else "",
        window=window or None,
        words=tuple(opened.checked(theme or ()) if of == "themes" else word or ()),
        split=split,
        top=top,
        seed=opened.settings.seed,
    )
    table = opened.contrasts(question) if of == "words" else opened.differences(question)
    write_atomic(out, csv_bytes(table))
    typer.echo(contrast_summary(table) if of == "words" else difference_summary(table))
    typer.echo(out)
