"""The explorer: from any point on a figure back to the sentence, in a notebook or in the browser.

It computes nothing of its own: numbers come from `compare` and `topics`, pictures
from `figures`. `View` says what is looked at, `Session` answers questions about it;
a widget and a small server carry the answers to the same page.
"""

from typing import TYPE_CHECKING

from policy_themes.explore.keep import chart
from policy_themes.explore.selection import Selection
from policy_themes.explore.session import Session
from policy_themes.explore.view import View

if TYPE_CHECKING:
    from policy_themes.explore.widget import Explorer
    from policy_themes.study import Study

__all__ = ["Selection", "Session", "View", "chart", "explore"]


def explore(study: "Study", view: View | None = None) -> "Explorer":
    """
    Show a study in JupyterLab, to be explored.

    Parameters
    ----------
    study : Study
    view : View, optional
        Where to begin.

    Returns
    -------
    Explorer
        A widget; its ``view`` is what is looked at now.

    Raises
    ------
    UsageError
        If anywidget is not installed.
    """
    from policy_themes.explore.widget import explorer  # anywidget is an extra of the installation

    return explorer(study, view)
