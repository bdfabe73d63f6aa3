"""Originals and their translations are found, by path or by what they name; nothing else is taken for one."""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from policy_themes.compare import coverage
from policy_themes.corpus import Corpus, read_corpus
from policy_themes.corpus.overrides import Overrides
from policy_themes.corpus.translations import translated_by_machine
from policy_themes.demo import write_demo
from policy_themes.regions import load_regions
from policy_themes.text.numbers import numbers

CorpusOf = Callable[[Mapping[str, str | bytes]], Corpus]
WriteFiles = Callable[[Path, Mapping[str, str | bytes]], Path]
SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", Path(__file__).parents[2] / "shared"))
ZH = "浙江省司法厅召开会议\n2023-05-01\n去年全省调解纠纷{0}件，培训{1}人，建成站点{2}个，投入{3}万元。" \
     "会议强调，要坚持和发展新时代枫桥经验，推进治理现代化，把矛盾化解在基层。"  # fmt: skip
EN = "Zhejiang Provincial Department of Justice held a meeting\n2023-05-01\nLast year the province settled {0} disputes, " \
     "trained {1} people, built {2} stations and spent {3} yuan. The meeting stressed that the Fengqiao Experience be " \
     "upheld, governance modernized and conflicts settled at the grassroots."  # fmt: skip
FIGURES = ("3851", "612", "47", "250")
IN_ENGLISH = ("3,851", "612", "forty-seven", "2.5 million")


def pairs(corpus: Corpus) -> dict[str, str]:
    path = dict(zip(corpus.documents["doc_id"], corpus.documents["path"], strict=True))
    found = corpus.documents.dropna(subset=["translation_of"])
    return {row.path: path[row.translation_of] for row in found.itertuples()}


class TestPairs:
    def test_by_what_they_name(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"甲.txt": ZH.format(*FIGURES), "b.txt": EN.format(*IN_ENGLISH)})
        assert pairs(corpus) == {"b.txt": "甲.txt"}
        assert list(corpus.documents["original_language"]) == ["zh", "zh"]

    @pytest.mark.parametrize(
        ("zh", "en"),
        [
            ("zh/report.txt", "en/report.txt"),
            ("notice_中文.txt", "notice_英文.txt"),
            ("a.cn.txt", "a.en.txt"),
            ("meeting.txt", "meeting_en.txt"),
        ],
    )
    def test_by_their_paths(self, zh: str, en: str, corpus_of: CorpusOf) -> None:
        texts = {
            zh: ZH.format(*"一二三四"),
            en: EN.format("some", "many", "few", "much"),
            "encode.txt": "平安建设。" * 20,
        }
        assert pairs(corpus_of(texts)) == {en: zh}

    @pytest.mark.parametrize(
        ("zh", "en"),
        [
            (ZH.format(*FIGURES), EN.format("9,851", "12", "forty", "7.7 million")),
            (ZH.format(*FIGURES), EN.format(*IN_ENGLISH).replace("2023-05-01", "2021-05-01")),
            (ZH.format(*FIGURES), EN.format(*IN_ENGLISH).replace("Zhejiang", "Jiangsu")),
            (ZH.format(*FIGURES) + "要坚持依法治国，推进平安建设。" * 40, EN.format(*IN_ENGLISH)),
            (ZH.format(*"一二三四"), EN.format("some", "many", "few", "much")),
            (
                "浙江省信访工作会议召开\n2024-01-12\n会议贯彻党的二十大精神,总结2023年工作,部署2024年任务,化解积案1200件,办结率98%。"
                + "要依法办理。" * 9,
                "Zhejiang Province held a tourism conference\n2024-01-12\nGuided by the 20th National Congress, delegates "
                "reviewed hotels opened during 2023 and agreed plans for 2024, with many guests expected to come.",
            ),
        ],
        ids=["other numbers", "another year", "another province", "another length", "no numbers", "years only"],
    )
    def test_what_is_no_pair(self, zh: str, en: str, corpus_of: CorpusOf) -> None:
        assert pairs(corpus_of({"甲.txt": zh, "b.txt": en})) == {}

    def test_paths_alone_pair_nothing_that_contradicts_itself(self, corpus_of: CorpusOf) -> None:
        zh, en = ZH.format(*"一二三四"), EN.format("some", "many", "few", "much")
        assert pairs(corpus_of({"zh/001.txt": zh, "en/001.txt": en.replace("2023-05-01", "2021-03-05")})) == {}
        assert pairs(corpus_of({"zh/001.txt": zh, "en/001.txt": en.replace("Zhejiang", "Jiangsu")})) == {}

    def test_the_surest_pair_wins_and_each_stands_in_one(self, corpus_of: CorpusOf) -> None:
        other = ("3851", "612", "47", "999")
        corpus = corpus_of(
            {"甲.txt": ZH.format(*other), "乙.txt": ZH.format(*FIGURES), "c.txt": EN.format(*IN_ENGLISH)}
        )
        assert pairs(corpus) == {"c.txt": "乙.txt"}

    def test_the_users_word_wins(self, tmp_path: Path, write_files: WriteFiles) -> None:
        folder = write_files(
            tmp_path / "d",
            {"甲.txt": ZH.format(*FIGURES), "乙.txt": ZH.format(*"一二三四"), "c.txt": EN.format(*IN_ENGLISH)},
        )
        given = Overrides({"c.txt": {"translation_of": "乙.txt"}})
        assert pairs(read_corpus(folder, load_regions(), overrides=given)) == {"c.txt": "乙.txt"}

    def test_what_a_text_says_of_its_language(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"a.txt": EN.format(*IN_ENGLISH) + "\nTranslated from the Chinese by the editors."})
        assert corpus.documents["original_language"].iloc[0] == "zh"
        assert corpus.documents["translation_of"].isna().all()

    def test_a_header_names_the_translator(self, corpus_of: CorpusOf) -> None:
        text = EN.format(*IN_ENGLISH).replace("2023-05-01", "Published: 2023-05-01\nTranslated by: Li Hua")
        row = corpus_of({"a.txt": text}).documents.iloc[0]
        assert (row["translated_by"], row["date"]) == ("Li Hua", "2023-05-01")

    def test_a_pair_is_one_document_in_the_coverage_and_one_in_each_language(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"甲.txt": ZH.format(*FIGURES), "b.txt": EN.format(*IN_ENGLISH)})
        table = coverage(corpus.documents)
        assert int(table["n_docs"].sum()) == 1
        assert len(corpus.unique) == 2


def test_the_demonstration_corpus(tmp_path: Path) -> None:
    truth = {document.path: document.translation_of for document in write_demo(tmp_path) if document.translation_of}
    # A page that tests awkward files is, by the same seed, also the original of a briefing.
    truth["en/Jiangsu/2021-07-27_work-briefing.txt"] = "zh/江苏/2021-07-27_带BOM的工作简报.txt"
    found = pairs(read_corpus(tmp_path, load_regions()))
    right = sum(truth.get(path) == other for path, other in found.items())
    assert right == len(found)
    assert right >= 0.85 * len(truth)  # the others name one number or two


@pytest.mark.long
def test_official_translations_of_eight_reports(tmp_path: Path, write_files: WriteFiles) -> None:
    source = SHARED / "corpora" / "gwr_parallel_even_years.jsonl"
    if not source.is_file():
        pytest.skip("needs the shared parallel reports")
    texts: dict[str, list[str]] = defaultdict(list)
    for line in source.read_text("utf-8").splitlines():
        row = json.loads(line)
        texts[f"报告{row['year']}.txt"].append(row["zh"])
        texts[f"report{row['year']}.txt"].append(row["en"])
    folder = write_files(tmp_path / "d", {name: "\n".join(lines) for name, lines in texts.items()})
    corpus = read_corpus(folder, load_regions())
    assert pairs(corpus) == {f"report{year}.txt": f"报告{year}.txt" for year in range(2008, 2023, 2)}
    ratio = pd.Series(corpus.documents.set_index("path")["n_units"], dtype=float)
    shares = [ratio[f"report{year}.txt"] / ratio[f"报告{year}.txt"] for year in range(2008, 2023, 2)]
    assert min(shares) > 0.8 and max(shares) < 1.0


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("1,200万人", "12 million people"), ("三十八件", "thirty-eight cases"), ("一百二十五项", "125 items"),
        ("2.5亿元", "250 million yuan"), ("3万亿元", "3 trillion yuan"), ("十二个", "twelve"), ("60.98%", "60.98 percent"),
    ],
)  # fmt: skip
def test_a_number_is_the_same_in_both_languages(zh: str, en: str) -> None:
    assert numbers(zh, "zh") == numbers(en, "en") != []


@pytest.mark.parametrize(
    ("line", "machine"),
    [
        ("Machine translation, for reference only", True), ("Translated by Google Translate", True),
        ("（机器翻译，仅供参考）", True), ("本文由百度翻译", True), ("Translated by Li Hua", False),
        ("The court set up a machine translation system for foreign parties, and the province promoted it in all of its "
         "lower courts in the course of the year, as the report says at length.", False),
    ],
)  # fmt: skip
def test_a_machine_is_named_only_where_a_line_names_it(line: str, machine: bool) -> None:
    assert translated_by_machine(f"Title of the page\n{line}\n" + "The court held a meeting.\n" * 20) is machine


def test_what_a_page_or_a_correction_says_of_its_translator_is_kept(tmp_path: Path, write_files: WriteFiles) -> None:
    body = "The court held a meeting on the rule of law in the province.\n" * 5
    write_files(
        tmp_path / "docs",
        {
            "a.txt": "Court report\nTranslated by DeepL\n" + body,
            "b.txt": "Other report\n" + body.replace("law", "order"),
        },
    )
    overrides = Overrides({"b.txt": {"translated_by": "machine"}})
    found = read_corpus(tmp_path / "docs", load_regions(), overrides=overrides).documents.set_index("path")
    assert found["translated_by"].to_dict() == {"a.txt": "machine", "b.txt": "machine"}
