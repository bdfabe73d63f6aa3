"""The built-in lexicon: its examples, its traps, and what it must find in the seeds."""

import os
import re
from collections import Counter
from pathlib import Path
from typing import Literal

import pytest

from policy_themes.compare import ThemeHits, find_hits
from policy_themes.corpus import Corpus
from policy_themes.lexicon import Hit, Matcher, Theme, load_lexicon
from policy_themes.lexicon.pattern import MAX_PHRASES
from policy_themes.lexicon.records import Phrases
from policy_themes.study import open_study
from policy_themes.text.normalize import normalize

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", Path(__file__).parents[2] / "shared"))
SEEDS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
LEXICON = load_lexicon()
STABLE_IDS = [
    "modernization",
    "fengqiao_experience",
    "rule_of_law",
    "safe_china",
    "social_governance",
    "dispute_resolution",
    "high_quality_development",
    "party_leadership",
    "political_loyalty",
    "legislation",
    "lawful_administration",
    "judicial_reform",
    "fair_justice",
    "public_legal_services",
    "legal_education",
    "foreign_related_rule_of_law",
    "business_environment",
    "crime_control",
    "corrections",
    "team_building",
    "anti_corruption",
    "people_centred",
    "national_security",
    "social_stability",
    "financial_risk",
    "work_safety",
    "petitions",
    "political_legal_work",
    "revitalization",
    "grassroots_governance",
    "work_style",
    "opening_reform",
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(LEXICON)


def headline(matcher: Matcher, text: str, language: Language, theme: str) -> list[Hit]:
    hits = matcher.find(normalize(text).text, language)
    return [hit for hit in hits if hit.theme == theme and not hit.excluded and not hit.wide]


def seed_hits(matcher: Matcher, number: int, theme: str) -> list[Hit]:
    return headline(matcher, SEEDS[number].read_text(encoding="utf-8-sig"), "en", theme)


def all_phrases(theme: Theme) -> list[Phrases]:
    near = [part for item in theme.near for part in (item.phrases, item.words)]
    return [theme.count, theme.exclude, theme.keep, *near, *(facet.phrases for facet in theme.facets)]


def test_ids_are_the_stable_ones_and_unique() -> None:
    assert list(LEXICON.ids) == STABLE_IDS


@pytest.mark.parametrize("theme", LEXICON.themes, ids=LEXICON.ids)
class TestEveryTheme:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_example_holds_the_theme_exactly_once(self, theme: Theme, language: Language, matcher: Matcher) -> None:
        found = headline(matcher, theme.examples[language], language, theme.id)
        assert len(found) == 1, [hit.term for hit in found]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_has_phrases_and_label(self, theme: Theme, language: Language) -> None:
        assert theme.count.of(language)
        assert getattr(theme.label, language).strip()

    def test_facets_have_unique_ids_and_both_labels(self, theme: Theme) -> None:
        assert max(Counter(facet.id for facet in theme.facets).values(), default=1) == 1
        assert all(facet.label.en.strip() and facet.label.zh.strip() for facet in theme.facets)

    def test_kept_phrases_have_two_characters_or_more(self, theme: Theme) -> None:
        assert all(len(phrase) >= 2 for language in LANGUAGES for phrase in theme.keep.of(language))

    def test_expansions_stay_small(self, theme: Theme) -> None:
        parts = [phrases.of(language) for phrases in all_phrases(theme) for language in LANGUAGES]
        assert max(map(len, parts)) < MAX_PHRASES


def test_labels_tell_themes_apart() -> None:
    for language in LANGUAGES:
        labels = [getattr(theme.label, language) for theme in LEXICON.themes]
        assert len(set(labels)) == len(labels)


def test_whole_lexicon_stays_small() -> None:
    sizes = [len(part.of(lang)) for theme in LEXICON.themes for part in all_phrases(theme) for lang in LANGUAGES]
    assert sum(sizes) < 25_000


class TestSeeds:
    @pytest.mark.parametrize(
        ("theme", "counts"),
        [
            ("modernization", [4, 2, 7, 0, 5]),
            ("fengqiao_experience", [0, 0, 1, 0, 0]),
            ("safe_china", [0, 0, 4, 1, 0]),
            ("revitalization", [10, 0, 0, 0, 0]),
            ("political_legal_work", [3, 0, 20, 1, 3]),
        ],
    )
    def test_counts(self, theme: str, counts: list[int], matcher: Matcher) -> None:
        assert [len(seed_hits(matcher, number, theme)) for number in range(len(SEEDS))] == counts

    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            (0, ["political_legal", "political_legal", "political_legal", "ideas"]),
            (1, ["chinese_style", "chinese_style"]),
            (2, ["political_legal", "political_legal", "ideas", "ideas", "work_systems", "capabilities", "safeguards"]),
            (4, ["municipal_governance"] * 5),
        ],
    )
    def test_modernization_of_what(self, number: int, expected: list[str], matcher: Matcher) -> None:
        hits = seed_hits(matcher, number, "modernization")
        assert [facet in hit.facets for facet, hit in zip(expected, hits, strict=True)] == [True] * len(expected)

    def test_list_of_four_holds_all_four_facets(self, matcher: Matcher) -> None:
        hit = seed_hits(matcher, 2, "modernization")[2]
        assert hit.facets == ("capabilities", "ideas", "safeguards", "work_systems")

    def test_newspaper_is_no_hit(self, matcher: Matcher) -> None:
        text = normalize(SEEDS[0].read_text(encoding="utf-8-sig")).text
        removed = [hit.excluded for hit in matcher.find(text, "en") if hit.theme == "rule_of_law" and hit.excluded]
        assert "Rule of Law Daily".lower() in [context.lower() for context in removed]

    def test_modern_country_stands_beside_the_headline(self, matcher: Matcher) -> None:
        text = normalize(SEEDS[2].read_text(encoding="utf-8-sig")).text
        wide = [hit.term.lower() for hit in matcher.find(text, "en") if hit.theme == "modernization" and hit.wide]
        assert wide == ["modern country", "modern services"]


class TestTraps:
    @pytest.mark.parametrize(
        ("theme", "text"),
        [
            ("safe_china", "以高水平安全保障高质量发展"),
            ("safe_china", "守护世界和平安宁"),
            ("safe_china", "列车平安抵达终点，平安银行发布年报，大家度过平安夜"),
            ("safe_china", "拓宽平安大街"),
            ("rule_of_law", "坚持依法治税，推进依法治污、依法治水和依法治理"),
            ("rule_of_law", "法治日报记者报道，法治网转载"),
            ("fengqiao_experience", "枫桥镇和枫桥街道举办《枫桥夜泊》诵读会"),
            ("fengqiao_experience", "名词解释：“枫桥经验”：指二十世纪六十年代的做法"),
            ("legislation", "立法会和立法机构的议员"),
            ("legislation", "具有独立法人资格，建立法律顾问制度，树立法治观念"),
            ("opening_reform", "改革开放以来，庆祝改革开放40周年"),
            ("political_legal_work", "中国政法大学讲授行政法规"),
            ("dispute_resolution", "协调解决用地问题"),
            ("grassroots_governance", "优化电网格局"),
            ("work_style", "防范工作风险和合作风险"),
            ("team_building", "加强教师队伍建设"),
            ("national_security", "国家安全部和国家安全委员会"),
            ("business_environment", "加强知识产权保护"),
            ("modernization", "发展现代农业和现代服务业"),
            ("social_governance", "完善社会管理体制"),
        ],
    )
    def test_chinese_context_is_no_hit(self, theme: str, text: str, matcher: Matcher) -> None:
        assert headline(matcher, text, "zh", theme) == []

    @pytest.mark.parametrize(
        ("theme", "text"),
        [
            ("rule_of_law", "Reported by Rule of Law Daily"),
            ("safe_china", "Keep the workers safe and the streets safe"),
            ("safe_china", "a peaceful settlement and a safe journey"),
            ("national_security", "improve job security, food security and social security"),
            ("modernization", "a modern country with modern industry"),
            ("party_leadership", "under the leadership of the Party Central Committee"),
            ("party_leadership", "the Party Central Committee decided"),
            ("legislation", "a member of the legislature and the Legislative Council"),
            ("political_legal_work", "China University of Political Science and Law"),
            ("opening_reform", "the anniversary of reform and opening up"),
        ],
    )
    def test_english_context_is_no_hit(self, theme: str, text: str, matcher: Matcher) -> None:
        assert headline(matcher, text, "en", theme) == []

    @pytest.mark.parametrize(
        ("theme", "text", "term"),
        [
            ("safe_china", "统筹法治和平安建设", "平安建设"),
            ("safe_china", "建设更高水平的法治和平安宁夏", "平安宁夏"),
            ("safe_china", "更高水平平安中国", "平安中国"),
            ("rule_of_law", "全面推进依法治省", "依法治省"),
            ("rule_of_law", "提高法治水平", "法治"),
            ("fengqiao_experience", "创建枫桥式公安派出所", "枫桥式"),
            ("anti_corruption", "完善惩治和预防腐败体系", "腐败"),
            ("team_building", "加强司法行政系统队伍建设", "队伍建设"),
            ("opening_reform", "深化改革开放", "改革开放"),
            ("safe_china", "创建平安乡村", "平安乡村"),
            ("legislation", "推进生态文明建设立法", "立法"),
            ("legislation", "完成立法任务", "立法"),
        ],
    )
    def test_chinese_neighbour_of_a_trap_is_a_hit(self, theme: str, text: str, term: str, matcher: Matcher) -> None:
        assert [hit.term for hit in headline(matcher, text, "zh", theme)] == [term]

    def test_bare_words_hit_nothing(self, matcher: Matcher) -> None:
        for word in ("security", "safe", "modern", "Party Central Committee", "legislature"):
            assert [hit for hit in matcher.find(word, "en") if not hit.excluded and not hit.wide] == []

    def test_removed_hit_says_why(self, matcher: Matcher) -> None:
        hits = matcher.find("高水平安全", "zh")
        assert [(hit.theme, hit.excluded) for hit in hits] == [("safe_china", "水平安全")]

    def test_predecessors_stand_beside_the_headline(self, matcher: Matcher) -> None:
        hits = matcher.find("加强社会管理，改善投资环境，健全法制，坚持以人为本，乡村振兴", "zh")
        assert [(hit.theme, hit.facets) for hit in hits if hit.wide] == [
            ("social_governance", ("predecessor",)),
            ("business_environment", ("predecessor",)),
            ("rule_of_law", ("predecessor",)),
            ("people_centred", ("predecessor",)),
            ("revitalization", ("rural",)),
        ]


@pytest.fixture(scope="module")
def reports() -> Corpus:
    folder = SHARED / "corpora" / "prov_gwr"
    if not folder.is_dir():
        assert os.environ.get("CI") != "true", f"{folder} is not there"
        pytest.skip(f"{folder} is not there")
    return open_study(folder).source


@pytest.fixture(scope="module")
def found(reports: Corpus) -> ThemeHits:
    return find_hits(reports, LEXICON)


class TestOnTheWorkReports:
    """Counts that anybody can repeat with a plain search in the normalised text."""

    @pytest.mark.long
    @pytest.mark.parametrize(
        ("theme", "word", "removed"),
        [
            ("modernization", "现代化", None),
            ("fengqiao_experience", "枫桥", re.compile("枫桥(镇|街道|夜泊|古镇|路|村|站|景区)|枫桥经验(”)?:")),
        ],
    )
    def test_hits_are_plain_substring_counts_less_the_listed(
        self, theme: str, word: str, removed: re.Pattern[str] | None, reports: Corpus, found: ThemeHits
    ) -> None:
        own = found.table[found.table["theme"].eq(theme) & found.table["facet"].isna()].set_index("doc_id")
        expected = dict.fromkeys(own.index, 0)
        for passage in reports.iter_passages(copies=True):
            expected[passage.doc_id] += passage.text.count(word)
        hits = own["n_hits"] + own["n_excluded"]
        assert hits.to_dict() == expected and sum(expected.values()) > 50
        listed = found.places[found.places["theme"].eq(theme) & found.places["excluded"].ne("")]
        assert len(listed) == own["n_excluded"].sum()
        assert removed is None or all(removed.search(context) for context in listed["excluded"])

    @pytest.mark.long
    def test_safe_china_cleaned_and_raw_differ_by_what_is_listed_only(self, reports: Corpus, found: ThemeHits) -> None:
        raw = sum(passage.text.count("平安") for passage in reports.iter_passages(copies=True))
        own = found.places[found.places["theme"].eq("safe_china")]
        assert len(own) == raw
        removed = own.loc[own["excluded"].ne(""), "excluded"]
        assert 0 < len(removed) < raw and {"水平安全"} <= set(removed)
        # 平安建设 is never taken out, whatever stands before it.
        whole = sum(passage.text.count("平安建设") for passage in reports.iter_passages(copies=True))
        assert own.loc[own["excluded"].eq(""), "term"].str.startswith("平安建设").sum() == whole > 20


def test_a_cleaned_line_falls_where_the_raw_one_rises(matcher: Matcher) -> None:
    """By 高水平安全 and 和平安宁 alone: real wordings of reports, put together so that raw counts rise."""
    early = "推进法治和平安建设。深化平安宁夏建设。加快平安中国建设。"
    late = "实现高质量发展和高水平安全良性互动。以高水平安全保障发展。维护和平安宁。推进法治和平安建设。"
    raw = [text.count("平安") for text in (early, late)]
    cleaned = [len(headline(matcher, text, "zh", "safe_china")) for text in (early, late)]
    assert raw == [3, 4] and cleaned == [3, 1]
