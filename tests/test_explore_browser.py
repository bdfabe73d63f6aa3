"""The explorer in a real browser: the analyst's story, by mouse, in Chinese, by keyboard alone; on a phone; against hostile titles."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from policy_themes.explore import Session
from policy_themes.explore.server import Server
from policy_themes.study import Study, open_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.long
THEME, YEAR, ZHEJIANG = "fengqiao_experience", 2019, "330000"
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def reports(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Some sixty of the 395 work reports, of five provinces from 2012 on, Zhejiang among them."""
    corpus = shared / "corpora" / "prov_gwr"
    if not corpus.is_dir():
        pytest.skip(f"no work reports at {corpus}")
    folder = tmp_path_factory.mktemp("reports") / "reports"
    for path in sorted(corpus.rglob("*.txt")):
        year = re.search(r"(19|20)\d\d", path.name)
        if path.parent.name in ("浙江省", "北京市", "河南省", "四川省", "海南省") and year and int(year[0]) >= 2012:
            (folder / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / path.parent.name / path.name)
    study = open_study(folder)
    assert 40 <= len(study.corpus.unique) <= 80
    return study


def served(study: Study) -> Iterator[Server]:
    server = Server(Session(study))
    server.session.warm()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def server(reports: Study) -> Iterator[Server]:
    yield from served(reports)


class Watched:
    """A page, and everything it asked for, said or complained of."""

    def __init__(self, browser: "Browser", server: Server, **context: object) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en", **context})  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.server = server
        self.requests: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.said.append(f"console {message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("popup", lambda popup: self.said.append(f"popup: {popup.url}"))

    def open(self, fragment: str = "") -> "Page":
        self.page.goto(self.server.address + (f"#{fragment}" if fragment else ""))
        self.page.locator(".pt-card-trend .pt-picture img, .pt-card-trend .pt-empty").first.wait_for()
        return settled(self.page)

    def foreign(self) -> list[str]:
        own = f"http://127.0.0.1:{self.server.port}/"
        return [url for url in self.requests if not url.startswith((own, "data:", "blob:"))]


def settled(page: "Page") -> "Page":
    """Wait until nothing is being computed any more."""
    page.wait_for_timeout(60)
    deadline = time.monotonic() + 120
    while page.locator(".pt-busy").count() and time.monotonic() < deadline:
        page.wait_for_timeout(40)
    assert page.locator(".pt-busy").count() == 0
    return page


@pytest.fixture
def watched(browser: "Browser", server: Server) -> Iterator[Watched]:
    found = Watched(browser, server)
    yield found
    found.context.close()


def mark(page: "Page", panel: str, start: str) -> "Locator":
    return page.locator(f'.pt-card-{panel} .pt-mark[aria-label^="{start}"]')


def saved_table(server: Server, name: str) -> pd.DataFrame:
    return pd.read_csv(server.session.out / f"{name}.csv", encoding="utf-8-sig", dtype={"region_code": "str"})


def check_saved(server: Server, study: Study, name: str) -> None:
    """Compare the saved csv of the map with table `theme_rates`."""
    saved = saved_table(server, name)
    rates = study.rates(by=["year", "region_code"], interval="none")
    own = rates[
        (rates["theme"] == THEME) & (rates["language"] == "zh") & (rates["year"] == YEAR) & (rates["n_docs"] > 0)
    ]
    both = saved.merge(own, on="region_code", suffixes=("", "_of_the_table"))
    assert len(both) == len(saved) == len(own) > 2
    for column in ("n_docs", "n_docs_with_theme", "n_hits", "n_units"):
        assert (both[column] == both[f"{column}_of_the_table"]).all(), column
    for column in ("rate_per_10k", "share_docs", "low", "high"):
        assert both[column].to_numpy() == pytest.approx(both[f"{column}_of_the_table"].to_numpy(dtype=float)), column


def test_the_analysts_story(watched: Watched, server: Server, reports: Study) -> None:
    """Theme, year, region, passage, document, saved figure; back again by the browser's button."""
    begun = time.perf_counter()
    page = watched.open()
    sys.stderr.write(f"\nfirst paint and all panels: {time.perf_counter() - begun:.2f} s\n")
    page.get_by_label("Theme", exact=True).select_option(THEME)
    settled(page)
    mark(page, "trend", "2019").click()
    assert mark(page, "trend", "2019").get_attribute("aria-pressed") == "true"  # before any answer
    settled(page)
    mark(page, "map", "Zhejiang").click()
    settled(page)
    hits = reports.evidence(themes=[THEME]).query("counted and year == @YEAR and region_code == @ZHEJIANG")
    assert page.locator(".pt-kwic li").count() == len(hits) > 0
    assert page.locator(".pt-kwic mark").first.inner_text() == hits["match"].iloc[0]
    assert f"year={YEAR}" in page.url
    assert f"region={ZHEJIANG}" in page.url
    page.locator(".pt-kwic .pt-line").first.click()
    reached = page.locator(".pt-dialog mark.pt-reached")
    reached.wait_for()
    assert reached.inner_text() == hits["match"].iloc[0]
    assert "[R]" in page.locator(".pt-dialog .pt-footnote").inner_text()
    assert "Zhejiang" in (page.locator(".pt-data").text_content() or "")
    page.keyboard.press("Escape")
    page.locator(".pt-dialog").wait_for(state="hidden")
    page.locator('[data-key="save-map"]').click()
    page.locator('[data-key="save-name"]').fill("the story")
    page.locator('[data-key="save-do"]').click()
    page.locator(".pt-dialog li").first.wait_for()
    check_saved(server, reports, "the_story")
    page.keyboard.press("Escape")
    page.go_back()  # not the document that was read: closing it went back already
    page.locator('.pt-chip[data-key="chip-region"]').wait_for(state="detached")
    settled(page)
    assert watched.foreign() == []
    assert watched.said == []


def test_the_same_in_chinese(watched: Watched, server: Server, reports: Study) -> None:
    page = watched.open("lang=zh")
    assert page.locator("html").get_attribute("lang") == "zh"
    page.get_by_label("主题", exact=True).select_option(THEME)
    settled(page)
    mark(page, "trend", "2019").click()
    settled(page)
    mark(page, "map", "浙江").click()
    settled(page)
    page.locator(".pt-kwic .pt-line").first.click()
    page.locator(".pt-dialog mark.pt-reached").wait_for()
    assert page.get_by_role("heading", name="全文").is_visible()
    page.keyboard.press("Escape")
    page.locator('[data-key="save-map"]').click()
    page.locator('[data-key="save-name"]').fill("故事")
    page.locator('[data-key="save-do"]').click()
    page.locator(".pt-dialog li").first.wait_for()
    check_saved(server, reports, "故事")
    page.keyboard.press("Escape")
    # Every word of the interface is Chinese; of Latin letters there are names and formats only.
    shown = page.locator(".pt-card h2, .pt-label, .pt-field label, .pt-card-tools button, summary").all_inner_texts()
    assert [text for text in shown if text.strip() and not re.search(r"[\u4e00-\u9fff]|^[A-Zλ\W]+$", text)] == []
    assert watched.said == []


def tab_to(page: "Page", selector: str, most: int = 120) -> None:
    """Press Tab until an element has the focus, which must be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        style = page.evaluate("""selector => { const s = document.activeElement, c = getComputedStyle(s);
            return [s.matches(selector), c.outlineStyle, parseFloat(c.outlineWidth), s === document.body] }""", selector)  # fmt: skip
        if style[3]:  # beyond the last element the round begins again
            continue
        assert style[1] != "none", page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        assert style[2] >= 1
        if style[0]:
            return
    raise AssertionError(f"{selector} cannot be reached")


@pytest.fixture
def unlocked(browser: "Browser", server: Server) -> Iterator[Watched]:
    """A page in which a test may evaluate, which the page's own policy forbids."""
    found = Watched(browser, server, bypass_csp=True)
    yield found
    found.context.close()


def test_the_same_by_keyboard_alone(unlocked: Watched, server: Server, reports: Study) -> None:
    page = unlocked.open()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "pt-skip"
    tab_to(page, '[data-key="theme"]')
    page.keyboard.type("Fengqiao")  # a list is searched by typing
    settled(page)
    assert page.locator('[data-key="theme"]').input_value() == THEME
    tab_to(page, ".pt-card-trend .pt-mark")
    for _ in range(40):
        if page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("2019"):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settled(page)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("2019")  # focus was kept
    tab_to(page, ".pt-card-map .pt-mark")
    page.keyboard.press("Home")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp") * 12:
        if page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Zhejiang"):
            break
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Zhejiang")
    page.keyboard.press("Enter")
    settled(page)
    assert "passages" in page.locator('[aria-live="polite"].pt-hidden').inner_text()
    tab_to(page, ".pt-kwic .pt-line")
    page.keyboard.press("Enter")
    page.locator(".pt-dialog mark.pt-reached").wait_for()
    page.keyboard.press("Escape")
    page.locator(".pt-dialog").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.classList.contains('pt-line')")  # back where it came from
    tab_to(page, '[data-key="save-map"]')
    page.keyboard.press("Enter")
    page.keyboard.type("by keyboard")
    page.keyboard.press("Enter")
    page.locator(".pt-dialog li").first.wait_for()
    check_saved(server, reports, "by_keyboard")


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("en", "dark"), ("zh", "light"), ("zh", "dark")])
def test_axe_finds_no_barrier(lang: str, scheme: str, browser: "Browser", server: Server) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    found = Watched(browser, server, bypass_csp=True, color_scheme=scheme)
    page = found.open(f"lang={lang}&theme={THEME}&year=2019&region=330000&against.last=2015")

    def violations() -> list[object]:
        answer = axe.Axe().run(page).response
        assert len(answer["passes"]) > 20
        return [
            (one["id"], one["impact"], [node["html"][:160] for node in one["nodes"][:3]])
            for one in answer["violations"]
        ]

    assert violations() == []
    page.locator(".pt-folds summary").nth(1).click()
    page.locator("details.pt-more summary").first.click()
    page.locator(".pt-kwic .pt-line").first.click()
    page.locator(".pt-dialog mark.pt-reached").wait_for()
    assert violations() == []
    found.context.close()


def test_back_reaches_the_first_view(watched: Watched) -> None:
    page = watched.open()
    first = page.get_by_label("Theme", exact=True).input_value()
    assert f"theme={first}" in page.url  # named, so that a lexicon that changes does not change the view
    page.get_by_label("Theme", exact=True).select_option(THEME)
    settled(page)
    page.locator('[data-key="lang"]').click()
    settled(page)
    assert page.locator("html").get_attribute("lang") == "zh"
    page.go_back()
    page.locator('html[lang="en"]').wait_for()
    assert "lang=en" in page.url
    page.go_back()
    settled(page)
    assert page.get_by_label("Theme", exact=True).input_value() == first != THEME
    page.goto(page.url.split("#")[0] + "#year=2019&regions=999999")  # typed while the page is open
    page.locator(".pt-note", has_text="999999").wait_for()
    assert "999999" not in page.url
    page.goto(page.url.split("#")[0] + f"#lang=en&theme={THEME}")
    page.wait_for_function("name => document.querySelector('[data-key=theme]').value === name", arg=THEME)
    settled(page)
    page.goto(page.url.split("#")[0] + "#")  # an address without a view is the first view
    page.wait_for_function("name => document.querySelector('[data-key=theme]').value === name", arg=first)
    assert [text for text in watched.said if "error" in text] == []


def test_a_closed_document_stays_closed(watched: Watched) -> None:
    page = watched.open(f"lang=en&theme={THEME}")
    mark(page, "trend", "2019").click()
    settled(page)
    page.locator(".pt-kwic .pt-line").first.click()
    page.locator(".pt-dialog mark.pt-reached").wait_for()
    page.go_back()  # the reader closes with the view that had it
    page.locator(".pt-dialog").wait_for(state="hidden")
    page.go_forward()
    page.locator(".pt-dialog mark.pt-reached").wait_for()
    page.keyboard.press("Escape")
    page.locator(".pt-dialog").wait_for(state="hidden")
    page.wait_for_url(lambda url: "document=" not in url)
    assert "year=2019" in page.url
    page.locator(".pt-kwic .pt-line").first.click()
    page.locator(".pt-dialog mark.pt-reached").wait_for()
    page.evaluate_handle("() => history.go(-2)")  # past the view with the mark
    page.locator(".pt-dialog").wait_for(state="hidden")
    page.locator('.pt-chip[data-key="chip-year"]').wait_for(state="detached")
    settled(page)


def test_a_copied_address_without_the_token_says_what_to_open(watched: Watched) -> None:
    page = watched.open()
    copied = watched.context.new_page()  # the cookie loads the page, the token is in the other tab
    copied.goto(page.url)
    bar = copied.locator(".pt-lost")
    bar.wait_for()
    assert bar.inner_text() == "Open the address that the terminal printed · 请打开终端中给出的地址"


def test_both_selections_are_read_saved_and_copied(watched: Watched, server: Server, reports: Study) -> None:
    page = watched.open(f"theme={THEME}&year=2019&against.year=2016&against.region={ZHEJIANG}")
    hits = reports.evidence(themes=[THEME]).query("counted")
    first, second = hits.query("year == 2019"), hits.query("year == 2016 and region_code == @ZHEJIANG")
    assert page.locator(".pt-kwic li").count() == len(first) != len(second) > 0
    page.locator('[data-key="read-b"]').press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.pt-kwic li').length === n", arg=len(second))
    assert page.evaluate_handle("document.activeElement.dataset.key").json_value() == "read-b"
    page.locator('[data-key="save-trend"]').click()
    assert page.locator('.pt-dialog [data-key="save-b"]').get_attribute("aria-pressed") == "true"  # what was read
    page.locator('[data-key="save-name"]').fill("second")
    page.locator('[data-key="save-do"]').click()
    page.locator(".pt-dialog li").first.wait_for()
    saved = saved_table(server, "second")
    assert saved["n_docs"].max() == 1  # Zhejiang alone
    page.keyboard.press("Escape")
    page.locator('[data-key="code-trend"]').click()
    assert "other=True" in page.locator(".pt-dialog pre").inner_text()
    page.locator('[data-key="code-a"]').click()
    page.locator(".pt-dialog pre", has_text="'trend')").wait_for()
    page.keyboard.press("Escape")
    page.locator('[data-key="chip-b-year"]').click()
    settled(page)
    assert "against.year" not in page.url
    assert f"against.region={ZHEJIANG}" in page.url
    page.locator('[data-key="compare"]').click()
    settled(page)
    assert page.locator(".pt-kwic li").count() == len(first)
    assert page.locator(".pt-sides").count() == 0
    assert watched.said == []


def test_a_phone_scrolls_one_way_only(browser: "Browser", server: Server) -> None:
    found = Watched(browser, server, viewport=PHONE, bypass_csp=True, has_touch=True)
    page = found.open(f"theme={THEME}&against.year=2019")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = page.evaluate("""() => [...document.querySelectorAll('.pt-explorer *')].filter(one => !one.closest('.pt-scroll, .pt-hidden, svg')
        && one.checkVisibility() && one.getBoundingClientRect().right > 361).map(one => one.className + one.textContent.slice(0, 40))""")
    assert wide == []
    page.locator('[data-key="share"]').tap()
    sheet = page.locator(".pt-tools .pt-sheet").bounding_box()
    assert sheet is not None
    assert sheet["x"] >= 0
    assert sheet["x"] + sheet["width"] <= PHONE["width"]
    page.keyboard.press("Escape")
    assert (
        page.locator(".pt-card-trend img").first.evaluate("image => image.naturalWidth") < 400
    )  # drawn for half a column
    page.locator(".pt-kwic .pt-line").first.tap()
    page.locator(".pt-dialog mark.pt-reached").wait_for()
    assert page.evaluate("document.querySelector('.pt-dialog').getBoundingClientRect().right") <= PHONE["width"]
    found.context.close()


def test_an_empty_selection_offers_the_way_back(watched: Watched) -> None:
    page = watched.open(f"theme={THEME}&year=2019&regions=540000")
    assert page.locator(".pt-card-map .pt-empty").is_visible()
    page.locator(".pt-card-map .pt-ways button", has_text="regions").click()
    settled(page)
    assert page.locator(".pt-card-map .pt-mark").count() > 2
    assert "regions=" not in page.url


def test_a_lost_server_says_so_and_loses_nothing(browser: "Browser", reports: Study) -> None:
    command = [sys.executable, "-m", "policy_themes", "explore", str(reports.folder), "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout
    address = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=([\w-]+)", process.stdout.readline())
    assert address
    page = browser.new_context(locale="en").new_page()
    page.goto(address[0])
    page.locator(".pt-card-trend .pt-picture img").wait_for()
    settled(page)
    page.get_by_label("Own phrase").fill("枫桥")
    page.get_by_label("Phrase to add or drop").fill("枫桥镇")
    page.locator('[data-key="save-trend"]').click()
    page.locator('[data-key="save-name"]').fill("kept")
    process.kill()
    process.communicate()
    page.locator('[data-key="save-do"]').click()
    page.locator(".pt-dialog .pt-empty", has_text="Nothing you typed is lost").wait_for()  # in front, not behind
    assert page.locator('[data-key="save-name"]').input_value() == "kept"
    page.keyboard.press("Escape")
    page.get_by_label("Theme", exact=True).select_option(THEME)
    page.locator(".pt-lost").wait_for()
    assert "Nothing you typed is lost" in page.locator(".pt-lost").inner_text()
    assert page.get_by_label("Own phrase").input_value() == "枫桥"
    assert page.get_by_label("Phrase to add or drop").input_value() == "枫桥镇"
    again = Server(Session(reports), int(address[1]))
    again.token = address[2]
    threading.Thread(target=again.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    page.get_by_role("button", name="Try again").click()
    page.locator(".pt-lost").wait_for(state="hidden")
    settled(page)
    assert page.get_by_label("Theme", exact=True).input_value() == THEME
    again.shutdown()
    again.server_close()
    page.context.close()


def test_a_second_client_is_not_let_in(browser: "Browser", server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    assert page.goto(f"http://127.0.0.1:{server.port}/?token=guessed").status == 403  # type: ignore[union-attr]
    assert page.goto(f"http://127.0.0.1:{server.port}/").status == 403  # type: ignore[union-attr]
    assert page.locator("#explorer").count() == 0
    context.close()


def test_the_token_leaves_the_address(watched: Watched, server: Server) -> None:
    page = watched.open()
    assert server.token not in page.url
    page.reload()
    page.locator(".pt-card-trend .pt-picture img").wait_for()
    assert watched.foreign() == []


@pytest.mark.parametrize("bypass", [False, True])
def test_hostile_titles_stay_inert(bypass: bool, browser: "Browser", hostile_folder: Path) -> None:
    """T81, with the policy and without it: the policy is the second fence."""
    servers = served(open_study(hostile_folder))
    server = next(servers)
    found = Watched(browser, server, bypass_csp=bypass)
    page = found.open("language=zh&theme=modernization")
    assert "alert(1)" in page.locator(".pt-kwic").inner_text()
    page.locator(".pt-kwic .pt-line").first.click()
    page.locator(".pt-dialog mark.pt-reached").wait_for()
    page.locator(".pt-dialog summary").first.click()
    page.keyboard.press("Escape")
    page.get_by_label("Own phrase").fill("<img src=x onerror=alert(9)>")
    page.get_by_label("Own phrase").press("Enter")
    settled(page)
    for element in page.locator(".pt-mark, .pt-line, td, option").all()[:60]:
        element.dispatch_event("mouseover")
    assert (
        page.locator("#explorer script, #explorer iframe, #explorer object, #explorer embed, #explorer svg").count()
        == 0
    )
    assert page.locator("#explorer img:not([src^='data:image/'])").count() == 0
    assert [text for text in found.said if "alert" in text or "dialog" in text or "Error" in text] == []
    assert found.foreign() == []
    found.context.close()
    servers.close()


def test_a_view_travels_as_a_file_and_as_code(watched: Watched, tmp_path: Path) -> None:
    page = watched.open(f"theme={THEME}&year=2019&phrase=%E6%9E%AB%E6%A1%A5")
    page.locator('[data-key="share"]').click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="Save this view as a file").click()
    path = tmp_path / "view.json"
    coming.value.save_as(path)
    page.locator('[data-key="clear"]').click()
    settled(page)
    assert "phrase" not in page.url
    page.locator('input[type="file"]').set_input_files(path)
    page.locator('.pt-chip[data-key="chip-phrase"]').wait_for()
    settled(page)
    assert "year=2019" in page.url
    page.locator('[data-key="code-trend"]').click()
    assert "View.of({" in page.locator(".pt-dialog pre").inner_text()
    assert watched.said == []


def test_the_widget_in_jupyterlab(browser: "Browser", seeds: Path, tmp_path: Path) -> None:
    """A real JupyterLab on the loopback, closed after: run the cell, choose a mark, the kernel knows."""
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("jupyterlab")
    pytest.importorskip("anywidget")
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(
                "from policy_themes.explore import View, explore\nfrom policy_themes.study import open_study\n"
                f"explorer = explore(open_study({str(seeds)!r}), View(language='en', theme='modernization'))\nexplorer"
            ),
            nbformat.v4.new_code_cell("dict(explorer.current.content())"),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, tmp_path / "explorer.ipynb")
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
               "--ServerApp.port=0", "--IdentityProvider.token=secret", f"--ServerApp.root_dir={tmp_path}"]  # fmt: skip
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"),
    }
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment)
    drained = threading.Thread()
    try:
        assert process.stderr
        found = next(
            (match for line in process.stderr if (match := re.search(r"http://127\.0\.0\.1:(\d+)/lab", line))), None
        )
        assert found
        drained = threading.Thread(target=process.stderr.read, daemon=True)
        drained.start()
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{found[1]}/lab/tree/explorer.ipynb?token=secret")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        page.wait_for_timeout(1_500)
        page.locator(".jp-Notebook .jp-CodeCell").first.click()
        page.keyboard.press("Shift+Enter")
        page.locator(".pt-explorer .pt-card-trend .pt-mark").first.wait_for(timeout=60_000)
        page.locator('.pt-explorer .pt-card-trend .pt-mark[aria-label^="2023"]').click()
        page.locator('.pt-explorer .pt-chip[data-key="chip-year"]').wait_for()
        settled(page)
        page.locator(".jp-Notebook .jp-CodeCell").nth(1).locator(".jp-InputArea-editor").click()
        page.keyboard.press("Shift+Enter")
        page.locator(".jp-CodeCell").nth(1).locator(".jp-OutputArea-output", has_text="'year': 2023").wait_for(
            timeout=20_000
        )
        context.close()
    finally:
        process.terminate()
        process.wait(20)
        if drained.ident is not None:
            drained.join(5)
        process.stderr.close()  # type: ignore[union-attr]
