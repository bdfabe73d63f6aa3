"""Arguments and options that several commands share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from policy_themes.errors import UsageError, invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from policy_themes.config import Settings
    from policy_themes.text.units import Language

LOCAL = "local[*]"
Folder = Annotated[Path, typer.Argument(help="Documents, or what `ingest` wrote.", show_default=False)]
StudyFile = Annotated[Path | None, typer.Option("--study", help="A study.yml; one inside FOLDER is found.")]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder for the results: new, empty, or ours.")]
OutFile = Annotated[Path, typer.Option("--out", help="csv file to write.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Compute every stage anew.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 if a single file could not be used.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]
CountedOn = Annotated[
    str | None, typer.Option("--engine", help="spark: read jsonl and parquet, and count, on a cluster.")
]
Master = Annotated[
    str | None,
    typer.Option("--master", help="With --engine spark: local[N] or spark://HOST:PORT; without it local[*]."),
]
Themes = Annotated[list[str] | None, typer.Option("--theme", help="Theme identifier; may be repeated.")]


def command_line(folder: Path, out: Path, verb: str = "report") -> str:
    """Return the call as it goes on record, without this machine's paths."""
    called = f"policy-themes {verb} {folder.resolve().name} --out {out.name}"
    return called.encode("utf-8", "backslashreplace").decode()


def key_of(sheet: Path) -> Path:
    """Return where the key of a sheet lies."""
    return sheet.with_name(f"{sheet.stem}.key.csv")


def read_sheet(sheet: Path) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """
    Read a sheet that people filled in, and its key.

    Raises
    ------
    UsageError
        If either is no table.
    """
    import pandas as pd

    try:
        given, key = (pd.read_csv(path, encoding="utf-8-sig") for path in (sheet, key_of(sheet)))
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{sheet} and {key_of(sheet)} cannot be read as tables.", hint="Name the csv; its key must lie beside it."
        ) from error
    return given, key


def language_of(languages: "Sequence[Language]", wanted: str | None) -> "Language":
    """
    Return the language that is asked for, or the most frequent.

    Raises
    ------
    UsageError
        If no document is in it.

    Examples
    --------
    >>> language_of(("zh", "en"), None), language_of(("zh", "en"), "en")
    ('zh', 'en')
    """
    found = next((name for name in languages if wanted in (None, name)), None)
    if found is None:
        raise invalid("--language", wanted, " or ".join(f"`{name}`" for name in languages))
    return found


def topic_settings(
    settings: "Settings",
    *,
    engine: str | None,
    unit: str | None,
    seed: int | None,
    prevalence: str | None = None,
    content: str | None = None,
) -> "Settings":
    """
    Return the settings of a study with what the command line says about its topics.

    Raises
    ------
    UsageError
    """
    from typing import get_args

    from policy_themes.config import TopicSettings

    for name, given in (("engine", engine), ("unit", unit)):
        allowed = get_args(TopicSettings.model_fields[name].annotation)
        if given is not None and given not in allowed:
            raise invalid(f"--{name}", given, " or ".join(f"`{one}`" for one in allowed))
    if seed is not None and not 0 <= seed <= 2**31:
        raise invalid("--seed", seed, "a whole number from 0 to 2147483648")
    every = {"engine": engine, "unit": unit, "prevalence": prevalence, "content": content}
    chosen = settings.with_topics(**{name: given for name, given in every.items() if given is not None})
    engine_used = chosen.topics.engine
    serves = {"--prevalence": (prevalence, ("structural", "seeded")), "--content": (content, ("structural",))}
    for option, (value, engines) in serves.items():
        if value is not None and engine_used not in engines:
            hint = f"Or add --engine {' or --engine '.join(engines)}."
            raise invalid(option, value, f"left out where topics are fitted by {engine_used}", hint=hint)
    return chosen.model_copy(update={"seed": settings.seed if seed is None else seed})


def spark_master(engine: str | None, master: str | None) -> str | None:
    """
    Return the master where Spark is asked for, or None.

    Raises
    ------
    UsageError

    Examples
    --------
    >>> spark_master("spark", None), spark_master(None, None)
    ('local[*]', None)
    """
    if engine == "spark":
        return master or LOCAL
    if master is not None:
        raise invalid("--master", master, "used with `--engine spark`")
    return None
