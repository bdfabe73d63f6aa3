"""What commands say when they are done: short tables that a person can act on."""

import pandas as pd

from policy_themes.corpus import Corpus
from policy_themes.schema import rows


def ingest_summary(corpus: Corpus) -> str:
    """Return what became of the files, and what is unknown of the documents."""
    ledger, documents = corpus.ledger, corpus.unique
    lines = [f"{len(ledger)} files"]
    for outcome, n in ledger["outcome"].value_counts().sort_index().items():
        reasons = ledger.loc[ledger["outcome"] == outcome, "reason"].dropna().value_counts().sort_index()
        why = ", ".join(f"{name} {count}" for name, count in reasons.items())
        lines.append(f"  {outcome:<12}{n:>6}{f'  ({why})' if why else ''}")
    lines.append(f"{len(documents)} documents without copies")
    for name, column in (("without a year", "year"), ("without a region", "region_code")):
        missing = documents[documents[column].isna()]
        examples = ", ".join(map(_printable, missing["path"].head(3)))
        lines.append(f"  {name:<18}{len(missing):>6}{f'  (for example {examples})' if len(missing) else ''}")
    years = documents["year"].dropna().value_counts().sort_index()
    lines.append("  by year    " + "  ".join(f"{year}: {n}" for year, n in years.items()))
    regions = documents["region_en"].dropna().value_counts()
    lines.append("  by region  " + "  ".join(f"{name}: {n}" for name, n in regions.head(12).items()))
    return "\n".join(lines)


def _printable(name: str) -> str:
    """Return a file name without anything that a terminal would obey."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in name)


def topic_summary(terms: pd.DataFrame) -> str:
    """Return a line a topic with its most probable terms."""
    found = terms[terms["rank"] <= 8].groupby(["language", "topic"])["term"].agg(", ".join).reset_index()
    return "\n".join(f"{row.language} {row.topic:>3}  {row.term}" for row in rows(found))
