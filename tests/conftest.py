"""Fixtures for all tests: a corpus that can be counted by hand, the seeds, shared data, a cache of our own."""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from policy_themes.corpus import Corpus, read_corpus
from policy_themes.demo import write_demo
from policy_themes.lexicon import Facet, Lexicon, Theme
from policy_themes.lexicon.records import Label, Phrases
from policy_themes.regions import load_regions

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Files of tests by the time they take with `--all`, as `--durations` tells it.
LONGEST = (
    "test_notebooks", "test_scale", "test_crash", "test_cli", "test_figures", "test_torture", "test_topic_size",
    "test_topics_quality", "test_parts", "test_house", "test_effects", "test_over_time", "test_explore_browser",
    "test_topic_effects", "test_agreement_with_r", "test_specifications", "test_contrast", "test_surface", "test_report",
    "test_album", "test_again", "test_patterns_linear",
)  # fmt: skip
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run, nothing kept between runs; POLICY_THEMES_EXPLORE=1 looks for new ones.
settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", max_examples=1_000, database=None, deadline=None)
settings.load_profile("explore" if os.environ.get("POLICY_THEMES_EXPLORE") else "fixed")

# Three provinces × 2021–2023. Missing on purpose: zh 浙江 2023, 陕西 2022, 山西 2021 and 2023.
# Length in Han characters or words of title + body stands behind each.
TOY: Mapping[str, str] = {
    "zh/a.txt": "浙江省召开会议\n2021年3月5日 来源：浙江日报\n推进现代化。坚持枫桥经验。\n",  # 7 + 11
    "zh/b.txt": "浙江省部署工作\n2022年4月6日\n工作现代化，服务现代化。建设平安，高水平安全。\n",  # 7 + 19
    "zh/c.txt": "陕西省召开会议\n2021年5月7日\n加强现代服务。\n",  # 7 + 6
    "zh/d.txt": "陕西省部署工作\n2023年6月8日\n推进现代化、现代化、现代化。\n",  # 7 + 11
    "zh/e.txt": "山西省召开会议\n2022年7月9日\n坚持枫桥经验。\n",  # 7 + 6
    "zh/copy_of_b.txt": "浙江省部署工作\n2022年4月16日\n工作现代化，服务现代化。建设平安，高水平安全。\n",  # 26
    "zh/undated.txt": "山西省部署工作\n现代化。\n",  # 7 + 3
    "en/h.txt": (
        "Zhejiang Province held a meeting\nMarch 5, 2021 Source: Zhejiang Daily\n"
        "The modernization of work is led by the Fengqiao\nExperience.\n"
    ),  # 5 + 10
    "en/i.txt": "Shaanxi Province set tasks\nApril 6, 2022\nBuild modern services for a Safe China.\n",  # 4 + 7
    "en/j.txt": "Shanxi Province held a meeting\nJune 8, 2022\nModernization and modernization again.\n",  # 5 + 4
    "en/k.txt": "Zhejiang Province set tasks\nMay 7, 2023\nNothing of note was said.\n",  # 4 + 5
}

# What a document may try on a page, in Word, in print: as its title, in its text, as its outlet and its address.
HOSTILE = (
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(2)><svg onload=alert(3)>",
    "javascript:alert(4)",
    "{{7*7}} {% for x in y %}",
    r"a $\frac{1}{$ b \input{/etc/passwd} ~ ^ _x_ *y* `z`",
    "\u202eevil\u202c \u200fיום \U0001f600 \U00020bb7 \ufffd",
    '#read("/etc/passwd") #import "@preview/x:0.1.0": * @ref <lab> // x /* y',
    '" onmouseover="alert(5)" x="',
    "&lt;b&gt; &#60;script&#62; <!-- x --> ]]> <w:p/> </w:t>",
    "长题目" * 100,
)


def _theme(name: str, count: Phrases, **more: object) -> Theme:
    return Theme(name, Label(name, name), count, **more)  # type: ignore[arg-type]


TOY_LEXICON = Lexicon(
    (
        _theme(
            "modern",
            Phrases(zh=("现代化",), en=("modernization",)),
            facets=(
                Facet("work", Label("work", "工作"), Phrases(zh=("工作现代化",), en=("modernization of work",))),
                Facet("wide", Label("wide", "宽"), Phrases(zh=("现代服务",), en=("modern services",)), wide=True),
            ),
        ),
        _theme("safe", Phrases(zh=("平安",), en=("safe china",)), exclude=Phrases(zh=("水平安全",))),
        _theme(
            "fengqiao",
            Phrases(zh=("枫桥经验",), en=("fengqiao experience",)),
            keep=Phrases(zh=("枫桥经验",), en=("fengqiao experience",)),
        ),
    ),
    "toy",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes minutes begin first, so that at the end no process waits for the other."""
    last = len(LONGEST)
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path.stem, last))


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep the user's cache out of every test, processes started by tests included."""
    place = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POLICY_THEMES_CACHE", str(place))
        yield place


def _write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def write_files() -> Callable[[Path, Mapping[str, str | bytes]], Path]:
    """Write files into a folder and return it."""
    return _write


@pytest.fixture
def corpus_of(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Corpus]:
    """Write files and read them as a corpus."""

    def build(files: Mapping[str, str | bytes]) -> Corpus:
        number = len(list(tmp_path.iterdir()))
        return read_corpus(_write(tmp_path / f"corpus{number}", files), load_regions())

    return build


@pytest.fixture(scope="session")
def toy_files() -> Mapping[str, str]:
    """Return the pages of the toy corpus by path."""
    return TOY


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Read the toy corpus from files."""
    return read_corpus(_write(tmp_path_factory.mktemp("toy"), TOY), load_regions())


@pytest.fixture(scope="session")
def toy_lexicon() -> Lexicon:
    """Return three themes: with facets, with an exclusion, with a kept phrase."""
    return TOY_LEXICON


@pytest.fixture(scope="session")
def seeds() -> Path:
    """Return the folder of the five seeds."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demonstration corpus, written once; nobody may change it."""
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared data; without it skip, but fail in CI."""
    folder = (ROOT / os.environ.get("POLICY_THEMES_SHARED", "../shared")).resolve()
    if not folder.is_dir():
        reason = f"no shared data at {folder} (POLICY_THEMES_SHARED names another place)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def hostile_texts() -> tuple[str, ...]:
    """Return what the documents of the hostile folder try."""
    return HOSTILE


@pytest.fixture(scope="session")
def hostile_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return documents in both languages whose every field is hostile; nobody may change them."""
    # Of a theme two documents are quoted, so that all texts come up in two.
    halves = (" ".join(HOSTILE[:5]), " ".join(HOSTILE[5:-1]))
    rest = (
        ("各地继续努力，", "会议要求落实责任，"),
        ("the work of the province goes on and ", "all offices were told to report "),
    )
    records = [
        {
            "title": f"{text} {HOSTILE[-1] if number else ''}",
            "date": f"202{number}-03-05",
            "region": "浙江省",
            "outlet": HOSTILE[number],
            "url": (HOSTILE[2], "https://a.cn/?<script>")[number],
            "text": f"我们{text}推进现代化{text}并坚持枫桥经验。{rest[0][number] * 80}完。"
            if chinese
            else f"{text} The modernization of {text} goes on. So {rest[1][number] * 40}again.",
        }
        for number, text in enumerate(halves)
        for chinese in (True, False)
    ]
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    study = "title: '</title><script>alert(6)</script>{{7*7}} #read(\"/etc/passwd\") \U0001f600'\n"
    return _write(tmp_path_factory.mktemp("hostile"), {"<b>x.jsonl": lines, "study.yml": study})


@pytest.fixture(scope="module")  # while it is open no other loop of events can run in this process
def browser() -> "Iterator[Browser]":
    """A real Chromium, without a screen."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: chromium)")
    with playwright.sync_playwright() as started:
        # The pages are our own and load nothing; the sandbox cannot be had as root.
        browser = started.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()
