"""Commands for people who check what the machine counted."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from policy_themes.cli.options import Debug, Folder, StudyFile, key_of, read_sheet
from policy_themes.errors import invalid

coding = typer.Typer(
    help="Sheets for people to code, and what they say. 人工编码。", no_args_is_help=True, rich_markup_mode=None
)


@coding.command()
def sheet(
    folder: Folder,
    theme: Annotated[str, typer.Option(help="Theme identifier.")],
    out: Annotated[Path, typer.Option("--out", help="csv file for the coders; its key is written beside it.")],
    n: Annotated[int, typer.Option("--n", min=4, max=100_000, help="Texts drawn at random (of each group).")] = 100,
    top: Annotated[int, typer.Option(min=0, max=10_000, help="Texts with most hits besides.")] = 20,
    by: Annotated[str | None, typer.Option(help="year or region: draw from each.")] = None,
    unit: Annotated[
        str | None, typer.Option(help="document or passage; without it passages of long documents.")
    ] = None,
    study: StudyFile = None,
    debug: Debug = False,
) -> None:
    """Draw texts for people to code, what the machine found kept apart. 抽取编码样本。"""
    from policy_themes.compare.checks.coding import coding_sheet
    from policy_themes.store.files import check_apart, write_atomic
    from policy_themes.store.table_file import csv_bytes
    from policy_themes.study import open_study

    groups: dict[str | None, Literal["year", "region_code"] | None]
    groups = {None: None, "year": "year", "region": "region_code"}
    if by not in groups:
        raise invalid("--by", by, "`year` or `region`")
    units: dict[str | None, Literal["document", "passage"] | None]
    units = {None: None, "document": "document", "passage": "passage"}
    if unit not in units:
        raise invalid("--unit", unit, "`document` or `passage`")
    check_apart(folder, out)
    opened = open_study(folder, study)
    opened.checked([theme])
    drawn = coding_sheet(
        opened.corpus,
        opened.hits,
        theme,
        n=n,
        top=top,
        by=groups[by],
        unit=units[unit],
        seed=opened.settings.seed,
    )
    write_atomic(out, csv_bytes(drawn.sheet))
    write_atomic(key_of(out), csv_bytes(drawn.key))
    typer.echo(f"{len(drawn.sheet)} texts to code in {out}; keep {key_of(out)} from the coders")


@coding.command()
def read(
    sheet: Annotated[Path, typer.Argument(help="The coded sheet; its key lies beside it.")],
    debug: Debug = False,
) -> None:
    """Precision, recall and agreement of what was coded. 编码结果：查准率、查全率、一致性。"""
    from policy_themes.compare.checks.coded import coding_scores, read_codes
    from policy_themes.schema import rows

    tables = read_sheet(sheet)
    codes = read_codes(*tables)
    coded = int(codes["coder_1"].notna().sum())
    typer.echo(f"{codes['theme'].iloc[0]}: {coded} of {len(codes)} texts coded")
    for row in rows(coding_scores(codes)):
        value = "–" if row.value is None else f"{row.value:.2f} ({row.ci_low:.2f} to {row.ci_high:.2f})"
        typer.echo(f"  {row.measure:<10} {value:<22} n = {row.n}")
