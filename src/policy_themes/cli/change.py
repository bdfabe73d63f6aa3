"""Commands on how themes change over years and spread over regions."""

import re
from pathlib import Path
from typing import Annotated, Literal

import typer

from policy_themes.cli.options import Debug, Folder, OutFile, StudyFile, Themes, topic_settings
from policy_themes.cli.topics import EngineName, Prevalence, TopicCount
from policy_themes.errors import invalid


def trends(
    folder: Folder,
    out: OutFile,
    theme: Themes = None,
    periods: Annotated[
        str | None, typer.Option(help="Two periods to compare, 2012-2017,2018-2023; without it the trend per year.")
    ] = None,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """How themes change over the years, the year as the unit. 各年变化趋势。"""
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    check_apart(folder, out)
    spans = _periods(periods) if periods else None
    opened = open_study(folder, study)
    wanted = opened.checked(theme) if theme else opened.lexicon.ids
    table = opened.trends(periods=spans)
    write_atomic(out, csv_bytes(table[table["theme"].isin(wanted)]))
    typer.echo(out)


def _periods(text: str) -> tuple[range, range]:
    """Read the value of --periods."""
    found = re.fullmatch(r"(\d{4})-(\d{4}),(\d{4})-(\d{4})", text)
    years = [int(year) for year in found.groups()] if found else []
    if years != sorted(years) or not years or years[1] == years[2]:
        raise invalid("--periods", text, "two periods one after the other, such as `2012-2017,2018-2023`")
    return range(years[0], years[1] + 1), range(years[2], years[3] + 1)


def surface(
    folder: Folder,
    out: OutFile,
    theme: Annotated[str, typer.Option(help="Theme identifier.")],
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Smoothed rates of a theme by year and region, with intervals for wording. 各年各地区平滑频率。"""
    import pandas as pd

    from policy_themes.errors import InsufficientDataError
    from policy_themes.progress import say
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    check_apart(folder, out)
    opened = open_study(folder, study)
    tables: list[pd.DataFrame] = []
    refused: list[InsufficientDataError] = []
    for language in opened.languages:
        try:
            tables.append(opened.surface(theme, language))
        except InsufficientDataError as error:
            refused.append(error)
    if not tables:
        raise refused[0]
    for reason in refused:
        say(f"left out: {reason}")
    write_atomic(out, csv_bytes(pd.concat(tables, ignore_index=True)))
    typer.echo(out)


def effects(
    folder: Folder,
    out: OutFile,
    outcome: Annotated[
        str, typer.Option(help="A theme (its rate), topic:3, or theme-topics:ID (the sum of a theme's topics).")
    ],
    formula: Annotated[str, typer.Option(help='Columns joined by +, such as "~ region + institution + s(year)".')],
    cluster: Annotated[
        str | None, typer.Option(help="year or outlet: what documents share; without it outlet in a sample of news.")
    ] = None,
    link: Annotated[str, typer.Option(help="Of topics: identity, or logit (average marginal effects).")] = "identity",
    predicted: Annotated[
        Path | None, typer.Option(help="Of topics: csv file for what is expected of every year and region.")
    ] = None,
    k: TopicCount = None,
    engine: EngineName = None,
    prevalence: Prevalence = None,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Effects of region, institution, year … on a theme or topic, all at once. 各因素对主题或话题的影响。"""
    from policy_themes.compare import TopicQuestion
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    units: dict[str | None, Literal["year", "outlet"] | None] = {None: None, "year": "year", "outlet": "outlet"}
    if cluster not in units:
        raise invalid("--cluster", cluster, "`year` or `outlet`")
    check_apart(folder, out)
    opened = open_study(folder, study)
    if ":" in outcome:
        links: dict[str, Literal["identity", "logit"]] = {"identity": "identity", "logit": "logit"}
        if link not in links:
            raise invalid("--link", link, "`identity` or `logit`")
        opened.settings = topic_settings(opened.settings, engine=engine, unit=None, seed=None, prevalence=prevalence)
        found = opened.topic_effects(
            TopicQuestion(outcome, formula, units[cluster], links[link], k=k, predict=predicted is not None)
        )
        if predicted is not None:
            write_atomic(predicted, csv_bytes(found.predicted))
        write_atomic(out, csv_bytes(found.effects))
        typer.echo(out)
        return
    write_atomic(out, csv_bytes(opened.effects(outcome, formula, cluster=units[cluster])))
    typer.echo(out)


def diffusion(
    folder: Folder,
    out: OutFile,
    theme: Annotated[str, typer.Option(help="Theme identifier.")],
    by: Annotated[
        str, typer.Option(help="region: first mentions; year: regions with the theme, beside all themes.")
    ] = "region",
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Where a theme was first mentioned, stayed, dropped out. 主题扩散：首次提及、延续、退出。"""
    from policy_themes.errors import InsufficientDataError
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    if by not in ("region", "year"):
        raise invalid("--by", by, "`region` or `year`")
    check_apart(folder, out)
    opened = open_study(folder, study)
    wanted = opened.checked([theme])
    placed = opened.corpus.unique.dropna(subset=["year", "region_code"])
    for column, what in (("region_code", "region"), ("year", "year")):
        if placed[column].nunique() < 2:
            raise InsufficientDataError(
                f"The documents with year and region are of {placed[column].nunique()} {what}: nothing can spread.",
                hint="`policy-themes rates` prints what they say.",
            )
    table = opened.diffusion(theme) if by == "region" else opened.adoption()
    table = table[table["theme"].isin(wanted)]
    write_atomic(out, csv_bytes(table))
    typer.echo(out)
