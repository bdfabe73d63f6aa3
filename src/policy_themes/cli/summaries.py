"""What commands say when they are done: short tables that a person can act on."""

from typing import Any

import pandas as pd

from policy_themes.corpus import Corpus
from policy_themes.corpus.counted import printable
from policy_themes.errors import UsageError, closest
from policy_themes.schema import rows


def explanation(corpus: Corpus, path: str) -> str:
    """
    Return what was read of one file, what was removed, and why its date and region are what they are.

    Raises
    ------
    UsageError
        If the file is not in the ledger.
    """
    ledger = corpus.ledger[corpus.ledger["path"] == path]
    if ledger.empty:
        known = [str(name) for name in corpus.ledger["path"].unique()]
        raise UsageError(
            f"{path!r} is not in the folder. {closest(path, known)}".strip(), hint="Paths are relative to FOLDER."
        )
    lines: list[str] = []
    for entry in rows(ledger):
        name = f"{entry.path} [{entry.record}]" if entry.record else entry.path
        said = f" ({entry.reason}{f': {entry.detail}' if entry.detail else ''})" if entry.reason else ""
        lines.append(f"{name}: {entry.outcome}{said}, {entry.bytes} bytes")
        for document in rows(corpus.documents[corpus.documents["doc_id"] == (entry.doc_id or "")]):
            lines += _explained(corpus, document)
    return "\n".join(printable(line) for line in lines)


def _explained(corpus: Corpus, document: Any) -> list[str]:  # noqa: ANN401  # a row of a table
    """Return the lines on one document."""
    fields = [
        ("title", document.title),
        ("date", f"{document.date} by {document.date_source}" if document.date else document.date_source),
        ("candidates", document.date_candidates),
        ("event", document.event_date),
        ("region", f"{document.region_en} ({document.region_code}) by {document.region_source}")
        if document.region_code
        else ("region", document.region_source),
        ("institution", document.institution),
        ("kind", document.kind),
        ("number", document.document_number),
        ("outlet", document.outlet),
        ("copy of", document.duplicate_of),
        ("translates", document.translation_of),
        ("encoding", document.encoding),
        ("to look at", document.notes),
        ("length", f"{document.n_units} {document.unit}"),
    ]
    lines = [f"  {name:<12}{value}" for name, value in fields if value]
    points = corpus.points[corpus.points["doc_id"] == document.doc_id]
    for point in rows(points[points["point"] == 1]):
        announced = f", announced {point.announced}" if point.announced else ""
        lines.append(f"  list        {point.label} …: {point.found} points{announced}")
    for part in rows(corpus.removed[corpus.removed["doc_id"] == document.doc_id]):
        lines.append(f"  removed     {part.rule}: {' '.join(part.text.split())[:100]}")
    for piece in rows(corpus.passages[corpus.passages["doc_id"] == document.doc_id]):
        text = corpus.normalized(document.doc_id)[piece.start : piece.end]
        place = " ".join(filter(None, (piece.part, piece.point)))
        lines.append(f"  {piece.role:<12}{f'[{place}] ' if place else ''}{' '.join(text.split())[:100]}")
    return lines


def topic_summary(terms: pd.DataFrame, stability: pd.DataFrame) -> str:
    """Return a line a topic with its most probable terms, and whether other fits find it again."""
    found = terms[terms["rank"] <= 8].groupby(["language", "topic"])["term"].agg(", ".join).reset_index()
    lost = stability[stability["mark"] == "unstable"].set_index(["language", "topic"])["cosine"]
    lines = []
    for row in rows(found):
        cosine = lost.get((row.language, row.topic))
        again = "" if cosine is None else f"  (not found again: cosine {cosine:.2f})"
        lines.append(printable(f"{row.language} {row.topic:>3}  {row.term}{again}"))
    return "\n".join(lines)


def keyword_summary(shares: pd.DataFrame) -> str:
    """Return a line for each theme whose keywords are absent, weak, or those of another theme as well."""
    marked = shares[shares["mark"] != ""].groupby(["language", "theme", "mark"], sort=False)["keyword"].agg(", ".join)
    lines = [f"{row.language} {row.theme}: {row.mark}: {row.keyword}" for row in rows(marked.reset_index())]
    return "\n".join(printable(line) for line in lines)


def quality_summary(quality: pd.DataFrame, stability: pd.DataFrame) -> str:
    """Return a line for each K and one for each topic that other seeds do not find; nothing says which K is best."""
    lines = []
    for row in rows(quality):
        dealt = "" if row.cosine_shuffled is None else f"; words dealt out anew {row.cosine_shuffled:.2f}"
        lines.append(
            f"{row.language} K = {row.k:>3}  perplexity {row.perplexity:.0f}  NPMI {row.npmi:.2f}  "
            f"exclusivity {row.exclusivity:.2f}  {row.n_stable} of {row.k} stable (cosine {row.cosine:.2f}{dealt})"
        )
    weak = stability[(stability["text"] == "as it is") & (stability["mark"] == "unstable")]
    lines += [
        f"{row.language} K = {row.k:>3}  unstable {row.topic}: {row.terms} ({row.cosine:.2f})" for row in rows(weak)
    ]
    return "\n".join(printable(line) for line in lines)


def drift_summary(movement: pd.DataFrame, slices: pd.DataFrame) -> str:
    """Return a line a topic with what came and went beyond chance, and what took no part."""
    lines = []
    for topic, part in movement.groupby("topic"):
        first = part.nlargest(3, "beta_first", keep="first")["term"]
        said = {mark: ", ".join(part.loc[part["mark"] == mark, "term"]) or "-" for mark in ("came", "went")}
        unstable = "  unstable: halves of the documents do not have it" * bool((part["mark"] == "unstable").all())
        lines.append(f"{topic:>3}  {', '.join(first)}:  came {said['came']}  went {said['went']}{unstable}")
    for row in rows(slices[(slices["mark"] != "fitted") & ((slices["n_docs"] > 0) | slices["slice"].notna())]):
        lines.append(f"{row.slice or 'no year'}: {row.mark}, {row.n_docs} documents take no part")
    return "\n".join(printable(line) for line in lines)


def contrast_summary(table: pd.DataFrame) -> str:
    """Return for each group its own first words, * where a test holds at .05, and why nothing was tested."""
    lines = []
    for (language, group), part in table.groupby(["language", "group"], sort=True):
        own = part[(part["z"] > 0) & part["rank"].notna()].sort_values("rank").head(10)
        sure = own["p_adjusted"].fillna(1.0) <= 0.05
        said = ", ".join(f"{word}{'*' if held else ''}" for word, held in zip(own["term"], sure, strict=True))
        lines.append(f"{language} {group}  {said}")
        if part["p"].isna().all():
            lines.append(f"   no test: {part['refused'].mode().iloc[0]}")
    return "\n".join(printable(line) for line in lines)


def difference_summary(table: pd.DataFrame) -> str:
    """Return for each group the themes that differ most, * where a test holds at .05, and why nothing was tested."""
    lines = []
    for (language, group, other), part in table.groupby(["language", "group", "other"], sort=True):
        own = part.assign(size=(part["value_group"] + part["value_other"]).where(lambda total: total > 0))
        own = own.assign(size=(own["difference"] / own["size"]).abs()).dropna(subset=["size"])
        sure = own["q"].fillna(1.0) <= 0.05
        own = own.assign(sure=sure).sort_values(["sure", "size", "theme"], ascending=[False, False, True]).head(6)
        said = [
            f"{row.theme} {row.value_group:.3g} : {row.value_other:.3g}{'*' if row.sure else ''}" for row in rows(own)
        ]
        lines.append(f"{language} {group} : {other}  {', '.join(said) or 'no theme occurs'}")
        if part["p"].isna().all():
            lines.append(f"   no test: {part['refused'].mode().iloc[0]}")
    return "\n".join(printable(line) for line in lines)
