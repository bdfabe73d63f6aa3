"""A folder becomes documents: nothing is lost, nothing is guessed."""

import hashlib
import os
import subprocess
import sys
import tempfile
from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_themes.corpus import Corpus, read_corpus
from policy_themes.corpus.clean import clean
from policy_themes.corpus.clues import Clues
from policy_themes.corpus.dates import DateFound, event_date, parse_date
from policy_themes.corpus.decode import decode
from policy_themes.corpus.gazetteer import Gazetteer
from policy_themes.corpus.institutions import classify
from policy_themes.corpus.overrides import load_overrides
from policy_themes.corpus.passages import passages
from policy_themes.corpus.places import locate
from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.regions import load_regions
from policy_themes.text.normalize import normalize
from policy_themes.text.units import count_units

CorpusOf = Callable[[Mapping[str, str | bytes]], Corpus]
WriteFiles = Callable[[Path, Mapping[str, str | bytes]], Path]
AsNobody = Callable[[Mapping[str, str | bytes], str], list[str]]
ZH = "朱镕基总理在会议上强调要坚持依法行政，建设法治政府，推进国家治理体系和治理能力现代化。"
TW = "立法院院長今日在會議上強調，應堅持依法行政，建設法治政府，推進國家治理體系現代化，保障人民權益。"
REGIONS = load_regions()


def ledger(corpus: Corpus) -> dict[str, tuple[str, str | None]]:
    return {row.path: (row.outcome, None if pd.isna(row.reason) else row.reason) for row in corpus.ledger.itertuples()}


def one(corpus: Corpus) -> "pd.Series[str]":
    assert len(corpus.documents) == 1
    return corpus.documents.iloc[0]


class TestDecode:
    @pytest.mark.parametrize(
        ("codec", "text", "encoding"),
        [
            ("utf-8", ZH, "utf-8"),
            ("utf-8-sig", ZH, "utf-8-sig"),
            ("gb18030", ZH, "gb18030"),
            ("gbk", ZH, "gb18030"),
            ("utf-16", ZH, "utf-16"),
            ("utf-32", ZH, "utf-32"),
            ("utf-16-le", ZH, "utf_16_le"),
            ("utf-16-be", ZH, "utf_16_be"),
            ("ascii", "rule of law", "utf-8"),
            ("gb18030", ZH + "𠮷林", "gb18030"),
        ],
    )
    def test_right_text_and_the_name_of_its_encoding(self, codec: str, text: str, encoding: str) -> None:
        decoded = decode(text.encode(codec))
        assert decoded is not None and (decoded.text, decoded.encoding) == (text, encoding)

    def test_big5_is_right_or_refused(self) -> None:
        decoded = decode(TW.encode("big5"))
        assert decoded is None or decoded.text == TW

    @pytest.mark.parametrize(
        "content",
        [
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0\x08\6\0\0\0",
            b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0",
            bytes(range(256)) * 8,
        ],
    )
    def test_binary_and_broken_are_refused(self, content: bytes) -> None:
        assert decode(content) is None

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    def test_a_text_cut_inside_its_last_character_says_so(self, encoding: str) -> None:
        decoded = decode((ZH * 3).encode(encoding)[:-1])
        assert decoded is not None
        assert decoded.text == (ZH * 3)[:-1] + "\ufffd"
        assert decoded.notes == ("truncated_encoding",)

    @pytest.mark.parametrize("content", [b"%PDF-1.4\n\xff\xfe\x00\x01\x02", b"abc\0def\x01"])
    def test_short_binary_is_refused(self, content: bytes) -> None:
        assert decode(content) is None

    def test_hz_is_refused_or_read(self) -> None:
        decoded = decode("依法治国".encode("hz"))
        assert decoded is None or decoded.text == "依法治国"


class TestDates:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("2021年3月5日", "2021-03-05"),
            ("2021年 3月 5号", "2021-03-05"),
            ("2021-3-5", "2021-03-05"),
            ("2021/03/05 10:20", "2021-03-05"),
            ("2021.3.5", "2021-03-05"),
            ("20210305", "2021-03-05"),
            ("March 5, 2021", "2021-03-05"),
            ("march 5th, 2021", "2021-03-05"),
            ("Mar. 5, 2021", "2021-03-05"),
            ("Sept. 5, 2021", "2021-09-05"),
            ("5 March 2021", "2021-03-05"),
            ("5th May, 2021", "2021-05-05"),
            ("二〇二一年三月五日", "2021-03-05"),
            ("二○二一年十二月三十一日", "2021-12-31"),
            ("二零二一年十月二十日", "2021-10-20"),
            ("2024-02-29", "2024-02-29"),
            ("2021年3月", "2021-03"),
            ("二〇二一年三月", "2021-03"),
            ("2021-03", "2021-03"),
            ("2021年", "2021"),
            ("2021", "2021"),
            ("In 2020 and on 2022-02-03", "2022-02-03"),
        ],
    )
    def test_forms(self, text: str, value: str) -> None:
        found = parse_date(text, source="x")
        assert found == DateFound(value, {4: "year", 7: "month", 10: "day"}[len(value)], "x")
        assert found.year == int(value[:4])

    @pytest.mark.parametrize(
        "text",
        [
            "2023-02-29",
            "2023年2月29日",
            "二〇二三年二月二十九日",
            "2023-13-01",
            "2023年13月1日",
            "2021年3月50日",
            "20230230",
            "Feb 29, 2023",
            "31 June 2021",
            "0001-01-01",
            "1899-12-31",
            "2101年1月1日",
            "12021-03-05",
            "民国三十八年",
            "May",
            "10",
            "3月5日",
            "",
        ],
    )
    def test_no_date_of_the_calendar_is_no_date(self, text: str) -> None:
        assert parse_date(text, source="x") is None

    def test_ambiguous_day_and_month_are_not_guessed(self) -> None:
        found = parse_date("03/04/2020", source="x")
        assert found is not None and found.value == "2020"

    def test_english_month_and_year(self) -> None:
        found = parse_date("March 2021", source="x")
        assert found is not None and found.value == "2021-03"

    def test_bare_years_only_where_they_may_count(self) -> None:
        assert parse_date("2021", source="x", years_alone=False) is None
        assert parse_date("2021年3月", source="x", years_alone=False) is not None

    @given(st.integers(1890, 2110), st.integers(1, 14), st.integers(1, 33), st.sampled_from(["-", "年月日", "/", "en"]))
    def test_a_day_is_found_exactly_if_the_calendar_has_it(self, year: int, month: int, day: int, form: str) -> None:
        names = [*"?", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October"]
        names += ["November", "December"]
        if form == "en":
            if not 1 <= month <= 12:
                return
            text = f"{names[month]} {day}, {year}"
        else:
            text = f"{year}年{month}月{day}日" if len(form) > 1 else f"{year}{form}{month}{form}{day}"
        possible = 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
        found = parse_date(text, source="x")
        assert (found is not None) == possible
        assert found is None or found.value == date(year, month, day).isoformat()

    @pytest.mark.parametrize("text", ["2021-00-15", "2021年0月15日"])
    def test_no_month_zero(self, text: str) -> None:
        found = parse_date(text, source="x")
        assert found is None or found.precision != "day"

    @given(st.text("123456789年月日-/. 二〇十三MaryJune,", max_size=20))
    def test_whatever_is_found_is_in_the_calendar(self, text: str) -> None:
        found = parse_date(text, source="x")
        if found is not None:
            year, month, day = (*map(int, found.value.split("-")), 1, 1)[:3]
            assert date(year, month, day) and 1900 <= year <= 2100

    @pytest.mark.parametrize(
        ("lead", "published", "event"),
        [
            ("On the afternoon of January 14th, the", "2024-01-15", "2024-01-14"),
            ("On January 15, the", "2024-01-15", "2024-01-15"),
            ("Held on Dec. 30, the", "2024-01-15", "2023-12-30"),
            ("3月4日，会议", "2024-03-05", "2024-03-04"),
            ("2022年3月4日，会议", "2024-03-05", "2022-03-04"),
            ("2025年3月4日，会议", "2024-03-05", None),
            ("On February 30, the", "2024-03-05", None),
            ("The meeting", "2024-03-05", None),
        ],
    )
    def test_event(self, lead: str, published: str, event: str | None) -> None:
        assert event_date(lead, DateFound(published, "day", "x")) == event
        assert event_date(lead, None) is None
        assert event_date(lead, DateFound(published[:7], "month", "x")) is None

    def test_file_time_is_no_date(self, corpus_of: CorpusOf) -> None:
        row = one(corpus_of({"a.txt": "坚持依法治国，建设法治政府。"}))
        assert pd.isna(row["date"]) and pd.isna(row["year"]) and row["date_source"] == "no date found"

    def test_header_before_file_name_before_title(self, corpus_of: CorpusOf) -> None:
        page = "关于2019年工作的报告\n{}坚持依法治国，建设法治政府。"
        corpus = corpus_of(
            {
                "2020-02-02.txt": page.format("2021年3月5日\n"),
                "2020-02-03.txt": page.format("") + "甲",
                "x.txt": page.format("") + "乙",
            }
        )
        found = {row.path: (row.date, row.date_source) for row in corpus.documents.itertuples()}
        assert found == {
            "2020-02-02.txt": ("2021-03-05", "page header"),
            "2020-02-03.txt": ("2020-02-03", "file name"),
            "x.txt": ("2019", "title"),
        }


class TestPlaces:
    @pytest.mark.parametrize(
        ("text", "language", "codes"),
        [
            ("Shanxi and Shaanxi", "en", ["140000", "610000"]),
            ("陕西与山西", "zh", ["610000", "140000"]),
            ("上海南京路", "zh", ["310000"]),
            ("吉林省吉林市", "zh", ["220200"]),
            ("Shanxian county", "en", []),
            ("Inner Mongolia Autonomous Region", "en", ["150000"]),
            ("黑龙江省与内蒙古自治区", "zh", ["230000", "150000"]),
            ("nothing", "en", []),
        ],
    )
    def test_names_in_text(self, text: str, language: str, codes: list[str]) -> None:
        assert [place.code for place in Gazetteer(REGIONS).find(text, language)] == codes  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("clues", "code", "source"),
        [
            (Clues("山西省会议召开", "陕西/a.txt", "陕西日报", "陕西省政府", "zh"), "140000", "title"),
            (Clues("全国会议召开", "陕西/a.txt", "", "", "zh"), "000000", "title"),
            (Clues("山西和陕西的会议", "a.txt", "", "", "zh"), None, "no region named"),
            (Clues("会议召开", "陕西/2021.txt", "山西日报", "山西省政府", "zh"), "610000", "path"),
            (Clues("会议召开", "a.txt", "山西日报", "陕西省政府", "zh"), "140000", "outlet"),
            (Clues("", "a.txt", "", "日前，陕西省政府召开会议。", "zh"), "610000", "issuer"),
            (Clues("", "a.txt", "", "日前，司法部在陕西省召开会议。", "zh"), "000000", "issuer"),
            (Clues("", "a.txt", "", "The Shaanxi Provincial Court met.", "en"), "610000", "issuer"),
            (
                Clues("", "a.txt", "", "一。二。各地交流。浙江、江苏、浙江发言。", "zh"),
                None,
                "several regions named: 320000, 330000",
            ),
            (Clues("", "a.txt", "", "一。二。到陕西考察。", "zh"), None, "named once only: 610000"),
            (Clues("", "a.txt", "", "一。二。到陕西，在陕西考察。", "zh"), "610000", "body"),
            (Clues("", "a.txt", "", "一。二。全省，平安陕西。", "zh"), "610000", "body"),
            (Clues("", "a.txt", "", "一。二。", "zh"), None, "no region named"),
        ],
    )
    def test_what_it_says_of_itself_comes_first(self, clues: Clues, code: str | None, source: str) -> None:
        placed = locate(clues, Gazetteer(REGIONS))
        assert (placed.code, placed.source) == (code, source)

    def test_institution_that_stands_first_in_the_title(self) -> None:
        assert classify("institutions", Clues("省司法厅与省检察院会议", "", "", "法院", "zh")) == "justice"
        assert classify("institutions", Clues("", "", "", "The Provincial High Court met", "en")) == "court"
        assert classify("institutions", Clues("会", "", "", "会", "zh")) is None
        assert classify("kinds", Clues("政府工作报告", "", "", "", "zh")) == "work report"

    def test_names_and_levels_stand_in_the_table(self, toy: Corpus) -> None:
        row = toy.documents.set_index("path").loc["zh/c.txt"]
        columns = ["region_code", "region_en", "region_zh", "region_level", "region_source"]
        assert row[columns].tolist() == ["610000", "Shaanxi", "陕西省", "province", "title"]

    @pytest.mark.parametrize(
        ("table", "said"),
        [
            ("code,name\n1,a\n", "own.csv lacks the column(s) name_en, name_zh. It has: code, name; needed:"),
            ("code,name_en,name_zh\n1,A,甲\n2,B,甲\n", "own.csv gives the name '甲' to 1 and to 2. Leave it with one"),
        ],
    )
    def test_faulty_table_of_regions(self, table: str, said: str, tmp_path: Path) -> None:
        (tmp_path / "own.csv").write_text(table, encoding="utf-8")
        with pytest.raises(UsageError) as caught:
            load_regions(tmp_path / "own.csv")
        assert str(caught.value).startswith(said)

    def test_own_table_of_regions(self, tmp_path: Path) -> None:
        (tmp_path / "own.csv").write_text("code,name_en,name_zh,aliases_en\nN1,North,北方,Northland|Far N\n", "utf-8")
        regions = load_regions(tmp_path / "own.csv")
        found = Gazetteer(regions).find("Northland, Far N, Beijing", "en")
        assert [place.code for place in found] == ["N1", "N1"]
        assert (regions.name("N1", "zh"), regions.name("zz", "zh"), regions.name(None, "en")) == (
            "北方",
            "未知",
            "unknown",
        )


AWKWARD: Mapping[str, str | bytes] = {
    "good.txt": "坚持依法治国，建设法治政府。",
    "deep/er/good.MD": "The rule of law must be upheld.",
    "no_ending": "推进国家治理体系现代化，保障公平。",
    "empty.txt": b"",
    "blank.txt": "\ufeff \n\u3000\u200b\n",
    "scan.pdf": b"%PDF-1.4\n\xff\xfe",
    "binary.txt": bytes(range(256)) * 8,
    "tibetan.txt": "བོད་ཡིག་གི་ཡིག་ཆ།",
    "chrome.txt": "Edit: Ying Ying\nSource: http://www.legaldaily.com.cn",
    "two\nlines.txt": "深入推进平安建设，维护社会稳定。",
    "~$good.docx": b"x",
    ".DS_Store": b"x",
    ".git/config": "the law of git",
    "sub/Thumbs.db": b"x",
}
EXPECTED = {
    "good.txt": ("kept", None),
    "deep/er/good.MD": ("kept", None),
    "no_ending": ("kept", None),
    "empty.txt": ("quarantined", "empty_file"),
    "blank.txt": ("quarantined", "empty_text"),
    "scan.pdf": ("quarantined", "corrupt"),
    "binary.txt": ("quarantined", "encoding_uncertain"),
    "tibetan.txt": ("skipped", "language"),
    "chrome.txt": ("quarantined", "boilerplate_only"),
    "two\nlines.txt": ("kept", None),
    "~$good.docx": ("skipped", "ignored"),
    ".DS_Store": ("skipped", "ignored"),
    "sub/Thumbs.db": ("skipped", "ignored"),
    "link.txt": ("skipped", "symlink"),
    "loop": ("skipped", "symlink"),
    "dangling": ("skipped", "symlink"),
    "pipe.txt": ("skipped", "not_regular"),
}
AS_NOBODY = """
import os, sys
from pathlib import Path
from policy_themes.corpus import read_corpus
from policy_themes.regions import load_regions
read_corpus(Path(sys.argv[1]), load_regions(), workers=0)  # all modules and data are loaded before privileges go
os.setgroups([]); os.setgid(65534); os.setuid(65534)
for row in read_corpus(Path(sys.argv[2]), load_regions(), workers=0).ledger.itertuples():
    print(row.path, row.outcome, row.reason)
"""


@pytest.fixture
def as_nobody(write_files: WriteFiles) -> Iterator[AsNobody]:
    """Read files as a user without rights, one path closed to it; give back the ledger."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("privileges can be dropped by root on Linux only")
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)

        def read(files: Mapping[str, str | bytes], closed: str) -> list[str]:
            warm = write_files(Path(place, "warm"), files)
            folder = write_files(Path(place, "in"), files)
            (folder / closed).chmod(0)
            command = [sys.executable, "-c", AS_NOBODY, str(warm), str(folder)]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            return sorted(run.stdout.splitlines())

        yield read


@pytest.fixture
def awkward(tmp_path: Path, write_files: WriteFiles) -> Path:
    folder = write_files(tmp_path / "in", AWKWARD)
    (folder / "link.txt").symlink_to("/etc/passwd")
    (folder / "loop").symlink_to(folder)
    (folder / "dangling").symlink_to(folder / "nothing")
    os.mkfifo(folder / "pipe.txt")
    return folder


@pytest.mark.skipif(os.name == "nt", reason="links, pipes and modes of POSIX")
class TestLedger:
    def test_every_path_once_with_its_outcome(self, awkward: Path) -> None:
        corpus = read_corpus(awkward, REGIONS)
        found = ledger(corpus)
        assert {path: found[path] for path in EXPECTED} == EXPECTED
        assert set(found) - set(EXPECTED) <= {".git"}
        assert not corpus.ledger["path"].duplicated().any()
        kept = corpus.ledger[corpus.ledger["outcome"] == "kept"]
        assert dict(zip(kept["doc_id"], kept["path"], strict=True)) == dict(
            zip(corpus.documents["doc_id"], corpus.documents["path"], strict=True)
        )
        assert kept["sha256"].notna().all() and (kept["bytes"] > 0).all()

    def test_ignored_folder_is_counted(self, awkward: Path) -> None:
        assert ledger(read_corpus(awkward, REGIONS)).get(".git") == ("skipped", "ignored")

    def test_nothing_in_the_folder_is_changed(self, awkward: Path) -> None:
        def state() -> list[tuple[str, int, float]]:
            found = [(path, os.lstat(path)) for path in sorted(map(str, awkward.rglob("*")))]
            return [(path, info.st_size, info.st_mtime) for path, info in found]

        before = state()
        read_corpus(awkward, REGIONS)
        assert state() == before

    def test_name_that_looks_like_an_escaped_one(self, tmp_path: Path) -> None:
        text = "坚持依法治国，建设法治政府。".encode()
        for name in (b"bad\xff.txt", b"bad\\udcff.txt"):
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(text)
        assert len(read_corpus(tmp_path, REGIONS).ledger) == 2

    def test_name_that_is_no_utf8_is_shown_escaped(self, tmp_path: Path) -> None:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.txt")).write_text("坚持依法治国。", "utf-8")
        code = hashlib.sha256(b"bad\xff.txt").hexdigest()[:8]
        assert list(read_corpus(tmp_path, REGIONS).documents["path"]) == ["bad\\xff#" + code + ".txt"]

    def test_unreadable_file_is_quarantined(self, as_nobody: AsNobody) -> None:
        found = as_nobody({"a.txt": "坚持依法治国。", "closed.txt": "坚持法治。"}, "closed.txt")
        assert found == ["a.txt kept nan", "closed.txt quarantined unreadable"]

    def test_unreadable_subfolder_is_in_the_ledger(self, as_nobody: AsNobody) -> None:
        found = as_nobody({"a.txt": "坚持依法治国。", "closed/b.txt": "坚持法治。"}, "closed")
        assert any(line.startswith("closed") for line in found)

    def test_too_large(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("坚持依法治国。", "utf-8")
        with (tmp_path / "big.txt").open("wb") as stream:
            stream.truncate(50_000_001)
        assert ledger(read_corpus(tmp_path, REGIONS))["big.txt"] == ("quarantined", "too_large")


class TestRefusals:
    def test_missing_folder(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as caught:
            read_corpus(tmp_path / "no", REGIONS)
        assert str(caught.value) == f"The folder {tmp_path / 'no'} is not there. Check the path."
        assert caught.value.exit_code == 2

    def test_file_instead_of_folder(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("x")
        with pytest.raises(UsageError) as caught:
            read_corpus(tmp_path / "a.txt", REGIONS)
        assert str(caught.value) == (
            f"{tmp_path / 'a.txt'} is a file, and a folder of documents is needed. Name its folder."
        )

    def test_empty_folder(self, tmp_path: Path) -> None:
        with pytest.raises(InsufficientDataError) as caught:
            read_corpus(tmp_path, REGIONS)
        assert (
            str(caught.value)
            == f"There are no files in {tmp_path}. Put the documents there (.txt, .html, .docx, .pdf, .csv …)."
        )
        assert caught.value.exit_code == 4

    def test_nothing_usable(self, tmp_path: Path, write_files: WriteFiles) -> None:
        write_files(tmp_path, {"a.txt": b"", "b.pdf": b"x"})
        with pytest.raises(InsufficientDataError) as caught:
            read_corpus(tmp_path, REGIONS)
        assert str(caught.value) == (
            f"None of the 2 files in {tmp_path} could be used (empty_file, type_mismatch). "
            "See which formats are read in README.md, and mend or convert the files."
        )


class TestDuplicates:
    PAGE = "浙江省召开会议\n{}坚持依法治国，建设法治政府。"

    def test_toy_copy_points_at_the_earlier_one(self, toy: Corpus) -> None:
        ids = dict(zip(toy.documents["path"], toy.documents["doc_id"], strict=True))
        copies = toy.documents.dropna(subset=["duplicate_of"])
        assert dict(zip(copies["path"], copies["duplicate_of"], strict=True)) == {"zh/copy_of_b.txt": ids["zh/b.txt"]}
        assert Counter(toy.ledger["outcome"]) == {"kept": 10, "duplicate": 1}
        assert len(toy.unique) == 10 and len(toy.documents) == 11

    def test_representative_is_the_earliest_then_the_first_path(self, corpus_of: CorpusOf) -> None:
        dates = {"a.txt": "", "b.txt": "2021年3月5日\n", "c.txt": "2020年3月5日\n", "d.txt": "2020年3月5日\n"}
        corpus = corpus_of({path: self.PAGE.format(line) for path, line in dates.items()})
        table = corpus.documents.set_index("path")
        assert pd.isna(table.loc["c.txt", "duplicate_of"])
        assert set(table.loc[["a.txt", "b.txt", "d.txt"], "duplicate_of"]) == {table.loc["c.txt", "doc_id"]}

    def test_another_spelling_of_the_same_text_is_a_copy_and_another_text_is_none(self, corpus_of: CorpusOf) -> None:
        text = self.PAGE.format("")
        corpus = corpus_of(
            {"a.txt": text, "b.txt": text.replace("，", ",").replace("\n", "\r\n\r\n"), "c.txt": text + "又"}
        )
        assert corpus.documents.set_index("path")["duplicate_of"].notna().to_dict() == {
            "a.txt": False,
            "b.txt": True,
            "c.txt": False,
        }

    def test_passages_of_copies_only_on_request(self, toy: Corpus) -> None:
        assert len({passage.doc_id for passage in toy.iter_passages()}) == 10
        assert len({passage.doc_id for passage in toy.iter_passages(copies=True)}) == 11


class TestOverrides:
    def read(self, tmp_path: Path, write_files: WriteFiles, table: str) -> "pd.Series[str]":
        folder = write_files(tmp_path / "in", {"sub/a.txt": "浙江省召开会议\n2021年3月5日\n坚持依法治国。"})
        (tmp_path / "corrections.csv").write_text(table, encoding="utf-8-sig")
        return one(read_corpus(folder, REGIONS, overrides=load_overrides(tmp_path / "corrections.csv")))

    def test_win_over_everything_and_are_recorded(self, tmp_path: Path, write_files: WriteFiles) -> None:
        row = self.read(
            tmp_path,
            write_files,
            "path,date,region_code,title,outlet\nsub/a.txt,2019-07,610000,新题,\nother.txt,2020,610000,,\n",
        )
        columns = ["date", "date_precision", "date_source", "region_code", "region_en", "region_source", "title"]
        assert row[columns].tolist() == ["2019-07", "month", "override", "610000", "Shaanxi", "override", "新题"]
        assert row["year"] == 2019 and pd.isna(row["outlet"])

    @pytest.mark.parametrize(
        ("table", "said"),
        [
            ("path,date\nsub/a.txt,soon\n", "overrides: the date 'soon' of sub/a.txt is none. Write 2021-03-20."),
            ("path,region_code\nsub/a.txt,99\n", "overrides: the region '99' of sub/a.txt is unknown. Use a code"),
            (
                "path,dat\nsub/a.txt,2021\n",
                "corrections.csv has the unknown column `dat`. Did you mean `date`? Columns:",
            ),
            ("date\n2021\n", "corrections.csv lacks the column `path`. Columns: path, date,"),
        ],
    )
    def test_faults(self, table: str, said: str, tmp_path: Path, write_files: WriteFiles) -> None:
        with pytest.raises(UsageError) as caught:
            self.read(tmp_path, write_files, table)
        assert str(caught.value).startswith(said)


CHROME = [
    "2021年3月5日 来源：浙江日报",
    "原标题：省里召开会议",
    "责任编辑：张三",
    "首页 > 新闻 > 要闻",
    "微信扫一扫",
    "Edit: Ying Ying",
    'WeChat "Scan" adds "Learning Power"',
    "Special statement: it is ours",
]
LINE = st.one_of(
    st.sampled_from(CHROME),
    st.text("枫桥经验法治。，；(记者)Ab. ", min_size=1, max_size=40),
    st.builds(lambda n: "推进现代化建设，坚持法治。" * n, st.integers(1, 90)),
    st.builds(lambda n: "We uphold the rule of law. " * n, st.integers(1, 80)),
    st.sampled_from(
        ["一、总体要求", "本报讯 (记者 李四) 昨天开会。", "He came. (Reporter Chen Junqi)", "出席会议。张三参加会议。"]
    ),
)


class TestPassages:
    @staticmethod
    def owners(text: str, spans: list[tuple[int, int]]) -> Counter[int]:
        return Counter(place for start, end in spans for place in range(start, end) if not text[place].isspace())

    @given(st.lists(LINE, min_size=1, max_size=8), st.sampled_from(["zh", "en"]))
    def test_title_body_and_removed_are_the_page_once(self, rows: list[str], language: str) -> None:
        text = normalize("\n".join(["题目如此 A short title", *rows])).text
        page = clean(text, language)  # type: ignore[arg-type]
        pieces = passages(text, page, language)  # type: ignore[arg-type]
        spans = [(part.span.start, part.span.end) for part in (*pieces, *page.removed)]
        assert self.owners(text, spans) == {n: 1 for n, char in enumerate(text) if not char.isspace()}

    @pytest.mark.parametrize(
        "first", ["date 2023-02-10 Notice on safe work", "Notice on safe work (Reporter Chen Junqi)"]
    )
    def test_short_first_line_with_a_part_removed(self, first: str) -> None:
        text = f"{first}\nActing now"
        page = clean(text, "en")
        assert page.removed
        assert page.title is None or page.title.of(text).strip() == "Notice on safe work"

    def test_no_part_is_removed_twice(self) -> None:
        text = "题目如此\n" + "We act. " * 9 + "\nIt was held in the form of a video conference (Reporter Chen Junqi)"
        first, second = clean(text, "en").removed
        assert not first.span.meets(second.span)

    def test_toy_and_seeds_are_covered_once(self, toy: Corpus, seeds: Path) -> None:
        for corpus in (toy, read_corpus(seeds, REGIONS)):
            for doc_id in corpus.documents["doc_id"]:
                text = corpus.normalized(doc_id)
                tables = [table[table["doc_id"] == doc_id] for table in (corpus.passages, corpus.removed)]
                spans = [(row.start, row.end) for table in tables for row in table.itertuples()]
                assert self.owners(text, spans) == {n: 1 for n, char in enumerate(text) if not char.isspace()}

    def test_lengths_by_hand(self, toy: Corpus) -> None:
        found = toy.documents.set_index("path")["n_units"].to_dict()
        assert found == {
            "zh/a.txt": 18,
            "zh/b.txt": 26,
            "zh/c.txt": 13,
            "zh/d.txt": 18,
            "zh/e.txt": 13,
            "zh/copy_of_b.txt": 26,
            "zh/undated.txt": 10,
            "en/h.txt": 15,
            "en/i.txt": 11,
            "en/j.txt": 9,
            "en/k.txt": 9,
        }
        assert dict(zip(toy.documents["language"], toy.documents["unit"], strict=True)) == {"zh": "han", "en": "word"}
        own = toy.passages.groupby("doc_id")["n_units"].sum().to_dict()
        assert own == toy.documents.set_index("doc_id")["n_units"].to_dict()

    def test_long_paragraphs_are_split_evenly_at_sentence_ends(self) -> None:
        text = "题目如此\n" + "推进法治建设。" * 201  # 1,206 characters
        pieces = [piece for piece in passages(text, clean(text, "zh"), "zh") if piece.role == "body"]
        assert [piece.n_units for piece in pieces] == [402, 402, 402]
        assert all(piece.span.of(text).endswith("。") for piece in pieces)

    def test_short_ones_join_the_next_of_their_section_and_not_over_a_heading(self) -> None:
        long = "推进法治建设。" * 6
        text = f"题目如此\n甲乙。\n{long}\n丙丁。\n一、总体要求\n{long}"
        pieces = passages(text, clean(text, "zh"), "zh")
        assert [(piece.span.of(text), piece.section) for piece in pieces] == [
            ("题目如此", None),
            (f"甲乙。\n{long}", None),
            ("丙丁。", None),
            (f"一、总体要求\n{long}", "一、总体要求"),
        ]

    def test_phrase_over_the_end_of_a_wrapped_line(self, corpus_of: CorpusOf) -> None:
        from policy_themes.compare import find_hits
        from policy_themes.lexicon import Lexicon, Theme
        from policy_themes.lexicon.records import Label, Phrases

        line = "We " + "must always and in all places of this large province " * 3 + "uphold the rule of"
        corpus = corpus_of({"a.txt": f"{line}\nlaw. {line}\nlaw.\n"})
        theme = Theme("law", Label("Law", "法"), Phrases(en=("rule of law",)))
        assert find_hits(corpus, Lexicon((theme,), "1")).table["n_hits"].tolist() == [2]

    def test_units_of_passages_are_those_of_their_text(self, toy: Corpus) -> None:
        for passage, n_units in zip(toy.iter_passages(copies=True), toy.passages["n_units"], strict=True):
            assert count_units(passage.text, passage.language) == n_units


class TestAttendance:
    """Sentences on who came are taken out; none that says anything else besides is."""

    STRESSED = {"zh": "会议强调，要坚持依法治国。\n" * 6, "en": "The meeting stressed the rule of law.\n" * 6}

    def taken(self, sentence: str) -> bool:
        language = "zh" if "。" in sentence else "en"
        text = normalize(self.STRESSED[language] + sentence).text
        removed = [part for part in clean(text, language).removed if part.rule == "attendance"]
        return bool(removed)

    @pytest.mark.parametrize(
        "sentence",
        [
            "省委常委、政法委书记王五出席会议并讲话。",
            "省委组织部、省委政策研究室主要负责同志参加会议。",
            "厅党组书记、厅长孙六出席会议并讲话,副厅长贺七主持会议。",
            "会议在省司法厅设主会场,各市司法局设分会场。",
            "会上,南昌、九江两市党委政法委作了交流发言。",
            "中央政法委有关部门负责同志应邀参加会议。",
            "Wang Ming, secretary of the Party group, chaired the meeting.",
            "Secretaries of the committees of all provinces attended the meeting via video.",
        ],
    )
    def test_who_came(self, sentence: str) -> None:
        assert self.taken(sentence)

    @pytest.mark.parametrize(
        "sentence",
        [
            "会议传达学习中央精神,研究部署平安浙江建设、扫黑除恶、枫桥经验推广工作,省法院负责同志参加会议。",
            "各地要加强人民调解员队伍建设,组织人民调解员定期参加培训。",
            "推动法律顾问、志愿者走进社区,引导未成年人参加活动。",
            "全年共组织网格员3万人次参加培训。",
            "行政机关负责人应当依法出庭应诉,领导干部每季度至少一次下基层接访并主持会议。",
            "省委书记张三部署开展平安浙江建设、扫黑除恶斗争,省长李四主持会议。",
            "要在每个乡镇综治中心设主会场,开展巡回审判和枫桥经验宣传。",
            "会议安排部署了2024年度法治政府建设、诉源治理任务,各设区市设分会场。",
            "各单位要围绕诉源治理作交流发言。",
            "Wang called for upholding the Fengqiao experience and a safe Zhejiang, while Li chaired the meeting.",
            "The conference urged all counties to uphold the Fengqiao experience and set up venues for mediation.",
        ],
    )
    def test_what_was_said(self, sentence: str) -> None:
        assert not self.taken(sentence)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("浙江省2023年政府工作报告", "work report"),
        ("应勇市长在上海市第十五届人民代表大会第一次会议的政府工作报告(2018年)", "work report"),
        ("政 府 工 作 报 告", "work report"),
        ("省长王浩作政府工作报告", "news"),
        ("代表委员热议政府工作报告", "news"),
        ("解读《合肥市多元化解纠纷促进办法》", "reading"),
        ("2024年法治政府建设工作要点", "notice"),
    ],
)
def test_kinds_by_title(title: str, kind: str) -> None:
    assert classify("kinds", Clues(title, "a.txt", "浙江日报", "", "zh")) == kind


@pytest.mark.parametrize("line", ["上海市代市长陈良宇", "四川省人民政府省长 黄 强", "省长王云坤"])
def test_the_speaker_is_no_title(line: str, corpus_of: CorpusOf) -> None:
    row = one(corpus_of({"a.txt": f"{line}\n2023年1月12日\n各位代表:现在报告政府工作。{ZH}{ZH}"}))
    assert row["title"] != line
