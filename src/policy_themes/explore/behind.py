"""What takes long, segmentation and topics, is computed behind the scenes: an answer that needs it says so meanwhile."""

import threading
from collections.abc import Mapping
from typing import Literal

from policy_themes.errors import InsufficientDataError, PolicyThemesError
from policy_themes.explore.view import PanelName, View
from policy_themes.study import Study
from policy_themes.text.units import Language

Need = Literal["", "words", "topics"]
PATIENCE = 0.3  # seconds within which what is in the cache is there


def needs(panel: PanelName, view: View) -> Need:
    """
    Return what a panel of a view needs beyond the counts.

    Examples
    --------
    >>> needs("trend", View()), needs("trend", View(measure="prevalence")), needs("contrast", View(year=2019))
    ('', 'topics', 'words')
    """
    if panel == "topics" or (view.measure == "prevalence" and panel in ("trend", "ranking")):
        return "topics"
    return "words" if panel == "contrast" else ""


class Behind:
    """Threads that compute, one for each study and need; they end with the process."""

    def __init__(self) -> None:
        self._threads: dict[tuple[int, str, str], threading.Thread] = {}
        self._failed: dict[tuple[int, str, str], Exception] = {}

    def wait(self, study: Study, need: Need, language: Language) -> Mapping[str, object] | None:
        """
        Return None once what is needed is there, else an answer that says that it is being computed.

        Raises
        ------
        PolicyThemesError
            What the computation ended in; too little data is left to the panel, which says it.
        """
        if not need:
            return None
        key = (id(study), need, language if need == "topics" else "")
        if key not in self._threads:
            thread = threading.Thread(target=self._compute, args=(key, study, need, language), daemon=True)
            self._threads[key] = thread
            thread.start()
        self._threads[key].join(PATIENCE)
        if self._threads[key].is_alive():
            return {"pending": need}
        error = self._failed.get(key)
        if error is not None and not isinstance(error, InsufficientDataError):
            raise error
        return None

    def _compute(self, key: tuple[int, str, str], study: Study, need: Need, language: Language) -> None:
        """Compute, in a thread."""
        try:
            if need == "words":
                study.words  # noqa: B018  # computed once
            else:
                study.topic_stability(language)
                study.theme_topics(language)
        except PolicyThemesError as error:
            self._failed[key] = error
        except Exception as error:
            self._failed[key] = PolicyThemesError(f"{type(error).__name__}: {error}")
