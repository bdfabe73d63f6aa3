"""The 395 work reports: year and province from text and file name, and from the text alone."""

import os
import re
from pathlib import Path

import pytest

from policy_themes.corpus import Corpus, read_corpus
from policy_themes.regions import load_regions
from policy_themes.schema import rows

SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", Path(__file__).parents[2] / "shared"))
REPORTS = SHARED / "corpora" / "prov_gwr"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not REPORTS.is_dir() and "CI" not in os.environ, reason="needs the shared work reports"),
]


def wrong(corpus: Corpus, names: dict[str, str]) -> list[tuple[str, object, object]]:
    """Return the documents whose year or province is not that of their original name."""
    known = {alias: region.code for region in load_regions().table.values() for alias in region.aliases}
    found = []
    for row in rows(corpus.documents):
        match = re.fullmatch(r"(?P<region>\D+?)(?P<year>\d{4})年政府工作报告", Path(names[row.path]).stem)
        assert match
        if (row.year, row.region_code) != (int(match["year"]), known[match["region"]]):
            found.append((names[row.path], row.date, row.region_code))
    return found


def test_text_and_file_name() -> None:
    corpus = read_corpus(REPORTS, load_regions())
    assert len(corpus.documents) == 395
    # A report dated 29 December of the year before, by its own text, is the one that may differ.
    assert len(wrong(corpus, {path: path for path in corpus.documents["path"]})) <= 1


def test_text_alone(tmp_path: Path) -> None:
    names = {}
    for number, path in enumerate(sorted(REPORTS.rglob("*.txt"))):
        names[f"{number:03d}.txt"] = path.name
        (tmp_path / f"{number:03d}.txt").write_bytes(path.read_bytes())
    missed = wrong(read_corpus(tmp_path, load_regions()), names)
    assert len(missed) <= 0.01 * 395, missed
