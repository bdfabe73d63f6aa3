"""The widget of a notebook: questions and answers as messages with a number."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policy_themes.errors import UsageError
from policy_themes.explore import View, explore
from policy_themes.explore.widget import _widget
from policy_themes.study import open_study

pytest.importorskip("anywidget", reason="anywidget is not installed")


@pytest.fixture(scope="module")
def widget(seeds: Path) -> Any:
    return explore(open_study(seeds), View(language="en", theme="modernization"))


@pytest.fixture
def sent(widget: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What goes to the page, caught on the wire of the real widget."""
    found: list[Any] = []
    monkeypatch.setattr(type(widget), "send", lambda _, content, buffers=None: found.append(content))
    yield found


def hear(widget: Any, content: object) -> None:
    """Let a message of the page arrive as the kernel hands it over."""
    widget._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def test_an_answer_bears_the_number_of_its_question(widget: Any, sent: list[Any]) -> None:
    hear(widget, {"client": "a", "id": 7, "question": {"ask": "options"}})
    hear(widget, {"client": "b", "id": 7, "question": {"ask": "passages", "view": dict(widget.view)}})
    assert [(one["client"], one["id"]) for one in sent] == [("a", 7), ("b", 7)]
    assert sent[0]["answer"]["n_docs"] == 5
    assert sent[1]["answer"]["total"] > 0


@pytest.mark.parametrize("message", [None, "x", [], {}, {"id": 1}, {"id": 1, "question": {"ask": "x"}}])
def test_any_message_is_answered_or_passed_over(message: object, widget: Any, sent: list[Any]) -> None:
    hear(widget, message)
    assert all("error" in one["answer"] for one in sent)


def test_what_is_looked_at_is_known_to_the_notebook(widget: Any) -> None:
    assert widget.current == View(language="en", theme="modernization")
    widget.view = {"language": "en", "year": 2023}
    assert widget.current.year == 2023
    widget.view = {"nonsense": 1}
    with pytest.raises(UsageError):
        _ = widget.current
    assert "export default" in widget._esm
    assert ".pt-explorer" in widget._css


def test_without_anywidget_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, seeds: Path) -> None:
    _widget.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(UsageError, match=r"extra `notebooks`.*policy-themes explore"):
        explore(open_study(seeds))
    _widget.cache_clear()


def test_importing_the_explorer_loads_no_widget() -> None:
    code = "import sys, policy_themes.explore; print(sorted({'anywidget', 'ipywidgets', 'IPython'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
