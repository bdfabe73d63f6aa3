"""The audit's figures: what is drawn is what the tables say."""

from collections.abc import Callable, Mapping

import pandas as pd
import pytest

from policy_themes.corpus import Corpus
from policy_themes.figures import Labels, known, lengths
from policy_themes.figures.audit import MOST_DOTS
from policy_themes.lexicon import load_lexicon
from policy_themes.regions import load_regions
from policy_themes.schema import conform

CorpusOf = Callable[[Mapping[str, str | bytes]], Corpus]
LABELS = Labels("both", load_lexicon(), load_regions())
ZH = "要坚持依法治国，推进平安建设，完善社会治理体系，化解矛盾纠纷。"


def documents(*cells: tuple[str, int | None, int]) -> pd.DataFrame:
    """Tables of documents from (language, year, length)."""
    units = {"zh": "han", "en": "word"}
    return conform(
        [
            {"doc_id": f"d{n}", "content_sha256": f"{n}", "language": language, "year": year, "n_units": length,
             "unit": units[language], "path": f"{n:05d}.txt", "encoding": "utf-8"}
            for n, (language, year, length) in enumerate(cells)
        ],
        "documents",
    )  # fmt: skip


class TestLengths:
    def test_every_document_once_and_the_unknown_year_apart(self) -> None:
        table = documents(("zh", 2021, 900), ("zh", 2023, 1_100), ("zh", None, 1_000), ("en", 2022, 500))
        table.loc[1, "duplicate_of"] = "d0"
        chart = lengths(table, LABELS)
        assert sorted(chart.values["doc_id"]) == ["d0", "d2", "d3"]
        ticks = [[tick.get_text() for tick in axes.get_xticklabels()] for axes in chart.figure.axes]
        assert ticks == [["2022"], ["2021", "unknown 未知"]]
        assert "median 950" in chart.caption.en and "median 500" in chart.caption.en

    @pytest.mark.parametrize(("longest", "scale"), [(1_000, "linear"), (100_000, "log")])
    def test_a_long_tail_is_drawn_on_a_logarithmic_scale(self, longest: int, scale: str) -> None:
        (axes,) = lengths(documents(("zh", 2021, 400), ("zh", 2022, longest)), LABELS).figure.axes
        assert axes.get_yscale() == scale
        low, high = axes.get_ylim()
        assert len([tick for tick in axes.get_yticks() if low <= tick <= high]) >= 3

    def test_many_documents_are_no_cloud_of_dots(self) -> None:
        table = documents(*[("zh", 2020 + n % 3, 500 + n % 50) for n in range(MOST_DOTS + 1)])
        (axes,) = lengths(table, LABELS).figure.axes
        drawn = sum(len(group.get_offsets()) for group in axes.collections if type(group).__name__ == "PathCollection")
        assert drawn == 0


class TestKnown:
    def test_numbers_by_hand(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({
            "a.txt": "浙江省司法厅召开会议\n2023-05-01 来源：法治日报\n" + ZH * 3, "b.txt": ZH * 4, "c.txt": ZH * 4,
            "d.txt": b"", "Thumbs.db": b"x",
        })  # fmt: skip
        chart = known(corpus.documents, corpus.ledger, LABELS)
        found = {(row.panel, row.what): (row.n, row.of) for row in chart.values.itertuples()}
        assert found == {
            ("known", "year"): (1, 2), ("known", "region"): (1, 2), ("known", "institution"): (1, 2),
            ("known", "kind"): (1, 2), ("known", "outlet"): (1, 2), ("outcome", "read_once"): (2, 5),
            ("outcome", "copies"): (1, 5), ("outcome", "reprints"): (0, 5), ("outcome", "skipped"): (1, 5),
            ("outcome", "quarantined"): (1, 5),
        }  # fmt: skip
        outcome = chart.values[chart.values["panel"] == "outcome"]
        assert int(outcome["n"].sum()) == len(corpus.ledger)
