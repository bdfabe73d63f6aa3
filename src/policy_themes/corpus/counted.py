"""What became of files and documents, counted: of a corpus, or of parts of one, added up."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from policy_themes.schema import rows

if TYPE_CHECKING:
    import pandas as pd

    from policy_themes.corpus.records import Corpus

EXAMPLES, MOST_REGIONS = 3, 12
UNKNOWN = (("without a year", "year"), ("without a region", "region_code"))


@dataclass
class Counted:
    """
    Numbers for a person to act on.

    Attributes
    ----------
    n_files, n_entries, n_documents, n_translations : int
        Documents without copies.
    outcomes, reasons : Counter
        Entries of the ledger by outcome, and by outcome and reason (joined by a line end).
    examples : list of str
        The first files in quarantine of which more is known.
    missing, missing_examples : mapping
        Documents without a year or a region, by column.
    odd, years, regions : Counter
    """

    n_files: int = 0
    n_entries: int = 0
    n_documents: int = 0
    n_translations: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)
    missing_examples: dict[str, list[str]] = field(default_factory=dict)
    odd: Counter[str] = field(default_factory=Counter)
    years: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, corpus: "Corpus") -> "Counted":
        """Count a corpus, or a part of one."""
        ledger, documents = corpus.ledger, corpus.unique
        unused = ledger[(ledger["outcome"] == "quarantined") & ledger["detail"].notna()]
        lacking = {column: documents[documents[column].isna()] for _, column in UNKNOWN}
        notes = documents["notes"].dropna().str.split("; ").explode()
        reasons = ledger.dropna(subset=["reason"])
        return cls(
            n_files=int(ledger["path"].nunique()),
            n_entries=len(ledger),
            n_documents=len(documents),
            n_translations=int(documents["translation_of"].notna().sum()),
            outcomes=_counter(ledger["outcome"]),
            reasons=_counter(reasons["outcome"] + "\n" + reasons["reason"]),
            examples=[f"{printable(row.path)}: {printable(row.detail)}" for row in rows(unused.head(EXAMPLES))],
            missing=Counter({column: len(own) for column, own in lacking.items()}),
            missing_examples={name: [*map(printable, own["path"].head(EXAMPLES))] for name, own in lacking.items()},
            odd=_counter(notes.mask(notes.str.startswith("announces"), "points_missing")),
            years=_counter(documents["year"].dropna().astype(str)),
            regions=_counter(documents["region_en"].dropna()),
        )

    def add(self, other: "Counted") -> None:
        """Add the numbers of a later part."""
        for name in ("n_files", "n_entries", "n_documents", "n_translations"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("outcomes", "reasons", "missing", "odd", "years", "regions"):
            getattr(self, name).update(getattr(other, name))
        self.examples = [*self.examples, *other.examples][:EXAMPLES]
        for column, own in other.missing_examples.items():
            self.missing_examples[column] = [*self.missing_examples.get(column, ()), *own][:EXAMPLES]

    @property
    def told(self) -> str:
        """The numbers as lines of text."""
        lines = [f"{self.n_files} files, {self.n_entries} entries in the ledger"]
        for outcome, n in sorted(self.outcomes.items()):
            own = [
                (key.partition("\n")[2], count)
                for key, count in sorted(self.reasons.items())
                if key.startswith(f"{outcome}\n")
            ]
            why = ", ".join(f"{name} {count}" for name, count in own)
            lines.append(f"  {outcome:<12}{n:>6}{f'  ({why})' if why else ''}")
        lines += [f"    {example}" for example in self.examples]
        lines.append(f"{self.n_documents} documents without copies")
        if self.n_translations:
            lines.append(
                f"  translations      {self.n_translations:>6}  (each with its original; counted once in the coverage)"
            )
        for name, column in UNKNOWN:
            n, examples = self.missing[column], ", ".join(self.missing_examples.get(column, ()))
            lines.append(f"  {name:<18}{n:>6}{f'  (for example {examples})' if n else ''}")
        if self.odd:
            lines.append("  to look at        " + ", ".join(f"{name} {n}" for name, n in sorted(self.odd.items())))
        lines.append("  by year    " + "  ".join(self._share(*item) for item in sorted(self.years.items())))
        regions = sorted(self.regions.items(), key=lambda item: -item[1])
        more = f"  and {len(regions) - MOST_REGIONS} more" if len(regions) > MOST_REGIONS else ""
        lines.append(f"  by region  {'  '.join(self._share(*item) for item in regions[:MOST_REGIONS])}{more}")
        return "\n".join(lines)

    @property
    def told_reasons(self) -> list[str]:
        """Why entries are not used."""
        return sorted({key.partition("\n")[2] for key in self.reasons})

    def _share(self, name: str, n: int) -> str:
        """Return a number with its share of all documents."""
        return f"{name}: {n} ({n / self.n_documents:.0%})"


def printable(name: str) -> str:
    """Return a file name without anything that a terminal would obey."""
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in name)


def _counter(values: "pd.Series") -> Counter[str]:
    """Count the values of a column, in the order in which they first stand."""
    return Counter(map(str, values))
