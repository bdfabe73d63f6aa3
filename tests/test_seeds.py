"""The five seeds: what reading and counting must make of them (gold/seeds.csv, written by hand)."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from policy_themes.compare import ThemeHits, find_hits
from policy_themes.corpus import Corpus, read_corpus
from policy_themes.lexicon import load_lexicon
from policy_themes.regions import load_regions
from policy_themes.text.sentences import sentences
from policy_themes.text.spans import Span

GOLD = Path(__file__).parent / "gold" / "seeds.csv"
ROWS = list(csv.DictReader(GOLD.read_text(encoding="utf-8").splitlines()))
UNTITLED = ("000_f65f19f0b65bf261.txt", "002_23d64e590de66c9f.txt")
FIFTH = "004_ddfe9305454b6290.txt"
NO_BODY = (
    "Han Yu",
    "Chen Junqi",
    "CPC News Network",
    "Edit:",
    "Editor in charge",
    "Special statement",
    "legaldaily.com.cn",
    "WeChat",
    "Former title",
    "0 By",
    "2023-02-24",
    "2022-05-02",
    "attended the meeting via video",
    "Ningbo City of Zhejiang",
    "Benxi city of Liaoning",
    "Jing Hanchao",
    "An Jian",
    "sub-venues",
)


@pytest.fixture(scope="module")
def corpus(seeds: Path) -> Corpus:
    return read_corpus(seeds, load_regions())


@pytest.fixture(scope="module")
def hits(corpus: Corpus) -> ThemeHits:
    return find_hits(corpus, load_lexicon())


def document(corpus: Corpus, path: str) -> "pd.Series[str]":
    return corpus.documents.set_index("path").loc[path]


def passages(corpus: Corpus, path: str) -> list[str]:
    doc_id = document(corpus, path)["doc_id"]
    return [passage.text for passage in corpus.iter_passages() if passage.doc_id == doc_id]


def test_all_five_are_kept(corpus: Corpus) -> None:
    ledger = corpus.ledger[corpus.ledger["path"] != "README.md"]
    assert list(ledger["outcome"]) == ["kept"] * 5
    assert list(ledger["path"]) == [row["path"] for row in ROWS]


@pytest.mark.parametrize("gold", ROWS, ids=lambda row: row["path"][:3])
@pytest.mark.parametrize("column", ["date", "region_en", "title", "outlet", "event_date"])
def test_metadata_is_as_read_by_hand(gold: Mapping[str, str], column: str, corpus: Corpus) -> None:
    found = document(corpus, gold["path"])[column]
    if gold[column]:
        assert found == gold[column]
    elif column == "title" and gold["path"] in UNTITLED:
        assert pd.isna(found)


@pytest.mark.parametrize("gold", ROWS, ids=lambda row: row["path"][:3])
@pytest.mark.parametrize("theme", ["modernization", "fengqiao_experience"])
def test_hits_are_as_counted_by_hand(gold: Mapping[str, str], theme: str, corpus: Corpus, hits: ThemeHits) -> None:
    doc_id = document(corpus, gold["path"])["doc_id"]
    table = hits.table
    row = table[(table["doc_id"] == doc_id) & (table["theme"] == theme) & table["facet"].isna()]
    assert row["n_hits"].tolist() == [int(gold[theme])]


@pytest.mark.parametrize("chrome", NO_BODY)
def test_chrome_is_in_no_passage_but_in_the_page(chrome: str, corpus: Corpus) -> None:
    assert any(chrome in text for text in corpus.texts["normalized"])
    assert not [passage.text for passage in corpus.iter_passages() if chrome in passage.text]


def test_republisher_of_the_second(corpus: Corpus) -> None:
    assert "outlook new era" in document(corpus, ROWS[1]["path"])["republisher"].lower()


def test_body_of_every_seed_survives(corpus: Corpus) -> None:
    for gold in ROWS:
        text = corpus.normalized(document(corpus, gold["path"])["doc_id"])
        assert sum(map(len, passages(corpus, gold["path"]))) > 0.75 * len(text), gold["path"]


def test_last_sentence_before_the_attendance_is_kept(corpus: Corpus) -> None:
    assert "at the municipal level." in " ".join(passages(corpus, FIFTH))


def test_fifth_runs_on_and_is_split_into_about_thirty_sentences(corpus: Corpus) -> None:
    spans: list[Span] = []
    doc_id = document(corpus, FIFTH)["doc_id"]
    for passage in corpus.iter_passages():
        if passage.doc_id == doc_id and passage.role == "body":
            spans += sentences(corpus.normalized(doc_id), "en", passage.span)
    assert 25 <= len(spans) <= 36
    assert max(span.end - span.start for span in spans) <= 700


def test_six_points_of_the_fifth_each_open_a_sentence(corpus: Corpus) -> None:
    text = "\n".join(passages(corpus, FIFTH))
    assert sum(span.of(text).startswith("–") for span in sentences(text, "en")) == 6


def test_seeds_are_the_shared_ones_byte_for_byte(seeds: Path, shared: Path) -> None:
    theirs = {path.name: path.read_bytes() for path in (shared / "seeds").glob("*.txt")}
    assert {path.name: path.read_bytes() for path in seeds.glob("*.txt")} == theirs
    assert len(theirs) == 5
