"""The labelled pages: dates, regions and bodies as people who wrote the pages labelled them, nothing invented."""

from collections.abc import Sequence

import pytest

from policy_themes.corpus import Corpus
from tests.gold_scores import Score, f1, labels, read_gold, scores


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return read_gold(tmp_path_factory.mktemp("gold"))


@pytest.fixture(scope="module")
def found(corpus: Corpus) -> Sequence[Score]:
    return list(scores(corpus))


def share(found: Sequence[Score], column: str) -> float:
    return sum(score.right(column) for score in found) / len(found)


def test_every_labelled_document_is_kept(found: Sequence[Score]) -> None:
    assert len(found) == len(labels()) >= 60
    assert [score.name for score in found if score.found is None] == []


@pytest.mark.parametrize(
    ("column", "least"),
    [("date", 0.97), ("region_code", 0.97), ("date_precision", 0.97), ("region_level", 0.97), ("language", 1.0)],
)
def test_columns(found: Sequence[Score], column: str, least: float) -> None:
    wrong = [
        (score.name, score.label[column], score.found and score.found[column])
        for score in found
        if not score.right(column)
    ]
    assert share([score for score in found if score.label[column] or column != "language"], column) >= least, wrong


@pytest.mark.parametrize(
    ("column", "least"), [("title", 0.85), ("event_date", 0.90), ("institution", 0.80), ("kind", 0.65)]
)
def test_columns_that_are_read_less_surely(found: Sequence[Score], column: str, least: float) -> None:
    assert share(found, column) >= least


@pytest.mark.parametrize("column", ["date", "region_code"])
def test_nothing_is_invented(found: Sequence[Score], column: str) -> None:
    assert [score.name for score in found if score.invented(column)] == []


def test_bodies(found: Sequence[Score]) -> None:
    assert sum(score.body_f1 for score in found) / len(found) >= 0.97
    assert min(score.body_f1 for score in found) >= 0.80


def test_the_helper_of_the_scores_counts_what_is_missing() -> None:
    assert f1("依法治国", "依法治国") == 1.0
    assert f1("依法治国", "依法") == pytest.approx(2 * 2 / 6)
    assert f1("依法", "") == 0.0
