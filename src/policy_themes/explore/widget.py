"""The explorer in JupyterLab: the same page, its questions and answers as messages of the notebook."""

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from policy_themes.errors import UsageError
from policy_themes.explore.page import part
from policy_themes.explore.plain import to_json
from policy_themes.explore.session import Session
from policy_themes.explore.view import View

if TYPE_CHECKING:
    from policy_themes.study import Study

Explorer = Any  # a class that is made when anywidget is there


@cache
def _widget() -> Any:  # noqa: ANN401  # anywidget's classes exist only where it is installed
    """Make the class of the widget."""
    try:
        import anywidget
        import traitlets
    except ImportError as error:
        raise UsageError(
            "The explorer in a notebook needs anywidget.",
            hint="Install the extra `notebooks`, or call `policy-themes explore FOLDER`.",
        ) from error

    class Explorer(anywidget.AnyWidget):
        """A study to be explored; ``view`` is what is looked at now."""

        _esm = part("app.js")
        _css = part("app.css")
        view = traitlets.Dict().tag(sync=True)

        def __init__(self, session: Session, view: View) -> None:
            super().__init__(view=dict(view.content()))
            self._session = session
            self.on_msg(self._heard)

        def __repr__(self) -> str:
            return f"Explorer({self.view!r})"

        def _heard(self, _widget: object, message: object, _buffers: object) -> None:
            """Answer a question, under its number."""
            if not isinstance(message, dict):
                return
            answer = json.loads(to_json(self._session.answer(message.get("question"))))
            self.send({"client": message.get("client"), "id": message.get("id"), "answer": answer})

        @property
        def current(self) -> View:
            """What is looked at now, to be drawn with `policy_themes.explore.chart`."""
            return View.of(self.view)

    return Explorer


def explorer(study: "Study", view: View | None = None) -> Explorer:
    """
    Return the widget of a study.

    Parameters
    ----------
    study : Study
    view : View, optional
        Where to begin.

    Raises
    ------
    UsageError
        If anywidget is not installed.
    """
    return _widget()(Session(study), view or View(language=next(iter(study.languages), "zh")))
