"""The pattern language, the matcher, and the user's own lexicon file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_themes.errors import UsageError
from policy_themes.lexicon import Facet, Hit, Lexicon, Matcher, Theme, load_lexicon
from policy_themes.lexicon.pattern import MAX_PHRASES, expand
from policy_themes.lexicon.records import Label, Near, Phrases
from policy_themes.text.normalize import normalize

LABEL = Label("Law", "法")


def theme(name: str = "law", zh: tuple[str, ...] = (), en: tuple[str, ...] = (), **more: object) -> Theme:
    return Theme(name, LABEL, Phrases(zh=zh, en=en), **more)  # type: ignore[arg-type]


def find(text: str, language: str, *themes: Theme) -> list[Hit]:
    return Matcher(Lexicon(themes, "1")).find(normalize(text).text, language)  # type: ignore[arg-type]


def terms(hits: list[Hit]) -> list[str]:
    return [hit.term for hit in hits]


class TestPatterns:
    @pytest.mark.parametrize(
        ("pattern", "phrases"),
        [
            ("法治", ("法治",)),
            ("依法治(国|省|市)", ("依法治国", "依法治省", "依法治市")),
            ("moderni(s|z)(ation|e)", ("modernisation", "modernise", "modernization", "modernize")),
            ("rule of (the )?law", ("rule of the law", "rule of law")),
            ("a( (b|c))?", ("a b", "a c", "a")),
            ("(a|b)", ("a", "b")),
            ("a|b c", ("a", "b c")),
            ("(a|a)(b)?", ("ab", "a")),
            ("(the )?law ", ("the law", "law")),
        ],
    )
    def test_expand(self, pattern: str, phrases: tuple[str, ...]) -> None:
        assert expand(pattern) == phrases

    @pytest.mark.parametrize(
        ("pattern", "fault"),
        [
            ("a(b", "`a(b` does not close a bracket"),
            ("a)b", "`a)b` closes a bracket that was not opened"),
            ("ab?", "`ab?` has a ? that follows no bracket"),
            ("(a)??", "`(a)??` has a ? that follows no bracket"),
            ("?", "`?` has a ? that follows no bracket"),
            ("", "`` allows an empty phrase"),
            ("(a)?", "`(a)?` allows an empty phrase"),
            ("a|", "`a|` allows an empty phrase"),
            ("(a|b)" * 13, f"`{'(a|b)' * 13}` stands for more than {MAX_PHRASES} phrases"),
        ],
    )
    def test_faults(self, pattern: str, fault: str) -> None:
        with pytest.raises(ValueError) as caught:
            expand(pattern)
        assert str(caught.value) == fault

    @given(st.lists(st.lists(st.text("ab法", min_size=1, max_size=3), min_size=1, max_size=3), min_size=1, max_size=4))
    def test_is_the_product_of_its_groups(self, groups: list[list[str]]) -> None:
        from itertools import product

        pattern = "".join(f"({'|'.join(group)})" for group in groups)
        expected = tuple(dict.fromkeys("".join(choice) for choice in product(*groups)))
        assert expand(pattern) == expected


class TestMatcher:
    def test_leftmost_longest_within_a_theme(self) -> None:
        hits = find("法治政府建设法治", "zh", theme(zh=("法治", "法治政府", "政府建设")))
        assert [(hit.start, hit.end, hit.term) for hit in hits] == [(0, 4, "法治政府"), (6, 8, "法治")]

    def test_themes_overlap_each_other(self) -> None:
        hits = find("法治政府", "zh", theme("law", zh=("法治",)), theme("government", zh=("法治政府",)))
        assert [(hit.theme, hit.term) for hit in hits] == [("government", "法治政府"), ("law", "法治")]

    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("the rule of law", 1),
            ("The Rule Of LAW.", 1),
            ("rule of lawyers", 0),
            ("overrule of law", 0),
            ("rule of law2", 0),
            ("rule of law's", 1),
            ("“rule of law”-based", 1),
            ("rule\nof  law", 1),
            ("rule of\u200b law", 1),
            ("rule of law, rule of law", 2),
        ],
    )
    def test_english_whole_words_in_any_case_over_line_breaks(self, text: str, count: int) -> None:
        assert len(find(text, "en", theme(en=("rule of law",)))) == count

    def test_english_apostrophes_are_one(self) -> None:
        assert len(find("the people’s court, the people's court", "en", theme(en=("people's court",)))) == 2

    def test_letters_that_grow_in_lower_case_move_nothing(self) -> None:
        (hit,) = find("İİİ law", "en", theme(en=("law",)))
        assert (hit.start, hit.end) == (4, 7)

    def test_chinese_needs_no_word_limits_and_english_phrases_stay_out(self) -> None:
        hits = find("全面依法治国law", "zh", theme(zh=("依法治国",), en=("law",)))
        assert terms(hits) == ["依法治国"]

    def test_latin_letters_in_a_chinese_phrase(self, tmp_path: Path) -> None:
        path = tmp_path / "own.yml"
        path.write_text("version: '1'\nthemes:\n  - {id: ai, label: {en: AI, zh: AI}, count: {zh: [AI治理]}}\n")
        lexicon = load_lexicon(path, replace=True)
        assert len(Matcher(lexicon).find("推进AI治理", "zh")) == 1

    def test_exclusion_takes_out_what_it_holds_whole_and_says_so(self) -> None:
        safe = theme(zh=("平安", "平安中国"), exclude=Phrases(zh=("水平安全", "和平安宁")))
        hits = find("平安，高水平安全，和平安宁", "zh", safe)
        assert [(hit.start, hit.excluded) for hit in hits] == [(0, ""), (5, "水平安全"), (10, "和平安宁")]

    def test_exclusion_that_only_meets_a_hit_changes_nothing(self) -> None:
        (hit,) = find("高水平安中国", "zh", theme(zh=("平安中国",), exclude=Phrases(zh=("水平安",))))
        assert hit.excluded == ""

    def test_exclusion_in_english(self) -> None:
        daily = theme(en=("rule of law",), exclude=Phrases(en=("rule of law daily",)))
        hits = find("Rule of Law Daily on the rule of law", "en", daily)
        assert [hit.excluded for hit in hits] == ["rule of law daily", ""]

    @pytest.mark.parametrize(("gap", "count"), [(0, 1), (3, 1), (4, 0), (9, 0)])
    @pytest.mark.parametrize("before", [True, False])
    def test_near_counts_in_company_only(self, gap: int, before: bool, count: int) -> None:
        mediation = theme(near=(Near(Phrases(zh=("调解",)), Phrases(zh=("纠纷",)), window=4),))
        parts = ["纠纷", "的" * gap, "调解"]
        hits = find("".join(parts if before else parts[::-1]), "zh", mediation)
        assert terms(hits) == ["调解"] * count

    def test_company_of_another_condition_does_not_help(self) -> None:
        both = theme(
            near=(
                Near(Phrases(zh=("调解",)), Phrases(zh=("纠纷",))),
                Near(Phrases(zh=("化解",)), Phrases(zh=("矛盾",))),
            )
        )
        assert terms(find("纠纷化解", "zh", both)) == []
        assert terms(find("矛盾化解", "zh", both)) == ["化解"]

    def test_narrow_facets_sort_the_hits_they_meet(self) -> None:
        facets = (
            Facet("work", LABEL, Phrases(zh=("工作现代化",))),
            Facet("any", LABEL, Phrases(zh=("现代化", "工业"))),
        )
        hits = find("工作现代化、工业，现代化", "zh", theme(zh=("现代化",), facets=facets))
        assert [(hit.start, hit.facets, hit.wide) for hit in hits] == [
            (2, ("any", "work"), False),
            (9, ("any",), False),
        ]

    def test_wide_facet_stands_beside_the_headline(self) -> None:
        wide = Facet("wide", LABEL, Phrases(zh=("现代", "现代服务", "现代农业")), wide=True)
        own = theme(zh=("现代化",), exclude=Phrases(zh=("现代农业园",)), facets=(wide,))
        hits = find("现代化、现代服务、现代农业园", "zh", own)
        assert [(hit.term, hit.facets, hit.wide, hit.excluded) for hit in hits] == [
            ("现代化", (), False, ""),
            ("现代服务", ("wide",), True, ""),
            ("现代农业", ("wide",), True, "现代农业园"),
        ]

    @given(st.lists(st.text("平安高水全和宁社会矛盾源头治理枫桥经验 。", max_size=30), max_size=12))
    def test_many_texts_are_found_in_as_each_alone(self, texts: list[str]) -> None:
        matcher = Matcher(load_lexicon())
        together = [
            (number, hit)
            for batch in matcher.find_all(texts, "zh")
            for number, hit in zip(batch.text.tolist(), batch.hits(), strict=True)
        ]
        assert together == [(number, hit) for number, text in enumerate(texts) for hit in matcher.find(text, "zh")]

    def test_company_in_the_next_text_is_none(self) -> None:
        lonely = theme(near=(Near(Phrases(zh=("调解",)), Phrases(zh=("矛盾",)), 200),))
        matcher = Matcher(Lexicon((lonely,), "1"))
        assert [len(batch.hits()) for batch in matcher.find_all(["调解", "矛盾", "调解矛盾"], "zh")] == [1]

    def test_batches_number_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("policy_themes.lexicon.match.BATCH", 4)
        found = Matcher(Lexicon((theme(zh=("法治",)),), "1")).find_all(["法治", "", "依法治法治", "法治"], "zh")
        assert [batch.text.tolist() for batch in found] == [[0, 2, 2], [3]]

    def test_empty_lexicon_and_empty_text(self) -> None:
        assert find("法治", "zh") == [] and find("", "zh", theme(zh=("法治",))) == []

    @given(st.text("法治国依a", max_size=30))
    def test_hits_are_where_they_say(self, text: str) -> None:
        found = find(text, "zh", theme(zh=("法治", "依法治国", "治国")))
        held = normalize(text).text
        assert all(held[hit.start : hit.end] == hit.term for hit in found)
        rest = held
        for hit in found:
            rest = rest[: hit.start] + "#" * (hit.end - hit.start) + rest[hit.end :]
        assert "法治" not in rest and "治国" not in rest


OWN = """version: "7"
themes:
  - id: rule_of_law
    label: {en: Law, zh: 法}
    count: {zh: ["楓橋(經驗|做法)"], en: ["Rule of (the )?Law"]}
  - id: water
    label: {en: Water, zh: 水}
    count: {zh: [河长制]}
    keep: {zh: [河长制]}
"""


class TestOwnFile:
    @pytest.fixture
    def own(self, tmp_path: Path) -> Path:
        path = tmp_path / "own.yml"
        path.write_text(OWN, encoding="utf-8")
        return path

    def test_extends_and_takes_the_place_of_a_known_theme(self, own: Path) -> None:
        builtin, both = load_lexicon(), load_lexicon(own)
        assert set(both.ids) == {*builtin.ids, "water"} and len(both.ids) == len(builtin.ids) + 1
        assert both.ids == (*builtin.ids, "water")  # in the place of the built-in one: what comes first stays first
        assert both.theme("rule_of_law").count.zh == ("枫桥经验", "枫桥做法")
        assert both.version == f"{builtin.version}+7"

    def test_replaces(self, own: Path) -> None:
        lexicon = load_lexicon(own, replace=True)
        assert (lexicon.ids, lexicon.version) == (("rule_of_law", "water"), "7")
        assert lexicon.keep("zh") == ("河长制",) and lexicon.keep("en") == ()
        assert lexicon.theme("rule_of_law").count.en == ("rule of the law", "rule of law")

    def test_all_faulty_patterns_are_listed_with_their_lines(self, own: Path) -> None:
        text = (
            OWN.replace("[河长制]}\n    keep", '["河(长制", "a?"]}\n    keep')
            + "  - {id: water, label: {en: W, zh: 水}, count: {}}\n"
        )
        own.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError) as caught:
            load_lexicon(own)
        assert str(caught.value) == (
            "own.yml has 3 fault(s):\n"
            "- line 8: `河(长制` does not close a bracket\n"
            "- line 8: `a?` has a ? that follows no bracket\n"
            "- the theme `water` stands 2 times"
        )

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("    keep:", "    kept:", "line 9: `themes.1.kept`: unknown key. Did you mean `keep`?"),
            ("id: water", "id: Water!", "line 6: `themes.1.id`: "),
            ("    label: {en: Water, zh: 水}\n", "", "line 6: `themes.1.label`: Field required"),
            ('version: "7"\n', "", "line 1: `version`: Field required"),
            ("[河长制]}\n    keep", "河长制}\n    keep", "line 8: `themes.1.count.zh`: Input should be a valid list"),
        ],
    )
    def test_wrong_form_is_said_with_its_line(self, old: str, new: str, said: str, own: Path) -> None:
        assert OWN.count(old) == 1
        own.write_text(OWN.replace(old, new), encoding="utf-8")
        with pytest.raises(UsageError) as caught:
            load_lexicon(own)
        assert f"- {said}" in str(caught.value) and str(caught.value).startswith("own.yml has 1 fault(s):")
