"""Hard-wrapped texts are read as if they were not; texts that are none stay as they are."""

import re
import textwrap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_themes.lexicon import Matcher, load_lexicon
from policy_themes.text.normalize import normalize
from policy_themes.text.wrapped import joints

CHINESE = (
    "坚持和发展新时代“枫桥经验”，把矛盾纠纷化解在基层、化解在萌芽状态。",
    "2023年全省生产总值增长6.5%，城镇新增就业35.2万人，居民收入与经济增长基本同步。",
    "深入学习贯彻习近平法治思想，推进科学立法、严格执法、公正司法、全民守法！",
    "加快数字政府建设，“一网通办”事项达到98％；推进ＡＩ治理和5G应用。",
    "一是完善枫桥经验的工作机制，二是建设更高水平的平安中国，三是……为群众办好每一件实事。",
)
ENGLISH = (
    "The Fengqiao experience was upheld and developed in all of the “villages” of the province.",
    "Law-based governance moved forward, and 35,200 disputes were settled at the grass roots.",
    "How can this be done? By work on the spot; by mediation (of every kind) before any trial.",
    "In 2023 the courts of Zhejiang, as those of Jiangsu, saw 6.5 per cent fewer cases.",
)
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r", " \n"])


def paragraphs(sentences: tuple[str, ...], shortest: int) -> st.SearchStrategy[list[str]]:
    """Draw paragraphs that are long enough for six full lines at the greatest width."""
    one = st.lists(st.sampled_from(sentences), min_size=shortest, max_size=shortest + 5)
    return st.lists(one.map(("" if sentences is CHINESE else " ").join), min_size=3, max_size=6)


def sliced(text: str, width: int) -> list[str]:
    return [text[start : start + width] for start in range(0, len(text), width)]


def wrap_chinese(texts: list[str], width: int, end: str = "\n", between: str = "") -> str:
    return (end + between).join(end.join(sliced("　　" + text, width)) for text in texts)


def wrap_english(texts: list[str], width: int, end: str = "\n") -> str:
    return (end + end).join(end.join(textwrap.wrap(text, width)) for text in texts)


def plain(texts: list[str]) -> str:
    return normalize("\n\n".join(texts)).text


REPORT = ["".join(CHINESE) * 3, "".join(CHINESE[::-1]) * 2, CHINESE[0]]
SPEECH = [" ".join(ENGLISH) * 3, " ".join(ENGLISH[::-1]), ENGLISH[0]]


class TestJoined:
    @given(paragraphs(CHINESE, 5), st.integers(25, 60), LINE_ENDS)
    def test_chinese_is_what_it_was_before(self, texts: list[str], width: int, end: str) -> None:
        assert normalize(wrap_chinese(texts, width, end)).text == plain(texts)

    @given(paragraphs(ENGLISH, 5), st.integers(25, 60), LINE_ENDS)
    def test_english_is_what_it_was_before(self, texts: list[str], width: int, end: str) -> None:
        assert normalize(wrap_english(texts, width, end)).text == plain(texts)

    @pytest.mark.parametrize("width", range(25, 61, 5))
    def test_same_hits_of_a_theme(self, width: int) -> None:
        matcher = Matcher(load_lexicon())
        for texts, wrapped, language in (
            (REPORT, wrap_chinese(REPORT, width), "zh"),
            (SPEECH, wrap_english(SPEECH, width), "en"),
        ):
            whole, found = plain(texts), normalize(wrapped)
            hits = [hit for hit in matcher.find(found.text, language) if hit.theme == "fengqiao_experience"]
            assert hits == [hit for hit in matcher.find(whole, language) if hit.theme == "fengqiao_experience"]
            assert len(hits) >= 5
            for hit in hits:
                quoted = found.offsets.span(hit.start, hit.end).of(wrapped).lower()
                assert "".join(quoted.split()) in ("枫桥经验", "fengqiaoexperience")

    def test_phrase_over_a_line_end_is_quoted_with_it(self) -> None:
        text = "坚持枫桥经验，" + "推进法治建设，服务人民群众，" * 20
        wrapped = "\n".join(["推进依法治国，建设平安中国，服务人民群众坚持枫"[-25:], *sliced("桥经验，" + text, 24)])
        found = normalize(wrapped)
        place = found.text.index("枫桥经验")
        assert found.offsets.span(place, place + 4).of(wrapped) == "枫\n桥经验"

    @given(paragraphs(CHINESE, 5), st.integers(25, 60), LINE_ENDS, st.data())
    def test_every_span_is_found_again(self, texts: list[str], width: int, end: str, data: st.DataObject) -> None:
        wrapped = wrap_chinese(texts, width, end)
        found = normalize(wrapped)
        origins = [found.offsets.original(place) for place in range(len(found.text))]
        assert origins == sorted(origins)
        # Where an original character begins: one may become several.
        places = [place for place, (one, other) in enumerate(pairwise([-1, *origins])) if one != other]
        start, stop = sorted(data.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True)))
        quoted = found.offsets.span(start, stop).of(wrapped)
        assert "".join(normalize(quoted).text.split()) == "".join(found.text[start:stop].split())

    def test_whole_text_indented_alike(self) -> None:
        assert normalize(textwrap.indent(wrap_english(SPEECH, 60), " " * 8)).text == plain(SPEECH)

    def test_paragraphs_marked_by_indents_only(self) -> None:
        wrapped = "\n".join(textwrap.fill(text, 60, initial_indent="   ") for text in SPEECH)
        assert normalize(wrapped).text == plain(SPEECH)

    def test_lines_that_end_before_a_comma_would_begin_one(self) -> None:
        """Kinsoku: the character before a stop goes down with it."""
        rows = ["　　"]
        for word in re.findall(r"[!-~Ａ-Ｚ]+|.", REPORT[0] + REPORT[1]):
            if len(rows[-1].encode("gbk")) + len(word.encode("gbk")) <= 60:
                rows[-1] += word
            elif word in "，。；：、！？”…％":
                rows.append(rows[-1][-1] + word)
                rows[-2] = rows[-2][:-1]
            else:
                rows.append(word)
        assert len({len(row.encode("gbk")) for row in rows}) > 3
        assert normalize("\n".join(rows)).text == plain([REPORT[0] + REPORT[1]])

    def test_proportional_letters(self) -> None:
        """As in the records of the United Nations: lines as wide have a tenth more or fewer letters."""
        wide = str.maketrans({"m": "mm", "w": "ww", "i": "\x01"})
        rows = [row.replace("mm", "m").replace("ww", "w") for row in textwrap.wrap(SPEECH[0].translate(wide), 62)]
        assert normalize("\n".join(rows).replace("\x01", "i")).text == plain(SPEECH[:1])

    def test_hyphens_stay(self) -> None:
        text = wrap_english(SPEECH, 40) + "\n\n" + "The work goes on with the means, short-\nand long-term"
        assert normalize(text).text.endswith("short- and long-term")
        assert "law-based" in normalize(wrap_english([ENGLISH[0] + " " + ENGLISH[1].lower()] * 4, 50)).text

    def test_paragraphs_without_marks_end_at_their_stops(self) -> None:
        rows = [row for text in REPORT for row in sliced(text, 30)]
        found = normalize("\n".join(rows)).text
        assert all(line.endswith(("。", "!", "。”")) for line in found.split("\n"))
        assert found.replace("\n", "") == plain(REPORT).replace("\n", "")

    def test_title_points_and_signature_stay_lines(self) -> None:
        head = "关于坚持和发展新时代枫桥经验的意见\n来源：浙江日报\n\n"
        tail = "\n\n附件：\n1．任务分工\n2．名单\n\n浙江省司法厅\n2023年5月6日\n"
        found = normalize(head + wrap_chinese(REPORT, 38) + tail).text
        assert found.split("\n") == normalize(head + "\n".join(REPORT) + tail).text.split("\n")

    @pytest.mark.parametrize(
        "opening", ["一、总体要求", "（二）主要任务", "1．抓好普法", "第三，抓好普法", "——抓好普法"]
    )
    def test_point_under_a_full_line_that_ends_in_a_stop(self, opening: str) -> None:
        row = "推进法治建设，服务人民群众，坚持依法治国，建设平安中国，为民办事。"
        text = wrap_chinese(REPORT, len(row), between="\n") + f"\n\n{row}\n{opening}"
        assert normalize(text).text.endswith(f"办事。\n{normalize(opening).text}")

    def test_again_changes_nothing(self) -> None:
        for text in (wrap_chinese(REPORT, 38), wrap_english(SPEECH, 72)):
            once = normalize(text).text
            assert normalize(once).text == once


LISTS = "建立健全矛盾纠纷多元化解工作机制（司法厅）\n"
UNCHANGED = {
    "one paragraph a line": "\n".join(REPORT * 3),
    "short paragraphs": "\n".join(CHINESE * 3),
    "English paragraphs": "\n\n".join(ENGLISH * 4),
    "few lines": wrap_chinese([CHINESE[0] * 2], 30),
    "list": "\n".join(f"{'任务' * (number % 4)}{LISTS}" for number in range(20)),
    "list of one length": "".join(LISTS for _ in range(20)),
    "points": "\n".join(
        f"{number}．推进法治建设，服务人民群众，建设平安中国，坚持依法治国。" for number in range(1, 20)
    ),
    "clauses": "坚持依法治国，推进法治建设，服务人民群众，维护公平正义；\n" * 20,
    "table": "浙江省     2021     枫桥经验     1532     98.5\n" * 20,
    "table with bars": "| 浙江省 | 2021 | 枫桥经验，平安建设 | 1532 | 98.5 |\n" * 20,
    "figures": "2021 1532 98.5 2022 1743 99.1 2023 1821 99.3 a\n" * 20,
    "poem": "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。\n" * 8,
    "long poem": "锦瑟无端五十弦，一弦一柱思华年。\n庄生晓梦迷蝴蝶，望帝春心托杜鹃。\n" * 8,
    "sonnet": (
        "Shall I compare thee to a summer's day?\nThou art more lovely and more temperate:\n"
        "Rough winds do shake the darling buds of May,\nAnd summer's lease hath all too short a date;\n"
        "Sometime too hot the eye of heaven shines,\nAnd often is his gold complexion dimm'd;\n"
        "And every fair from fair sometime declines,\nBy chance or nature's changing course untrimm'd;\n"
        "But thy eternal summer shall not fade,\nNor lose possession of that fair thou ow'st;\n"
    ),
    "menu": "soup of the day\nfish with rice and beans from the garden\nbread\nrice\ntea or coffee\ncake\n" * 4,
    "address": "Department of Justice\nZhejiang Province\n5 Tianmushan Road\nHangzhou\n310007\nChina\nTelephone 0571\n",
    "signature": "特此通知。\n\n浙江省司法厅\n浙江省公安厅\n浙江省人民检察院\n浙江省高级人民法院\n2023年5月6日\n联系人：张三\n电话：0571\n",
    "blank between all lines": "\n\n".join(sliced(REPORT[0], 30)),
    "nothing": " \n" * 40,
}


class TestUnchanged:
    @pytest.mark.parametrize("kind", UNCHANGED)
    def test_text_that_is_not_wrapped(self, kind: str) -> None:
        text = UNCHANGED[kind]
        assert joints(text) == {}
        assert normalize(text).text.count("\n") == max(0, len([row for row in text.split("\n") if row.strip()]) - 1)

    def test_joined_lines_of_a_pdf_are_not_joined_again(self) -> None:
        from policy_themes.corpus.extract.pdf import _joined

        for wrapped in (wrap_chinese(REPORT * 3, 38), wrap_english(SPEECH * 3, 72)):
            assert joints("\n".join(_joined([row.strip() for row in wrapped.split("\n") if row.strip()]))) == {}
