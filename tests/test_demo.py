"""The demonstration corpus holds what it says: counts, dates, regions, awkward files, and regions.csv."""

import csv
import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from importlib.resources import files
from itertools import combinations

import pytest

from policy_themes.demo import DemoDocument, demo_documents

PATTERNS = {
    "zh": {
        "modernization": r"现代化",
        "fengqiao_experience": r"枫桥经验",
        "safe_china": r"平安(?:中国|浙江|江苏|广东|四川|陕西|山西|辽宁|青海)",
        "_false_pingan": r"高水平安全|和平安宁",
        "social_governance": r"社会治理",
        "_predecessor_social_management": r"社会管理",
        "rule_of_law": r"法治",
    },
    "en": {
        "modernization": r"(?i)moderni[sz](?:ation|ations|e|ed|es|ing)\b",
        "fengqiao_experience": r"Fengqiao Experience",
        "safe_china": r"\bSafe (?:China|Zhejiang|Jiangsu|Guangdong|Sichuan|Sha?anxi|Liaoning|Qinghai)\b",
        "_false_pingan": r"(?!)",
        "social_governance": r"(?i)social governance",
        "_predecessor_social_management": r"(?i)social management",
        "rule_of_law": r"(?i)rule of law",
    },
}
PLACES = {
    "330000": "浙江|Zhejiang",
    "320000": "江苏|Jiangsu",
    "440000": "广东|Guangdong",
    "510000": "四川|Sichuan",
    "610000": "陕西|Shaanxi",
    "140000": "山西|Shanxi",
    "210000": "辽宁|Liaoning",
    "630000": "青海|Qinghai",
    "000000": "全国|中央|[Nn]ational",
}
FEET = ("（责任编辑", "（编辑", "(Editor", "(Translated")
SHARED_HASH = (
    "import hashlib; from policy_themes.demo import demo_documents as d;"
    "print(hashlib.sha256(repr(d()).encode()).hexdigest())"
)


@pytest.fixture(scope="module")
def corpus() -> tuple[DemoDocument, ...]:
    return demo_documents()


@pytest.fixture(scope="module")
def regions() -> list[dict[str, str]]:
    table = (files("policy_themes") / "data" / "regions.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(table.splitlines()))


def text_of(document: DemoDocument) -> str:
    """Decode strictly: only the page announced as GB18030 is not UTF-8."""
    encoding = "gb18030" if "国标编码" in document.path else "utf-8-sig"
    return document.content.decode(encoding)


def counted(document: DemoDocument) -> str:
    """Title and body: everything but the dateline (second line), the editor and the translation mark."""
    title, _, *rest = text_of(document).split("\n")
    return "\n".join([title, *(line for line in rest if not line.startswith(FEET))])


def written(corpus: tuple[DemoDocument, ...], language: str) -> list[DemoDocument]:
    return [document for document in corpus if document.language == language]


def mean(values: list[int]) -> float:
    return sum(values) / len(values)


def test_two_calls_and_another_hash_seed_give_the_same_bytes(corpus: tuple[DemoDocument, ...]) -> None:
    assert corpus == demo_documents()
    expected = hashlib.sha256(repr(corpus).encode()).hexdigest()
    for hash_seed in ("0", "4242"):
        run = subprocess.run(
            [sys.executable, "-c", SHARED_HASH],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == expected


def test_another_seed_gives_another_corpus(corpus: tuple[DemoDocument, ...]) -> None:
    assert {d.content for d in corpus} != {d.content for d in demo_documents(seed=2)}


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_counts_are_as_planted(seed: int) -> None:
    for document in demo_documents(seed=seed):
        if document.language == "none":
            assert set(document.hits.values()) == {0}
            continue
        text = counted(document)
        found = {theme: len(re.findall(p, text)) for theme, p in PATTERNS[document.language].items()}
        assert found == document.hits, document.path
        if document.language == "zh":
            assert text.count("平安") == found["safe_china"] + found["_false_pingan"], document.path


def test_size_of_the_corpus_and_of_its_pages(corpus: tuple[DemoDocument, ...]) -> None:
    assert Counter(d.language for d in corpus) == {"zh": 128, "en": 62, "none": 2}
    for document in corpus:
        text = counted(document) if document.language != "none" else ""
        if document.language == "zh":
            assert 400 <= len(re.findall(r"[\u4e00-\u9fff]", text)) <= 900, document.path
        if document.language == "en":
            assert 250 <= len(re.findall(r"[A-Za-z'-]+", text)) <= 500, document.path
            assert not re.search(r"[\u4e00-\u9fff{}]", text), document.path
        if text:
            assert 4 <= len([line for line in text.split("\n")[1:] if line]) <= 8, document.path


def test_paths_are_unique_and_safe_on_windows(corpus: tuple[DemoDocument, ...]) -> None:
    assert len({d.path.casefold() for d in corpus}) == len(corpus)
    for document in corpus:
        assert not re.search(r'[:*?"<>|\\\x00-\x1f]', document.path)
        assert not any(part.endswith((".", " ")) or not part for part in document.path.split("/"))
        assert len(document.path) < 100


def test_modernization_rises_and_is_higher_in_two_provinces(corpus: tuple[DemoDocument, ...]) -> None:
    pages = [d for d in written(corpus, "zh") if d.region_code not in (None, "000000")]
    high: dict[int, float] = {}
    rest: dict[int, float] = {}
    for year in range(2016, 2026):
        of_year = [d for d in pages if d.year == year]
        high[year] = mean([d.hits["modernization"] for d in of_year if d.region_code in ("320000", "440000")])
        rest[year] = mean([d.hits["modernization"] for d in of_year if d.region_code not in ("320000", "440000")])
        assert high[year] > rest[year] + 1
    assert max(rest[year] for year in range(2016, 2021)) < 1 < rest[2021]
    assert all(rest[year] < rest[year + 1] for year in range(2021, 2025))


def test_fengqiao_spreads_drops_out_and_returns(corpus: tuple[DemoDocument, ...]) -> None:
    pages = [d for d in corpus if d.year and d.region_code]
    assert {d.hits["fengqiao_experience"] for d in pages} == {0, 1}
    years: dict[str, set[int]] = {}
    for page in pages:
        if page.hits["fengqiao_experience"] and page.region_code and page.year:
            years.setdefault(page.region_code, set()).add(page.year)
    assert {region for region, hit in years.items() if min(hit) < 2018} == {"330000"}
    assert len([region for region, hit in years.items() if 2019 in hit and region != "000000"]) == 4
    assert max(years["610000"]) == 2021
    assert max(years["510000"]) == 2023
    assert years["440000"] == {2019, 2020, 2021, 2024, 2025}
    assert years["210000"] == {2020, 2021, 2023, 2024, 2025}
    assert "630000" not in years


def test_renamed_and_false_hits_have_their_years(corpus: tuple[DemoDocument, ...]) -> None:
    def total(theme: str, years: range) -> int:
        return sum(d.hits[theme] for d in written(corpus, "zh") if d.year in years)

    assert total("social_governance", range(2016, 2018)) == 0 < total("social_governance", range(2018, 2026))
    assert total("_predecessor_social_management", range(2018, 2026)) == 0
    assert total("_predecessor_social_management", range(2016, 2018)) > 10
    assert total("_false_pingan", range(2016, 2021)) * 4 < total("_false_pingan", range(2021, 2026))
    assert total("safe_china", range(2016, 2021)) > total("safe_china", range(2021, 2026))


def test_newspaper_of_the_dateline_is_not_a_hit(corpus: tuple[DemoDocument, ...]) -> None:
    pages = [d for d in corpus if d.language != "none"]
    named = [d for d in pages if re.search("法治日报|Rule of Law Daily", text_of(d))]
    assert len(named) > 20
    for document in named:
        assert re.search("法治日报|Rule of Law Daily", text_of(document).split("\n")[1])
        assert not re.search("法治日报|Rule of Law Daily", counted(document))


def test_region_can_be_found_in_title_outlet_or_issuer(corpus: tuple[DemoDocument, ...]) -> None:
    for document in corpus:
        if document.region_code is None or document.language == "none":
            continue
        title, dateline, *_ = text_of(document).split("\n")
        assert re.search(PLACES[document.region_code], f"{title}\n{dateline}"), document.path
        others = "|".join(p for code, p in PLACES.items() if code not in (document.region_code, "000000"))
        assert not re.search(others, text_of(document)), document.path


def test_date_stands_in_the_dateline_and_nowhere_else(corpus: tuple[DemoDocument, ...]) -> None:
    for document in corpus:
        if document.language == "none":
            continue
        dateline = text_of(document).split("\n")[1]
        assert not re.search(r"20[12]\d", counted(document)), document.path
        assert bool(re.search(r"20[12]\d", dateline)) == (document.date is not None)
        if document.date:
            assert document.year == int(document.date[:4])
            assert all(str(int(part)) in dateline for part in document.date.split("-")[::2])
    assert any(document.date and len(document.date) == 7 for document in corpus)


def test_some_cells_are_empty_and_some_hold_two(corpus: tuple[DemoDocument, ...]) -> None:
    provinces = [code for code in PLACES if code != "000000"]
    cells = Counter((d.region_code, d.year) for d in written(corpus, "zh") if d.duplicate_of is None and d.year)
    grid = [cells[code, year] for code in provinces for year in range(2016, 2026)]
    assert Counter(grid)[0] == 5
    assert Counter(grid)[2] > 20
    assert all(cells["000000", year] for year in range(2016, 2026))


def test_translations_share_date_region_and_mark(corpus: tuple[DemoDocument, ...]) -> None:
    by_path = {d.path: d for d in corpus}
    translations = [d for d in corpus if d.translation_of]
    assert len(translations) == 42
    differing = 0
    for english in translations:
        original = by_path[english.translation_of or ""]
        assert (english.date, english.region_code) == (original.date, original.region_code)
        mark = f"(Translated from the Chinese original: {text_of(original).splitlines()[0]})"
        assert text_of(english).splitlines()[-1] == mark
        differing += english.hits["social_governance"] != original.hits["social_governance"]
        assert english.hits["fengqiao_experience"] == original.hits["fengqiao_experience"]
    assert 0 < differing < len(translations) / 2
    assert all("Translated" not in text_of(d) for d in written(corpus, "en") if not d.translation_of)


def test_awkward_files_are_there(corpus: tuple[DemoDocument, ...]) -> None:
    by_path = {d.path: d for d in corpus}
    (reprint,) = [d for d in corpus if d.duplicate_of]
    assert reprint.content == by_path[reprint.duplicate_of or ""].content
    assert (reprint.duplicate_of or "") < reprint.path
    assert by_path["zh/空文件.txt"].content == b""
    scan = by_path["附件/scan.pdf"]
    assert scan.content.startswith(b"%PDF-1.4\n")
    with pytest.raises(UnicodeDecodeError):
        scan.content.decode("utf-8")
    assert [(d.year, d.region_code) for d in written(corpus, "none")] == [(None, None), (None, None)]
    assert len([d for d in corpus if d.content.startswith(b"\xef\xbb\xbf")]) == 1
    (encoded,) = [d for d in written(corpus, "zh") if "镕" in text_of(d)]
    with pytest.raises(UnicodeDecodeError):
        encoded.content.decode("utf-8")
    with pytest.raises(UnicodeDecodeError):
        encoded.content.decode("gb2312")
    (undated,) = [d for d in written(corpus, "zh") if d.date is None]
    assert undated.region_code == "330000" and undated.year is None
    (placeless,) = [d for d in written(corpus, "zh") if d.region_code is None]
    assert placeless.year == 2022 and not re.search("|".join(PLACES.values()), text_of(placeless))


def test_pages_are_no_near_duplicates(corpus: tuple[DemoDocument, ...]) -> None:
    pages = [text_of(d) for d in written(corpus, "zh") if not d.duplicate_of]
    shingles = [{text[i : i + 5] for i in range(len(text) - 4)} for text in pages]
    assert max(len(a & b) / len(a | b) for a, b in combinations(shingles, 2)) < 0.5


def test_region_codes_stand_in_the_table(corpus: tuple[DemoDocument, ...], regions: list[dict[str, str]]) -> None:
    codes = {row["code"] for row in regions}
    assert {d.region_code for d in corpus} - {None} == set(PLACES) <= codes


def test_regions_are_34_divisions_and_the_nation(regions: list[dict[str, str]]) -> None:
    assert list(regions[0]) == [
        "code",
        "level",
        "name_en",
        "name_zh",
        "short_zh",
        "pinyin",
        "iso",
        "aliases_en",
        "aliases_zh",
        "tile_row",
        "tile_column",
    ]
    assert Counter(row["level"] for row in regions) == {"national": 1, "province": 34}
    assert Counter(row["code"][0] for row in regions[1:]) == dict(
        zip("12345678", [5, 3, 7, 6, 5, 5, 1, 2], strict=True)
    )
    assert all(re.fullmatch(r"\d{2}0000", row["code"]) for row in regions)
    assert all(re.fullmatch(r"CN(-[A-Z]{2})?", row["iso"]) for row in regions)
    assert [row["code"] for row in regions] == sorted(row["code"] for row in regions)
    for row in regions:
        assert row["name_zh"].startswith(row["short_zh"]), row
    known = {row["code"]: (row["name_zh"], row["pinyin"], row["iso"]) for row in regions}
    assert known["610000"] == ("陕西省", "Shaanxi", "CN-SN")
    assert known["140000"] == ("山西省", "Shanxi", "CN-SX")
    assert known["150000"] == ("内蒙古自治区", "Nei Mongol", "CN-NM")


def test_no_name_or_alias_is_shared(regions: list[dict[str, str]]) -> None:
    owners: dict[str, set[str]] = {}
    for row in regions:
        aliases = [*row["aliases_en"].split("|"), *row["aliases_zh"].split("|")]
        names = [
            row["name_en"],
            row["name_zh"],
            row["short_zh"],
            row["pinyin"],
            row["iso"],
            *filter(None, aliases),
        ]
        assert len(aliases) == len(set(aliases)) or aliases == ["", ""]
        assert not [name for name in names if len(name) == 1 or name != name.strip()]
        for name in names:
            owners.setdefault(name.casefold(), set()).add(row["code"])
    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {}
    assert regions[0]["aliases_en"] == regions[0]["aliases_zh"] == ""
