"""Words: they join to the text, fixed terms stay whole, nothing outside is trusted or changed."""

import marshal
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policy_themes.corpus import Corpus
from policy_themes.errors import UsageError
from policy_themes.lexicon import Lexicon, Theme, load_lexicon
from policy_themes.lexicon.records import Label, Phrases
from policy_themes.schema import empty
from policy_themes.store import process
from policy_themes.store.cache import StageCache
from policy_themes.text.normalize import normalize
from policy_themes.tokenize import Tokens, UserDictionary, load_dictionary, load_stopwords, segment
from policy_themes.tokenize.keep import FixedTerms
from policy_themes.tokenize.parallel import WORTHWHILE, default_workers
from policy_themes.tokenize.recall import Recall, near_misses
from policy_themes.tokenize.segment import ChineseSegmenter, Engine, EnglishSegmenter
from policy_themes.tokenize.words import fixed_terms

CorpusOf = Callable[[Mapping[str, str | bytes]], Corpus]
KEPT = ("枫桥经验", "新时代", "高质量发展")
SENTENCE = "坚持和发展新时代枫桥经验，推动高质量发展。"
CUT = """
from policy_themes.tokenize.dictionary import UserDictionary
from policy_themes.tokenize.segment import ChineseSegmenter
print("/".join(ChineseSegmenter(UserDictionary()).cut("推进枫桥经验与现代化建设，依法治国。")))
"""


ENGINES: tuple[Engine, ...] = ("rjieba", "jieba")
SHARED = Path(os.environ.get("POLICY_THEMES_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="module", params=ENGINES)
def chinese(request: pytest.FixtureRequest) -> ChineseSegmenter:
    return ChineseSegmenter(UserDictionary(), request.param)


def keeping(*phrases: str, language: str = "zh") -> Lexicon:
    keep = Phrases(**{language: phrases})
    return Lexicon((Theme("t", Label("T", "题"), Phrases(), keep=keep),), "1")


def words(corpus: Corpus, lexicon: Lexicon, dictionary: UserDictionary | None = None) -> list[str]:
    tokens = segment(corpus, lexicon, dictionary or UserDictionary(), cache=StageCache(None))
    return [word for row in tokens.words for word in row]


class TestCut:
    @settings(deadline=None)
    @given(st.text("枫桥经验法治国新时代ab1 \n，。’'-𠮷", max_size=60))
    def test_surfaces_join_to_the_text(self, chinese: ChineseSegmenter, text: str) -> None:
        for engine in (chinese, EnglishSegmenter()):
            assert "".join(engine.cut(text)) == text

    @settings(deadline=None)
    @given(st.text("新时代枫桥经验质量高发展国", max_size=40))
    def test_overlay_joins_to_the_text_and_keeps_every_term_whole(self, chinese: ChineseSegmenter, text: str) -> None:
        whole = FixedTerms(KEPT, "zh").overlay(text, chinese.cut(text), chinese.cut)
        assert "".join(whole) == text
        assert all(whole.count(term) == text.count(term) for term in KEPT)

    def test_long_text_is_cut_in_bounded_pieces(self, chinese: ChineseSegmenter) -> None:
        text = "镕" * 5_000
        surfaces = chinese.cut(text)
        assert "".join(surfaces) == text and max(map(len, surfaces)) <= 1_000

    @pytest.mark.parametrize(
        ("surface", "word"),
        [
            ("法治", "法治"),
            ("的", None),
            ("2023", None),
            ("，", None),
            ("AI", "ai"),
            ("a", None),
            ("10月", None),
            ("𠮷林", "𠮷林"),
        ],
    )
    def test_chinese_words_have_two_characters(self, surface: str, word: str | None, chinese: ChineseSegmenter) -> None:
        assert chinese.word(surface) == word

    @pytest.mark.parametrize(
        ("surface", "word"),
        [
            ("Courts", "court"),
            ("Court's", "court"),
            ("courts’", "court"),
            ("modernisation", "modernization"),
            ("Modernization", "modernization"),
            ("policies", "policy"),
            ("process", "process"),
            ("Meeting", "meeting"),
            ("is", "is"),
            ("law-based", "law-based"),
            ("a", None),
            ("2023", None),
            (" ", None),
            ("...", None),
        ],
    )
    def test_english_words(self, surface: str, word: str | None) -> None:
        pieces = [EnglishSegmenter().word(piece) for piece in EnglishSegmenter().cut(surface)]
        assert [piece for piece in pieces if piece] == ([word] if word else [])


class TestFixedTerms:
    def test_kept_phrases_are_words(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"a.txt": SENTENCE})
        assert set(KEPT) <= set(words(corpus, load_lexicon()))
        assert not set(KEPT[:1]) & set(words(corpus, keeping()))

    def test_remains_of_a_cut_surface_are_cut_again(self) -> None:
        terms = FixedTerms(["法治"], "zh")
        assert terms.overlay("依法治国策", ["依法治国", "策"], lambda text: list(text)) == ["依", "法治", "国", "策"]

    def test_several_terms_in_one_surface(self) -> None:
        terms = FixedTerms(["甲乙", "丁戊"], "zh")
        assert terms.overlay("甲乙丙丁戊己", ["甲乙丙丁戊己"], lambda text: [text]) == ["甲乙", "丙", "丁戊", "己"]

    def test_english_terms_are_one_word_in_any_case_over_line_ends(self, corpus_of: CorpusOf) -> None:
        page = "Notice of the day\nWe keep the Rule\nof Law, the rule of laws and the RULE OF LAW."
        found = words(corpus_of({"a.txt": page}), keeping("rule of law", language="en"))
        assert found.count("rule_of_law") == 2
        assert found.count("rule") == 1 and found.count("law") == 1

    def test_occurrences_overlap_and_stand_alone(self) -> None:
        assert FixedTerms(["枫桥", "枫桥经验"], "zh").occurrences("枫桥经验") == [
            (0, 0, 2),
            (1, 0, 4),
        ]
        assert FixedTerms(["law"], "en").occurrences("Laws, law") == [(0, 6, 9)]

    @settings(deadline=None)
    @given(st.text("枫桥经验法治国新时代a1.% \n，“-", max_size=60))
    def test_cut_around_the_terms_is_the_overlay_of_all(self, chinese: ChineseSegmenter, text: str) -> None:
        terms = FixedTerms(["枫桥经验", "新时代", "经验法", "治国", "桥"], "zh")
        found = terms.occurrences(text)
        forced: tuple[Counter[tuple[str, str]], ...] = (Counter(), Counter())
        whole = terms.overlay(text, chinese.cut(text), chinese.cut, found, forced[0])
        assert terms.cut(text, chinese.cut, found, forced[1]) == whole and forced[0] == forced[1]

    @settings(deadline=None)
    @given(st.text("rule oflaw-s,.’\n", max_size=60))
    def test_the_same_in_english(self, text: str) -> None:
        english, terms = EnglishSegmenter(), FixedTerms(["rule of law", "law-based", "law", "rule"], "en")
        found = terms.occurrences(text)
        assert terms.cut(text, english.cut, found) == terms.overlay(text, english.cut(text), english.cut, found)

    def test_cuts_inside_a_word_of_the_engine_are_listed(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"a.txt": "推进改革开放，深化改革开放，改革开放。"})
        tokens = segment(corpus, keeping("改革开放", "开放"), UserDictionary(), cache=StageCache(None))
        listed = {(row.phrase, row.engine): row.n_text for row in tokens.forced_cuts.itertuples()}
        engine = ChineseSegmenter(UserDictionary())
        expected = {
            ("改革开放", "/".join(engine.cut(clause))): 1
            for clause in ("推进改革开放", "深化改革开放", "改革开放")
            if not any("".join(engine.cut(clause)[:n]) + "改革开放" == clause for n in range(3))
        }
        assert listed == expected and expected

    def test_recall_counts_what_stayed_inside_one_surface(self) -> None:
        terms = FixedTerms(["枫桥", "枫桥经验", "经验做"], "zh")
        recall, text = Recall(terms.phrases), "枫桥经验做，枫桥"
        recall.add(terms.occurrences(text), ["枫桥经验", "做", "，", "枫", "桥"])
        assert list(zip(recall.phrases, recall.n_text, recall.n_kept, strict=True)) == [
            ("枫桥", 2, 1),
            ("枫桥经验", 1, 1),
            ("经验做", 1, 0),
        ]

    def test_other_spellings_are_counted_and_kept(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"a.txt": "堅持楓橋經驗，枫\u200b桥经验和枫桥经\ufeff验，ＡＩ治理。"})
        tokens = segment(corpus, keeping("枫桥经验", "AI治理"), UserDictionary(), cache=StageCache(None))
        own = tokens.recall.set_index("phrase")
        assert own.loc["枫桥经验", ["n_text", "n_kept"]].tolist() == [3, 3]
        assert own.loc["AI治理", ["n_text", "n_kept"]].tolist() == [1, 1]

    def test_near_misses_say_how_they_are_written(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of(
            {
                "a.txt": "坚持枫桥\n经验，学习枫桥 经验和“枫桥”经验，也学枫桥经验。",
                "b.txt": "Notice of the day\nThe rule-of-law and the “rule” of law and the rule of law.",
                "c.txt": "推广枫桥\n经验，今天和明天都要开会讨论这个问题。",
            }
        )
        lexicon = keeping("枫桥经验", "新时代")
        english = Theme("e", Label("E", "英"), Phrases(), keep=Phrases(en=("rule of law",)))
        terms = fixed_terms(Lexicon((*lexicon.themes, english), "1"), UserDictionary())
        found = near_misses(corpus, terms)
        assert {(row.phrase, row.written): row.n_text for row in found.itertuples()} == {
            ("枫桥经验", "枫桥⏎经验"): 2,
            ("枫桥经验", "枫桥 经验"): 1,
            ("枫桥经验", "枫桥”经验"): 1,
            ("rule of law", "rule-of-law"): 1,
            ("rule of law", "rule” of law"): 1,
        }
        first = found.iloc[0]
        assert first["path"] == "a.txt" and "坚持枫桥⏎经验" in first["example"]

    def test_recall_table(self, toy: Corpus) -> None:
        tokens = segment(
            toy, keeping("枫桥经验", "经验枫桥"), UserDictionary((("部署工作", None),)), cache=StageCache(None)
        )
        table = tokens.recall[tokens.recall["language"] == "zh"]
        assert list(table.columns) == ["phrase", "language", "n_text", "n_kept", "recall"]
        found = {row.phrase: (row.n_text, row.n_kept) for row in table.itertuples()}
        assert found == {"部署工作": (3, 3), "枫桥经验": (2, 2), "经验枫桥": (0, 0)}
        assert table["recall"].isna().tolist() == [False, False, True] and table["recall"].iloc[0] == 1


class TestIsolation:
    def test_poisoned_cache_changes_nothing_and_no_file_appears(self, tmp_path: Path) -> None:
        def run(folder: Path) -> str:
            env = {**os.environ, "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
            command = [sys.executable, "-W", "ignore", "-c", CUT]
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
            assert done.stderr == ""
            return done.stdout

        clean, poisoned = tmp_path / "clean", tmp_path / "poisoned"
        clean.mkdir()
        poisoned.mkdir()
        cache = poisoned / "jieba.cache"
        cache.write_bytes(marshal.dumps(({"推进枫桥经验与现": 10**9, "推": 1}, 10**9)))
        before = cache.read_bytes()
        assert run(poisoned) == run(clean) == "推进/枫桥/经验/与/现代化/建设/，/依法治国/。\n"
        assert list(clean.iterdir()) == [] and list(poisoned.iterdir()) == [cache]
        assert cache.read_bytes() == before

    def test_another_dictionary_in_between_changes_nothing(self, chinese: ChineseSegmenter) -> None:
        before = chinese.cut(SENTENCE)
        own = ChineseSegmenter(UserDictionary((("枫桥经验", 100_000),)))
        assert "枫桥经验" in own.cut(SENTENCE) and "枫桥经验" not in before
        assert chinese.cut(SENTENCE) == ChineseSegmenter(UserDictionary()).cut(SENTENCE) == before

    def test_frequency_zero_is_refused(self, tmp_path: Path) -> None:
        # jieba would put the word into a list of the whole process and cut it apart everywhere.
        file = tmp_path / "words.txt"
        file.write_text("枫桥\n杭研 0\n", encoding="utf-8")
        with pytest.raises(UsageError, match=r"words.txt line 2: the frequency of '杭研' is 0"):
            load_dictionary(file)

    def test_order_of_documents_makes_no_difference(self, corpus_of: CorpusOf) -> None:
        pages = [SENTENCE, "推进杭研大厦建设，来到网易。", "依法治国，建设法治政府。"]
        lexicon = load_lexicon()

        def by_text(order: list[str]) -> dict[str, tuple[str, ...]]:
            corpus = corpus_of({f"{n}.txt": page for n, page in enumerate(order)})
            tokens = segment(corpus, lexicon, UserDictionary(), cache=StageCache(None))
            texts = [passage.text for passage in corpus.iter_passages()]
            return dict(zip(texts, tokens.words, strict=True))

        assert by_text(pages) == by_text(pages[::-1])

    def test_cache_and_no_cache_agree_and_a_new_lexicon_needs_no_new_segmentation(
        self, toy: Corpus, tmp_path: Path
    ) -> None:
        lexicon, none = keeping("枫桥经验"), UserDictionary()
        plain = segment(toy, lexicon, none, cache=StageCache(None), engine="jieba")
        first = segment(toy, lexicon, none, cache=StageCache(tmp_path), engine="jieba")
        again = segment(toy, lexicon, none, cache=StageCache(tmp_path), engine="jieba", progress=_refuse)
        assert plain.words == first.words == again.words
        changed = segment(toy, keeping("召开会议"), none, cache=StageCache(tmp_path), engine="jieba", progress=_refuse)
        assert any("召开会议" in row for row in changed.words) and not any("枫桥经验" in row for row in changed.words)


def _refuse(_passages: object) -> list[object]:
    raise AssertionError("segmented anew")


def same(one: Tokens, other: Tokens) -> bool:
    tables = one.recall.equals(other.recall) and one.forced_cuts.equals(other.forced_cuts)
    return tables and (one.words, one.starts.tolist()) == (other.words, other.starts.tolist())


class TestSeveralProcesses:
    @pytest.mark.parametrize("size", [1, 60, 100_000])
    @pytest.mark.parametrize("workers", [1, 2, 3])
    def test_neither_batches_nor_processes_make_a_difference(
        self, size: int, workers: int, toy: Corpus, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lexicon, own = load_lexicon(), UserDictionary((("部署工作", None),))
        one = segment(toy, lexicon, own, cache=StageCache(None), workers=1)
        monkeypatch.setattr("policy_themes.tokenize.batch.SIZE", size)
        assert same(segment(toy, lexicon, own, cache=StageCache(None), workers=workers), one)
        alone = [segment(corpus, lexicon, own, cache=StageCache(None)).words for corpus in each(toy)]
        assert [row for words in alone for row in words] == list(one.words)

    def test_a_process_that_dies_costs_time_only(self, toy: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
        one = segment(toy, load_lexicon(), UserDictionary(), cache=StageCache(None), workers=1)
        seen: list[object] = []

        def watched(batches: list[object]) -> Iterator[object]:
            for batch in batches:
                yield batch
                seen.append(batch)

        monkeypatch.setattr("policy_themes.tokenize.batch.SIZE", 1)
        monkeypatch.setattr("policy_themes.tokenize.parallel.get", dying_after(2))
        other = segment(toy, load_lexicon(), UserDictionary(), cache=StageCache(None), workers=2, progress=watched)
        assert same(one, other) and len(seen) == len(list(toy.iter_passages()))

    def test_ctrl_c_ends_all(self, toy: Corpus) -> None:
        def interrupted(_batches: list[object]) -> Iterator[object]:
            yield None
            raise KeyboardInterrupt

        before = threading.active_count()
        with pytest.raises(KeyboardInterrupt):
            segment(toy, load_lexicon(), UserDictionary(), cache=StageCache(None), workers=2, progress=interrupted)
        assert threading.active_count() == before

    def test_a_large_corpus_is_worth_it(self) -> None:
        assert default_workers(WORTHWHILE - 1) == 1 and default_workers(WORTHWHILE) == min(os.cpu_count() or 1, 8)


def each(corpus: Corpus) -> list[Corpus]:
    """Return a corpus of every document alone."""
    return [
        replace(corpus, documents=corpus.documents[corpus.documents["doc_id"] == doc_id])
        for doc_id in corpus.documents["doc_id"]
    ]


def dying_after(answers: int) -> Callable[[BinaryIO], bytes | None]:
    """Return a reader that finds the process dead after some answers."""
    left = [answers]

    def read(stream: BinaryIO) -> bytes | None:
        left[0] -= 1
        return process.get(stream) if left[0] >= 0 else None

    return read


class TestEngines:
    def test_both_say_the_same_of_a_sentence(self) -> None:
        one, other = (
            ChineseSegmenter(UserDictionary(), engine).cut(SENTENCE + "2023年，依法治国。") for engine in ENGINES
        )
        assert one == other

    def test_the_fast_one_is_the_default_and_the_other_where_it_is_absent(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert ChineseSegmenter(UserDictionary()).engine == "rjieba"
        module = sys.modules[ChineseSegmenter.__module__]  # the package has a function of this name
        monkeypatch.setattr(module, "find_spec", lambda name: None if name == "rjieba" else name)
        assert ChineseSegmenter(UserDictionary()).engine == "jieba"
        with pytest.raises(UsageError, match=r"segmenter rjieba is not installed.*Leave `segmenter` out"):
            ChineseSegmenter(UserDictionary(), "rjieba")

    def test_own_words_with_their_frequency_reach_both(self) -> None:
        own = UserDictionary((("枫桥经验", 100_000), ("网格化治理", None)))
        for engine in ENGINES:
            assert "枫桥经验" in ChineseSegmenter(own, engine).cut(SENTENCE)

    def test_a_long_text_is_cut_at_its_stops(self, chinese: ChineseSegmenter) -> None:
        text = "推进依法治国，建设法治政府。" * 200
        assert chinese.cut(text) == chinese.cut("推进依法治国，建设法治政府。") * 200

    @pytest.mark.long
    def test_the_fast_one_cuts_work_reports_as_the_reference_does(self) -> None:
        folder = SHARED / "corpora" / "prov_gwr"
        if not folder.is_dir():
            pytest.skip("needs the shared work reports")
        engines = [ChineseSegmenter(UserDictionary(), engine) for engine in ENGINES]
        same = total = 0
        for path in sorted(folder.rglob("*.txt"))[::20]:
            text = normalize(path.read_text("utf-8-sig", errors="replace")).text
            ends = [set(accumulate(map(len, engine.cut(text)))) for engine in engines]
            spans = [set(pairwise([0, *sorted(own)])) for own in ends]
            same, total = same + len(spans[0] & spans[1]), total + len(spans[1])
        assert total > 100_000 and same >= 0.999 * total


@pytest.mark.long
@pytest.mark.parametrize(("first", "last"), [(1998, 2010), (2011, 2018), (2019, 2024)])
def test_every_fixed_term_of_the_work_reports_stays_whole(first: int, last: int, corpus_of: CorpusOf) -> None:
    folder = SHARED / "corpora" / "prov_gwr"
    if not folder.is_dir():
        pytest.skip("needs the shared work reports")
    paths = [path for path in sorted(folder.rglob("*.txt")) if first <= int(re.findall(r"\d{4}", path.name)[0]) <= last]
    corpus = corpus_of({path.name: path.read_bytes() for path in paths})
    recall = segment(corpus, load_lexicon(), UserDictionary(), cache=StageCache(None)).recall
    found = recall[(recall["language"] == "zh") & (recall["n_text"] > 0)]
    assert len(found) >= 40
    assert (found["n_text"] == found["n_kept"]).all()
    texts = [passage.text for passage in corpus.iter_passages()]
    for row in found.head(10).itertuples():
        assert row.n_text == sum(text.count(row.phrase) for text in texts)


class TestUserDictionary:
    def load(self, folder: Path, content: str | bytes) -> UserDictionary:
        path = folder / "words.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_dictionary(path)

    def test_words_frequencies_tags_comments(self, tmp_path: Path) -> None:
        text = "\ufeff# 注释\n枫桥经验 10 n\n\n网格化\t3\n新时代 n\n平安建设\n"
        assert self.load(tmp_path, text).words == (
            ("枫桥经验", 10),
            ("网格化", 3),
            ("新时代", None),
            ("平安建设", None),
        )
        assert load_dictionary(None).words == ()

    @pytest.mark.parametrize("line", ["新 时代", "枫桥 经验 10", "枫桥 10 n 4", "枫桥 n 10", "枫桥 1.5"])
    def test_line_that_can_be_read_in_two_ways(self, line: str, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as caught:
            self.load(tmp_path, f"# a\n枫桥经验\n{line}\n")
        assert str(caught.value) == (
            f"words.txt line 3: {line!r} can be read in several ways. "
            "A line is: word, then perhaps a frequency, then perhaps a tag (枫桥经验 10 n)."
        )

    def test_gbk(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError) as caught:
            self.load(tmp_path, "abc 3\n枫桥经验\n".encode("gbk"))
        assert str(caught.value) == (
            "words.txt line 2 is not UTF-8. Save the dictionary as UTF-8 (it is perhaps in GBK)."
        )

    def test_own_words_are_kept_whole(self, corpus_of: CorpusOf) -> None:
        corpus = corpus_of({"a.txt": "来到网易杭研大厦，推进网格化治理。"})
        found = words(corpus, keeping(), UserDictionary((("杭研大厦", None), ("网格化治理", 1))))
        assert {"杭研大厦", "网格化治理"} <= set(found)

    @pytest.mark.parametrize("word", ["網格化治理", "网格化治理\u200b"])
    def test_own_words_in_another_spelling(self, word: str, corpus_of: CorpusOf, tmp_path: Path) -> None:
        file = tmp_path / "words.txt"
        file.write_text(f"{word}\n", encoding="utf-8")
        corpus = corpus_of({"a.txt": "來到網易，推進網格化治理。"})
        assert "网格化治理" in words(corpus, keeping(), load_dictionary(file))


class TestStopWords:
    @pytest.mark.parametrize("word", ["国家", "发展", "state", "system", "order", "work", "law", "法治", "工作"])
    def test_words_of_the_field_are_none(self, word: str) -> None:
        stop = load_stopwords()
        assert word not in stop.of("zh") | stop.of("en")

    def test_function_words_are(self) -> None:
        stop = load_stopwords()
        assert {"的", "和"} <= stop.of("zh") and {"the", "of", "and"} <= stop.of("en")

    def test_own_list_is_added_and_normalised(self, tmp_path: Path) -> None:
        path = tmp_path / "stop.txt"
        path.write_text("# 发展\n國家\n State \n\n", encoding="utf-8-sig")
        stop, builtin = load_stopwords(path), load_stopwords()
        assert stop.of("zh") == builtin.of("zh") | {"国家", "state"}
        assert stop.of("en") == builtin.of("en") | {"国家", "state"}

    def test_gbk_list(self, tmp_path: Path) -> None:
        (tmp_path / "stop.txt").write_bytes("国家".encode("gbk"))
        with pytest.raises(UsageError, match=r"^stop.txt is not UTF-8. Save the stop list as UTF-8.$"):
            load_stopwords(tmp_path / "stop.txt")


@pytest.fixture(scope="module")
def tokens(toy: Corpus) -> Tokens:
    return segment(toy, load_lexicon(), UserDictionary(), cache=StageCache(None))


class TestTokens:
    def test_one_row_a_passage_and_no_copy(self, tokens: Tokens, toy: Corpus) -> None:
        expected = [(passage.doc_id, passage.number, passage.language) for passage in toy.iter_passages()]
        assert list(zip(tokens.doc_ids, tokens.passages, tokens.languages, strict=True)) == expected
        assert len(tokens.words) == len(expected)

    def test_every_word_stands_where_it_says(self, tokens: Tokens, toy: Corpus) -> None:
        for part in (tokens, tokens.without(load_stopwords()), tokens.of_language("zh")):
            for number, (doc_id, row) in enumerate(zip(part.doc_ids, part.words, strict=True)):
                starts = part.starts[part.bounds[number] : part.bounds[number + 1]]
                text = toy.normalized(doc_id)
                assert len(row) == len(starts) and (np.diff(starts) > 0).all()
                for word, start in zip(row, starts, strict=True):
                    if not word.isascii():
                        assert text[start : start + len(word)] == word
                    else:  # a plural or another spelling: its beginning stays
                        assert text[start:].lower().startswith(word.replace("_", " ")[:3])

    def test_stop_words_go_by_language(self, tokens: Tokens) -> None:
        stop = load_stopwords()
        rest = tokens.without(stop)
        for row, kept, language in zip(tokens.words, rest.words, tokens.languages, strict=True):
            assert list(kept) == [word for word in row if word not in stop.of(language)]
        assert any("the" in row for row in tokens.words) and rest.doc_ids == tokens.doc_ids

    def test_of_language(self, tokens: Tokens) -> None:
        parts = [tokens.of_language("zh"), tokens.of_language("en")]
        assert set(parts[0].languages) == {"zh"} and set(parts[1].languages) == {"en"}
        assert sum(len(part.words) for part in parts) == len(tokens.words)
        assert all("枫桥经验" not in row for row in parts[1].words)

    def test_gensim_form_by_hand(self) -> None:
        small = Tokens.of_words(("a", "a", "b"), (0, 1, 0), ("zh",) * 3, (("乙", "甲", "乙"), (), ("丙",)))
        assert small.to_gensim() == ([[(1, 2), (2, 1)], [], [(0, 1)]], {0: "丙", 1: "乙", 2: "甲"})
        # Nothing is known of what was proved of words that were cut elsewhere.
        assert small.recall.equals(empty("recall")) and small.forced_cuts.equals(empty("forced_cuts"))

    def test_gensim_takes_it(self, tokens: Tokens) -> None:
        from gensim.models import LdaModel

        bags, names = tokens.to_gensim()
        model = LdaModel(bags, id2word=names, num_topics=2, random_state=1)
        assert model.get_topics().shape == (2, len(names))
        assert sum(n for bag in bags for _, n in bag) == sum(map(len, tokens.words))
        assert {term for term, _ in model.show_topic(0, topn=5)} <= set(names.values())
