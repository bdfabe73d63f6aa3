"""References after GB/T 7714, quotations with their notes, and what is said of translations."""

import itertools
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

from policy_themes.figures import Labels
from policy_themes.lexicon import load_lexicon
from policy_themes.regions import load_regions
from policy_themes.report.citations import reference, web_address
from policy_themes.report.quotes import quotes, translation_mark
from policy_themes.study import open_study

Write = Callable[[Path, Mapping[str, str | bytes]], Path]
FULL: Mapping[str, str | None] = {
    "language": "zh",
    "title": "关于加强法治建设的通知",
    "kind": "notice",
    "issuer": "江苏省人民政府办公厅",
    "reporter": None,
    "outlet": None,
    "document_number": "苏政办发〔2023〕15号",
    "url": "https://www.jiangsu.gov.cn/a.html",
    "date": "2023-02-24",
    "translated_by": None,
}


def row(**more: str | None) -> SimpleNamespace:
    return SimpleNamespace(**{**FULL, **more})


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            {},
            "江苏省人民政府办公厅. 关于加强法治建设的通知: 苏政办发〔2023〕15号[EB/OL]. (2023-02-24). "
            "https://www.jiangsu.gov.cn/a.html.",
        ),
        (
            {"url": None, "document_number": None},
            "江苏省人民政府办公厅. 关于加强法治建设的通知[Z]. [出版地不详]: [出版者不详], 2023-02-24.",
        ),
        (
            {"kind": "work report", "title": "2023年政府工作报告", "document_number": None, "date": "2023"},
            "江苏省人民政府办公厅. 2023年政府工作报告[R/OL]. (2023). https://www.jiangsu.gov.cn/a.html.",
        ),
        (
            {"kind": "news", "issuer": None, "reporter": "张三 李四", "outlet": "新华日报", "url": None},
            "张三 李四. 关于加强法治建设的通知: 苏政办发〔2023〕15号[N]. 新华日报, 2023-02-24.",
        ),
        (
            {"kind": "meeting news", "issuer": None, "outlet": "新华网", "document_number": None, "date": None},
            "关于加强法治建设的通知[N/OL]. 新华网, [日期不详]. https://www.jiangsu.gov.cn/a.html.",
        ),
        (
            {"language": "en", "title": "Work report", "kind": "work report", "issuer": None, "url": None}
            | {"document_number": None, "translated_by": "Li Si"},
            "Work report[R]. Li Si, trans. [S.l.]: [s.n.], 2023-02-24.",
        ),
        ({"translated_by": "machine", "url": None, "issuer": None, "date": None, "title": "T."} | {"language": "en"},
         "T.: 苏政办发〔2023〕15号[Z]. [S.l.]: [s.n.], [date unknown]."),
        ({"issuer": None, "outlet": "政法网", "title": None, "document_number": None, "date": None},
         "政法网. [题名不详][EB/OL]. [日期不详]. https://www.jiangsu.gov.cn/a.html."),
        ({"title": "苏政办发〔2023〕15号文件", "issuer": None, "url": None},
         "苏政办发〔2023〕15号文件[Z]. [出版地不详]: [出版者不详], 2023-02-24."),
    ],
)  # fmt: skip
def test_references_have_the_forms_of_the_standard(more: dict[str, str | None], expected: str) -> None:
    assert reference(row(**more)) == expected


def test_no_combination_of_missing_fields_invents_or_breaks_anything() -> None:
    able = ("title", "issuer", "reporter", "outlet", "document_number", "url", "date", "translated_by")
    full = {**FULL, "reporter": "张三", "outlet": "新华日报", "translated_by": "李四"}
    kinds = ("work report", "news", "notice", None)
    known = "".join(value for value in full.values() if value)
    for gone, kind, language in itertools.product(_subsets(able), kinds, ("zh", "en")):
        said = reference(SimpleNamespace(**{**full, **dict.fromkeys(gone), "kind": kind, "language": language}))
        assert said.endswith(".")
        assert not re.search(r"None|\.\.|\(\)|, ,|: ,|  |^[.,:]", said), said
        assert re.search(r"\[(R|N|Z|EB)(/OL)?\]", said)
        assert ("/OL]" in said) == ("url" not in gone)
        assert not re.search(r"\[\d{4}-", said), "a day of access that nobody knows"
        # Whatever stands in a reference stands in the row, or says of itself that it is unknown.
        rest = re.sub(r"\[[^\]]*\]|, (译|trans)\.", "", said)
        for part in re.split(r"[.,:()/ ]+", rest):
            assert part in known, (part, said)
        for name in set(able) - set(gone) - {"issuer", "reporter", "outlet"}:
            assert str(full[name]) in said


def _subsets(names: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [some for size in range(len(names) + 1) for some in itertools.combinations(names, size)]


def test_hostile_text_stays_on_one_line_and_is_no_address() -> None:
    said = reference(row(title="a\n\n# b\u2028[x](javascript:1)\t" + "字" * 300, url="javascript:alert(1)"))
    assert len(said.splitlines()) == 1
    assert "[Z]" in said
    for url in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "//host/x",
        "data:text/html,x",
        "",
        None,
        "https://",
        "[://",
    ):
        assert web_address(url) is None
    assert web_address("HTTPS://gov.cn/a") == "HTTPS://gov.cn/a"


# Marks of translations


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"translated_by": "machine"}, "[machine translation · 机器翻译]"),
        ({"translated_by": "Wang\n{name} Wu"}, "[translated by Wang {name} Wu · Wang {name} Wu 译]"),
        ({"original_language": "zh"}, "[translation; translator not named · 译文，未署译者]"),
        ({"translation_of": "abc"}, "[translation; translator not named · 译文，未署译者]"),
        ({"region_code": "330000"}, "[English text; whether it is a translation is not said · 英文文本，未说明是否为译文]"),
        ({"institution": "court"}, "[English text; whether it is a translation is not said · 英文文本，未说明是否为译文]"),
        ({"region_code": "DE-BY", "institution": "court"}, ""),
        ({"region_code": "330000", "original_language": "en"}, ""),
        ({}, ""),
        ({"language": "zh", "region_code": "330000"}, ""),
        ({"language": "zh", "original_language": "en"}, "[translation; translator not named · 译文，未署译者]"),
    ],
)  # fmt: skip
def test_translations_are_marked(more: dict[str, str], expected: str) -> None:
    labels = Labels("both", load_lexicon(), load_regions())
    unknown = dict.fromkeys(("translated_by", "original_language", "translation_of", "region_code", "institution"))
    assert translation_mark(SimpleNamespace(**{"language": "en", **unknown, **more}), labels) == expected


PAIR = {
    "zh/a.txt": "浙江省召开会议推进法治\n2021年3月5日 来源：浙江日报\n推进现代化建设。坚持枫桥经验。\n",
    "en/b.txt": (
        "Zhejiang Province held a meeting\nMarch 5, 2021 Source: Zhejiang Daily\nTranslated by DeepL.\n"
        "The modernization of Zhejiang is led by the Fengqiao Experience.\n"
    ),
    "overrides.csv": "path,translation_of\nen/b.txt,zh/a.txt\n",
    "study.yml": "overrides: overrides.csv\n",
}


def test_quotations_name_their_place_and_their_original(tmp_path: Path, write_files: Write) -> None:
    study = open_study(write_files(tmp_path, PAIR))
    found = quotes(study, Labels("both", study.lexicon, study.regions))
    assert [quote.number for quote in found] == list(range(1, len(found) + 1))
    assert {quote.language for quote in found} == {"zh", "en"}
    for quote in found:
        path, start, end = re.match(r"(.+?), characters (\d+)–(\d+)", quote.where).groups()  # type: ignore[union-attr]
        text = (tmp_path / path).read_text(encoding="utf-8")
        assert text[int(start) : int(end)] == quote.match
        assert quote.before + quote.match + quote.after in text.replace("\n", " ") + text
        english = quote.language == "en"
        assert (quote.mark == "[machine translation · 机器翻译]") == english
        assert ("Original · 原文: 浙江省召开会议推进法治 (zh/a.txt)." in quote.where) == english
