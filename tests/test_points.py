"""The structure of official prose: lists with their points, parts of reports, passages that nothing is counted in."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_themes.corpus import Corpus
from policy_themes.corpus.markers import number_of
from policy_themes.corpus.passages import COUNTED
from policy_themes.corpus.points import find_points, mismatches, path_at
from policy_themes.corpus.sections import glossary_span, report_parts
from policy_themes.study import open_study
from policy_themes.text.sentences import lines
from policy_themes.text.spans import Span

CorpusOf = Callable[[Mapping[str, str | bytes]], Corpus]
SEEDS = Path(__file__).parents[1] / "seeds"
SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", Path(__file__).parents[2] / "shared"))
BODY = "要坚持依法治国，推进平安建设，完善社会治理体系，化解矛盾纠纷，提高人民群众的安全感和满意度。"
HAN = "一二三四五六七八九"


def found(text: str, language: str = "zh") -> list[tuple[int, str, int | None]]:
    points = find_points(text, lines(text), language)  # type: ignore[arg-type]
    return [(point.number, point.style, point.announced) for point in points]


class TestStyles:
    @pytest.mark.parametrize(
        ("text", "language", "style", "numbers"),
        [
            (f"一、总则\n{BODY}\n二、分则\n{BODY}\n三、附则\n{BODY}", "zh", "chapter", [1, 2, 3]),
            (f"第一部分 回顾\n{BODY}\n第二部分 安排\n{BODY}", "zh", "part", [1, 2]),
            (f"(一)立法。{BODY}\n(二)执法。{BODY}", "zh", "section", [1, 2]),
            (f"1.立法\n{BODY}\n2.执法\n{BODY}", "zh", "number", [1, 2]),
            ("要抓好工作。第一,立法。第二,执法。第三,司法。", "zh", "ordinal", [1, 2, 3]),
            ("要抓好工作,一是立法,二是执法,三是司法。", "zh", "is", [1, 2, 3]),
            ("——立法要先行。\n——执法要公正。\n——司法要为民。", "zh", "dash", [1, 2, 3]),
            ("在立法方面,要先行。在执法方面,要公正。", "zh", "phrase", [1, 2]),
            ("推进理念现代化,要解放思想;推进体系现代化,要完善制度;推进能力现代化,要强化本领。", "zh", "task", [1, 2, 3]),
            ("The first is law. The second is order. The third is care.", "en", "ordinal", [1, 2, 3]),
            ("We focus: firstly, law. Second, order.Thirdly, care.", "en", "ordinal", [1, 2, 3]),
            ("In terms of law, we act. In terms of order, we act.", "en", "phrase", [1, 2]),
            ("First and foremost, law. Second, order. Third, care.", "en", "ordinal", [1, 2, 3]),
            ("We have three tasks: one is to make law; two is to keep order.", "en", "is", [1, 2]),
            ("I. Review of work\nWe did.\nII. Plan\nWe will.", "en", "roman", [1, 2]),
            ("首先,立法。其次,执法。最后,司法。", "zh", "sequence", [1, 2, 3]),
            ("其一,立法。其二,执法。", "zh", "its", [1, 2]),
            ("要求:1.加强立法。2.规范执法。3.公正司法。", "zh", "number", [1, 2, 3]),
            ("一要抓立法:一是起草;二是审议。二要抓执法:一是检查;二是处罚。三要抓普法。", "zh", "shall", [1, 2, 3]),
            ("How?– Adhering to law.We act.– Keeping order.", "en", "dash", [1, 2]),
            (
                "To promote the modernization of ideas, we must think; to promote the modernization of systems, we must "
                "build to promote the modernization of skills, we must learn.", "en", "task", [1, 2, 3],
            ),
        ],
    )  # fmt: skip
    def test_each_style_is_found(self, text: str, language: str, style: str, numbers: list[int]) -> None:
        own = [number for number, name, _ in found(text, language) if name == style]
        assert own == numbers

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            (f"这是第一,也是唯一。{BODY}", "zh"),
            ("三是司法,五是守法。", "zh"),
            ("一是立法。", "zh"),
            ("他第二次来访,第三天离开。", "zh"),
            ("Article 1.5 and 2.7 apply. The second party agrees.", "en"),
            ("In terms of law, we act.", "en"),
        ],
    )
    def test_what_is_no_list(self, text: str, language: str) -> None:
        assert found(text, language) == []

    @pytest.mark.parametrize(
        ("text", "language", "outer"),
        [
            (
                "一是完善机制:(1)建立台账;(2)定期通报。二是压实责任:(1)明确分工;(2)严格考核。三是加强宣传。",
                "zh",
                [1, 2, 3],
            ),
            ("First, we plan: (1) law; (2) order. Second, we act: (1) now; (2) here. Third, we end.", "en", [1, 2, 3]),
            ("一是立法。二是执法。\n二是没有落实到位。三是责任不实。", "zh", [1, 2]),
        ],
    )
    def test_what_stands_between_the_points(self, text: str, language: str, outer: list[int]) -> None:
        points = find_points(text, lines(text), language)  # type: ignore[arg-type]
        assert [point.number for point in points if point.list == 1] == outer

    def test_a_list_inside_a_point_does_not_end_it(self) -> None:
        text = f"一、总则\n一是立法。二是执法。\n{BODY}\n二、附则\n一是司法。二是守法。"
        points = find_points(text, lines(text), "zh")
        assert [(point.list, point.number, point.style) for point in points] == [
            (1, 1, "chapter"), (2, 1, "is"), (2, 2, "is"), (1, 2, "chapter"), (3, 1, "is"), (3, 2, "is"),
        ]  # fmt: skip
        assert path_at(points, text.index("守法")) == "2.2"
        assert path_at(points, text.index(BODY) + 5) == "1"
        assert path_at(points, text.index("执法")) == "1.2"

    @given(st.lists(st.integers(2, 9), min_size=1, max_size=6))
    def test_the_points_of_a_list_are_those_that_were_written(self, sizes: list[int]) -> None:
        text = "\n".join(
            f"{HAN[place]}、工作\n" + "".join(f"{HAN[n]}是做好工作{n}。" for n in range(size))
            for place, size in enumerate(sizes)
        )
        points = find_points(text, lines(text), "zh")
        inner = [[point.number for point in points if point.list == name and point.style == "is"] for name in
                 sorted({point.list for point in points if point.style == "is"})]  # fmt: skip
        assert inner == [list(range(1, size + 1)) for size in sizes]
        assert all(0 <= point.span.start < point.span.end <= len(text) for point in points)

    @given(st.integers(1, 99))
    def test_numbers_in_han_digits(self, number: int) -> None:
        tens, ones = divmod(number, 10)
        written = ("" if tens == 0 else "十" if tens == 1 else HAN[tens - 1] + "十") + (HAN[ones - 1] if ones else "")
        assert number_of(written) == number


class TestAnnounced:
    @pytest.mark.parametrize(
        ("text", "language", "said"),
        [
            ("重点抓好以下四个方面工作:一是立法。二是执法。三是司法。", "zh", ["announces 4, holds 3"]),
            ("重点抓好以下三个方面工作:一是立法。二是执法。三是司法。", "zh", []),
            ("十件实事全面完成。一是立法。二是执法。", "zh", []),
            ("五年来成绩显著。一是立法。二是执法。", "zh", []),
            ("We should focus on four aspects of work: firstly, law. Second, order. Thirdly, care.", "en",
             ["announces 4, holds 3"]),
            ("重点做好以下四个方面工作。\n一是立法。\n二是执法。\n三是司法。", "zh", ["announces 4, holds 3"]),
            ("We should meet four requirements.\nFirst, law.\nSecond, order.", "en", ["announces 4, holds 2"]),
            ("围绕省委10项重点任务抓好三个方面工作:一是立法。二是执法。三是司法。", "zh", []),
            ("要做好两方面工作:一是立法。——完善。——加强。——严格。二是执法。", "zh", []),
            ("We should focus on two aspects. The first is law. The second is order.", "en", []),
            ("集中抓好九个方面37项任务:\n" + "\n".join(f"({name})工作。{BODY}" for name in HAN), "zh", []),
        ],
    )  # fmt: skip
    def test_what_is_announced_and_what_is_held(self, text: str, language: str, said: list[str]) -> None:
        assert mismatches(find_points(text, lines(text), language)) == said  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return open_study(SEEDS).source


class TestSeeds:
    """What a careful reader finds in the five documents."""

    def lists(self, corpus: Corpus, start: str) -> list[tuple[str, int, int | None]]:
        doc_id = corpus.documents.loc[corpus.documents["path"].str.startswith(start), "doc_id"].iloc[0]
        own = corpus.points[(corpus.points["doc_id"] == doc_id) & (corpus.points["point"] == 1)]
        return [(row.style, int(row.found), None if pd.isna(row.announced) else int(row.announced))
                for row in own.itertuples()]  # fmt: skip

    @pytest.mark.parametrize(
        ("start", "lists"),
        [
            ("000", [("ordinal", 8, 8)]),
            ("001", [("ordinal", 3, 4), ("phrase", 5, None)]),
            ("002", [("task", 4, None)]),
            ("003", []),
            ("004", [("dash", 6, None)]),
        ],
    )
    def test_lists(self, corpus: Corpus, start: str, lists: list[tuple[str, int, int | None]]) -> None:
        assert self.lists(corpus, start) == lists

    def test_only_the_one_that_was_cut_short_is_noted(self, corpus: Corpus) -> None:
        notes = corpus.documents.set_index("path")["notes"].dropna()
        assert notes.to_dict() == {"001_b7bab0eb4a900e73.txt": "announces 4, holds 3"}

    def test_a_passage_holds_the_beginning_of_its_point(self, corpus: Corpus) -> None:
        own = corpus.passages[corpus.passages["point"].notna()]
        assert len(own) >= 20
        first = own[own["point"] == "2.1"].iloc[0]
        text = corpus.normalized(first["doc_id"])[first["start"] : first["end"]]
        assert "In terms of legislation" in text and "lawful administration" not in text


class TestParts:
    @pytest.mark.parametrize(
        ("heads", "parts"),
        [
            (["一、2022年工作回顾", "二、2023年工作安排"], (0, 1)),
            (["一、过去五年工作回顾", "二、大力推进振兴", "三、加强自身建设"], (0, 1)),
            (["一、关于2022年工作", "二、关于2023年工作"], (0, 1)),
            (["一、工业稳步增长", "二、农业连年丰收"], None),
            (["一、2022年工作回顾", "二、存在的问题和不足", "三、2023年工作打算"], (0, 2)),
            (["2022年工作回顾", "一、守护民生", "二、办好检察建议", "2023年工作安排", "一、继续努力"], (0, 3)),
            (["各位代表", "今年任务"], None),
        ],
    )
    def test_review_and_plan(self, heads: list[str], parts: tuple[int, int] | None) -> None:
        text = "\n".join(f"{head}\n{BODY}" for head in heads)
        starts = [text.index(head) for head in heads]
        expected = None if parts is None else (starts[parts[0]], starts[parts[1]])
        assert report_parts(text, lines(text), 2023) == expected

    def test_a_court_may_list_its_tasks_in_chapter_two(self) -> None:
        heads = ["一、2022年工作回顾", "二、做好民事审判工作", "三、2023年工作安排"]
        text = "\n".join(f"{head}\n{BODY}" for head in heads)
        assert report_parts(text, lines(text), 2023, of_government=False) == (0, text.index(heads[2]))
        assert report_parts(text, lines(text), 2023) == (0, text.index(heads[1]))

    def test_where_a_reprint_without_parts_came_first_the_report_itself_counts(self, tmp_path: Path) -> None:
        body = f"一、2022年工作回顾\n平安建设成效明显。{BODY}\n二、2023年工作安排\n法治建设要加强。{BODY * 3}"
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "b.txt").write_text(f"浙江两会授权发布全文\n2023-01-23\n{body}", "utf-8")
        (tmp_path / "a" / "c.txt").write_text(f"浙江省政府工作报告\n2023-01-25\n{body}", "utf-8")
        for copies in ("one", "weighted"):
            (tmp_path / "plan.yml").write_text(f"part: plan\ncopies: {copies}\n", "utf-8")
            study = open_study(tmp_path / "a", tmp_path / "plan.yml")
            assert study.source.documents["duplicate_of"].notna().sum() == 1
            assert list(study.corpus.unique["path"]) == ["c.txt"] and study.languages == ("zh",)
            rate = study.rates(by=()).set_index("theme").loc["rule_of_law"]
            assert int(rate["n_docs"]) == 1 and int(rate["n_hits"]) >= 1

    def test_a_setting_counts_one_part(self, tmp_path: Path) -> None:
        report = f"政府工作报告\n2023年1月12日在会议上\n一、2022年工作回顾\n平安建设成效明显。{BODY}\n二、2023年工作安排\n法治建设要加强。"
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "浙江省2023年政府工作报告.txt").write_text(report + BODY * 3, "utf-8")
        (tmp_path / "a" / "消息.txt").write_text("平安建设会议召开\n2023-02-01\n" + BODY, "utf-8")
        whole = open_study(tmp_path / "a")
        assert list(whole.corpus.passages["part"].dropna().unique()) == ["review", "plan"]
        lengths = {}
        for part in ("review", "plan"):
            (tmp_path / f"{part}.yml").write_text(f"part: {part}\n", "utf-8")
            study = open_study(tmp_path / "a", tmp_path / f"{part}.yml")
            assert set(study.corpus.passages["part"]) == {part} and len(study.corpus.documents) == 1
            lengths[part] = int(study.corpus.documents["n_units"].iloc[0])
            assert lengths[part] == int(study.corpus.passages["n_units"].sum())
            safe = study.rates(by=()).set_index("theme").loc["safe_china"]
            assert (int(safe["n_hits"]) == 2) == (part == "review")
        assert lengths["plan"] > lengths["review"]

    def test_a_glossary_is_a_passage_that_nothing_is_counted_in(self, corpus_of: CorpusOf) -> None:
        body = f"平安建设会议召开\n2023-02-01\n{BODY}\n{BODY}\n{BODY}\n"
        with_notes = corpus_of({"a.txt": f"{body}名词解释\n1.平安中国:指{BODY}\n2.枫桥经验:指{BODY}"})
        without = corpus_of({"a.txt": body})
        assert set(with_notes.passages["role"]) == {"title", "body", "glossary"}
        assert int(with_notes.documents["n_units"].iloc[0]) == int(without.documents["n_units"].iloc[0])
        assert {passage.role for passage in with_notes.iter_passages()} == set(COUNTED)

    def test_a_glossary_begins_at_its_heading_and_ends_at_the_next_annex(self, corpus_of: CorpusOf) -> None:
        page = f"平安建设会议召开\n2023-02-01\n{BODY}\n{BODY}\n{BODY}\n让我们努力奋斗!\n名词解释\n1.枫桥经验:就地解决。\n" \
               f"2.网格:单元。\n附件2:任务分工\n{BODY}"  # fmt: skip
        corpus = corpus_of({"a.txt": page})
        text = corpus.normalized(corpus.documents["doc_id"].iloc[0])
        roles = {text[row.start : row.end][:6]: row.role for row in corpus.passages.itertuples()}
        assert roles["让我们努力奋"] == "body" and roles["附件2:任务"] == "body"
        glossary = corpus.passages[corpus.passages["role"] == "glossary"]
        assert text[int(glossary["start"].min()) : int(glossary["end"].max())].startswith("名词解释")
        assert "枫桥经验" not in "".join(passage.text for passage in corpus.iter_passages())

    def test_a_body_with_bracketed_numbers_is_no_glossary(self) -> None:
        text = "\n".join(f"[{number}]各地要坚持依法治国。{BODY}" for number in range(1, 5))
        assert glossary_span(text, lines(text)) is None

    def test_notes_at_the_end_are_a_glossary_and_references_within_are_not(self) -> None:
        rows = [
            f"建设平安中国[1]。{BODY}",
            f"[2]是正文。{BODY}",
            "谢谢大家!",
            "[1]平安:指…",
            "[2]枫桥:指…",
            "[3]综治:指…",
        ]
        text = "\n".join(rows)
        assert glossary_span(text, lines(text)) == Span(text.index("[1]平安"), len(text))
        assert glossary_span("\n".join(rows[:4]), lines("\n".join(rows[:4]))) is None


class TestLanguages:
    ENGLISH = "The provincial meeting stressed the rule of law and the modernization of social governance in every " \
              "county, and called for a safe and just society for all the people of the province this year."  # fmt: skip

    def test_a_paragraph_in_another_language_is_kept_apart(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"a.txt": f"平安建设会议召开\n2023-02-01\n{BODY}{BODY}\n{self.ENGLISH}\n{BODY}"})
        assert list(corpus.passages["role"]) == ["title", "body", "other_language", "body"]
        assert list(corpus.passages["language"]) == ["zh", "zh", "en", "zh"]
        row = corpus.documents.iloc[0]
        assert (row["language"], row["notes"]) == ("zh", "mixed_language")

    def test_a_paragraph_in_both_languages_is_no_other_language(self, corpus_of: CorpusOf) -> None:
        both = f"坚持和发展新时代枫桥经验,推动矛盾纠纷就地化解。 {self.ENGLISH}"
        corpus = corpus_of({"a.txt": f"平安建设会议召开\n2023-02-01\n{BODY}{BODY}{BODY}{BODY}\n{both}"})
        assert set(corpus.passages["role"]) == {"title", "body"}

    def test_names_and_brands_are_no_other_language(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"a.txt": f"平安建设会议召开\n2023-02-01\n采用AI、5G和Big Data技术。{BODY}"})
        assert set(corpus.passages["role"]) == {"title", "body"} and corpus.documents["notes"].isna().all()

    def test_another_script_is_no_counted_passage(self, corpus_of: CorpusOf) -> None:
        tibetan = "བོད་ལྗོངས་ཀྱི་ཁྲིམས་ལུགས་" * 8
        corpus = corpus_of({"a.txt": f"平安建设会议召开\n2023-02-01\n{BODY}{BODY}{BODY}\n{tibetan}\n{BODY}"})
        apart = corpus.passages[corpus.passages["role"] == "other_language"]
        assert len(apart) == 1 and apart["language"].isna().all()

    @pytest.mark.parametrize(
        ("text", "script"),
        [(BODY, "simplified"), ("堅持依法治國，推進平安建設，完善社會治理體系，化解矛盾糾紛。" * 3, "traditional")],
    )
    def test_script(self, text: str, script: str, corpus_of: CorpusOf) -> None:
        assert corpus_of({"a.txt": text}).documents["script"].iloc[0] == script

    def test_english_has_no_script(self, corpus_of: CorpusOf) -> None:
        assert corpus_of({"a.txt": self.ENGLISH}).documents["script"].isna().all()


@pytest.fixture(scope="module")
def reports() -> Corpus:
    folder = SHARED / "corpora" / "prov_gwr"
    if not folder.is_dir():
        pytest.skip("needs the shared work reports")
    return open_study(folder).source


@pytest.mark.long
def test_work_reports_hold_as_many_points_as_they_announce(reports: Corpus) -> None:
    first = reports.points[(reports.points["point"] == 1) & reports.points["announced"].notna()]
    assert len(first) >= 150
    assert (first["announced"] == first["found"]).mean() >= 0.95


@pytest.mark.long
def test_the_plan_of_a_work_report_begins_where_its_collector_marked_it(reports: Corpus) -> None:
    plans = reports.passages[reports.passages["part"] == "plan"].groupby("doc_id")["start"].min()
    right = wrong = unknown = 0
    for row in reports.documents.itertuples():
        mark = re.search("二&、", reports.normalized(row.doc_id))
        if mark is None:
            continue
        if row.doc_id not in plans:
            unknown += 1
        elif plans[row.doc_id] == mark.start():
            right += 1
        else:
            wrong += 1
    assert wrong == 0 and right >= 0.98 * (right + unknown)


def test_positions_are_of_the_normalised_text(corpus_of: CorpusOf) -> None:
    corpus = corpus_of({"a.txt": "會議強調，要抓好三個方面工作：一是立法。二是執法。三是司法。" + BODY})
    text = corpus.normalized(corpus.documents["doc_id"].iloc[0])
    cut = [Span(int(row.start), int(row.end)).of(text) for row in corpus.points.itertuples()]
    assert cut == ["一是立法。", "二是执法。", f"三是司法。{text.partition('三是司法。')[2]}"]
