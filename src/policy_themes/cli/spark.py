"""Commands on a cluster: what `--engine spark` does."""

from pathlib import Path

import typer

from policy_themes.cli.options import command_line
from policy_themes.errors import invalid


def ingest_on_spark(folder: Path, study: Path | None, out: Path, master: str, *, strict: bool) -> None:
    """Read the tables of a folder and tell what became of their rows."""
    from policy_themes.config import find_settings
    from policy_themes.report.scaled import check_rows, ingest, told

    limit = 0.0 if strict else find_settings(folder, study).quarantine_limit
    counted = ingest(folder, study, out, master=master, command=_called(folder, out, "ingest"))
    typer.echo(told(counted))
    check_rows(counted, limit=limit)


def rates_on_spark(
    folder: Path,
    study: Path | None,
    out: Path,
    master: str,
    *,
    by: list[str],
    themes: list[str],
    facets: bool,
    interval: str | None,
) -> None:
    """Count themes and write their rates."""
    from policy_themes.report.scaled import rates

    if interval not in (None, "none"):
        raise invalid("--interval", interval, "`none` on Spark: intervals are made on one machine")
    rates(folder, study, out, master=master, by=by, themes=themes, facets=facets)
    typer.echo(out)


def topics_on_spark(
    folder: Path,
    study: Path | None,
    out: Path,
    master: str,
    *,
    k: int | None,
    seed: int | None,
    unit: str | None,
    others: dict[str, str | None],
) -> None:
    """Fit topics and print their first words."""
    from policy_themes.cli.summaries import topic_summary
    from policy_themes.report.scaled import write_topics
    from policy_themes.schema import empty

    for name, value in others.items():
        if value is not None:
            raise invalid(f"--{name}", value, "left out where topics are fitted by spark")
    command = _called(folder, out, "topics")
    terms = write_topics(folder, study, out, master=master, k=k, seed=seed, unit=unit, command=command)
    typer.echo(topic_summary(terms, empty("topic_stability")))


def _called(folder: Path, out: Path, verb: str) -> str:
    """Return the call as it goes on record."""
    return f"{command_line(folder, out, verb)} --engine spark"
