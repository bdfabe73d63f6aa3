"""Tables whose rows are documents: csv, tsv, xlsx and parquet."""

import csv
import io
from collections.abc import Iterator, Sequence

from policy_themes.corpus.decode import decode
from policy_themes.corpus.extract.records import Columns, Extracted, Refused, RefusedError
from policy_themes.corpus.extract.rows import Row, cell_text, check_names, documents, guess
from policy_themes.corpus.extract.zipped import check_xml, member, opened

MOST_CELL, MOST_ROWS = 20_000_000, 1_000_000
MOST_RESTARTS, FEWEST_SWALLOWED = 100, 3


def read_csv(content: bytes, columns: Columns) -> Iterator[Extracted | Refused]:
    """
    Read a table of text; the separator is found in its first line.

    Raises
    ------
    RefusedError
    """
    decoded = decode(content)
    if decoded is None:
        raise RefusedError("encoding_uncertain", "Save it as CSV UTF-8 and call again.")
    text = decoded.text
    first = text.split("\n", 1)[0]
    separator = max(",\t;|", key=lambda mark: (first.count(mark), mark == ","))
    csv.field_size_limit(MOST_CELL)
    lines = io.StringIO(text, newline="").readlines()
    try:
        reader = csv.reader(lines, delimiter=separator, strict=True)
        names = [name.strip() for name in next(reader)]
    except (StopIteration, csv.Error) as error:
        raise RefusedError("empty_text" if isinstance(error, StopIteration) else "csv_quote") from error
    check_names(names)
    rows = _csv_rows(lines, reader.line_num, names, separator)
    yield from documents(rows, names, columns, decoded.encoding, "csv")


def _csv_rows(
    lines: Sequence[str], begin: int, names: Sequence[str], separator: str
) -> Iterator[tuple[str, Row | Refused]]:
    """
    Yield the rows of a csv under their numbers.

    A quotation mark that is not closed costs its own line: reading goes on with
    the next one.
    """
    number, restarts = 0, 0
    reader = csv.reader(lines[begin:], delimiter=separator, strict=True)
    offset = begin
    while True:
        number, started = number + 1, reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells, fault = [], str(error)[:200]
        else:
            fault = "A quotation mark is not closed." if any(_swallowed(cell, len(names)) for cell in cells) else ""
        if fault:
            yield str(number), Refused("csv_quote", str(number), fault)
            restarts += 1
            if restarts > MOST_RESTARTS:
                return
            offset += started + 1
            reader = csv.reader(lines[offset:], delimiter=separator, strict=True)
        elif not any(cell.strip() for cell in cells):
            number -= 1
        elif len(cells) != len(names):
            detail = f"{len(cells)} cells where the header has {len(names)}."
            yield str(number), Refused("csv_row", str(number), detail)
        else:
            yield str(number), dict(zip(names, cells, strict=True))


def _swallowed(cell: str, columns: int) -> bool:
    """Tell whether a cell holds whole rows of the table: most of its lines have as many separators as a row."""
    rows = cell.split("\n")
    return len(rows) > FEWEST_SWALLOWED and sum(
        row.count(",") >= columns - 1 or row.count("\t") >= columns - 1 for row in rows
    ) > 0.8 * len(rows)


def read_xlsx(content: bytes, columns: Columns) -> Iterator[Extracted | Refused]:
    """
    Read every sheet of a workbook that has a header.

    Raises
    ------
    RefusedError
    """
    from python_calamine import CalamineError, load_workbook

    with opened(content) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                check_xml(member(archive, name))
    try:
        workbook = load_workbook(io.BytesIO(content))
        sheets = [(name, workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise RefusedError("corrupt", str(error)[:200]) from error
    filled = [(name, rows) for name, rows in sheets if len(rows) > 1]
    if not filled:
        raise RefusedError("empty_text", "No sheet has a header and a row.")
    for name, rows in filled:
        names = [cell_text(value) for value in rows[0]]
        if len(filled) > 1 and not guess(names, columns).get("text"):
            continue  # a sheet of notes beside the table
        check_names(names)
        prefix = f"{name}:" if len(filled) > 1 else ""
        numbered = (
            (f"{prefix}{number}", dict(zip(names, map(cell_text, row), strict=True)))
            for number, row in enumerate(rows[1:], start=1)
            if any(cell_text(value) for value in row)
        )
        yield from documents(numbered, names, columns, "utf-8", "xlsx")


def read_parquet(content: bytes, columns: Columns) -> Iterator[Extracted | Refused]:
    """
    Read a parquet table.

    Raises
    ------
    RefusedError
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        names = list(file.schema_arrow.names)
        if file.metadata.num_rows > MOST_ROWS:
            raise RefusedError("limit_size", f"{file.metadata.num_rows} rows; at most {MOST_ROWS} are read.")
        rows = file.read(use_threads=False).to_pylist()
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise RefusedError("corrupt", str(error)[:200]) from error
    check_names(names)
    numbered = ((str(n), {key: cell_text(value) for key, value in row.items()}) for n, row in enumerate(rows, start=1))
    yield from documents(numbered, names, columns, "utf-8", "parquet")
