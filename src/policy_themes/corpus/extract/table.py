"""Tables whose rows are documents: csv, tsv, xlsx, parquet, JSON lines and JSON."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from policy_themes.corpus.decode import decode
from policy_themes.corpus.extract.records import Columns, Extracted, Refused, RefusedError
from policy_themes.corpus.extract.zipped import check_xml, member, opened
from policy_themes.corpus.rules import page_data

MOST_CELL, MOST_ROWS = 20_000_000, 1_000_000
MOST_RESTARTS, FEWEST_SWALLOWED = 100, 3
Row = Mapping[str, str]


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
    _check_names(names)
    rows = _csv_rows(lines, reader.line_num, names, separator)
    yield from _documents(rows, names, columns, decoded.encoding, "csv")


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
        names = [_cell(value) for value in rows[0]]
        if len(filled) > 1 and not _guess(names, columns).get("text"):
            continue  # a sheet of notes beside the table
        _check_names(names)
        prefix = f"{name}:" if len(filled) > 1 else ""
        numbered = (
            (f"{prefix}{number}", dict(zip(names, map(_cell, row), strict=True)))
            for number, row in enumerate(rows[1:], start=1)
            if any(_cell(value) for value in row)
        )
        yield from _documents(numbered, names, columns, "utf-8", "xlsx")


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
    _check_names(names)
    numbered = ((str(n), {key: _cell(value) for key, value in row.items()}) for n, row in enumerate(rows, start=1))
    yield from _documents(numbered, names, columns, "utf-8", "parquet")


def read_json(content: bytes, columns: Columns, *, lines: bool) -> Iterator[Extracted | Refused]:
    """
    Read JSON lines, or a JSON array of objects.

    Raises
    ------
    RefusedError
    """
    if content.startswith(b"\x1f\x8b"):
        raise RefusedError("unsupported_format", "It is compressed; unpack it and call again.")
    if not lines or content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        yield from _array(content, columns)
        return
    records: list[tuple[str, Row | Refused]] = []
    # Bytes are split, not text: a string may hold U+2028, which is no end of a line here.
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            records.append((str(number), _object(line, str(number))))
    yield from _from_objects(records, columns, "jsonl")


def _array(content: bytes, columns: Columns) -> Iterator[Extracted | Refused]:
    """Read one JSON value: an array of objects, an object that holds one, or a single object."""
    value = _parsed(content)
    if isinstance(value, Refused):
        raise RefusedError(value.reason, value.detail)
    if isinstance(value, dict):
        inner = [item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], dict)]
        value = inner[0] if len(inner) == 1 else [value]
    if not isinstance(value, list):
        raise RefusedError("bad_json", "An array of objects is needed.")
    numbered: list[tuple[str, Row | Refused]] = [
        (str(number), _flat(item) if isinstance(item, dict) else Refused("bad_json", str(number), "It is no object."))
        for number, item in enumerate(value, start=1)
    ]
    yield from _from_objects(numbered, columns, "json")


def _from_objects(
    records: Sequence[tuple[str, Row | Refused]], columns: Columns, kind: str
) -> Iterator[Extracted | Refused]:
    """Make documents of JSON objects."""
    names = list(dict.fromkeys(key for _, row in records if not isinstance(row, Refused) for key in row))
    if not names:
        reasons = [row for _, row in records if isinstance(row, Refused)]
        if not reasons:
            raise RefusedError("empty_text")
        yield from reasons
        return
    yield from _documents(records, names, columns, "utf-8", kind)


def _object(line: bytes, record: str) -> Row | Refused:
    """Parse one line."""
    value = _parsed(line)
    if isinstance(value, Refused):
        return Refused(value.reason, record, value.detail)
    return _flat(value) if isinstance(value, dict) else Refused("bad_json", record, "It is no object.")


def _parsed(content: bytes) -> object:
    """Parse strict JSON: no key twice, no NaN, no number beyond reason."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a key stands twice")
        return found

    def refuse(constant: str) -> object:
        raise ValueError(f"{constant} is no JSON")

    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=once, parse_constant=refuse)
    except UnicodeDecodeError:
        return Refused("encoding_uncertain", None, "JSON is UTF-8.")
    except (ValueError, RecursionError) as error:
        return Refused("bad_json", None, str(error)[:200])


def _flat(value: Mapping[str, object]) -> Row:
    """Return an object's values as text; what is nested is left out."""
    return {str(key): _cell(item) for key, item in value.items() if not isinstance(item, dict | list)}


def _cell(value: object) -> str:
    """Return a cell as text: a whole number without its point, a date as ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _check_names(names: Sequence[str]) -> None:
    """Refuse a header that names a column twice."""
    double = sorted({name for name in names if name and names.count(name) > 1})
    if double:
        raise RefusedError("bad_header", f"The column {double[0]!r} stands twice.")


def _guess(names: Sequence[str], columns: Columns) -> Mapping[str, str]:
    """Return which column holds what: as the user says, else by the usual names."""
    found = dict(columns.named())
    lowered = {re.sub(r"[\s_\-]+", "", name.lower()): name for name in reversed(names)}
    for role, usual in page_data("columns").items():
        if role not in found:
            name = next((lowered[word] for word in usual if word in lowered), None)
            if name is not None and name not in found.values():
                found[role] = name
    return found


def _documents(
    rows: Iterable[tuple[str, Row | Refused]], names: Sequence[str], columns: Columns, encoding: str, kind: str
) -> Iterator[Extracted | Refused]:
    """Make a document of every row."""
    seen = f"Columns seen: {', '.join(names)[:300]}. Name them under `columns` in study.yml."
    missing = [name for name in columns.named().values() if name not in names]
    if missing:
        raise RefusedError("missing_column", f"There is no column {missing[0]!r}. {seen}")
    roles = _guess(names, columns)
    if "text" not in roles:
        raise RefusedError("no_text_column", seen)
    for record, row in rows:
        if isinstance(row, Refused):
            yield row
            continue
        body = row.get(roles["text"], "")
        if not body.strip():
            yield Refused("empty_text", record)
            continue
        if any("\ud800" <= char <= "\udfff" for char in body):
            yield Refused("bad_unicode", record, "Half of a surrogate pair.")
            continue
        title = " ".join(row.get(roles.get("title", ""), "").split())
        said = {role: row[name] for role, name in roles.items() if role != "text" and row.get(name)}
        text = f"{title}\n{body}" if title else body
        yield Extracted(text, encoding, kind, record, titled=bool(title), head=len(title), content=len(text), said=said)
