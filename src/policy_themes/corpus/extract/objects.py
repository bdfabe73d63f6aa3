"""JSON lines and JSON arrays whose objects are documents."""

import json
from collections.abc import Iterator, Mapping, Sequence

from policy_themes.corpus.extract.records import Columns, Extracted, Refused, RefusedError
from policy_themes.corpus.extract.rows import Row, cell_text, documents


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
            records.append((str(number), json_object(line, str(number))))
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
    yield from documents(records, names, columns, "utf-8", kind)


def json_object(line: bytes, record: str) -> Row | Refused:
    """Return the object that one line holds, its values as text, or why there is none."""
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
    return {str(key): cell_text(item) for key, item in value.items() if not isinstance(item, dict | list)}
