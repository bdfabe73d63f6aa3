"""The page in a real browser: loads nothing, runs nothing, can be read by keyboard, on a phone and on paper."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from policy_themes.figures.render import render
from policy_themes.report import charts
from policy_themes.report.document import Drawn, html_report
from policy_themes.study import open_study

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.long
PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def address(hostile_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    study = open_study(hostile_folder)
    drawn = [
        Drawn(section, chart, render(chart.figure, chart.preset).page, b"")
        for section, chart in (
            ("section_corpus", charts.coverage(study)),
            ("section_years", charts.trend(study, language="zh")),
            ("section_regions", charts.regions(study, language="en")),
        )
    ]
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(html_report(study, drawn), encoding="utf-8")
    return path.as_uri()


class Watched:
    """A page, and everything it asked for, said or complained of."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.requests: list[str] = []
        self.answers: list[str] = []
        self.said: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("response", lambda response: self.answers.append(response.url))
        page.on("console", lambda message: self.said.append(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (self.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("popup", lambda popup: self.said.append(f"popup: {popup.url}"))


@pytest.fixture
def watched(browser: "Browser", address: str) -> Iterator[Watched]:
    context = browser.new_context()
    found = Watched(context.new_page())
    found.page.goto(address)
    found.page.wait_for_timeout(300)
    yield found
    context.close()


def test_the_page_asks_for_nothing_and_says_nothing(watched: Watched, address: str) -> None:
    asked = [url for url in watched.requests if not url.startswith("data:image/png;base64,")]
    assert asked == [address]
    assert watched.said == []


def test_nothing_runs_even_without_the_policy(browser: "Browser", address: str) -> None:
    """The policy is the second fence; the first, escaping, holds by itself."""
    context = browser.new_context(bypass_csp=True)
    found = Watched(context.new_page())
    found.page.goto(address)
    for element in found.page.locator("h3, blockquote, li, td").all():
        element.dispatch_event("mouseover")
    assert found.said == []
    assert found.page.locator("script, iframe, object, embed, svg, form, base, link").count() == 0
    assert found.page.locator("a:not([href^='#'])").count() == 0
    assert "{{7*7}}" in found.page.title()
    context.close()


def test_the_policy_holds_what_escaping_would_let_through(watched: Watched) -> None:
    watched.page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=\"https://example.org/x.png\" onerror=\"alert(7)\">')"
    )
    watched.page.wait_for_timeout(300)
    assert [url for url in watched.answers if not url.startswith(("data:", "file:"))] == []
    assert not [text for text in watched.said if text.startswith("dialog")]
    assert [text for text in watched.said if "Content Security Policy" in text]


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_no_barrier(width: int, browser: "Browser", address: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    context = browser.new_context(viewport={"width": width, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    found = axe.Axe().run(page).response
    assert len(found["passes"]) > 15
    violations = [
        (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found["violations"]
    ]
    assert violations == []
    context.close()


def test_pictures_are_described_and_languages_named(watched: Watched) -> None:
    pictures = watched.page.locator("figure img")
    assert pictures.count() == 3
    for picture in pictures.all():
        assert re.search(r"[a-z]{3}.*[\u4e00-\u9fff]{3}", picture.get_attribute("alt") or "")
        assert picture.evaluate("image => image.naturalWidth > 500")
    assert watched.page.locator("html").get_attribute("lang") == "en"
    spoken = watched.page.evaluate("""() => [...document.querySelectorAll('main p, main h2, main h3, main li')].filter(
        part => /[\\u4e00-\\u9fff]{8}/.test([...part.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join('')))
        .map(part => part.textContent.slice(0, 60))""")
    assert spoken == []  # Chinese stands in a span that says so


def test_headings_follow_one_another(watched: Watched) -> None:
    levels = [
        int(tag[1]) for tag in watched.page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(one => one.tagName)")
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_keyboard_reaches_every_link_and_shows_where_it_is(watched: Watched) -> None:
    page = watched.page
    reached = []
    for _ in range(page.locator("a, [tabindex]").count()):
        page.keyboard.press("Tab")
        style = page.evaluate("(() => { const s = getComputedStyle(document.activeElement); "
                              "return [document.activeElement.getAttribute('href'), s.outlineStyle, s.outlineWidth] })()")  # fmt: skip
        reached.append(style[0])
        assert style[1] == "solid"
        assert float(style[2].removesuffix("px")) >= 2
    assert reached[0] == "#main"  # the skip link
    wanted = page.locator("nav a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert len(wanted) >= 5
    assert set(wanted) <= set(reached)
    assert None in reached  # the table that can be scrolled


def test_a_note_is_one_step_from_its_quotation_and_back(watched: Watched) -> None:
    page = watched.page
    page.locator("#quote1").press("Enter")
    assert page.url.endswith("#note1")
    assert page.locator("#note1").evaluate("note => note.matches(':target')")
    page.locator("#note1 a").press("Enter")
    assert page.url.endswith("#quote1")


def test_a_phone_scrolls_one_way_only(browser: "Browser", address: str) -> None:
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    wide = page.evaluate("""() => [...document.querySelectorAll('main *')].filter(one => !one.closest('.scroll') &&
        one.getBoundingClientRect().right > 361).map(one => one.tagName + one.textContent.slice(0, 40))""")
    assert wide == []
    skip = page.locator(".skip")
    assert skip.evaluate("link => link.getBoundingClientRect().bottom") < 0  # it shows when the keyboard reaches it
    page.keyboard.press("Tab")
    assert 0 <= skip.evaluate("link => link.getBoundingClientRect().top") < PHONE["height"]
    context.close()


def test_print_hides_what_only_leads_about(watched: Watched) -> None:
    page = watched.page
    assert page.locator("nav").is_visible()
    page.emulate_media(media="print")
    for name in ("nav", ".skip", ".back"):
        assert not page.locator(name).first.is_visible(), name
    assert page.locator("figure img").first.is_visible()
