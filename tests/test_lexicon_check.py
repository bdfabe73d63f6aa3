"""What a lexicon catches in a folder, against counts made by hand; and the same theme in two languages."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from policy_themes.compare import evidence, find_hits, in_order, language_trends, phrase_evidence
from policy_themes.compare.checks.aligned import (
    document_pairs,
    language_agreement,
    language_leaks,
    read_aligned,
    renderings,
)
from policy_themes.compare.checks.lexicon_check import ENOUGH, phrase_hits, theme_checks, theme_overlaps
from policy_themes.corpus import Corpus
from policy_themes.errors import UsageError
from policy_themes.lexicon import Lexicon, load_lexicon
from policy_themes.schema import conform, rows
from policy_themes.text.normalize import normalize

CorpusOf = Callable[[Mapping[str, str | bytes]], Corpus]
SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", Path(__file__).parents[2] / "shared"))

LEXICON = """
version: "1"
themes:
  - id: safe
    label: {en: Safe, zh: 平安}
    count: {zh: ["平安(中国|校园)?"], en: ["safe china"]}
    exclude: {zh: ["水平安全"]}
  - id: law
    label: {en: Law, zh: 法}
    count: {zh: [法治, "法治(政府|社会)"], en: [rule of law]}
    facets:
      - {id: older, label: {en: Older, zh: 旧}, zh: [法制], scope: wide}
  - id: office
    label: {en: Office, zh: 政府}
    count: {zh: [法治政府], en: [law-based government]}
"""
PAGES = {
    "2019/a.txt": "2019年1月5日\n平安中国，平安中国，高水平安全。建设法治政府，法治，法制。",
    "2021/b.txt": "2021年3月5日\n今天推进平安建设，明天继续开会讨论经济问题。",
}


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path = tmp_path_factory.mktemp("lexicon") / "mine.yml"
    path.write_text(LEXICON, encoding="utf-8")
    return load_lexicon(path, replace=True)


class TestPhrases:
    def test_a_pattern_with_capitals_is_that_of_what_it_catches(self, corpus_of: CorpusOf, tmp_path: Path) -> None:
        (tmp_path / "mine.yml").write_text(LEXICON.replace("[rule of law]", "[Rule of Law]"), encoding="utf-8")
        mine = load_lexicon(tmp_path / "mine.yml", replace=True)
        corpus = corpus_of(
            {"a.txt": "Zhejiang Province held a meeting\nMarch 5, 2021\nWe build the rule of law here.\n"}
        )
        table = phrase_hits(corpus, find_hits(corpus, mine), mine).dropna(subset=["phrase"])
        assert table[["phrase", "pattern", "n_hits"]].to_numpy().tolist() == [["rule of law", "Rule of Law", 1]]

    def test_phrases_their_patterns_and_what_catches_nothing(self, corpus_of: CorpusOf, lexicon: Lexicon) -> None:
        corpus = corpus_of(PAGES)
        table = phrase_hits(corpus, find_hits(corpus, lexicon), lexicon)
        found = [
            (row.theme, row.phrase, row.pattern, row.facet, row.n_hits, row.n_removed, row.n_docs)
            for row in rows(table)
        ]
        assert found == [
            ("safe", "平安中国", "平安(中国|校园)?", None, 2, 0, 1),
            ("safe", "平安", "平安(中国|校园)?", None, 1, 1, 1),
            ("law", "法治", "法治", None, 1, 0, 1),
            ("law", "法治政府", "法治(政府|社会)", None, 1, 0, 1),
            ("law", "法制", "法制", "older", 1, 0, 1),
            ("office", "法治政府", "法治政府", None, 1, 0, 1),
        ]
        assert table["share"].tolist()[:2] == pytest.approx([2 / 3, 1 / 3])
        assert table["first_year"].tolist()[:2] == [2019, 2021] and table["last_year"].tolist()[:2] == [2019, 2021]

    def test_pattern_that_catches_nothing_has_a_row(self, corpus_of: CorpusOf, lexicon: Lexicon) -> None:
        corpus = corpus_of({"a.txt": "2019年1月5日\n今天推进法治建设，明天继续开会讨论经济问题。"})
        table = phrase_hits(corpus, find_hits(corpus, lexicon), lexicon)
        mute = [(row.pattern, row.n_hits) for row in rows(table) if row.phrase is None and row.facet is None]
        assert mute == [("平安(中国|校园)?", 0), ("法治(政府|社会)", 0), ("法治政府", 0)]

    def test_overlaps_count_hits_that_share_text(self, corpus_of: CorpusOf, lexicon: Lexicon) -> None:
        corpus = corpus_of(PAGES)
        table = theme_overlaps(corpus, find_hits(corpus, lexicon))
        assert [(row.theme, row.other, row.n_shared, row.share) for row in rows(table)] == [
            ("office", "law", 1, 1.0),
            ("law", "office", 1, 0.5),
        ]

    def test_what_hangs_on_the_strongest_phrase_is_counted_anew(self, corpus_of: CorpusOf, lexicon: Lexicon) -> None:
        corpus = corpus_of(PAGES)
        hits = find_hits(corpus, lexicon)
        table = theme_checks(corpus, hits, lexicon, phrase_hits(corpus, hits, lexicon)).set_index("theme")
        safe = table.loc["safe"]
        # Without 平安中国, 平安 is found in the same places: nothing is lost.
        assert (safe["strongest"], safe["n_hits"], safe["n_hits_without"], safe["n_removed"]) == ("平安中国", 3, 3, 1)
        office = table.loc["office"]
        assert (office["n_hits"], office["n_hits_without"], office["n_docs_without"]) == (1, 0, 0)
        assert pd.isna(office["first_year_without"]) and office["first_year"] == 2019

    def test_a_theme_that_hardly_any_document_of_a_kind_has_is_said_to_be_no_subject(
        self, corpus_of: CorpusOf, lexicon: Lexicon
    ) -> None:
        page = (
            "{}年政府工作报告\n——{}年1月5日在浙江省人民代表大会上\n各位代表：\n"
            + "今年经济社会发展第{}项工作要抓好。" * 30
        )
        pages = {f"{year}.txt": page.replace("{}", str(year)) for year in range(1990, 1990 + ENOUGH)}
        pages["1990.txt"] += "建设法治政府。"
        for year in range(1990, 1995):
            pages[f"{year}.txt"] += "推进平安建设。"
        corpus = corpus_of(pages)
        assert set(corpus.unique["kind"]) == {"work report"} and len(corpus.unique) == ENOUGH
        hits = find_hits(corpus, lexicon)
        table = theme_checks(corpus, hits, lexicon, phrase_hits(corpus, hits, lexicon)).set_index("theme")
        assert table.loc["law", "no_subject_of"] == f"work report (1 of {ENOUGH})"
        assert pd.isna(table.loc["safe", "no_subject_of"])


class TestTwoLanguages:
    def test_agreement_is_a_plain_count(self) -> None:
        path = SHARED / "corpora" / "gwr_parallel_even_years.jsonl"
        if not path.is_file():
            assert os.environ.get("CI") != "true", f"{path} is not there"
            pytest.skip(f"{path} is not there")
        segments = read_aligned(path)
        table = language_agreement(segments, load_lexicon()).set_index("theme")
        own = table.loc["social_governance"]
        both = only_zh = only_en = 0
        for chinese, english in zip(segments["zh"], segments["en"], strict=True):
            a = "社会治理" in normalize(chinese).text
            lowered = normalize(english).text.lower().replace("\n", " ")
            b = any(phrase in lowered for phrase in ("social governance", "social-governance", "governance of society"))
            both, only_zh, only_en = both + (a and b), only_zh + (a and not b), only_en + (b and not a)
        assert (own["n_both"], own["n_zh_only"], own["n_en_only"]) == (both, only_zh, only_en) and both > 5
        assert own["precision"] == both / (both + only_en) and own["recall"] == both / (both + only_zh)

    @pytest.mark.parametrize(
        ("theme", "precision", "recall"),
        [
            ("modernization", 0.9, 0.8),
            ("rule_of_law", 0.85, 0.85),
            ("lawful_administration", 0.85, 0.85),
            ("legal_education", 0.8, 0.8),
            ("anti_corruption", 0.9, 0.9),
            ("high_quality_development", 0.85, 0.85),
            ("work_safety", 0.9, 0.8),
        ],
    )
    def test_english_patterns_find_what_the_chinese_find(self, theme: str, precision: float, recall: float) -> None:
        path = SHARED / "corpora" / "gwr_parallel_even_years.jsonl"
        if not path.is_file():
            assert os.environ.get("CI") != "true", f"{path} is not there"
            pytest.skip(f"{path} is not there")
        only = load_lexicon()
        own = Lexicon((only.theme(theme),), only.version)
        (row,) = rows(language_agreement(read_aligned(path), own))
        assert row.precision >= precision and row.recall >= recall

    def test_leaks_quote_both_sides(self) -> None:
        segments = pd.DataFrame(
            {"zh": ["平安中国", "推进法治", "无"], "en": ["a country", "rule of law", "rule of law"]}
        )
        table = language_leaks(segments, load_lexicon())
        assert [(row.theme, row.only, row.segment, row.term) for row in rows(table)] == [
            ("rule_of_law", "en", 3, "rule of law"),
            ("safe_china", "zh", 1, "平安中国"),
        ]
        assert table["zh"].tolist() == ["无", "平安中国"] and table["en"].tolist() == ["rule of law", "a country"]

    def test_renderings_name_the_english_beside_each_chinese_term(self) -> None:
        zh = ["平安中国", "平安中国", "建设平安中国", "推进法治", "无"]
        en = ["Peaceful China", "a peaceful China", "a country", "law-based ways", "rule of law"]
        table = renderings(pd.DataFrame({"zh": zh, "en": en}), load_lexicon())
        assert [(row.theme, row.zh, row.en, row.n_segments, row.share) for row in rows(table)] == [
            ("rule_of_law", "法治", "law-based", 1, 1.0),
            ("safe_china", "平安中国", "peaceful china", 2, 2 / 3),
            ("safe_china", "平安中国", None, 1, 1 / 3),
        ]

    def test_correlation_over_the_years_needs_five(self) -> None:
        def table(counts_zh: list[int], counts_en: list[int]) -> float | None:
            segments = [
                {"year": 2000 + year, "zh": "推进法治" if n < a else "无", "en": "rule of law" if n < b else "none"}
                for year, (a, b) in enumerate(zip(counts_zh, counts_en, strict=True))
                for n in range(10)
            ]
            own = language_agreement(pd.DataFrame(segments), load_lexicon()).set_index("theme").loc["rule_of_law"]
            assert own["n_years"] == len(counts_zh)
            return None if pd.isna(own["correlation"]) else float(own["correlation"])

        assert table([1, 2, 3, 4, 5], [2, 4, 6, 8, 9]) == pytest.approx(1)
        assert table([1, 2, 3, 4, 5], [9, 8, 6, 4, 2]) == pytest.approx(-1)
        assert table([1, 2, 3, 4], [2, 4, 6, 8]) is None and table([3] * 5, [1, 2, 3, 4, 5]) is None

    def test_lines_that_are_not_aligned_are_compared_by_movement(self) -> None:
        records = [
            {"theme": theme, "language": language, "year": 2000 + year, "rate_per_10k": rate, "n_docs": 3}
            for theme, lines in {
                "law": {"zh": [1.0, 2.0, 9.0, 4.0, 5.0], "en": [10.0, 20.0, 30.0, 40.0, 50.0]},
                "safe": {"zh": [4.0, 2.0], "en": [1.0, 3.0]},
                "new": {"zh": [0.0, 2.0], "en": [1.0, 3.0]},
                "alone": {"zh": [1.0, 2.0]},
            }.items()
            for language, line in lines.items()
            for year, rate in enumerate(line)
        ]
        rates = conform(
            pd.DataFrame(records).assign(n_docs_with_theme=1, n_hits=1, n_units=1, unit="han", headline="rate",
                                         mark="value", method="m", n_regions=1, n_fixed_regions=0),
            "theme_rates",
        )  # fmt: skip
        table = language_trends(rates, ["law", "safe", "new", "alone"]).set_index("theme")
        assert list(table.index) == ["law", "safe", "new"]
        law = table.loc["law"]
        assert (law["change_zh"], law["change_en"], law["same_direction"]) == (3.0, 3.0, "yes")
        assert law["correlation"] == pytest.approx(0.7) and (law["first_year"], law["last_year"]) == (2000, 2004)
        assert table.loc["safe", "same_direction"] == "no" and pd.isna(table.loc["safe", "correlation"])
        assert pd.isna(table.loc["new", "change_zh"]) and pd.isna(table.loc["new", "same_direction"])

    def test_csv_and_jsonl(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_bytes('\ufeffyear,zh,en\n2020,法治,"rule, of\nlaw"\n2021,,x\n'.encode())
        (tmp_path / "a.jsonl").write_text(json.dumps({"zh": "法治", "en": "rule, of\nlaw"}) + "\n\n", encoding="utf-8")
        for name in ("a.csv", "a.jsonl"):
            table = read_aligned(tmp_path / name)
            assert table[["zh", "en"]].to_numpy().tolist() == [["法治", "rule, of\nlaw"]]
            assert table["year"].isna().tolist() == [name.endswith("l")]

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b'{"zh": "a", "en": "b"}\n{"zh": 1, "en": "b"}\n', "segment 2"),
            (b"[" * 100_000, "line 1"),
            (b"[1]\n", "segment 1"),
            ("法治".encode("gbk"), "UTF-8"),
        ],
    )
    def test_another_form_is_one_message(self, content: bytes, said: str, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes(content)
        with pytest.raises(UsageError, match=said):
            read_aligned(tmp_path / "a.jsonl")

    def test_documents_that_are_translated_are_pairs(self, corpus_of: CorpusOf) -> None:
        zh = "浙江省召开会议\n2021年3月5日\n" + "会议强调，要建设2021个法治社区，投入35亿元，覆盖120个县。" * 8
        en = "Zhejiang holds a meeting\nMarch 5, 2021\n" + (
            "The meeting stressed building 2021 communities under the rule of law, 3.5 billion yuan, in 120 counties. "
            * 8
        )
        corpus = corpus_of({"zh/a.txt": zh, "en/a.txt": en})
        assert corpus.documents["translation_of"].notna().sum() == 1
        (pair,) = rows(document_pairs(corpus))
        assert pair.zh.startswith("浙江省") and pair.en.startswith("Zhejiang")


class TestConcordance:
    def test_window_reaches_beyond_the_sentence(self, corpus_of: CorpusOf, lexicon: Lexicon) -> None:
        corpus = corpus_of({"a.txt": "2019年1月5日\n甲乙丙。丁平安中国戊。己庚辛也在这里继续讨论问题。"})
        hits = find_hits(corpus, lexicon)
        (narrow,) = rows(evidence(corpus, hits))
        assert (narrow.left, narrow.match, narrow.right) == ("丁", "平安中国", "戊。")
        (wide,) = rows(evidence(corpus, hits, window=4))
        assert (wide.left, wide.right) == ("乙丙。丁", "戊。己庚")
        (none,) = rows(phrase_evidence(corpus, "平安", window=0))
        assert (none.left, none.match, none.right) == ("", "平安", "")

    def test_sorted_by_what_stands_before_or_after(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"a.txt": "2019年1月5日\n乙甲法治丙，甲丁法治乙，丁乙法治甲。今天继续开会讨论经济问题。"})
        table = phrase_evidence(corpus, "法治", window=2)
        assert in_order(table, "text")["right"].str[0].tolist() == ["丙", "乙", "甲"]
        assert in_order(table, "right")["right"].str[0].tolist() == sorted("丙乙甲")
        assert in_order(table, "left")["left"].str[-1].tolist() == sorted("甲丁乙")
