"""A figure that is the same as before is not drawn again, and one that is not the same in anything is."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib import font_manager

from policy_themes import figures
from policy_themes.config import find_settings
from policy_themes.figures import PRESETS, Chart
from policy_themes.figures.album import Album, name_of
from policy_themes.figures.render import Pictures, Renderer
from policy_themes.figures.style import _font, drawing
from policy_themes.report.catalogue import catalogue
from policy_themes.report.run import write_report
from policy_themes.store.cache import StageCache
from policy_themes.study import Study
from tests.made import names, rates

Write = Callable[[Path, Mapping[str, str | bytes]], Path]
PROCESS = """
import sys
from pathlib import Path
from policy_themes.figures.album import name_of
from policy_themes.report.catalogue import catalogue
from policy_themes.study import open_study
study = open_study(Path(sys.argv[1]))
print(*[name_of(draw()) for section in catalogue(study) for draw in section.draw])
"""
ONE = {
    "a.txt": "浙江省召开会议\n2021年3月5日\n推进现代化。坚持枫桥经验。\n",
    "b.txt": "陕西省召开会议\n2022年3月5日\n推进法治建设，推进现代化。\n",
}
OTHER = 'version: "1"\nthemes:\n  - id: spring\n    label: {en: Spring, zh: 春}\n    count: {zh: [春天]}\n'


def chart(**changes: object) -> Chart:
    """Return a chart that was built just now."""
    labels = names(5, "both")
    table = rates(labels)
    if "rate" in changes:
        table.loc[0, "rate_per_10k"] = changes["rate"]
    return figures.theme_regions(table, labels, themes=list(table["theme"].unique()), language="zh")


def test_every_process_gives_a_figure_the_same_name(tmp_path: Path, write_files: Write) -> None:
    folder = write_files(tmp_path / "docs", ONE)
    said = []
    for seed in ("0", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", PROCESS, str(folder)], env=environment, capture_output=True, text=True, check=True
        )
        said.append(done.stdout.split())
    assert said[0] == said[1] and "None" not in said[0]
    assert len(set(said[0])) == len(said[0]) > 10


def test_whatever_changes_in_a_figure_changes_its_name() -> None:
    known = name_of(chart())
    assert known is not None and name_of(chart()) == known
    other: dict[str, str | None] = {"a value": name_of(chart(rate=49.0))}
    text, line, size, place = chart(), chart(), chart(), chart()
    text.figure.axes[0].set_title("x")
    line.figure.axes[0].spines["left"].set_color("#0072b3")
    size.figure.set_figwidth(size.figure.get_figwidth() + 0.001)
    place.figure.axes[0].set_xlim(-0.5, 60.0)
    changed = {"a text": text, "a colour": line, "the size": size, "an axis": place}
    other |= {what: name_of(one) for what, one in changed.items()}
    other["the place in print"] = name_of(replace(chart(), preset=PRESETS["slide"]))
    with mpl.rc_context({"path.simplify_threshold": 0.5}):
        other["a style of the user's"] = name_of(chart())
    assert None not in other.values()
    assert len({known, *other.values()}) == len(other) + 1, other


def test_letters_are_of_our_own_font_whatever_the_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of fonts, not their files, are in a figure's name."""
    _font()  # what is put back afterwards has them
    manager = font_manager.fontManager
    theirs = replace(next(font for font in manager.ttflist if font.name == "DejaVu Sans Mono"), name="Noto Sans SC")
    plain = replace(theirs, style="normal", variant="normal", weight=400, stretch="normal")
    monkeypatch.setattr(
        manager, "ttflist", [plain, *(font for font in manager.ttflist if "NotoSansSC" not in font.fname)]
    )
    _font.cache_clear()
    with drawing():
        assert Path(font_manager.findfont("Noto Sans SC")).name == "NotoSansSC-Common.ttf"


def test_a_figure_of_more_than_plain_data_has_no_name() -> None:
    one = chart()
    one.figure.never = lambda: None  # type: ignore[attr-defined]
    assert name_of(one) is None
    assert Album(StageCache(None), Path()).find(None) is None


def test_what_was_kept_is_what_was_drawn_and_the_next_takes_its_place(tmp_path: Path) -> None:
    cache, folder = StageCache(tmp_path / "cache"), tmp_path / "docs"
    formats = {"svg": b"1", "pdf": b"2", "png": b"3"}
    pictures = {"a": Pictures(formats, b"4"), "b": Pictures({**formats, "svg": b"5"}, b"6")}
    Album(cache, folder).keep(pictures)
    album = Album(cache, folder)
    assert {name: album.find(name) for name in "ab"} == pictures and album.find("c") is None
    assert Album(cache, tmp_path / "others").find("a") is None
    assert Album(StageCache(tmp_path / "cache", fresh=True), folder).find("a") is None
    album.keep({"a": pictures["a"], "c": pictures["b"]})
    assert Album(cache, folder).find("c") == pictures["b"] and Album(cache, folder).find("b") is None
    (broken,) = (tmp_path / "cache").glob("pictures-*")
    album = Album(cache, folder)
    (broken / "c.pdf").unlink()  # another report of the folder is about to put its own there
    assert album.find("c") is None and album.find("a") == pictures["a"]
    (broken / "a.page").write_bytes(b"other")
    assert Album(cache, folder).find("a") is None  # a file that is not as it was written


def test_a_report_with_another_lexicon_is_the_one_that_would_be_drawn_anew(
    tmp_path: Path, write_files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    class Noted(Renderer):
        def __init__(self) -> None:
            super().__init__(helper=False)

        def begin(self, chart: Chart) -> None:
            begun.append(chart.stem)
            super().begin(chart)

    monkeypatch.setattr("policy_themes.report.drawing.Renderer", Noted)
    monkeypatch.setattr("policy_themes.report.run.paper_reports", lambda study, drawn: {})
    docs = write_files(tmp_path / "docs", ONE)

    def report(out: str, cache: str) -> tuple[dict[str, bytes], list[str]]:
        begun.clear()
        study = Study(docs, find_settings(docs, None), cache=StageCache(tmp_path / cache))
        write_report(study, tmp_path / out, command="c")
        files = sorted(path for path in (tmp_path / out).rglob("*") if path.is_file())
        return {path.relative_to(tmp_path / out).as_posix(): path.read_bytes() for path in files}, list(begun)

    first, drawn = report("one", "cache")
    again, none = report("two", "cache")
    assert first == again and none == []
    write_files(docs, {"study.yml": "lexicon: own.yml\n", "own.yml": OTHER})
    changed, some = report("three", "cache")
    fresh, every = report("four", "other")
    assert changed == fresh != first
    assert 0 < len(some) < len(every) == len(drawn)
    assert "coverage" not in some and "theme_trend_zh" not in some


def test_charts_that_are_the_same_twice_in_a_report_are_both_drawn(tmp_path: Path, write_files: Write) -> None:
    study = Study(docs := write_files(tmp_path / "docs", ONE), find_settings(docs, None), cache=StageCache(None))
    draws = next(section for section in catalogue(study) if section.key == "section_corpus").draw
    assert name_of(draws[0]()) == name_of(draws[0]()) != name_of(draws[1]())
