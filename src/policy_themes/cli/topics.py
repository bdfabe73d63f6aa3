"""Commands that fit topics, and that ask whether they hold up."""

from pathlib import Path
from typing import Annotated

import typer

from policy_themes.cli.options import (
    Debug,
    Folder,
    Fresh,
    Master,
    OutFolder,
    StudyFile,
    command_line,
    key_of,
    language_of,
    read_sheet,
    spark_master,
    topic_settings,
)
from policy_themes.cli.spark import topics_on_spark
from policy_themes.errors import invalid

TopicCount = Annotated[int | None, typer.Option("--k", help="Number of topics; without it min(20, passages // 5).")]
Seed = Annotated[int | None, typer.Option(help="Of everything random.")]
EngineName = Annotated[
    str | None,
    typer.Option("--engine", help="tomotopy, gensim, nmf, structural or seeded; without it that of study.yml."),
]
EngineOrSpark = Annotated[
    str | None,
    typer.Option(
        "--engine", help="tomotopy, gensim, nmf, structural, seeded, or spark (MLlib); without it that of study.yml."
    ),
]
Prevalence = Annotated[
    str | None,
    typer.Option(
        "--prevalence", help='structural, seeded: what topics are more or less frequent by, "~ region + s(year)".'
    ),
]
Content = Annotated[str | None, typer.Option(help="structural: the column that words topics apart, region.")]
LanguageName = Annotated[str | None, typer.Option("--language", help="zh or en; without it the most frequent.")]
UnitName = Annotated[
    str | None, typer.Option("--unit", help="passage, section or document; without it that of study.yml.")
]


def topics(
    folder: Folder,
    out: OutFolder,
    k: TopicCount = None,
    seed: Seed = None,
    engine: EngineOrSpark = None,
    master: Master = None,
    unit: UnitName = None,
    prevalence: Prevalence = None,
    content: Content = None,
    drop_one: Annotated[
        str | None, typer.Option("--drop-one", help="seeded: a theme to be fitted anew without each of its keywords.")
    ] = None,
    study: StudyFile = None,
    fresh: Fresh = False,
    debug: Debug = False,
) -> None:
    """Topics with their terms, and their share by document, year and region. 话题模型。"""
    from policy_themes.cli.summaries import keyword_summary, topic_summary
    from policy_themes.report.run import write_topics
    from policy_themes.study import open_study

    if k is not None and k < 2:
        raise invalid("--k", k, "a whole number of at least 2")
    place = spark_master(engine, master)
    if place is not None:
        others = {"prevalence": prevalence, "content": content, "drop-one": drop_one}
        topics_on_spark(folder, study, out, place, k=k, seed=seed, unit=unit, others=others)
        return
    opened = open_study(folder, study, fresh=fresh)
    opened.settings = topic_settings(
        opened.settings, engine=engine, unit=unit, seed=seed, prevalence=prevalence, content=content
    )
    if drop_one is not None and opened.settings.topics.engine != "seeded":
        raise invalid("--drop-one", drop_one, "left out unless topics have keywords", hint="Or add --engine seeded.")
    if drop_one is not None:
        opened.check_drop_one(drop_one)
    tables = write_topics(opened, out, k=k, drop_one=drop_one, command=command_line(folder, out, "topics"))
    typer.echo(topic_summary(tables["topic_terms"], tables["topic_stability"]))
    if "keyword_shares" in tables:
        typer.echo(keyword_summary(tables["keyword_shares"]))


def quality(
    folder: Folder,
    out: OutFolder,
    k: Annotated[
        list[int] | None, typer.Option("--k", help="Number of topics; repeatable. Without it five around the study's.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=2, max=1_000, help="Fits of each K; ten or more say something.")] = 10,
    seed: Seed = None,
    engine: EngineName = None,
    unit: UnitName = None,
    prevalence: Prevalence = None,
    content: Content = None,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Do the topics hold up: over seeds, over K, against shuffled words? It picks no K. 话题质量与稳定性。"""
    from policy_themes.cli.summaries import quality_summary
    from policy_themes.report.topics import write_quality
    from policy_themes.study import open_study

    for given in k or ():
        if given < 2:
            raise invalid("--k", given, "a whole number of at least 2")
    opened = open_study(folder, study)
    opened.settings = topic_settings(
        opened.settings, engine=engine, unit=unit, seed=seed, prevalence=prevalence, content=content
    )
    tables = write_quality(opened, out, ks=k, n_seeds=seeds, command=command_line(folder, out, "quality"))
    typer.echo(quality_summary(tables["topic_quality"], tables["topic_stability"]))


def drift(
    folder: Folder,
    out: OutFolder,
    language: LanguageName = None,
    topic: Annotated[
        list[int] | None,
        typer.Option("--topic", min=1, help="To draw; repeatable. Without it the one that moves farthest."),
    ] = None,
    k: Annotated[int | None, typer.Option("--k", help="Number of topics; without it at most ten.")] = None,
    width: Annotated[int, typer.Option(min=1, max=100, help="Years of a slice.")] = 1,
    refits: Annotated[
        int, typer.Option(min=1, max=1_000, help="Fits to halves, and as many with years dealt out anew.")
    ] = 9,
    seed: Seed = None,
    unit: UnitName = None,
    study: StudyFile = None,
    fresh: Fresh = False,
    debug: Debug = False,
) -> None:
    """Topics whose words move over the years: which words came and went, beside chance. 话题词语的变迁。"""
    from policy_themes.cli.summaries import drift_summary
    from policy_themes.report.drift import write_drift
    from policy_themes.study import open_study

    if k is not None and k < 2:
        raise invalid("--k", k, "a whole number of at least 2")
    opened = open_study(folder, study, fresh=fresh)
    opened.settings = topic_settings(opened.settings, engine=None, unit=unit, seed=seed)
    found = write_drift(
        opened, out, language=language_of(opened.languages, language), topics=topic or [],
        command=command_line(folder, out, "drift"), k=k, width=width, refits=refits,
    )  # fmt: skip
    typer.echo(drift_summary(found.word_movement, found.slices))


intrusion = typer.Typer(
    help="Sheets on which people find what does not belong to a topic. 话题可读性的人工检验。",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@intrusion.command()
def sheet(
    folder: Folder,
    out: Annotated[Path, typer.Option("--out", help="csv file for the coders; its key is written beside it.")],
    language: LanguageName = None,
    k: TopicCount = None,
    seed: Seed = None,
    engine: EngineName = None,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Tasks for people: a foreign word, a topic that a text does not have. 生成检验表。"""
    from policy_themes.report.topics import intrusion_of
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    check_apart(folder, out)
    opened = open_study(folder, study)
    opened.settings = topic_settings(opened.settings, engine=engine, unit=None, seed=seed)
    drawn = intrusion_of(opened, language_of(opened.languages, language), k=k)
    write_atomic(out, csv_bytes(drawn.sheet))
    write_atomic(key_of(out), csv_bytes(drawn.key))
    typer.echo(f"{len(drawn.sheet)} tasks in {out}; keep {key_of(out)} from the coders")


@intrusion.command()
def read(
    sheet: Annotated[Path, typer.Argument(help="The answered sheet; its key lies beside it.")], debug: Debug = False
) -> None:
    """How often people found it, beside what guessing would give. 检验结果。"""
    from policy_themes.schema import rows
    from policy_themes.topics.intrusion import intrusion_scores

    tables = read_sheet(sheet)
    for row in rows(intrusion_scores(*tables)):
        of = "all" if row.topic is None else f"topic {row.topic}"
        typer.echo(
            f"{row.kind:<6}{row.coder:<8} {of:<10}{row.value:.2f} ({row.ci_low:.2f} to {row.ci_high:.2f})  n = {row.n}, "
            f"by chance {row.chance:.2f}"
        )
