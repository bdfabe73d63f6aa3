"""Planted reprints are found, and what only looks alike is none."""

import os
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from policy_themes.corpus import read_corpus
from policy_themes.regions import load_regions
from policy_themes.schema import rows

SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", Path(__file__).parents[2] / "shared"))
REPORTS = SHARED / "corpora" / "prov_gwr"
WriteFiles = Callable[[Path, Mapping[str, str | bytes]], Path]
OUTLETS = ("新华网", "人民网", "法治网", "央广网", "光明网")
FILLER = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三"


def articles(count: int) -> list[str]:
    """Return bodies of distinct articles: stretches of real reports, no two of which overlap."""
    found = []
    for path in sorted(REPORTS.rglob("*.txt"))[::4]:
        text = re.sub(r"\s+", "\n", path.read_text("utf-8-sig"))
        found += [text[start : start + 900] for start in range(2000, len(text) - 2000, 2500)]
    return found[:count]


def reprint(body: str, seed: int) -> str:
    """Return a body with one paragraph rewritten and up to a tenth of its characters changed."""
    chance = random.Random(seed)
    paragraphs = body.split("\n")
    place = chance.randrange(len(paragraphs))
    paragraphs[place] = "".join(chance.choices(FILLER, k=len(paragraphs[place]) // 2))
    letters = list("\n".join(paragraphs))
    for at in chance.sample(range(len(letters)), chance.randrange(len(letters) // 10)):
        if letters[at] != "\n":
            letters[at] = chance.choice(FILLER)
    return "".join(letters)


def page(body: str, number: int, outlet: str, day: int) -> str:
    """Return an article under a header and above a footer of its outlet."""
    return (
        f"{outlet}要闻第{number}号\n2023-05-{day:02d} 来源：{outlet}\n{body}\n"
        f"责任编辑：{outlet}编辑部\n版权声明：{outlet}版权所有，未经许可不得转载。"
    )


@pytest.mark.skipif(not REPORTS.is_dir() and "CI" not in os.environ, reason="needs the shared work reports")
def test_planted_reprints_are_found_and_nothing_else(tmp_path: Path, write_files: WriteFiles) -> None:
    bodies = articles(200)
    assert len(bodies) == 200
    files = {f"a{number:03d}.txt": page(body, number, OUTLETS[number % 5], 3) for number, body in enumerate(bodies)}
    planted = {f"b{number:03d}.txt": f"a{number:03d}.txt" for number in range(0, 200, 2)}
    for number in range(0, 200, 2):
        files[f"b{number:03d}.txt"] = page(reprint(bodies[number], number), number, OUTLETS[(number + 1) % 5], 9)
    documents = read_corpus(write_files(tmp_path, files), load_regions(), workers=0).documents
    paths = {row.doc_id: row.path for row in rows(documents)}
    found = {row.path: paths[row.duplicate_of] for row in rows(documents) if row.duplicate_of is not None}
    right = sum(planted.get(copy) == original for copy, original in found.items())
    assert right / len(planted) >= 0.95
    assert right / len(found) >= 0.99


@pytest.mark.skipif(not REPORTS.is_dir() and "CI" not in os.environ, reason="needs the shared work reports")
def test_reports_of_two_years_are_no_reprints(tmp_path: Path, write_files: WriteFiles) -> None:
    paths = sorted((REPORTS / "河南省").glob("*.txt")) + sorted((REPORTS / "浙江省").glob("*.txt"))
    documents = read_corpus(
        write_files(tmp_path, {path.name: path.read_bytes() for path in paths}), load_regions(), workers=0
    ).documents
    copies = documents[documents["duplicate_of"].notna()]
    assert [row.path for row in rows(copies)] == ["河南省2001年政府工作报告.txt"]  # one text twice


FORM = "各县（市、区）人民政府，市政府各部门：\n根据工作安排，现将{year}年度依法行政考核有关事项通知如下。\n一、考核对象为各县（市、区）人民政府和市政府各部门。\n二、考核内容包括制度建设、行政执法、行政复议、政务公开等方面。\n三、考核工作由市司法局组织实施，请于{year}年{month}月底前报送自查报告。"


def test_a_form_filled_in_every_year_is_no_reprint(tmp_path: Path, write_files: WriteFiles) -> None:
    files = {
        f"{year}.txt": f"关于{year}年度考核的通知\n{year}-10-08\n" + FORM.format(year=year, month=month) + extra
        for year, month, extra in (
            (2021, 11, "\n四、本年度增加对营商环境法治保障情况的专项评议，由市工商联组织企业代表参加。"),
            (2022, 12, "\n四、新成立的部门今年只报送基本情况，不参加排名，其考核从下一年度开始计算。"),
        )
    }
    documents = read_corpus(write_files(tmp_path, files), load_regions(), workers=0).documents
    assert documents["duplicate_of"].isna().all()


def test_a_short_text_is_compared_word_for_word_only(tmp_path: Path, write_files: WriteFiles) -> None:
    files = {
        "a.txt": "通知\n2021-03-05\n办公室周五暂停开放。\n",
        "b.txt": "通知\n2021-03-06\n办公室周六暂停开放。\n",
    }
    documents = read_corpus(write_files(tmp_path, files), load_regions(), workers=0).documents
    assert documents["duplicate_of"].isna().all()
    assert documents["similarity"].isna().all()


def test_one_form_filled_in_by_many_offices_is_no_chain_of_reprints(tmp_path: Path, write_files: WriteFiles) -> None:
    chance = random.Random(3)
    offices = [f"{''.join(chance.choices(FILLER, k=2))}县" for _ in range(200)]
    files = {
        f"{number:03d}.txt": f"{office}通报第{number + 100}号\n2023-05-{1 + number % 28:02d}\n"
        f"{office}不断完善基层依法治理，推广枫桥经验，共办理{chance.randrange(1000, 90000)}件次，"
        f"调解成功率达{chance.randrange(60, 99)}.{chance.randrange(1, 9)}%，形成了可复制的做法。\n"
        for number, office in enumerate(offices)
    }
    documents = read_corpus(write_files(tmp_path, files), load_regions(), workers=0).documents
    assert documents["duplicate_of"].isna().all()


def test_two_neighbouring_provinces_news_of_like_meetings_are_no_reprints(
    tmp_path: Path, write_files: WriteFiles
) -> None:
    """Chongqing is 500000 and Sichuan 510000: one code is no beginning of the other."""
    common = (
        "会议强调，要认真贯彻全国扫黑除恶斗争推进会精神，总结2023年工作，部署2024年任务，坚持打早打小、露头就打，深挖彻查腐败和保护伞。"
        * 2
    )
    places = {
        "重庆市": ("渝中区组建专班摸排线索", "武隆景区整治市场秩序"),
        "四川省": ("甘孜州开展草场纠纷调处", "宜宾白酒产业打击假冒"),
    }
    files = {
        f"{name}.txt": f"{name}召开扫黑除恶斗争推进会\n2024-03-{12 + 2 * place}\n{name}会议召开。{common}{'。'.join(own)}，"
        * 1
        for place, (name, own) in enumerate(places.items())
    }
    corpus = read_corpus(write_files(tmp_path / "d", files), load_regions())
    assert sorted(corpus.documents["region_code"]) == ["500000", "510000"]
    assert corpus.documents["duplicate_of"].isna().all()
