"""New terms: planted ones are found with the numbers that can be counted by hand, and what is none is not."""

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from math import log, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from policy_themes.corpus import Corpus
from policy_themes.corpus.records import Passage
from policy_themes.errors import UsageError
from policy_themes.lexicon import Lexicon
from policy_themes.schema import conform, empty
from policy_themes.store.cache import StageCache
from policy_themes.store.table_file import csv_bytes
from policy_themes.study import open_study
from policy_themes.text.normalize import normalize
from policy_themes.text.spans import Span
from policy_themes.text.units import Language, count_units, language_of
from policy_themes.tokenize import UserDictionary, load_dictionary, segment
from policy_themes.tokenize.discover import terms
from policy_themes.tokenize.discover.runs import Runs, balance, boundary_entropy, cohesion, count_runs, nested
from policy_themes.tokenize.discover.stream import Stream, stream
from policy_themes.tokenize.discover.terms import candidate_terms
from policy_themes.tokenize.segment import ChineseSegmenter, Engine, EnglishSegmenter, Segmenter, segmenter

SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", Path(__file__).parents[2] / "shared"))
AROUND = ("推进{}建设", "学习{}成果", "宣传{}做法", "坚持{}方向", "运用{}解决问题", "丰富{}内涵")
PLACES, THINGS = ("机关", "单位", "企业", "乡镇", "街道"), ("试点", "宣传", "普及", "传播", "研究")
OTHERS = "推进道路建设，学习文件，宣传政策，坚持方向，运用方法，解决困难，总结经验，来到枫桥。"


def typed(pages: Mapping[str, tuple[int | None, str]]) -> Corpus:
    """Type the tables of a corpus by hand: path, year and text of each document, one passage each."""
    documents, texts, passages = [], [], []
    for path, (year, page) in pages.items():
        text, name = normalize(page).text, Path(path).stem
        units = {"n_units": count_units(text, language_of(text) or "zh"), "unit": "han"}
        documents.append(
            {"doc_id": name, "content_sha256": name, "year": year, "language": language_of(text), "path": path}
            | {"encoding": "utf-8", **units}
        )
        texts.append({"doc_id": name, "original": page, "normalized": text})
        passages.append({"doc_id": name, "passage": 0, "role": "body", "start": 0, "end": len(text)} | units)
    tables = {"documents": documents, "texts": texts, "passages": passages}
    return Corpus(
        **{name: conform(tables.get(name, []), name) for name in ("documents", "ledger", "texts", "passages")},
        **{name: empty(name) for name in ("points", "removed")},
    )


def chinese(year: int | None, *sentences: str) -> tuple[int | None, str]:
    return year, f"{'。'.join(sentences)}。{OTHERS}"


def planted(term: str, times: int = 6) -> list[str]:
    return [around.format(term) for around in AROUND[:times]]


def english(*sentences: str) -> Stream:
    text = ". ".join(sentences)
    return stream([Passage("a", 0, "body", Span(0, len(text)), text, "en")], "en", EnglishSegmenter())


def one(words: Stream, run: str, *, min_count: int = 1) -> tuple[list[Runs], Runs, int]:
    """Return all runs, those of the length of one, and its number among them."""
    runs = count_runs(words, min_count=min_count)
    parts = run.split()
    own = runs[len(parts) - 1]
    (number,) = [
        number
        for number, place in enumerate(own.sample)
        if [words.words[form] for form in words.forms[place : place + own.length]] == parts
    ]
    return runs, own, number


class TestMeasures:
    def test_cohesion_is_the_npmi_of_the_weakest_split(self) -> None:
        words = english("alpha beta", "alpha beta", "gamma beta")
        runs, own, number = one(words, "alpha beta")
        assert cohesion(runs, own)[number] == pytest.approx(log((2 / 6) / (2 / 6 * 3 / 6)) / -log(2 / 6))
        words = english("alpha beta gamma", "alpha beta gamma", "delta gamma", "delta gamma")
        runs, own, number = one(words, "alpha beta gamma")
        weakest = log((2 / 10) / (2 / 10 * 4 / 10)) / -log(2 / 10)  # alpha beta | gamma
        assert cohesion(runs, own)[number] == pytest.approx(weakest)

    def test_a_stop_is_a_new_neighbour_each_time_and_all_numbers_are_one(self) -> None:
        words = english("alpha beta 5", "alpha beta 7.5", "alpha beta 12")
        _, own, number = one(words, "alpha beta")
        assert boundary_entropy(words, own, left=True)[number] == pytest.approx(log(3))
        assert boundary_entropy(words, own, left=False)[number] == 0
        words = english("red alpha beta", "red alpha beta", "blue alpha beta", "alpha beta")
        _, own, number = one(words, "alpha beta")
        shares = (2 / 4, 1 / 4, 1 / 4)
        assert boundary_entropy(words, own, left=True)[number] == pytest.approx(-sum(p * log(p) for p in shares))

    def test_balance_is_low_where_stops_are_on_one_side(self) -> None:
        words = english("alpha beta red", "alpha beta blue", "green gamma delta", "gamma delta red")
        for run, value in (("alpha beta", 0.0), ("gamma delta", 1.0)):
            _, own, number = one(words, run)
            assert balance(words, own)[number] == value

    def test_rare_runs_and_runs_over_a_stop_are_left_out(self) -> None:
        runs = count_runs(english("alpha beta, gamma", "alpha beta, gamma", "beta gamma"), min_count=2)
        assert [len(own.counts) for own in runs] == [3, 1, 0, 0, 0]
        assert runs[1].counts.tolist() == [2]

    def test_nested_runs_are_found_once(self) -> None:
        runs = count_runs(english("alpha beta alpha beta"), min_count=1)
        inner, outer = nested(runs)
        pairs = set(zip(inner.tolist(), outer.tolist(), strict=True))
        # alpha, beta | alpha beta, beta alpha | aba, bab | abab
        assert len(pairs) == len(inner)
        assert pairs >= {(0, 2), (1, 2), (2, 4), (2, 6), (4, 6), (5, 6)}
        assert all(short < long for short, long in pairs)

    def test_letters_of_an_ordinal_are_no_word(self) -> None:
        words = english("the 19th national congress")
        assert [words.words[form] for form in words.forms] == ["the", "#", "#", "#", "national", "congress", "|"]


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    pages = {
        "2021.txt": chinese(2021, *planted("枫桥经验", 2), *planted("网格治理", 2)),
        "2022.txt": chinese(2022, *planted("枫桥经验", 3), "落实网格治理安排"),
        "2023.txt": chinese(2023, "弘扬枫桥经验传统", "总结网格治理情况", *planted("“放管服”"), *planted("“群众”")),
        "undated.txt": chinese(None, "调研网格治理进展", "全国枫桥经验大会", "研究“放管服”改革"),
    }
    return candidate_terms(typed(pages)).set_index("term")


@pytest.fixture(scope="module")
def pair() -> Corpus:
    return typed({"a.txt": chinese(2021, *planted("枫桥经验"), *planted("网格治理"))})


class TestPlanted:
    def test_the_planted_terms_and_no_other(self, table: pd.DataFrame) -> None:
        assert set(table.index) == {"枫桥经验", "网格治理", "放管服"}
        assert table["rank"].tolist() == [1, 2, 3]
        assert table["score"].is_monotonic_decreasing

    def test_where_they_stand(self, table: pd.DataFrame) -> None:
        row = table.loc["枫桥经验"]
        assert (row["language"], row["words"], row["n_text"], row["n_docs"]) == ("zh", "枫桥 经验", 7, 4)
        assert (row["first_year"], row["last_year"], row["n_quoted"]) == (2021, 2023, 0)
        assert (row["example"], row["path"]) == ("推进枫桥经验建设。", "2021.txt")
        assert pd.isna(row["accept"])

    def test_a_word_in_quotation_marks_is_proposed_unless_jieba_has_it(self, table: pd.DataFrame) -> None:
        row = table.loc["放管服"]
        assert (row["words"], row["n_text"], row["n_quoted"], row["cohesion"]) == ("放管服", 7, 7, 1)
        assert pd.isna(row["baseline"])
        assert row["left_entropy"] == pytest.approx(log(7))

    def test_burst_compares_dated_documents_and_undated_ones_count(self, table: pd.DataFrame) -> None:
        # Only in 2023, of three years with a document each: (1/3 + 1/3 + 2/3) / 2.
        assert table.loc["放管服", "burst"] == pytest.approx(2 / 3)
        assert (table.loc["放管服", "burst_year"], table.loc["放管服", "n_docs"]) == (2023, 2)
        assert table.loc["枫桥经验", "burst"] == 0
        assert pd.isna(table.loc["枫桥经验", "burst_year"])

    def test_the_score_is_the_formula(self, table: pd.DataFrame) -> None:
        row = table.loc["枫桥经验"]
        free = sqrt(row["left_entropy"] * row["right_entropy"])  # no stop on either side: balance 1
        assert row["score"] == pytest.approx(log(1 + 7, 2) * row["cohesion"] * free)
        assert table.loc["放管服", "score"] == pytest.approx(log(1 + 7, 2) * log(7) * (1 + 2 / 3))


class TestSuppression:
    def terms(self, *sentences: str) -> list[str]:
        return list(candidate_terms(typed({"a.txt": chinese(2021, *sentences)}))["term"])

    def test_part_of_a_longer_term_is_dropped(self) -> None:
        assert self.terms(*planted("枫桥经验大会"), "总结枫桥经验试点", "来自枫桥经验启示") == ["枫桥经验大会"]
        often = [f"总结枫桥经验{word}" for word in ("试点", "启示", "历史", "故事")]
        assert set(self.terms(*planted("枫桥经验大会"), *often)) == {"枫桥经验大会", "枫桥经验"}  # six of ten inside

    def test_a_longer_run_that_adds_context_is_dropped(self) -> None:
        words = ("道路", "绿化", "港口", "文化", "学校", "市场", "队伍", "园区")
        others = [f"{one}推进{other}" for one, other in zip(words, words[1:] + words[:1], strict=True)]
        context = [f"{one}推进枫桥经验{other}" for one, other in zip(PLACES, THINGS, strict=True)]
        found = candidate_terms(typed({"a.txt": chinese(2021, *planted("枫桥经验"), *context, *others)}), min_count=5)
        assert found["term"].tolist() == ["枫桥经验"]
        # 推进枫桥经验 stands six times (one of them planted) of eleven: what is left counts.
        row = found.iloc[0]
        free = sqrt(row["left_entropy"] * row["right_entropy"])
        assert row["score"] == pytest.approx(log(1 + 11 - 6, 2) * row["cohesion"] * free)

    def test_what_always_ends_its_clause_is_none(self) -> None:
        assert self.terms(*(f"{word}网格治理" for word in (*PLACES, *THINGS))) == []

    def test_a_run_beside_numbers_is_none(self) -> None:
        found = self.terms(*(f"{word}枫桥经验{n}%" for n, word in enumerate(("粮食", "道路", "收入", "投资", "就业"))))
        assert found == []

    def test_numbers_dates_places_and_stop_words_alone_are_none(self) -> None:
        found = self.terms(*planted("过去的五年"), *planted("杭州宁波"), *planted("二十五年"))
        assert found == []


class TestChoice:
    def test_the_engine_that_is_asked_for_cuts(self, pair: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []

        def watched(language: Language, dictionary: UserDictionary, engine: Engine | None = None) -> Segmenter:
            asked.append(engine)
            return segmenter(language, dictionary, engine)

        monkeypatch.setattr(terms, "segmenter", watched)
        candidate_terms(pair, engine="jieba")
        assert set(asked) == {"jieba"}

    def test_known_terms_are_left_out_in_any_spelling(self, pair: Corpus) -> None:
        everything = candidate_terms(pair)
        assert set(everything["term"]) == {"枫桥经验", "网格治理"}
        assert everything["burst"].isna().all() and everything["burst_year"].isna().all()  # one year
        assert candidate_terms(pair, ["楓橋經驗"])["term"].tolist() == ["网格治理"]
        assert len(candidate_terms(pair, top=1)) == 1
        assert len(candidate_terms(pair, min_count=7)) == 0

    def test_order_of_documents_makes_no_difference(self) -> None:
        pages = {
            f"{year}.txt": chinese(year, *planted("枫桥经验"), *planted("网格治理", year - 2019))
            for year in (2021, 2022, 2023)
        }
        pages["en.txt"] = (2021, "We build grid governance and serve grid governance teams. " * 4)
        corpus = typed(pages)
        frames = {
            name: getattr(corpus, name).iloc[::-1].reset_index(drop=True) for name in ("documents", "texts", "passages")
        }
        pd.testing.assert_frame_equal(
            candidate_terms(corpus, min_count=2), candidate_terms(replace(corpus, **frames), min_count=2)
        )

    def test_copies_are_left_out(self, toy: Corpus) -> None:
        table = candidate_terms(toy, min_count=2).set_index("term")
        assert table.loc["坚持枫桥经验", "n_text"] == 2
        assert "zh/copy_of_b.txt" not in set(table["path"])
        assert len(candidate_terms(toy.with_copies(), min_count=2)) > len(table)

    def test_too_little_text_has_no_terms(self) -> None:
        assert candidate_terms(typed({"a.txt": (2021, "法治。"), "b.txt": (2021, "Law.")})).empty
        corpus = typed({"a.txt": chinese(2021, *planted("枫桥经验")), "b.txt": (2021, "Law.")})
        assert candidate_terms(corpus)["language"].tolist() == ["zh"]
        nothing_counted = replace(corpus, passages=empty("passages"))
        assert candidate_terms(nothing_counted).empty

    def test_english_terms_as_they_are_most_often_written(self) -> None:
        sentences = ["We build the Rural Areas of old.", "They saw rural areas, and left.", "No rural area is lost.",
                     "Roads reach rural areas by night.", "Schools in rural areas grow.", "Strong rural areas matter."]  # fmt: skip
        table = candidate_terms(typed({"a.txt": (2021, " ".join(sentences))}))
        assert table[["language", "term", "words", "n_text"]].to_numpy().tolist() == [
            ["en", "rural areas", "rural area", 5]
        ]
        assert table["example"][0] == "We build the Rural Areas of old."

    def test_english_terms_neither_begin_nor_end_with_a_stop_word(self) -> None:
        sentences = ["The rule of law is old.", "We keep the rule of law there.", "Towns want the rule of law, too.",
                     "Under the rule of law we live.", "The rule of law has friends."]  # fmt: skip
        assert candidate_terms(typed({"a.txt": (2021, " ".join(sentences))}))["term"].tolist() == ["rule of law"]


def test_the_baseline_is_the_score_of_gensims_own_phrases(pair: Corpus) -> None:
    from gensim.models.phrases import Phrases

    clauses = re.split("[，。]", pair.texts["normalized"][0].replace(",", "，"))
    cut = [ChineseSegmenter(UserDictionary()).cut(clause) for clause in clauses]
    phrases = Phrases(cut, min_count=1, threshold=0.5, scoring="npmi", delimiter=" ").export_phrases()
    table = candidate_terms(pair)
    assert len(table) == 2
    for row in table.itertuples():
        assert row.baseline == pytest.approx(phrases[row.words]) == pytest.approx(row.cohesion)


class TestReviewedTable:
    def load(self, folder: Path, content: str | bytes) -> UserDictionary:
        path = folder / "terms.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_dictionary(path)

    @pytest.mark.parametrize("mark", ["", "\ufeff"])
    def test_accepted_terms_are_words(self, mark: str, tmp_path: Path) -> None:
        answers = ["yes", "Y", "x", "1", "TRUE", "是", "", "no", "N", "0", "False", "否"]
        rows = "".join(f"{n},词语{chr(0x4E00 + n)},{answer}\n" for n, answer in enumerate(answers))
        found = self.load(tmp_path, f"{mark}rank,term,accept\n{rows}")
        assert found.words == tuple((f"词语{chr(0x4E00 + n)}", None) for n in range(6))

    def test_another_answer_is_refused_with_its_line(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"terms.csv line 3: `accept` is 'maybe'. Say yes, y, x, 1, true or 是"):
            self.load(tmp_path, "term,accept\n枫桥经验,yes\n网格治理,maybe\n")
        with pytest.raises(UsageError, match=r"terms.csv line 2: the accepted term is empty"):
            self.load(tmp_path, "term,accept\n,yes\n")

    def test_a_csv_of_another_kind_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"has no column `accept`. A csv dictionary is the table candidate_terms"):
            self.load(tmp_path, "term,rank\n枫桥经验,1\n")
        with pytest.raises(UsageError, match=r"has no column `term`, `accept`"):
            self.load(tmp_path, "")
        with pytest.raises(UsageError, match=r"terms.csv line 2 is not UTF-8"):
            self.load(tmp_path, "term,accept\n枫桥经验,yes\n".encode("gbk"))
        with pytest.raises(UsageError, match="is not a csv"):
            self.load(tmp_path, 'term,accept\n"枫桥经验,yes\n')

    def test_proposals_that_are_accepted_stay_whole(self, tmp_path: Path) -> None:
        page = "Grid Governance pays. We like grid governance. Old grid governance teams."
        corpus = typed({"a.txt": chinese(2021, *planted("枫桥经验")), "b.txt": (2021, page)})
        table = candidate_terms(corpus, min_count=3)
        reviewed = table.assign(accept=table["term"].isin(["枫桥经验", "grid governance"]).map({True: "是", False: ""}))
        own = self.load(tmp_path, csv_bytes(reviewed))
        assert set(own.phrases) == {"枫桥经验", "grid governance"}
        recall = segment(corpus, Lexicon((), "1"), own, cache=StageCache(None)).recall
        kept = recall[recall["n_text"] > 0].set_index("phrase")
        assert kept["n_text"].to_dict() == {"枫桥经验": 6, "grid governance": 3}
        assert (kept["n_text"] == kept["n_kept"]).all()
        assert set(table.set_index("term")["n_text"].filter(kept.index)) == {6, 3}


@pytest.mark.long
def test_well_known_terms_of_the_work_reports_are_proposed() -> None:
    folder = SHARED / "corpora" / "prov_gwr"
    if not folder.is_dir():
        pytest.skip("needs the shared work reports")
    table = candidate_terms(open_study(folder).source)
    terms = (
        "枫桥经验",
        "新时代",
        "高质量发展",
        "乡村振兴",
        "营商环境",
        "社会治理",
        "法治政府",
        "矛盾纠纷",
        "公共法律服务",
    )
    ranks = np.array([dict(zip(table["term"], table["rank"], strict=True)).get(term, np.inf) for term in terms])
    assert (ranks <= 300).sum() >= 6 and (ranks <= 1_000).sum() >= 8
    assert not {"进一步加强", "同比增长", "年均增长", "今后五年"} & set(table["term"])
