"""Rows → documents: which column holds what, as the user says or by the usual names."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from policy_themes.corpus.extract.records import Columns, Extracted, Refused, RefusedError
from policy_themes.corpus.rules import page_data

Row = Mapping[str, str]


def cell_text(value: object) -> str:
    """Return a cell as text: a whole number without its point, a date as ISO."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def check_names(names: Sequence[str]) -> None:
    """Refuse a header that names a column twice."""
    double = sorted({name for name in names if name and names.count(name) > 1})
    if double:
        raise RefusedError("bad_header", f"The column {double[0]!r} stands twice.")


def guess(names: Sequence[str], columns: Columns) -> Mapping[str, str]:
    """Return which column holds what: as the user says, else by the usual names."""
    found = dict(columns.named())
    lowered = {re.sub(r"[\s_\-]+", "", name.lower()): name for name in reversed(names)}
    for role, usual in page_data("columns").items():
        if role not in found:
            name = next((lowered[word] for word in usual if word in lowered), None)
            if name is not None and name not in found.values():
                found[role] = name
    return found


def documents(
    rows: Iterable[tuple[str, Row | Refused]], names: Sequence[str], columns: Columns, encoding: str, kind: str
) -> Iterator[Extracted | Refused]:
    """Make a document of every row."""
    seen = f"Columns seen: {', '.join(names)[:300]}. Name them under `columns` in study.yml."
    missing = [name for name in columns.named().values() if name not in names]
    if missing:
        raise RefusedError("missing_column", f"There is no column {missing[0]!r}. {seen}")
    roles = guess(names, columns)
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
